"""Terrestrial time less universal time: the Earth's rotation is not quite a clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

YEARS = (1900.0, 1910.0, 1920.0, 1930.0, 1940.0, 1950.0, 1960.0, 1970.0, 1980.0, 1990.0, 2000.0,
         2005.0, 2010.0, 2015.0, 2020.0, 2025.0, 2100.0)  # fmt: skip
SECONDS = (-2.8, 10.5, 21.2, 24.0, 24.3, 29.1, 33.2, 40.2, 50.5, 56.9, 63.8,
           64.7, 66.1, 67.6, 69.4, 69.1, 100.0)  # fmt: skip
"""Observed to 2025 (Stephenson and Morrison; IERS) [V]; beyond, 0.4 s a year [U].

Five seconds too many move a sunset by 0.02 s.
"""


def delta_t_s(year: ArrayLike) -> NDArray[np.float64]:
    """Return TT - UT in seconds at a year with its fraction, 1900 to 2100."""
    return np.asarray(np.interp(np.asarray(year, dtype=np.float64), YEARS, SECONDS))
