"""Loads into shifts: where trucks unload at home, each load is a round of its own, packed later.

A truck that empties itself where it starts can have its day planned load by load: the router then
weighs no unloading on the way, and a move costs it a tenth (docs/method/routing.md). The loads are
packed into the shifts of the trucks there are, longest first, each where the least room is left
(Johnson 1974, best fit decreasing). If one finds no room the day is planned whole instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twin.routing.problem import Plan, Problem, Round, Vehicle

LOADS_A_SHIFT = 6
"""Most loads a truck is thought to bring home in a shift."""


def unloads_at_home(vehicle: Vehicle) -> bool:
    """Whether every load of a truck may be a round of its own."""
    return vehicle.ends_empty and vehicle.start == vehicle.end and vehicle.dumps == (vehicle.start,)


def one_load(vehicle: Vehicle) -> Vehicle:
    """Return the vehicle of a single load: out, home, unloaded."""
    return replace(
        vehicle,
        count=vehicle.count * LOADS_A_SHIFT,
        work_s=vehicle.work_s - vehicle.dump_s,
        dumps=(),
        dump_s=0.0,
        ends_empty=False,
        fixed_cost=vehicle.fixed_cost + vehicle.dump_s * vehicle.cost_per_s,
    )


def load_times_s(problem: Problem, plan: Plan, vehicle: Vehicle) -> NDArray[np.float64]:
    """Return how long each round of single loads takes, unloading included, shape (rounds,)."""
    location, service_s = problem.stops.location, problem.stops.service_s
    times = []
    for each in plan.rounds:
        visits = np.array(each.visits, dtype=np.int64)
        path = np.concatenate([[vehicle.start], location[visits], [vehicle.end]])
        driven_s = float(problem.time_s[path[:-1], path[1:]].sum())
        times.append(driven_s + float(service_s[visits].sum()) + vehicle.dump_s)
    return np.array(times)


def packed(
    rounds: Sequence[Round], times_s: NDArray[np.float64], vehicle: Vehicle
) -> tuple[Round, ...] | None:
    """Return one round a truck, loads one after the other; None where a load finds no room."""
    shifts: list[list[int]] = []
    left_s: list[float] = []
    for load in np.argsort(-times_s, kind="stable"):
        fitting = [k for k, room_s in enumerate(left_s) if room_s >= times_s[load]]
        if fitting:
            tightest = min(fitting, key=lambda k: left_s[k])
            shifts[tightest].append(int(load))
            left_s[tightest] -= float(times_s[load])
        elif len(shifts) < vehicle.count and times_s[load] <= vehicle.work_s:
            shifts.append([int(load)])
            left_s.append(vehicle.work_s - float(times_s[load]))
        else:
            return None
    return tuple(Round(0, _joined([rounds[load] for load in own], vehicle)) for own in shifts)


def _joined(loads: Sequence[Round], vehicle: Vehicle) -> tuple[int, ...]:
    visits = list(loads[0].visits)
    for each in loads[1:]:
        visits += [~vehicle.dumps[0], *each.visits]
    return tuple(visits)
