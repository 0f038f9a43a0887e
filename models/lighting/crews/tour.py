"""One crew's day, planned at once: which communes, in which order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SETTLE_S = 600.0
"""What a stop costs whatever is done there: parking, signs, platform [U]."""
PRESSING = 4.0
"""Work due today counts as so many times itself."""
MOST_STOPS = 16


def plan_tour(
    travel_s: Floats,
    waiting_s: Floats,
    due_s: Floats,
    mine: NDArray[np.bool_],
    depot: int,
    shift_s: float,
    today_s: float,
    least_s: float,
) -> list[int]:
    """Return the communes a crew goes to, none where it had better stay.

    A crew leaves if something is due by `today_s`, or if the work that waits among its communes is
    at least `least_s`. It goes first to what is due first, then, again and again, where most work
    waits by time of way and stop, as long as it is home within the shift.

    Parameters
    ----------
    travel_s : float64, shape (places, places)
        Communes first, depots after them.
    waiting_s, due_s : float64, shape (communes,)
    mine : bool, shape (communes,)
        Those this crew may visit today.
    depot : int
        Its row of `travel_s`.
    """
    tour = np.empty(MOST_STOPS, dtype=np.int64)
    count = write_tour(travel_s, waiting_s, due_s, mine, depot, shift_s, today_s, least_s, tour)
    stops: list[int] = tour[:count].tolist()
    return stops


@njit(cache=True, error_model="numpy")
def write_tour(
    travel_s: Any, waiting_s: Any, due_s: Any, mine: Any, depot: int, shift_s: float,
    today_s: float, least_s: float, tour: Any,
) -> int:  # fmt: skip
    """Write the tour and return its length."""
    wanted, many, first, work_s = np.empty(len(mine), dtype=np.int64), 0, -1, 0.0
    for c in range(len(mine)):
        if mine[c] and waiting_s[c] > 0.0:
            wanted[many] = c
            many += 1
            work_s += waiting_s[c]
            if first < 0 or due_s[c] < due_s[first]:
                first = c
    if first < 0 or (due_s[first] > today_s and work_s < least_s):
        return 0
    count, at, used_s, c = 0, depot, 0.0, first
    while c >= 0 and count < len(tour):
        tour[count] = c
        count += 1
        left_s = shift_s - used_s - travel_s[at, c] - SETTLE_S - travel_s[c, depot]
        used_s += travel_s[at, c] + SETTLE_S + min(waiting_s[c], max(left_s, 0.0))
        at, c, best, still = c, -1, 0.0, 0
        for i in range(many):
            other = wanted[i]
            if other == at:
                continue
            wanted[still] = other
            still += 1
            way_s = travel_s[at, other] + SETTLE_S
            left_s = shift_s - used_s - way_s - travel_s[other, depot]
            if left_s <= 0.0:
                continue
            done_s = min(waiting_s[other], left_s)
            weight = PRESSING if due_s[other] <= today_s else 1.0
            detour_s = way_s + travel_s[other, depot] - travel_s[at, depot]
            worth = weight * done_s / max(detour_s, SETTLE_S)
            if worth > best:
                best, c = worth, other
        many = still
    return count
