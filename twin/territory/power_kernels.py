"""Compiled loops of the capped power diagram; formulas in :mod:`twin.territory.power`."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def _interval(
    ux: float,
    uy: float,
    dx_m: NDArray[np.float64],
    dy_m: NDArray[np.float64],
    room_m2: NDArray[np.float64],
    cap_m: float,
) -> tuple[float, float, int, int]:
    """Return where a ray from a site enters and leaves its cell, and the neighbours that say so.

    `dx_m`, `dy_m` lead from the site to its neighbours, `room_m2` is D^2 + w_i - w_j. A neighbour
    of -1 stands for the site itself (entry) or the cap (exit).
    """
    low, high = 0.0, cap_m
    low_k, high_k = -1, -1
    for k in range(dx_m.shape[0]):
        along = 2.0 * (ux * dx_m[k] + uy * dy_m[k])
        if along > 0.0:
            if room_m2[k] < high * along:
                high, high_k = room_m2[k] / along, k
        elif along < 0.0:
            if room_m2[k] < low * along:
                low, low_k = room_m2[k] / along, k
        elif room_m2[k] < 0.0:
            high = -1.0
    return low, high, low_k, high_k


@njit(cache=True, nogil=True)
def cell_areas(
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    weight_m2: NDArray[np.float64],
    rays: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the area of each cell (m2) and the Jacobian d area_i / d weight_j.

    A cell is convex: a ray from its site crosses it on one interval [t0, t1], bounded by the cap
    t < sqrt(w_i) and by each other site j at t = (D^2 + w_i - w_j) / (2 D cos φ). The area is the
    sum of (t1^2 - t0^2) Δθ / 2, and its derivatives are those of that very sum.
    """
    n = x_m.shape[0]
    areas = np.zeros(n)
    jacobian = np.zeros((n, n))
    radius = np.sqrt(weight_m2)
    step = 2.0 * math.pi / rays
    for i in range(n):
        dx, dy = x_m - x_m[i], y_m - y_m[i]
        squared = dx * dx + dy * dy
        near = np.flatnonzero(squared < (radius[i] + radius) ** 2)
        near = near[near != i]
        dx, dy = dx[near], dy[near]
        room = squared[near] + weight_m2[i] - weight_m2[near]
        for ray in range(rays):
            angle = (ray + 0.5) * step
            ux, uy = math.cos(angle), math.sin(angle)
            low, high, low_k, high_k = _interval(ux, uy, dx, dy, room, radius[i])
            if high <= low:
                continue
            areas[i] += 0.5 * (high * high - low * low) * step
            if high_k < 0:
                jacobian[i, i] += 0.5 * step
            else:
                slope = high * step / (2.0 * (ux * dx[high_k] + uy * dy[high_k]))
                jacobian[i, i] += slope
                jacobian[i, near[high_k]] -= slope
            if low_k >= 0:
                slope = low * step / (2.0 * (ux * dx[low_k] + uy * dy[low_k]))
                jacobian[i, i] -= slope
                jacobian[i, near[low_k]] += slope
    return areas, jacobian


@njit(cache=True, nogil=True)
def owners(
    px_m: NDArray[np.float64],
    py_m: NDArray[np.float64],
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    weight_m2: NDArray[np.float64],
) -> NDArray[np.int16]:
    """Return argmin_j of d_j^2 - w_j for each point where that is negative, else -1."""
    out = np.empty(px_m.shape[0], dtype=np.int16)
    for p in range(px_m.shape[0]):
        best, owner = 0.0, -1
        for j in range(x_m.shape[0]):
            dx, dy = px_m[p] - x_m[j], py_m[p] - y_m[j]
            power = dx * dx + dy * dy - weight_m2[j]
            if power < best:
                best, owner = power, j
        out[p] = owner
    return out


@njit(cache=True, nogil=True)
def stamp(
    west_m: float,
    north_m: float,
    rows: int,
    columns: int,
    resolution_m: float,
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    weight_m2: NDArray[np.float64],
) -> NDArray[np.int16]:
    """Return the owner of each cell centre; each site only visits the cells under its own cap."""
    owner = np.full((rows, columns), -1, dtype=np.int16)
    best = np.zeros((rows, columns))
    for j in range(x_m.shape[0]):
        radius = math.sqrt(weight_m2[j])
        top = max(0, math.floor((north_m - y_m[j] - radius) / resolution_m) - 1)
        bottom = min(rows, math.ceil((north_m - y_m[j] + radius) / resolution_m) + 1)
        left = max(0, math.floor((x_m[j] - radius - west_m) / resolution_m) - 1)
        right = min(columns, math.ceil((x_m[j] + radius - west_m) / resolution_m) + 1)
        for row in range(top, bottom):
            dy = north_m - (row + 0.5) * resolution_m - y_m[j]
            for column in range(left, right):
                dx = west_m + (column + 0.5) * resolution_m - x_m[j]
                power = dx * dx + dy * dy - weight_m2[j]
                if power < best[row, column]:
                    best[row, column] = power
                    owner[row, column] = j
    return owner
