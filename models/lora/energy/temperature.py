"""Temperatures a battery lives at: the air of the Indre, and a pit in its ground.

Conduction in a half-space damps and delays the yearly wave with depth (Carslaw & Jaeger, Conduction
of Heat in Solids, 1959, 2.6): the n-th harmonic is multiplied by exp(-z/d_n (1 + i)), with
d_n = sqrt(2 alpha / (n omega)), 2.5 m for the yearly wave in loam (alpha = 6e-7 m2/s [U]).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lora.energy.ranges import require

INDRE_AIR_C = (4.3, 4.9, 7.9, 10.3, 14.3, 17.7, 20.0, 19.8, 16.4, 12.7, 7.6, 4.8)
"""Monthly mean air temperature at Châteauroux-Déols, January to December, °C.

Months rounded from memory of the 1981-2010 normals [U]; the normal of the year, 11.8 °C, follows
from the 2020 bulletin (13.4 °C, 1.6 °C above normal) [D].
"""

PIT_DEPTH_M = 0.5
LOAM_DIFFUSIVITY_M2_S = 6e-7
_YEAR_S = 365.25 * 86400.0


def ground_c(
    air_c: ArrayLike = INDRE_AIR_C,
    depth_m: float = PIT_DEPTH_M,
    diffusivity_m2_s: float = LOAM_DIFFUSIVITY_M2_S,
) -> NDArray[np.float64]:
    """Return the temperature at a depth, °C, from a yearly profile of equal periods.

    A closed meter pit is taken to follow the ground at its meter's depth [U]. The yearly mean does
    not change with depth; the swing shrinks and lags.

    Raises
    ------
    InputError
        Negative depth or non-positive diffusivity.
    """
    require("depth_m", depth_m, 0.0)
    require("diffusivity_m2_s", diffusivity_m2_s, 1e-12)
    air = np.asarray(air_c, dtype=np.float64)
    wave = np.fft.rfft(air)
    harmonic = np.arange(wave.size)
    depth = depth_m * np.sqrt(harmonic * math.pi / (diffusivity_m2_s * _YEAR_S))
    return np.asarray(
        np.fft.irfft(wave * np.exp(-(1.0 + 1.0j) * depth), air.size), dtype=np.float64
    )
