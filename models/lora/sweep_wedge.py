"""The pixels of one wedge of a raster, in order of distance from the wedge's tip.

A quadrant is cut into wedges of equal angle. Pixels are listed column by column from the tangents
of the wedge's two edges: no angle is computed per pixel, and as neighbours share an edge each pixel
falls in one wedge.
"""

from __future__ import annotations

import math

from numba import njit

from models.lora.sweep_state import Pixels, Quadrant, Wedge

SEAM = 1.0 + 1.0e-9
"""Quadrants overlap by this: rounding can visit a diagonal pixel twice but never skip it."""

_ON_AXIS_M = 1.0e-9
_HALF = 2147483648
_MASK = 4294967295


@njit(cache=True, nogil=True, error_model="numpy")
def quadrant_of(number: int, pixels: Pixels, radius_m: float) -> Quadrant:
    """Return quadrant 0 (east), 1 (north), 2 (west) or 3 (south)."""
    rows, columns = pixels.ground.shape
    resolution_m = pixels.resolution_m
    # Pixel (0, 0): the one whose centre is nearest the transmitter.
    row = math.floor(pixels.north_m / resolution_m + 0.5)
    column = math.floor(0.5 - pixels.west_m / resolution_m)
    east_m = pixels.west_m + column * resolution_m
    north_m = pixels.north_m - row * resolution_m
    x_a = 1 - number if number in (0, 2) else 0
    y_a = 2 - number if number in (1, 3) else 0
    axis_m = east_m * x_a + north_m * y_a
    axis_low, axis_high = _moves_inside(x_a, y_a, row, column, rows, columns)
    side_low, side_high = _moves_inside(-y_a, x_a, row, column, rows, columns)
    # Pixels ahead of the transmitter only: the others belong to another quadrant.
    axis_low = max(axis_low, 0 if axis_m > _ON_AXIS_M else 1)
    axis_high = min(axis_high, math.floor((radius_m - axis_m) / resolution_m))
    return Quadrant(
        row,
        column,
        int(-y_a),
        int(x_a),
        int(-x_a),
        int(-y_a),
        axis_m,
        north_m * x_a - east_m * y_a,
        float(x_a),
        float(y_a),
        axis_low,
        axis_high,
        side_low,
        side_high,
    )


@njit(cache=True, nogil=True, error_model="numpy")
def _moves_inside(
    x: int, y: int, row: int, column: int, rows: int, columns: int
) -> tuple[int, int]:
    """Return the least and greatest number of moves (x, y) from (row, column) that stay inside."""
    if x == 1:
        return -column, columns - 1 - column
    if x == -1:
        return column - (columns - 1), column
    if y == 1:
        return row - (rows - 1), row
    return -row, rows - 1 - row


@njit(cache=True, nogil=True, error_model="numpy")
def edge_tangent(wedge: int, wedges: int) -> float:
    """Return the tangent of a wedge's lower edge; the quadrant's own edges lean out by the seam."""
    if wedge == 0:
        return -SEAM
    if wedge == wedges:
        return SEAM
    return math.tan((2.0 * wedge / wedges - 1.0) * 0.25 * math.pi)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def row_of(quadrant: Quadrant, place: int) -> int:
    """Return the raster's row of a listed pixel."""
    side = (place & _MASK) - _HALF
    return quadrant.row + quadrant.row_a * (place >> 32) + quadrant.row_b * side


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def column_of(quadrant: Quadrant, place: int) -> int:
    """Return the raster's column of a listed pixel."""
    side = (place & _MASK) - _HALF
    return quadrant.column + quadrant.column_a * (place >> 32) + quadrant.column_b * side


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def along_m(quadrant: Quadrant, place: int, resolution_m: float) -> float:
    """Return how far along the axis a listed pixel is."""
    return quadrant.axis_m + (place >> 32) * resolution_m


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def across_m(quadrant: Quadrant, place: int, resolution_m: float) -> float:
    """Return how far left of the axis a listed pixel is."""
    return quadrant.side_m + ((place & _MASK) - _HALF) * resolution_m


@njit(cache=True, nogil=True, error_model="numpy")
def list_wedge(
    tangent_low: float,
    tangent_high: float,
    quadrant: Quadrant,
    resolution_m: float,
    radius_m: float,
    step_m: float,
    wedge: Wedge,
) -> int:
    """List the pixels with tangent_low <= side / axis < tangent_high; return how many."""
    places, segments, distance_m = wedge.places, wedge.segments, wedge.distance_m
    count = 0
    per_pixel = 1.0 / resolution_m
    per_step = 1.0 / step_m
    offset = quadrant.side_m * per_pixel
    limit = radius_m * radius_m
    for a in range(quadrant.axis_low, quadrant.axis_high + 1):
        along = quadrant.axis_m + a * resolution_m
        first = max(math.ceil(tangent_low * along * per_pixel - offset), quadrant.side_low)
        after = min(math.ceil(tangent_high * along * per_pixel - offset), quadrant.side_high + 1)
        for b in range(first, after):
            across = quadrant.side_m + b * resolution_m
            squared = along * along + across * across
            if squared > limit:
                continue
            d = math.sqrt(squared)
            # As `path_kernel.segments`: how many equal segments no longer than a step.
            whole = max(math.ceil(d * per_step - 1.0e-9), 1)
            at = count
            # Columns come nearly in order of distance: insertion moves a pixel a place or two.
            while at > 0 and segments[at - 1] > whole:
                segments[at] = segments[at - 1]
                places[at] = places[at - 1]
                distance_m[at] = distance_m[at - 1]
                at -= 1
            segments[at] = whole
            places[at] = (a << 32) + b + _HALF
            distance_m[at] = d
            count += 1
    return count
