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
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.decide.cover.core import Core, Matrix


class _State(NamedTuple):
    """What is left of each row's need and of each target's required weight."""

    weight: np.ndarray
    cost: np.ndarray
    labels: np.ndarray
    left: np.ndarray
    short: np.ndarray


def greedy(core: Core) -> NDArray[np.bool_]:
    """Return a mask of chosen columns: every target met, or the cap reached."""
    state = _State(
        weight=core.weight,
        cost=core.cost,
        labels=core.labels,
        left=core.need.copy(),
        # Sums of weights that are not whole carry noise: a target is met but for 1e-10 of all.
        short=core.required - 1e-10 * core.weight.sum(),
    )
    chosen: NDArray[np.bool_] = _greedy(core.matrix, state, core.cap)
    return chosen


@njit(cache=True, nogil=True)
def _key(matrix: Matrix, state: _State, col: int) -> float:
    """Return minus the gain per euro: the weight of the rows the column still serves."""
    total = 0.0
    for p in range(matrix.col_indptr[col], matrix.col_indptr[col + 1]):
        row = matrix.col_indices[p]
        if state.left[row] > 0:
            for layer in range(state.labels.shape[0]):
                target = state.labels[layer, row]
                if target >= 0 and state.short[target] > 0.0:
                    total += state.weight[row]
                    break
    return -total / float(max(state.cost[col], 1e-6 * max(state.cost.max(), 1e-300)))


@njit(cache=True, nogil=True)
def _take(matrix: Matrix, state: _State, col: int) -> None:
    for p in range(matrix.col_indptr[col], matrix.col_indptr[col + 1]):
        row = matrix.col_indices[p]
        state.left[row] -= 1
        if state.left[row] == 0:
            for layer in range(state.labels.shape[0]):
                if state.labels[layer, row] >= 0:
                    state.short[state.labels[layer, row]] -= state.weight[row]


@njit(cache=True, nogil=True)
def _greedy(matrix: Matrix, state: _State, cap: float) -> np.ndarray:
    chosen = np.zeros(state.cost.size, dtype=np.bool_)
    spent = 0.0
    heap = [(_key(matrix, state, col), col) for col in range(state.cost.size)]
    heapq.heapify(heap)
    while len(heap) > 0 and state.short.max() > 0.0:
        _, col = heapq.heappop(heap)
        key = _key(matrix, state, col)
        if key == 0.0 or spent + state.cost[col] > cap:
            continue
        if len(heap) > 0 and (key, col) > heap[0]:
            heapq.heappush(heap, (key, col))
            continue
        chosen[col] = True
        spent += state.cost[col]
        _take(matrix, state, col)
    return chosen
