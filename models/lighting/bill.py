"""What a year of lighting costs: energy, crews, parts, clocks or nodes, lanterns.

Taxes aside (HT), in euros of the scenario's date; what is bought is spread over its life at the
scenario's discount rate. Masts, cables and staff that no option changes are not in it: only
differences between options mean something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from twin.decide.costs import yearly_share

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """One world's prices; the fields are rows of the assumptions' table (`lighting_` before them).

    Attributes
    ----------
    energy_eur_kwh : float
        Energy, network and taxes that go with each kilowatt hour.
    kva_eur_year : float
        Fixed part, by kVA subscribed and year.
    co2_kg_kwh : float
        Emissions of a kilowatt hour, kg of CO2 equivalent.
    crew_eur_h, crew_eur_km : float
        Two people with a platform, an hour; their vehicle, a kilometre.
    lamp_eur, lantern_repair_eur : float
        Parts of one repair: a discharge lamp, the driver of an LED lantern.
    cabinet_repair_eur, cable_repair_eur : float
        Parts and earthworks of one fault.
    clock_eur, clock_life_years, clock_year_eur : float
        A speaking clock, fitted; its life; its network and platform, a year.
    node_eur, node_life_years, node_year_eur : float
        The same of a node on a lamp.
    lantern_eur, lantern_life_years : float
        An LED lantern, fitted; its life.
    call_eur : float
        Handling one call or alarm.
    """

    energy_eur_kwh: float
    kva_eur_year: float
    co2_kg_kwh: float
    crew_eur_h: float
    crew_eur_km: float
    lamp_eur: float
    lantern_repair_eur: float
    cabinet_repair_eur: float
    cable_repair_eur: float
    clock_eur: float
    clock_life_years: float
    clock_year_eur: float
    node_eur: float
    node_life_years: float
    node_year_eur: float
    lantern_eur: float
    lantern_life_years: float
    call_eur: float


PRICE_ROWS = tuple(f"lighting_{field.name}" for field in fields(Prices))


def prices_of(assume: Callable[[str], float]) -> Prices:
    """Return the prices of a world, or their means."""
    return Prices(*(assume(name) for name in PRICE_ROWS))


@dataclass(frozen=True)
class Amounts:
    """What is paid for, a year on average over the years lived; each of shape (communes,).

    `lantern_years` counts LED lanterns bought by the option, each by the share of the years it
    stood; `clocks` and `nodes` those that speak.
    """

    kwh: Floats
    kva: Floats
    crew_h: Floats
    km: Floats
    lamps: Floats
    lantern_repairs: Floats
    cabinet_repairs: Floats
    cable_repairs: Floats
    calls: Floats
    clocks: Floats
    clock_repairs: Floats
    nodes: Floats
    node_repairs: Floats
    lantern_years: Floats


@dataclass(frozen=True)
class Bill:
    """Euros a year, each of shape (communes,)."""

    energy_eur: Floats
    fixed_eur: Floats
    crew_eur: Floats
    parts_eur: Floats
    devices_eur: Floats
    lanterns_eur: Floats

    @property
    def total_eur(self) -> Floats:
        """Everything."""
        return np.asarray(np.sum([getattr(self, field.name) for field in fields(self)], axis=0))

    def summed(self) -> dict[str, float]:
        """Return the lines and the total of all communes, by name."""
        lines = {field.name: float(getattr(self, field.name).sum()) for field in fields(self)}
        return lines | {"total_eur": float(sum(lines.values()))}


def yearly_bill(prices: Prices, discount: float, amounts: Amounts) -> Bill:
    """Return the bill of a mean year."""
    clock_eur = prices.clock_eur * yearly_share(prices.clock_life_years, discount)
    node_eur = prices.node_eur * yearly_share(prices.node_life_years, discount)
    lantern_eur = prices.lantern_eur * yearly_share(prices.lantern_life_years, discount)
    return Bill(
        energy_eur=amounts.kwh * prices.energy_eur_kwh,
        fixed_eur=amounts.kva * prices.kva_eur_year,
        crew_eur=amounts.crew_h * prices.crew_eur_h
        + amounts.km * prices.crew_eur_km
        + amounts.calls * prices.call_eur,
        parts_eur=amounts.lamps * prices.lamp_eur
        + amounts.lantern_repairs * prices.lantern_repair_eur
        + amounts.cabinet_repairs * prices.cabinet_repair_eur
        + amounts.cable_repairs * prices.cable_repair_eur,
        devices_eur=amounts.clocks * (clock_eur + prices.clock_year_eur)
        + amounts.clock_repairs * prices.clock_eur
        + amounts.nodes * (node_eur + prices.node_year_eur)
        + amounts.node_repairs * prices.node_eur,
        lanterns_eur=amounts.lantern_years * lantern_eur,
    )
