"""Dice thrown faster are the same dice."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import ndtri

from models.lora.network.draws import FADING, SURVIVAL, drawn, unit
from models.lora.network.quick_draws import normal_of, places_of, quantile_table


@njit
def normals(u: NDArray[np.float64], table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `normal_of` each draw."""
    found = np.empty_like(u)
    for i in range(len(u)):
        found[i] = normal_of(u[i], table)
    return found


def test_uniform_draws_are_the_same_to_the_bit() -> None:
    """Half of the hash made beforehand gives the very draw, for any key and purpose."""
    rng = np.random.default_rng(1)
    gateways = rng.integers(0, 2**64, 50, dtype=np.uint64)
    keys = rng.integers(0, 2**64, 20, dtype=np.uint64)
    for purpose in (FADING, SURVIVAL):
        places = places_of(gateways, purpose)
        for key in keys:
            quick = [drawn(key, place) for place in places]
            assert quick == [unit(key, purpose, gateway) for gateway in gateways]


def test_normal_draws_are_within_2e_7() -> None:
    """The table keeps the quantile to 2e-7 where it is used, and to 1e-12 in the tails."""
    u = np.concatenate([np.linspace(1e-12, 1.0 - 1e-12, 200_001), 10.0 ** -np.arange(1.0, 12.0)])
    error = np.abs(normals(u, quantile_table()) - ndtri(u))
    assert error.max() < 2e-7
    tails = (u < 1.0 / 64.0) | (u > 63.0 / 64.0)
    assert (error[tails] / np.abs(ndtri(u[tails]))).max() < 1e-12
