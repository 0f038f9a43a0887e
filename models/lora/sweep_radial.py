"""One radial of ground heights and everything about it that does not depend on the receiver.

Heights are kept twice: plain (`ground`) and lowered by the Earth's bulge, w = g - x^2 / (2 a_e), in
which every ray is a straight line whatever its length.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

BLOCK = 16
"""Samples under one fine bounding line; a power of two."""

COARSE = 64
"""Samples under one coarse bounding line; a power of two, and whole blocks."""


@njit(cache=True, nogil=True, error_model="numpy")
def ground_at(grid: NDArray[np.float32], row: float, column: float) -> float:
    """Return the bilinear height at fractional cell-centre indices, NaN off the grid.

    The same rule as `Terrain.height_m`: half a cell beyond the outermost centres the border cell's
    height holds; one void among the four cells makes a void.
    """
    rows, columns = grid.shape
    inside = -0.5 <= row <= rows - 0.5 and -0.5 <= column <= columns - 0.5
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
    return north * (1.0 - v) + south * v


@njit(cache=True, nogil=True, error_model="numpy")
def sample_radial(
    grid: NDArray[np.float32],
    row: float,
    column: float,
    row_step: float,
    column_step: float,
    count: int,
    ground: NDArray[np.float64],
) -> int:
    """Fill `ground[1..count]` along a radial; return how many come before the first void."""
    rows, columns = grid.shape
    for i in range(1, count + 1):
        height = ground_at(grid, row + i * row_step, column + i * column_step)
        if math.isnan(height):
            return i - 1
        ground[i] = height
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def accumulate(
    count: int,
    step_m: float,
    tx_amsl_m: float,
    half_curvature: float,
    inverse_m: NDArray[np.float64],
    ground: NDArray[np.float64],
    curved: NDArray[np.float64],
    running: NDArray[np.float64],
) -> None:
    """Fill `curved` and the four running quantities of the samples 0 .. count.

    `running[i]` = (steepest slope from the transmitter to plain ground, to curved ground, moment
    v1, moment v2) over samples 1 .. i; `half_curvature` = 1/(2 a_e); `inverse_m[i]` = 1/(i step).
    """
    plain, bent, moment_1, moment_2 = -1.0e300, -1.0e300, 0.0, 0.0
    running[0, 0] = running[0, 1] = -1.0e300
    running[0, 2] = running[0, 3] = 0.0
    before = ground[0]
    curved[0] = before
    for i in range(1, count + 1):
        x = i * step_m
        here = ground[i]
        lowered = here - x * x * half_curvature
        curved[i] = lowered
        plain = max(plain, (here - tx_amsl_m) * inverse_m[i])
        bent = max(bent, (lowered - tx_amsl_m) * inverse_m[i])
        moment_1 += step_m * (here + before)
        moment_2 += step_m * (here * (3.0 * x - step_m) + before * (3.0 * x - 2.0 * step_m))
        running[i, 0] = plain
        running[i, 1] = bent
        running[i, 2] = moment_1
        running[i, 3] = moment_2
        before = here


@njit(cache=True, nogil=True, error_model="numpy")
def bound_blocks(
    count: int, size: int, step_m: float, curved: NDArray[np.float64], lines: NDArray[np.float64]
) -> None:
    """Fill, for each full block of `size` samples, a line over them: height at x = 0, and slope."""
    for block in range(count // size):
        first, last = block * size + 1, (block + 1) * size
        slope = (curved[last] - curved[first]) / ((last - first) * step_m)
        height = -1.0e300
        for i in range(first, last + 1):
            height = max(height, curved[i] - slope * (i * step_m))
        lines[block, 0] = height
        lines[block, 1] = slope


@njit(cache=True, nogil=True, error_model="numpy")
def _no_better(
    line_height: float,
    line_slope: float,
    near_m: float,
    far_m: float,
    distance_m: float,
    tx_amsl_m: float,
    ray_slope: float,
    least: float,
) -> bool:
    """Tell whether no sample under the line in [near, far] clears the ray by less than `least`."""
    height = line_height - tx_amsl_m
    slope = line_slope - ray_slope
    above = max(height + slope * near_m, height + slope * far_m)
    if above >= 0.0:
        return False
    if 2.0 * far_m <= distance_m:
        product = far_m * (distance_m - far_m)
    elif 2.0 * near_m >= distance_m:
        product = near_m * (distance_m - near_m)
    else:
        product = 0.25 * distance_m * distance_m
    return above * above >= least * product


@njit(cache=True, nogil=True, error_model="numpy")
def least_clearance(
    last: int,
    distance_m: float,
    tx_amsl_m: float,
    ray_slope: float,
    step_m: float,
    curved: NDArray[np.float64],
    fine: NDArray[np.float64],
    coarse: NDArray[np.float64],
    least: float,
) -> float:
    """Return min of `least` and clearance^2 / (x (d - x)) over samples 1 .. last, all under the ray.

    nu^2 is this times 2 d / lambda. The highest nu in line of sight need not stand on the hull, so
    every sample counts; blocks whose bounding line stays far enough under the ray are passed over,
    which changes nothing in the result.
    """
    i = last
    while i > 0:
        # Powers of two: masks spare the sign tests of Python's modulo.
        if i & (BLOCK - 1) == 0:
            far_m = i * step_m
            if i & (COARSE - 1) == 0:
                k = np.uint64(i // COARSE - 1)
                if _no_better(
                    coarse[k, 0],
                    coarse[k, 1],
                    (i - COARSE + 1) * step_m,
                    far_m,
                    distance_m,
                    tx_amsl_m,
                    ray_slope,
                    least,
                ):
                    i -= COARSE
                    continue
            k = np.uint64(i // BLOCK - 1)
            if _no_better(
                fine[k, 0],
                fine[k, 1],
                (i - BLOCK + 1) * step_m,
                far_m,
                distance_m,
                tx_amsl_m,
                ray_slope,
                least,
            ):
                i -= BLOCK
                continue
        stop = (i - 1) & -BLOCK
        for j in range(i, stop, -1):
            x = j * step_m
            above = curved[np.uint64(j)] - tx_amsl_m - ray_slope * x
            product = x * (distance_m - x)
            if above * above < least * product:
                least = above * above / product
        i = stop
    return least
