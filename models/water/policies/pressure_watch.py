"""Pressure loggers: what they read against the same hour of the weeks before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.water.policies.cusum import Counts, Floats
from models.water.policies.localise import expected_search_km, part_probabilities, search_order
from twin.signals import DeliveredBatch

WEEKS = 4
"""Weeks whose median tells what is usual."""

KEPT_DAYS = 60
"""Days of residuals kept: alarms speak of the last weeks."""

FEWEST_HOURS = 6
"""Hours of a day that must be known for its residual."""

LEAST_SIGMA_M = 0.05
"""Least error of a day's mean residual, m: sensor drift and a model that is not the network [U]."""

WEEK = 7


@dataclass(frozen=True, eq=False)
class Signatures:
    """What the hydraulic model says of one district.

    `loggers` are indices into the fleet; `heads_m` the head lost at each to a leak of 1 m3/h in
    each part, shape (parts, loggers); `km` of mains by part.
    """

    loggers: Counts
    heads_m: Floats
    km: Floats


class PressureWatch:
    """All loggers' residuals by day, and the order in which to search a district's parts."""

    def __init__(self, loggers: int, signatures: Mapping[str, Signatures]) -> None:
        self.signatures = signatures
        self._read: list[DeliveredBatch] = []
        self._today: Floats = np.full((24, loggers), np.nan)
        self._usual: Floats = np.full((WEEK, WEEKS, 24, loggers), np.nan)
        self._weeks = np.zeros(WEEK, dtype=np.int64)
        self._residuals: Floats = np.full((KEPT_DAYS, loggers), np.nan)
        self._days = np.full(KEPT_DAYS, -1, dtype=np.int64)

    def read(self, batch: DeliveredBatch) -> None:
        """Keep readings until the day is closed."""
        self._read.append(batch)

    def close_day(self, day: int, begins_s: float, ends_s: float) -> None:
        """Work out the residuals of a day that has ended, then learn it."""
        self._today[:] = np.nan
        later = []
        for batch in self._read:
            hour = np.floor((batch.sampled_s - begins_s) / 3600.0 + 1e-9).astype(np.int64)
            right = (hour >= 0) & (hour < 24)  # noqa: PLR2004 - hours of a day
            self._today[hour[right], batch.assets[right]] = batch.values[right]
            if np.any(batch.sampled_s >= ends_s):
                later.append(batch)
        self._read = later
        weekday = day % WEEK
        known = self._usual[weekday, : min(WEEKS, int(self._weeks[weekday]))]
        off = self._today - _median(known)
        told = (~np.isnan(off)).sum(axis=0)
        total = np.nansum(off, axis=0)
        place = day % KEPT_DAYS
        self._days[place] = day
        self._residuals[place] = np.where(told >= FEWEST_HOURS, total / np.maximum(told, 1), np.nan)
        self._usual[weekday, self._weeks[weekday] % WEEKS] = self._today
        self._weeks[weekday] += 1

    def rank(
        self, district: str, since_day: int, excess_m3h: float
    ) -> tuple[tuple[int, ...], tuple[float, ...], float] | None:
        """Return parts in the order to search, their probabilities and the mean search, km.

        None where the district has no signatures, or nothing is known since `since_day`.
        """
        one = self.signatures.get(district)
        if one is None:
            return None
        residual = self._residuals[:, one.loggers]
        after = self._days >= since_day
        fall = -_mean(residual[after]) + _mean(residual[~after & (self._days >= 0)], empty=0.0)
        if np.isnan(fall).all():
            return None
        known = ~np.isnan(residual)
        noise = np.where((known & ~after[:, None]).sum(axis=0) > 1, _spread(residual[~after]), 0.0)
        days = np.maximum(1, known[after].sum(axis=0))
        sigma = np.maximum(LEAST_SIGMA_M, noise / np.sqrt(days))
        probability = part_probabilities(fall, one.heads_m, excess_m3h, sigma, one.km)
        order = search_order(probability, one.km)
        length = expected_search_km(order, probability, one.km)
        shares = tuple(float(share) for share in probability[order])
        return tuple(int(part) for part in order), shares, length


def _median(weeks: Floats) -> Floats:
    """Return the median over the first axis of what is known; NaN where nothing is."""
    if not len(weeks):
        return np.full(weeks.shape[1:], np.nan)
    ranked = np.sort(weeks, axis=0)
    count = (~np.isnan(weeks)).sum(axis=0)
    low = np.take_along_axis(ranked, np.maximum((count - 1) // 2, 0)[None], axis=0)[0]
    high = np.take_along_axis(ranked, np.minimum(count // 2, len(weeks) - 1)[None], axis=0)[0]
    return np.asarray(0.5 * (low + high))


def _mean(days: Floats, empty: float = np.nan) -> Floats:
    """Return the mean over the first axis of what is known, `empty` where nothing is."""
    count = (~np.isnan(days)).sum(axis=0)
    return np.where(count > 0, np.nansum(days, axis=0) / np.maximum(count, 1), empty)


def _spread(days: Floats) -> Floats:
    """Return the standard deviation over the first axis of what is known."""
    count = np.maximum(1, (~np.isnan(days)).sum(axis=0))
    off = np.nan_to_num(days - _mean(days, empty=0.0))
    return np.asarray(np.sqrt(np.sum(off * off, axis=0) / np.maximum(1, count - 1)))
