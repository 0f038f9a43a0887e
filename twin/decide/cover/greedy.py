"""Greedy choice by need met per euro, evaluated lazily, and the pruning of what became superfluous.

Minoux, *Accelerated greedy algorithms for maximizing submodular set functions*, Optimization
Techniques, LNCIS 7 (1978) 234-243, 10.1007/BFb0006528: a gain only shrinks, so a stale value is an
upper bound and only the top of the heap is recomputed. The gain of a column is the weight of its
rows still short of their need in a target still open: submodular for every redundancy. The cost is
within H(n) of the optimum for FULL (Dobson, Math. Oper. Res. 7 (1982) 515-531,
10.1287/moor.7.4.515).
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.decide.cover.core import Core


def greedy(core: Core) -> NDArray[np.bool_]:
    """Return a mask of chosen columns: every target met, or the cap reached."""
    chosen: NDArray[np.bool_] = _greedy(
        core.indptr,
        core.indices,
        core.col_indptr,
        core.col_indices,
        core.need,
        core.weight,
        core.cost,
        core.labels,
        core.required,
        core.cap,
    )
    return chosen


@njit(cache=True, nogil=True)
def _gain(
    col: int,
    col_indptr: np.ndarray,
    col_indices: np.ndarray,
    left: np.ndarray,
    weight: np.ndarray,
    labels: np.ndarray,
    short: np.ndarray,
) -> float:
    total = 0.0
    for p in range(col_indptr[col], col_indptr[col + 1]):
        row = col_indices[p]
        if left[row] > 0:
            for layer in range(labels.shape[0]):
                if labels[layer, row] >= 0 and short[labels[layer, row]] > 0.0:
                    total += weight[row]
                    break
    return total


@njit(cache=True, nogil=True)
def _greedy(
    indptr: np.ndarray,
    indices: np.ndarray,
    col_indptr: np.ndarray,
    col_indices: np.ndarray,
    need: np.ndarray,
    weight: np.ndarray,
    cost: np.ndarray,
    labels: np.ndarray,
    required: np.ndarray,
    cap: float,
) -> np.ndarray:
    n_cols = cost.size
    left = need.copy()
    # Sums of weights that are not whole numbers carry noise: a target is met but for 1e-10 of all.
    short = required - 1e-10 * weight.sum()
    cheap = 1e-6 * max(cost.max(), 1e-300) if n_cols > 0 else 1.0
    chosen = np.zeros(n_cols, dtype=np.bool_)
    spent = 0.0
    heap = [(0.0, -1)]
    heap.pop()
    for col in range(n_cols):
        gain = _gain(col, col_indptr, col_indices, left, weight, labels, short)
        if gain > 0.0:
            heap.append((-gain / max(cost[col], cheap), col))
    heapq.heapify(heap)
    while len(heap) > 0 and short.max() > 0.0:
        _, col = heapq.heappop(heap)
        if spent + cost[col] > cap:
            continue
        gain = _gain(col, col_indptr, col_indices, left, weight, labels, short)
        if gain <= 0.0:
            continue
        fresh = (-gain / max(cost[col], cheap), col)
        if len(heap) > 0 and fresh > heap[0]:
            heapq.heappush(heap, fresh)
            continue
        chosen[col] = True
        spent += cost[col]
        for p in range(col_indptr[col], col_indptr[col + 1]):
            row = col_indices[p]
            left[row] -= 1
            if left[row] == 0:
                for layer in range(labels.shape[0]):
                    if labels[layer, row] >= 0:
                        short[labels[layer, row]] -= weight[row]
    return chosen
