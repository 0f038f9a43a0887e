"""Years of a department's lighting: everything wired, lived, and summed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from models.lighting.figures import Figures
from models.lighting.living.due import total_h
from models.lighting.living.errands import Changes, Errands, cabinets_by_commune
from models.lighting.living.fast.play import live_fast
from models.lighting.living.faults import Fault, draw_faults
from models.lighting.living.given import Given, Ground, Told, within_days, working_days
from models.lighting.living.left import YearsLeft
from models.lighting.living.lived import Lived
from models.lighting.living.lives import first_shares
from models.lighting.living.patrols import Effort, Patrols
from models.lighting.living.place import Laws, life_shapes
from models.lighting.living.work import Work
from models.lighting.renewal import plan_renewal
from models.lighting.settings import Settings
from twin.device_keys import U8
from twin.streams import Streams
from twin.units import HOUR_S

Floats = NDArray[np.float64]


def live_years(
    ground: Ground,
    settings: Settings,
    figures: Figures,
    streams: Streams,
    start: date,
    daily_h: Floats,
    told: Told,
    play: Callable[[Given], Lived] = live_fast,
) -> YearsLeft:
    """Live the years of one world; `daily_h` are hours of light due, (communes, days of a year).

    `play` works the years out: compiled, or event by event.
    """
    inventory, days = ground.inventory, round(settings.service.years * 365.25)
    lamp_keys, left_of_lives = _lamp_dice(streams.key64("lighting", "lamps"), ground)
    cabinet_keys = dice.keys_of(streams, "cabinets", ground.cabinet_words)
    commune_keys = dice.keys_of(streams, "communes", ground.commune_words)
    renewal = plan_renewal(inventory, settings.renewal)
    patrols = Patrols(commune_keys, settings.service.patrol_days)
    errands, changes = _errands(ground, settings, figures, commune_keys, told, days)
    lived = play(
        Given(
            ground=ground,
            figures=figures,
            control=settings.control,
            laws=Laws(inventory, figures, np.unique(renewal.into)),
            renewal=renewal,
            keys=(lamp_keys, cabinet_keys),
            first_shares=left_of_lives,
            faults=draw_faults(lamp_keys, cabinet_keys, figures, settings.control, days),
            patrols=patrols,
            told=told,
            errands=errands.by_day,
            working=working_days(start, days),
            within_days=within_days(settings.crews),
            start=start,
            daily_h=daily_h,
        )
    )
    nights = patrols.effort(inventory, ground.roads, ground.owner, days)
    due_h = total_h(daily_h, days)
    return _left(lived, due_h, changes, settings, nights)


@lru_cache(maxsize=2)  # the same for every option of a world
def _lamp_dice(key: np.uint64, ground: Ground) -> tuple[U8, Floats]:
    """Return the keys of the lamps, and what is left of the lives under way (`first_shares`)."""
    keys = dice.keys_from(key, ground.lamp_words)
    return keys, first_shares(keys, life_shapes(ground.inventory)[ground.inventory.lamps.type])


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


def _left(
    lived: Lived,
    due_h: Floats,
    changes: Changes,
    settings: Settings,
    nights: Effort,
) -> YearsLeft:
    faults, done = lived.faults, lived.done.astype(np.float64)
    return YearsLeft(
        years=float(settings.service.years),
        due_h=due_h,
        dark_h=lived.dark_h,
        dark_kwh=lived.dark_kwh,
        stuck_kwh=lived.stuck_kwh,
        lamp_failures=lived.lamp_failures,
        lantern_failures=lived.lantern_failures,
        cabinet_faults=float(faults[Fault.CABINET_DARK] + faults[Fault.CABINET_STUCK]),
        cable_faults=float(faults[Fault.CABLE]),
        node_failures=float(faults[Fault.NODE]),
        clock_failures=float(faults[Fault.CLOCK]),
        lamps_changed=done[Work.LAMP],
        lanterns_repaired=done[Work.LANTERN],
        cabinets_repaired=done[Work.CABINET],
        cables_repaired=done[Work.CABLE],
        nodes_replaced=done[Work.NODE],
        clocks_replaced=done[Work.CLOCK],
        known=lived.known,
        known_days=lived.known_days,
        repaired_days=lived.repaired_days,
        repaired=lived.repaired,
        false_alarms=done[Work.CHECK_NODE] + done[Work.CHECK_CLOCK],
        commands=changes.commands,
        lost_commands=changes.lost,
        by_hand=changes.by_hand,
        site_s=lived.site_s,
        trips=lived.trips + nights.nights,
        stops=lived.stops,
        km=lived.km,
        crew_h=lived.worked_s / HOUR_S,
        patrol_km=nights.km,
        patrol_h=nights.hours,
    )
