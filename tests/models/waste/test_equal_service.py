"""The optimised calendar is compared at today's service."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.waste.calendar.current import current_calendar
from models.waste.calendar.inputs import CalendarInputs
from models.waste.equal_service import equal_waits, rhythms_of, yearly_full_days
from twin.roads.travel import Travel
from twin.routing.problem import Vehicle

POINTS = 40


@pytest.fixture(scope="module")
def inputs() -> CalendarInputs:
    """Return points of unequal rates along a road."""
    rng = np.random.default_rng(8)
    x_m = np.concatenate([rng.uniform(2e3, 20e3, POINTS), [0.0]])
    apart_m = np.abs(x_m[:, None] - x_m[None, :])
    return CalendarInputs(
        rate_l=250.0 * rng.lognormal(-0.18, 0.6, POINTS),
        cv=np.full(POINTS, 0.65),
        capacity_l=np.full(POINTS, 4_000.0),
        demand_per_l=1.0,
        service_s=np.full(POINTS, 400.0),
        travel=Travel(apart_m, apart_m / 14.0, np.zeros(POINTS + 1), "synthetic"),
        location=np.arange(POINTS),
        depot=np.full(POINTS, POINTS),
        vehicles=(Vehicle(POINTS, POINTS, 5, 60_000.0),),
        cycle_weeks=4,
        rate_sd=0.3,
        strict=False,
    )


def late_and_cost(
    inputs: CalendarInputs, waits: np.ndarray, visit_eur: np.ndarray
) -> tuple[float, float]:
    """Return full days and the cost of visits a year, of the rhythm with each worst gap."""
    rhythms = rhythms_of(inputs)
    row = np.array([np.flatnonzero(rhythms.worst_gap_days == wait)[0] for wait in waits])
    late = rhythms.full_days[np.arange(POINTS), row].sum()
    return float(late), float((visit_eur * rhythms.visits[row]).sum())


def test_no_more_points_are_full_than_today(inputs: CalendarInputs) -> None:
    """The waits leave at most the full days asked for, and nearly as many."""
    visit_eur = np.linspace(10.0, 30.0, POINTS)
    for wanted in (60.0, 150.0, 250.0):
        waits = equal_waits(inputs, visit_eur, wanted)
        late, _ = late_and_cost(inputs, waits.longest_days, visit_eur)
        assert late <= wanted
        assert late > 0.7 * wanted


def test_one_rhythm_for_all_costs_more_at_the_same_service(inputs: CalendarInputs) -> None:
    """Weekly visits for all cost more than waits of the same service that differ by point."""
    visit_eur = np.full(POINTS, 20.0)
    rhythms = rhythms_of(inputs)
    weekly = int(np.flatnonzero(rhythms.worst_gap_days == 7)[0])
    late = float(rhythms.full_days[:, weekly].sum())
    cost = float((visit_eur * rhythms.visits[weekly]).sum())
    waits = equal_waits(inputs, visit_eur, late)
    assert late_and_cost(inputs, waits.longest_days, visit_eur)[1] < 0.97 * cost


def test_better_service_costs_more(inputs: CalendarInputs) -> None:
    """Fewer full days are never cheaper, and their price is higher."""
    visit_eur = np.linspace(10.0, 30.0, POINTS)
    found = [equal_waits(inputs, visit_eur, wanted) for wanted in (250.0, 150.0, 60.0)]
    costs = [late_and_cost(inputs, each.longest_days, visit_eur)[1] for each in found]
    assert costs == sorted(costs)
    assert [each.full_day_eur for each in found] == sorted(each.full_day_eur for each in found)


def test_today_is_counted_as_its_rhythm_is(inputs: CalendarInputs) -> None:
    """Full days under today's weekly calendar are those of the weekly rhythm."""
    rhythms = rhythms_of(inputs)
    weekly = int(np.flatnonzero(rhythms.worst_gap_days == 7)[0])
    today = current_calendar(replace(inputs, cycle_weeks=1), visits=(1,))
    assert yearly_full_days(inputs, today) == pytest.approx(rhythms.full_days[:, weekly].sum())
