"""The published components of unavoidable losses (Lambert, Brown, Takizawa & Weimer 1999).

AQUA 48(6), 227-237. The totals by component, at any pressure, stand in Thornton, Sturm & Kunkel,
*Water Loss Control*, table 7.2: 9.6 + 5.8 + 2.6 = 18 L/km of mains, 0.60 + 0.04 + 0.16 = 0.8 L a
connection and 16 + 1.9 + 7.1 = 25 L/km of private service pipe, a day and a metre of pressure [V].
The frequencies, flows and run times below are those of the 1999 paper, seen through later papers
only [U]; their products give the table back within 2 %.
"""

from __future__ import annotations

from dataclasses import dataclass

LITRES_PER_M3 = 1000.0
_HOURS = 24.0
_YEAR_DAYS = 365.0

PRIVATE_PIPE_M = 15.0
"""Mean length of private underground pipe a connection, in the third component [U]."""

BACKGROUND_N1 = 1.5
"""Exponent of leaks too small to be found, at joints and fittings [V McKenzie 1999, SANFLOW]."""


@dataclass(frozen=True)
class Bursts:
    """Leaks of one sort: how many a unit and year, flow at 50 m, days they run."""

    per_year: float
    flow_m3h: float
    days: float

    @property
    def litres_per_day(self) -> float:
        """Mean loss at 50 m, litres a unit and day."""
        yearly_m3 = self.per_year * self.flow_m3h * _HOURS * self.days
        return yearly_m3 * LITRES_PER_M3 / _YEAR_DAYS


@dataclass(frozen=True)
class Component:
    """One part of the infrastructure, by unit: background (L/h at 50 m), reported, unreported."""

    background_l_h: float
    reported: Bursts
    unreported: Bursts

    def litres_per_day(self) -> tuple[float, float, float]:
        """Return background, reported and unreported losses at 50 m, litres a unit and day."""
        return (
            self.background_l_h * _HOURS,
            self.reported.litres_per_day,
            self.unreported.litres_per_day,
        )


MAINS_KM = Component(20.0, Bursts(0.124, 12.0, 3.0), Bursts(0.006, 6.0, 50.0))
"""A kilometre of mains."""

CONNECTION = Component(1.25, Bursts(2.25e-3, 1.6, 8.0), Bursts(0.75e-3, 1.6, 100.0))
"""A service connection, from the main to the property line."""

PRIVATE_PIPE = Component(0.50, Bursts(1.5e-3, 1.6, 9.0), Bursts(0.5e-3, 1.6, 101.0))
"""15 m of underground pipe between the property line and a meter that stands further in."""
