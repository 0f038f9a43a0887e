"""Years of a department on SimPy's clock: to be read, and to hold the compiled ones to."""

from __future__ import annotations

from datetime import datetime, time

import numpy as np

from models.lighting.crews.book import OrderBook
from models.lighting.crews.crews import CrewRoom
from models.lighting.living.department import Department
from models.lighting.living.due import DueHours
from models.lighting.living.given import Given
from models.lighting.living.lived import Lived
from models.lighting.living.lives import Lives
from models.lighting.living.place import Place
from models.lighting.living.senses import Senses
from twin.clock import Calendar, Clock
from twin.event_log import EventLog
from twin.units import DAY_S


def live_by_events(given: Given, log: EventLog | None = None) -> Lived:
    """Live the years, event by event."""
    ground, days = given.ground, given.days
    inventory, (lamp_keys, _) = ground.inventory, given.keys
    place = Place(
        inventory, given.laws, given.renewal, ground.behind, given.daily_h.sum(axis=1), given.keys,
        days,
    )  # fmt: skip
    lives = Lives(lamp_keys, given.first_shares, *place.lives_of(np.arange(len(lamp_keys))), days)
    senses = Senses(
        place, given.figures, given.control, given.patrols.next_s, given.told.clocks,
        given.told.nodes,
    )  # fmt: skip
    clock = Clock(Calendar(datetime.combine(given.start, time())), log)
    book = OrderBook(len(inventory.communes))
    department = Department(
        clock, place, lives, given.faults, senses, given.errands, book, given.promises
    )
    room = CrewRoom(
        clock, book, ground.roads, ground.depots, ground.owner, given.working, department.done,
        given.shift,
    )  # fmt: skip
    clock.process(department.live(), "desk")
    room.start()
    clock.run(days * DAY_S)
    department.close()
    return _lived(department, room, DueHours(given.daily_h, days))


def _lived(department: Department, room: CrewRoom, due: DueHours) -> Lived:
    tally, crews = department.tally, room.tally
    communes = len(room.owner)
    dark = department.dark.count(due, communes)
    return Lived(
        dark_h=dark.hours,
        dark_kwh=dark.kwh,
        stuck_kwh=department.stuck.count_by_day(due, communes).kwh,
        faults=tally.faults,
        done=tally.done,
        site_s=tally.site_s,
        known=tally.known,
        lamp_failures=float(tally.lamp_failures),
        lantern_failures=float(tally.lantern_failures),
        known_days=tally.known_days,
        repaired_days=tally.repaired_days,
        repaired=float(tally.repaired),
        trips=float(crews.trips),
        stops=float(crews.stops),
        km=crews.km,
        worked_s=crews.worked_s,
    )
