"""Dusk and dawn: when the sun passes a threshold, for many places and days at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Crossings:
    """When the sun's centre passes an altitude, in seconds since 1970-01-01T00:00Z.

    Attributes
    ----------
    first_day : int
        Day since 1970-01-01 of column 0; days are those of true solar time.
    dawn_s, dusk_s : float64, shape (places, days)
        The passage upwards before each culmination and the one downwards after it; NaN where the
        sun does not pass.
    threshold_deg : float
    """

    first_day: int
    dawn_s: Floats
    dusk_s: Floats
    threshold_deg: float
