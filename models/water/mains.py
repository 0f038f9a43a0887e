"""The mains of the territory in time: every zone's day, its meters, what was lost."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.water.demand.figures import DemandFigures
from models.water.demand.model import DemandModel
from models.water.demand.timetable import timetable
from models.water.districts import DistrictPlan
from models.water.figures import WorldDice
from models.water.leak_lanes import HOUR_S, Leaks, leaks_of
from models.water.loggers import LoggerPlan
from models.water.network.network import Floats
from models.water.stage import WaterStage
from models.water.world_leaks import WorldLeaks
from models.water.zone_flow import HOURS, DayFlow, ZoneFlow

REMEMBERED = 3
"""Days whose consumption is kept for the balance with customers' meters."""
BY_HOUR = ("heads_m", "demand_m3", "meters_m3", "lost_m3", "drawn_m3", "filled_m3", "short_m3")


@dataclass(eq=False)
class Volumes:
    """Cubic metres of the days that count, by zone; arrays of shape (zones,).

    `short_m3` is asked for and not there, in `dry_h` hours; `leaks_m3` by leak, shape (leaks,);
    `opening_m3` and `stored_m3` in the towers.
    """

    produced_m3: Floats
    consumed_m3: Floats
    background_m3: Floats
    short_m3: Floats
    dry_h: Floats
    leaks_m3: Floats
    opening_m3: Floats
    stored_m3: Floats

    @classmethod
    def none(cls, zones: int, leaks: int) -> Volumes:
        """Return nothing yet."""
        z = [np.zeros(zones) for _ in range(7)]
        return cls(z[0], z[1], z[2], z[3], z[4], np.zeros(leaks), z[5], z[6])


