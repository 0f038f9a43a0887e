"""Full delta-Bullington diffraction over one terrain profile: Rec. ITU-R P.526-15 section 4.5 [V].

The same method is P.1812 section 4.3. L = L_ba + max(L_sph - L_bs, 0): Bullington on the actual
profile, corrected by what spherical-earth diffraction adds to Bullington on the equivalent smooth
one. Metres and decibels; slopes in metres per metre; heights above mean sea level (`_amsl_m`)
unless said otherwise. Reproduces ITU-R's ten validation values to 1e-4 dB (see the oracle test).

Every function is compiled by numba and may be called from other compiled kernels.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lora.spherical_earth import LIGHT_SPEED_M_S, spherical_earth_db

_NONE = -1.0e300
"""Starting value of a running maximum: below any slope, and not NaN or infinite."""


@njit(cache=True, nogil=True)
def knife_edge_db(nu: float) -> float:
    """Return J(nu), the loss of one knife edge, dB; 0 at and below nu = -0.78 (P.526-15 eq. 31).

    J(0) = 6.0329 dB [V].
    """
    if nu <= -0.78:  # noqa: PLR2004 - published limit of the approximation
        return 0.0
    a = nu - 0.1
    return 6.9 + 20.0 * math.log10(math.sqrt(a * a + 1.0) + a)


@njit(cache=True, nogil=True)
def bullington_from_nu_db(nu: float, distance_km: float) -> float:
    """Return Bullington's loss from its knife-edge parameter, dB: J + (1 - e^(-J/6))(10 + 0.02 d).

    The distance is in kilometres here because the published constant 0.02 is (P.526-15 eq. 58).
    """
    loss_db = knife_edge_db(nu)
    return loss_db + (1.0 - math.exp(-loss_db / 6.0)) * (10.0 + 0.02 * distance_km)


@njit(cache=True, nogil=True)
def nu_of_excess_slopes(
    tx_excess: float, rx_excess: float, distance_m: float, wavelength_m: float
) -> float:
    """Return nu at Bullington's point where both horizons rise above the direct ray.

    With `tx_excess` = S_tim - S_tr and `rx_excess` = S_rim + S_tr (slopes over the ray, m/m),
    the point lies at d rx / (tx + rx), the edge stands tx rx d / (tx + rx) above the ray, and the
    recommendation's expression collapses to sqrt(2 tx rx d / lambda) [D].
    """
    product = max(tx_excess, 0.0) * max(rx_excess, 0.0)
    return math.sqrt(2.0 * product * distance_m / wavelength_m)


@njit(cache=True, nogil=True)
def smooth_surface_heights(
    moment_1: float,
    moment_2: float,
    distance_m: float,
    obstruction_m: float,
    tx_slope: float,
    rx_slope: float,
    tx_ground_m: float,
    rx_ground_m: float,
) -> tuple[float, float]:
    """Return the smooth surface's heights (h_std, h_srd) under both terminals (P.1812 4.3.4).

    Parameters
    ----------
    moment_1, moment_2
        v1 = sum (d_i - d_{i-1})(h_i + h_{i-1}) and
        v2 = sum (d_i - d_{i-1})[h_i (2 d_i + d_{i-1}) + h_{i-1}(d_i + 2 d_{i-1})], metres^2, ^3.
    obstruction_m
        Highest ground above the straight line between the antennas (no Earth curvature).
    tx_slope, rx_slope
        Steepest (height above that line) / (distance to the terminal), from either end.
    tx_ground_m, rx_ground_m
        Ground under the terminals: the smooth surface is capped there.
    """
    squared = distance_m * distance_m
    tx_surface_m = (2.0 * moment_1 * distance_m - moment_2) / squared
    rx_surface_m = (moment_2 - moment_1 * distance_m) / squared
    if obstruction_m > 0.0:
        both = tx_slope + rx_slope
        tx_surface_m -= obstruction_m * tx_slope / both
        rx_surface_m -= obstruction_m * rx_slope / both
    return min(tx_surface_m, tx_ground_m), min(rx_surface_m, rx_ground_m)


@njit(cache=True, nogil=True)
def effective_heights(
    distances_m: NDArray[np.float64],
    heights_m: NDArray[np.float64],
    tx_amsl_m: float,
    rx_amsl_m: float,
) -> tuple[float, float]:
    """Return (h'_t, h'_r), the antennas' heights above the fitted smooth surface, metres.

    `distances_m` and `heights_m` (ground above sea level) have shape (n,), n >= 2, distances
    strictly increasing from 0, any spacing.
    """
    last = distances_m.size - 1
    total_m = distances_m[last]
    ray_slope = (rx_amsl_m - tx_amsl_m) / total_m
    moment_1, moment_2 = 0.0, 0.0
    obstruction_m, tx_slope, rx_slope = _NONE, _NONE, _NONE
    for i in range(1, last + 1):
        before_m, here_m = distances_m[i - 1], distances_m[i]
        width_m, h0, h1 = here_m - before_m, heights_m[i - 1], heights_m[i]
        moment_1 += width_m * (h1 + h0)
        moment_2 += width_m * (h1 * (2.0 * here_m + before_m) + h0 * (here_m + 2.0 * before_m))
        if i < last:
            above_m = h1 - tx_amsl_m - ray_slope * here_m
            obstruction_m = max(obstruction_m, above_m)
            tx_slope = max(tx_slope, above_m / here_m)
            rx_slope = max(rx_slope, above_m / (total_m - here_m))
    tx_surface_m, rx_surface_m = smooth_surface_heights(
        moment_1,
        moment_2,
        total_m,
        obstruction_m,
        tx_slope,
        rx_slope,
        heights_m[0],
        heights_m[last],
    )
    return tx_amsl_m - tx_surface_m, rx_amsl_m - rx_surface_m


@njit(cache=True, nogil=True)
def bullington_db(
    distances_m: NDArray[np.float64],
    heights_m: NDArray[np.float64],
    tx_amsl_m: float,
    rx_amsl_m: float,
    frequency_mhz: float,
    effective_earth_radius_m: float,
    flat: bool,
) -> float:
    """Return Bullington's loss over a profile of any spacing, dB (P.526-15 section 4.5.1).

    With `flat` the ground is taken as zero everywhere (the equivalent smooth path) and the heights
    are not read. A profile without intermediate samples costs nothing.
    """
    wavelength_m = LIGHT_SPEED_M_S / (frequency_mhz * 1.0e6)
    last = distances_m.size - 1
    total_m = distances_m[last]
    ray_slope = (rx_amsl_m - tx_amsl_m) / total_m
    tx_excess, rx_excess, scaled = _NONE, _NONE, _NONE
    for i in range(1, last):
        here_m = distances_m[i]
        left_m = total_m - here_m
        ground_m = 0.0 if flat else heights_m[i]
        bulge_m = here_m * left_m / (2.0 * effective_earth_radius_m)
        above_m = ground_m + bulge_m - tx_amsl_m - ray_slope * here_m
        tx_excess = max(tx_excess, above_m / here_m)
        rx_excess = max(rx_excess, above_m / left_m)
        scaled = max(scaled, above_m / math.sqrt(here_m * left_m))
    if tx_excess < 0.0:
        nu = scaled * math.sqrt(2.0 * total_m / wavelength_m)
    else:
        nu = nu_of_excess_slopes(tx_excess, rx_excess, total_m, wavelength_m)
    return bullington_from_nu_db(nu, total_m / 1000.0)


@njit(cache=True, nogil=True)
def delta_bullington_db(
    distances_m: NDArray[np.float64],
    heights_m: NDArray[np.float64],
    tx_height_m: float,
    rx_height_m: float,
    frequency_mhz: float,
    vertical: bool,
    effective_earth_radius_m: float,
) -> tuple[float, float, float, float]:
    """Return (loss, Bullington actual, Bullington smooth, spherical earth) of one profile, dB.

    Parameters
    ----------
    distances_m, heights_m
        Shape (n,), n >= 2: distances from the transmitter (0 first, strictly increasing, any
        spacing) and ground heights above sea level. Both float64.
    tx_height_m, rx_height_m
        Antenna heights above the ground of the first and last sample, >= 0.
    frequency_mhz, vertical, effective_earth_radius_m
        Frequency, vertical polarisation (horizontal otherwise), effective Earth radius.

    Notes
    -----
    Inputs are not checked here: this is the inner kernel. Rec. ITU-R P.526-15 section 4.5.3.
    """
    last = distances_m.size - 1
    tx_amsl_m = heights_m[0] + tx_height_m
    rx_amsl_m = heights_m[last] + rx_height_m
    actual_db = bullington_db(
        distances_m,
        heights_m,
        tx_amsl_m,
        rx_amsl_m,
        frequency_mhz,
        effective_earth_radius_m,
        False,  # noqa: FBT003 - numba calls are positional in kernels
    )
    htx_eff_m, hrx_eff_m = effective_heights(distances_m, heights_m, tx_amsl_m, rx_amsl_m)
    smooth_db = bullington_db(
        distances_m,
        heights_m,
        htx_eff_m,
        hrx_eff_m,
        frequency_mhz,
        effective_earth_radius_m,
        True,  # noqa: FBT003 - numba calls are positional in kernels
    )
    spherical_db = spherical_earth_db(
        distances_m[last],
        htx_eff_m,
        hrx_eff_m,
        frequency_mhz,
        vertical,
        effective_earth_radius_m,
    )
    loss_db = actual_db + max(spherical_db - smooth_db, 0.0)
    return loss_db, actual_db, smooth_db, spherical_db
