"""Decibels for one radial's pixels at once: the same formulas as `diffraction`, in vector loops.

The sweep leaves three numbers per pixel (the knife-edge parameter of the actual profile and the two
effective antenna heights); everything after them is arithmetic without memory, written here as
straight loops without branches. Spherical-earth loss by :mod:`models.lora.spherical_earth` to
1e-4 dB [D, tested], smooth-path Bullington at the very samples of the pixel's profile.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lora.spherical_earth import (
    LAND_CONDUCTIVITY_S_M,
    LAND_PERMITTIVITY,
    LIGHT_SPEED_M_S,
)
from models.lora.sweep_math import DB_PER_OCTAVE, exp2, log2

NO_EDGE = -9.0
"""A knife-edge parameter that costs nothing."""

NO_LOSS_NU = 0.78
"""J(nu) is zero at and below minus this (P.526-15 equation 31)."""

OWN_SAMPLES = 2
"""Samples next to the receiver taken on the pixel's own line, not on its radial."""

_AROUND = 6
"""Samples beside the peaks: two for each horizon and two for the least clearance."""

_CUBIC_STEPS = 5
_BALANCE_STEPS = 7


@njit(cache=True, nogil=True, error_model="numpy")
def bullington_db(nu: float, distance_km: float) -> float:
    """Return J + (1 - e^(-J/6))(10 + 0.02 d), dB; as `diffraction.bullington_from_nu_db`."""
    a = nu - 0.1
    octaves = log2(math.sqrt(a * a + 1.0) + a)
    loss_db = 6.9 + 2.0 * DB_PER_OCTAVE * octaves if nu > -NO_LOSS_NU else 0.0
    return loss_db + (1.0 - exp2(loss_db * -0.24044917348149395)) * (10.0 + 0.02 * distance_km)


@njit(cache=True, nogil=True, error_model="numpy")
def spherical_shares(
    count: int,
    distance_m: NDArray[np.float64],
    htx_eff_m: NDArray[np.float64],
    hrx_eff_m: NDArray[np.float64],
    wavelength_m: float,
    effective_earth_radius_m: float,
    share: NDArray[np.float64],
    radius_m: NDArray[np.float64],
) -> None:
    """Fill the share of the first term that counts (0 .. 1, or more under the smooth Earth).

    `radius_m` gets the Earth radius the first term is to be taken with (P.526-15 section 3.2).
    The place of least clearance solves m b^3 - (m + 1) b + c = 0; Newton's steps from b = 0 rise to
    the root without passing it, where the recommendation writes the root with arc cosines [D].
    """
    for i in range(count):
        d, ht, hr = distance_m[i], htx_eff_m[i], hrx_eff_m[i]
        roots = math.sqrt(ht) + math.sqrt(hr)
        beyond = d * d >= 2.0 * effective_earth_radius_m * roots * roots
        both = ht + hr
        c = abs(ht - hr) / both
        m = d * d / (4.0 * effective_earth_radius_m * both)
        m = min(m, 1.0)
        b = c / (m + 1.0)
        for _ in range(_CUBIC_STEPS):
            square = m * b * b
            b -= (square * b - (m + 1.0) * b + c) / (3.0 * square - m - 1.0)
        b = b if ht >= hr else -b
        d1 = 0.5 * d * (1.0 + b)
        d2 = d - d1
        product = d1 * d2
        clearance = (ht * d2 + hr * d1) / d - product / (2.0 * effective_earth_radius_m)
        missing = 1.0 - clearance / (0.552 * math.sqrt(product * wavelength_m / d))
        share[i] = 1.0 if beyond else max(missing, 0.0)
        inside = d / roots
        radius_m[i] = effective_earth_radius_m if beyond else 0.5 * inside * inside


@njit(cache=True, nogil=True, error_model="numpy")
def _height_gain_octaves(b: float, floor: float) -> float:
    """Return the height gain G in octaves of power (times 10 lg 2 gives dB)."""
    high = b > 2.0  # noqa: PLR2004 - published
    argument = b - 1.1 if high else b + 0.1 * b * b * b
    octaves = log2(max(argument, 1.0e-300))
    root = math.sqrt(max(b - 1.1, 0.0))
    gain = (17.6 * root - 8.0) / DB_PER_OCTAVE - 0.5 * octaves if high else 2.0 * octaves
    return max(gain, floor)


