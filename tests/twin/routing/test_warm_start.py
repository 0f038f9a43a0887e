"""Yesterday's plan as a start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.twin.routing.tiny_days import stops_at
from twin.routing.check_plan import faults_of
from twin.routing.problem import Plan, Problem, Round, Vehicle
from twin.routing.solve import solve
from twin.routing.warm_start import renumbered, same_places

RNG = np.random.default_rng(0)
PLACE_M = RNG.uniform(0.0, 9_000.0, (41, 2))
GAP_M = np.hypot(*(PLACE_M[:, None] - PLACE_M[None]).transpose(2, 0, 1))
TRUCK = Vehicle(0, 0, 40, 6.0)


def day(places: list[int]) -> Problem:
    """Return a day of one unit at each place."""
    return Problem(GAP_M, GAP_M, stops_at(places, [1.0] * len(places)), (TRUCK,))


def test_stops_are_followed_by_place() -> None:
    """Stops at the same place are the same stop, twice where a place is visited twice."""
    before, now = day([3, 4, 4, 9]), day([4, 9, 4, 5])
    assert same_places(before, now) == {1: 0, 2: 2, 3: 1}


def test_dropped_and_new_stops() -> None:
    """Stops gone are dropped, stops new are inserted: nothing else is lost of a good start."""
    before, now = day(list(range(1, 30))), day(list(range(1, 32)))
    plan = solve(before, seed=0, iterations=5_000)
    start = renumbered(plan, same_places(before, now))
    assert solve(before, seed=0, iterations=0, start=plan).cost == plan.cost
    laid = solve(now, seed=0, iterations=0, start=start)
    assert faults_of(now, laid) == []
    assert laid.impossible == ()
    assert laid.cost <= solve(now, seed=0, iterations=0).cost
    assert solve(now, seed=0, iterations=300, start=start).cost <= laid.cost
    gone = day(list(range(9, 30)))
    start = renumbered(plan, same_places(before, gone))
    assert {stop for one in start.rounds for stop in one.visits} == set(range(21))
    assert faults_of(gone, solve(gone, seed=0, iterations=10, start=start)) == []


def test_a_start_that_does_not_fit_is_mended() -> None:
    """Rounds too heavy, stops unknown or twice, kinds unknown: the plan is sound all the same."""
    problem = day(list(range(1, 20)))
    start = Plan(
        rounds=(Round(0, tuple(range(12))), Round(0, (3, 15, 99, -4)), Round(7, (16, 17))),
        left_out=(),
        cost=0.0,
        distance_m=0.0,
        time_s=0.0,
    )
    plan = solve(problem, seed=0, iterations=0, start=start)
    assert faults_of(problem, plan) == []
    assert plan.impossible == ()
    few = replace(problem, vehicles=(replace(TRUCK, count=2),))
    assert faults_of(few, solve(few, seed=0, iterations=50, start=start)) == []
