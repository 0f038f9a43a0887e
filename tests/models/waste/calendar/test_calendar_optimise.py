"""The optimised calendar: hand-solved cases, limits, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from calendar_case import COLUMN_L, calendar_case, travel_between

from models.waste.calendar.calendar import Calendar
from models.waste.calendar.check import check_calendar
from models.waste.calendar.current import current_calendar
from models.waste.calendar.inputs import CalendarInputs
from models.waste.calendar.optimise import optimise
from twin.errors import InputError, UnreachableError
from twin.routing.bound import tonnage_bound_m
from twin.routing.problem import Vehicle


@pytest.fixture(scope="module")
def inputs() -> CalendarInputs:
    """Return 24 points."""
    return calendar_case()


@pytest.fixture(scope="module")
def calendar(inputs: CalendarInputs) -> Calendar:
    """Return their calendar."""
    return optimise(inputs)


def test_every_promise_is_kept(inputs: CalendarInputs, calendar: Calendar) -> None:
    """The independent check finds nothing, and the kilometres exceed the tonnage bound."""
    check_calendar(calendar, inputs)
    metres, here = inputs.travel.distance_m, inputs.location
    radius_m = metres[0, here] + metres[here, 0]
    bound_m = tonnage_bound_m(radius_m, 365.0 * inputs.demand(), inputs.vehicles[0].capacity)
    assert calendar.yearly(inputs).distance_km * 1e3 > bound_m


def test_two_hamlets_are_visited_on_days_of_their_own() -> None:
    """Two far hamlets, each a truckful a week: a day each, one way there and back, no more."""
    xy_m = np.array([[0.0, 0.0]] + [[20e3, 0.0]] * 4 + [[-20e3, 0.0]] * 4)
    inputs = replace(
        calendar_case(8),
        rate_l=np.full(8, 0.08 * COLUMN_L),
        travel=travel_between(xy_m),
        vehicles=(Vehicle(0, 0, 5, capacity=4.0 * 7.0 * 0.08 * COLUMN_L),),
        cycle_weeks=1,
        risk=0.02,
    )
    calendar = optimise(inputs)
    check_calendar(calendar, inputs)
    assert sum(plan.distance_m for plan in calendar.tours) == pytest.approx(2 * 52e3)
    east, west = calendar.due[:, :4], calendar.due[:, 4:]
    assert int((east.any(axis=1) | west.any(axis=1)).sum()) in (1, 2)
    assert (east.sum(axis=0) == 1).all()


def test_it_beats_todays_calendar(inputs: CalendarInputs, calendar: Calendar) -> None:
    """At the same promises, fewer kilometres than sectors in turn, of one or two frequencies."""
    for groups in (1, 2):
        today = current_calendar(inputs, groups=groups)
        check_calendar(today, inputs)
        assert len(set(today.due.sum(axis=0).tolist())) <= groups
        assert calendar.yearly(inputs).distance_km < today.yearly(inputs).distance_km


def test_the_same_seed_gives_the_same_calendar(inputs: CalendarInputs, calendar: Calendar) -> None:
    """Bit for bit, days and rounds."""
    again = optimise(inputs)
    assert np.array_equal(again.due, calendar.due)
    assert again.tours == calendar.tours


def test_due_days_repeat_for_ever(calendar: Calendar) -> None:
    """A day of a later cycle is the day of the first; a week's worth is the union of its days."""
    cycle = calendar.cycle_days
    assert np.array_equal(calendar.due_on(3), calendar.due_on(3 + 5 * cycle))
    assert calendar.tours_on(3 + cycle) is calendar.tours[3]
    week = calendar.due_between(cycle - 2, cycle + 4)
    assert np.array_equal(week, calendar.due[[cycle - 2, cycle - 1, 0, 1, 2, 3, 4]].any(axis=0))


