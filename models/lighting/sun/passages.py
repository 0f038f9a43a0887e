"""Finding dusk and dawn: Newton's method on the altitude, compiled, for many places and days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from models.lighting.sun.crossings import Crossings
from models.lighting.sun.position import observer
from models.lighting.sun.shared_sun import STEP_S, shared_sun

DAY_S = 86_400.0
TURNS = 60
"""Enough to halve half a day down to a microsecond; three are usual."""
CLOSE = 1e-12
"""A sine of the altitude this near its target is within a microsecond of time at our latitudes."""
CERTAIN = 0.9
"""Cosine of the hour angle below which there surely is a passage: no need to look."""


def crossings(
    lat_deg: ArrayLike,
    lon_deg: ArrayLike,
    height_m: ArrayLike,
    first_day: int,
    days: int,
    threshold_deg: float,
) -> Crossings:
    """Return when the sun's centre passes an altitude at many places on many days.

    Topocentric geometric altitude: no refraction, but whatever `threshold_deg` takes it for
    (-0.8333 is the usual sunrise and sunset). A day is that of true solar time: it holds
    one culmination, the dawn of the half turn before it and the dusk of the half turn after it. At
    high latitudes, where the sun does not pass the altitude then, they are NaN.

    Parameters
    ----------
    lat_deg, lon_deg, height_m : array of float, shape (places,)
    first_day : int
        Day since 1970-01-01 of column 0.
    days : int
    threshold_deg : float
    """
    lat = np.deg2rad(np.atleast_1d(np.asarray(lat_deg, dtype=np.float64)))
    lon = np.deg2rad(np.array(np.broadcast_to(np.asarray(lon_deg, dtype=np.float64), lat.shape)))
    x, y = observer(np.rad2deg(lat), np.broadcast_to(np.asarray(height_m, np.float64), lat.shape))
    begin_s = first_day * DAY_S
    sun = shared_sun(begin_s - DAY_S, begin_s + (days + 1) * DAY_S)
    dawn_s = np.empty((len(lat), days))
    dusk_s = np.empty((len(lat), days))
    places = np.stack([lat, lon, x, y], axis=1)
    sky = (sun.hour_angle, sun.declination, sun.parallax)
    target = float(np.sin(np.deg2rad(threshold_deg)))
    _find(places, begin_s - sun.begin_s, sky, target, dawn_s, dusk_s)
    dawn_s += sun.begin_s
    dusk_s += sun.begin_s
    return Crossings(first_day, dawn_s, dusk_s, threshold_deg)


@njit(cache=True, error_model="numpy")
def _at(table: Any, when_s: float) -> float:
    """Return a shared table at a moment, by Lagrange's cubic."""
    at = when_s / STEP_S
    i = int(at)
    t = at - i
    return float(
        -t * (t - 1.0) * (t - 2.0) / 6.0 * table[i - 1]
        + (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0 * table[i]
        - (t + 1.0) * t * (t - 2.0) / 2.0 * table[i + 1]
        + (t + 1.0) * t * (t - 1.0) / 6.0 * table[i + 2]
    )


@njit(cache=True, error_model="numpy")
def _above(sky: Any, when_s: float, place: Any, target: float) -> tuple[float, float]:
    """Return the sine of the altitude less its target, and how fast it changes, 1/s."""
    hour_angle, declination, parallax = sky
    lon, sin_lat, cos_lat, x, y = place
    h = _at(hour_angle, when_s) + lon
    d = _at(declination, when_s)
    xi = parallax[int(when_s / STEP_S)]
    toward = np.cos(d) * np.cos(h)
    seen = sin_lat * np.sin(d) + cos_lat * toward
    down = xi * (x * cos_lat + y * sin_lat)
    s = (seen - down) * (1.0 + xi * (x * toward + y * np.sin(d)))
    return s - target, -cos_lat * np.cos(d) * np.sin(h) * 2.0 * np.pi / DAY_S


@njit(cache=True, error_model="numpy")
def _noon_s(hour_angle: Any, mean_noon_s: float, lon: float) -> float:
    """Return true noon near mean noon."""
    noon_s, turn = mean_noon_s, 2.0 * np.pi
    for _ in range(2):
        h = _at(hour_angle, noon_s) + lon
        noon_s -= (h - turn * np.round(h / turn)) / turn * DAY_S
    return noon_s


@njit(cache=True, error_model="numpy")
def _passage(sky: Any, noon_s: float, sign: float, place: Any, target: float) -> float:
    """Return the passage before (sign -1) or after (1) a noon, NaN where there is none.

    It lies between the culmination, where the sun must be above, and the midnight before or after
    it, where it must be below: Newton's steps that leave this bracket are halved into it.
    """
    _, sin_lat, cos_lat, _, _ = place
    declination = _at(sky[1], noon_s)
    reach = (target - sin_lat * np.sin(declination)) / (cos_lat * np.cos(declination))
    inner_s, outer_s = noon_s, noon_s + sign * 0.5 * DAY_S
    if abs(reach) > CERTAIN:
        high, _ = _above(sky, inner_s, place, target)
        low, _ = _above(sky, outer_s, place, target)
        if high <= 0.0 or low > 0.0:
            return np.nan
    when_s = noon_s + sign * np.arccos(min(1.0, max(-1.0, reach))) / (2.0 * np.pi) * DAY_S
    for _ in range(TURNS):
        gap, slope = _above(sky, when_s, place, target)
        if abs(gap) < CLOSE:
            break
        if gap > 0.0:
            inner_s = when_s
        else:
            outer_s = when_s
        step_s = gap / slope if slope != 0.0 else np.inf
        when_s -= step_s
        if (when_s - inner_s) * sign < 0.0 or (outer_s - when_s) * sign < 0.0:
            when_s = 0.5 * (inner_s + outer_s)
    return float(when_s)


@njit(cache=True, error_model="numpy")
def _find(places: Any, start_s: float, sky: Any, target: float, dawn_s: Any, dusk_s: Any) -> None:
    """Write both passages of every place and day, seconds from the tables' first step."""
    for p in range(len(places)):
        lat, lon = places[p, 0], places[p, 1]
        place = (lon, np.sin(lat), np.cos(lat), places[p, 2], places[p, 3])
        for day in range(dawn_s.shape[1]):
            mean_noon_s = start_s + (day + 0.5 - lon / (2.0 * np.pi)) * DAY_S
            noon_s = _noon_s(sky[0], mean_noon_s, lon)
            dawn_s[p, day] = _passage(sky, noon_s, -1.0, place, target)
            dusk_s[p, day] = _passage(sky, noon_s, 1.0, place, target)
