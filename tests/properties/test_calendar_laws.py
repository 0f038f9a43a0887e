"""Laws of the fixed calendar, on random points."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.waste.calendar.assign import assign
from models.waste.calendar.check import check_calendar
from models.waste.calendar.demand import full_by_day, longest_wait_days
from models.waste.calendar.ground import choose
from models.waste.calendar.inputs import CalendarInputs
from models.waste.calendar.optimise import optimise
from models.waste.calendar.patterns import regular_patterns
from models.waste.calendar.reach import reach
from twin.roads.travel import Travel
from twin.routing.problem import Vehicle

FEW = settings(max_examples=4, deadline=None)
SOME = settings(max_examples=20, deadline=None)
MANY = settings(max_examples=60, deadline=None)


def _inputs(seed: int, points: int, weeks: int, risk: float = 0.05) -> CalendarInputs:
    rng = np.random.default_rng(seed)
    xy_m = 20e3 * rng.random((points + 1, 2))
    gap = xy_m[:, None] - xy_m[None]
    distance_m = np.hypot(gap[..., 0], gap[..., 1]) * (1.0 + 0.2 * rng.random((len(xy_m),) * 2))
    return CalendarInputs(
        rate_l=250.0 * np.exp(0.6 * rng.standard_normal(points)),
        cv=rng.uniform(0.3, 0.9, points),
        capacity_l=np.full(points, 3_000.0),
        demand_per_l=0.04,
        service_s=np.full(points, 200.0),
        travel=Travel(distance_m, distance_m / 10.0, np.zeros(len(xy_m)), "synthetic"),
        location=np.arange(1, points + 1),
        depot=np.zeros(points, dtype=np.int64),
        vehicles=(Vehicle(0, 0, 6, capacity=700.0, work_s=25_000.0),),
        risk=risk,
        cycle_weeks=weeks,
        strict=False,
        seed=seed,
        effort="quick",
    )


@FEW
@given(seed=st.integers(0, 2**32), points=st.integers(1, 8), weeks=st.integers(1, 3))
def test_every_gap_is_respected(seed: int, points: int, weeks: int) -> None:
    """Every calendar passes the independent check: gaps, working days, trucks, shifts."""
    inputs = _inputs(seed, points, weeks)
    check_calendar(optimise(inputs), inputs)


@FEW
@given(seed=st.integers(0, 2**32))
def test_the_order_of_the_points_changes_nothing(seed: int) -> None:
    """Points listed in another order get the same days."""
    inputs = _inputs(seed, 7, 2)
    order = np.random.default_rng(seed).permutation(7)
    other = replace(
        inputs,
        rate_l=inputs.rate_l[order],
        cv=inputs.cv[order],
        location=inputs.location[order],
    )
    assert np.array_equal(optimise(other).due, optimise(inputs).due[:, order])


@SOME
@given(
    seed=st.integers(0, 2**32),
    weeks=st.integers(1, 4),
    low=st.floats(0.001, 0.4),
    more=st.floats(0.0, 0.5),
)
def test_a_higher_risk_never_asks_for_more_visits(
    seed: int, weeks: int, low: float, more: float
) -> None:
    """A higher accepted risk lengthens every wait, hence never raises a point's fewest visits."""
    patterns = regular_patterns(weeks)
    fewest = []
    for risk in (low, low + more):
        promised = reach(_inputs(seed, 12, weeks, risk), patterns)
        choice = choose(patterns, promised.longest_days, promised.full, 0.0)
        visits = patterns.visits[choice.pattern]
        fewest.append(np.minimum.reduceat(visits, choice.first[:-1]))
    assert (fewest[1] <= fewest[0]).all()


@MANY
@given(
    rate_l=st.floats(1.0, 2_000.0),
    cv=st.floats(0.0, 2.0),
    doubt=st.floats(0.0, 0.5),
    rho=st.floats(0.0, 0.9),
)
def test_waiting_longer_is_never_safer(rate_l: float, cv: float, doubt: float, rho: float) -> None:
    """P(full) never falls with the days waited, and the longest wait never falls with the risk."""
    one = np.array([rate_l]), np.array([cv]), np.array([2_500.0])
    full = full_by_day(56, *one, rate_sd=doubt, correlation=rho)
    assert (np.diff(full, axis=1) >= 0.0).all()
    assert ((full >= 0.0) & (full <= 1.0)).all()
    waits = [int(longest_wait_days(full, risk)[0]) for risk in (0.01, 0.05, 0.3)]
    assert waits == sorted(waits)


@FEW
@given(seed=st.integers(0, 2**32))
def test_the_search_counts_its_cost_right(seed: int) -> None:
    """After thousands of changes, the running cost is that of the rounds, summed again."""
    inputs = _inputs(seed, 8, 2)
    patterns = regular_patterns(2)
    promised = reach(inputs, patterns)
    rounds, ground, _ = assign(inputs, patterns, promised.longest_days, promised.full)
    total = 0.0
    metres = inputs.travel.distance_m
    for row in range(len(rounds.size)):
        stops = inputs.location[rounds.stop[row, : rounds.size[row]]]
        places = [0, *stops.tolist(), 0]
        if len(stops):
            total += sum(metres[a, b] for a, b in pairwise(places))
    assert np.isclose(total, rounds.value[0])
    assert (rounds.load <= ground.capacity[0] * (1.0 + 1e-9)).all()
