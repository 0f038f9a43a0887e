"""Production meters read by hand every few days: what a service without telemetry knows."""

from __future__ import annotations

import numpy as np

from models.water.policies.cusum import Floats, Mask
from models.water.policies.watch import Watch, WatchRule

HAND_RULE = WatchRule(nights=16, fewest=6, afterwards=2)
"""Mean flows between readings: few, and the season is in them, so few are kept [U]."""


class HandReadings:
    """The mean inflow between two readings of each district, watched like a night flow."""

    def __init__(self, size: int, rule: WatchRule = HAND_RULE) -> None:
        self.watch = Watch(size, rule)
        self._told: list[tuple[float, int, float]] = []
        self._last_s: Floats = np.full(size, np.nan)
        self._last_m3: Floats = np.full(size, np.nan)
        self._broken_s: Floats = np.full(size, -np.inf)

    def read(self, who: int, at_s: float, index_m3: float) -> None:
        """Note a reading; it counts from the next morning on."""
        self._told.append((at_s, who, index_m3))

    def close_day(self, day: int, closes_s: float, held: Mask) -> Mask:
        """Take in what was read before `closes_s`; return who signals a rise."""
        now = sorted(told for told in self._told if told[0] < closes_s)
        self._told = [told for told in self._told if told[0] >= closes_s]
        flows = np.full(len(self._last_s), np.nan)
        for at_s, who, index_m3 in now:
            if at_s < self._broken_s[who]:
                continue
            seconds = at_s - self._last_s[who]
            if seconds > 0.0:
                flows[who] = (index_m3 - self._last_m3[who]) / seconds * 3600.0
            if not seconds <= 0.0:
                self._last_s[who], self._last_m3[who] = at_s, index_m3
        return self.watch.feed(day, flows, held)

    def break_off(self, who: int, at_s: float) -> None:
        """Forget readings of a district before `at_s`: a repair lies between them and the next."""
        self._broken_s[who] = at_s
        self._last_s[who] = self._last_m3[who] = np.nan
