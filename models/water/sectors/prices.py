"""What a division costs to build and to keep."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import Fault, InputError
from twin.lang import Text


@dataclass(frozen=True)
class Prices:
    """Prices before tax, all [U]: replace them by quotes.

    Attributes
    ----------
    meter_eur : float
        A district meter with its logger and its chamber.
    meter_year_eur : float
        Platform, network and checking of a meter, a year.
    valve_eur : float
        A boundary valve, fitted.
    meter_life_years, valve_life_years : float
        Over which they are paid, without interest.
    """

    meter_eur: float = 10_500.0
    meter_year_eur: float = 120.0
    valve_eur: float = 3_000.0
    meter_life_years: float = 12.0
    valve_life_years: float = 30.0

    def __post_init__(self) -> None:
        """Refuse a price below zero and a life of no years."""
        faults = [
            Fault(
                Text("un nombre positif", "a number above zero"),
                Text("corriger ce prix", "correct this price"),
                key=f"prices.{name}",
                value=str(value),
            )
            for name, value in vars(self).items()
            if not value >= 0.0 or (name.endswith("_years") and value == 0.0)
        ]
        if faults:
            raise InputError(*faults)

    def capital_eur(self, meters: int, valves: int) -> float:
        """Return what is paid on the first day."""
        return meters * self.meter_eur + valves * self.valve_eur

    def yearly_eur(self, meters: int, valves: int) -> float:
        """Return what a year costs, purchase spread over each life."""
        meter = self.meter_eur / self.meter_life_years + self.meter_year_eur
        return meters * meter + valves * self.valve_eur / self.valve_life_years
