"""Compiled delta-Bullington over many straight paths of one elevation grid.

Same method and numbers as :mod:`models.lora.diffraction` (the tests hold them to 1e-9 dB); the
equal spacing of the samples lets the divisions become a table of 1/i, the moments of the profile
become two plain sums, and Bullington on the smooth path become a search over one unimodal sequence.
Lengths inside a path are counted in steps; `kappa_m` = step^2 / (2 a_e) is the Earth's bulge unit.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lora.diffraction import (
    bullington_from_nu_db,
    nu_of_excess_slopes,
    smooth_surface_heights,
)
from models.lora.spherical_earth import LIGHT_SPEED_M_S, spherical_earth_db

_FAR = 1.0e300
"""Starting value of a running minimum (its opposite for a maximum)."""


@njit(cache=True, nogil=True)
def segments(distance_m: float, step_m: float) -> int:
    """Return how many equal segments, none longer than `step_m`, a path is cut into (0 if none)."""
    if distance_m <= 0.0:
        return 0
    return max(1, math.ceil(distance_m / step_m - 1.0e-9))


@njit(cache=True, nogil=True)
def sample_line(
    grid: NDArray[np.float32],
    row_from: float,
    column_from: float,
    row_to: float,
    column_to: float,
    count: int,
    heights_m: NDArray[np.float64],
) -> tuple[float, float]:
    """Fill `heights_m[0..count]` with bilinear heights along a line; return two sums of the inside.

    Rows and columns are fractional indices of cell centres, as in `Terrain.height_m`, whose border
    rule (the outermost half cell takes the border cell's height) is kept. The sums are of h_i and
    of i h_i for 0 < i < count. A void gives NaN heights and NaN sums.
    """
    rows, columns = grid.shape
    flat = grid.reshape(rows * columns)
    last_row, last_column = max(rows - 2, 0), max(columns - 2, 0)
    right = min(1, columns - 1)
    down = columns if rows > 1 else 0
    row_limit, column_limit = rows - 1.0, columns - 1.0
    row_step, column_step = (row_to - row_from) / count, (column_to - column_from) / count
    total, first_moment = 0.0, 0.0
    for k in range(count + 1):
        row = min(max(row_from + k * row_step, 0.0), row_limit)
        column = min(max(column_from + k * column_step, 0.0), column_limit)
        i = min(np.int64(row), last_row)
        j = min(np.int64(column), last_column)
        v, u = row - i, column - j
        # Unsigned indices spare numba's test for negative ones.
        at = np.uint64(i * columns + j)
        below = at + np.uint64(down)
        north_m = flat[at] * (1.0 - u) + flat[at + np.uint64(right)] * u
        south_m = flat[below] * (1.0 - u) + flat[below + np.uint64(right)] * u
        height_m = north_m * (1.0 - v) + south_m * v
        heights_m[k] = height_m
        total += height_m
        first_moment += k * height_m
    total -= heights_m[0] + heights_m[count]
    first_moment -= count * heights_m[count]
    return total, first_moment


# Max and min are exact whatever the order, so these two flags (no NaN, no signed zero) only let the
# compiler use vector registers: the result is the same bit for bit.
@njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def horizons(
    heights_m: NDArray[np.float64],
    count: int,
    tx_amsl_m: float,
    ray_m: float,
    kappa_m: float,
    inverse: NDArray[np.float64],
) -> tuple[float, float, float, float, float, float]:
    """Return the extremes over the inside of an equally spaced profile (no NaN allowed).

    `ray_m` is the direct ray's rise per step, `inverse[i]` = 1/i. In order: highest ground over the
    ray, its steepest slopes seen from transmitter and receiver; the same two slopes with the
    Earth's bulge added; least squared clearance / (i (count - i)), meaningful in line of sight.
    Slopes are in metres per step.
    """
    highest = tx_slope = rx_slope = tx_excess = rx_excess = -_FAR
    least_squared = _FAR
    for i in range(1, count):
        above = heights_m[i] - tx_amsl_m - ray_m * i
        from_tx, from_rx = inverse[i], inverse[count - i]
        seen_tx, seen_rx = above * from_tx, above * from_rx
        tx_bulge, rx_bulge = seen_tx + kappa_m * (count - i), seen_rx + kappa_m * i
        squared = tx_bulge * rx_bulge
        highest = max(highest, above)
        tx_slope = max(tx_slope, seen_tx)
        rx_slope = max(rx_slope, seen_rx)
        tx_excess = max(tx_excess, tx_bulge)
        rx_excess = max(rx_excess, rx_bulge)
        least_squared = min(least_squared, squared)
    return highest, tx_slope, rx_slope, tx_excess, rx_excess, least_squared


@njit(cache=True, nogil=True)
def bullington_of_extremes_db(
    tx_excess: float,
    rx_excess: float,
    least_squared: float,
    count: int,
    step_m: float,
    wavelength_m: float,
) -> float:
    """Return Bullington's loss, dB, from the extremes of `horizons` (slopes in metres per step)."""
    distance_m = count * step_m
    if count <= 1:
        return 0.0
    if tx_excess < 0.0:
        nu = -math.sqrt(2.0 * distance_m * least_squared / wavelength_m) / step_m
    else:
        nu = nu_of_excess_slopes(tx_excess / step_m, rx_excess / step_m, distance_m, wavelength_m)
    return bullington_from_nu_db(nu, 0.001 * distance_m)


@njit(cache=True, nogil=True)
def _steepest(height_m: float, count: int, kappa_m: float) -> float:
    """Return max over 0 < i < count of kappa (count - i) - h / i, concave in i."""
    peak = math.floor(min(math.sqrt(height_m / kappa_m), float(count)))
    best = -_FAR
    for i in range(max(peak, 1), min(peak + 1, count - 1) + 1):
        best = max(best, kappa_m * (count - i) - height_m / i)
    if peak >= count:
        best = kappa_m - height_m / (count - 1)
    return best


@njit(cache=True, nogil=True)
def smooth_bullington_db(
    count: int,
    step_m: float,
    htx_eff_m: float,
    hrx_eff_m: float,
    wavelength_m: float,
    effective_earth_radius_m: float,
) -> float:
    """Return Bullington's loss over the smooth Earth sampled at `count - 1` inner points, dB.

    Equals the loop over all samples: the horizon slopes are concave in the sample, and in line of
    sight nu is unimodal along the path (its stationary points solve A sinh v / cosh^2 v =
    D sinh(v0 - v), v = ln(d1/d2)/2, whose ratio of sides is increasing), so bisection finds it [D].
    """
    if count <= 1:
        return 0.0
    kappa_m = step_m * step_m / (2.0 * effective_earth_radius_m)
    rise_m = (hrx_eff_m - htx_eff_m) / count
    tx_excess = _steepest(htx_eff_m, count, kappa_m) - rise_m
    rx_excess = _steepest(hrx_eff_m, count, kappa_m) + rise_m
    least_squared = 0.0
    if tx_excess < 0.0:
        low, high = 1, count - 1
        while low < high:
            middle = (low + high) // 2
            here = _smooth_squared(middle, count, htx_eff_m, rise_m, kappa_m)
            following = _smooth_squared(middle + 1, count, htx_eff_m, rise_m, kappa_m)
            if following < here:
                low = middle + 1
            else:
                high = middle
        least_squared = _smooth_squared(low, count, htx_eff_m, rise_m, kappa_m)
    return bullington_of_extremes_db(
        tx_excess, rx_excess, least_squared, count, step_m, wavelength_m
    )


@njit(cache=True, nogil=True)
def _smooth_squared(i: int, count: int, htx_eff_m: float, rise_m: float, kappa_m: float) -> float:
    """Return squared clearance / (i (count - i)) of the ray over the smooth Earth at sample i."""
    between = float(i * (count - i))
    above = kappa_m * between - htx_eff_m - rise_m * i
    return above * above / between


@njit(cache=True, nogil=True)
def profile_loss_db(  # noqa: PLR0917 - numba calls are positional
    heights_m: NDArray[np.float64],
    count: int,
    step_m: float,
    total: float,
    first_moment: float,
    tx_height_m: float,
    rx_height_m: float,
    frequency_mhz: float,
    vertical: bool,
    effective_earth_radius_m: float,
    inverse: NDArray[np.float64],
) -> float:
    """Return delta-Bullington's loss of an equally spaced profile, dB.

    `heights_m[0..count]` are ground heights, `total` and `first_moment` the sums `sample_line`
    returns, `inverse` a table of 1/i up to `count`.
    """
    wavelength_m = LIGHT_SPEED_M_S / (frequency_mhz * 1.0e6)
    distance_m = count * step_m
    kappa_m = step_m * step_m / (2.0 * effective_earth_radius_m)
    tx_ground_m, rx_ground_m = heights_m[0], heights_m[count]
    tx_amsl_m, rx_amsl_m = tx_ground_m + tx_height_m, rx_ground_m + rx_height_m
    highest, tx_slope, rx_slope, tx_excess, rx_excess, least_squared = horizons(
        heights_m, count, tx_amsl_m, (rx_amsl_m - tx_amsl_m) / count, kappa_m, inverse
    )
    actual_db = bullington_of_extremes_db(
        tx_excess, rx_excess, least_squared, count, step_m, wavelength_m
    )
    tx_surface_m, rx_surface_m = smooth_surface_heights(
        step_m * (2.0 * total + tx_ground_m + rx_ground_m),
        step_m * step_m * (6.0 * first_moment + tx_ground_m + (3.0 * count - 1.0) * rx_ground_m),
        distance_m,
        highest,
        tx_slope,
        rx_slope,
        tx_ground_m,
        rx_ground_m,
    )
    htx_eff_m, hrx_eff_m = tx_amsl_m - tx_surface_m, rx_amsl_m - rx_surface_m
    spherical_db = spherical_earth_db(
        distance_m, htx_eff_m, hrx_eff_m, frequency_mhz, vertical, effective_earth_radius_m
    )
    if spherical_db <= 0.0:
        return actual_db
    smooth_db = smooth_bullington_db(
        count, step_m, htx_eff_m, hrx_eff_m, wavelength_m, effective_earth_radius_m
    )
    return actual_db + max(spherical_db - smooth_db, 0.0)


@njit(cache=True, nogil=True)
def diffraction_losses_db(
    grid: NDArray[np.float32],
    ends: NDArray[np.float64],
    antennas_m: NDArray[np.float64],
    resolution_m: float,
    step_m: float,
    frequency_mhz: float,
    vertical: bool,
    effective_earth_radius_m: float,
    losses_db: NDArray[np.float64],
    slants_m: NDArray[np.float64],
) -> int:
    """Fill `losses_db` and `slants_m` for every pair; return the number of samples read.

    `ends` has shape (n, 4): row and column (fractional indices of cell centres) of the transmitter
    then of the receiver. `antennas_m` has shape (n, 2): heights above ground. A pair that leaves
    the grid or crosses a void gets NaN in both outputs; terminals at one place diffract nothing.
    """
    rows, columns = grid.shape
    longest = 1
    for k in range(losses_db.size):
        apart = math.hypot(ends[k, 2] - ends[k, 0], ends[k, 3] - ends[k, 1])
        if apart < rows + columns:
            longest = max(longest, segments(resolution_m * apart, step_m))
    inverse = np.empty(longest + 1)
    inverse[0] = 0.0
    for i in range(1, longest + 1):
        inverse[i] = 1.0 / i
    heights_m = np.empty(longest + 1)
    read = 0
    for k in range(losses_db.size):
        losses_db[k] = slants_m[k] = np.nan
        row_from, column_from, row_to, column_to = ends[k]
        northmost, southmost = min(row_from, row_to), max(row_from, row_to)
        westmost, eastmost = min(column_from, column_to), max(column_from, column_to)
        # Written so that a NaN position is outside too; half a cell, as Terrain.height_m.
        if not (northmost + 0.5 >= 0.0 and southmost + 0.5 <= rows):
            continue
        if not (westmost + 0.5 >= 0.0 and eastmost + 0.5 <= columns):
            continue
        distance_m = resolution_m * math.hypot(row_to - row_from, column_to - column_from)
        count = segments(distance_m, step_m)
        sampled = max(count, 1)
        total, first_moment = sample_line(
            grid, row_from, column_from, row_to, column_to, sampled, heights_m
        )
        read += sampled + 1
        checksum = total + heights_m[0] + heights_m[sampled]
        if checksum != checksum:  # noqa: PLR0124 - the NaN test that survives compilation
            continue
        rise_m = heights_m[sampled] + antennas_m[k, 1] - heights_m[0] - antennas_m[k, 0]
        slants_m[k] = math.sqrt(distance_m * distance_m + rise_m * rise_m)
        if count == 0:
            losses_db[k] = 0.0
            continue
        losses_db[k] = profile_loss_db(
            heights_m,
            count,
            distance_m / count,
            total,
            first_moment,
            antennas_m[k, 0],
            antennas_m[k, 1],
            frequency_mhz,
            vertical,
            effective_earth_radius_m,
            inverse,
        )
    return read