@dataclass(eq=False)
class Mains:
    """All zones.

    Attributes
    ----------
    leaks : Leaks
        Whoever repairs writes `end_s`.
    index_m3 : Floats
        Of every district meter at every full hour since the start; shape (meters, hours + 1).
    outlet_m3 : Floats
        What has left each tower, at every midnight; shape (zones, days + 1).
    logger_m : Floats
        Head at every pressure logger in every hour; shape (loggers, hours).
    """

    flows: list[ZoneFlow]
    plan: DistrictPlan
    leaks: Leaks
    hidden: NDArray[np.bool_]
    index_m3: Floats
    outlet_m3: Floats
    logger_m: Floats
    loggers: LoggerPlan
    count_from: int
    volumes: Volumes
    today: list[DayFlow] = field(default_factory=list)
    _used: deque[list[Floats]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _closed: int = 0

    def __post_init__(self) -> None:
        self._logger_node = self.loggers.node
        self._logger_from = np.searchsorted(self.loggers.zone, np.arange(len(self.flows) + 1))

    def open_day(self, day: int, power: NDArray[np.bool_] | None = None) -> None:
        """Solve a day of every zone; `power` (zones, 24) False where nothing fills a tower."""
        if day == self.count_from:
            self.volumes.opening_m3[:] = self._stored()
        self.today = []
        for zone, flow in enumerate(self.flows):
            found = flow.day(day, None if power is None else power[zone])
            self.today.append(found)
            self._write(zone, found, day, 0)

    def again(
        self, zone: int, day: int, from_hour: int, power: NDArray[np.bool_] | None = None
    ) -> None:
        """Solve the rest of a zone's day again: a leak there has been repaired."""
        if from_hour >= HOURS:
            return
        on = None if power is None else power[zone]
        before, found = self.today[zone], self.flows[zone].day(day, on)
        self.today[zone] = joined(before, found, from_hour)
        self._write(zone, self.today[zone], day, from_hour)

    def close_day(self, day: int) -> None:
        """Count the day and go on from its end."""
        for zone, (flow, found) in enumerate(zip(self.flows, self.today, strict=True)):
            flow.close(found)
            self.outlet_m3[zone, day + 1] = self.outlet_m3[zone, day] + found.drawn_m3.sum()
            if day >= self.count_from:
                self._count(zone, found)
        self._used.append([found.demand_m3.sum(axis=1) for found in self.today])
        self._closed = day + 1
        self.volumes.stored_m3[:] = self._stored()

    def used_m3(self, zone: int, day: int) -> Floats:
        """Return what each node of a zone used on one of the last few days, shape (nodes,)."""
        return self._used[day - self._closed][zone]

    def usual_m3h(self, zone: int, leak: int) -> float:
        """Return what a leak lets go full-grown under the zone's usual pressure, m3/h."""
        p = self.flows[zone].pressure_m
        full = self.leaks.half[leak] + self.leaks.three_halves[leak] * p
        return float(HOUR_S * np.sqrt(p) * full)

    def flow_m3h(self, zone: int, leak: int) -> float:
        """Return what a leak of a zone lets go this night, m3/h; 0 where it does not run."""
        found = self.today[zone]
        (place,) = np.nonzero(found.rows == leak)
        return float(found.leaks_m3[place[0], 3]) if len(place) else 0.0

    def _write(self, zone: int, found: DayFlow, day: int, from_hour: int) -> None:
        first = self.plan.zones[zone].first_meter
        rows = slice(first, first + len(found.meters_m3))
        begin = HOURS * day + from_hour
        self.index_m3[rows, begin + 1 : HOURS * (day + 1) + 1] = self.index_m3[
            rows, begin, None
        ] + np.cumsum(found.meters_m3[:, from_hour:], axis=1)
        here = slice(*self._logger_from[zone : zone + 2])
        heads = found.heads_m[self._logger_node[here], from_hour:]
        self.logger_m[here, begin : HOURS * (day + 1)] = heads

    def _count(self, zone: int, found: DayFlow) -> None:
        totals = self.volumes
        totals.produced_m3[zone] += found.filled_m3.sum()
        totals.short_m3[zone] += found.short_m3.sum()
        totals.dry_h[zone] += (found.short_m3 > 0.0).sum()
        totals.consumed_m3[zone] += found.demand_m3.sum()
        own = found.leaks_m3.sum(axis=1)
        totals.leaks_m3[found.rows] += own
        totals.background_m3[zone] += found.lost_m3.sum() - own.sum()

    def _stored(self) -> Floats:
        return np.array([flow.level_m * flow.gravity.area_m2 for flow in self.flows])


def joined(before: DayFlow, after: DayFlow, from_hour: int) -> DayFlow:
    """Return a day that follows `after` from an hour on; `after` runs among the same leaks."""
    early = slice(0, from_hour)
    for name in BY_HOUR:
        getattr(after, name)[..., early] = getattr(before, name)[..., early]
    after.levels_m[: from_hour + 1] = before.levels_m[: from_hour + 1]
    places = np.searchsorted(before.rows, after.rows)
    known = np.isin(after.rows, before.rows)
    after.leaks_m3[known, early] = before.leaks_m3[places[known], early]
    return after


def lay_mains(
    stage: WaterStage,
    plan: DistrictPlan,
    world: WorldLeaks,
    demand: DemandFigures,
    dice: WorldDice,
    start: date,
    days: int,
    count_from: int,
    restricted: NDArray[np.bool_] | None = None,
    loggers: LoggerPlan | None = None,
) -> Mains:
    """Return the mains of a world under an option's meters, on the eve of the first day."""
    loggers = loggers or LoggerPlan()
    table = timetable(start, days, demand, dice.streams, restricted)
    leaks = leaks_of(world.events)
    events = world.events
    flows = []
    for at, each in enumerate(stage.zones):
        rows = np.arange(*np.searchsorted(events.zone, [at, at + 1]), dtype=np.int64)
        flows.append(
            ZoneFlow(
                each.gravity,
                each.solver,
                each.pressure_m,
                DemandModel(each.gravity.zone, table, demand, dice.streams),
                world.background[at],
                leaks,
                rows,
                plan.zones[at].sectors.metered.astype(np.int64),
            )
        )
    return Mains(
        flows=flows,
        plan=plan,
        leaks=leaks,
        hidden=events.hidden,
        index_m3=np.zeros((plan.meters, HOURS * days + 1)),
        outlet_m3=np.zeros((len(stage.zones), days + 1)),
        logger_m=np.zeros((loggers.count, HOURS * days)),
        loggers=loggers,
        count_from=count_from,
        volumes=Volumes.none(len(stage.zones), len(events)),
    )
