"""A tower's day: filled at a steady flow between two levels, drawn by its zone.

Within an hour the level is that of its start, as EPANET takes it. Filling switches at full hours on
the level found there; a tank about to run over stops filling, one that runs dry serves no more than
it holds. Volumes balance exactly: filled = drawn + stored.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HOUR_S = 3600.0


class TowerDay(NamedTuple):
    """Hour by hour; arrays of shape (hours,) but `levels_m`, (hours + 1,).

    `filled_m3` what came in; `short_m3` what was asked for and not there; `filling` whether the
    filling runs after the last hour.
    """

    levels_m: Floats
    filled_m3: Floats
    short_m3: Floats
    filling: bool


@njit(cache=True)
def tower_day(
    level_m: float,
    filling: bool,
    drawn_m3: Floats,
    power: NDArray[np.bool_],
    area_m2: float,
    depth_m: float,
    starts_m: float,
    stops_m: float,
    filling_m3s: float,
) -> tuple[Floats, Floats, Floats, bool]:
    """Return levels, what was filled, what lacked, and whether filling runs; see `TowerDay`.

    `drawn_m3` is what the zone asks of each hour; `power` False cuts the filling for that hour.
    """
    hours = len(drawn_m3)
    levels = np.empty(hours + 1)
    filled, short = np.zeros(hours), np.zeros(hours)
    levels[0] = level_m
    for hour in range(hours):
        if levels[hour] <= starts_m:
            filling = True
        elif levels[hour] >= stops_m:
            filling = False
        held = levels[hour] * area_m2
        come = filling_m3s * HOUR_S if filling and power[hour] else 0.0
        served = min(drawn_m3[hour], held + come)
        short[hour] = drawn_m3[hour] - served
        # A full tower's room is a difference of equals: it may round below nothing.
        come = max(min(come, depth_m * area_m2 - held + served), 0.0)
        filled[hour] = come
        levels[hour + 1] = (held + come - served) / area_m2
    return levels, filled, short, filling
