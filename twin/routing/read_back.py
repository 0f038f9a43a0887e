"""From the rounds of a search to a plan, in metres, seconds and units of cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.routing.kernel import layout
from twin.routing.kernel.layout import State
from twin.routing.prepare import Prepared
from twin.routing.problem import Plan, Problem, Round


def plan_of(
    problem: Problem, prepared: Prepared, state: State, iterations: int, cpu_s: float
) -> Plan:
    """Return the best plan of a search, priced from the problem itself."""
    n = len(problem.stops)
    rounds: list[Round] = []
    for r in range(int(state.sums[layout.N_BEST])):
        nodes = state.best_rows[r, 1 : state.best_tour[r, layout.SIZE] + 1]
        visits = [node if node < n else ~int(prepared.locations[node]) for node in nodes.tolist()]
        rounds.append(Round(int(state.best_tour[r, layout.KIND]), tuple(visits)))
    rounds.sort(key=lambda one: (one.vehicle, one.visits))
    return priced(problem, tuple(rounds), iterations=iterations, cpu_s=cpu_s)


def empty_plan(problem: Problem) -> Plan:
    """Return the plan that visits nothing."""
    return priced(problem, ())


def priced(
    problem: Problem, rounds: tuple[Round, ...], *, iterations: int = 0, cpu_s: float = 0.0
) -> Plan:
    """Return rounds as a plan, with what they and the stops they leave out cost.

    Rounds are taken as they are: :func:`twin.routing.check_plan.faults_of` tells whether they are
    feasible.
    """
    stops = problem.stops
    held = np.zeros(len(stops), dtype=np.bool_)
    distance_m, time_s, cost = 0.0, 0.0, 0.0
    for one in rounds:
        kind = problem.vehicles[one.vehicle]
        visits = np.array(one.visits, dtype=np.int64)
        served = visits[visits >= 0]
        held[served] = True
        path = _path(problem, one, visits)
        metres = float(problem.distance_m[path[:-1], path[1:]].sum())
        worked = float(problem.time_s[path[:-1], path[1:]].sum() + stops.service_s[served].sum())
        worked += kind.dump_s * (len(visits) - len(served))
        distance_m += metres
        time_s += worked
        cost += kind.fixed_cost + kind.cost_per_m * metres + kind.cost_per_s * worked
    left_out = np.flatnonzero(~held)
    required = np.isinf(stops.prize[left_out])
    return Plan(
        rounds=rounds,
        left_out=tuple(left_out.tolist()),
        cost=cost + float(stops.prize[left_out].sum()),
        distance_m=distance_m,
        time_s=time_s,
        impossible=tuple(left_out[required].tolist()),
        iterations=iterations,
        cpu_s=cpu_s,
    )


def _path(problem: Problem, one: Round, visits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the locations of a round, gate to gate."""
    kind = problem.vehicles[one.vehicle]
    path = np.empty(len(visits) + 2, dtype=np.int64)
    path[0], path[-1] = kind.start, kind.end
    stops = problem.stops.location
    path[1:-1] = np.where(visits >= 0, stops[np.maximum(visits, 0)], ~visits)
    return path
