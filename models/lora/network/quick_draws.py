"""The dice of `draws`, thrown faster where millions of frames meet the same gateways.

Half of the hash behind `unit` concerns purpose and gateway only: it is made once a gateway. Normal
quantiles are interpolated in a table that fits the processor's nearest memory. Uniform draws are
those of `draws` bit for bit, normal ones within 2e-7.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from models.lora.network.compiled import compiled, hot
from models.lora.network.draws import place_of, quantile

CELLS, TAIL_CELLS = 1024, 16
"""Cells of the table of normal quantiles, and how many at each end are not interpolated."""


def places_of(keys: NDArray[np.uint64], purpose: int) -> NDArray[np.uint64]:
    """Return what `draws.drawn` needs for a purpose at each gateway, by the gateways' keys."""
    places = np.zeros_like(keys)
    _fill(keys, purpose, places)
    return places


@compiled
def _fill(keys: NDArray[np.uint64], purpose: int, places: NDArray[np.uint64]) -> None:
    for g in range(len(keys)):
        places[g] = place_of(purpose, keys[g])


def quantile_table() -> NDArray[np.float64]:
    """Return the normal quantile and its slope per cell, shape (CELLS + 1, 2); the ends unused."""
    p = np.arange(CELLS + 1) / CELLS
    p[0], p[-1] = p[1], p[-2]
    z = ndtri(p)
    return np.stack([z, math.sqrt(2.0 * math.pi) * np.exp(0.5 * z * z) / CELLS], axis=-1)


@hot
def normal_of(u: float, table: NDArray[np.float64]) -> float:
    """Return `quantile(u)` by cubic Hermite interpolation, within 2e-7; exactly in the tails."""
    place = u * CELLS
    i = int(place)
    if i < TAIL_CELLS or i >= CELLS - TAIL_CELLS:
        return float(quantile(u))
    t = place - i
    z0 = table[i, 0]
    d0 = table[i, 1]
    rise = table[i + 1, 0] - z0
    d1 = table[i + 1, 1]
    return float(z0 + t * (d0 + t * (3.0 * rise - 2.0 * d0 - d1 + t * (d0 + d1 - 2.0 * rise))))
