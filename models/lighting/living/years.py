"""Years of a department's lighting: everything wired, lived, and summed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from models.lighting.crews.book import OrderBook
from models.lighting.crews.crews import CrewRoom, Roads, Shift
from models.lighting.figures import Figures
from models.lighting.inventory.inventory import Inventory
from models.lighting.living.department import Department
from models.lighting.living.due import DueHours
from models.lighting.living.ears import Ears
from models.lighting.living.errands import Changes, Errands, cabinets_by_commune
from models.lighting.living.false_alarms import FalseAlarms
from models.lighting.living.faults import Fault, downstream, draw_faults
from models.lighting.living.left import YearsLeft
from models.lighting.living.lives import Lives
from models.lighting.living.patrols import Patrols
from models.lighting.living.place import Laws, Place
from models.lighting.living.senses import Senses
from models.lighting.living.work import Work
from models.lighting.policies.promises import Promises
from models.lighting.renewal import plan_renewal
from models.lighting.settings import Settings
from twin.clock import Calendar, Clock
from twin.device_keys import U8
from twin.streams import Streams

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ground:
    """What every replication shares.

    Attributes
    ----------
    inventory : Inventory
    roads : Roads
        Communes first, depots after them.
    depots : tuple of int
        The row of each crew's depot.
    owner : int64, shape (communes,)
        The depot row that serves each commune.
    lamp_words, cabinet_words, commune_words : uint64
        What names each thing's dice.
    """

    inventory: Inventory
    roads: Roads
    depots: tuple[int, ...]
    owner: NDArray[np.int64]
    lamp_words: U8
    cabinet_words: U8
    commune_words: U8

    @cached_property
    def behind(self) -> tuple[NDArray[np.int64], Floats]:
        """Return how many lamps a cut before each lamp darkens, and their power."""
        return downstream(self.inventory)


@dataclass(frozen=True, eq=False)
class Told:
    """What the link lets through in one world, None where nothing speaks.

    `clocks` of cabinets or `nodes` of lamps; `checks` silences of devices that live; `orders`
    commands that a change of hours takes in a commune, `lost` those that do not arrive, `by_hand`
    cabinets that somebody must then visit.
    """

    clocks: Ears | None = None
    nodes: Ears | None = None
    checks: FalseAlarms | None = None
    orders: NDArray[np.int64] | None = None
    lost: NDArray[np.int64] | None = None
    by_hand: NDArray[np.int64] | None = None


def live_years(
    ground: Ground,
    settings: Settings,
    figures: Figures,
    streams: Streams,
    start: date,
    daily_h: Floats,
    told: Told,
) -> YearsLeft:
    """Live the years of one world; `daily_h` are hours of light due, (communes, days of a year)."""
    inventory, days = ground.inventory, round(settings.service.years * 365.25)
    lamp_keys = dice.keys_of(streams, "lamps", ground.lamp_words)
    cabinet_keys = dice.keys_of(streams, "cabinets", ground.cabinet_words)
    commune_keys = dice.keys_of(streams, "communes", ground.commune_words)
    renewal = plan_renewal(inventory, settings.renewal)
    laws = Laws(inventory, figures, np.unique(renewal.into))
    place = Place(
        inventory, laws, renewal, ground.behind, daily_h.sum(axis=1),
        (lamp_keys, cabinet_keys), days,
    )  # fmt: skip
    lives = Lives(lamp_keys, *place.lives_of(np.arange(len(lamp_keys))), days)
    faults = draw_faults(lamp_keys, cabinet_keys, figures, settings.control, days)
    patrols = Patrols(commune_keys, settings.service.patrol_days)
    senses = Senses(place, figures, settings.control, patrols.next_s, told.clocks, told.nodes)
    errands, changes = _errands(ground, settings, figures, commune_keys, told, days)
    clock = Clock(Calendar(datetime.combine(start, time())))
    working = _working_days(start, days)
    book = OrderBook(len(inventory.communes))
    department = Department(
        clock, place, lives, faults, senses, errands.by_day, book,
        Promises(working, _within_days(settings)),
    )  # fmt: skip
    room = CrewRoom(
        clock, book, ground.roads, ground.depots, ground.owner, working, department.done, Shift()
    )
    clock.process(department.live(), "desk")
    room.start()
    clock.run(float(days) * 86_400.0)
    department.close()
    due = DueHours(daily_h, days)
    nights = patrols.effort(inventory, ground.roads, ground.owner, days)
    return _left(department, room, due, changes, settings, nights)


@lru_cache(maxsize=4)  # asked for by every world
def _working_days(start: date, days: int) -> NDArray[np.bool_]:
    """Return whether crews work on each day from a date on."""
    calendar = Calendar(datetime.combine(start, time()))
    return np.array([calendar.is_working_day(start + timedelta(days=day)) for day in range(days)])


def _errands(
    ground: Ground,
    settings: Settings,
    figures: Figures,
    commune_keys: U8,
    told: Told,
    days: int,
) -> tuple[Errands, Changes]:
    """Return the work that is ordered whatever fails."""
    errands = Errands(days)
    cabinets = cabinets_by_commune(ground.inventory)
    if settings.control == "clock":
        errands.visit_clocks(ground.inventory, commune_keys, settings.service.clock_visit_days)
        none = np.zeros_like(cabinets)
        changes = errands.change_hours(
            commune_keys, figures.changes_year, none, cabinets, Work.SET_CLOCKS, none
        )
        return errands, changes
    assert told.orders is not None  # noqa: S101 - who speaks takes orders
    assert told.lost is not None  # noqa: S101
    assert told.by_hand is not None  # noqa: S101
    if told.checks is not None:
        check = Work.CHECK_CLOCK if settings.control == "remote-clock" else Work.CHECK_NODE
        errands.check(check, told.checks.asset, told.checks.commune, told.checks.when_s)
    work = Work.SET_CLOCKS if settings.control == "remote-clock" else Work.SET_NODES
    changes = errands.change_hours(
        commune_keys, figures.changes_year, told.orders, told.by_hand, work, told.lost
    )
    return errands, changes


def _within_days(settings: Settings) -> dict[int, int]:
    """Return working days within which each kind of work is due."""
    crews = settings.crews
    soon = {Work.CABINET: crews.street_days, Work.CABLE: crews.street_days}
    late = {Work.CHECK_NODE: crews.check_days, Work.CHECK_CLOCK: crews.check_days,
            Work.VISIT_CLOCKS: 4 * crews.check_days}  # fmt: skip
    return {int(work): {**soon, **late}.get(work, crews.lamp_days) for work in Work}


def _left(
    department: Department,
    room: CrewRoom,
    due: DueHours,
    changes: Changes,
    settings: Settings,
    nights: tuple[float, float, float],
) -> YearsLeft:
    tally, crews = department.tally, room.tally
    communes = len(room.owner)
    dark = department.dark.count(due, communes)
    stuck = department.stuck.count_by_day(due, communes)
    faults, done = tally.faults, tally.done
    trips, km, hours = nights
    return YearsLeft(
        years=float(settings.service.years),
        due_h=due.total_h(),
        dark_h=dark.hours,
        dark_kwh=dark.kwh,
        stuck_kwh=stuck.kwh,
        lamp_failures=float(tally.lamp_failures),
        lantern_failures=float(tally.lantern_failures),
        cabinet_faults=float(faults[Fault.CABINET_DARK] + faults[Fault.CABINET_STUCK]),
        cable_faults=float(faults[Fault.CABLE]),
        node_failures=float(faults[Fault.NODE]),
        clock_failures=float(faults[Fault.CLOCK]),
        lamps_changed=float(done[Work.LAMP]),
        lanterns_repaired=float(done[Work.LANTERN]),
        cabinets_repaired=float(done[Work.CABINET]),
        cables_repaired=float(done[Work.CABLE]),
        nodes_replaced=float(done[Work.NODE]),
        clocks_replaced=float(done[Work.CLOCK]),
        known=tally.known,
        known_days=tally.known_days,
        repaired_days=tally.repaired_days,
        repaired=float(tally.repaired),
        false_alarms=float(done[Work.CHECK_NODE] + done[Work.CHECK_CLOCK]),
        commands=changes.commands,
        lost_commands=changes.lost,
        by_hand=changes.by_hand,
        trips=crews.trips + trips,
        stops=float(crews.stops),
        km=crews.km + km,
        crew_h=crews.worked_s / 3_600.0 + hours,
    )
