"""Tiny days of every kind against all their plans."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings

from tests.twin.routing.tiny_days import days, optimum
from twin.routing.check_plan import faults_of
from twin.routing.problem import Problem
from twin.routing.solve import solve


def check(problem: Problem) -> None:
    """Assert that the plan found is sound and costs what the best of all plans costs."""
    plan = solve(problem, seed=1, iterations=1_500)
    assert faults_of(problem, plan) == []
    best = optimum(problem)
    if math.isinf(best):
        assert plan.impossible
    else:
        assert plan.cost == pytest.approx(best, rel=1e-6, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(days(most_stops=5, kinds=1, dumps=False, prizes=False, skills=False, limits=False))
def test_capacity_alone(problem: Problem) -> None:
    """With capacities alone the plan found is the best of all."""
    check(problem)


@settings(max_examples=60, deadline=None)
@given(days(dumps=False, prizes=False))
def test_fleets_skills_and_working_times(problem: Problem) -> None:
    """With mixed fleets, two depots, skills and working times the plan found is the best of all."""
    check(problem)


@settings(max_examples=60, deadline=None)
@given(days(kinds=1, prizes=False, skills=False))
def test_unloading_on_the_way(problem: Problem) -> None:
    """With one dump or two the plan found is the best of all, ending empty or not."""
    check(problem)


@settings(max_examples=60, deadline=None)
@given(days())
def test_everything_at_once(problem: Problem) -> None:
    """With dumps, prizes, skills, two kinds and working times the plan is the best of all."""
    check(problem)
