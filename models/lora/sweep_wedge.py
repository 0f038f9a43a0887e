"""The pixels of one wedge of a raster, in order of distance from the wedge's tip.

A quadrant is cut into wedges of equal angle. Pixels are listed column by column from the tangents of
the wedge's two edges: no angle is computed per pixel, and as neighbours share an edge each pixel
falls in one wedge.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

SEAM = 1.0 + 1.0e-9
"""Quadrants overlap by this much, so rounding can only visit a diagonal pixel twice, never skip it."""


@njit(cache=True, nogil=True, error_model="numpy")
def list_wedge(
    tangent_low: float,
    tangent_high: float,
    axis_first_m: float,
    side_first_m: float,
    resolution_m: float,
    axis_low: int,
    axis_high: int,
    side_low: int,
    side_high: int,
    radius_m: float,
    step_m: float,
    steps: NDArray[np.int64],
    places: NDArray[np.int64],
    distance_m: NDArray[np.float64],
) -> int:
    """List a wedge's pixels by rising number of steps from the transmitter; return how many.

    A pixel is (a, b), at `axis_first + a res` along the quadrant's axis and `side_first + b res` to
    its left, within the given inclusive bounds; it belongs to the wedge if
    tangent_low <= side / axis < tangent_high. `places` gets (a, b) as a * 2^32 + b + 2^31.
    """
    count = 0
    per_pixel = 1.0 / resolution_m
    per_step = 1.0 / step_m
    side_offset = side_first_m * per_pixel
    limit = radius_m * radius_m
    for a in range(axis_low, axis_high + 1):
        along = axis_first_m + a * resolution_m
        first = max(math.ceil(tangent_low * along * per_pixel - side_offset), side_low)
        after = min(math.ceil(tangent_high * along * per_pixel - side_offset), side_high + 1)
        for b in range(first, after):
            across = side_first_m + b * resolution_m
            squared = along * along + across * across
            if squared > limit:
                continue
            d = math.sqrt(squared)
            # As `path_kernel.segments`: how many equal segments no longer than a step.
            whole = max(math.ceil(d * per_step - 1.0e-9), 1)
            at = count
            # Columns come nearly in order of distance: insertion moves a pixel a place or two.
            while at > 0 and steps[at - 1] > whole:
                steps[at] = steps[at - 1]
                places[at] = places[at - 1]
                distance_m[at] = distance_m[at - 1]
                at -= 1
            steps[at] = whole
            places[at] = (a << 32) + b + 2147483648
            distance_m[at] = d
            count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def edge_tangent(wedge: int, wedges: int) -> float:
    """Return the tangent of a wedge's lower edge; the quadrant's own edges lean out by the seam."""
    if wedge == 0:
        return -SEAM
    if wedge == wedges:
        return SEAM
    return math.tan((2.0 * wedge / wedges - 1.0) * 0.25 * math.pi)


@njit(cache=True, nogil=True, error_model="numpy")
def moves_inside(
    x: int, y: int, near_row: int, near_column: int, rows: int, columns: int
) -> tuple[int, int]:
    """Return the least and greatest number of moves (x, y) from the near pixel that stay inside."""
    if x == 1:
        return -near_column, columns - 1 - near_column
    if x == -1:
        return near_column - (columns - 1), near_column
    if y == 1:
        return near_row - (rows - 1), near_row
    return -near_row, rows - 1 - near_row
