"""The part of the sun's position that is the same everywhere, on an even grid of time.

Right ascension, declination and parallax change so evenly that a cubic through four values three
hours apart is within 1e-7 of a degree of the full series [D]: it is summed once in three hours,
whatever the number of places and minutes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting.sun.ephemeris import geocentric

Floats = NDArray[np.float64]

STEP_S = 10_800.0


class SharedSun(NamedTuple):
    """The geocentric sun every STEP_S from `begin_s` (Unix time); arrays of one length.

    `hour_angle` at Greenwich, unwound, and `declination`, radians; `parallax`, radians.
    """

    begin_s: float
    hour_angle: Floats
    declination: Floats
    parallax: Floats


def shared_sun(from_s: float, to_s: float) -> SharedSun:
    """Return the sun that interpolation within [from_s, to_s] needs."""
    first = np.floor(from_s / STEP_S) - 2.0
    last = np.ceil(to_s / STEP_S) + 2.0
    steps_s = np.arange(first, last + 1.0) * STEP_S
    sun = geocentric(steps_s)
    return SharedSun(
        float(steps_s[0]),
        np.unwrap(np.deg2rad(sun.hour_angle_deg)),
        np.deg2rad(sun.declination_deg),
        np.deg2rad(sun.parallax_deg),
    )
