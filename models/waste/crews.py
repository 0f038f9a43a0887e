"""Trucks on the clock: they drive, empty, break for lunch, break down, queue at the dump.

A round is a SimPy process; what it does to the world happens at its true time. Crews follow their
plan and correct it by what they meet: a truck that is full goes to the dump, one that is late goes
home and leaves the rest.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import simpy
from numpy.typing import NDArray

from models.waste.rounds import Roads
from twin.clock import Clock
from twin.routing.problem import Round, Vehicle

Floats = NDArray[np.float64]
Events = Generator[simpy.Event, object, None]


@dataclass(frozen=True)
class Shift:
    """A working day: seconds after midnight; breaks as (due, length).

    `overtime_s` is how long after the end a crew still finishes what it has begun.
    """

    start_s: float
    end_s: float
    breaks: tuple[tuple[float, float], ...] = ()
    overtime_s: float = 1_800.0


@dataclass
class Tally:
    """What the trucks of one stream did, summed over the days that count."""

    distance_m: float = 0.0
    worked_s: float = 0.0
    overtime_s: float = 0.0
    queued_s: float = 0.0
    repaired_s: float = 0.0
    rounds: int = 0
    unloadings: int = 0
    breakdowns: int = 0
    visits: int = 0
    dropped: int = 0
    unserved: int = 0
    collected_l: float = 0.0
    picked_up_l: float = 0.0
    fill_sum: float = 0.0
    found_full: int = 0
    found_empty: int = 0
    visits_at: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


class Site(Protocol):
    """What a crew does where it stops; told at the true time."""

    def arrive(self, point: int) -> float:
        """Return what must go aboard, before it does: litres inside and beside."""
        ...

    def empty(self, point: int) -> None:
        """Empty the point now."""
        ...

    def weigh(self, points: list[int]) -> None:
        """Weigh the load of these points."""
        ...


@dataclass(frozen=True, eq=False)
class Day:
    """The luck of one depot's day.

    `traffic` multiplies driving times, `service` the time at each point (shape (points,));
    `breakdown_s` is when after the shift's start each truck breaks down (infinite: it does not),
    shape (trucks,), and `repair_s` how long that takes.
    """

    midnight_s: float
    traffic: float
    service: Floats
    breakdown_s: Floats
    repair_s: float


class Truck:
    """One truck on one round."""

    def __init__(
        self,
        clock: Clock,
        roads: Roads,
        vehicle: Vehicle,
        shift: Shift,
        day: Day,
        number: int,
        bays: dict[int, simpy.Resource],
        site: Site,
        tally: Tally,
    ) -> None:
        self.clock = clock
        self._distance_m, self._time_s = roads.distance_m, roads.time_s
        self._vehicle = vehicle
        self._shift = shift
        self._day = day
        self._bays = bays
        self._site = site
        self._tally = tally
        self._at = vehicle.start
        self._load_l = 0.0
        self._aboard: list[int] = []
        self._breaks = [list(each) for each in shift.breaks]
        self._fails_s = day.midnight_s + shift.start_s + day.breakdown_s[number]
        self._end_s = day.midnight_s + shift.end_s + shift.overtime_s
        self._rested_s = 0.0

    def drive(
        self, round_: Round, points: NDArray[np.int64], where: NDArray[np.int64], service_s: Floats
    ) -> Events:
        """Live one round: `points` maps its stops, `where` gives places, `service_s` times."""
        tally, vehicle = self._tally, self._vehicle
        begun_s = self.clock.now
        tally.rounds += 1
        for place, visit in enumerate(round_.visits):
            if visit < 0:
                if self._load_l > 0.0:
                    yield from self._unload(~visit)
                continue
            point = int(points[visit])
            takes_s = float(service_s[point] * self._day.service[point])
            if not self._in_time(int(where[point]), takes_s):
                tally.dropped += sum(each >= 0 for each in round_.visits[place:])
                break
            yield from self._pause()
            yield self.clock.timeout(self._go(int(where[point])))
            if self._fails_s <= self.clock.now:
                yield from self._repair()
            aboard_l = self._site.arrive(point)
            if self._load_l > 0.0 and self._load_l + aboard_l > vehicle.capacity:
                if not vehicle.dumps:
                    tally.dropped += sum(each >= 0 for each in round_.visits[place:])
                    break
                yield from self._unload(self._nearest_dump())
                yield self.clock.timeout(self._go(int(where[point])))
                aboard_l = self._site.arrive(point)
            yield self.clock.timeout(takes_s)
            self._load_l += self._site.arrive(point)
            self._site.empty(point)
            self._aboard.append(point)
        if vehicle.ends_empty and self._load_l > 0.0:
            yield from self._unload(self._nearest_dump())
        yield self.clock.timeout(self._go(vehicle.end))
        if self._aboard:
            self._weigh()
        worked_s = self.clock.now - begun_s - self._rested_s
        tally.worked_s += worked_s
        late_s = self.clock.now - self._day.midnight_s - self._shift.end_s
        tally.overtime_s += max(0.0, late_s)

    def _go(self, to: int) -> float:
        """Count the way to a location and return how long it takes today."""
        self._tally.distance_m += self._distance_m[self._at, to]
        takes_s = float(self._time_s[self._at, to]) * self._day.traffic
        self._at = to
        return takes_s

    def _in_time(self, to: int, takes_s: float) -> bool:
        """Whether a stop can be made and the truck be home before the end."""
        vehicle, time_s = self._vehicle, self._time_s
        home_s = float(time_s[to, vehicle.end])
        if vehicle.ends_empty:
            home_s = vehicle.dump_s + min(
                float(time_s[to, dump] + time_s[dump, vehicle.end]) for dump in vehicle.dumps
            )
        rest_s = sum(length for _, length in self._breaks)
        way_s = (float(time_s[self._at, to]) + home_s) * self._day.traffic
        return bool(self.clock.now + way_s + takes_s + rest_s <= self._end_s)

    def _pause(self) -> Events:
        """Take the breaks that are due, at the boundary of two stops."""
        while self._breaks and self.clock.now >= self._day.midnight_s + self._breaks[0][0]:
            _, length_s = self._breaks.pop(0)
            self._rested_s += length_s
            yield self.clock.timeout(length_s)

    def _repair(self) -> Events:
        """Stand by the road until the truck goes again; once a day at most."""
        self._fails_s = np.inf
        self._tally.breakdowns += 1
        self._tally.repaired_s += self._day.repair_s
        yield self.clock.timeout(self._day.repair_s)

    def _nearest_dump(self) -> int:
        return min(
            self._vehicle.dumps,
            key=lambda dump: float(
                self._time_s[self._at, dump] + self._time_s[dump, self._vehicle.end]
            ),
        )

    def _unload(self, dump: int) -> Events:
        """Drive to a dump, wait for a bay, unload, be weighed."""
        yield self.clock.timeout(self._go(dump))
        came_s = self.clock.now
        with self._bays[dump].request() as bay:
            yield bay
            self._tally.queued_s += self.clock.now - came_s
            yield self.clock.timeout(self._vehicle.dump_s)
        self._tally.unloadings += 1
        self._weigh()

    def _weigh(self) -> None:
        self._site.weigh(self._aboard)
        self._aboard = []
        self._load_l = 0.0
