"""Night flow: what enters a district when nearly nobody draws, undefined where data lack.

Window 02-04 h, leakage = night flow - legitimate use [V]; a day's leakage = night leakage times the
night-day factor, 10 to 60 h/d, not 24 [V leakssuite]; a day counts if 92 of 96 quarter-hours are
known [V i2O]; reported leakage from the 20th percentile of 7 days of minimum rolling hours [V UKWIR
99/WM/08/21]. Net indices: signed sums of the district's meters' cumulative indices.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from models.water.policies.cusum import Floats

UKWIR_DAYS, UKWIR_PERCENTILE = 7, 20.0
"""Rolling days and percentile of reported leakage [V UKWIR]."""

I2O_SHARE = 92 / 96
"""Share of a day's readings from which it is valid [V i2O]."""


def window_flow_m3h(net_m3: Floats, step_h: float, valid_share: float = 1.0) -> Floats:
    """Return the mean flow over a window, m3/h, from the net indices at its steps.

    The widest span whose two ends are known counts; a lost index between them costs nothing, for
    indices are cumulative.

    Parameters
    ----------
    net_m3
        Shape (districts, steps + 1), NaN where one of the district's meters is unknown.
    step_h
        Hours from one index to the next.
    valid_share
        Least part of the window that the span covers, in (0, 1]; else NaN. Below 1 more nights are
        known, and the odd ones are noisier.
    """
    known = ~np.isnan(net_m3)
    last = net_m3.shape[1] - 1
    first_at = np.argmax(known, axis=1)
    last_at = last - np.argmax(known[:, ::-1], axis=1)
    steps = np.where(known.any(axis=1), last_at - first_at, 0)
    rows = np.arange(len(net_m3))
    with np.errstate(divide="ignore", invalid="ignore"):
        flow = (net_m3[rows, last_at] - net_m3[rows, first_at]) / (steps * step_h)
    enough = (steps > 0) & (steps >= valid_share * last - 1e-9)
    return np.where(enough, flow, np.nan)


def minimum_hour_m3h(net_m3: Floats, step_h: float, valid_share: float = I2O_SHARE) -> Floats:
    """Return the least flow over one rolling hour, m3/h; NaN where too little is known.

    Arguments are those of :func:`window_flow_m3h`, the share being of the steps whose two indices
    are known. Steps must divide an hour. A minimum reads lower than the mean, and the less is known
    of a night the higher it reads.
    """
    steps = round(1.0 / step_h)
    known = ~np.isnan(np.diff(net_m3, axis=1))
    hours = net_m3[:, steps:] - net_m3[:, :-steps]
    some = ~np.isnan(hours).all(axis=1)
    least = np.min(np.where(np.isnan(hours), np.inf, hours), axis=1)
    valid = some & (known.mean(axis=1) >= valid_share - 1e-9)
    return np.where(valid, least, np.nan)


class ReportedLevel:
    """UKWIR's figure: the 20th percentile of the last 7 days' minimum rolling hours.

    Fed day by day with shape (size,), NaN for undefined days.
    """

    def __init__(self, size: int, fewest: int = UKWIR_DAYS) -> None:
        self.fewest = fewest
        self._days: Floats = np.full((UKWIR_DAYS, size), np.nan)
        self._fed = 0

    def feed(self, minima_m3h: Floats) -> Floats:
        """Take one day; return the level, NaN with fewer than `fewest` valid days of the 7."""
        self._days[self._fed % UKWIR_DAYS] = minima_m3h
        self._fed += 1
        valid = (~np.isnan(self._days)).sum(axis=0)
        level = np.full(len(minima_m3h), np.nan)
        enough = valid >= max(1, self.fewest)
        level[enough] = np.nanpercentile(self._days[:, enough], UKWIR_PERCENTILE, axis=0)
        return level


def leakage_night_m3h(night_m3h: ArrayLike, legitimate_m3h: ArrayLike) -> Floats:
    """Return night flow less legitimate use, m3/h; NaN stays NaN, less than nothing stays so."""
    return np.asarray(night_m3h, dtype=np.float64) - np.asarray(legitimate_m3h, dtype=np.float64)


def night_day_factor_h(pressure_m: ArrayLike, night_m: ArrayLike, n1: float = 1.0) -> Floats:
    """Return the hours by which night leakage makes a day's, sum over 24 h of (P / P_night)^N1.

    `pressure_m` of shape (..., 24), `night_m` the average pressure of the night window, m.
    """
    ratio = np.asarray(pressure_m, np.float64) / np.asarray(night_m, np.float64)[..., None]
    return np.asarray(np.sum(ratio**n1, axis=-1))


def daily_leakage_m3(night_leakage_m3h: ArrayLike, factor_h: ArrayLike) -> Floats:
    """Return a day's leakage, m3, from that of the night and the night-day factor."""
    return np.asarray(night_leakage_m3h, np.float64) * np.asarray(factor_h, np.float64)
