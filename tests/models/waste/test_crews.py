"""Trucks keep the clock: every minute of a round is where it should be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import pytest
import simpy

from models.waste.crews import Day, Shift, Tally, Truck
from models.waste.rounds import Roads
from twin.clock import Calendar, Clock
from twin.routing.problem import Round, Vehicle

HOUR_S = 3600.0
# Places on a line, km apart: depot and dump at 0, points at 10, 20 and 30 km; 60 km/h.
PLACES_M = np.array([0.0, 10_000.0, 20_000.0, 30_000.0])
ROADS = Roads(
    np.abs(PLACES_M[:, None] - PLACES_M[None, :]),
    np.abs(PLACES_M[:, None] - PLACES_M[None, :]) / (60.0 / 3.6),
)
WHERE = np.array([1, 2, 3])
TRUCK = Vehicle(0, 0, 2, 1000.0, np.inf, (0,), 900.0, ends_empty=True)
SHIFT = Shift(6 * HOUR_S, 13 * HOUR_S)


@dataclass
class Notes:
    """A site that writes down who came when; every point holds `litres`."""

    clock: Clock
    litres: float = 100.0
    emptied: list[tuple[int, float]] = field(default_factory=list)
    loads: list[list[int]] = field(default_factory=list)

    def arrive(self, point: int) -> float:  # noqa: ARG002 - all hold the same
        """Return what waits."""
        return self.litres

    def empty(self, point: int) -> None:
        """Note the time."""
        self.emptied.append((point, self.clock.now))

    def weigh(self, points: list[int]) -> None:
        """Note the load."""
        self.loads.append(points)


def lucky(trucks: int = 2, traffic: float = 1.0) -> Day:
    """Return a day without mishap."""
    return Day(0.0, traffic, np.ones(3), np.full(trucks, np.inf), 3600.0)


def play(
    rounds: list[tuple[int, ...]],
    shift: Shift = SHIFT,
    day: Day | None = None,
    truck: Vehicle = TRUCK,
    litres: float = 100.0,
    service_s: float = 600.0,
) -> tuple[Notes, Tally, float]:
    """Return who was emptied when, the tally, and the hour everybody is home."""
    clock = Clock(Calendar(datetime(2027, 1, 4)))  # noqa: DTZ001 - local time
    notes, tally = Notes(clock, litres), Tally()
    bays = {0: simpy.Resource(clock, capacity=1)}

    def go(number: int, visits: tuple[int, ...]) -> simpy.events.ProcessGenerator:
        yield clock.until(shift.start_s)
        one = Truck(clock, ROADS, truck, shift, day or lucky(), number, bays, notes, tally)
        yield from one.drive(Round(0, visits), np.arange(3), WHERE, np.full(3, service_s))

    for number, visits in enumerate(rounds):
        clock.process(go(number, visits), f"truck {number}")
    clock.run()
    return notes, tally, clock.now


def test_a_plain_round() -> None:
    """Driving 60 km at 60 km/h, three stops of 10 minutes and one unloading take 1 h 45."""
    notes, tally, home_s = play([(0, 1, 2)])
    minutes = [(at - SHIFT.start_s) / 60.0 for _, at in notes.emptied]
    assert minutes == pytest.approx([20.0, 40.0, 60.0])
    assert tally.distance_m == pytest.approx(60_000.0)
    assert tally.worked_s == pytest.approx(105.0 * 60.0)
    assert home_s == pytest.approx(SHIFT.start_s + 105.0 * 60.0)
    assert notes.loads == [[0, 1, 2]]


def test_a_break_is_taken_between_two_stops_and_not_paid() -> None:
    """A break due at 6:15 is taken after the stop under way; work is the same."""
    notes, tally, home_s = play([(0, 1, 2)], replace(SHIFT, breaks=((6.25 * HOUR_S, 1800.0),)))
    minutes = [(at - SHIFT.start_s) / 60.0 for _, at in notes.emptied]
    assert minutes == pytest.approx([20.0, 70.0, 90.0])
    assert tally.worked_s == pytest.approx(105.0 * 60.0)
    assert home_s == pytest.approx(SHIFT.start_s + 135.0 * 60.0)


def test_trucks_queue_at_the_dump() -> None:
    """Two trucks that arrive together at one bay: the second waits one unloading."""
    _, tally, _ = play([(0,), (0,)])
    assert tally.queued_s == pytest.approx(TRUCK.dump_s)
    assert tally.unloadings == 2


def test_a_full_truck_goes_to_the_dump_first() -> None:
    """A truck that finds more than was planned unloads and comes back for the rest."""
    notes, tally, _ = play([(0, 1, 2)], litres=400.0)
    assert [point for point, _ in notes.emptied] == [0, 1, 2]
    assert [load for load in notes.loads if load] == [[0, 1], [2]]
    # It had driven to the third point, turned back to the dump and driven out again.
    assert tally.distance_m == pytest.approx(30_000.0 * 4)


def test_a_late_truck_goes_home() -> None:
    """Stops that cannot be made before the end are left and counted; nobody is out after it."""
    short = Shift(6 * HOUR_S, 7.3 * HOUR_S, (), 0.0)
    notes, tally, home_s = play([(0, 1, 2)], short)
    # The third point could be reached, but the truck would be home 27 minutes late.
    assert [point for point, _ in notes.emptied] == [0, 1]
    assert tally.dropped == 1
    assert home_s <= short.end_s
    assert tally.overtime_s == 0.0


def test_traffic_slows_driving_only() -> None:
    """Twice the driving time leaves service and unloading alone."""
    _, tally, _ = play([(0, 1, 2)], day=lucky(traffic=2.0))
    assert tally.worked_s == pytest.approx((120.0 + 30.0 + 15.0) * 60.0)


def test_a_breakdown_costs_its_repair() -> None:
    """A truck that breaks down on the way stands for the repair, once, and goes on."""
    day = replace(lucky(1), breakdown_s=np.array([900.0]))
    notes, tally, home_s = play([(0, 1, 2)], day=day)
    assert tally.breakdowns == 1
    assert len(notes.emptied) == 3
    assert home_s == pytest.approx(SHIFT.start_s + (105.0 + 60.0) * 60.0)
