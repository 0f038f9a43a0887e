"""The threshold: a point is emptied once it is believed to be that full."""

from __future__ import annotations

import numpy as np

from models.waste.policies.outlook import Outlook, Selection


class Threshold:
    """Visit every point believed at or above `share` of its capacity, and what was called about."""

    until_planning = False

    def __init__(self, share: float) -> None:
        self._share = share

    def select(self, outlook: Outlook) -> Selection:
        """Return today's points."""
        high = outlook.level_l >= self._share * outlook.capacity_l
        return Selection(high | outlook.reported, np.zeros(len(outlook)))
