"""Segments of the curves of pumps and valves."""

from __future__ import annotations

from numba import njit

from models.water.batched import fields as f
from models.water.batched.fields import floats, ints


@njit(error_model="numpy")
def segment(table: int, m: int, q: float) -> tuple[float, float]:
    """Return intercept and slope of a curve's segment that holds |q|, as EPANET picks it."""
    curve_start = ints(table, f.CURVE_START)
    curve_end = ints(table, f.CURVE_END)
    curve_x = floats(table, f.CURVE_X)
    curve_y = floats(table, f.CURVE_Y)
    start, end = curve_start[m], curve_end[m]
    at = start
    while at < end and curve_x[at] < q:
        at += 1
    if at == start:
        at += 1
    elif at == end:
        at -= 1
    rise = curve_y[at] - curve_y[at - 1]
    slope = rise / (curve_x[at] - curve_x[at - 1])
    return curve_y[at - 1] - slope * curve_x[at - 1], slope
