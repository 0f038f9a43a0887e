"""Sunrise, transit and sunset by NREL's own three-day interpolation (appendix A.2).

A second way to the same events as :mod:`models.lighting.sun.passages`: geocentric, with the sun of
three midnights instead of the sun of the moment. Off by 0.9 s on average, 1.2 s at most, from
topocentric ephemerides at Châteauroux (sheet A2 [D]); kept as an independent check.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from models.lighting.sun.delta_t import delta_t_s
from models.lighting.sun.ephemeris import Geocentric, geocentric

HORIZON_DEG = -0.8333
_TURN_DEG = 360.985647
DAY_S = 86_400.0


class SunDay(NamedTuple):
    """Moments of a UTC day, seconds after its midnight, in [0, 86400)."""

    sunrise_s: float
    transit_s: float
    sunset_s: float


def spa_day(
    midnight_s: float, lat_deg: float, lon_deg: float, delta_s: float | None = None
) -> SunDay:
    """Return the events of the UTC day that begins at `midnight_s` (Unix time).

    Raises
    ------
    ValueError
        The sun does not cross the horizon that day.
    """
    if delta_s is None:
        delta_s = float(delta_t_s(1970.0 + midnight_s / (365.25 * DAY_S)))
    sidereal = float(geocentric(midnight_s, delta_s).sidereal_deg)
    # The three midnights are those of terrestrial time: TT - UT is nought there.
    days = geocentric(midnight_s + DAY_S * np.array([-1.0, 0.0, 1.0]), 0.0)
    phi, sun = math.radians(lat_deg), math.radians(float(days.declination_deg[1]))
    cosine = (math.sin(math.radians(HORIZON_DEG)) - math.sin(phi) * math.sin(sun)) / (
        math.cos(phi) * math.cos(sun)
    )
    if abs(cosine) > 1.0:
        raise ValueError(f"no sunrise at latitude {lat_deg} that day")
    half = math.degrees(math.acos(cosine))
    noon = (float(days.right_ascension_deg[1]) - lon_deg - sidereal) / 360.0
    found = [
        _correct(part % 1.0, days, sidereal, lat_deg, lon_deg, delta_s, at_noon=side == 0)
        for side, part in ((-1, noon - half / 360.0), (0, noon), (1, noon + half / 360.0))
    ]
    return SunDay(*(DAY_S * (part % 1.0) for part in found))


def _correct(
    part: float,
    days: Geocentric,
    sidereal: float,
    lat_deg: float,
    lon_deg: float,
    delta_s: float,
    *,
    at_noon: bool,
) -> float:
    """Return a part of the day, moved to where the sun interpolated there has the altitude."""
    n = part + delta_s / DAY_S
    alpha = _between(days.right_ascension_deg, n)
    delta = math.radians(_between(days.declination_deg, n))
    hour = (sidereal + _TURN_DEG * part + lon_deg - alpha + 180.0) % 360.0 - 180.0
    if at_noon:
        return part - hour / 360.0
    phi, h = math.radians(lat_deg), math.radians(hour)
    altitude = math.degrees(
        math.asin(math.sin(phi) * math.sin(delta) + math.cos(phi) * math.cos(delta) * math.cos(h))
    )
    slope = 360.0 * math.cos(delta) * math.cos(phi) * math.sin(h)
    return part + (altitude - HORIZON_DEG) / slope


def _between(values: np.ndarray, n: float) -> float:
    """Return a quantity n days after the middle one of three midnights."""
    a, b = (_near(float(values[i + 1] - values[i])) for i in (0, 1))
    return float(values[1]) + n * (a + b + (b - a) * n) / 2.0


def _near(step: float) -> float:
    """Return a step across the turn of right ascension as a small one."""
    return (step + 180.0) % 360.0 - 180.0
