"""What a malformed day is told, and why a stop stays out."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.twin.routing.tiny_days import stops_at
from twin.errors import InputError
from twin.lang import Lang
from twin.routing.check_plan import faults_of
from twin.routing.check_problem import check_problem
from twin.routing.explain import explain
from twin.routing.problem import Plan, Problem, Round, Vehicle
from twin.routing.solve import solve

GAP_M = np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0))) * 1_000.0
TRUCK = Vehicle(start=0, end=0, count=1, capacity=10.0)
DAY = Problem(GAP_M, GAP_M / 10.0, stops_at([1, 2, 3], [4.0, 3.0, 2.0]), (TRUCK,))


def spoilt(table: np.ndarray, value: float) -> np.ndarray:
    """Return a table with one bad entry, row 1, column 2."""
    bad = table.copy()
    bad[1, 2] = value
    return bad


def with_stops(**columns: object) -> Problem:
    """Return the day with other columns of stops."""
    return replace(DAY, stops=replace(DAY.stops, **columns))  # type: ignore[arg-type]


def with_truck(**attributes: Any) -> Problem:
    """Return the day with another truck."""
    return replace(DAY, vehicles=(replace(TRUCK, **attributes),))


@pytest.mark.parametrize(
    ("problem", "key", "value"),
    [
        (replace(DAY, distance_m=spoilt(GAP_M, math.nan)), "distance_m, row 1, column 2", "nan"),
        (replace(DAY, time_s=spoilt(GAP_M, -1.0)), "time_s, row 1, column 2", "-1"),
        (replace(DAY, time_s=spoilt(GAP_M, math.inf)), "time_s, row 1, column 2", "inf"),
        (replace(DAY, time_s=GAP_M[:3]), "time_s", "(3, 4)"),
        (with_stops(location=np.array([1, 2, 9])), "stops.location, row 2", "9"),
        (with_stops(location=np.array([-1, 2, 3])), "stops.location, row 0", "-1"),
        (with_stops(demand=np.array([1.0, -2.0, 3.0])), "stops.demand, row 1", "-2.0"),
        (with_stops(service_s=np.array([1.0, 2.0, math.nan])), "stops.service_s, row 2", "nan"),
        (with_stops(prize=np.array([1.0, math.nan, 1.0])), "stops.prize, row 1", "nan"),
        (with_stops(skills=np.array([0, -1, 0])), "stops.skills, row 1", "-1"),
        (with_stops(prize=np.ones(2)), "stops.prize", "(2,)"),
        (with_truck(capacity=0.0), "vehicle 0.capacity", "0"),
        (with_truck(capacity=-5.0), "vehicle 0.capacity", "-5"),
        (with_truck(capacity=math.nan), "vehicle 0.capacity", "nan"),
        (with_truck(work_s=0.0), "vehicle 0.work_s", "0"),
        (with_truck(start=7), "vehicle 0.start", "7"),
        (with_truck(dumps=(5,)), "vehicle 0.dumps", "5"),
        (with_truck(ends_empty=True), "vehicle 0.dumps", "()"),
        (with_truck(count=-1), "vehicle 0.count", "-1"),
        (with_truck(cost_per_m=-1.0), "vehicle 0.cost_per_m", "-1"),
        (replace(DAY, vehicles=()), "vehicles", "()"),
    ],
)
def test_faults_name_the_place(problem: Problem, key: str, value: str) -> None:
    """A malformed day is refused by key and row, with the value met and what to do."""
    with pytest.raises(InputError) as refused:
        solve(problem, seed=0)
    fault = refused.value.faults[0]
    assert (fault.key, fault.value) == (key, value)
    assert fault.expected.fr
    assert fault.remedy.en


def test_every_fault_is_told_at_once() -> None:
    """Two bad columns and a bad truck are three faults of one error."""
    problem = with_stops(demand=-np.ones(3), prize=np.full(3, math.nan))
    with pytest.raises(InputError) as refused:
        check_problem(replace(problem, vehicles=(replace(TRUCK, capacity=0.0),)))
    assert len(refused.value.faults) == 3


@pytest.mark.parametrize(
    "effort", [{"iterations": -1}, {"seconds": 0.0}, {"iterations": 5, "seconds": 1.0}]
)
def test_an_effort_without_meaning_is_refused(effort: dict[str, Any]) -> None:
    """An effort below zero, or given twice, is refused."""
    with pytest.raises(InputError, match="effort"):
        solve(DAY, seed=0, **effort)


@pytest.mark.parametrize(
    ("problem", "impossible", "words"),
    [
        (with_stops(demand=np.array([11.0, 1.0, 1.0])), (0,), "trop lourd"),
        (with_truck(work_s=450.0), (2,), "trop loin"),
        (with_truck(work_s=450.0, dumps=(3,), ends_empty=True), (0, 1, 2), "trop loin"),
        (with_stops(skills=np.array([0, 1, 0])), (1,), "compétences"),
        (with_stops(demand=np.array([6.0, 6.0, 4.0])), (1,), "pleins"),
        (with_truck(count=0), (0, 1, 2), "aucun véhicule"),
    ],
)
def test_stops_that_no_truck_can_serve(
    problem: Problem, impossible: tuple[int, ...], words: str
) -> None:
    """A required stop in no round is told impossible, with the reason; the rest is planned."""
    plan = solve(problem, seed=0, iterations=300)
    assert faults_of(problem, plan) == []
    assert plan.cost == math.inf
    assert len(plan.impossible) == len(impossible)
    for stop in plan.impossible:
        assert words in explain(problem, stop).say(Lang.FR)


def test_a_day_without_stops() -> None:
    """A day without stops has an empty plan that costs nothing."""
    plan = solve(replace(DAY, stops=stops_at([], [])), seed=0, iterations=10)
    assert plan == Plan(rounds=(), left_out=(), cost=0.0, distance_m=0.0, time_s=0.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rounds": (Round(0, (0, 1)),), "left_out": ()}, "stop 2: once"),
        ({"rounds": (Round(0, (0, 1, 1, 2)),)}, "stop 1: once"),
        ({"rounds": (Round(0, (0, 1)), Round(0, (2,)))}, "vehicle 0: count"),
        ({"rounds": (Round(3, (0, 1, 2)),)}, "round 0: vehicle"),
        ({"rounds": (Round(0, (0, ~2, 1, 2)),)}, "round 0: dump"),
        ({"rounds": (Round(0, (0, 1, 2, 8)),)}, "round 0: stop"),
        ({"cost": 5.0}, "plan: cost"),
        ({"distance_m": 5.0}, "plan: distance_m"),
    ],
)
def test_the_check_sees_what_is_wrong(change: dict[str, Any], words: str) -> None:
    """A plan spoilt in one way is told so in words."""
    plan = solve(DAY, seed=0, iterations=50)
    assert faults_of(DAY, plan) == []
    told = [fault.en for fault in faults_of(DAY, replace(plan, **change))]
    assert any(words in line for line in told), told


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (with_truck(capacity=8.0), "capacity"),
        (with_truck(work_s=599.0), "work_s"),
        (with_stops(skills=np.array([1, 0, 0])), "skills"),
        (with_truck(dumps=(3,), ends_empty=True), "ends_empty"),
    ],
)
def test_the_check_sees_broken_limits(problem: Problem, words: str) -> None:
    """A plan that was sound on another day is told which limit it breaks on this one."""
    plan = solve(DAY, seed=0, iterations=50)
    assert any(words in fault.en for fault in faults_of(problem, plan))
