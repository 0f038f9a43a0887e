"""Running leaks as lanes: their coefficients hour by hour, and what each let go.

A leak counts from the first full hour after its start to the first after its end: hydraulics are
solved at full hours. Its size within an hour is that of the hour's start.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.leaks.events import INITIAL_SHARE, LeakEvents
from models.water.network.network import Floats, Ints

HOUR_S = 3600.0
_GROWS = 1.0 - INITIAL_SHARE


class Leaks(NamedTuple):
    """Columns of leaks, shape (leaks,); see :class:`models.water.leaks.events.LeakEvents`.

    `end_s` is when each was repaired: infinite until then, and written by whoever repairs.
    """

    node: Ints
    half: Floats
    three_halves: Floats
    start_s: Floats
    growth_s: Floats
    end_s: Floats


def leaks_of(events: LeakEvents) -> Leaks:
    """Return the columns of events, none of them repaired."""
    return Leaks(
        events.node,
        events.half,
        events.three_halves,
        events.start_s,
        events.growth_s,
        np.full(len(events), np.inf),
    )


@njit(cache=True)
def _share(leaks: Leaks, row: int, t_s: float) -> float:
    """Return the share of its full size a leak has at a full hour; 0 where it does not run."""
    age_s = t_s - leaks.start_s[row]
    if age_s < 0.0 or t_s >= leaks.end_s[row]:
        return 0.0
    if leaks.growth_s[row] <= 0.0:
        return 1.0
    grown: float = min(age_s / leaks.growth_s[row], 1.0)
    return INITIAL_SHARE + _GROWS * grown


@njit(cache=True)
def fill_lanes(
    half: Floats,
    three_halves: Floats,
    background: Floats,
    first_s: float,
    rows: NDArray[np.int64],
    leaks: Leaks,
) -> None:
    """Write the coefficients of nodes hour by hour: background everywhere, and the leaks `rows`.

    `half`, `three_halves`: shape (nodes, hours), overwritten; `background` (nodes,) of p^1.5.
    """
    nodes, hours = half.shape
    for i in range(nodes):
        for hour in range(hours):
            half[i, hour] = 0.0
            three_halves[i, hour] = background[i]
    for row in rows:
        for hour in range(hours):
            share = _share(leaks, row, first_s + HOUR_S * hour)
            half[leaks.node[row], hour] += share * leaks.half[row]
            three_halves[leaks.node[row], hour] += share * leaks.three_halves[row]


@njit(cache=True)
def volumes_m3(
    out: Floats,
    heads_m: Floats,
    elevation_m: Floats,
    first_s: float,
    rows: NDArray[np.int64],
    leaks: Leaks,
) -> None:
    """Write what each of `rows` let go in each hour; `out` has shape (rows, hours)."""
    for place in range(len(rows)):
        row = rows[place]
        node = leaks.node[row]
        for hour in range(out.shape[1]):
            share = _share(leaks, row, first_s + HOUR_S * hour)
            p = heads_m[node, hour] - elevation_m[node]
            out[place, hour] = 0.0
            if share > 0.0 and p > 0.0:
                flow = np.sqrt(p) * (leaks.half[row] + leaks.three_halves[row] * p)
                out[place, hour] = HOUR_S * share * flow
