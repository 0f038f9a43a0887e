"""LeakDB's rule, kept as a published comparator: night flow above the least of the last ten.

Alarm if MNF - min(last 10 nights not in alarm) > gamma min [V code, Vrachimis et al. 2018]. A leak
that nobody repairs keeps it in alarm for ever, since its nights never enter the window: with gamma
0.03 to 0.15 it was in alarm 344 to 350 days of L-Town's 2019 [D].
"""

from __future__ import annotations

import numpy as np

from models.water.policies.cusum import Counts, Floats, Mask


class LeakDbRule:
    """One window a district, fed night by night."""

    def __init__(self, size: int, gamma: float = 0.1, nights: int = 10) -> None:
        self.gamma, self.nights = gamma, nights
        self._kept: Floats = np.full((size, nights), np.inf)
        self._count: Counts = np.zeros(size, dtype=np.int64)

    def feed(self, night_m3h: Floats) -> Mask:
        """Take one night, shape (size,), NaN for undefined; return who is in alarm."""
        known = ~np.isnan(night_m3h)
        least = self._kept.min(axis=1)
        full = self._count >= self.nights
        alarm: Mask = known & full & (night_m3h - least > self.gamma * least)
        rows = np.flatnonzero(known & ~alarm)
        self._kept[rows, self._count[rows] % self.nights] = night_m3h[rows]
        self._count[rows] += 1
        return alarm