@njit(cache=True, nogil=True, error_model="numpy")
def first_terms_db(
    count: int,
    distance_m: NDArray[np.float64],
    htx_eff_m: NDArray[np.float64],
    hrx_eff_m: NDArray[np.float64],
    radius_m: NDArray[np.float64],
    frequency_mhz: float,
    vertical: bool,
    out_db: NDArray[np.float64],
) -> None:
    """Fill the first term of the residue series, dB, never negative; as `first_term_db`."""
    wavelength_m = LIGHT_SPEED_M_S / (frequency_mhz * 1.0e6)
    tangent = 60.0 * wavelength_m * LAND_CONDUCTIVITY_S_M
    admittance = (wavelength_m / (2.0 * math.pi)) ** (1.0 / 3.0) / (
        ((LAND_PERMITTIVITY - 1.0) ** 2 + tangent * tangent) ** 0.25
    )
    if vertical:
        admittance *= math.sqrt(LAND_PERMITTIVITY**2 + tangent * tangent)
    admittance_octaves = math.log2(admittance)
    per_distance = (math.pi / wavelength_m) ** (1.0 / 3.0)
    per_height = 2.0 * per_distance * per_distance
    for i in range(count):
        octaves = log2(radius_m[i]) / -3.0
        root = exp2(octaves)
        k2 = admittance * root * admittance * root
        beta = (1.0 + 1.6 * k2 + 0.67 * k2 * k2) / (1.0 + 4.5 * k2 + 1.53 * k2 * k2)
        x = beta * per_distance * root * root * distance_m[i]
        x_octaves = log2(x)
        far = (11.0 - 17.6 * x) / DB_PER_OCTAVE + x_octaves
        near = -2.0 * x_octaves - 5.6488 / DB_PER_OCTAVE * exp2(1.425 * min(x_octaves, 1.0))
        floor = 2.0 / DB_PER_OCTAVE + 2.0 * (admittance_octaves + octaves)
        scale = beta * beta * per_height * root
        gain = (
            (far if x >= 1.6 else near)  # noqa: PLR2004 - published
            + _height_gain_octaves(scale * htx_eff_m[i], floor)
            + _height_gain_octaves(scale * hrx_eff_m[i], floor)
        )
        out_db[i] = max(-DB_PER_OCTAVE * gain, 0.0)


@njit(cache=True, nogil=True, error_model="numpy")
def smooth_nus(
    count: int,
    distance_m: NDArray[np.float64],
    htx_eff_m: NDArray[np.float64],
    hrx_eff_m: NDArray[np.float64],
    segments: NDArray[np.int64],
    step_m: float,
    wavelength_m: float,
    effective_earth_radius_m: float,
    nu: NDArray[np.float64],
) -> None:
    """Fill the knife-edge parameter of Bullington's smooth path at each pixel's own samples.

    Samples stand at i step (i = 1 .. segments - 1 - OWN_SAMPLES) and at the last OWN_SAMPLES places
    before the receiver, d/segments apart. Horizon slopes are concave along the path and nu in line
    of sight has one peak, so the two samples around the continuous optimum and the own ones hold
    the extremes. With t = d1/d2 and the higher antenna at the near end, the peak solves
    h2 t - h1 + (d^2/2a) t(t-1)/(t+1)^2 = 0, rising and concave for t >= 1: Newton's steps climb
    to it.
    """
    twice = 2.0 * effective_earth_radius_m
    for i in range(count):
        d, ht, hr = distance_m[i], htx_eff_m[i], hrx_eff_m[i]
        whole = segments[i]
        last = float(max(whole - 1 - OWN_SAMPLES, 0))
        spacing = d / float(max(whole, 1))
        rise = (hr - ht) / d
        high, low = max(ht, hr), min(ht, hr)
        bulge = d * d / twice
        t = 1.0 + (high - low) / (low + 0.25 * bulge)
        for _ in range(_BALANCE_STEPS):
            # Value and slope both times (t + 1)^3: one division a step.
            u = t + 1.0
            cube = u * u * u
            value = (low * t - high) * cube + bulge * u * t * (t - 1.0)
            t -= value / (low * cube + bulge * (3.0 * t - 1.0))
        far = d * t / (t + 1.0)
        peak = far if ht >= hr else d - far
        tx_slope, rx_slope, squared = -1.0e300, -1.0e300, 1.0e300
        for k in range(_AROUND + OWN_SAMPLES):
            if k < _AROUND:
                target = d - math.sqrt(twice * hr)
                target = math.sqrt(twice * ht) if k // 2 == 0 else target
                target = peak if k // 2 == 1 else target
                index = math.floor(target / step_m) + float(k & 1)
                index = min(max(index, 1.0), last)
                x = index * step_m
                valid = last >= 1.0
            else:
                x = d - spacing * float(k - _AROUND + 1)
                valid = whole > k - _AROUND + 1
            x = x if valid else 0.5 * d
            y = d - x
            above = x * y / twice - ht - rise * x
            scaled = above / (x * y)
            seen_tx, seen_rx = scaled * y, scaled * x
            tx_slope = max(tx_slope, seen_tx) if valid else tx_slope
            rx_slope = max(rx_slope, seen_rx) if valid else rx_slope
            squared = min(squared, seen_tx * seen_rx) if valid else squared
        hidden = tx_slope >= 0.0
        product = max(tx_slope, 0.0) * max(rx_slope, 0.0) if hidden else squared
        edge = math.sqrt(2.0 * d * product / wavelength_m)
        edge = edge if hidden else -edge
        nu[i] = edge if whole > 1 else NO_EDGE
