"""Hours between dusk and dawn in a calendar year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.lighting.sun.crossings import Crossings

Floats = NDArray[np.float64]


def burn_hours(found: Crossings, from_s: float, to_s: float) -> Floats:
    """Return how long the sun stays below the threshold within [from_s, to_s], h, by place.

    `found` must hold the nights that touch the span: begin a day before it, end a day after. A day
    without passage counts as all night or all day, as the day before it ended; at the latitudes of
    France there is none.
    """
    dusk = found.dusk_s[:, :-1]
    dawn = found.dawn_s[:, 1:]
    night_s = np.clip(dawn, from_s, to_s) - np.clip(dusk, from_s, to_s)
    return np.asarray(np.nansum(np.maximum(night_s, 0.0), axis=1) / 3_600.0)
