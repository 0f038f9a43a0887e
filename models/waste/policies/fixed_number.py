"""A fixed number of points a day: those that should be full the soonest."""

from __future__ import annotations

import numpy as np

from models.waste.policies.outlook import Outlook, Selection

_LEAST_L_DAY = 1e-9


class FixedNumber:
    """Visit the `count` points believed to be full the soonest, and what was called about.

    Soonest: room left over what people bring a usual day. It is the rule a city follows that first
    chooses and then routes, such as Groningen's 250 clusters a day (arXiv 2409.13386) [V]. Of two
    as urgent the first in the table is visited.
    """

    until_planning = False

    def __init__(self, count: int) -> None:
        self._count = count

    def select(self, outlook: Outlook) -> Selection:
        """Return today's points."""
        rate_l = np.maximum(outlook.rate_l, _LEAST_L_DAY)
        days_left = (outlook.capacity_l - outlook.level_l) / rate_l
        required = outlook.reported.copy()
        required[np.argsort(days_left, kind="stable")[: self._count]] = True
        return Selection(required, np.zeros(len(outlook)))
