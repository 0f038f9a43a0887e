"""How soon work is due: working days by kind, as a maintenance contract says."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAY_S = 86_400.0
END_OF_DAY_S = 17.0 * 3_600.0
LOOK_AHEAD_DAYS = 400


class Promises:
    """When work ordered on a day is due.

    Parameters
    ----------
    working : bool, shape (days,)
        Whether crews work on each day of the horizon.
    within_days
        Working days by kind of work; 0: by the end of that day or of the next working one.
    """

    def __init__(self, working: NDArray[np.bool_], within_days: Mapping[int, int]) -> None:
        self._within = dict(within_days)
        self._days = np.flatnonzero(np.append(working, np.ones(LOOK_AHEAD_DAYS, dtype=np.bool_)))

    def due_s(self, kind: int, now_s: float) -> float:
        """Return the end of the day by which work of this kind, ordered now, is due."""
        return float(self.all_due_s(kind, [now_s])[0])

    def all_due_s(self, kind: int, now_s: ArrayLike) -> NDArray[np.float64]:
        """Return the same for many moments."""
        today = (np.asarray(now_s) // DAY_S).astype(np.int64)
        number = self._within[kind]
        first = np.searchsorted(self._days, today, side="left" if number == 0 else "right")
        return np.asarray(self._days[first + max(number - 1, 0)] * DAY_S + END_OF_DAY_S)
