"""Rounds of several loads: what each leg holds, and where unloading costs least.

For a given order of stops the best unloadings are a shortest path over the cuts between legs, the
split of Beasley, *Route first, cluster second*, Omega 11 (1983), 10.1016/0305-0483(83)90033-6,
with the cheapest dump between two stops on each cut.
"""

from __future__ import annotations

import numpy as np

from twin.routing.kernel.compiled import compiled
from twin.routing.kernel.layout import (
    AT,
    BIG,
    CAPACITY,
    COST,
    CREW,
    DEMAND,
    END,
    ENDS_EMPTY,
    FIXED,
    HAS_DUMPS,
    KIND,
    LOADS,
    MODE,
    NEEDS,
    OUT,
    PLAIN,
    ROOM,
    ROUND,
    SHEET,
    SIZE,
    SKILLS,
    SPARE,
    START,
    TIMED,
    TOUR_SHEET,
    WORK,
    Data,
    State,
)


@compiled
def weigh(data: Data, state: State, r: int) -> None:
    """Recount what a round has aboard at each node and what each of its legs holds."""
    rows, holds, aboard = state.rows, state.holds, state.aboard
    size, n, first = state.tour[r, SIZE], len(data.stops), 0
    load = np.int64(0)
    aboard[r, 0] = 0
    for p in range(1, size + 2):
        node = rows[r, p]
        if node < n:
            load += data.stops[node, DEMAND]
            aboard[r, p] = load
            continue
        for i in range(first, p):
            holds[r, i] = load
        load, first = np.int64(0), p
        aboard[r, p] = 0


@compiled
def stops_of(data: Data, state: State, r: int) -> int:
    """Copy a round's stops, without its unloadings, into scratch 0; return how many."""
    m = 0
    for p in range(1, state.tour[r, SIZE] + 1):
        if state.rows[r, p] < len(data.stops):
            state.scratch[0, m] = state.rows[r, p]
            m += 1
    return m


@compiled
def price(data: Data, state: State, m: int, kind: int) -> tuple[int, int]:
    """Return cost and time of the stops in scratch 0 served in order by a kind of vehicle.

    The cost is BIG where the kind cannot. Scratch 3 then holds 1 where it unloads after a stop.
    """
    fleet, stops, scratch = data.fleet, data.stops, state.scratch
    sheet, node = fleet[kind, SHEET], fleet[kind, START]
    load, needs, cost = np.int64(0), np.int64(0), fleet[kind, FIXED]
    for i in range(m):
        x = scratch[0, i]
        cost += data.arcs[sheet, node, OUT, x]
        node = x
        load += stops[x, DEMAND]
        needs |= stops[x, NEEDS]
        scratch[3, i] = 0
    cost += data.arcs[sheet, node, OUT, fleet[kind, END]]
    if needs & ~fleet[kind, CREW]:
        return BIG, 0
    if fleet[kind, HAS_DUMPS]:
        extra = _place_dumps(data, state, m, kind)
        if extra == BIG:
            return BIG, 0
        cost += extra
    elif load > fleet[kind, CAPACITY]:
        return BIG, 0
    if fleet[kind, WORK] == BIG:
        return cost, 0
    return cost, _duration(data, state, m, kind)


@compiled
def _duration(data: Data, state: State, m: int, kind: int) -> int:
    """Return the working time of the stops in scratch 0 with the unloadings of scratch 3."""
    fleet, times, scratch = data.fleet, data.times, state.scratch
    sheet, node = fleet[kind, SHEET], fleet[kind, START]
    took = np.int64(0)
    for i in range(m):
        x = scratch[0, i]
        took += times[sheet, node, OUT, x]
        node = x
        if scratch[3, i]:
            node = np.int64(data.via[sheet, x, _after(data, state, m, kind, i)])
            took += times[sheet, x, OUT, node]
    return int(took + times[sheet, node, OUT, fleet[kind, END]])


@compiled
def _after(data: Data, state: State, m: int, kind: int, i: int) -> int:
    """Return the node after stop `i` of scratch 0: the next stop, or the end."""
    return int(state.scratch[0, i + 1] if i + 1 < m else data.fleet[kind, END])


@compiled
def _place_dumps(data: Data, state: State, m: int, kind: int) -> int:
    """Choose the unloadings of least cost; return what they add, BIG if none will do.

    Scratch 1 holds the least added cost of the unloadings up to one after stop j, scratch 2 the
    unloading before it (-1: none). Stop m stands for coming home loaded.
    """
    fleet, arcs, stops, scratch = data.fleet, data.arcs, data.stops, state.scratch
    sheet, capacity = fleet[kind, SHEET], fleet[kind, CAPACITY]
    if m == 0:
        return 0
    for j in range(m + 1):
        added, load = np.int64(0), np.int64(0)
        if j < m:
            x, after = scratch[0, j], _after(data, state, m, kind, j)
            y = np.int64(data.via[sheet, x, after])
            added += arcs[sheet, x, OUT, y]
            added += arcs[sheet, y, OUT, after]
            added -= arcs[sheet, x, OUT, after]
            load = stops[x, DEMAND]
        best, from_cut, i = BIG, -1, j - 1
        while load <= capacity:
            before = int(scratch[1, i]) if i >= 0 else 0
            if before < best:
                best, from_cut = before, i
            if i < 0:
                break
            load += stops[scratch[0, i], DEMAND]
            i -= 1
        scratch[1, j] = min(best + added, BIG)
        scratch[2, j] = from_cut
    j = m - 1 if fleet[kind, ENDS_EMPTY] else m
    total = scratch[1, j]
    while j >= 0 and total < BIG:
        if j < m:
            scratch[3, j] = 1
        j = scratch[2, j]
    return int(total)


@compiled
def rewrite(data: Data, state: State, r: int, m: int, kind: int, cost: int, took: int) -> None:
    """Make round `r` the stops of scratch 0 and unloadings of scratch 3, by a kind of vehicle."""
    fleet, tour, rows = data.fleet, state.tour, state.rows
    sheet = fleet[kind, SHEET]
    load, p = np.int64(0), 0
    rows[r, 0] = fleet[kind, START]
    for i in range(m):
        x = state.scratch[0, i]
        load += data.stops[x, DEMAND]
        p += 1
        rows[r, p] = x
        state.place[x, ROUND], state.place[x, AT] = r, p
        if state.scratch[3, i]:
            p += 1
            rows[r, p] = data.via[sheet, x, _after(data, state, m, kind, i)]
    rows[r, p + 1] = fleet[kind, END]
    for i in range(p + 1):
        state.gaps[r, i] = data.arcs[sheet, rows[r, i], OUT, rows[r, i + 1]]
    timed = fleet[kind, WORK] < BIG
    state.used[tour[r, KIND]] -= 1
    state.used[kind] += 1
    tour[r, SIZE] = p
    tour[r, ROOM] = BIG if fleet[kind, HAS_DUMPS] else fleet[kind, CAPACITY] - load
    tour[r, SPARE] = fleet[kind, WORK] - took
    tour[r, COST] = cost
    tour[r, KIND], tour[r, TOUR_SHEET] = kind, sheet
    tour[r, MODE] = LOADS if fleet[kind, HAS_DUMPS] else TIMED if timed else PLAIN
    tour[r, SKILLS] = fleet[kind, CREW]
    if fleet[kind, HAS_DUMPS]:
        weigh(data, state, r)
