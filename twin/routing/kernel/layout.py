"""What the compiled search reads and writes: arrays of whole numbers, and the names of columns.

Costs, times and demands are whole multiples of a quantum (a power of two, so whole inputs stay
exact): sums carry no rounding, and the order of additions changes no bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# Columns of `Data.stops`: one row per stop.
DEMAND, PRIZE, NEEDS, FAR = range(4)
STOP_COLUMNS = 4

# Columns of `Data.fleet`: one row per kind of vehicle.
START, END, COUNT, CAPACITY, WORK, FIXED, CREW, SHEET, HAS_DUMPS, ENDS_EMPTY = range(10)
FLEET_COLUMNS = 10

# Columns of `State.tour`: one row, one cache line, per round.
# SIZE: nodes between the gates. ROOM: capacity left (BIG where it unloads on the way). SPARE:
# working time left. MODE: which scan.
SIZE, ROOM, SPARE, COST, KIND, TOUR_SHEET, MODE, SKILLS = range(8)
TOUR_COLUMNS = 8
PLAIN, TIMED, LOADS = range(3)
"""Modes of a round: capacity only; working time too; several loads, emptied on the way."""

# Columns of `State.place`: where a stop is.
ROUND, AT = range(2)
ABSENT, IN_HAND = -1, -2

# Directions of `Data.arcs` and `Data.times`.
INTO, OUT = range(2)

# Entries of `State.sums`.
# Open rounds, rounds touched, stops in hand, stops in rounds, required stops in none; the number of
# the move; cost now and best; rounds of the best. OLD: as they were before the move.
N_OPEN, N_ROUTED, N_MISSING, OLD_OPEN, OLD_ROUTED, OLD_MISSING, N_TOUCHED, N_HAND = range(8)
STAMP, TOTAL, BEST, N_BEST = range(8, 12)
SUMS = 12

BIG = 1 << 60
REQUIRED = 1 << 44
"""Cost of leaving a required stop out: above any cost of rounds (see `prepare`)."""
ARC_LIMIT = float(1 << 28)
FIXED_LIMIT = float(1 << 40)
PRIZE_LIMIT = float(1 << 43)


class Data(NamedTuple):
    """A problem in whole numbers.

    Nodes: the stops, then gates (starts and ends), then dumps. A *sheet* is a set of prices and
    dumps that kinds of vehicle share.

    Attributes
    ----------
    arcs
        int32, (sheets, nodes, 2, nodes): `arcs[s, i, INTO, j]` is the cost from j to i,
        `arcs[s, i, OUT, j]` from i to j; the cost of serving (or unloading at) the node reached
        is in the arc that reaches it.
    times
        The same for working time; one zero where no kind of vehicle limits it.
    via
        int32, (sheets, nodes, nodes): the dump with the least detour between two nodes.
    near
        uint16, (stops, k): each stop and its nearest, itself first.
    stops, fleet
        int64, columns above.
    first_dump
        The first node that is a dump.
    """

    arcs: np.ndarray
    times: np.ndarray
    via: np.ndarray
    near: np.ndarray
    stops: np.ndarray
    fleet: np.ndarray
    first_dump: int


class State(NamedTuple):
    """The rounds as they are, as they were before the move, and the best seen.

    Attributes
    ----------
    rows, gaps
        uint16 and int32, (rounds, positions): nodes of a round, gate to gate, and the cost from
        each to the next.
    holds, aboard
        int64, alike: for rounds of several loads, the load of the whole leg between two
        unloadings, and what is aboard on leaving each node. Empty where nobody unloads.
    tour, place
        Columns above.
    order
        Rounds; the first `sums[N_OPEN]` are open.
    used
        Rounds open by kind of vehicle.
    touched, stamp
        Rounds changed by the move under way, and the last move that changed each.
    able
        Scratch: rounds that have room for a stop.
    hand, key
        Stops taken out, and what they are sorted by.
    sums
        Counters above.
    old_rows, old_gaps, old_tour, old_order, old_used
        What a refused move puts back.
    best_rows, best_tour
        The best plan: as many rounds as `sums[N_BEST]`.
    scratch
        int64, (4, positions).
    """

    rows: np.ndarray
    gaps: np.ndarray
    holds: np.ndarray
    aboard: np.ndarray
    tour: np.ndarray
    place: np.ndarray
    order: np.ndarray
    used: np.ndarray
    touched: np.ndarray
    stamp: np.ndarray
    able: np.ndarray
    hand: np.ndarray
    key: np.ndarray
    sums: np.ndarray
    old_rows: np.ndarray
    old_gaps: np.ndarray
    old_tour: np.ndarray
    old_order: np.ndarray
    old_used: np.ndarray
    best_rows: np.ndarray
    best_tour: np.ndarray
    scratch: np.ndarray
