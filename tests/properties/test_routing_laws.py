"""Laws of the rounds, whatever the day."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.twin.routing.tiny_days import days, stops_at
from twin.routing.bound import day_bound_m
from twin.routing.check_plan import faults_of, recount
from twin.routing.explain import explain
from twin.routing.problem import Problem, Round, Stops, Vehicle
from twin.routing.shift import timetable, working_time_s
from twin.routing.solve import solve

SMALL = settings(max_examples=40, deadline=None)


def town(stops: int, per_truck: int, seed: int, **of_the_kind: float) -> Problem:
    """Return a day around a depot: places at random, demands of 1 to 9."""
    rng = np.random.default_rng(seed)
    place_m = rng.uniform(0.0, 20_000.0, (stops + 2, 2))
    distance_m = np.hypot(*(place_m[:, None] - place_m[None]).transpose(2, 0, 1))
    distance_m *= rng.uniform(1.0, 1.1, distance_m.shape)
    demand = rng.integers(1, 10, stops).astype(float)
    kind = Vehicle(0, 0, stops, 5.0 * per_truck, **of_the_kind)  # type: ignore[arg-type]
    return Problem(
        distance_m, distance_m / 15.0, stops_at(list(range(2, stops + 2)), demand.tolist()), (kind,)
    )


@SMALL
@given(days(most_stops=8, kinds=3), st.integers(0, 2**40), st.integers(0, 300))
def test_every_plan_is_sound(problem: Problem, seed: int, iterations: int) -> None:
    """Whatever the day, the seed and the effort, the independent check finds no fault."""
    plan = solve(problem, seed=seed, iterations=iterations)
    assert faults_of(problem, plan) == []
    assert plan.cost == pytest.approx(recount(problem, plan).cost)
    for stop in plan.impossible:
        assert explain(problem, stop).fr


@pytest.mark.parametrize("seed", range(6))
def test_large_days_are_sound_too(seed: int) -> None:
    """Days of 60 stops with dumps, two kinds, prizes and shifts pass the independent check."""
    rng = np.random.default_rng(seed)
    problem = town(60, 8, seed)
    prize = np.where(rng.random(60) < 0.3, rng.uniform(0.0, 9_000.0, 60), np.inf)
    stops = replace(problem.stops, prize=prize, skills=rng.choice([0, 1, 2], 60))
    kinds = (
        Vehicle(0, 1, 6, 40.0, 3_000.0, (1,), 300.0, ends_empty=True, cost_per_s=0.01, skills=3),
        Vehicle(1, 1, 9, 60.0, 4_000.0, fixed_cost=900.0, cost_per_m=1.2, skills=1),
        Vehicle(0, 0, 2, 20.0, cost_per_m=0.8, skills=2, dumps=(0, 1)),
    )
    problem = replace(problem, stops=replace(stops, service_s=np.full(60, 60.0)), vehicles=kinds)
    plan = solve(problem, seed=seed, iterations=2_000)
    assert faults_of(problem, plan) == []
    assert plan.cost <= solve(problem, seed=seed, iterations=0).cost


def test_same_seed_same_bits() -> None:
    """By iterations, a seed gives one plan, to the bit; another seed another search."""
    problem = town(40, 8, 0)
    first = solve(problem, seed=5, iterations=3_000)
    assert first == solve(problem, seed=5, iterations=3_000)
    plans = {solve(problem, seed=seed, iterations=20).rounds for seed in range(5)}
    assert len(plans) > 1


@pytest.mark.parametrize("seed", range(4))
def test_the_best_is_kept(seed: int) -> None:
    """A search never ends above the plan it began from: the start's, or a plan given."""
    problem = town(40, 8, seed, work_s=6_000.0)
    start = solve(problem, seed=seed, iterations=0)
    found = solve(problem, seed=seed, iterations=500)
    again = solve(problem, seed=seed + 1, iterations=200, start=found)
    assert start.cost >= found.cost >= again.cost
    assert solve(problem, seed=0, iterations=0, start=found).cost == found.cost


@SMALL
@given(days(most_stops=4, kinds=1))
def test_one_more_vehicle_never_costs_more(problem: Problem) -> None:
    """Adding a vehicle leaves the optimum of a tiny day where it is or lower."""
    more = replace(problem.vehicles[0], count=problem.vehicles[0].count + 1)
    before = solve(problem, seed=1, iterations=1_500).cost
    assert solve(replace(problem, vehicles=(more,)), seed=1, iterations=1_500).cost <= before


@SMALL
@given(days(most_stops=4, metric=True))
def test_a_stop_worth_nothing_changes_nothing(problem: Problem) -> None:
    """An optional stop with a prize of zero leaves the cost of a tiny day as it was."""
    stops = problem.stops
    more = Stops(
        location=np.append(stops.location, stops.location[-1]),
        demand=np.append(stops.demand, 1.0),
        service_s=np.append(stops.service_s, 1.0),
        prize=np.append(stops.prize, 0.0),
        skills=np.append(stops.skills, 0),
    )
    before = solve(problem, seed=1, iterations=1_500).cost
    after = solve(replace(problem, stops=more), seed=1, iterations=1_500).cost
    assert after == before or math.isclose(after, before)


@SMALL
@given(days(most_stops=5, metric=True))
def test_no_plan_beats_the_tonnage(problem: Problem) -> None:
    """Where distances hold the triangle inequality, no plan drives less than the bound."""
    plan = solve(problem, seed=1, iterations=300)
    if not plan.impossible:
        assert plan.distance_m >= day_bound_m(problem) - 1e-6


breaks = st.lists(st.tuples(st.floats(0.0, 30_000.0), st.floats(0.0, 4_000.0)), max_size=3)


@settings(max_examples=150, deadline=None)
@given(breaks, st.floats(0.0, 10_000.0), st.floats(0.0, 20_000.0), st.data())
def test_who_works_no_longer_than_the_shift_leaves_is_home_in_time(
    due: list[tuple[float, float]], start_s: float, length_s: float, data: st.DataObject
) -> None:
    """A round within the working time of a shift is home by its end, breaks at stops included."""
    end_s = start_s + length_s
    left_s = working_time_s(start_s, end_s, due)
    assert 0.0 <= left_s <= length_s + 1e-6
    assume(left_s > 1e-3)  # with nothing to do, a break due at once is all there is
    shares = data.draw(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=6))
    legs_s = np.array(shares) / sum(shares) * left_s
    n = len(legs_s)
    time_s = np.zeros((n, n))
    for i in range(n):
        time_s[i, (i + 1) % n] = legs_s[i]
    problem = Problem(
        time_s, time_s, stops_at(list(range(1, n)), [1.0] * (n - 1)), (Vehicle(0, 0, 1, 99.0),)
    )
    times = timetable(problem, Round(0, tuple(range(n - 1))), start_s, due)
    assert times.home_s <= end_s + 1e-6 * max(end_s, 1.0)
    assert np.all(np.diff(times.arrival_s) >= 0.0)
    assert len(times.break_s) <= len(due)


@settings(max_examples=100, deadline=None)
@given(breaks, st.floats(0.0, 10_000.0), st.floats(0.0, 20_000.0), st.floats(0.0, 5_000.0))
def test_a_longer_shift_never_leaves_less(
    due: list[tuple[float, float]], start_s: float, length_s: float, more_s: float
) -> None:
    """Working time grows with the shift, by no more than the shift does."""
    less = working_time_s(start_s, start_s + length_s, due)
    more = working_time_s(start_s, start_s + length_s + more_s, due)
    assert less - 1e-6 <= more <= less + more_s + 1e-6
