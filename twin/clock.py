"""Time: SimPy's clock with a French calendar.

Simulated time is seconds elapsed since the scenario's start, and never jumps. Local time is what
a crew's watch shows: it jumps twice a year, and contracts are written in it. The calendar converts
between the two and knows working days, public holidays and business hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

import simpy
from simpy.events import Condition, Event, Process, ProcessGenerator, Timeout

from twin.errors import Fault, RunError, ScenarioError
from twin.event_log import EventLog
from twin.lang import Lang, Text

PARIS = ZoneInfo("Europe/Paris")
_SATURDAY = 5

_FIXED_HOLIDAYS = (
    (1, 1, Text("jour de l'An", "New Year's Day")),
    (5, 1, Text("fête du Travail", "Labour Day")),
    (5, 8, Text("victoire de 1945", "Victory in Europe Day")),
    (7, 14, Text("fête nationale", "Bastille Day")),
    (8, 15, Text("Assomption", "Assumption")),
    (11, 1, Text("Toussaint", "All Saints' Day")),
    (11, 11, Text("armistice de 1918", "Armistice Day")),
    (12, 25, Text("Noël", "Christmas Day")),
)
_EASTER_HOLIDAYS = (
    (1, Text("lundi de Pâques", "Easter Monday")),
    (39, Text("Ascension", "Ascension Day")),
    (50, Text("lundi de Pentecôte", "Whit Monday")),
)


def french_holidays(year: int) -> dict[date, Text]:
    """Return the eleven public holidays of `year` by date (Code du travail, L.3133-1).

    Two of them can fall on one day (1 May and Ascension in 2008): that year has ten dates.
    Alsace-Moselle's two more are left out.
    """
    # Imported where a calendar is asked for; the library carries no types.
    from dateutil.easter import easter  # type: ignore[import-untyped]

    sunday = easter(year)
    moving = {sunday + timedelta(days=days): name for days, name in _EASTER_HOLIDAYS}
    fixed = {date(year, month, day): name for month, day, name in _FIXED_HOLIDAYS}
    return dict(sorted((moving | fixed).items()))


@dataclass(frozen=True)
class Calendar:
    """Local time, working days and business hours from a start.

    Parameters
    ----------
    start : datetime
        The scenario's start. Without a zone it is read in `zone`.
    zone : tzinfo
        Europe/Paris unless the territory lies elsewhere.
    opens, closes : time
        Business hours of a working day, Monday to Friday but public holidays.

    Raises
    ------
    ScenarioError
        The start does not exist (the hour skipped in March) or closing is not after opening.
    """

    start: datetime
    zone: tzinfo = PARIS
    opens: time = time(8)
    closes: time = time(18)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ScenarioError(_hours_fault(self.opens, self.closes))
        self.at(self.start)

    @cached_property
    def _origin(self) -> datetime:
        return self._utc(self.start)

    def at(self, moment: datetime) -> float:
        """Return the seconds from the start to `moment` (negative before it).

        A moment without a zone is local; `fold=1` names the second pass of the hour played twice
        in October.

        Raises
        ------
        ScenarioError
            The local time does not exist (02:00 to 03:00 on the last Sunday of March).
        """
        return (self._utc(moment) - self._origin).total_seconds()

    def local(self, t_s: float) -> datetime:
        """Return the local time, with its zone, `t_s` seconds after the start."""
        return (self._origin + timedelta(seconds=t_s)).astimezone(self.zone)

    def is_working_day(self, day: date) -> bool:
        """Tell whether `day` is Monday to Friday and no public holiday."""
        return day.weekday() < _SATURDAY and day not in french_holidays(day.year)

    def is_working(self, t_s: float) -> bool:
        """Tell whether `t_s` falls within business hours; opening is in, closing is out."""
        now = self.local(t_s)
        return self.opens <= now.time() < self.closes and self.is_working_day(now.date())

    def working_days_after(self, t_s: float, days: int) -> float:
        """Return the same time of day, `days` working days later (the contract's J+n).

        The day of `t_s` itself is not counted: J+1 of a Friday or a Saturday is the Monday. Zero
        days is `t_s` itself.

        Raises
        ------
        ValueError
            A negative number of days.
        """
        if days < 0:
            raise ValueError(f"{days} working days: must be zero or more")
        if days == 0:
            return t_s
        now = self.local(t_s)
        day = now.date()
        left = days
        while left:
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return self._seconds(datetime.combine(day, now.time()))

    def business_seconds(self, from_s: float, to_s: float) -> float:
        """Return how much of [from_s, to_s] falls within business hours, in seconds."""
        if to_s <= from_s:
            return 0.0
        total = 0.0
        for opening_s, closing_s in self._spans(from_s):
            if opening_s >= to_s:
                break
            total += max(0.0, min(closing_s, to_s) - max(opening_s, from_s))
        return total

    def after_business(self, t_s: float, seconds: float) -> float:
        """Return when `seconds` of business time have run from `t_s`: a clock that stops at night.

        Zero seconds is `t_s` itself, open or not.

        Raises
        ------
        ValueError
            A negative duration.
        """
        if seconds < 0.0:
            raise ValueError(f"{seconds} s of business time: must be zero or more")
        if seconds == 0.0:
            return t_s
        left = seconds
        for opening_s, closing_s in self._spans(t_s):
            begin_s = max(opening_s, t_s)
            if left <= closing_s - begin_s:
                return begin_s + left
            left -= max(0.0, closing_s - begin_s)
        raise AssertionError("the calendar never ends")

    def _spans(self, from_s: float) -> Iterator[tuple[float, float]]:
        """Yield (opening, closing) of each working day that closes after `from_s`."""
        day = self.local(from_s).date()
        while True:
            if self.is_working_day(day):
                closing_s = self._seconds(datetime.combine(day, self.closes))
                if closing_s > from_s:
                    yield self._seconds(datetime.combine(day, self.opens)), closing_s
            day += timedelta(days=1)

    def _utc(self, moment: datetime) -> datetime:
        local = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        instant = local.astimezone(UTC)
        # A skipped local time is the only one that does not survive the round trip.
        if instant.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise ScenarioError(_skipped_fault(moment))
        return instant

    def _seconds(self, local: datetime) -> float:
        # Computed, not written by anyone: a skipped time slides to the hour after it.
        instant = local.replace(tzinfo=self.zone).astimezone(UTC)
        return (instant - self._origin).total_seconds()


@dataclass(frozen=True)
class Stall:
    """The schedule ran dry while processes still waited: who, and on what.

    `waits` pairs each process's name with what it waits on.
    """

    at_s: float
    local: datetime
    waits: tuple[tuple[str, str], ...]

    def say(self, lang: Lang = Lang.FR) -> str:
        """Return the report, one line per waiting process."""
        when = self.local.strftime("%Y-%m-%d %H:%M:%S")
        head = Text(
            f"plus aucun événement après {when} (t = {self.at_s:g} s), et attendent encore :",
            f"no event left after {when} (t = {self.at_s:g} s), and still waiting:",
        )
        arrow = Text("attend", "waits on")
        lines = [f"  {who} {arrow.say(lang)} {what}" for who, what in self.waits]
        return "\n".join([head.say(lang), *lines])


class StallError(RunError):
    """A simulation stalled; carries its :class:`Stall`."""

    def __init__(self, stall: Stall) -> None:
        super().__init__(stall.say(Lang.EN))
        self.args = (stall,)  # SimPy and pickle rebuild an exception from its args
        self.stall = stall

    def __str__(self) -> str:
        """Return the report in English."""
        return self.stall.say(Lang.EN)

    def say(self, lang: Lang = Lang.FR) -> str:
        """Return the report in `lang`."""
        return self.stall.say(lang)


class Clock(simpy.Environment):
    """SimPy's environment, with a calendar and a memory of who waits.

    `now` is seconds since the calendar's start. Start processes with :meth:`process`; one that may
    rightly wait for ever (a crew between two tickets) is started with `may_wait=True`, any other
    that still waits when the schedule runs dry stops the run with a :class:`StallError`.
    """

    def __init__(self, calendar: Calendar, log: EventLog | None = None) -> None:
        super().__init__(0.0)
        self.calendar = calendar
        self.log = log
        self._alive: list[tuple[Process, str, bool]] = []
        self._prune_at = 64
        # SimPy binds these early for its own class only; a subclass pays 0.1 µs a call otherwise.
        for name in ("timeout", "event", "all_of", "any_of"):
            setattr(self, name, getattr(self, name))

    @property
    def now_local(self) -> datetime:
        """The local time now, with its zone."""
        return self.calendar.local(self.now)

    def note(self, what: Text, where: str = "", **amounts: float) -> None:
        """Note what happens now, where somebody follows this replication; else do nothing."""
        if self.log is not None:
            self.log.note(self.now_local, what, where, **amounts)

    def at(self, moment: datetime) -> float:
        """Return the seconds from the start to the local `moment`; see :meth:`Calendar.at`."""
        return self.calendar.at(moment)

    def is_working(self, t_s: float | None = None) -> bool:
        """Tell whether `t_s` (now by default) falls within business hours."""
        return self.calendar.is_working(self.now if t_s is None else t_s)

    def until(self, t_s: float) -> Timeout:
        """Return an event at absolute time `t_s`; at once if it has passed."""
        return self.timeout(max(0.0, t_s - self.now))

    def process(
        self, generator: ProcessGenerator, name: str = "", *, may_wait: bool = False
    ) -> Process:
        """Start a process, known by `name` in a stall report (by its function's name if empty)."""
        process = Process(self, generator)
        if len(self._alive) >= self._prune_at:
            self._alive = [entry for entry in self._alive if entry[0].is_alive]
            self._prune_at = max(64, 2 * len(self._alive))
        self._alive.append((process, name or process.name, may_wait))
        return process

    def run(self, until: float | Event | None = None) -> object:
        """Run until a time, an event, or until nothing is left to happen; as SimPy does.

        Raises
        ------
        StallError
            Nothing is left to happen before then, and a process that may not wait for ever does.
        """
        if until is None or isinstance(until, Event):
            try:
                value = super().run(until)
            except RuntimeError:
                # SimPy: the schedule is empty and the event never came.
                if (
                    isinstance(until, Event)
                    and not until.triggered
                    and self.peek() == simpy.core.Infinity
                ):
                    raise StallError(self._stall(everyone=True)) from None
                raise
            if until is None:
                self._refuse_stall()
            return value
        # The loop stands here rather than in SimPy so that the moment it ran dry is still known.
        while self.peek() < until:
            self.step()
        if self.peek() == simpy.core.Infinity:
            self._refuse_stall()
        return super().run(until)

    def waiting(self) -> tuple[tuple[str, str], ...]:
        """Return each living process and what it waits on."""
        return self._stall(everyone=True).waits

    def _refuse_stall(self) -> None:
        stall = self._stall(everyone=False)
        if stall.waits:
            raise StallError(stall)

    def _stall(self, *, everyone: bool) -> Stall:
        names = {id(process): name for process, name, _ in self._alive}
        waits = tuple(
            (name, _described(process.target, names))
            for process, name, may_wait in self._alive
            if process.is_alive and (everyone or not may_wait)
        )
        return Stall(float(self.now), self.now_local, waits)


def _described(event: Event | None, names: dict[int, str]) -> str:
    """Say what an event is: another process, a request, a condition."""
    if event is None:
        return "nothing"
    if isinstance(event, Process):
        return f"process {names.get(id(event), event.name)}"
    if isinstance(event, Condition):
        parts = [_described(each, names) for each in event._events if not each.triggered]  # noqa: SLF001 - SimPy shows its parts nowhere else
        return f"{type(event).__name__} of {', '.join(parts)}"
    resource = getattr(event, "resource", None)
    if resource is not None:
        return f"{type(event).__name__} on {type(resource).__name__}"
    label = getattr(event, "label", "")
    return f"{type(event).__name__} {label}".strip()


def _hours_fault(opens: time, closes: time) -> Fault:
    return Fault(
        key="calendar.hours",
        value=f"{opens:%H:%M}-{closes:%H:%M}",
        expected=Text("une fermeture après l'ouverture", "a closing time after the opening"),
        remedy=Text("par exemple 08:00-18:00", "for example 08:00-18:00"),
    )


def _skipped_fault(moment: datetime) -> Fault:
    return Fault(
        key="calendar",
        value=f"{moment:%Y-%m-%d %H:%M}",
        expected=Text("une heure locale qui existe", "a local time that exists"),
        remedy=Text(
            "le passage à l'heure d'été saute de 02:00 à 03:00 : choisir une autre heure",
            "summer time skips from 02:00 to 03:00: choose another time",
        ),
    )
