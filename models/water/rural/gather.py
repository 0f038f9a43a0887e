"""Homes gathered into the places where they hang on the mains."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CELL_M = 40.0
"""Homes of one cell share a connection point; a large town is thereby quick."""
ROUNDS = 12


class Gathered(NamedTuple):
    """Places on the mains, shape (places,), and the place of each home, shape (homes,)."""

    x_m: Floats
    y_m: Floats
    place: Ints


def gather(x_m: Floats, y_m: Floats, centre: tuple[float, float], count: int) -> Gathered:
    """Return at most `count` places that serve all homes.

    Weighted k-means from a farthest-first start at the village's `centre`: the density of places
    follows about the square root of the density of homes (Zador 1982, quantisation in the plane),
    so a village has many, and a lone farm still has its own.

    Parameters
    ----------
    x_m, y_m
        Homes, Lambert-93; shape (homes,).
    centre
        The village.
    count
        Places wanted; fewer where homes stand in fewer cells.
    """
    cell = np.stack([np.floor(x_m / CELL_M), np.floor(y_m / CELL_M)], axis=1).astype(np.int64)
    _, first, inverse, number = np.unique(
        cell, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    del first
    inverse = inverse.reshape(-1)
    weight = number.astype(np.float64)
    px = np.bincount(inverse, weights=x_m) / weight
    py = np.bincount(inverse, weights=y_m) / weight
    sites_x, sites_y, owner = _means(px, py, weight, centre[0], centre[1], count, ROUNDS)
    used = np.unique(owner)
    rank = np.full(len(sites_x), -1, dtype=np.int64)
    rank[used] = np.arange(len(used))
    return Gathered(sites_x[used], sites_y[used], rank[owner][inverse])


@njit(cache=True)  # type: ignore[misc, unused-ignore]
def _means(
    px: Floats,
    py: Floats,
    weight: Floats,
    centre_x: float,
    centre_y: float,
    count: int,
    rounds: int,
) -> tuple[Floats, Floats, Ints]:
    n = len(px)
    k = min(count, n)
    sx, sy = np.empty(k), np.empty(k)
    best = (px - centre_x) ** 2 + (py - centre_y) ** 2
    chosen = int(np.argmin(best))
    best[:] = np.inf
    for j in range(k):
        sx[j], sy[j] = px[chosen], py[chosen]
        best = np.minimum(best, (px - sx[j]) ** 2 + (py - sy[j]) ** 2)
        chosen = int(np.argmax(best))
    owner = np.zeros(n, dtype=np.int64)
    for _ in range(rounds):
        mass, mx, my = np.zeros(k), np.zeros(k), np.zeros(k)
        moved = False
        for i in range(n):
            near, least = 0, np.inf
            for j in range(k):
                away = (px[i] - sx[j]) ** 2 + (py[i] - sy[j]) ** 2
                if away < least:
                    near, least = j, away
            moved = moved or owner[i] != near
            owner[i] = near
            mass[near] += weight[i]
            mx[near] += weight[i] * px[i]
            my[near] += weight[i] * py[i]
        for j in range(k):
            if mass[j] > 0.0:
                sx[j], sy[j] = mx[j] / mass[j], my[j] / mass[j]
        if not moved:
            break
    return sx, sy, owner
