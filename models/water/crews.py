"""Who looks for leaks and who repairs them: two kinds of crew in each service, as SimPy resources.

A search walks a district's pipes at a pace; each leak there is met at its place on the way and
heard or not, by dice of its own; what is heard is repaired. Urgent repairs (water in the street)
pass before others, and need no notice; the rest waits for the notice of works (DT-DICT, code de
l'environnement R. 554-25: 9 days, closed days excepted; counted here in working days [D]).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import simpy

from models.water.searching import NIGHT_HOURS
from twin.clock import Clock
from twin.lang import Text

Events = Generator[simpy.Event, Any, Any]

URGENT, PLANNED = 0, 1
"""Order of repairs: lower first."""
SEARCHED = Text("recherche de fuites terminée", "leak search over")
BUSINESS_HOURS = 10.0
"""Hours between opening and closing of a working day (twin.clock.Calendar)."""


@dataclass(frozen=True)
class Pace:
    """How fast crews are.

    Attributes
    ----------
    km_per_day : float
        Pipes listened to in a working day.
    notice_days : int
        Working days of notice before planned works.
    repair_hours : float
        Of a crew, by leak.
    """

    km_per_day: float
    notice_days: int
    repair_hours: float


@dataclass
class Effort:
    """What a service's crews did in the days that count."""

    searches: int = 0
    step_tests: int = 0
    in_vain: int = 0
    searched_km: float = 0.0
    repairs: int = 0
    urgent: int = 0


class Met(NamedTuple):
    """A leak that a crew will hear: where on its way, which, and what it lets go, m3/h."""

    share: float
    leak: int
    m3h: float


@dataclass(frozen=True)
class Hunt:
    """One search: the leaks it may meet, in order of the way.

    It ends when what was found lets go at least `enough_m3h`, or after `km`. `by_night`: a step
    test comes first.
    """

    km: float
    met: Sequence[Met]
    enough_m3h: float = math.inf
    by_night: bool = False


@dataclass(eq=False)
class Crews:
    """The crews of one service."""

    clock: Clock
    pace: Pace
    searchers: simpy.PriorityResource
    repairers: simpy.PriorityResource
    repaired: Callable[[int], None]
    """Called with a leak the moment it is closed."""
    pending: dict[int, simpy.Event] = field(default_factory=dict)
    """Leaks somebody knows of: nobody repairs twice. The event calls off a notice."""
    count_from_s: float = 0.0
    effort: Effort = field(default_factory=Effort)

    @classmethod
    def hire(
        cls,
        clock: Clock,
        pace: Pace,
        searchers: int,
        repairers: int,
        repaired: Callable[[int], None],
        count_from_s: float,
    ) -> Crews:
        """Return the crews of a service, all free."""
        return cls(
            clock,
            pace,
            simpy.PriorityResource(clock, searchers),
            simpy.PriorityResource(clock, repairers),
            repaired,
            count_from_s=count_from_s,
        )

    def search(self, start: Callable[[], Hunt], priority: int) -> Events:
        """Search when a crew is free, lowest `priority` first; return the leaks found.

        `start` is asked when the crew sets out: leaks that ended meanwhile are not met. The repair
        of what is found is under way at the end, not done.
        """
        clock = self.clock
        found: list[int] = []
        with self.searchers.request(priority=priority) as turn:
            yield turn
            hunt = start()
            begun_s = clock.now
            hours = BUSINESS_HOURS * hunt.km / self.pace.km_per_day
            night = NIGHT_HOURS if hunt.by_night else 0.0
            walked, explained_m3h = 1.0, 0.0
            for met in hunt.met:
                yield self._walked(begun_s, night + met.share * hours)
                found.append(met.leak)
                explained_m3h += met.m3h
                if met.leak not in self.pending:  # else it has been called in meanwhile
                    clock.process(self.repair(met.leak, urgent=False), "repair", may_wait=True)
                if explained_m3h >= hunt.enough_m3h:
                    walked = met.share
                    break
            yield self._walked(begun_s, night + walked * hours)
            clock.note(SEARCHED, km=walked * hunt.km, found=len(found))
            if begun_s >= self.count_from_s and (hunt.km > 0.0 or hunt.by_night):
                self.effort.searches += 1
                self.effort.step_tests += hunt.by_night
                self.effort.in_vain += not found
                self.effort.searched_km += walked * hunt.km
        return found

    def _walked(self, begun_s: float, hours: float) -> simpy.Event:
        """Return when so many business hours of a search are over."""
        return self.clock.until(self.clock.calendar.after_business(begun_s, hours * 3600.0))

    def repair(self, leak: int, *, urgent: bool) -> Events:
        """Repair one leak: notice, a free crew, the work.

        Where somebody is on it already an urgent word calls off the notice, and is all.
        """
        clock = self.clock
        if leak in self.pending:
            if urgent and not self.pending[leak].triggered:
                self.pending[leak].succeed()
            return
        hurry = self.pending[leak] = clock.event()
        if not urgent:
            notice = clock.until(
                clock.calendar.working_days_after(clock.now, self.pace.notice_days)
            )
            yield clock.any_of([notice, hurry])
        urgent = urgent or hurry.triggered
        with self.repairers.request(priority=URGENT if urgent else PLANNED) as turn:
            yield turn
            yield clock.until(
                clock.calendar.after_business(clock.now, self.pace.repair_hours * 3600.0)
            )
        if clock.now >= self.count_from_s:
            self.effort.repairs += 1
            self.effort.urgent += urgent
        self.repaired(leak)
