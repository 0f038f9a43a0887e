"""One day of rounds: vehicles, stops, and what a kilometre, an hour and a stop left out cost.

All costs are in one unit (euros, or metres for a benchmark), all times in seconds. Demand is in
any one unit (kg, m3, litres); the vehicle's capacity is in the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Vehicle:
    """A kind of vehicle: `count` alike, which leave `start` and finish at `end` (locations).

    Attributes
    ----------
    capacity : float
        Most demand aboard.
    work_s : float
        Longest working time of a round: driving, service and unloading, breaks excluded (see
        :func:`twin.routing.shift.working_time_s` for what a shift with breaks leaves).
    dumps : tuple of int
        Locations where it may empty itself during the round. Without any, the round is one load,
        emptied at `end`.
    dump_s : float
        Time of one unloading at a dump.
    ends_empty : bool
        Whether it must unload at a dump before it comes home; needs `dumps`.
    fixed_cost, cost_per_m, cost_per_s : float
        Cost of using one, per metre driven, per second worked.
    skills : int
        Bit mask of what its crew can do.
    """

    start: int
    end: int
    count: int
    capacity: float
    work_s: float = np.inf
    dumps: tuple[int, ...] = ()
    dump_s: float = 0.0
    ends_empty: bool = False
    fixed_cost: float = 0.0
    cost_per_m: float = 1.0
    cost_per_s: float = 0.0
    skills: int = 0


@dataclass(frozen=True, eq=False)
class Stops:
    """What may be visited: arrays of shape (stops,).

    Attributes
    ----------
    location : NDArray[np.int64]
        Row of the travel matrices; two stops may share one.
    demand : NDArray[np.float64]
        Taken aboard.
    service_s : NDArray[np.float64]
        Time of the stop.
    prize : NDArray[np.float64]
        Cost of leaving it out; infinite where the visit is required.
    skills : NDArray[np.int64]
        Bit mask of skills its crew needs.
    """

    location: NDArray[np.int64]
    demand: NDArray[np.float64]
    service_s: NDArray[np.float64]
    prize: NDArray[np.float64]
    skills: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of stops."""
        return len(self.location)


@dataclass(frozen=True, eq=False)
class Problem:
    """A day to plan. Matrices have shape (locations, locations) and may be asymmetric."""

    distance_m: NDArray[np.float64]
    time_s: NDArray[np.float64]
    stops: Stops
    vehicles: tuple[Vehicle, ...]


@dataclass(frozen=True)
class Round:
    """One vehicle's day: stops by index, in order; `~location` (negative) is an unloading there."""

    vehicle: int
    visits: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """Rounds, the stops left out, and what it all costs (prizes of stops left out included).

    `left_out` holds optional stops not worth their detour, and required ones that no vehicle could
    take: those make `cost` infinite and are listed in `impossible`.
    """

    rounds: tuple[Round, ...]
    left_out: tuple[int, ...]
    cost: float
    distance_m: float
    time_s: float
    impossible: tuple[int, ...] = ()
    iterations: int = 0
    cpu_s: float = field(default=0.0, compare=False)
