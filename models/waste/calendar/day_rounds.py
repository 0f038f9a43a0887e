"""The rounds of one day of the calendar, made by the router depot by depot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.waste.calendar.inputs import CalendarInputs
from twin.routing.problem import Plan, Problem, Round, Stops
from twin.routing.solve import solve

Load = tuple[int, Sequence[int]]

NOTHING = Plan((), (), 0.0, 0.0, 0.0)


def day_rounds(
    inputs: CalendarInputs,
    points: NDArray[np.int64],
    demand: NDArray[np.float64],
    *,
    iterations: int,
    start: Sequence[Load] = (),
) -> Plan:
    """Return the rounds that visit `points`, taking `demand` aboard (both of shape (due,)).

    Parameters
    ----------
    inputs
        Roads, fleet, service times.
    points, demand
        Who is due, and what is expected there.
    iterations
        The router's, per depot.
    start
        Rounds to begin from: kind of vehicle and points in order.

    Returns
    -------
    Plan
        Visits are indices of all points; those nobody can take are in `impossible`.
    """
    plan = NOTHING
    for depot in np.unique(inputs.depot[points]):
        own = inputs.depot[points] == depot
        loads = [(kind, p) for kind, p in start if inputs.vehicles[kind].start == depot]
        part = _of_depot(inputs, points[own], demand[own], int(depot), iterations, loads)
        plan = Plan(
            rounds=plan.rounds + part.rounds,
            left_out=plan.left_out + part.left_out,
            cost=plan.cost + part.cost,
            distance_m=plan.distance_m + part.distance_m,
            time_s=plan.time_s + part.time_s,
            impossible=plan.impossible + part.impossible,
            iterations=plan.iterations + part.iterations,
            cpu_s=plan.cpu_s + part.cpu_s,
        )
    return plan


def _of_depot(
    inputs: CalendarInputs,
    points: NDArray[np.int64],
    demand: NDArray[np.float64],
    depot: int,
    iterations: int,
    start: Sequence[Load],
) -> Plan:
    kinds = [k for k, vehicle in enumerate(inputs.vehicles) if vehicle.start == depot]
    fleet = [inputs.vehicles[k] for k in kinds]
    # Ends first, then the points in order: the answer must not depend on how others are numbered.
    ends = list(dict.fromkeys(place for v in fleet for place in (v.start, v.end, *v.dumps)))
    places = np.array([*ends, *inputs.location[points]], dtype=np.int64)
    local = {place: row for row, place in enumerate(ends)}
    vehicles = tuple(
        replace(
            v,
            start=local[v.start],
            end=local[v.end],
            dumps=tuple(local[dump] for dump in v.dumps),
            capacity=v.capacity * inputs.load_share,
        )
        for v in fleet
    )
    problem = Problem(
        np.ascontiguousarray(inputs.travel.distance_m[np.ix_(places, places)]),
        np.ascontiguousarray(inputs.travel.time_s[np.ix_(places, places)]),
        Stops(
            location=np.arange(len(ends), len(places), dtype=np.int64),
            demand=demand,
            service_s=np.ascontiguousarray(inputs.service_s[points]),
            prize=np.full(len(points), np.inf),
            skills=np.zeros(len(points), dtype=np.int64),
        ),
        vehicles,
    )
    stop_of = {int(p): stop for stop, p in enumerate(points)}
    rounds = tuple(Round(kinds.index(k), tuple(stop_of[p] for p in stops)) for k, stops in start)
    # A load is a whole round only of a vehicle that does not unload on the way.
    usable = bool(rounds) and not any(v.dumps for v in fleet)
    given = Plan(rounds, (), np.inf, 0.0, 0.0) if usable else None
    plan = solve(problem, seed=inputs.seed, iterations=iterations, start=given)

    def visit(v: int) -> int:
        return int(points[v]) if v >= 0 else ~ends[~v]

    return replace(
        plan,
        rounds=tuple(Round(kinds[r.vehicle], tuple(map(visit, r.visits))) for r in plan.rounds),
        left_out=tuple(map(visit, plan.left_out)),
        impossible=tuple(map(visit, plan.impossible)),
    )
