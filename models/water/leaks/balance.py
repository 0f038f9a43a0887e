"""What the figures give on average: background, reported and hidden losses of zones in a year.

A component analysis (BABE): frequency times flow times run time. It says what to expect before any
hydraulics, and which background condition closes a known balance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.water.leaks.background import background_coefficients
from models.water.leaks.events import LeakKind
from models.water.leaks.figures import LeakFigures
from models.water.leaks.laws import FIXED_N1, STANDARD_PRESSURE_M, pressure_factor
from models.water.leaks.published import BACKGROUND_N1
from models.water.leaks.rates import Rates, leak_rates
from models.water.leaks.run_time import YEAR_DAYS, cut_mean, full_flow_days
from models.water.network.network import Floats
from models.water.zone import Zone
from twin.units import DAY_S

_HOURS = 24.0


@dataclass(frozen=True, eq=False)
class LeakBalance:
    """Expected losses, cubic metres a day.

    Attributes
    ----------
    unavoidable_m3_day : float
        Background leakage of a network of condition 1.
    leaks_m3_day : NDArray[np.float64]
        By :class:`LeakKind`, shape (4,).
    leaks_per_year : NDArray[np.float64]
        By :class:`LeakKind`, shape (4,).
    length_km : float
    condition : float
        What the unavoidable background is multiplied by.
    """

    unavoidable_m3_day: float
    leaks_m3_day: Floats
    leaks_per_year: Floats
    length_km: float
    condition: float

    @property
    def background_m3_day(self) -> float:
        """Losses that seep all the time."""
        return self.condition * self.unavoidable_m3_day

    @property
    def reported_m3_day(self) -> float:
        """Losses of leaks that people call about."""
        return float(
            self.leaks_m3_day[[LeakKind.REPORTED_MAIN, LeakKind.REPORTED_CONNECTION]].sum()
        )

    @property
    def hidden_m3_day(self) -> float:
        """Losses of leaks that nobody sees."""
        return float(self.leaks_m3_day[[LeakKind.HIDDEN_MAIN, LeakKind.HIDDEN_CONNECTION]].sum())

    @property
    def total_m3_day(self) -> float:
        """All losses."""
        return self.background_m3_day + self.reported_m3_day + self.hidden_m3_day

    def condition_for(self, losses_m3_day: float) -> float:
        """Return the condition factor under which the balance gives these losses.

        Negative where leaks alone give more: then their frequency is too high, not the background.
        NaN where there is no pipe to seep.
        """
        if self.unavoidable_m3_day == 0.0:
            return math.nan
        return (losses_m3_day - self.reported_m3_day - self.hidden_m3_day) / self.unavoidable_m3_day


def expected_balance(
    zones: Sequence[Zone],
    figures: LeakFigures,
    year: int,
    pressure_m: float = STANDARD_PRESSURE_M,
) -> LeakBalance:
    """Return the balance of zones under one mean pressure, without any district meter.

    Leaks follow the mean of their exponents at 50 m, background the power 1.5.
    """
    rates = leak_rates(zones, figures, year)
    fixed, plastic = _by_material(rates)
    middle = 0.5 * (figures.plastic_n1_low + figures.plastic_n1_high)
    factors = [
        float(pressure_factor(pressure_m, STANDARD_PRESSURE_M, n)) for n in (FIXED_N1, middle)
    ]
    connections = float(rates.connections.sum())
    mains_hidden, hidden = figures.hidden_mains_share, figures.hidden_connections_share
    per_year = np.array(
        [
            (fixed + plastic) * (1.0 - mains_hidden),
            (fixed + plastic) * mains_hidden,
            connections * (1.0 - hidden),
            connections * hidden,
        ]
    )
    under_pressure = fixed * factors[0] + plastic * factors[1]
    mains_factor = under_pressure / (fixed + plastic) if fixed + plastic > 0.0 else 1.0
    factor = np.array([mains_factor, mains_factor, factors[1], factors[1]])
    means = (figures.mains_m3h, figures.hidden_m3h, figures.connection_m3h, figures.hidden_m3h)
    flow_m3h = np.array([cut_mean(mean, figures.log_sd) for mean in means])
    leaks = per_year * flow_m3h * factor * full_flow_days(figures) * _HOURS / YEAR_DAYS
    sound = replace(figures, background_condition=1.0)
    seeps = sum(float(background_coefficients(zone, sound).sum()) for zone in zones)
    return LeakBalance(
        unavoidable_m3_day=seeps * pressure_m**BACKGROUND_N1 * DAY_S,
        leaks_m3_day=leaks,
        leaks_per_year=per_year,
        length_km=sum(zone.network.length_km for zone in zones),
        condition=figures.background_condition,
    )


def _by_material(rates: Rates) -> tuple[float, float]:
    """Return leaks of mains a year in rigid and in plastic pipes."""
    plastic = float(rates.mains[rates.plastic].sum())
    return float(rates.mains.sum()) - plastic, plastic
