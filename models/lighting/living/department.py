"""A department's lighting on the clock: what fails, who learns of it, what is ordered and done.

Every morning at six the desk takes in what has become known, and orders work; crews live on the
same clock and say when a piece of work is done, which makes lamps burn again.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import numpy as np
import simpy
from numpy.typing import NDArray

from models.lighting.crews.book import Order, OrderBook
from models.lighting.living.errands import Errand
from models.lighting.living.faults import Fault, Faults
from models.lighting.living.knowing import CHANNELS, Failing, Known
from models.lighting.living.ledger import DarkLedger
from models.lighting.living.lives import Lives
from models.lighting.living.place import Place
from models.lighting.living.senses import Senses
from models.lighting.living.work import MINUTES, Work
from models.lighting.policies.promises import Promises
from twin.clock import Clock
from twin.units import DAY_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MORNING_S = 6.0 * 3_600.0
FAULT_WORK = {
    Fault.CABINET_DARK: Work.CABINET,
    Fault.CABINET_STUCK: Work.CABINET,
    Fault.CABLE: Work.CABLE,
    Fault.NODE: Work.NODE,
    Fault.CLOCK: Work.CLOCK,
}
_DARKENS = (Fault.CABINET_DARK, Fault.CABLE)


@dataclass
class Tally:
    """What happened, summed; `done` by work, `known` by channel, either by commune.

    `site_s` is time on site by commune.
    """

    communes: int
    lamp_failures: int = 0
    lantern_failures: int = 0
    faults: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(Fault), np.int64))
    done: NDArray[np.int64] = field(init=False)
    site_s: Floats = field(init=False)
    known: Floats = field(init=False)
    known_days: float = 0.0
    repaired_days: float = 0.0
    repaired: int = 0

    def __post_init__(self) -> None:
        self.done = np.zeros((len(Work), self.communes), np.int64)
        self.site_s, self.known = np.zeros(self.communes), np.zeros((CHANNELS, self.communes))


class Department:
    """The state of every lamp and cabinet, and the desk.

    Parameters
    ----------
    clock
        Starts at midnight of day 0.
    place
        What stands where, in this option.
    lives
        The lamps' lives.
    faults
        Of everything else.
    senses
        When what fails becomes known.
    errands
        Work that is ordered whatever fails, by morning: (work, asset, commune, minutes).
    book
        Where orders go.
    promises
        How soon each kind of work is due.
    """

    def __init__(
        self,
        clock: Clock,
        place: Place,
        lives: Lives,
        faults: Faults,
        senses: Senses,
        errands: Sequence[Sequence[Errand]],
        book: OrderBook,
        promises: Promises,
    ) -> None:
        self.clock, self.place, self.lives = clock, place, lives
        self.faults, self.senses, self.errands = faults, senses, errands
        self.book, self.promises = book, promises
        self.tally = Tally(len(book.due_s))
        self.dark, self.stuck = DarkLedger(), DarkLedger()
        lamps = len(place.commune)
        self._dark_from_s = np.full(lamps, np.nan)
        self._order_of = np.full(lamps, -1, dtype=np.int64)
        self._known_on = np.full(lamps, -1, dtype=np.int64)
        self._days = len(errands)
        self._lamps_known: list[list[int]] = [[] for _ in range(self._days)]
        self._faults_known: list[list[int]] = [[] for _ in range(self._days)]
        self._next_fault = 0
        self._open_faults: set[int] = set()
        self._relit: list[int] = []
        self._relit_s: list[float] = []

    def live(self) -> Generator[simpy.Event, object, None]:
        """Take in what became known, every morning of the horizon."""
        for day in range(self._days):
            yield self.clock.until(day * DAY_S + MORNING_S)
            if day:
                self._relight()
                self._lamps_fail(day)
                self._things_fail(day)
            self._renew(day)
            self._order_lamps(day)
            self._order_faults(day)
            for work, asset, commune, minutes in self.errands[day]:
                self._add(work, asset, commune, minutes)

    def done(self, orders: Sequence[Order], when_s: float) -> None:
        """Take a crew's word that some orders have been carried out."""
        lamps: list[int] = []
        for order in orders:
            work = Work(order.kind)
            self.tally.done[work, order.commune] += 1
            self.tally.site_s[order.commune] += order.site_s
            if work in (Work.LAMP, Work.LANTERN):
                lamps.append(order.asset)
            elif work <= Work.CLOCK:
                self._mend(order.asset, when_s)
        self._relit += lamps
        self._relit_s += [when_s] * len(lamps)

    def close(self) -> None:
        """End what is still dark at the horizon."""
        end_s = self._days * DAY_S
        self._relight()
        self._lamps_fail(self._days)
        self._things_fail(self._days)
        still = np.flatnonzero(~np.isnan(self._dark_from_s))
        self._note_lamps(still, end_s)
        for fault in sorted(self._open_faults):
            self._note_fault(fault, end_s)

    def _lamps_fail(self, day: int) -> None:
        lamps = self.lives.failing(day - 1)
        if not len(lamps):
            return
        place, begin_s = self.place, self.lives.fails_s[lamps]
        self.lives.end(lamps)
        self._dark_from_s[lamps] = begin_s
        led = place.is_led[lamps]
        self.tally.lantern_failures += int(led.sum())
        self.tally.lamp_failures += int((~led).sum())
        failing = Failing(
            place.lamp_keys[lamps], self.lives.number[lamps], place.commune[lamps], begin_s
        )
        known = self.senses.lamps(failing, lamps)
        self._count_known(known, lamps, begin_s)
        self._known_on[lamps] = self._file(self._lamps_known, lamps, known, day)

    def _things_fail(self, day: int) -> None:
        first = self._next_fault
        last = int(np.searchsorted(self.faults.begin_s, day * DAY_S))
        self._next_fault = last
        if last == first:
            return
        rows = np.arange(first, last)
        known = self.senses.things(rows, self.faults)
        np.add.at(self.tally.faults, self.faults.what[rows], 1)
        self._open_faults.update(rows.tolist())
        self._file(self._faults_known, rows, known, day)

    def _file(self, by_day: list[list[int]], things: Ints, known: Known, today: int) -> Floats:
        """Note on which morning each thing will be on the desk, and return it."""
        morning = np.ceil((known.when_s - MORNING_S) / DAY_S)
        morning = np.minimum(np.maximum(morning, today), self._days)
        soon = morning < self._days
        for thing, day in zip(things[soon].tolist(), morning[soon].tolist(), strict=True):
            by_day[int(day)].append(thing)
        return morning

    def _count_known(self, known: Known, lamps: Ints, begin_s: Floats) -> None:
        inside = known.when_s < self._days * DAY_S
        place = (known.channel[inside], self.place.commune[lamps[inside]])
        np.add.at(self.tally.known, place, 1.0)
        self.tally.known_days += float((known.when_s - begin_s)[inside].sum()) / DAY_S

    def _order_lamps(self, day: int) -> None:
        place = self.place
        for lamp in self._lamps_known[day]:
            if self._known_on[lamp] != day:
                continue  # the programme has replaced it since, and another may have failed
            work = Work.LANTERN if place.is_led[lamp] else Work.LAMP
            order = self._add(work, lamp, int(place.commune[lamp]), MINUTES[work])
            self._order_of[lamp], self._known_on[lamp] = order, -1

    def _order_faults(self, day: int) -> None:
        for fault in self._faults_known[day]:
            work = FAULT_WORK[Fault(int(self.faults.what[fault]))]
            commune = int(self.place.commune_of(self.faults, fault))
            self._add(work, fault, commune, MINUTES[work])

    def _add(self, work: Work, asset: int, commune: int, minutes: float) -> int:
        now_s = self.clock.now
        due_s = self.promises.due_s(work, now_s)
        return self.book.add(
            kind=int(work), asset=asset, commune=commune, created_s=now_s, due_s=due_s,
            site_s=60.0 * minutes,
        )  # fmt: skip

    def _relight(self) -> None:
        """Begin new lives of the lamps that crews have made good since the morning before."""
        lamps, when_s = np.array(self._relit, dtype=np.int64), np.array(self._relit_s)
        self._relit, self._relit_s = [], []
        # A lantern that the programme has replaced meanwhile burns already.
        still = ~np.isnan(self._dark_from_s[lamps])
        lamps, when_s = lamps[still], when_s[still]
        if not len(lamps):
            return
        self.tally.repaired += len(lamps)
        self.tally.repaired_days += float((when_s - self._dark_from_s[lamps]).sum()) / DAY_S
        self._note_lamps(lamps, when_s)
        self._order_of[lamps] = -1
        self.lives.begin(lamps, when_s)

    def _note_lamps(self, lamps: Ints, when_s: Floats | float) -> None:
        if len(lamps):
            begin_s = self._dark_from_s[lamps]
            self.dark.note(
                self.place.commune[lamps], begin_s, np.full(len(lamps), when_s),
                np.ones(len(lamps)), self.place.w[lamps],
            )  # fmt: skip
            self._dark_from_s[lamps] = np.nan

    def _mend(self, fault: int, when_s: float) -> None:
        self._open_faults.discard(fault)
        self._note_fault(fault, when_s)

    def _note_fault(self, fault: int, when_s: float) -> None:
        what = Fault(int(self.faults.what[fault]))
        if what not in (*_DARKENS, Fault.CABINET_STUCK):
            return
        lamps, w = self.place.behind(self.faults, fault)
        ledger = self.stuck if what is Fault.CABINET_STUCK else self.dark
        commune = self.place.commune_of(self.faults, fault)
        begin_s = self.faults.begin_s[fault]
        ledger.note(
            np.array([commune]), np.array([begin_s]), np.array([when_s]),
            np.array([lamps]), np.array([w]),
        )  # fmt: skip

    def _renew(self, day: int) -> None:
        """Replace the lanterns of the communes whose turn has come."""
        for commune in self.place.renewed_on(day):
            lamps = self.place.to_renew(commune)
            if not len(lamps):
                continue
            now_s = self.clock.now
            dark = lamps[~np.isnan(self._dark_from_s[lamps])]
            for lamp in dark.tolist():
                if self._order_of[lamp] >= 0:
                    self.book.withdraw(int(self._order_of[lamp]))
            self._order_of[lamps] = self._known_on[lamps] = -1
            self._note_lamps(dark, now_s)
            self.place.renew(lamps)
            self.lives.change(lamps, *self.place.lives_of(lamps), now_s)
