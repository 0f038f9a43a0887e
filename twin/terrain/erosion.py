"""Rivers cut valleys: a few steps of the stream-power law turn a rough plateau into country."""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray

_DIAGONAL = 2.0**0.5


@njit(cache=True, nogil=True)
def drain(
    heights_m: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the filled surface, each cell's receiver and the order water reaches them.

    Priority flood (Barnes, Lehman and Mulla 2014, 10.1016/j.cageo.2013.04.024): the outer edge is
    the sea; every other cell drains to its steepest lower neighbour of eight, or through the spill
    point of its depression.

    Parameters
    ----------
    heights_m
        Shape (rows, columns), no NaN.

    Returns
    -------
    tuple
        `filled_m` (rows, columns) with depressions filled level; `receiver` (cells,), flat index,
        itself on the edge; `order` (cells,), flat indices from the sea upward: every receiver comes
        before the cells that drain to it.
    """
    rows, columns = heights_m.shape
    filled = heights_m.copy()
    flat = filled.ravel()
    receiver = np.full(rows * columns, -1, np.int64)
    order = np.empty(rows * columns, np.int64)
    rank = np.full(rows * columns, rows * columns, np.int64)
    receiver[0] = 0
    heap: list[tuple[float, int]] = [(flat[0], 0)]
    for k in range(1, rows * columns):
        if k < columns or k >= (rows - 1) * columns or k % columns in (0, columns - 1):
            receiver[k] = k
            heapq.heappush(heap, (flat[k], k))
    for count in range(rows * columns):
        height, k = heapq.heappop(heap)
        order[count] = k
        rank[k] = count
        best, steepest = receiver[k], 0.0
        for n, step in _neighbours(k, rows, columns):
            if receiver[n] < 0:
                flat[n] = max(flat[n], height)
                receiver[n] = k
                heapq.heappush(heap, (flat[n], n))
            elif rank[n] < count and (height - flat[n]) / step > steepest:
                best, steepest = n, (height - flat[n]) / step
        if receiver[k] != k:
            receiver[k] = best
    return filled, receiver, order


@njit(cache=True, nogil=True)
def _neighbours(k: int, rows: int, columns: int) -> list[tuple[int, float]]:
    """Return the flat index of each of the eight neighbours and its distance in cells."""
    i, j = k // columns, k % columns
    found = []
    for a in range(-1, 2):
        for b in range(-1, 2):
            p, q = i + a, j + b
            if (a != 0 or b != 0) and 0 <= p < rows and 0 <= q < columns:
                found.append((p * columns + q, _DIAGONAL if a != 0 and b != 0 else 1.0))
    return found


@njit(cache=True, nogil=True)
def incise(
    heights_m: NDArray[np.float64], erodibility: float, reach_cells: float
) -> NDArray[np.float64]:
    """Return the surface after one implicit step of stream-power erosion.

    dz/dt = -K A^(1/2) S, solved from the sea upward (Braun and Willett 2013,
    10.1016/j.geomorph.2012.10.008): unconditionally stable, and no cell falls below its receiver.

    Parameters
    ----------
    heights_m
        Shape (rows, columns), no NaN; the outer edge stays as it is.
    erodibility
        K dt / cell, dimensionless; incision of one cell's own drainage.
    reach_cells
        Drainage area (cells) below which slopes shed water without cutting.
    """
    filled, receiver, order = drain(heights_m)
    flat = filled.ravel()
    columns = heights_m.shape[1]
    area = np.ones(flat.size)
    for index in range(flat.size - 1, -1, -1):
        k = order[index]
        if receiver[k] != k:
            area[receiver[k]] += area[k]
    for index in range(flat.size):
        k = order[index]
        r = receiver[k]
        if r != k:
            straight = k // columns == r // columns or k % columns == r % columns
            cut = erodibility * area[k] / np.sqrt(area[k] + reach_cells)
            cut /= 1.0 if straight else _DIAGONAL
            flat[k] = (flat[k] + cut * flat[r]) / (1.0 + cut)
    return filled
