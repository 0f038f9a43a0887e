"""The sun as a place sees it: parallax, refraction, altitude and azimuth.

Reda and Andreas, NREL/TP-560-34302 (2008), sections 3.11 to 3.16 [V]. Refraction is theirs: the
altitude is raised by it where the sun's disc is above the horizon, as pressure and temperature say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lighting.sun.ephemeris import Geocentric, geocentric

Floats = NDArray[np.float64]

FLATTENING = 0.99664719
EARTH_RADIUS_M = 6_378_140.0
SUN_RADIUS_DEG = 0.26667
HORIZON_REFRACTION_DEG = 0.5667


@dataclass(frozen=True, eq=False)
class Position:
    """Where the sun stands; degrees, arrays of one shape.

    `altitude_deg` is geometric, of the sun's centre; `apparent_altitude_deg` with refraction;
    `azimuth_deg` from north, eastwards.
    """

    altitude_deg: Floats
    apparent_altitude_deg: Floats
    azimuth_deg: Floats

    @property
    def zenith_deg(self) -> Floats:
        """Return the apparent zenith angle."""
        return 90.0 - self.apparent_altitude_deg


def sun_position(
    unix_s: ArrayLike,
    lat_deg: float,
    lon_deg: float,
    height_m: float = 0.0,
    *,
    pressure_hpa: float = 1013.25,
    temperature_c: float = 12.0,
    delta_s: ArrayLike | None = None,
) -> Position:
    """Return where the sun stands at moments of universal time, seen from one place.

    `lat_deg` north and `lon_deg` east positive; `height_m` above sea level; `delta_s` is TT - UT.
    """
    return seen_from(
        geocentric(unix_s, delta_s), lat_deg, lon_deg, height_m, pressure_hpa, temperature_c
    )


def observer(lat_deg: ArrayLike, height_m: ArrayLike) -> tuple[Floats, Floats]:
    """Return x and y of places: equatorial and polar distances to the Earth's centre, in radii."""
    phi = np.deg2rad(np.asarray(lat_deg, dtype=np.float64))
    height = np.asarray(height_m, dtype=np.float64) / EARTH_RADIUS_M
    u = np.arctan(FLATTENING * np.tan(phi))
    return np.cos(u) + height * np.cos(phi), FLATTENING * np.sin(u) + height * np.sin(phi)


def seen_from(
    sun: Geocentric,
    lat_deg: float,
    lon_deg: float,
    height_m: float,
    pressure_hpa: float,
    temperature_c: float,
) -> Position:
    """Return where a geocentric sun stands, seen from one place."""
    phi = np.deg2rad(lat_deg)
    x, y = observer(lat_deg, height_m)
    xi = np.deg2rad(sun.parallax_deg)
    h = np.deg2rad(sun.hour_angle_deg + lon_deg)
    delta = np.deg2rad(sun.declination_deg)
    across = np.cos(delta) - x * np.sin(xi) * np.cos(h)
    shift = np.arctan2(-x * np.sin(xi) * np.sin(h), across)
    delta_seen = np.arctan2((np.sin(delta) - y * np.sin(xi)) * np.cos(shift), across)
    h_seen = h - shift
    altitude = np.rad2deg(
        np.arcsin(
            np.sin(phi) * np.sin(delta_seen) + np.cos(phi) * np.cos(delta_seen) * np.cos(h_seen)
        )
    )
    azimuth = np.rad2deg(
        np.arctan2(np.sin(h_seen), np.cos(h_seen) * np.sin(phi) - np.tan(delta_seen) * np.cos(phi))
    )
    return Position(
        altitude_deg=altitude,
        apparent_altitude_deg=altitude + refraction_deg(altitude, pressure_hpa, temperature_c),
        azimuth_deg=np.mod(azimuth + 180.0, 360.0),
    )


def refraction_deg(altitude_deg: Floats, pressure_hpa: float, temperature_c: float) -> Floats:
    """Return by how much refraction raises the sun, 0 where its disc is below the horizon."""
    safe = np.maximum(altitude_deg, -(SUN_RADIUS_DEG + HORIZON_REFRACTION_DEG))
    air = pressure_hpa / 1010.0 * 283.0 / (273.0 + temperature_c)
    raised = air * 1.02 / (60.0 * np.tan(np.deg2rad(safe + 10.3 / (safe + 5.11))))
    seen = altitude_deg >= -(SUN_RADIUS_DEG + HORIZON_REFRACTION_DEG)
    return np.where(seen, raised, 0.0)
