"""Sectors: stretches of one tour through every point, of equal load (route first, cluster second).

Beasley (1983, 10.1016/0305-0483(83)90033-6). Only road distances are used, so a sector never
straddles a river that no bridge crosses.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def giant_tour(distance_m: Floats, out_m: Floats) -> Ints:
    """Return an order of all points: nearest first from the depot, then mended by 2-opt.

    Parameters
    ----------
    distance_m
        Shape (n, n); there and back are added up, hence the tour has no direction.
    out_m
        Shape (n,): from the depot.
    """
    both = np.ascontiguousarray(distance_m + distance_m.T)
    order = np.empty(len(out_m), dtype=np.int64)
    _mended(both, np.asarray(2.0 * out_m, dtype=np.float64), order)
    return order


def cut(order: Ints, weight: Floats, sectors: int) -> Ints:
    """Return each point's sector, 0 to `sectors` - 1: stretches of `order` of near equal weight."""
    along = np.cumsum(weight[order]) - 0.5 * weight[order]
    total = float(weight.sum())
    share = along / total if total > 0.0 else (np.arange(len(order)) + 0.5) / len(order)
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.minimum((share * sectors).astype(np.int64), sectors - 1)
    return found


@njit(cache=True, nogil=True)
def _mended(both: np.ndarray, ends: np.ndarray, order: np.ndarray) -> None:
    n = order.size
    left = np.ones(n, dtype=np.bool_)
    here = -1
    for k in range(n):
        row = ends if here < 0 else both[here]
        least, found = np.inf, -1
        for j in range(n):
            if left[j] and row[j] < least:
                least, found = row[j], j
        order[k] = found
        left[found] = False
        here = found
    better = True
    while better:
        better = _two_opt(both, ends, order)


@njit(cache=True, nogil=True)
def _step(both: np.ndarray, ends: np.ndarray, order: np.ndarray, i: int, j: int) -> float:
    """Return the length between places i and j of the tour; -1 and n are the depot."""
    n = order.size
    if i < 0 or i >= n:
        return 0.0 if j < 0 or j >= n else float(ends[order[j]])
    return float(ends[order[i]] if j < 0 or j >= n else both[order[i], order[j]])


@njit(cache=True, nogil=True)
def _two_opt(both: np.ndarray, ends: np.ndarray, order: np.ndarray) -> bool:
    """Reverse every stretch whose reversal shortens the tour; return whether one did."""
    n = order.size
    found = False
    for i in range(n - 1):
        for j in range(i + 1, n):
            old = _step(both, ends, order, i - 1, i) + _step(both, ends, order, j, j + 1)
            new = _step(both, ends, order, i - 1, j) + _step(both, ends, order, i, j + 1)
            if new < old - 1e-6:
                order[i : j + 1] = order[i : j + 1][::-1].copy()
                found = True
    return found
