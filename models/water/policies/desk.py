"""The leak desk: hears what arrives, raises an alarm a district, is told what the search found.

It sees the inbox of a link, hand readings, customers' consumption and what crews say; never the
network. One alarm a district is open at a time, and nothing is judged there until it is closed: a
leak that waits for a crew neither hides in the baseline nor alarms every morning.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from models.water.policies.alarm import Alarm, Kind, priority
from models.water.policies.cusum import Floats, Mask
from models.water.policies.district import District, check_districts
from models.water.policies.flows import Contents, Midnight, NightFlows, elapsed_midnight
from models.water.policies.hand_readings import HandReadings
from models.water.policies.pressure_watch import PressureWatch
from models.water.policies.refuse import refuse
from models.water.policies.rules import DAY_S, DeskRules
from models.water.policies.watch import Watch
from twin.ports import Downlink, Inbox
from twin.signals import DeliveredBatch, Signal

WATER_INDEX = Signal("water_index", "m3")
PRESSURE = Signal("pressure", "m")
DISTRICT_METERS, PRESSURE_LOGGERS = "district-meters", "pressure-loggers"

NightUse = Callable[[int], Floats]
"""Legitimate night use of every district on a day, m3/h: the season is no secret."""


class LeakDesk:
    """The desk of one water service; satisfies :class:`twin.ports.Policy`.

    Parameters
    ----------
    districts
        In the order of every array.
    meters
        Size of the fleet of district meters.
    rules
    contents
        The indices that frames carry, asked only of frames that arrived; None: the value alone.
    pressure
        Loggers and signatures; None: a search begins anywhere.
    night_use
        Legitimate night use by day; None: that of the districts, all year.
    midnight_s
        When days begin; the default knows no change of clock.

    Raises
    ------
    ValueError
        Districts that cannot be.
    """

    def __init__(
        self,
        districts: Sequence[District],
        meters: int,
        rules: DeskRules | None = None,
        contents: Contents | None = None,
        pressure: PressureWatch | None = None,
        night_use: NightUse | None = None,
        midnight_s: Midnight = elapsed_midnight,
    ) -> None:
        check_districts(districts, meters)
        self.rules = rules or DeskRules()
        self.districts = tuple(districts)
        size = len(self.districts)
        self.flows = NightFlows(districts, meters, self.rules, contents, midnight_s)
        self.night = Watch(size, self.rules.night)
        self.balance = Watch(size, self.rules.balance)
        self.hand = HandReadings(size, self.rules.hand)
        self.accepted_m3h: Floats = np.zeros(size)
        """Night leakage above background that searches did not find: lost until it is."""
        self.repaired_m3h: Floats = np.zeros(size)
        """What crews say they stopped, in all."""
        self.open: dict[str, Alarm] = {}
        self._pressure, self._midnight_s = pressure, midnight_s
        self._rows = {one.id: row for row, one in enumerate(self.districts)}
        legitimate = np.array([one.legitimate_night_m3h for one in self.districts])
        self._night_use: NightUse = night_use or (lambda _day: legitimate)
        self._background = np.array([one.background_m3h for one in self.districts])
        self._held: Mask = np.zeros(size, dtype=np.bool_)
        self._begun_s: Floats = np.full(size, np.nan)
        self._found: Mask = np.zeros(size, dtype=np.bool_)
        self._searched_s: Floats = np.full(size, -np.inf)
        self._consumed: dict[int, Floats] = {}

    def attach(self, inbox: Inbox, downlink: Downlink) -> None:  # noqa: ARG002 - meters take no orders
        """Listen to district meters, and to pressure loggers if there is a model to read them."""
        inbox.subscribe(WATER_INDEX, self.read)
        if self._pressure is not None:
            inbox.subscribe(PRESSURE, self.read_pressure)

    def read(self, batch: DeliveredBatch) -> None:
        """Take in frames; those of other fleets are not for this desk."""
        if batch.fleet == DISTRICT_METERS:
            self.flows.read(batch)

    def read_pressure(self, batch: DeliveredBatch) -> None:
        """Take in pressures."""
        if batch.fleet == PRESSURE_LOGGERS and self._pressure is not None:
            self._pressure.read(batch)

    def read_by_hand(self, district: str, at_s: float, index_m3: float) -> None:
        """Note an index read at a production meter."""
        self.hand.read(self._row(district), at_s, index_m3)

    def consumption(self, district: str, day: int, m3: float, completeness: float) -> None:
        """Note what customers' meters say of a day (or its night): `m3` from a share of them.

        `completeness` is that share of what they usually use, in [0, 1]; the rest is taken to use
        as they do. Below the rules' least share the day is undefined.
        """
        if completeness < self.rules.fewest_completeness:
            return
        told = self._consumed.setdefault(day, np.full(len(self.districts), np.nan))
        told[self._row(district)] = m3 / completeness

    def close_day(self, day: int) -> list[Alarm]:
        """Return the alarms of the morning of `day`, the most pressing first.

        Called once a day, in order, at the rules' hour; uses what was received before.
        """
        now_s = self._midnight_s(day) + self.rules.closes_s
        self.flows.open_day(day, now_s)
        if self._pressure is not None:
            self._pressure.close_day(day, now_s - DAY_S, now_s)
        held = self._held.copy()
        raised: dict[int, Alarm] = {}
        for kind, watch, fired in self._judged(day, now_s, held):
            for who in np.flatnonzero(fired & ~held).tolist():
                since, excess = watch.rise(who)
                raised[who] = self._alarm(who, kind, now_s, since, excess)
            held |= fired
        for who, excess in self._standing(held):
            first_day = self._day_of(float(self._begun_s[who]))
            raised[who] = self._alarm(who, Kind.STANDING, now_s, first_day, excess)
        for who, alarm in raised.items():
            self.open[alarm.district] = alarm
            self._held[who] = True
        return sorted(raised.values(), key=priority, reverse=True)

    def searched(
        self, district: str, at_s: float, *, found: bool, repaired_m3h: float = 0.0
    ) -> None:
        """Close the alarm of a district, searched, and repaired if `found`, by `at_s`.

        The nights that follow tell the new level. Found: the baseline falls to it, never rises;
        what still exceeds the old baseline signals again. Not found: the level becomes the
        baseline, for otherwise it would be searched for ever; the leak, if there is one, then runs
        unseen until it grows, and is counted in `accepted_m3h`. `repaired_m3h`, what the crew says
        it stopped, is kept in the books; the desk measures for itself.

        Raises
        ------
        ValueError
            No alarm is open there, or the repair is not a flow.
        """
        row = self._row(district)
        flow = 0.0 <= repaired_m3h < np.inf
        refuse(
            (
                ("searched", district, district in self.open, "a district in alarm"),
                (f"{district}.repaired_m3h", repaired_m3h, flow, "a finite flow >= 0"),
            )
        )
        del self.open[district]
        for watch in (self.night, self.balance, self.hand.watch):
            watch.searched(row, found=found)
        self.hand.break_off(row, at_s)
        self.repaired_m3h[row] += repaired_m3h
        self._held[row] = False
        self._found[row] = found
        self._searched_s[row] = at_s

    def excess_m3h(self, day: int) -> Floats:
        """Return last night's flow above legitimate use and baseline, by district, m3/h.

        For alarms that wait to be worth a search; NaN where the night is not known.
        """
        leakage = self.flows.night_m3h(day) - self._night_use(day)
        return np.asarray(leakage - self.night.baseline.centre)

    def _judged(self, day: int, now_s: float, held: Mask) -> list[tuple[Kind, Watch, Mask]]:
        """Feed every watch; return who signals. `held` grows with those that do."""
        found: list[tuple[Kind, Watch, Mask]] = []
        held = held.copy()
        for night, flows in self.flows.new_nights():
            begins_s = self._midnight_s(night) + 3600.0 * self.rules.night_from_h
            leakage = flows - self._night_use(night)
            # What a night before the repair says, the repair has made untrue.
            leakage[begins_s <= self._searched_s] = np.nan
            fresh = np.isnan(self._begun_s) & ~np.isnan(leakage)
            self._begun_s[fresh] = begins_s
            fired = self.night.feed(night, leakage, held)
            found.append((Kind.NIGHT, self.night, fired))
            held |= fired
            self._settle()
        for past in sorted(self._consumed):
            fired = self.balance.feed(past, self._residual(past), held)
            found.append((Kind.BALANCE, self.balance, fired))
            held |= fired
            if not self.flows.remembers(past):
                del self._consumed[past]
        fired = self.hand.close_day(day, now_s, held)
        found.append((Kind.HAND, self.hand.watch, fired))
        return found

    def _residual(self, day: int) -> Floats:
        """Return what entered and nobody used on a day, m3/h, once where known."""
        told = self._consumed[day]
        if self.rules.balance_over == "day":
            begins_s, hours = self._midnight_s(day), 24.0
            entered = self.flows.inflow_m3(day)
        else:
            hours = self.rules.night_to_h - self.rules.night_from_h
            begins_s = self._midnight_s(day) + 3600.0 * self.rules.night_from_h
            entered = self.flows.night_m3h(day) * hours
        residual = (entered - told) / hours
        told[~np.isnan(residual)] = np.nan
        residual[begins_s <= self._searched_s] = np.nan
        return residual

    def _settle(self) -> None:
        """Bring up to date what was accepted, where the level after a search is now known."""
        rows = np.flatnonzero(self.night.settled)
        left = np.maximum(0.0, self.night.baseline.centre[rows] - self._background[rows])
        left = np.nan_to_num(left)
        less = np.minimum(left, self.accepted_m3h[rows])
        self.accepted_m3h[rows] = np.where(self._found[rows], less, left)

    def _standing(self, held: Mask) -> list[tuple[int, float]]:
        """Return districts whose usual night leakage is worth a search, and by how much."""
        self.night.baseline.refresh()
        above = self.night.baseline.centre - self._background - self.accepted_m3h
        rows = np.flatnonzero((above > self.rules.economic_m3h) & ~held).tolist()
        return [(row, float(above[row])) for row in rows if not self.night.waits(row)]

    def _alarm(self, who: int, kind: Kind, now_s: float, since_day: int, excess: float) -> Alarm:
        one = self.districts[who]
        since_s = self._midnight_s(since_day) + 3600.0 * self.rules.night_from_h
        ranked = None
        if self._pressure is not None and kind is not Kind.STANDING:
            ranked = self._pressure.rank(one.id, since_day, excess)
        if ranked is None:
            return Alarm(one.id, now_s, since_s, excess, kind, 0.5 * one.km)
        parts, shares, km = ranked
        return Alarm(one.id, now_s, since_s, excess, kind, km, parts, shares)

    def _day_of(self, time_s: float) -> int:
        """Return the day on which a time falls."""
        day = int(time_s // DAY_S)
        while self._midnight_s(day + 1) <= time_s:
            day += 1
        while self._midnight_s(day) > time_s:
            day -= 1
        return day

    def _row(self, district: str) -> int:
        refuse((("district", district, district in self._rows, "a district of this desk"),))
        return self._rows[district]
