"""One stream's year: every working morning the desk plans, crews go, bins fill meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import numpy as np
import simpy
from numpy.typing import NDArray

from models.waste.bins import Bins, Flows
from models.waste.crews import Day, Events, Shift, Tally, Truck
from models.waste.policies.desk import Desk
from models.waste.policies.outlook import Outlook, Selection
from models.waste.rounds import Depot, Effort, Roads, Service, plan_day
from twin.clock import Clock, french_holidays
from twin.lang import Text
from twin.routing.problem import Round

Floats = NDArray[np.float64]
DAY_S = 86_400.0
TRUCK_LEAVES = Text("un camion part", "a truck leaves")
EMPTIED = Text("point vidé", "point emptied")


class Rule(Protocol):
    """A policy: from an outlook to a selection.

    It is told what should come until the middle of the next working shift, when a crew could come
    again; with `until_planning`, until that day's hour of planning only.
    """

    until_planning: bool

    def select(self, outlook: Outlook) -> Selection:
        """Return whom to visit today."""
        ...


@dataclass(frozen=True, eq=False)
class Luck:
    """The dice of a stream's year, drawn before it: tables by day.

    `traffic` (days, depots) and `service` (days, points) multiply times; `breakdown` (days, trucks
    of all depots) and `calls` (days, points) are draws in (0, 1); `repair_s` by day.
    """

    traffic: Floats
    service: Floats
    breakdown: Floats
    calls: Floats
    repair_s: Floats


@dataclass(frozen=True)
class Habits:
    """How the service runs, whoever decides.

    `plan_s` is the hour of planning, seconds after midnight, before the shift; `seen_share` the
    width of the class in which a driver tells what was in a bin (0.25: quarters; 0: nobody tells);
    `call_share` the probability that a point full at the hour of planning is called about that
    morning; `breakdown_share` that a truck breaks down on a day.
    """

    shift: Shift
    plan_s: float
    seen_share: float
    weighbridge: bool
    call_share: float
    breakdown_share: float
    weekdays: tuple[int, ...]
    effort: Effort
    seed: int


class Stream:
    """One stream on the clock.

    Parameters
    ----------
    clock : Clock
        The world's clock.
    bins : Bins
        What is in the bins; nobody but crews and sensors looks in.
    desk : Desk
        What is known of them.
    rule : Rule
        Who decides.
    depots : sequence of Depot
        Their points and trucks; together they hold every point once.
    roads, service : Roads, Service
        The ways and the time of a visit.
    habits, luck : Habits, Luck
        How the service runs, and its dice.
    counted_s : float
        From when on what happens counts; before, the world settles.
    """

    def __init__(
        self,
        clock: Clock,
        bins: Bins,
        desk: Desk,
        rule: Rule,
        depots: Sequence[Depot],
        roads: Roads,
        service: Service,
        habits: Habits,
        luck: Luck,
        counted_s: float,
        *,
        ids: Sequence[str],
    ) -> None:
        self.clock = clock
        self.bins = bins
        self.desk = desk
        self.tally = Tally()
        self.counted_flows: Flows | None = None
        self.opening_l = 0.0
        self.collected_at_l = np.zeros(len(bins.capacity_l))
        self._rule = rule
        self._depots = depots
        self._roads = roads
        self._service = service
        self._habits = habits
        self._luck = luck
        self._counted_s = counted_s
        self._ids = ids
        self._unheeded = Tally()
        self._expected: dict[int, tuple[float, float, float]] = {}
        self._found: dict[int, float] = {}
        points = len(bins.capacity_l)
        for tally in (self.tally, self._unheeded):
            tally.visits_at = np.zeros(points, dtype=np.int64)
        places = {dump for depot in depots for dump in depot.vehicle.dumps}
        self.bays = {place: simpy.Resource(clock, capacity=1) for place in sorted(places)}
        first = np.cumsum([0, *(depot.vehicle.count for depot in depots)])
        self._first_truck = first[:-1]

    def live(self, days: int) -> Events:
        """Plan each working morning for so many days, from today's midnight on."""
        habits = self._habits
        start = self.clock.now_local
        midnights = [self.clock.at(start + timedelta(days=day)) for day in range(days + 14)]
        working = [self._works(midnight) for midnight in midnights]
        for day in range(days):
            if not working[day]:
                continue
            yield self.clock.until(midnights[day] + habits.plan_s)
            # What the link hands over at this very instant is heard before the day is planned.
            yield self.clock.timeout(0.0)
            if midnights[day] >= self._counted_s and self.counted_flows is None:
                self._begin_counting()
            following = next(d for d in range(day + 1, days + 14) if working[d])
            self._morning(day, midnights[day], midnights[following] + self._looks_to_s())

    def _looks_to_s(self) -> float:
        """Return until when the rule looks ahead, seconds after the next working midnight."""
        if self._rule.until_planning:
            return self._habits.plan_s
        return 0.5 * (self._habits.shift.start_s + self._habits.shift.end_s)

    def _works(self, midnight_s: float) -> bool:
        """Whether crews work that day: one of their weekdays, and no public holiday."""
        day = self.clock.calendar.local(midnight_s).date()
        return day.weekday() in self._habits.weekdays and day not in french_holidays(day.year)

    def _begin_counting(self) -> None:
        self.bins.advance(self.clock.now)
        flows = self.bins.flows
        self.counted_flows = Flows(*(each.copy() for each in flows))
        self.opening_l = float(self.bins.level_l.sum() + self.bins.beside_l.sum())

    def _counts(self) -> Tally:
        return self.tally if self.counted_flows is not None else self._unheeded

    def _morning(self, day: int, midnight_s: float, next_s: float) -> None:
        """Hear the calls, ask the rule, send the trucks."""
        now_s = self.clock.now
        self.bins.advance(now_s)
        full = self.bins.level_l >= self.bins.capacity_l
        for point in np.flatnonzero(full & (self._luck.calls[day] < self._habits.call_share)):
            self.desk.called(int(point), now_s)
        outlook = self.desk.outlook(now_s, next_s)
        selection = self._rule.select(outlook)
        for index, depot in enumerate(self._depots):
            self._send(day, midnight_s, index, depot, outlook, selection)

    def _send(
        self,
        day: int,
        midnight_s: float,
        index: int,
        depot: Depot,
        outlook: Outlook,
        selection: Selection,
    ) -> None:
        habits, luck = self._habits, self._luck
        seed = habits.seed + 1_000_003 * index + day
        planned = plan_day(
            depot, self._roads, self._service, outlook, selection, habits.effort, seed
        )
        if planned is None:
            return
        self._counts().unserved += len(planned.unserved)
        first = int(self._first_truck[index])
        trucks = luck.breakdown[day, first : first + depot.vehicle.count]
        span_s = habits.shift.end_s - habits.shift.start_s
        share = habits.breakdown_share
        luck_of_day = Day(
            midnight_s=midnight_s,
            traffic=float(luck.traffic[day, index]),
            service=luck.service[day],
            breakdown_s=np.where(trucks < share, trucks / max(share, 1e-12) * span_s, np.inf),
            repair_s=float(luck.repair_s[day]),
        )
        busy = [0] * len(depot.vehicles)
        for round_ in planned.rounds:
            shift = _part_of(habits.shift, depot, round_)
            truck = Truck(
                self.clock,
                self._roads,
                depot.vehicle,
                shift,
                _from(luck_of_day, shift.start_s - habits.shift.start_s),
                busy[round_.vehicle],
                self.bays,
                self,
                self._counts(),
            )
            busy[round_.vehicle] += 1
            leaves_s = midnight_s + shift.start_s
            self.clock.process(self._shift(truck, leaves_s, round_, planned.points), "truck")

    def _shift(
        self, truck: Truck, leaves_s: float, round_: Round, points: NDArray[np.int64]
    ) -> Events:
        yield self.clock.until(leaves_s)
        self.clock.note(TRUCK_LEAVES, stops=sum(stop >= 0 for stop in round_.visits))
        yield from truck.drive(
            round_,
            points,
            self._service.location,
            self._service.service_s,
        )

    def arrive(self, point: int) -> float:
        """Return the litres waiting at a point, inside and beside."""
        self.bins.advance(self.clock.now)
        return float(self.bins.level_l[point] + self.bins.beside_l[point])

    def empty(self, point: int) -> None:
        """Empty a point now and tell the desk what its crew says."""
        now_s, tally = self.clock.now, self._counts()
        taken = self.bins.empty(point, now_s)
        capacity_l = float(self.bins.capacity_l[point])
        self._found[point] = taken.inside_l + taken.beside_l
        tally.visits += 1
        tally.visits_at[point] += 1
        if self.counted_flows is not None:
            self.collected_at_l[point] += taken.inside_l + taken.beside_l
        tally.collected_l += taken.inside_l
        tally.picked_up_l += taken.beside_l
        fill = taken.inside_l / capacity_l
        self.clock.note(EMPTIED, self._ids[point], fill_share=fill, beside_l=taken.beside_l)
        tally.fill_sum += fill
        tally.found_full += fill >= 1.0
        tally.found_empty += fill < 0.25  # noqa: PLR2004 - a quarter
        word = self._word(taken.inside_l, capacity_l)
        self._expected[point] = self.desk.emptied(point, now_s, *word)

    def _word(self, inside_l: float, capacity_l: float) -> tuple[float, float]:
        """Return what a driver says was in a bin and how wide that class is; NaN: nothing."""
        width = self._habits.seen_share
        if width <= 0.0:
            return np.nan, 0.0
        if inside_l >= capacity_l:
            return capacity_l, width * capacity_l / np.sqrt(12.0)
        classes = np.floor(inside_l / capacity_l / width)
        # The middle of the class, whose uniform spread is its width over the root of 12.
        return (classes + 0.5) * width * capacity_l, width * capacity_l / np.sqrt(12.0)

    def weigh(self, points: list[int]) -> None:
        """Tell the desk what a load weighed, if there is a weighbridge."""
        if not self._habits.weighbridge:
            return
        total_l = sum(self._found[point] for point in points)
        expected = [self._expected[point] for point in points]
        self.desk.weighed(points, expected, total_l)

    def counted(self) -> Flows:
        """Return what people brought since counting began."""
        before = self.counted_flows
        assert before is not None  # noqa: S101 - a year has a morning that counts
        now = self.bins.flows
        return Flows(*(after - earlier for after, earlier in zip(now, before, strict=True)))


def _part_of(shift: Shift, depot: Depot, round_: Round) -> Shift:
    """Return the shift of a round: all of it, or the part that it is driven in."""
    if not depot.parts:
        return shift
    start_s, end_s = depot.parts[round_.vehicle]
    return Shift(start_s, end_s, (), shift.overtime_s)


def _from(luck: Day, later_s: float) -> Day:
    """Return a day's luck for a round that begins later; a breakdown before it is over."""
    left_s = luck.breakdown_s - later_s
    return replace(luck, breakdown_s=np.where(left_s >= 0.0, left_s, np.inf))
