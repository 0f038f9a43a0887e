"""A water service at work: the desk's mornings, searches, surveys, repairs.

What crews do is decided on what the desk says, and the desk hears only what arrived. The truth
enters where a person stands before a pipe: whether a leak is there, and whether it is heard.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from models.water.crews import Crews, Events, Hunt, Met
from models.water.figures import Figures
from models.water.hazards import PowerCuts
from models.water.leak_lanes import HOUR_S
from models.water.leaks.events import LeakEvents
from models.water.mains import Mains
from models.water.network.network import Floats
from models.water.policies.alarm import Alarm, Kind
from models.water.policies.desk import LeakDesk
from models.water.searching import Searching
from models.water.stage import WaterStage
from models.water.way import Way
from twin.clock import Clock
from twin.device_keys import mix
from twin.lang import Text
from twin.streams import Streams
from twin.units import DAY_S, YEAR_S

ALARM = Text("alarme de débit nocturne", "night-flow alarm")
REPAIRED = Text("fuite réparée", "leak repaired")
SURVEY = 1_000_000_000
"""Surveys are walked when no alarm waits."""
PATIENCE_S = 60.0 * DAY_S
"""A rise too small to be searched for is taken for usual after so long [U]."""
RECENT = 5
"""Nights whose median says how large a rise is today."""
EXPLAINED = 0.7
"""A search ends when what it found explains this share of what the desk missed [U]."""
GONE = 0.3
"""A rise that has fallen to this share of itself is over [U]."""
FOUND_BEFORE, SEARCHED_BEFORE = 5.0, 10.0
"""Searches a service remembers from before: half of them found a leak [U]; its own record soon
outweighs them."""


@dataclass
class Tally:
    """What the desk did in the days that count."""

    alarms: int = 0
    explained: int = 0
    let_be: int = 0
    false_alarms: int = 0


@dataclass(eq=False)
class WatchKeeping:
    """All services of the territory."""

    clock: Clock
    stage: WaterStage
    mains: Mains
    events: LeakEvents
    desk: LeakDesk
    crews: dict[str, Crews]
    figures: Figures
    streams: Streams
    hand_days: int
    searching: Searching
    count_from_s: float
    cuts: PowerCuts
    completeness: Floats | None = None
    tally: Tally = field(default_factory=Tally)
    _attempts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    _waiting: dict[int, tuple[Alarm, deque[float]]] = field(default_factory=dict)
    _joined: set[int] = field(default_factory=set)
    _found: float = FOUND_BEFORE
    _searched: float = SEARCHED_BEFORE

    def __post_init__(self) -> None:
        self._attempts = np.zeros(len(self.events), dtype=np.int64)
        self._district = np.array(
            [
                self.mains.plan.of_node(zone, node)
                for zone, node in zip(
                    self.events.zone.tolist(), self.events.node.tolist(), strict=True
                )
            ],
            dtype=np.int64,
        )
        self._hear_keys = (self.events.find_u * 2.0**53).astype(np.uint64)
        self._rows = {one.id: row for row, one in enumerate(self.desk.districts)}

    def start(self, days: int) -> None:
        """Start everybody's work on the clock."""
        self.clock.process(self._days(days), "days of the mains")
        self.clock.process(self._callers(), "people who call", may_wait=True)
        for zone, each in enumerate(self.stage.zones):
            self.clock.process(self._surveys(zone, each.id), f"surveys of {each.id}", may_wait=True)

    def close(self, leak: int) -> None:
        """End a leak now: its zone's day goes on without it from the next full hour."""
        zone = int(self.events.zone[leak])
        self.clock.note(
            REPAIRED, self.stage.zones[zone].id, flow_m3h=self.mains.flow_m3h(zone, leak)
        )
        self.mains.leaks.end_s[leak] = self.clock.now
        day = int(self.clock.now // DAY_S)
        hour = int(np.ceil((self.clock.now - day * DAY_S) / HOUR_S))
        self.mains.again(int(self.events.zone[leak]), day, hour, self.cuts.power(day))

    def _days(self, days: int) -> Events:
        """Solve each day at its midnight, and let the desk look in the morning."""
        look_s = self.desk.rules.closes_s
        for day in range(days):
            if day:
                self.mains.close_day(day - 1)
            self.mains.open_day(day, self.cuts.power(day))
            self._read_by_hand(day)
            self._hear_of_dry_taps(day)
            yield self.clock.until(day * DAY_S + look_s)
            self._tell_consumption(day)
            for alarm in self.desk.close_day(day):
                self._raise(alarm)
            self._weigh_waiting(day)
            yield self.clock.until((day + 1) * DAY_S)
        self.mains.close_day(days - 1)

    def _hear_of_dry_taps(self, day: int) -> None:
        """Let people call where a tower will run dry today, unless it is not being filled."""
        power = self.cuts.power(day)
        for zone, found in enumerate(self.mains.today):
            dry = np.flatnonzero(found.short_m3 > 0.0)
            if len(dry) and (power is None or power[zone].all()):
                self.clock.process(self._call_for(zone, day * DAY_S + dry[0] * HOUR_S), "dry taps")

    def _call_for(self, zone: int, when_s: float) -> Events:
        """Send a crew to the largest leak of a zone that has just run dry, an hour later."""
        yield self.clock.until(when_s + HOUR_S)
        running = self._running(zone, -1).tolist()
        if running:
            largest = max(running, key=lambda leak: self.mains.usual_m3h(zone, leak))
            crews = self._crews_of(zone)
            self.clock.process(crews.repair(largest, urgent=True), "urgent repair", may_wait=True)

    def _read_by_hand(self, day: int) -> None:
        """Tell the desk the indices of the outlets whose turn it is, as of midnight."""
        for zone, each in enumerate(self.stage.zones):
            if (day + zone) % self.hand_days == 0:
                index = float(self.mains.outlet_m3[zone, day])
                self.desk.read_by_hand(each.id, self.clock.now, index)

    def _tell_consumption(self, day: int) -> None:
        """Tell the desk what customers' meters said of the day before yesterday, all in by now."""
        past = day - 2
        if self.completeness is None or past < 0:
            return
        for zone, divided in enumerate(self.mains.plan.zones):
            share = float(self.completeness[zone, past])
            if not divided.sectors.count or share == 0.0:
                continue
            used = self.mains.used_m3(zone, past)
            for number, m3 in enumerate(self.mains.plan.by_district(zone, used).tolist()):
                name = self.desk.districts[divided.first_row + number].id
                self.desk.consumption(name, past, share * m3, share)

    def _callers(self) -> Events:
        """Let each leak that shows be called in when it does."""
        order = np.argsort(self.events.surfaces_s, kind="stable")
        for leak in order.tolist():
            when_s = float(self.events.surfaces_s[leak])
            if not np.isfinite(when_s):
                return
            if when_s > self.clock.now:
                yield self.clock.until(when_s)
            if self.mains.leaks.end_s[leak] > self.clock.now:
                crews = self._crews_of(int(self.events.zone[leak]))
                self.clock.process(crews.repair(leak, urgent=True), "urgent repair")

    def _surveys(self, zone: int, name: str) -> Generator[simpy.Event, Any, None]:
        """Walk the whole zone every so many years, from the phase it had before the start."""
        period_s, km = self.figures.survey_years * YEAR_S, self.stage.zones[zone].km
        when_s = (1.0 - self.streams.uniform("water", "leaks-survey", name)) * period_s
        while True:
            yield self.clock.until(when_s)
            hunt = self._crews_of(zone).search(lambda: self._hunt(zone, -1, km, np.inf), SURVEY)
            self.clock.process(hunt, "survey", may_wait=True)
            when_s += period_s

    def _raise(self, alarm: Alarm) -> None:
        """Send a crew after an alarm."""
        row = self._rows[alarm.district]
        zone = int(self.mains.plan.zone_of[row])
        counts = self.clock.now >= self.count_from_s
        self.clock.note(ALARM, alarm.district, excess_m3h=alarm.excess_m3h)
        if counts:
            self.tally.alarms += 1
        if alarm.kind is Kind.HAND and self._busy(zone):
            self._joined.add(zone)
        elif self._explained(alarm, row, zone):
            self.tally.explained += counts
        elif self._pays(alarm, alarm.excess_m3h):
            self._send(alarm, row, zone)
        else:
            self._waiting[row] = (alarm, deque(maxlen=RECENT))

    def _explained(self, alarm: Alarm, row: int, zone: int) -> bool:
        """Whether leaks the service knows of explain an alarm; if so, wait for their repair."""
        known = self._known(zone, self._part(row), self._since(alarm))
        if sum(known.values()) < EXPLAINED * alarm.excess_m3h:
            return False
        self.clock.process(self._await(alarm, zone, known), "known leak", may_wait=True)
        return True

    def _since(self, alarm: Alarm) -> float:
        """Return since when a leak known and repaired may be what an alarm is about."""
        if alarm.kind is Kind.STANDING:
            return self.clock.now
        if alarm.kind is Kind.HAND:  # a mean flow tells of what ran since the reading before
            return alarm.since_s - 2.0 * self.hand_days * DAY_S
        return alarm.since_s

    def _send(self, alarm: Alarm, row: int, zone: int) -> None:
        """Let a crew search a district."""
        if self.clock.now >= self.count_from_s and not len(self._running(zone, self._part(row))):
            self.tally.false_alarms += 1
        self.clock.process(self._answer(alarm, row, zone), "search", may_wait=True)

    def _pays(self, alarm: Alarm, excess_m3h: float) -> bool:
        """Whether so much water is worth the walk: twice the mean one, all of it if in vain.

        A rise may be a leak that somebody will call in tomorrow, an alarm may be false, a leak may
        not be heard: a service counts a rise by how likely it is to stay, at its age, and by the
        share of its searches, after alarms, that have found something.
        """
        age_days = (self.clock.now - alarm.since_s) / DAY_S
        stays = 1.0 if alarm.kind is Kind.STANDING else self.searching.hidden(age_days)
        hoped_m3h = excess_m3h * stays * self._found / self._searched
        return self.searching.pays(hoped_m3h, 2.0 * alarm.km)

    def _weigh_waiting(self, day: int) -> None:
        """Send crews where a small rise has grown; take for usual what fell back or never grew."""
        if not self._waiting:
            return
        tonight = self.desk.excess_m3h(day)
        for row, (alarm, nights) in list(self._waiting.items()):
            if np.isfinite(tonight[row]):
                nights.append(float(tonight[row]))
            excess = float(np.median(nights)) if nights else 0.0
            if len(nights) == RECENT and self._pays(alarm, excess):
                del self._waiting[row]
                zone = int(self.mains.plan.zone_of[row])
                since_s = self.clock.now - (RECENT + 1) * DAY_S
                grown = replace(alarm, excess_m3h=excess, since_s=max(alarm.since_s, since_s))
                if not self._explained(grown, row, zone):
                    self._send(grown, row, zone)
            elif len(nights) == RECENT and excess < GONE * alarm.excess_m3h:
                # Somebody called and the leak is repaired: what was usual is usual again.
                del self._waiting[row]
                self.tally.explained += self.clock.now >= self.count_from_s
                zone = int(self.mains.plan.zone_of[row])
                self._tell(alarm.district, zone, found=True, repaired_m3h=0.0)
            elif self.clock.now - alarm.raised_s >= PATIENCE_S:
                del self._waiting[row]
                self.tally.let_be += self.clock.now >= self.count_from_s
                zone = int(self.mains.plan.zone_of[row])
                self._tell(alarm.district, zone, found=False, repaired_m3h=0.0)

    def _busy(self, zone: int) -> bool:
        """Whether a metered district of a zone is being searched already."""
        name = self.stage.zones[zone].id
        return any(other.startswith(f"{name}/") for other in self.desk.open)

    def _answer(self, alarm: Alarm, row: int, zone: int) -> Events:
        """Search a district, wait for its repairs, tell the desk."""
        district = self.desk.districts[row]
        crews = self._crews_of(zone)
        enough = EXPLAINED * alarm.excess_m3h
        part = self._part(row)
        pressing = -round(1000.0 * alarm.excess_m3h / alarm.km)
        flows: dict[int, float] = {}
        called: dict[int, float] = {}
        way = self._way(alarm)

        def start() -> Hunt:
            known = self._known(zone, part, self._since(alarm))
            if sum(known.values()) >= enough:
                called.update(known)
                return Hunt(0.0, [])  # people have called meanwhile: nobody need walk
            if way is None and self.searching.by_night(district.km):
                hunt = self._by_night(zone, part, district.km, enough)
            else:
                hunt = self._hunt(zone, part, district.km, enough, way)
            flows.update({met.leak: met.m3h for met in hunt.met})
            return hunt

        found = yield self.clock.process(crews.search(start, pressing), "crew", may_wait=True)
        known = called or {leak: flows[leak] for leak in found}
        if not called:
            self._searched += 1.0
            self._found += bool(known)
        if known:
            yield from self._await(alarm, zone, known)
        else:
            self._tell(alarm.district, zone, found=False, repaired_m3h=0.0)

    def _await(self, alarm: Alarm, zone: int, known: dict[int, float]) -> Events:
        """Wait until the leaks that explain an alarm are repaired, then tell the desk."""
        ends = self.mains.leaks.end_s
        while any(ends[leak] > self.clock.now for leak in known):
            yield self.clock.until(self.clock.now + DAY_S)
        self._tell(alarm.district, zone, found=True, repaired_m3h=sum(known.values()))

    def _known(self, zone: int, part: int, since_s: float) -> dict[int, float]:
        """Return leaks the service knows of in a zone or a district, and their flows, m3/h.

        Those that wait for their repair, and those repaired since the rise began.
        """
        pending = self._crews_of(zone).pending
        low, high = np.searchsorted(self.events.zone, [zone, zone + 1])
        ends = self.mains.leaks.end_s
        return {
            leak: self.mains.usual_m3h(zone, leak)
            for leak in pending
            if low <= leak < high
            and ends[leak] > since_s
            and (part < 0 or self._district[leak] == part)
        }

    def _tell(self, district: str, zone: int, *, found: bool, repaired_m3h: float) -> None:
        """Tell the desk what a search gave; the zone's hand alarm that joined it ends with it."""
        now = self.clock.now
        if district in self.desk.open:
            self.desk.searched(district, now, found=found, repaired_m3h=repaired_m3h)
        whole = self.stage.zones[zone].id
        if zone in self._joined and not self._busy(zone):
            self._joined.discard(zone)
            if whole in self.desk.open:
                self.desk.searched(whole, now, found=found, repaired_m3h=repaired_m3h)

    def _part(self, row: int) -> int:
        """Return the metered district a row stands for; -1 for a whole zone."""
        return row if row >= len(self.stage.zones) else -1

    def _way(self, alarm: Alarm) -> Way | None:
        """Return the way that pressures advise, if they do."""
        if not alarm.parts:
            return None
        one = next(each for each in self.mains.loggers.districts if each.id == alarm.district)
        return Way(one, alarm.parts, 2.0 * alarm.km)

    def _hunt(
        self, zone: int, part: int, km: float, enough_m3h: float, way: Way | None = None
    ) -> Hunt:
        """Return what a crew that sets out now will meet and hear, on a way or on any."""
        met = []
        for leak in self._running(zone, part).tolist():
            share = float(self.events.locate_u[leak])
            if way is not None:
                link, node = int(self.events.link[leak]), int(self.events.node[leak])
                share = way.share(link, node, share)
                if share > 1.0:
                    continue
            attempt = int(self._attempts[leak])
            self._attempts[leak] += 1
            if self._ear(leak, attempt) < self.figures.hear_share:
                met.append(Met(share, leak, self.mains.flow_m3h(zone, leak)))
        return Hunt(km if way is None else way.km, sorted(met), enough_m3h)

    def _by_night(self, zone: int, part: int, km: float, enough_m3h: float) -> Hunt:
        """Return what a crew meets after a step test: the part of each leak, the largest first."""
        leaks = self._running(zone, part).tolist()
        flows = {leak: self.mains.flow_m3h(zone, leak) for leak in leaks}
        left = self.searching.step_share * km
        met = []
        for place, leak in enumerate(sorted(leaks, key=lambda each: -flows[each])):
            attempt = int(self._attempts[leak])
            self._attempts[leak] += 1
            if self._ear(leak, attempt) < self.figures.hear_share:
                share = (place + float(self.events.locate_u[leak])) / len(leaks)
                met.append(Met(share, leak, flows[leak]))
        return Hunt(min(left * len(leaks), km), met, enough_m3h, by_night=True)

    def _running(self, zone: int, part: int) -> NDArray[np.int64]:
        """Return the leaks that run in a zone, or in one of its districts, and nobody knows of."""
        low, high = np.searchsorted(self.events.zone, [zone, zone + 1])
        rows = np.arange(low, high)
        now = self.clock.now
        running = (self.events.start_s[rows] <= now) & (self.mains.leaks.end_s[rows] > now)
        if part >= 0:
            running &= self._district[rows] == part
        pending = self._crews_of(zone).pending
        return np.array([row for row in rows[running].tolist() if row not in pending], np.int64)

    def _ear(self, leak: int, attempt: int) -> float:
        """Return the draw of one person listening at one leak for the n-th time."""
        bits = mix(self._hear_keys[leak : leak + 1] ^ mix(np.array([attempt], np.uint64)))
        return float((bits[0] >> np.uint64(11)) * 2.0**-53)

    def _crews_of(self, zone: int) -> Crews:
        return self.crews[self.stage.zones[zone].gravity.zone.service]
