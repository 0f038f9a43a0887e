"""Crews walk, hear, give notice and repair, one job at a time."""

from __future__ import annotations

import math
from datetime import datetime

import pytest

from models.water.crews import Crews, Events, Hunt, Met, Pace
from models.water.searching import Searching
from twin.clock import PARIS, Calendar, Clock

DAY_S = 86_400.0
MONDAY = datetime(2027, 1, 4, 8, tzinfo=PARIS)
"""A Monday at opening time: seconds since the start are business seconds of the first day."""


def _crews(clock: Clock, searchers: int = 1, repairers: int = 1) -> tuple[Crews, dict[int, float]]:
    closed: dict[int, float] = {}
    crews = Crews.hire(
        clock,
        Pace(km_per_day=5.0, notice_days=9, repair_hours=5.0),
        searchers,
        repairers,
        lambda leak: closed.__setitem__(leak, float(clock.now)),
        0.0,
    )
    return crews, closed


def test_a_leak_is_met_at_its_place_on_the_way_and_repaired_after_notice() -> None:
    """Half-way along 5 km at 5 km a day is at mid-day; nine working days later comes the repair."""
    clock = Clock(Calendar(MONDAY))
    crews, closed = _crews(clock)
    done = clock.process(crews.search(lambda: Hunt(5.0, [Met(0.5, 7, 2.2)]), 1), "search")
    found = clock.run(done)
    assert found == [7]
    assert closed == {}
    clock.run(until=20 * DAY_S)
    # Found on Monday at 13:00; nine working days later is Friday of the next week, 13:00; 5 hours.
    assert closed == {7: 11 * DAY_S + 10 * 3600.0}
    assert crews.effort.searches == 1
    assert crews.effort.in_vain == 0
    assert crews.effort.searched_km == 5.0


def test_an_urgent_repair_passes_before_planned_ones_and_needs_no_notice() -> None:
    """Of two jobs that wait for one crew, the urgent one is done first."""
    clock = Clock(Calendar(MONDAY))
    crews, closed = _crews(clock)
    for leak in (1, 2):
        clock.process(crews.repair(leak, urgent=True), "repair")
    clock.run(until=DAY_S)
    assert closed == {1: 5 * 3600.0, 2: 10 * 3600.0}


def test_nobody_repairs_a_leak_twice() -> None:
    """A leak that surfaces while its repair is planned is repaired once."""
    clock = Clock(Calendar(MONDAY))
    crews, closed = _crews(clock)
    clock.process(crews.repair(3, urgent=False), "repair")
    clock.process(crews.repair(3, urgent=True), "repair")
    clock.run(until=60 * DAY_S)
    assert len(closed) == 1
    assert crews.effort.repairs == 1


def test_a_search_that_hears_nothing_costs_its_way() -> None:
    """A search in vain counts its kilometres and finds nothing."""
    clock = Clock(Calendar(MONDAY))
    crews, closed = _crews(clock)
    found = clock.run(clock.process(crews.search(lambda: Hunt(12.0, []), 1), "search"))
    assert found == []
    assert closed == {}
    assert crews.effort.in_vain == 1
    assert crews.effort.searched_km == 12.0


def test_searches_wait_for_a_free_crew_in_order_of_priority() -> None:
    """With one searcher, the job of lowest number goes out first once he is back."""
    clock = Clock(Calendar(MONDAY))
    crews, _ = _crews(clock)
    order: list[str] = []

    def go(name: str, km: float) -> Hunt:
        order.append(name)
        return Hunt(km, [])

    clock.process(crews.search(lambda: go("first", 5.0), 5), "search")
    clock.process(crews.search(lambda: go("small", 1), 3), "search")
    clock.process(crews.search(lambda: go("large", 1), 2), "search")
    clock.run(until=30 * DAY_S)
    assert order == ["first", "large", "small"]


