"""Rounds as rows of nodes: save, cut, insert, open, close, take back."""

from __future__ import annotations

import numpy as np

from twin.routing.kernel.compiled import inlined
from twin.routing.kernel.layout import (
    ABSENT,
    AT,
    BEST,
    BIG,
    CAPACITY,
    COST,
    CREW,
    DEMAND,
    END,
    FIXED,
    HAS_DUMPS,
    IN_HAND,
    INTO,
    KIND,
    LOADS,
    MODE,
    N_BEST,
    N_HAND,
    N_MISSING,
    N_OPEN,
    N_ROUTED,
    N_TOUCHED,
    OLD_MISSING,
    OLD_OPEN,
    OLD_ROUTED,
    OUT,
    PLAIN,
    ROOM,
    ROUND,
    SHEET,
    SIZE,
    SKILLS,
    SPARE,
    STAMP,
    START,
    TIMED,
    TOTAL,
    TOUR_COLUMNS,
    TOUR_SHEET,
    WORK,
    Data,
    State,
)


@inlined
def touch(state: State, r: int) -> None:
    """Keep round `r` as it is before the first change of this move."""
    sums = state.sums
    if state.stamp[r] == sums[STAMP]:
        return
    state.stamp[r] = sums[STAMP]
    state.touched[sums[N_TOUCHED]] = r
    sums[N_TOUCHED] += 1
    size = state.tour[r, SIZE]
    for column in range(TOUR_COLUMNS):
        state.old_tour[r, column] = state.tour[r, column]
    for p in range(size + 1):
        state.old_rows[r, p] = state.rows[r, p]
        state.old_gaps[r, p] = state.gaps[r, p]
    state.old_rows[r, size + 1] = state.rows[r, size + 1]


@inlined
def open_round(data: Data, state: State, kind: int) -> int:
    """Return a fresh empty round of a kind of vehicle."""
    fleet, tour, sums = data.fleet, state.tour, state.sums
    r = state.order[sums[N_OPEN]]
    touch(state, r)
    sums[N_OPEN] += 1
    state.used[kind] += 1
    sheet = fleet[kind, SHEET]
    start, end = fleet[kind, START], fleet[kind, END]
    state.rows[r, 0], state.rows[r, 1] = start, end
    state.gaps[r, 0] = data.arcs[sheet, start, OUT, end]
    timed = fleet[kind, WORK] < BIG
    tour[r, SIZE] = 0
    tour[r, ROOM] = BIG if fleet[kind, HAS_DUMPS] else fleet[kind, CAPACITY]
    tour[r, SPARE] = fleet[kind, WORK]
    if timed:
        tour[r, SPARE] -= data.times[sheet, start, OUT, end]
    tour[r, COST] = fleet[kind, FIXED] + state.gaps[r, 0]
    tour[r, KIND], tour[r, TOUR_SHEET] = kind, sheet
    tour[r, MODE] = LOADS if fleet[kind, HAS_DUMPS] else TIMED if timed else PLAIN
    tour[r, SKILLS] = fleet[kind, CREW]
    if fleet[kind, HAS_DUMPS]:
        state.holds[r, 0] = 0
        state.aboard[r, 0] = 0
    return int(r)


@inlined
def close_round(state: State, r: int) -> None:
    """Give an empty round's vehicle back."""
    sums, order = state.sums, state.order
    state.used[state.tour[r, KIND]] -= 1
    state.tour[r, SIZE] = 0
    state.tour[r, COST] = 0
    sums[N_OPEN] -= 1
    last = sums[N_OPEN]
    for i in range(last + 1):
        if order[i] == r:
            order[i] = order[last]
            order[last] = r
            return


@inlined
def insert(data: Data, state: State, r: int, p: int, x: int) -> None:
    """Put node `x` (a stop or a dump) between positions p and p + 1; cost and time follow."""
    rows, gaps, tour, place = state.rows, state.gaps, state.tour, state.place
    size, sheet = tour[r, SIZE], tour[r, TOUR_SHEET]
    a, b = rows[r, p], rows[r, p + 1]
    if tour[r, MODE] != PLAIN and tour[r, SPARE] < BIG // 2:
        tour[r, SPARE] -= np.int64(data.times[sheet, x, INTO, a])
        tour[r, SPARE] -= data.times[sheet, x, OUT, b]
        tour[r, SPARE] += data.times[sheet, a, OUT, b]
    into, out = data.arcs[sheet, x, INTO, a], data.arcs[sheet, x, OUT, b]
    tour[r, COST] += np.int64(into) + out - gaps[r, p]
    for i in range(size + 1, p, -1):
        node = rows[r, i]
        rows[r, i + 1] = node
        gaps[r, i] = gaps[r, i - 1]
        place[node, AT] = i + 1
    rows[r, p + 1] = x
    gaps[r, p] = into
    gaps[r, p + 1] = out
    place[x, ROUND], place[x, AT] = r, p + 1
    tour[r, SIZE] = size + 1
    if x < len(data.stops):
        tour[r, ROOM] -= data.stops[x, DEMAND]


