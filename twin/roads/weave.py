"""Arcs woven into links: one per pair of neighbours, both ways side by side.

Half-link 2k of link k belongs to one end, 2k + 1 to the other: the twin of half-link h is h ^ 1.
Each node's half-links are a chain from `first[node]` through `after`. Half-link h leads to
`end[h]`; driving that way costs `cost[h]` and carries `load[h]` along; the way back is the twin's.
Costs are compared first, loads break ties, and a way that is closed costs infinity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Links(NamedTuple):
    """Links as above; `used` half-links of the arrays' length are in use."""

    first: NDArray[np.int64]
    end: NDArray[np.int32]
    after: NDArray[np.int32]
    cost: Floats
    load: Floats
    used: int


@njit(cache=True)
def weave(nodes: int, tail: Integers, head: Integers, cost: Floats, load: Floats) -> Links:
    """Return arcs as links: loops dropped, parallel arcs reduced to the best of each direction.

    Parameters
    ----------
    nodes
        How many.
    tail, head, cost, load
        One entry per arc, shape (arcs,).
    """
    first = np.full(nodes, -1, np.int64)
    degree = np.zeros(nodes, np.int64)
    room = 2 * len(tail)
    end = np.empty(room, np.int32)
    after = np.empty(room, np.int32)
    new_cost = np.full(room, np.inf)
    new_load = np.full(room, np.inf)
    used = 0
    for arc in range(len(tail)):
        u, w = tail[arc], head[arc]
        if u == w:
            continue
        # The shorter chain is searched, so that a hub costs no more than a hamlet.
        short, other = (u, w) if degree[u] <= degree[w] else (w, u)
        half = first[short]
        while half >= 0 and end[half] != other:
            half = after[half]
        if half < 0:
            half = used
            used += 2
            end[half], end[half + 1] = other, short
            after[half], after[half + 1] = first[short], first[other]
            first[short], first[other] = half, half + 1
            degree[short] += 1
            degree[other] += 1
        way = half if short == u else half ^ 1
        better = cost[arc] < new_cost[way]
        if better or (cost[arc] == new_cost[way] and load[arc] < new_load[way]):
            new_cost[way], new_load[way] = cost[arc], load[arc]
    return Links(first, end, after, new_cost, new_load, used)
