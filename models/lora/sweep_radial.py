"""One radial of ground heights and everything about it that does not depend on the receiver.

Heights are kept twice: plain (`ground`) and lowered by the Earth's bulge, w = g - x^2 / (2 a_e), in
which every ray is a straight line whatever its length.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lora.sweep_state import Radial, Relief

_HALF = 0.5
"""Half a cell: how far the border cells reach beyond their centres."""


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def ground_at(grid: NDArray[np.float32], row: float, column: float) -> float:
    """Return the bilinear height at fractional cell-centre indices, NaN off the grid.

    The same rule as `Terrain.height_m`: half a cell beyond the outermost centres the border cell's
    height holds; one void among the four cells makes a void.
    """
    rows, columns = grid.shape
    inside = -_HALF <= row <= rows - _HALF and -_HALF <= column <= columns - _HALF
    if not inside:
        return np.nan
    row = min(max(row, 0.0), rows - 1.0)
    column = min(max(column, 0.0), columns - 1.0)
    i = min(int(row), max(rows - 2, 0))
    j = min(int(column), max(columns - 2, 0))
    below, right = np.uint64(min(i + 1, rows - 1)), np.uint64(min(j + 1, columns - 1))
    v, u = row - i, column - j
    above, left = np.uint64(i), np.uint64(j)
    # Unsigned indices spare numba's test for negative ones.
    north = grid[above, left] * (1.0 - u) + grid[above, right] * u
    south = grid[below, left] * (1.0 - u) + grid[below, right] * u
    return float(north * (1.0 - v) + south * v)


@njit(cache=True, nogil=True, error_model="numpy")
def sample_radial(
    relief: Relief, row_step: float, column_step: float, count: int, ground: NDArray[np.float64]
) -> int:
    """Fill `ground[1..count]` along a radial; return how many come before the first void."""
    for i in range(1, count + 1):
        height = ground_at(relief.grid, relief.row + i * row_step, relief.column + i * column_step)
        if math.isnan(height):
            return i - 1
        ground[i] = height
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def accumulate(
    count: int, step_m: float, tx_amsl_m: float, half_curvature: float, radial: Radial
) -> None:
    """Fill all that `Radial` holds of samples 0 .. `count` but their ground and the hulls.

    `half_curvature` = 1/(2 a_e).
    """
    ground, curved, running = radial.ground, radial.curved, radial.running
    seen, seen_x, seen_slope = radial.seen, radial.seen_x, radial.seen_slope
    plain, bent, moment_1, moment_2 = -1.0e300, -1.0e300, 0.0, 0.0
    running[0, 0] = -1.0e300
    running[0, 1] = running[0, 2] = 0.0
    seen[0] = found = 0
    before = ground[0]
    curved[0] = before
    for i in range(1, count + 1):
        x = i * step_m
        here = ground[i]
        lowered = here - x * x * half_curvature
        curved[i] = lowered
        plain = max(plain, (here - tx_amsl_m) * radial.inverse_m[i])
        slope = (lowered - tx_amsl_m) * radial.inverse_m[i]
        # Written whether seen or not, and overwritten if not: no branch to guess wrong.
        seen_x[found] = x
        seen_slope[found] = slope
        found += 1 if slope > bent else 0
        bent = max(bent, slope)
        seen[i] = found
        moment_1 += step_m * (here + before)
        moment_2 += step_m * (here * (3.0 * x - step_m) + before * (3.0 * x - 2.0 * step_m))
        running[i, 0] = plain
        running[i, 1] = moment_1
        running[i, 2] = moment_2
        before = here


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def least_clearance(
    count: int,
    distance_m: float,
    ray_slope: float,
    seen_x: NDArray[np.float64],
    seen_slope: NDArray[np.float64],
    least: float,
) -> float:
    """Return min of `least` and clearance^2 / (x (d - x)) over the samples in line of sight.

    nu^2 is this times 2 d / lambda. With s the sample's slope and S the ray's, clearance is
    x (S - s), so the quantity is (S - s)^2 x / (d - x): of two samples the farther one can only win
    if its slope is the greater. Hence only the first `count` *seen* samples matter, and as their
    slopes rise with distance, (S - s_last)^2 x_first / (d - x_first) is a lower bound over any run
    of them: runs that cannot win are passed over, ever longer ones, without any loss [D].
    """
    i = count
    length = 2
    while i > 0:
        gap = ray_slope - seen_slope[np.uint64(i - 1)]
        squared = gap * gap
        first = max(i - length, 0)
        x = seen_x[np.uint64(first)]
        if squared * x >= least * (distance_m - x):
            i = first
            length *= 2
        else:
            i -= 1
            x = seen_x[np.uint64(i)]
            left = distance_m - x
            if squared * x < least * left:
                least = squared * x / left
            length = max(length >> 2, 1)
    return least
