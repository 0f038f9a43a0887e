"""The fewest kilometres that tonnage allows, whatever the plan.

Haimovich & Rinnooy Kan, *Bounds and heuristics for capacitated routing problems*, Mathematics of
Operations Research 10 (1985), 10.1287/moor.10.4.527 [V]: a load of at most Q that holds stop i is
driven at least d(0, i) + d(i, 0), so summing over stops in proportion to their share w / Q of a
load, the distance is at least sum_i (d(0, i) + d(i, 0)) w_i / Q. For asymmetric distances, several
depots and dumps [D]: each load begins at a start or a dump and ends at an end or a dump, at best
the nearest. The triangle inequality is needed; lengths of fastest paths may break it slightly.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Fault, InputError
from twin.lang import Text
from twin.routing.problem import Problem


def radius_m(
    distance_m: NDArray[np.float64],
    location: NDArray[np.int64],
    origins: Iterable[int],
    ends: Iterable[int],
) -> NDArray[np.float64]:
    """Return the least distance of a load that holds each stop: nearest origin to nearest end.

    Parameters
    ----------
    distance_m
        Shape (locations, locations).
    location
        Shape (stops,).
    origins, ends
        Locations where a load may begin, and where it may be emptied; at least one each.
    """
    out = distance_m[np.array(list(origins))[:, None], location[None, :]].min(axis=0)
    back = distance_m[location[:, None], np.array(list(ends))[None, :]].min(axis=1)
    return np.asarray(out + back, dtype=np.float64)


def tonnage_bound_m(radius_m: ArrayLike, demand: ArrayLike, capacity: float) -> float:
    """Return the least distance to carry `demand` with loads of at most `capacity`, metres.

    For a day or for a year's tonnage alike: loads are counted in shares, so every year's sum of
    days is above it.

    Parameters
    ----------
    radius_m, demand
        Shape (stops,); see :func:`radius_m`. Demand and capacity in the same unit.

    Raises
    ------
    InputError
        The capacity is not a finite positive number.
    """
    if not 0.0 < capacity < np.inf:
        expected = Text("un nombre fini plus grand que zéro", "a finite number above zero")
        remedy = Text("donnez la charge utile du camion", "give the truck's payload")
        raise InputError(Fault(expected, remedy, key="capacity", value=f"{capacity:g}"))
    return float(np.dot(np.asarray(radius_m), np.asarray(demand)) / capacity)


def day_bound_m(problem: Problem) -> float:
    """Return the least distance of any plan that serves every required stop, metres.

    The larger of the tonnage bound, each stop in the kind of vehicle that is best for it, and the
    distance of the farthest stop alone. Working times and the number of vehicles are not used.
    """
    stops = problem.stops
    required = np.isinf(stops.prize)
    share_m = np.full(len(stops), np.inf)
    alone_m = np.full(len(stops), np.inf)
    for kind in problem.vehicles:
        ends = kind.dumps if kind.ends_empty else (kind.end, *kind.dumps)
        around_m = radius_m(problem.distance_m, stops.location, (kind.start, *kind.dumps), ends)
        able = (stops.skills & ~kind.skills) == 0
        share_m[able] = np.minimum(share_m, around_m / kind.capacity)[able]
        alone_m[able] = np.minimum(alone_m, around_m)[able]
    needed = required & np.isfinite(share_m)
    if not needed.any():
        return 0.0
    by_tonnage_m = float((share_m[needed] * stops.demand[needed]).sum())
    return max(by_tonnage_m, float(alone_m[needed].max()))
