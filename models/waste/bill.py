"""What a year costs: trucks by the kilometre, crews by the hour, full points, sensors.

Purchase taxes aside (HT), in euros of the scenario's date; a sensor's price is spread over its life
at the scenario's discount rate. Depreciation of trucks and fixed staff are not in it: they do not
change with the policy unless a truck is given up, which the number of rounds shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from twin.decide.costs import yearly_share

KG_CO2_PER_L = 3.10
"""Diesel B7, well to wheel: Base Carbone (ADEME) 3.10 [V]; 3.04 for B10; decree of 26 April 2017:
0.66 + 2.51 = 3.17."""


@dataclass(frozen=True)
class Prices:
    """One world's prices; the fields are rows of the assumptions' table (`waste_` before them).

    `truck_eur_km` is the marginal cost of a crane truck, fuel included; `crew_eur_h` of its crew;
    `full_day_eur` what one day of one full point costs (cleaning, calls, tonnes lost);
    `sensor_eur` and `sensor_fitting_eur` a sensor bought and fitted; `sensor_year_eur` its
    platform and connectivity; `sensor_repair_eur` one intervention; `sensor_life_years` its life.
    """

    truck_eur_km: float
    crew_eur_h: float
    fuel_l_km: float
    fuel_l_lift: float
    full_day_eur: float
    sensor_eur: float
    sensor_fitting_eur: float
    sensor_year_eur: float
    sensor_repair_eur: float
    sensor_life_years: float


PRICE_ROWS = tuple(f"waste_{field.name}" for field in fields(Prices))


def prices_of(assume: Callable[[str], float]) -> Prices:
    """Return the prices of a world, or their means."""
    return Prices(*(assume(name) for name in PRICE_ROWS))


@dataclass(frozen=True)
class Bill:
    """Euros a year."""

    drive_eur: float
    crew_eur: float
    clean_eur: float
    sensor_eur: float

    @property
    def operation_eur(self) -> float:
        """Everything but sensors."""
        return self.drive_eur + self.crew_eur + self.clean_eur

    @property
    def total_eur(self) -> float:
        """Everything."""
        return self.operation_eur + self.sensor_eur


def yearly_bill(
    prices: Prices,
    discount: float,
    *,
    km: float,
    hours: float,
    full_days: float,
    sensors: int,
    repairs: float,
) -> Bill:
    """Return the bill of one year."""
    each = (prices.sensor_eur + prices.sensor_fitting_eur) * yearly_share(
        prices.sensor_life_years, discount
    )
    return Bill(
        drive_eur=km * prices.truck_eur_km,
        crew_eur=hours * prices.crew_eur_h,
        clean_eur=full_days * prices.full_day_eur,
        sensor_eur=sensors * (each + prices.sensor_year_eur) + repairs * prices.sensor_repair_eur,
    )
