"""Crews on the clock: out in the morning, from commune to commune, home by night."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
import simpy
from numpy.typing import NDArray

from models.lighting.crews.book import Order, OrderBook
from models.lighting.crews.tour import SETTLE_S, plan_tour
from twin.clock import Clock
from twin.lang import Text
from twin.units import DAY_S, HOUR_S

Floats = NDArray[np.float64]
Done = Callable[[Sequence[Order], float], None]
CREW_DONE = Text("travaux faits par une équipe", "work done by a crew")
WITHIN_KM = 1.5
"""Driven within a commune for each piece of work [U]."""


@dataclass(frozen=True, eq=False)
class Roads:
    """Way between places: communes first, then depots; shape (places, places)."""

    time_s: Floats
    distance_m: Floats


@dataclass(frozen=True)
class Shift:
    """A working day: `start_s` after midnight, `work_s` of work, breaks aside.

    `least_share` of a day's work must wait before a crew leaves for what is not due [U].
    """

    start_s: float = 8.0 * HOUR_S
    work_s: float = 7.0 * HOUR_S
    least_share: float = 0.5


@dataclass
class CrewTally:
    """What crews did."""

    trips: int = 0
    stops: int = 0
    orders: int = 0
    km: float = 0.0
    worked_s: float = 0.0


class CrewRoom:
    """All crews of a department.

    Parameters
    ----------
    clock
        Starts at midnight of day 0.
    book
        Where orders wait.
    roads
    depots : sequence of int
        The row of each crew's depot; several crews may share one.
    owner : int, shape (communes,)
        The depot row that serves each commune.
    working : bool, shape (days,)
    done
        Told of orders as they are carried out, with the time.
    """

    def __init__(
        self,
        clock: Clock,
        book: OrderBook,
        roads: Roads,
        depots: Sequence[int],
        owner: NDArray[np.int64],
        working: NDArray[np.bool_],
        done: Done,
        shift: Shift | None = None,
    ) -> None:
        self.clock, self.book, self.roads = clock, book, roads
        self.depots, self.owner, self.working = tuple(depots), owner, working
        self.shift = shift or Shift()
        self.tally = CrewTally()
        self._done = done

    def start(self) -> None:
        """Start the dispatcher."""
        self.clock.process(self._days(), "crews")

    def _days(self) -> Generator[simpy.Event, object, None]:
        """Every working morning, plan and send each crew in turn."""
        for day in np.flatnonzero(self.working).tolist():
            yield self.clock.until(day * DAY_S + self.shift.start_s)
            free = np.ones(len(self.owner), dtype=np.bool_)
            for number, depot in enumerate(self.depots):
                tour = plan_tour(
                    self.roads.time_s, self.book.waiting_s, self.book.due_s,
                    free & (self.owner == depot), depot, self.shift.work_s, (day + 1) * DAY_S,
                    self.shift.least_share * self.shift.work_s,
                )  # fmt: skip
                if tour:
                    free[tour] = False
                    self.clock.process(self._trip(depot, tour), f"crew {number}")

    def _trip(self, depot: int, tour: Sequence[int]) -> Generator[simpy.Event, object, None]:
        """Drive a tour; take at each stop what fits before the way home.

        The first stop has half a day whatever the way: far work would never be done.
        """
        time_s, distance_m = self.roads.time_s, self.roads.distance_m
        begun_s, at, first = self.clock.now, depot, True
        end_s = begun_s + self.shift.work_s
        self.tally.trips += 1
        for commune in tour:
            way_s = float(time_s[at, commune]) + SETTLE_S
            left_s = end_s - self.clock.now - way_s - float(time_s[commune, depot])
            if left_s <= 0.0 and not first:
                break
            yield self.clock.timeout(way_s)
            self._drive(float(distance_m[at, commune]))
            at = commune
            taken = self.book.take(commune, max(left_s, self.shift.work_s / 2.0 if first else 0.0))
            first = False
            if not taken:
                continue
            self.tally.stops += 1
            yield self.clock.timeout(sum(order.site_s for order in taken))
            self.tally.orders += len(taken)
            self.tally.km += WITHIN_KM * len(taken)
            self.clock.note(CREW_DONE, orders=len(taken), way_km=float(distance_m[depot, at]) / 1e3)
            self._done(taken, self.clock.now)
        yield self.clock.timeout(float(time_s[at, depot]))
        self._drive(float(distance_m[at, depot]))
        self.tally.worked_s += self.clock.now - begun_s

    def _drive(self, distance_m: float) -> None:
        self.tally.km += distance_m / 1e3
