"""All best ways between points from the record of an elimination.

In the order of elimination every best way first climbs (each node goes before the next) and then
descends. One climb per source visits only the nodes above it; one descent serves many sources at
once, node by node, in plain loops over arrays. Exact, and no queue is kept: the query of
customizable contraction hierarchies (Dibbelt, Strasser & Wagner 2016, 10.1145/2886843), with the
descent restricted to what lies above the points (Delling, Goldberg & Werneck 2011).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.roads.eliminate import Record

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BATCH = 64
"""Sources served by one descent; their labels fit the processor's cache."""


@njit(cache=True)
def _above(record: Record, nodes: int, points: Integers) -> tuple[Integers, Integers]:
    """Return the ranks that lie above the points, and each node's place among them (or -1)."""
    count = len(record.order)
    rank = np.empty(nodes, np.int64)
    for i in range(count):
        rank[record.order[i]] = i
    needed = np.zeros(count, np.bool_)
    for point in points:
        needed[rank[point]] = True
    ranks = np.empty(count, np.int64)
    place = np.full(nodes, -1, np.int64)
    size = 0
    for i in range(count):
        if needed[i]:
            place[record.order[i]] = size
            ranks[size] = i
            size += 1
            for k in range(record.starts[i], record.starts[i + 1]):
                needed[rank[record.end[k]]] = True
    return ranks[:size], place


@njit(cache=True)
def _climb(
    record: Record, ranks: Integers, place: Integers, start: int, column: int,
    cost: Floats, load: Floats,
) -> None:  # fmt: skip
    """Label what lies above one source."""
    at = start
    while at >= 0:
        best = cost[at, column]
        carried = load[at, column]
        parent = np.int64(-1)
        i = ranks[at]
        for k in range(record.starts[i], record.starts[i + 1]):
            up = place[record.end[k]]
            # The neighbour that went first has all the others above it.
            if parent < 0 or up < parent:
                parent = up
            c, f = best + record.out_cost[k], carried + record.out_load[k]
            if c < cost[up, column] or (c == cost[up, column] and f < load[up, column]):
                cost[up, column], load[up, column] = c, f
        at = int(parent)


@njit(cache=True)
def _descend(record: Record, ranks: Integers, place: Integers, cost: Floats, load: Floats) -> None:
    """Label everything else from above, all columns at once."""
    columns = cost.shape[1]
    for at in range(len(ranks) - 1, -1, -1):
        i = ranks[at]
        to_cost, to_load = cost[at], load[at]
        for k in range(record.starts[i], record.starts[i + 1]):
            step, carried = record.in_cost[k], record.in_load[k]
            if step == np.inf:
                continue
            up = place[record.end[k]]
            from_cost, from_load = cost[up], load[up]
            for column in range(columns):
                c, f = from_cost[column] + step, from_load[column] + carried
                best, before = to_cost[column], to_load[column]
                better = (c < best) | ((c == best) & (f < before))
                to_cost[column] = c if better else best
                to_load[column] = f if better else before


@njit(cache=True)
def sweep(record: Record, nodes: int, points: Integers) -> tuple[Floats, Floats]:
    """Return cost and load of the best way from each point (row) to each (column).

    Infinite where there is none. The record must hold the elimination of every node.
    """
    ranks, place = _above(record, nodes, points)
    count = len(points)
    all_cost = np.empty((count, count))
    all_load = np.empty((count, count))
    for first in range(0, count, BATCH):
        width = min(BATCH, count - first)
        cost = np.full((len(ranks), width), np.inf)
        load = np.full((len(ranks), width), np.inf)
        for column in range(width):
            start = place[points[first + column]]
            cost[start, column] = 0.0
            load[start, column] = 0.0
            _climb(record, ranks, place, start, column, cost, load)
        _descend(record, ranks, place, cost, load)
        for column in range(width):
            for other in range(count):
                at = place[points[other]]
                all_cost[first + column, other] = cost[at, column]
                all_load[first + column, other] = load[at, column]
    return all_cost, all_load
