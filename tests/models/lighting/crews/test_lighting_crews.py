"""Crews on the clock: hours and kilometres by hand, orders that add up, nobody at work at night."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pytest

from models.lighting.crews.book import Order, OrderBook
from models.lighting.crews.crews import WITHIN_KM, CrewRoom, Roads, Shift
from models.lighting.crews.tour import SETTLE_S, plan_tour
from twin.clock import Calendar, Clock
from twin.units import DAY_S, HOUR_S


@dataclass
class Site:
    """A small department: communes on a line, a depot at its left end."""

    communes: int = 6
    crews: int = 1
    days: int = 30
    step_s: float = 600.0
    done: list[tuple[Order, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Clock(Calendar(datetime(2027, 1, 4)))  # noqa: DTZ001 - local by definition
        self.book = OrderBook(self.communes)
        places = np.append(np.arange(1.0, self.communes + 1.0), 0.0)
        away = np.abs(places[:, None] - places)
        self.working = np.arange(self.days) % 7 < 5
        self.room = CrewRoom(
            self.clock, self.book, Roads(self.step_s * away, 10e3 * away),
            [self.communes] * self.crews, np.full(self.communes, self.communes), self.working,
            self.told,
        )  # fmt: skip
        self.room.start()

    def told(self, orders: Sequence[Order], when_s: float) -> None:
        """Note what was done, and when."""
        self.done += [(order, when_s) for order in orders]

    def order(self, commune: int, due_day: int, minutes: float = 30.0) -> int:
        """Order work now."""
        return self.book.add(
            kind=0, asset=0, commune=commune, created_s=self.clock.now,
            due_s=due_day * DAY_S, site_s=60.0 * minutes,
        )  # fmt: skip

    def run(self) -> None:
        """Live all days."""
        self.clock.run(self.days * DAY_S)


def test_one_trip_by_hand() -> None:
    """Two lamps in a commune 20 minutes and 20 km away: 2 h 30 min, 43 km, one trip, one stop."""
    site = Site()
    site.order(1, 0)
    site.order(1, 0, 70.0)
    site.run()
    tally = site.room.tally
    assert (tally.trips, tally.stops, tally.orders) == (1, 1, 2)
    assert tally.worked_s == 1_200.0 + SETTLE_S + 6_000.0 + 1_200.0
    assert tally.km == 2 * 20.0 + 2 * WITHIN_KM
    assert [when for _, when in site.done] == [8.0 * HOUR_S + 1_200.0 + SETTLE_S + 6_000.0] * 2


def test_crews_wait_for_enough_work() -> None:
    """One lamp that is due in three days is left until then; half a day's work is not."""
    site = Site()
    site.order(0, 3)
    site.run()
    assert [int(when // DAY_S) for _, when in site.done] == [2]
    busy = Site()
    for _ in range(8):
        busy.order(0, 20)
    busy.run()
    assert {int(when // DAY_S) for _, when in busy.done} == {0}


def test_orders_add_up_and_nobody_works_at_night() -> None:
    """Created = done + withdrawn + waiting; work ends on working days, within the shift's hours."""
    site, dice = Site(crews=2, days=60), np.random.default_rng(1)
    numbers: list[int] = []

    def arrive() -> object:
        while True:
            yield site.clock.timeout(float(dice.exponential(2.0 * HOUR_S)))
            day = int(site.clock.now // DAY_S)
            numbers.append(site.order(int(dice.integers(6)), day + int(dice.integers(1, 9))))
            if dice.random() < 0.1:
                site.book.withdraw(numbers[int(dice.integers(len(numbers)))])

    site.clock.process(arrive(), "arrivals")
    site.run()
    book, tally = site.book, site.room.tally
    assert book.created == len(numbers)
    assert book.created == book.taken + book.withdrawn + book.waiting
    assert len({order.number for order, _ in site.done}) == len(site.done) == tally.orders
    for order, when in site.done:
        assert order.created_s <= when
        assert site.working[int(when // DAY_S)]
        assert 8.0 * HOUR_S < when % DAY_S <= 15.5 * HOUR_S
    assert tally.worked_s <= (2 * site.working.sum()) * 7.5 * HOUR_S


def test_more_crews_are_never_later() -> None:
    """On the same orders a second crew shortens the mean wait."""
    waits = []
    for crews in (1, 2, 3):
        site, dice = Site(crews=crews, days=40), np.random.default_rng(2)
        for _ in range(150):
            site.order(int(dice.integers(6)), int(dice.integers(1, 9)), 60.0)
        site.run()
        waits.append(float(np.mean([when for _, when in site.done])))
    assert waits[0] > waits[1] >= waits[2]


def test_far_work_is_done() -> None:
    """A commune four hours away is served, though nobody is home within the shift."""
    site = Site(step_s=4.0 * HOUR_S)
    site.order(0, 0)
    site.run()
    assert len(site.done) == 1


def test_the_tour_begins_where_it_is_due() -> None:
    """What is overdue comes first though the way is longer; nearer work follows."""
    away = np.abs(np.subtract.outer([1.0, 2.0, 9.0, 0.0], [1.0, 2.0, 9.0, 0.0])) * 300.0
    waiting, due = np.array([1_800.0, 1_800.0, 1_800.0]), np.array([9.0, 9.0, 0.0]) * DAY_S
    everybody = np.ones(3, dtype=np.bool_)
    tour = plan_tour(away, waiting, due, everybody, 3, 7.0 * HOUR_S, DAY_S, 0.0)
    assert tour[0] == 2
    assert sorted(tour) == [0, 1, 2]
    assert plan_tour(away, waiting, due + 2.0 * DAY_S, everybody, 3, 7.0 * HOUR_S, DAY_S, 1e9) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_same_orders_same_bits(seed: int) -> None:
    """Played twice, the same orders are done at the same times, to the bit."""
    played = []
    for _ in range(2):
        site, dice = Site(crews=2), np.random.default_rng(seed)
        for _ in range(60):
            site.order(int(dice.integers(6)), int(dice.integers(1, 9)))
        site.run()
        played.append([(order.number, when) for order, when in site.done])
    assert played[0] == played[1]
    assert Shift().work_s == 7.0 * HOUR_S
