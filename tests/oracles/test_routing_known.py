"""Rounds against costs known elsewhere: CVRPLIB's best, days solved by hand, PyVRP's optimum."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.twin.routing.tiny_days import stops_at
from twin.routing.check_plan import faults_of
from twin.routing.cvrplib import read_instance
from twin.routing.problem import Problem, Round, Vehicle
from twin.routing.solve import solve

BEST_KNOWN = {"X-n101-k25": 27_591, "X-n200-k36": 58_578}
"""Uchoa et al. 2017, 10.1016/j.ejor.2016.08.012, CVRPLIB; proven optimal [V]."""


@pytest.mark.parametrize(("name", "share"), [("X-n101-k25", 0.03), ("X-n200-k36", 0.04)])
def test_published_instances(shared_data: Path, name: str, share: float) -> None:
    """Short runs come near the published optimum and never below it, counted by vrplib's reader."""
    vrplib = pytest.importorskip("vrplib")
    file = shared_data / "vrp" / f"{name}.vrp"
    problem = read_instance(file).problem
    plan = solve(problem, seed=3, iterations=4_000)
    assert faults_of(problem, plan) == []
    peer = vrplib.read_instance(file)
    apart = np.floor(peer["edge_weight"] + 0.5)  # the best known are for whole distances
    walks = [[0, *(stop + 1 for stop in one.visits), 0] for one in plan.rounds]
    cost = sum(apart[walk[:-1], walk[1:]].sum() for walk in walks)
    loads = [peer["demand"][walk].sum() for walk in walks]
    assert cost == plan.cost
    assert max(loads) <= peer["capacity"]
    assert sorted(stop for walk in walks for stop in walk if stop) == list(range(1, len(apart)))
    assert BEST_KNOWN[name] <= cost <= BEST_KNOWN[name] * (1.0 + share)


def line(places_m: list[float]) -> np.ndarray:
    """Return distances between places on a straight road."""
    return np.abs(np.subtract.outer(places_m, places_m))


def test_two_loads_by_a_dump_on_the_way() -> None:
    """Two full loads at 10 and 11 km with the dump at 12 km: one round of 24 km, emptied twice."""
    distance_m = line([0.0, 12_000.0, 10_000.0, 11_000.0])
    kind = Vehicle(0, 0, 2, 5.0, dumps=(1,), dump_s=60.0, ends_empty=True, cost_per_s=0.0)
    problem = Problem(distance_m, distance_m / 10.0, stops_at([2, 3], [5.0, 5.0]), (kind,))
    plan = solve(problem, seed=0, iterations=200)
    # Out to the first, on to the dump, back to the second, to the dump again, home.
    best_m = 10_000.0 + 2_000.0 + 1_000.0 + 1_000.0 + 12_000.0
    assert plan.distance_m == best_m
    assert plan.time_s == best_m / 10.0 + 2 * 60.0
    assert [visit for visit in plan.rounds[0].visits if visit < 0] == [~1, ~1]


def test_a_prize_is_weighed_against_its_detour() -> None:
    """A stop 5 km off the road is served for a prize of 10.1 km and left for one of 9.9 km."""
    distance_m = line([0.0, 10_000.0, 15_000.0])
    kind = Vehicle(0, 0, 1, 10.0)
    for prize, served in ((10_100.0, True), (9_900.0, False)):
        stops = stops_at([1, 2], [1.0, 1.0], prize=[math.inf, prize])
        plan = solve(Problem(distance_m, distance_m, stops, (kind,)), seed=0, iterations=100)
        assert plan.left_out == (() if served else (1,))
        assert plan.cost == (30_000.0 if served else 20_000.0 + prize)
        assert plan.impossible == ()


def test_the_small_truck_goes_where_it_suffices() -> None:
    """One small load and one large: each truck that is cheapest for it, fixed costs included."""
    distance_m = line([0.0, 1_000.0, -1_000.0])
    small = Vehicle(0, 0, 1, 2.0, fixed_cost=10.0, cost_per_m=0.001)
    large = Vehicle(0, 0, 1, 9.0, fixed_cost=30.0, cost_per_m=0.002)
    problem = Problem(distance_m, distance_m, stops_at([1, 2], [2.0, 8.0]), (large, small))
    plan = solve(problem, seed=0, iterations=200)
    assert plan.rounds == (Round(0, (1,)), Round(1, (0,)))
    assert plan.cost == pytest.approx(10.0 + 2.0 + 30.0 + 4.0)
    # Without the small one, the large one goes once: 10 units do not fit in 9.
    alone = solve(replace(problem, vehicles=(large,)), seed=0, iterations=200)
    assert alone.impossible == (0,)
    assert alone.cost == math.inf


def test_one_way_streets_make_the_order() -> None:
    """On a ring of one-way streets the round follows the ring."""
    n = 7
    ahead = np.subtract.outer(np.arange(n), np.arange(n))
    distance_m = np.where(ahead == 0, 0, -ahead % n).astype(np.float64)
    problem = Problem(
        distance_m, distance_m, stops_at(list(range(1, n)), [1.0] * (n - 1)), (Vehicle(0, 0, 1, 9),)
    )
    plan = solve(problem, seed=0, iterations=500)
    assert plan.rounds == (Round(0, tuple(range(n - 1))),)
    assert plan.distance_m == n
