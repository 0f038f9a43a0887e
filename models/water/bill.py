"""What a year of a water service costs: water lost, searches, repairs, meters, their reading.

Taxes aside (HT), in euros of the scenario's date; what is bought is spread over its life at the
scenario's discount rate. Pipes, treatment and staff that do not change with what is bought are not
in it: only differences between options mean something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from twin.decide.costs import yearly_share


@dataclass(frozen=True)
class Prices:
    """One world's prices; the fields are rows of the assumptions' table (`water_` before them).

    Attributes
    ----------
    marginal_eur_m3 : float
        What a cubic metre lost costs to take, treat and pump.
    sold_eur_m3 : float
        What a cubic metre sold brings the service (the water part of the bill).
    searcher_eur_day : float
        One searcher with vehicle and correlator, a working day.
    step_eur : float
        A step test: a night of two people.
    repair_eur, urgent_eur : float
        A planned repair; what an urgent one costs more (night, traffic, damage).
    meter_eur, chamber_eur, meter_year_eur, meter_life_years, meter_repair_eur : float
        A district meter with its logger, its chamber, its yearly cost, its life, one visit.
    logger_eur : float
        A pressure logger, fitted; it lives as long as a meter and costs as much a year.
    customer_meter_eur, customer_meter_life_years : float
        A telemetered customer's meter, fitted; its life with one frame a day.
    customer_year_eur : float
        Platform and network, by telemetered meter and year.
    hourly_life_share : float
        Life of a module that sends hourly indices, share of the daily one's.
    drive_by_meter_eur, drive_by_read_eur, manual_read_eur : float
        A meter read from a car, fitted; one reading from the car, one on foot.
    alert_eur : float
        One alert handled: call, letter, sometimes a visit.
    """

    marginal_eur_m3: float
    sold_eur_m3: float
    searcher_eur_day: float
    step_eur: float
    repair_eur: float
    urgent_eur: float
    meter_eur: float
    chamber_eur: float
    meter_year_eur: float
    meter_life_years: float
    meter_repair_eur: float
    logger_eur: float
    customer_meter_eur: float
    customer_meter_life_years: float
    customer_year_eur: float
    hourly_life_share: float
    drive_by_meter_eur: float
    drive_by_read_eur: float
    manual_read_eur: float
    alert_eur: float


PRICE_ROWS = tuple(f"water_{field.name}" for field in fields(Prices))
CHAMBER_LIFE_YEARS = 30.0
"""Civil works: 20 to 30 years (M57 practice, sheet procurement.md) [U]."""


def prices_of(assume: Callable[[str], float]) -> Prices:
    """Return the prices of a world, or their means."""
    return Prices(*(assume(name) for name in PRICE_ROWS))


@dataclass(frozen=True)
class Amounts:
    """What a year left to pay for: counts and cubic metres, a year.

    `lost_m3` from the pipes; `forgiven_m3` leaks behind customers' meters that the law takes off
    bills; `unregistered_m3` used through stopped meters; `readings` on foot or from a car.
    """

    lost_m3: float
    forgiven_m3: float
    unregistered_m3: float
    searcher_days: float
    step_tests: float
    repairs: float
    urgent: float
    meters: float
    loggers: float
    meter_repairs: float
    customer_meters: float
    readings: float
    alerts: float


@dataclass(frozen=True)
class Bill:
    """Euros a year."""

    water_eur: float
    unpaid_eur: float
    search_eur: float
    repair_eur: float
    districts_eur: float
    customers_eur: float

    @property
    def total_eur(self) -> float:
        """Everything."""
        return (
            self.water_eur
            + self.unpaid_eur
            + self.search_eur
            + self.repair_eur
            + self.districts_eur
            + self.customers_eur
        )


def district_meter_eur(prices: Prices, discount: float) -> float:
    """Return what one district meter costs a year, repairs aside."""
    return (
        prices.meter_eur * yearly_share(prices.meter_life_years, discount)
        + prices.chamber_eur * yearly_share(CHAMBER_LIFE_YEARS, discount)
        + prices.meter_year_eur
    )


def logger_eur(prices: Prices, discount: float) -> float:
    """Return what one pressure logger costs a year, repairs aside."""
    share = yearly_share(prices.meter_life_years, discount)
    return prices.logger_eur * share + prices.meter_year_eur


def yearly_bill(prices: Prices, discount: float, reading: str, amounts: Amounts) -> Bill:
    """Return the bill of one year; `reading` is how customers' meters are read."""
    districts = (
        amounts.meters * district_meter_eur(prices, discount)
        + amounts.loggers * logger_eur(prices, discount)
        + amounts.meter_repairs * prices.meter_repair_eur
    )
    return Bill(
        water_eur=amounts.lost_m3 * prices.marginal_eur_m3,
        unpaid_eur=(amounts.forgiven_m3 + amounts.unregistered_m3) * prices.sold_eur_m3,
        search_eur=amounts.searcher_days * prices.searcher_eur_day
        + amounts.step_tests * prices.step_eur,
        repair_eur=amounts.repairs * prices.repair_eur + amounts.urgent * prices.urgent_eur,
        districts_eur=districts,
        customers_eur=_customers_eur(prices, discount, reading, amounts),
    )


def _customers_eur(prices: Prices, discount: float, reading: str, amounts: Amounts) -> float:
    """Return what reading customers' meters costs a year, the meters' radio included."""
    alerts = amounts.alerts * prices.alert_eur
    if reading == "manual":
        return alerts + amounts.readings * prices.manual_read_eur
    life = prices.customer_meter_life_years
    if reading == "drive-by":
        each = prices.drive_by_meter_eur * yearly_share(life, discount)
        return alerts + amounts.customer_meters * each + amounts.readings * prices.drive_by_read_eur
    if reading == "hourly":
        life *= prices.hourly_life_share
    each = prices.customer_meter_eur * yearly_share(life, discount) + prices.customer_year_eur
    return alerts + amounts.customer_meters * each