@inlined
def cut(data: Data, state: State, r: int, low: int, high: int, keep: int, until: int) -> None:
    """Take positions low to high - 1 out of a round, but for keep to until - 1, into the hand."""
    rows, gaps, tour, place, sums = state.rows, state.gaps, state.tour, state.place, state.sums
    size = tour[r, SIZE]
    charge(data, state, r, low - 1, high, -1)
    q = low
    for p in range(low, high):
        node = rows[r, p]
        if keep <= p < until:
            rows[r, q] = node
            place[node, AT] = q
            q += 1
        elif node < len(data.stops):
            place[node, ROUND] = IN_HAND
            state.hand[sums[N_HAND]] = node
            sums[N_HAND] += 1
            tour[r, ROOM] += data.stops[node, DEMAND]
    seam = q
    for p in range(high, size + 2):
        node = rows[r, p]
        rows[r, q] = node
        gaps[r, q] = gaps[r, p]
        place[node, AT] = q
        q += 1
    tour[r, SIZE] = q - 2
    for p in range(low - 1, seam):
        gaps[r, p] = data.arcs[tour[r, TOUR_SHEET], rows[r, p], OUT, rows[r, p + 1]]
    charge(data, state, r, low - 1, seam, 1)


@inlined
def charge(data: Data, state: State, r: int, low: int, high: int, sign: int) -> None:
    """Add (or with sign -1 take off) the gaps low to high - 1 to a round's cost and time."""
    rows, gaps, tour = state.rows, state.gaps, state.tour
    cost = np.int64(0)
    for p in range(low, high):
        cost += gaps[r, p]
    tour[r, COST] += sign * cost
    if tour[r, MODE] != PLAIN and tour[r, SPARE] < BIG // 2:
        took = np.int64(0)
        for p in range(low, high):
            took += data.times[tour[r, TOUR_SHEET], rows[r, p], OUT, rows[r, p + 1]]
        tour[r, SPARE] -= sign * took


@inlined
def take_back(state: State) -> None:
    """Undo the move under way: every touched round as it was, the hand empty."""
    sums, tour = state.sums, state.tour
    for i in range(sums[N_HAND]):
        state.place[state.hand[i], ROUND] = ABSENT
        state.place[state.hand[i], AT] = -1
    for i in range(sums[N_TOUCHED]):
        r = state.touched[i]
        for column in range(TOUR_COLUMNS):
            tour[r, column] = state.old_tour[r, column]
        size = tour[r, SIZE]
        if size == 0:
            continue
        for p in range(size + 1):
            node = state.old_rows[r, p]
            state.rows[r, p] = node
            state.gaps[r, p] = state.old_gaps[r, p]
            state.place[node, ROUND], state.place[node, AT] = r, p
        state.rows[r, size + 1] = state.old_rows[r, size + 1]
    for i in range(len(state.order)):
        state.order[i] = state.old_order[i]
    for kind in range(len(state.used)):
        state.used[kind] = state.old_used[kind]
    sums[N_OPEN] = sums[OLD_OPEN]
    sums[N_ROUTED] = sums[OLD_ROUTED]
    sums[N_MISSING] = sums[OLD_MISSING]


@inlined
def keep_best(state: State) -> None:
    """Copy the rounds as they are into the best."""
    sums = state.sums
    for i in range(sums[N_OPEN]):
        r = state.order[i]
        for column in range(TOUR_COLUMNS):
            state.best_tour[i, column] = state.tour[r, column]
        for p in range(state.tour[r, SIZE] + 2):
            state.best_rows[i, p] = state.rows[r, p]
    sums[N_BEST] = sums[N_OPEN]
    sums[BEST] = sums[TOTAL]
