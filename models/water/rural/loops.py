"""Pipes that close loops in a village."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.rural.settings import ShapeSection

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FLOOR_M = 15.0
"""A loop joins no two places further apart in height: pressures are kept floor by floor [U]."""
WAY_ROUND = 2.5
"""A pipe is worth a loop where the way along the tree is so many times longer [U]."""


def close_loops(
    x_m: Floats,
    y_m: Floats,
    ground_m: Floats,
    parent: Ints,
    inside: Bools,
    population: int,
    shape: ShapeSection,
) -> Ints:
    """Return pairs of nodes to join, shape (loops, 2).

    Candidates are pairs of nodes both `inside` the village, whose circle holds no third node
    (Gabriel & Sokal 1969), that cross no pipe and are not joined already; the shortest are taken,
    a share of them that grows with the logarithm of the population.

    Parameters
    ----------
    x_m, y_m, ground_m, parent
        The tree, shape (nodes,).
    inside
        Which nodes stand in the village.
    population
        Inhabitants of the commune.
    shape
        The shares.
    """
    rows = np.flatnonzero(inside)
    pairs, length_m = _candidates(x_m, y_m, parent, rows, WAY_ROUND)
    level = np.abs(ground_m[pairs[:, 0]] - ground_m[pairs[:, 1]]) <= FLOOR_M
    pairs, length_m = pairs[level], length_m[level]
    decades = np.log10(max(population, 1) / 500.0)
    share = min(max(shape.loop_share + shape.loop_share_per_decade * decades, 0.0), 1.0)
    keep = np.argsort(length_m, kind="stable")[: round(share * len(pairs))]
    return np.asarray(pairs[np.sort(keep)], dtype=np.int64)


@njit(cache=True)
def on_loops(parent: Ints, order: Ints, pairs: Ints) -> Bools:
    """Return for each node whether the pipe above it lies on a loop; shape (nodes,)."""
    n = len(parent)
    depth = np.zeros(n, dtype=np.int64)
    for i in order:
        if parent[i] >= 0:
            depth[i] = depth[parent[i]] + 1
    looped = np.zeros(n, dtype=np.bool_)
    for k in range(len(pairs)):
        a, b = pairs[k, 0], pairs[k, 1]
        while a != b:
            if depth[a] >= depth[b]:
                looped[a] = True
                a = parent[a]
            else:
                looped[b] = True
                b = parent[b]
    return looped


@njit(cache=True)
def _side(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> float:
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)


@njit(cache=True)
def _crosses(x: Floats, y: Floats, a: int, b: int, parent: Ints) -> bool:
    for c in range(len(parent)):
        d = parent[c]
        if d < 0 or c in (a, b) or d in (a, b):
            continue
        one = _side(x[a], y[a], x[b], y[b], x[c], y[c])
        two = _side(x[a], y[a], x[b], y[b], x[d], y[d])
        three = _side(x[c], y[c], x[d], y[d], x[a], y[a])
        four = _side(x[c], y[c], x[d], y[d], x[b], y[b])
        if one * two < 0.0 and three * four < 0.0:
            return True
    return False


@njit(cache=True)
def _way(x: Floats, y: Floats, parent: Ints, depth: Ints, a: int, b: int) -> float:
    total = 0.0
    while a != b:
        if depth[a] < depth[b]:
            a, b = b, a
        total += np.hypot(x[a] - x[parent[a]], y[a] - y[parent[a]])
        a = parent[a]
    return total


@njit(cache=True)
def _candidates(
    x: Floats, y: Floats, parent: Ints, rows: Ints, way_round: float
) -> tuple[Ints, Floats]:
    n = len(parent)
    depth = np.zeros(n, dtype=np.int64)
    for i in range(n):
        at = i
        while parent[at] >= 0:
            at = parent[at]
            depth[i] += 1
    pairs = np.empty((3 * len(rows) + 3, 2), dtype=np.int64)
    length = np.empty(3 * len(rows) + 3)
    found = 0
    for p in range(len(rows)):
        for q in range(p):
            a, b = rows[p], rows[q]
            if parent[a] == b or parent[b] == a:
                continue
            mx, my = 0.5 * (x[a] + x[b]), 0.5 * (y[a] + y[b])
            square = (x[a] - mx) ** 2 + (y[a] - my) ** 2
            free = True
            for c in range(n):
                if c not in (a, b) and (x[c] - mx) ** 2 + (y[c] - my) ** 2 < square:
                    free = False
                    break
            if not free or _crosses(x, y, a, b, parent):
                continue
            away = 2.0 * np.sqrt(square)
            if _way(x, y, parent, depth, a, b) < way_round * away or found == len(pairs):
                continue
            pairs[found, 0], pairs[found, 1], length[found] = b, a, away
            found += 1
    return pairs[:found], length[:found]
