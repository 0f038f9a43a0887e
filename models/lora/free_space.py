"""Free-space basic transmission loss: Rec. ITU-R P.525 [V]."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

LIGHT_SPEED_M_S = 299_792_458.0
"""Speed of light, exact (SI), m/s."""


def free_space_db(distance_m: ArrayLike, frequency_mhz: float) -> NDArray[np.float64]:
    """Return 20 lg(4 pi d f / c), dB, elementwise; 91.2182 dB at 1 km and 868 MHz [V].

    `distance_m` is the straight-line distance between the antennas, any shape. Closer than
    lambda / (4 pi) (2.7 cm at 868 MHz) the far-field formula would give a gain: 0 dB is returned.
    """
    distance = np.asarray(distance_m, dtype=np.float64)
    unit_m = LIGHT_SPEED_M_S / (4.0 * math.pi * frequency_mhz * 1.0e6)
    # np.maximum lets NaN through, so an unknown distance stays unknown.
    return np.asarray(20.0 * np.log10(np.maximum(distance, unit_m) / unit_m), dtype=np.float64)
