"""Upper convex hulls that grow with a radial: the horizon seen back from a receiver in O(log n).

A hull is four things: `x`, `y` (vertices, left to right), `slope` (of the edge that ends at each
vertex; +huge at the first) and its size, which the caller keeps. Slopes fall along the hull.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FIRST_SLOPE = 1.0e300
"""Slope of the edge before the first vertex: steeper than anything."""

_LINEAR_STEPS = 6
"""Horizons are usually a few vertices back; past this many the search halves instead."""


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def push(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    slope: NDArray[np.float64],
    size: int,
    new_x: float,
    new_y: float,
) -> int:
    """Add a point to the right of the hull; return the new size."""
    top = size - 1
    # slope[0] is huge, so the first vertex never goes.
    while top >= 0 and new_y - y[top] >= slope[top] * (new_x - x[top]):
        top -= 1
    rise = FIRST_SLOPE if top < 0 else (new_y - y[top]) / (new_x - x[top])
    x[top + 1] = new_x
    y[top + 1] = new_y
    slope[top + 1] = rise
    return top + 2


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def grow(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    slope: NDArray[np.float64],
    size: int,
    first: int,
    last: int,
    step_m: float,
    heights: NDArray[np.float64],
) -> int:
    """Push the samples `first` .. `last`, at i `step_m`; return the new size."""
    for i in range(first, last + 1):
        size = push(x, y, slope, size, i * step_m, heights[i])
    return size


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def tangent_slope(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    slope: NDArray[np.float64],
    size: int,
    from_x: float,
    from_y: float,
) -> float:
    """Return max (y_i - from_y) / (from_x - x_i) over the hull, `from_x` right of it, size >= 1.

    The vertex is the one at which a push of the receiver would stop popping.
    """
    top = size - 1
    for _ in range(_LINEAR_STEPS):
        if from_y - y[top] < slope[top] * (from_x - x[top]):
            return float((y[top] - from_y) / (from_x - x[top]))
        top -= 1
    low, high = 0, top
    while low < high:
        middle = (low + high + 1) // 2
        if from_y - y[middle] < slope[middle] * (from_x - x[middle]):
            low = middle
        else:
            high = middle - 1
    return float((y[low] - from_y) / (from_x - x[low]))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def highest_vertex(slope: NDArray[np.float64], size: int, line_slope: float, near: int) -> int:
    """Return the vertex that stands highest over lines of `line_slope`, size >= 1.

    The search walks from vertex `near`: the next pixel's answer is mostly this one's.
    """
    at = min(near, size - 1)
    while at + 1 < size and slope[at + 1] >= line_slope:
        at += 1
    # slope[0] is huge, so the walk down stops.
    while slope[at] < line_slope:
        at -= 1
    return at