def test_a_search_ends_when_what_it_found_explains_what_was_missed() -> None:
    """Of two leaks on the way the first is enough: the rest of the way is not walked."""
    clock = Clock(Calendar(MONDAY))
    crews, _ = _crews(clock)
    way = Hunt(10.0, [Met(0.25, 1, 2.0), Met(0.75, 2, 2.0)], enough_m3h=1.5)
    assert clock.run(clock.process(crews.search(lambda: way, 1), "search")) == [1]
    assert crews.effort.searched_km == 2.5


def test_a_leak_called_in_meanwhile_ends_the_search_too() -> None:
    """A crew that meets a leak somebody repairs already has its answer, and repairs nothing."""
    clock = Clock(Calendar(MONDAY))
    crews, closed = _crews(clock)
    clock.process(crews.repair(4, urgent=True), "repair")
    way = Hunt(10.0, [Met(0.5, 4, 5.0)], enough_m3h=3.0)
    assert clock.run(clock.process(crews.search(lambda: way, 1), "search")) == [4]
    clock.run(until=30 * DAY_S)
    assert crews.effort.repairs == 1
    assert crews.effort.in_vain == 0
    assert list(closed) == [4]


def test_a_leak_that_surfaces_calls_off_its_notice() -> None:
    """A planned repair whose leak shows meanwhile is done at once, and counts as urgent."""
    clock = Clock(Calendar(MONDAY))
    crews, closed = _crews(clock)
    clock.process(crews.repair(5, urgent=False), "repair")

    def surfaces() -> Events:
        yield clock.until(2 * DAY_S)
        clock.process(crews.repair(5, urgent=True), "call")

    clock.process(surfaces(), "surfaces")
    clock.run(until=30 * DAY_S)
    assert closed == {5: 2 * DAY_S + 5 * 3600.0}
    assert crews.effort.urgent == 1


def test_a_step_test_leaves_little_to_walk_and_nothing_where_nothing_leaks() -> None:
    """A night comes first; then the leak's part alone is walked, or nothing at all."""
    clock = Clock(Calendar(MONDAY))
    crews, _ = _crews(clock)
    part = Hunt(1.5, [Met(0.5, 1, 3.0)], enough_m3h=2.0, by_night=True)
    assert clock.run(clock.process(crews.search(lambda: part, 1), "search")) == [1]
    assert crews.effort.searched_km == 0.75
    # Ten business hours of the night, then 0.75 km at 0.5 km an hour on Tuesday morning.
    assert clock.now == DAY_S + 1.5 * 3600.0
    quiet = Hunt(0.0, [], enough_m3h=2.0, by_night=True)
    assert clock.run(clock.process(crews.search(lambda: quiet, 1), "search")) == []
    assert crews.effort.step_tests == 2
    assert crews.effort.searches == 2
    assert crews.effort.in_vain == 1


def test_a_step_test_is_made_where_it_costs_less_than_the_walk() -> None:
    """At 100 EUR a km, 1,000 EUR a night and 15 % left: from 11.8 km on."""
    service = Searching(eur_per_km=100.0, eur_per_m3h=3_500.0, step_eur=1_000.0, step_share=0.15)
    assert not service.by_night(11.7)
    assert service.by_night(11.8)
    assert service.pays(0.42, 30.0)  # 1,450 EUR against 1,470
    assert not service.pays(0.41, 30.0)
    assert not Searching(100.0, 3_500.0).by_night(1_000.0)


def test_a_rise_of_yesterday_will_likely_be_called_in() -> None:
    """Bayes: of leaks, one in ten hidden and the others called in after 4 days on average."""
    service = Searching(100.0, 3_500.0, hidden_share=0.1, called_days=4.0)
    assert service.hidden(0.0) == pytest.approx(0.1)
    assert service.hidden(4.0 * math.log(9.0)) == pytest.approx(0.5)
    assert service.hidden(60.0) > 0.999
    assert Searching(100.0, 3_500.0).hidden(0.0) == 1.0
