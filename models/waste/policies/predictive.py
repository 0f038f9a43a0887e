"""The predictive rule: a point is emptied before it may overflow, its neighbours on the way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.waste.policies.outlook import Outlook, Selection
from models.waste.policies.risk import full_probability


class Predictive:
    """Visit where P(full before the next round) exceeds `risk`; add near ones that are due soon.

    `near` lists for each point its neighbours, shape (points, k), -1 where there is none. One is
    added where it should be full within `soon_days` with a probability over one half.
    """

    until_planning = False

    def __init__(self, risk: float, near: NDArray[np.int32], soon_days: float) -> None:
        self._risk = risk
        self._near = near
        self._soon_days = soon_days

    def select(self, outlook: Outlook) -> Selection:
        """Return today's points."""
        required = (full_probability(outlook) > self._risk) | outlook.reported
        soon = outlook.level_l + outlook.rate_l * self._soon_days > outlook.capacity_l
        close = np.unique(self._near[required])
        added = np.zeros(len(outlook), dtype=np.bool_)
        added[close[close >= 0]] = True
        return Selection(required | (added & soon), np.zeros(len(outlook)))