def test_depots_keep_their_points() -> None:
    """With two depots every round visits points of the depot it starts from."""
    base = calendar_case(20)
    depot = np.where(np.arange(20) < 9, 0, 5)
    trucks = tuple(
        Vehicle(start, start, 6, capacity=8.0 * COLUMN_L, cost_per_s=0.01, fixed_cost=100.0)
        for start in (0, 5)
    )
    inputs = replace(base, depot=depot, vehicles=trucks, weekdays=(0, 1, 2, 3, 4, 5))
    calendar = optimise(inputs)
    check_calendar(calendar, inputs)
    used = {r.vehicle for plan in calendar.tours for r in plan.rounds}
    assert used == {0, 1}
    check_calendar(current_calendar(inputs), inputs)


def test_trucks_that_unload_on_the_way_do_several_loads() -> None:
    """One truck with a dump beside the points does what needs two loads, within its shift."""
    base = calendar_case(16, columns_a_truck=6.0, side_m=8e3)
    truck = replace(
        base.vehicles[0], count=1, dumps=(3,), dump_s=900.0, ends_empty=True, work_s=7.0 * 3600.0
    )
    inputs = replace(base, vehicles=(truck,), cycle_weeks=2)
    calendar = optimise(inputs)
    check_calendar(calendar, inputs)
    assert all(len(plan.rounds) <= 1 for plan in calendar.tours)
    assert any(v < 0 for plan in calendar.tours for r in plan.rounds for v in r.visits)


def test_paying_for_lateness_lowers_it() -> None:
    """A price on late visits buys a lower expected number of them; promises still hold."""
    base = calendar_case(16, daily=0.05)
    careful = replace(base, full_cost=1e6)
    cheap, safe = optimise(base), optimise(careful)
    check_calendar(safe, careful)
    assert safe.yearly(base).full_visits < cheap.yearly(base).full_visits


def test_a_point_that_fills_too_fast_is_refused_or_named() -> None:
    """Strictly, it is refused with its number; otherwise it is served daily and named."""
    base = calendar_case(12, daily=0.03)
    rate_l = base.rate_l.copy()
    rate_l[7] = 1.5 * COLUMN_L
    fast = replace(base, rate_l=rate_l)
    with pytest.raises(UnreachableError, match="point 7"):
        optimise(replace(fast, strict=True))
    calendar = optimise(fast)
    assert calendar.beyond.tolist() == [7]
    assert int(calendar.worst_gap_days[7]) == 3


def test_a_fleet_too_small_is_refused() -> None:
    """One small truck for everything, and a shift too short for the way, are told apart."""
    base = calendar_case(12)
    small = replace(base.vehicles[0], count=1, capacity=0.9 * COLUMN_L)
    with pytest.raises(UnreachableError, match="add a truck"):
        optimise(replace(base, vehicles=(small,)))
    short = replace(base.vehicles[0], work_s=1_200.0)
    with pytest.raises(UnreachableError, match="lengthen the day"):
        optimise(replace(base, vehicles=(short,)))


def test_bad_inputs_are_told_at_once() -> None:
    """Wrong lengths and values out of range come in one error, places in the next."""
    base = calendar_case(12)
    with pytest.raises(InputError) as error:
        optimise(replace(base, cv=base.cv[:3], load_share=2.0, effort="some"))
    assert [fault.key for fault in error.value.faults] == ["cv", "load_share", "effort"]
    with pytest.raises(InputError, match="travel matrices"):
        optimise(replace(base, location=base.location + 1))
    with pytest.raises(InputError, match="vehicle"):
        optimise(replace(base, depot=np.full(12, 4)))


@pytest.mark.slow
def test_what_days_and_sectors_alone_save() -> None:
    """350 points, packaging: 15 % fewer kilometres than the better of today's calendars."""
    inputs = calendar_case(350, columns_a_truck=25.0)
    calendar = optimise(inputs)
    check_calendar(calendar, inputs)
    today = min(
        current_calendar(inputs, groups=groups).yearly(inputs).distance_km for groups in (1, 2)
    )
    assert calendar.yearly(inputs).distance_km < 0.85 * today
