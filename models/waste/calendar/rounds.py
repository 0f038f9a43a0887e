"""The days' loads as compiled loops see them: price a visit, put it in, take it out, copy.

Load `r = w S + s` is the s-th of working day w. Legs are kept beside the stops, so that the price
of a position reads one row of the matrix and one of its transpose, both in cache.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from models.waste.calendar.ground import Ground
from twin.decide.cover.dice import roll

BLINK_ONE_IN = 100
"""A load is overlooked once in so many pricings (1 %: Christiaens & Vanden Berghe 2020 [V])."""


class Rounds(NamedTuple):
    """Every load of the cycle; R loads of at most L stops, W working days, n points, T kinds."""

    stop: np.ndarray  # (R, L)
    leg: np.ndarray  # (R, L + 1): cost of the leg to each stop, then home
    leg_s: np.ndarray
    size: np.ndarray  # (R,)
    load: np.ndarray  # (R,)
    time_s: np.ndarray  # (R,)
    fleet_s: np.ndarray  # (W, T): sum of the loads' times
    slot: np.ndarray  # (n, W): load of the day that visits the point, or -1
    amount: np.ndarray  # (n, W): what the visit takes aboard
    chosen: np.ndarray  # (n,): the pattern, as an index of Choice.pattern, or -1
    value: np.ndarray  # (1,): cost of the whole


def empty_rounds(ground: Ground, days: int, longest: int) -> Rounds:
    """Return rounds without any visit, `longest` being the most stops a load may have."""
    points, loads, kinds = len(ground.demand), len(ground.kind), len(ground.capacity)
    rows = days * loads
    return Rounds(
        stop=np.zeros((rows, longest), dtype=np.int32),
        leg=np.zeros((rows, longest + 1)),
        leg_s=np.zeros((rows, longest + 1)),
        size=np.zeros(rows, dtype=np.int64),
        load=np.zeros(rows),
        time_s=np.zeros(rows),
        fleet_s=np.zeros((days, kinds)),
        slot=np.full((points, days), -1, dtype=np.int32),
        amount=np.zeros((points, days)),
        chosen=np.full(points, -1, dtype=np.int64),
        value=np.zeros(1),
    )


@njit(cache=True, nogil=True)
def price(  # noqa: C901 - one pass over the loads; calls would cost more than the work
    ground: Ground,
    rounds: Rounds,
    p: int,
    first_day: int,
    last_day: int,
    best: np.ndarray,
    where: np.ndarray,
    dice: np.ndarray,
) -> int:
    """Write the least cost of visiting `p` in each load of some days; return the places weighed.

    `best` and `where` have shape (W, S): cost (infinite where impossible, capacity apart) and
    place. Days are handled in one call, and the arrays named once: a call that carries both
    tuples costs as much as weighing a whole load.
    """
    stop, leg, leg_s, size = rounds.stop, rounds.leg, rounds.leg_s, rounds.size
    cost, cost_to, time_s, time_to_s = ground.cost, ground.cost_to, ground.time_s, ground.time_to_s
    kind_of, loads, longest = ground.kind, ground.kind.size, rounds.stop.shape[1]
    load_s, day_s, work_s, fleet_s = rounds.time_s, rounds.fleet_s, ground.work_s, ground.fleet_s
    weighed = 0
    for w in range(first_day, last_day):
        for s in range(loads):
            best[w, s] = np.inf
            kind = kind_of[s]
            if not ground.serves[kind, p]:
                continue
            r, rate = w * loads + s, ground.rate_of[kind]
            m = size[r]
            room_s = min(work_s[kind] - load_s[r], fleet_s[kind] - day_s[w, kind])
            room_s -= ground.service_s[p]
            out, back = ground.out[kind, p], ground.back[kind, p]
            out_s, back_s = ground.out_s[kind, p], ground.back_s[kind, p]
            if m == 0:
                twin = s > 0 and kind_of[s - 1] == kind and size[r - 1] == 0
                if not twin and out_s + back_s <= room_s:
                    best[w, s] = ground.fixed[kind] + out + back + ground.serve[kind, p]
                    where[w, s] = 0
                continue
            if m == longest or room_s < 0.0 or roll(dice, BLINK_ONE_IN) == 0:
                continue
            weighed += m + 1
            here, least, found = stop[r, 0], np.inf, 0
            if out_s + time_s[p, here] - leg_s[r, 0] <= room_s:
                least = out + cost[rate, p, here] - leg[r, 0]
            for k in range(1, m):
                there = stop[r, k]
                delta = cost_to[rate, p, here] + cost[rate, p, there] - leg[r, k]
                # Time is asked only of what would be kept: rarely.
                if delta < least and time_to_s[p, here] + time_s[p, there] - leg_s[r, k] <= room_s:
                    least, found = delta, k
                here = there
            delta = cost_to[rate, p, here] + back - leg[r, m]
            if delta < least and time_to_s[p, here] + back_s - leg_s[r, m] <= room_s:
                least, found = delta, m
            best[w, s] = least + ground.serve[kind, p]
            where[w, s] = found
    return weighed


@njit(cache=True, nogil=True)
def put(ground: Ground, rounds: Rounds, p: int, w: int, s: int, k: int, amount: float) -> None:
    """Visit `p` in load `s` of day `w`, before its k-th stop, and take `amount` aboard."""
    r = w * ground.kind.size + s
    kind = ground.kind[s]
    rate = ground.rate_of[kind]
    m = rounds.size[r]
    stop, leg, leg_s = rounds.stop[r], rounds.leg[r], rounds.leg_s[r]
    before, before_s = ground.out[kind, p], ground.out_s[kind, p]
    after, after_s = ground.back[kind, p], ground.back_s[kind, p]
    if k > 0:
        before, before_s = ground.cost_to[rate, p, stop[k - 1]], ground.time_to_s[p, stop[k - 1]]
    if k < m:
        after, after_s = ground.cost[rate, p, stop[k]], ground.time_s[p, stop[k]]
    old, old_s = -ground.fixed[kind], 0.0
    if m > 0:
        old, old_s = leg[k], leg_s[k]
    for j in range(m, k, -1):
        stop[j] = stop[j - 1]
        leg[j + 1] = leg[j]
        leg_s[j + 1] = leg_s[j]
    stop[k] = p
    leg[k], leg[k + 1] = before, after
    leg_s[k], leg_s[k + 1] = before_s, after_s
    more_s = before_s + after_s - old_s + ground.service_s[p]
    rounds.size[r] = m + 1
    rounds.load[r] += amount
    rounds.time_s[r] += more_s
    rounds.fleet_s[w, kind] += more_s
    rounds.slot[p, w] = s
    rounds.amount[p, w] = amount
    rounds.value[0] += before + after - old + ground.serve[kind, p]


@njit(cache=True, nogil=True)
def take(ground: Ground, rounds: Rounds, p: int, w: int) -> int:
    """Take the visit of `p` out of day `w`; return the load it was in."""
    s = rounds.slot[p, w]
    r = w * ground.kind.size + s
    kind = ground.kind[s]
    rate = ground.rate_of[kind]
    stop, leg, leg_s = rounds.stop[r], rounds.leg[r], rounds.leg_s[r]
    m = rounds.size[r]
    k = 0
    while stop[k] != p:
        k += 1
    old, old_s = leg[k] + leg[k + 1], leg_s[k] + leg_s[k + 1]
    new, new_s = -ground.fixed[kind], 0.0
    if m > 1:
        if k == 0:
            new, new_s = ground.out[kind, stop[1]], ground.out_s[kind, stop[1]]
        elif k == m - 1:
            new, new_s = ground.back[kind, stop[k - 1]], ground.back_s[kind, stop[k - 1]]
        else:
            new = ground.cost[rate, stop[k - 1], stop[k + 1]]
            new_s = ground.time_s[stop[k - 1], stop[k + 1]]
    for j in range(k, m - 1):
        stop[j] = stop[j + 1]
        leg[j + 1] = leg[j + 2]
        leg_s[j + 1] = leg_s[j + 2]
    leg[k], leg_s[k] = new, new_s
    less_s = old_s - new_s + ground.service_s[p]
    rounds.size[r] = m - 1
    rounds.fleet_s[w, kind] -= less_s
    # An empty load weighs nothing: rounding of many changes must not linger in it.
    rounds.load[r] = rounds.load[r] - rounds.amount[p, w] if m > 1 else 0.0
    rounds.time_s[r] = rounds.time_s[r] - less_s if m > 1 else 0.0
    rounds.slot[p, w] = -1
    rounds.value[0] -= old - new + ground.serve[kind, p]
    return int(r)


@njit(cache=True, nogil=True)
def copy_changed(source: Rounds, target: Rounds, rows: np.ndarray, points: np.ndarray) -> None:
    """Copy the marked loads and points of `source` into `target`."""
    for r in range(rows.size):
        if rows[r]:
            m = source.size[r]
            for k in range(m):
                target.stop[r, k] = source.stop[r, k]
            for k in range(m + 1):
                target.leg[r, k] = source.leg[r, k]
                target.leg_s[r, k] = source.leg_s[r, k]
            target.size[r] = m
            target.load[r] = source.load[r]
            target.time_s[r] = source.time_s[r]
    for p in range(points.size):
        if points[p]:
            target.chosen[p] = source.chosen[p]
            for w in range(source.slot.shape[1]):
                target.slot[p, w] = source.slot[p, w]
                target.amount[p, w] = source.amount[p, w]
    target.fleet_s[:, :] = source.fleet_s
    target.value[0] = source.value[0]
