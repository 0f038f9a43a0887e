"""Tanks as compiled functions take them, and what is in them at a level.

EPANET closes a tank at the exact level; a level here counts as full or empty within a nanometre, so
that no rounding keeps a full tank open [D].
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.batched.constants import NO_FLOW_M3S
from models.water.network.network import Floats, Ints, Network, NodeKind

SAME_M = 1e-9


class Tanks(NamedTuple):
    """Tanks in the network's order; levels above the bottom, m; volumes, m3.

    `fixed` is the place among reservoirs and tanks. A tank without volume curve has
    `curve_start == curve_end`, and `area_m2`.
    """

    fixed: Ints
    bottom_m: Floats
    area_m2: Floats
    lowest_m: Floats
    highest_m: Floats
    least_m3: Floats
    most_m3: Floats
    overflows: NDArray[np.bool_]
    curve_start: Ints
    curve_end: Ints
    curve_m: Floats
    curve_m3: Floats


def tanks_of(network: Network) -> Tanks:
    """Return the tanks of a network."""
    tanks = network.tanks
    held = np.flatnonzero(network.nodes.kind != NodeKind.JUNCTION)
    count = len(tanks.node)
    start, end = np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.int32)
    offset = np.cumsum([0] + [len(curve.x) for curve in network.curves])
    curved = tanks.volume_curve >= 0
    start[curved] = offset[tanks.volume_curve[curved]]
    end[curved] = offset[tanks.volume_curve[curved] + 1]
    area = math.pi * tanks.diameter_m**2 / 4.0
    found = Tanks(
        fixed=np.searchsorted(held, tanks.node).astype(np.int32),
        bottom_m=network.nodes.elevation_m[tanks.node],
        area_m2=area,
        lowest_m=tanks.minimum_m.astype(np.float64),
        highest_m=tanks.maximum_m.astype(np.float64),
        least_m3=tanks.minimum_m3.astype(np.float64),
        most_m3=tanks.minimum_m3 + area * (tanks.maximum_m - tanks.minimum_m),
        overflows=tanks.can_overflow.astype(np.bool_),
        curve_start=start,
        curve_end=end,
        curve_m=np.concatenate([np.zeros(0), *(curve.x for curve in network.curves)]),
        curve_m3=np.concatenate([np.zeros(0), *(curve.y for curve in network.curves)]),
    )
    for tank in np.flatnonzero(curved).tolist():
        found.least_m3[tank] = volume_m3(found, tank, found.lowest_m[tank])
        found.most_m3[tank] = volume_m3(found, tank, found.highest_m[tank])
    return found


class Stock(NamedTuple):
    """What is in the tanks of each lane, and flows in; (tanks, lanes)."""

    level_m: Floats
    volume_m3: Floats
    inflow_m3s: Floats


@njit(cache=True, error_model="numpy")
def _between(x: Floats, y: Floats, start: int, end: int, at: float) -> float:
    """Return y at x by straight lines, the ends held."""
    found: float = y[start]
    if at <= x[start]:
        return found
    for k in range(start + 1, end):
        found = y[k]
        if x[k] >= at:
            run = x[k] - x[k - 1]
            if run > 0.0:
                found -= (x[k] - at) * (y[k] - y[k - 1]) / run
            return found
    return found


@njit(cache=True, error_model="numpy")
def volume_m3(tanks: Tanks, tank: int, level: float) -> float:
    """Return what a tank holds at a level."""
    start, end = tanks.curve_start[tank], tanks.curve_end[tank]
    if end > start:
        return _between(tanks.curve_m, tanks.curve_m3, start, end, level)
    held: float = tanks.least_m3[tank] + (level - tanks.lowest_m[tank]) * tanks.area_m2[tank]
    return held


@njit(cache=True, error_model="numpy", inline="always")
def level_m(tanks: Tanks, tank: int, volume: float) -> float:
    """Return the level of a volume."""
    start, end = tanks.curve_start[tank], tanks.curve_end[tank]
    if end > start:
        return _between(tanks.curve_m3, tanks.curve_m, start, end, volume)
    level: float = tanks.lowest_m[tank] + (volume - tanks.least_m3[tank]) / tanks.area_m2[tank]
    return level


@njit(cache=True, error_model="numpy")
def fill(tanks: Tanks, step_s: NDArray[np.int64], stock: Stock) -> None:
    """Let each lane's tanks fill for its step; `step_s` (lanes,).

    A tank within a second of full, or a second beyond empty, is full or empty: EPANET's rule.
    """
    for tank in range(len(tanks.fixed)):
        for lane in range(len(step_s)):
            q = stock.inflow_m3s[tank, lane]
            if step_s[lane] == 0 or abs(q) <= NO_FLOW_M3S:
                continue
            held = stock.volume_m3[tank, lane] + q * step_s[lane]
            if held + q >= tanks.most_m3[tank]:
                held = tanks.most_m3[tank]
            elif held - q <= tanks.least_m3[tank]:
                held = tanks.least_m3[tank]
            stock.volume_m3[tank, lane] = held
            stock.level_m[tank, lane] = level_m(tanks, tank, held)
