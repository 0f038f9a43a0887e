"""How many people are abroad, hour by hour: whom the light is for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ABROAD = (
    0.010, 0.006, 0.004, 0.004, 0.008, 0.025, 0.060, 0.110, 0.120, 0.110, 0.110, 0.120,
    0.110, 0.120, 0.120, 0.130, 0.150, 0.160, 0.150, 0.110, 0.070, 0.045, 0.028, 0.018,
)  # fmt: skip
"""Share of residents on foot, bicycle or wheel in the streets, by local hour [U]."""


def abroad_share(hour: Floats) -> Floats:
    """Return the share of residents abroad at some hours of the local clock, in [0, 24)."""
    return np.asarray(np.array(ABROAD)[hour.astype(np.int64)])
