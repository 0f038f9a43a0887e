"""Put the stops in hand back, each at its cheapest place, now and then not quite.

Greedy insertion with blinks of Christiaens & Vanden Berghe 2020 (see `ruin`). A blink passes over
a position with a small probability. Drawn only for the positions that would win, from the best
down, the blinks have the same law as drawn for every position, at a hundredth of the draws.
"""

from __future__ import annotations

import numpy as np

from twin.routing.kernel.compiled import inlined
from twin.routing.kernel.dice import below, unit
from twin.routing.kernel.layout import (
    ABSENT,
    BIG,
    CAPACITY,
    COUNT,
    CREW,
    DEMAND,
    END,
    ENDS_EMPTY,
    FAR,
    KIND,
    LOADS,
    MODE,
    N_HAND,
    N_OPEN,
    NEEDS,
    PLAIN,
    PRIZE,
    ROOM,
    ROUND,
    SHEET,
    SIZE,
    SKILLS,
    TIMED,
    TOUR_SHEET,
    WORK,
    Data,
    State,
)
from twin.routing.kernel.legs import weigh
from twin.routing.kernel.rows import insert, open_round, touch
from twin.routing.kernel.scan import (
    DUMP_AFTER,
    DUMP_BEFORE,
    opening,
    scan_loads,
    scan_plain,
    scan_timed,
)

BLINK_SHARE = 0.01
LOSS_SHARE = 0.1
"""How often a stop is served at a loss: the next ones may share the round it opens."""
LARGEST_FROM, FARTHEST_FROM, NEAREST_FROM = 4, 8, 10
"""Elevenths at which one order of insertion gives way to the next."""


@inlined
def recreate(data: Data, state: State, dice: np.ndarray) -> None:
    """Insert every stop in hand, or leave it out where that costs less."""
    sums = state.sums
    _sort_hand(data, state, dice)
    for i in range(sums[N_HAND]):
        x = np.int64(state.hand[i])
        floor = -BIG
        while True:
            added, r, position = find(data, state, x, floor)
            if added >= BIG or (added >= data.stops[x, PRIZE] and unit(dice) >= LOSS_SHARE):
                state.place[x, ROUND] = ABSENT
                break
            if unit(dice) >= BLINK_SHARE:
                put(data, state, x, r, position)
                break
            floor = added


@inlined
def find(data: Data, state: State, x: int, floor: int) -> tuple[int, int, int]:
    """Return the least cost above `floor` of serving `x`: cost, round, position.

    A round of -1 - kind is a new one of that kind. The cost is BIG where there is no place.
    """
    tour, arcs, fleet = state.tour, data.arcs, data.fleet
    demand, needs = data.stops[x, DEMAND], data.stops[x, NEEDS]
    best, best_round, best_at = BIG, 0, 0
    able, n_able = state.able, 0
    for i in range(state.sums[N_OPEN]):
        # Written always, counted if able: the guess of a branch would fail too often here.
        r = np.int64(state.order[i])
        able[n_able] = r
        n_able += (tour[r, ROOM] >= demand) & ((needs & ~tour[r, SKILLS]) == 0)
    for i in range(n_able):
        r = np.int64(able[i])
        mode = tour[r, MODE]
        sheet = tour[r, TOUR_SHEET]
        if mode == PLAIN:
            best, at = scan_plain(
                state.rows, state.gaps, r, tour[r, SIZE], arcs, sheet, x, floor, best
            )
        elif mode == TIMED:
            best, at = scan_timed(
                state.rows, state.gaps, tour, r, arcs, data.times, sheet, x, floor, best
            )
        else:
            kind = tour[r, KIND]
            best, at = scan_loads(
                state.rows,
                state.gaps,
                state.holds,
                state.aboard,
                tour,
                r,
                arcs,
                data.times,
                data.via,
                sheet,
                x,
                demand,
                fleet[kind, CAPACITY],
                fleet[kind, ENDS_EMPTY],
                data.first_dump,
                fleet[kind, WORK] < BIG,
                floor,
                best,
            )
        if at >= 0:
            best_round, best_at = int(r), at
    for kind in range(len(fleet)):
        if state.used[kind] >= fleet[kind, COUNT] or demand > fleet[kind, CAPACITY]:
            continue
        if needs & ~fleet[kind, CREW]:
            continue
        added = opening(data, kind, x)
        if added < best and added > floor:
            best, best_round, best_at = added, -1 - kind, 0
    return best, best_round, best_at


@inlined
def put(data: Data, state: State, x: int, r: int, position: int) -> None:
    """Serve `x` in round r (new where negative) at a position as :func:`find` tells it."""
    if r < 0:
        kind = -1 - r
        r = open_round(data, state, kind)
        insert(data, state, r, 0, x)
        if data.fleet[kind, ENDS_EMPTY]:
            sheet, end = data.fleet[kind, SHEET], data.fleet[kind, END]
            insert(data, state, r, 1, data.via[sheet, x, end])
    else:
        touch(state, r)
        if state.tour[r, MODE] == LOADS:
            p, how = position // 3, position % 3
            a, b = np.int64(state.rows[r, p]), np.int64(state.rows[r, p + 1])
            sheet = state.tour[r, TOUR_SHEET]
            if how == DUMP_BEFORE:
                insert(data, state, r, p, data.via[sheet, a, x])
                p += 1
            insert(data, state, r, p, x)
            if how == DUMP_AFTER:
                insert(data, state, r, p + 1, data.via[sheet, x, b])
        else:
            insert(data, state, r, position, x)
    if state.tour[r, MODE] == LOADS:
        weigh(data, state, r)


@inlined
def _sort_hand(data: Data, state: State, dice: np.ndarray) -> None:
    """Sort the hand: at random, largest, farthest or nearest first, in proportion 4:4:2:1."""
    hand, key, n = state.hand, state.key, state.sums[N_HAND]
    draw = below(dice, 11)
    for i in range(n):
        x = hand[i]
        if draw < LARGEST_FROM:
            key[i] = below(dice, 1 << 30)
        elif draw < FARTHEST_FROM:
            key[i] = -data.stops[x, DEMAND]
        elif draw < NEAREST_FROM:
            key[i] = -data.stops[x, FAR]
        else:
            key[i] = data.stops[x, FAR]
    for i in range(1, n):
        x, k = hand[i], key[i]
        j = i - 1
        while j >= 0 and key[j] > k:
            key[j + 1] = key[j]
            hand[j + 1] = hand[j]
            j -= 1
        key[j + 1] = k
        hand[j + 1] = x
