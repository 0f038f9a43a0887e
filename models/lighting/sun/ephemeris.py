"""The sun as the Earth's centre sees it: what is the same for every place.

Reda and Andreas, NREL/TP-560-34302 (2008), sections 3.1 to 3.10 [V]: the heliocentric position of
the Earth, nutation, aberration, apparent sidereal time, right ascension and declination.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lighting.sun.delta_t import delta_t_s
from models.lighting.sun.terms import earth_terms, nutation_terms

Floats = NDArray[np.float64]

UNIX_EPOCH_JD = 2_440_587.5
DAY_S = 86_400.0
ARC_SECONDS = 3_600.0


@dataclass(frozen=True, eq=False)
class Geocentric:
    """The sun from the Earth's centre, arrays of one shape.

    Attributes
    ----------
    right_ascension_deg, declination_deg : float64
        Apparent, of the true equinox of date.
    sidereal_deg : float64
        Apparent sidereal time at Greenwich.
    distance_au : float64
    longitude_deg : float64
        Apparent ecliptic longitude.
    obliquity_deg : float64
        True obliquity of the ecliptic.
    nutation_deg : float64
        In longitude.
    mean_longitude_deg : float64
        For the equation of time.
    """

    right_ascension_deg: Floats
    declination_deg: Floats
    sidereal_deg: Floats
    distance_au: Floats
    longitude_deg: Floats
    obliquity_deg: Floats
    nutation_deg: Floats
    mean_longitude_deg: Floats

    @property
    def hour_angle_deg(self) -> Floats:
        """Return the hour angle at Greenwich, not reduced to a turn."""
        return self.sidereal_deg - self.right_ascension_deg

    @property
    def parallax_deg(self) -> Floats:
        """Return the sun's equatorial horizontal parallax."""
        return 8.794 / (ARC_SECONDS * self.distance_au)


def geocentric(unix_s: ArrayLike, delta_s: ArrayLike | None = None) -> Geocentric:
    """Return the sun from the Earth's centre at moments of universal time.

    Parameters
    ----------
    unix_s : array of float
        Seconds since 1970-01-01T00:00Z.
    delta_s : array of float, optional
        TT - UT; by :func:`models.lighting.sun.delta_t.delta_t_s` where it is not given.
    """
    when_s = np.asarray(unix_s, dtype=np.float64)
    jd = when_s / DAY_S + UNIX_EPOCH_JD
    if delta_s is None:
        delta_s = delta_t_s(1970.0 + when_s / (365.25 * DAY_S))
    century = (jd - 2_451_545.0) / 36_525.0
    jce = (jd + np.asarray(delta_s) / DAY_S - 2_451_545.0) / 36_525.0
    jme = jce / 10.0
    heliocentric_rad = _series("L", jme)
    latitude_rad = -_series("B", jme)
    radius = _series("R", jme)
    psi_deg, epsilon_deg = _nutation(jce)
    obliquity = _mean_obliquity_deg(jme) + epsilon_deg
    aberration = -20.4898 / (ARC_SECONDS * radius)
    longitude = np.rad2deg(heliocentric_rad) + 180.0 + psi_deg + aberration
    lam, eps = np.deg2rad(longitude), np.deg2rad(obliquity)
    alpha = np.arctan2(np.sin(lam) * np.cos(eps) - np.tan(latitude_rad) * np.sin(eps), np.cos(lam))
    delta = np.arcsin(
        np.sin(latitude_rad) * np.cos(eps) + np.cos(latitude_rad) * np.sin(eps) * np.sin(lam)
    )
    sidereal = _mean_sidereal_deg(jd, century) + psi_deg * np.cos(eps)
    return Geocentric(
        right_ascension_deg=np.mod(np.rad2deg(alpha), 360.0),
        declination_deg=np.rad2deg(delta),
        sidereal_deg=np.mod(sidereal, 360.0),
        distance_au=radius,
        longitude_deg=np.mod(longitude, 360.0),
        obliquity_deg=obliquity,
        nutation_deg=psi_deg,
        mean_longitude_deg=_mean_longitude_deg(jme),
    )


def equation_of_time_min(sun: Geocentric) -> Floats:
    """Return apparent less mean solar time, minutes (appendix A.1)."""
    eps = np.deg2rad(sun.obliquity_deg)
    angle = (
        sun.mean_longitude_deg
        - 0.0057183
        - sun.right_ascension_deg
        + sun.nutation_deg * np.cos(eps)
    )
    minutes = np.mod(4.0 * angle + 720.0, 1_440.0) - 720.0
    return np.asarray(minutes)


def _series(name: str, jme: Floats) -> Floats:
    """Return a series of the heliocentric Earth at Julian millennia, in rad or au."""
    total = np.zeros_like(jme)
    for (series, power), terms in earth_terms().items():
        if series == name:
            angle = terms[:, 1] + np.multiply.outer(jme, terms[:, 2])
            total += (np.cos(angle) @ terms[:, 0]) * jme**power
    return total / 1e8


def _nutation(jce: Floats) -> tuple[Floats, Floats]:
    """Return the nutation in longitude and in obliquity, degrees."""
    arguments = np.stack(
        [
            297.85036 + jce * (445_267.111480 + jce * (-0.0019142 + jce / 189_474.0)),
            357.52772 + jce * (35_999.050340 + jce * (-0.0001603 - jce / 300_000.0)),
            134.96298 + jce * (477_198.867398 + jce * (0.0086972 + jce / 56_250.0)),
            93.27191 + jce * (483_202.017538 + jce * (-0.0036825 + jce / 327_270.0)),
            125.04452 + jce * (-1_934.136261 + jce * (0.0020708 + jce / 450_000.0)),
        ],
        axis=-1,
    )
    terms = nutation_terms()
    angle = np.deg2rad(arguments) @ terms.factors.T
    of_time = jce[..., None]
    psi = ((terms.a + terms.b * of_time) * np.sin(angle)).sum(axis=-1)
    epsilon = ((terms.c + terms.d * of_time) * np.cos(angle)).sum(axis=-1)
    return psi / (ARC_SECONDS * 1e4), epsilon / (ARC_SECONDS * 1e4)


def _mean_obliquity_deg(jme: Floats) -> Floats:
    u = jme / 10.0
    powers = (84381.448, -4680.93, -1.55, 1999.25, -51.38, -249.67, -39.05, 7.12, 27.87, 5.79, 2.45)
    return np.asarray(np.polynomial.polynomial.polyval(u, powers) / ARC_SECONDS)


def _mean_sidereal_deg(jd: Floats, century: Floats) -> Floats:
    return (
        280.46061837
        + 360.98564736629 * (jd - 2_451_545.0)
        + century * century * (0.000387933 - century / 38_710_000.0)
    )


def _mean_longitude_deg(jme: Floats) -> Floats:
    powers = (280.4664567, 360007.6982779, 0.03032028, 1 / 49931.0, -1 / 15300.0, -1 / 2e6)
    return np.asarray(np.mod(np.polynomial.polynomial.polyval(jme, powers), 360.0))
