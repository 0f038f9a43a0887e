"""Diffraction loss over a smooth spherical Earth: Rec. ITU-R P.526-15 section 3.2 [V].

Metres and hertz-derived wavelengths throughout, with the recommendation's *unrounded* constants:
X = beta (pi / (lambda a^2))^(1/3) d and Y = 2 beta (pi^2 / (lambda^2 a))^(1/3) h. The rounded
21.88 and 0.9575 of the practical-units form cost up to 0.005 dB on ITU's own validation cases, and
c = 3e8 m/s (not 299 792 458) is what those cases were computed with [D].
"""

from __future__ import annotations

import math

from numba import njit

LIGHT_SPEED_M_S = 3.0e8
"""Speed of light of the ITU-R diffraction validation cases (rounded on purpose), m/s."""

EFFECTIVE_EARTH_RADIUS_M = 8_500_000.0
"""Median effective Earth radius (k = 4/3), m; Rec. ITU-R P.526-15 and its validation cases [V]."""

LAND_PERMITTIVITY = 22.0
"""Relative permittivity of average land; Rec. ITU-R P.1812 section 4.3.3 [V]."""

LAND_CONDUCTIVITY_S_M = 0.003
"""Conductivity of average land, S/m; Rec. ITU-R P.1812 section 4.3.3 [V]."""


@njit(cache=True, nogil=True)
def _height_gain_db(normalised_height: float, beta: float, admittance: float) -> float:
    """Return the height gain G(Y), never under 2 + 20 lg K (P.526-15 equations 18, 18a)."""
    floor_db = 2.0 + 20.0 * math.log10(admittance)
    b = beta * normalised_height
    if b > 2.0:  # noqa: PLR2004 - published breakpoint of G(Y)
        gain_db = 17.6 * math.sqrt(b - 1.1) - 5.0 * math.log10(b - 1.1) - 8.0
    elif b > 0.0:
        gain_db = 20.0 * math.log10(b + 0.1 * b * b * b)
    else:
        gain_db = floor_db
    return max(gain_db, floor_db)


@njit(cache=True, nogil=True)
def first_term_db(
    distance_m: float,
    htx_eff_m: float,
    hrx_eff_m: float,
    frequency_mhz: float,
    vertical: bool,
    radius_m: float,
) -> float:
    """Return the first term of the residue series over land, dB (P.526-15 section 3.1.1).

    `radius_m` is the Earth radius to use: the effective one beyond the horizon, the modified one
    of section 3.2 inside it. May be negative, which the caller reads as "no loss".
    """
    wavelength_m = LIGHT_SPEED_M_S / (frequency_mhz * 1.0e6)
    loss_tangent = 60.0 * wavelength_m * LAND_CONDUCTIVITY_S_M
    # (e - 1)^2 + t^2 to the power -1/4, as two square roots: pow() is the dearest call here.
    admittance = (2.0 * math.pi * radius_m / wavelength_m) ** (-1.0 / 3.0) / math.sqrt(
        math.sqrt((LAND_PERMITTIVITY - 1.0) ** 2 + loss_tangent * loss_tangent)
    )
    if vertical:
        admittance *= math.sqrt(LAND_PERMITTIVITY**2 + loss_tangent * loss_tangent)
    k2 = admittance * admittance
    beta = (1.0 + 1.6 * k2 + 0.67 * k2 * k2) / (1.0 + 4.5 * k2 + 1.53 * k2 * k2)
    x = beta * (math.pi / (wavelength_m * radius_m * radius_m)) ** (1.0 / 3.0) * distance_m
    per_metre = 2.0 * beta * (math.pi**2 / (wavelength_m**2 * radius_m)) ** (1.0 / 3.0)
    if x >= 1.6:  # noqa: PLR2004 - published breakpoint of F(X)
        distance_term_db = 11.0 + 10.0 * math.log10(x) - 17.6 * x
    else:
        distance_term_db = -20.0 * math.log10(x) - 5.6488 * x**1.425
    tx_gain_db = _height_gain_db(per_metre * htx_eff_m, beta, admittance)
    rx_gain_db = _height_gain_db(per_metre * hrx_eff_m, beta, admittance)
    return float(-distance_term_db - tx_gain_db - rx_gain_db)


@njit(cache=True, nogil=True)
def smallest_clearance_m(
    distance_m: float, htx_eff_m: float, hrx_eff_m: float, radius_m: float
) -> tuple[float, float, float]:
    """Return (h_se, d1, d2): least height of the ray over the smooth Earth, and where.

    P.526-15 section 3.2, valid inside the horizon; metres, `d1` from the transmitter and `d2`
    from the receiver.
    """
    both_m = htx_eff_m + hrx_eff_m
    c = (htx_eff_m - hrx_eff_m) / both_m
    m = distance_m * distance_m / (4.0 * radius_m * both_m)
    cosine = 1.5 * c * math.sqrt(3.0 * m / (m + 1.0) ** 3)
    angle = math.acos(min(1.0, max(-1.0, cosine)))
    b = 2.0 * math.sqrt((m + 1.0) / (3.0 * m)) * math.cos(math.pi / 3.0 + angle / 3.0)
    d1_m = 0.5 * distance_m * (1.0 + b)
    d2_m = distance_m - d1_m
    clearance_m = (
        (htx_eff_m - d1_m * d1_m / (2.0 * radius_m)) * d2_m
        + (hrx_eff_m - d2_m * d2_m / (2.0 * radius_m)) * d1_m
    ) / distance_m
    return clearance_m, d1_m, d2_m


@njit(cache=True, nogil=True)
def spherical_earth_db(
    distance_m: float,
    htx_eff_m: float,
    hrx_eff_m: float,
    frequency_mhz: float,
    vertical: bool,
    effective_earth_radius_m: float,
) -> float:
    """Return the diffraction loss of the smooth spherical Earth over land, dB (P.526-15 3.2).

    Parameters
    ----------
    distance_m
        Great-circle distance, > 0.
    htx_eff_m, hrx_eff_m
        Terminal heights above the smooth surface, >= 0.
    vertical
        Vertical polarisation; horizontal otherwise.
    effective_earth_radius_m
        Effective Earth radius a_e.

    Returns
    -------
    float
        First term of the residue series beyond the horizon; inside it, zero where the ray clears
        0.552 of the wavelength-scaled clearance, else linear interpolation; never negative.
    """
    if distance_m <= 0.0:
        return 0.0
    root_tx, root_rx = math.sqrt(htx_eff_m), math.sqrt(hrx_eff_m)
    horizon_m = math.sqrt(2.0 * effective_earth_radius_m) * (root_tx + root_rx)
    if distance_m >= horizon_m:
        beyond_db: float = first_term_db(
            distance_m, htx_eff_m, hrx_eff_m, frequency_mhz, vertical, effective_earth_radius_m
        )
        return max(beyond_db, 0.0)
    clearance_m, d1_m, d2_m = smallest_clearance_m(
        distance_m, htx_eff_m, hrx_eff_m, effective_earth_radius_m
    )
    wavelength_m = LIGHT_SPEED_M_S / (frequency_mhz * 1.0e6)
    required_m = 0.552 * math.sqrt(d1_m * d2_m * wavelength_m / distance_m)
    if clearance_m > required_m:
        return 0.0
    modified_radius_m = 0.5 * (distance_m / (root_tx + root_rx)) ** 2
    loss_db: float = first_term_db(
        distance_m, htx_eff_m, hrx_eff_m, frequency_mhz, vertical, modified_radius_m
    )
    if loss_db < 0.0:
        return 0.0
    return float((1.0 - clearance_m / required_m) * loss_db)
