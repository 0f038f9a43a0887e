"""PyVRP (0.14, MIT) as auditor: it prices our plans alike, and finds nothing cheaper."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.twin.routing.tiny_days import days
from twin.routing.check_plan import faults_of
from twin.routing.problem import Plan, Problem
from twin.routing.solve import solve

pyvrp = pytest.importorskip("pyvrp")
stop_after = pytest.importorskip("pyvrp.stop")


def model_of(problem: Problem) -> object:
    """Return a day as PyVRP tells it: no skills, costs per metre and second by vehicle type."""
    model = pyvrp.Model()
    places = [model.add_location(0, 0) for _ in problem.distance_m]
    stops = problem.stops
    for stop, place in enumerate(stops.location):
        prize = float(stops.prize[stop])
        model.add_client(
            places[place],
            pickup=int(stops.demand[stop]),
            service_duration=int(stops.service_s[stop]),
            prize=0 if math.isinf(prize) else int(prize),
            required=math.isinf(prize),
        )
    depots: dict[tuple[int, int], object] = {}

    def depot(place: int, service_s: float = 0.0) -> object:
        key = (place, int(service_s))
        if key not in depots:
            depots[key] = model.add_depot(places[place], service_duration=key[1])
        return depots[key]

    for kind in problem.vehicles:
        model.add_vehicle_type(
            num_available=kind.count,
            capacity=int(kind.capacity),
            start_depot=depot(kind.start),
            end_depot=depot(kind.end),
            fixed_cost=int(kind.fixed_cost),
            shift_duration=np.iinfo(np.int64).max if math.isinf(kind.work_s) else int(kind.work_s),
            unit_distance_cost=int(kind.cost_per_m),
            unit_duration_cost=int(kind.cost_per_s),
            reload_depots=[depot(place, kind.dump_s) for place in kind.dumps],
        )
    for i, row in enumerate(problem.distance_m):
        for j, metres in enumerate(row):
            model.add_edge(places[i], places[j], int(metres), int(problem.time_s[i, j]))
    return model


def priced_by_pyvrp(data: object, problem: Problem, plan: Plan) -> int:
    """Return the cost of a plan by PyVRP, asserting that it finds it feasible."""
    kinds, names = pyvrp.ActivityType, pyvrp.Activity
    routes = []
    for one in plan.rounds:
        reloads = data.vehicle_type(one.vehicle).reload_depots
        depot_of = dict(zip(problem.vehicles[one.vehicle].dumps, reloads, strict=True))
        visits = [
            names(kinds.CLIENT, visit) if visit >= 0 else names(kinds.DEPOT, depot_of[~visit])
            for visit in one.visits
        ]
        routes.append(pyvrp.Route(data, visits, one.vehicle))
    solution = pyvrp.Solution(data, routes)
    assert solution.is_feasible()
    return int(pyvrp.CostEvaluator([1.0], 1.0, 1.0).penalised_cost(solution))


@settings(max_examples=40, deadline=None)
@given(days(most_stops=6, skills=False, metric=True))
def test_same_price_and_nothing_cheaper(problem: Problem) -> None:
    """PyVRP prices a plan with reloads, prizes and a mixed fleet as we do, and finds none better.

    Its search is short; ours has to be at least as good on days this small.
    """
    # Ending empty is not among its constraints; going to a dump for nothing is among its moves.
    kinds = tuple(replace(kind, ends_empty=False) for kind in problem.vehicles)
    problem = replace(problem, vehicles=kinds)
    plan = solve(problem, seed=1, iterations=1_500)
    assert faults_of(problem, plan) == []
    if plan.impossible:
        return
    model = model_of(problem)
    assert priced_by_pyvrp(model.data(), problem, plan) == plan.cost
    found = model.solve(stop_after.MaxIterations(100), seed=1, display=False, collect_stats=False)
    assert not found.is_feasible() or found.cost() >= plan.cost
