"""The tree of mains: from the tower to every place, with tees where pipes part."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLIMB = 15.0
"""Metres of way that a metre of climb or fall is worth [U]."""
SHORTEST_TEE_M = 120.0
"""Pipes shorter than this part at their place, not at a tee on the way."""
SHORTEST_STEM_M = 15.0
WIDEST_COSINE = -0.4
"""Two pipes further apart than this angle have no tee worth the search."""
WORTH = 0.03
"""Share of two pipes' length that a tee must save."""


class Tree(NamedTuple):
    """Places (given ones first, then tees) and what each hangs on; -1 for the root."""

    x_m: Floats
    y_m: Floats
    parent: Ints


def grow(x_m: Floats, y_m: Floats, ground_m: Floats, root: int, straightness: float) -> Tree:
    """Return a tree over all places, with tees.

    Prim-Dijkstra trade-off (Alpert et al. 1995, 10.1109/43.384413): the next place to join is the
    one of least distance plus `straightness` times the way from the root; 0 gives the shortest
    tree, 1 the shortest ways. A metre of climb or fall counts as CLIMB metres, so that mains keep
    to one height where they can. Where two pipes leave a place at less than about 120 degrees, the
    tee that makes the three pipes shortest (Fermat's point) is added if it saves enough.
    """
    parent = _prim_dijkstra(x_m, y_m, CLIMB * ground_m, root, straightness)
    most = len(x_m) + len(x_m) // 2
    x, y, above = np.full(most, np.nan), np.full(most, np.nan), np.full(most, -1, dtype=np.int64)
    x[: len(x_m)], y[: len(x_m)], above[: len(x_m)] = x_m, y_m, parent
    count = _tees(x, y, above, len(x_m))
    return Tree(x[:count], y[:count], above[:count])


@njit(cache=True)
def topological(parent: Ints) -> Ints:
    """Return the nodes of a tree, each after its parent; shape (nodes,)."""
    n = len(parent)
    first, following = np.full(n, -1, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    order = np.empty(n, dtype=np.int64)
    tail = 0
    for i in range(n - 1, -1, -1):
        if parent[i] < 0:
            order[tail] = i
            tail += 1
        else:
            following[i] = first[parent[i]]
            first[parent[i]] = i
    head = 0
    while head < tail:
        child = first[order[head]]
        while child >= 0:
            order[tail] = child
            tail += 1
            child = following[child]
        head += 1
    return order


@njit(cache=True)
def _prim_dijkstra(x: Floats, y: Floats, z: Floats, root: int, straightness: float) -> Ints:
    n = len(x)
    parent = np.full(n, -1, dtype=np.int64)
    cost, way = np.full(n, np.inf), np.zeros(n)
    joined = np.zeros(n, dtype=np.bool_)
    cost[root] = 0.0
    for _ in range(n):
        near = -1
        for i in range(n):
            if not joined[i] and (near < 0 or cost[i] < cost[near]):
                near = i
        joined[near] = True
        if parent[near] >= 0:
            above = parent[near]
            way[near] = way[above] + np.hypot(x[near] - x[above], y[near] - y[above])
        for i in range(n):
            if not joined[i]:
                step = np.hypot(x[i] - x[near], y[i] - y[near]) + np.abs(z[i] - z[near])
                step += straightness * way[near]
                if step < cost[i]:
                    cost[i] = step
                    parent[i] = near
    return parent


@njit(cache=True)
def _fermat(
    ax: float, ay: float, bx: float, by: float, cx: float, cy: float
) -> tuple[float, float]:
    """Return the point of least total distance to three others (Weiszfeld's iteration)."""
    x, y = (ax + bx + cx) / 3.0, (ay + by + cy) / 3.0
    for _ in range(40):
        wa = 1.0 / max(np.hypot(x - ax, y - ay), 1e-3)
        wb = 1.0 / max(np.hypot(x - bx, y - by), 1e-3)
        wc = 1.0 / max(np.hypot(x - cx, y - cy), 1e-3)
        total = wa + wb + wc
        x, y = (wa * ax + wb * bx + wc * cx) / total, (wa * ay + wb * by + wc * cy) / total
    return x, y


@njit(cache=True)
def _tee(x: Floats, y: Floats, u: int, v: int, w: int) -> tuple[float, float, float]:
    """Return the tee of pipes u-v and u-w and what it saves, 0 where it is not worth it."""
    long_v, long_w = np.hypot(x[v] - x[u], y[v] - y[u]), np.hypot(x[w] - x[u], y[w] - y[u])
    dot = (x[v] - x[u]) * (x[w] - x[u]) + (y[v] - y[u]) * (y[w] - y[u])
    if min(long_v, long_w) < SHORTEST_TEE_M or dot < WIDEST_COSINE * long_v * long_w:
        return 0.0, 0.0, 0.0
    sx, sy = _fermat(x[u], y[u], x[v], y[v], x[w], y[w])
    stem = np.hypot(sx - x[u], sy - y[u])
    after = stem + np.hypot(sx - x[v], sy - y[v]) + np.hypot(sx - x[w], sy - y[w])
    gain = long_v + long_w - after
    if gain < WORTH * (long_v + long_w) or stem < SHORTEST_STEM_M:
        return 0.0, 0.0, 0.0
    return sx, sy, gain


@njit(cache=True)
def _tees(x: Floats, y: Floats, parent: Ints, count: int) -> int:
    """Add tees in place, the most saving one first; return the number of nodes."""
    given = count
    while count < len(x) and count - given < given // 2:
        most, below, beside = 0.0, -1, -1
        for v in range(count):
            u = parent[v]
            if u < 0 or u >= given:  # a tee parts three pipes already
                continue
            # Its partner is an elder sibling, or the pipe above their common place.
            for w in range(-1, v):
                other = parent[u] if w < 0 else w
                if other < 0 or (w >= 0 and parent[w] != u):
                    continue
                sx, sy, gain = _tee(x, y, u, v, other)
                if gain > most:
                    most, below, beside = gain, v, other
                    x[count], y[count] = sx, sy
        if below < 0:
            break
        place = parent[below]
        parent[below] = count
        if parent[place] == beside:
            parent[count], parent[place] = beside, count
        else:
            parent[beside], parent[count] = count, place
        count += 1
    return count
