"""CUSUM: sums of how much a standardised figure exceeds, and falls short of, what is usual.

Page 1954 (doi 10.1093/biomet/41.1-2.100) [V]. How long it runs before it signals:
:mod:`models.water.policies.run_length`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.water.policies.refuse import refuse

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Cusum:
    """One CUSUM a district, both sides, fed one observation at a time.

    `high` and `low` are the sums, arrays of shape (size,); `high_run` and `low_run` count the
    observations since each was last zero, the estimate of how long ago the level moved.

    Parameters
    ----------
    size
        Districts.
    k, h
        Allowance and decision interval, in standard deviations.

    Raises
    ------
    ValueError
        `k` is negative or `h` is not positive.
    """

    def __init__(self, size: int, k: float = 0.5, h: float = 4.0) -> None:
        refuse((("k", k, k >= 0.0, ">= 0"), ("h", h, h > 0.0, "> 0")))
        self.k, self.h = k, h
        self.high: Floats = np.zeros(size)
        self.low: Floats = np.zeros(size)
        self.high_run: Counts = np.zeros(size, dtype=np.int64)
        self.low_run: Counts = np.zeros(size, dtype=np.int64)

    def feed(self, z: Floats) -> tuple[Mask, Mask]:
        """Take one standardised observation a district; return who signals, upwards and downwards.

        `z` has shape (size,); NaN says that nothing is known, and changes nothing. A sum that has
        signalled goes on growing until it is reset.
        """
        known = ~np.isnan(z)
        high = np.maximum(0.0, self.high + z - self.k)
        low = np.maximum(0.0, self.low - z - self.k)
        self.high = np.where(known, high, self.high)
        self.low = np.where(known, low, self.low)
        self.high_run = np.where(self.high > 0.0, self.high_run + known, 0)
        self.low_run = np.where(self.low > 0.0, self.low_run + known, 0)
        return known & (self.high > self.h), known & (self.low > self.h)

    def reset(self, who: Mask | Counts) -> None:
        """Begin again in the districts `who` (a mask or indices)."""
        for sums in (self.high, self.low, self.high_run, self.low_run):
            sums[who] = 0
