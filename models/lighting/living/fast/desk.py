"""A morning at the desk: what burns again, what failed, what is known, what is ordered."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from models.lighting.living.department import MORNING_S
from models.lighting.living.fast.book import order, withdraw
from models.lighting.living.fast.lamps import begin_life, end_darkness
from models.lighting.living.fast.queues import drain, join, leave
from models.lighting.living.fast.telling import fault_known, lamp_known
from models.lighting.living.fast.world import (
    KNOWN_DAYS,
    LAMP_FAILURES,
    LANTERN_FAILURES,
    REPAIRED,
    REPAIRED_DAYS,
)
from models.lighting.living.faults import Fault
from models.lighting.living.work import Work
from twin.units import DAY_S

_CABLE, _NODE = int(Fault.CABLE), int(Fault.NODE)
_LAMP, _LANTERN = int(Work.LAMP), int(Work.LANTERN)


@njit(cache=True, error_model="numpy")
def settle(world: Any, now: Any, day: int, first_fault: int) -> int:
    """Take in what happened until the beginning of a day; return the next fault to come."""
    _relight(world, now)
    failed = drain(now.failing, day - 1)
    _sort_by(failed, now.fails_s)
    for lamp in failed:
        _lamp_fails(world, now, lamp, day)
    fault = first_fault
    while fault < len(world.faults.begin_s) and world.faults.begin_s[fault] < day * DAY_S:
        now.sums.faults[world.faults.what[fault]] += 1
        now.open[fault] = True
        when_s, _ = fault_known(world, fault)
        join(now.known_faults, fault, _morning_of(when_s, day))
        fault += 1
    return fault


@njit(cache=True)
def _sort_by(few: Any, key: Any) -> None:
    """Sort a few things by their key, in place: an insertion sort."""
    for i in range(1, len(few)):
        thing, at = few[i], i
        while at > 0 and key[few[at - 1]] > key[thing]:
            few[at] = few[at - 1]
            at -= 1
        few[at] = thing


@njit(cache=True, error_model="numpy")
def order_work(world: Any, now: Any, day: int) -> None:
    """Renew lanterns, then order what is known, then errands."""
    _renew(world, now, day)
    lamps, faults = len(now.type), len(now.open)
    for lamp in drain(now.known_lamps, day):
        work = _LANTERN if world.stock.type_led[now.type[lamp]] else _LAMP
        _order(world, now, lamp, work, world.stock.commune[lamp], day)
    for fault in drain(now.known_faults, day):
        work = world.crews.fault_work[world.faults.what[fault]]
        asset = world.faults.asset[fault]
        what = world.faults.what[fault]
        of_lamp = what == _CABLE or what == _NODE  # noqa: PLR1714 - numba compiles this one
        cabinet = world.stock.cabinet[asset] if of_lamp else asset
        _order(world, now, lamps + fault, work, world.stock.cabinet_commune[cabinet], day)
    for job in range(world.jobs.start[day], world.jobs.start[day + 1]):
        work = world.jobs.work[job]
        due_s, site_s = world.crews.due_s[work, day], world.jobs.site_s[job]
        order(now.book, lamps + faults + job, work, world.jobs.commune[job], due_s, site_s)


@njit(cache=True, error_model="numpy", inline="always")
def _order(world: Any, now: Any, place: int, work: int, commune: int, day: int) -> None:
    order(now.book, place, work, commune, world.crews.due_s[work, day], world.crews.site_s[work])


@njit(cache=True, error_model="numpy")
def _relight(world: Any, now: Any) -> None:
    """Begin new lives of the lamps that crews have made good since the morning before."""
    one = now.sums.one
    for i in range(now.relit_count[0]):
        lamp, when_s = now.relit[i], now.relit_s[i]
        one[REPAIRED] += 1.0
        one[REPAIRED_DAYS] += (when_s - now.dark_from_s[lamp]) / DAY_S
        end_darkness(world, now, lamp, when_s)
        begin_life(world, now, lamp, when_s)
    now.relit_count[0] = 0


@njit(cache=True, error_model="numpy", inline="always")
def _lamp_fails(world: Any, now: Any, lamp: int, day: int) -> None:
    one, begin_s = now.sums.one, now.fails_s[lamp]
    now.dark_from_s[lamp], now.fails_s[lamp] = begin_s, np.inf
    one[LANTERN_FAILURES if world.stock.type_led[now.type[lamp]] else LAMP_FAILURES] += 1.0
    when_s, channel = lamp_known(world, now, lamp)
    if when_s < world.days * DAY_S:
        now.sums.known[channel, world.stock.commune[lamp]] += 1.0
        one[KNOWN_DAYS] += (when_s - begin_s) / DAY_S
    join(now.known_lamps, lamp, _morning_of(when_s, day))


@njit(cache=True, error_model="numpy", inline="always")
def _morning_of(when_s: float, today: int) -> int:
    """Return the morning on which what becomes known is on the desk."""
    return max(math.ceil(min((when_s - MORNING_S) / DAY_S, 1e9)), today)


@njit(cache=True, error_model="numpy")
def _renew(world: Any, now: Any, day: int) -> None:
    """Replace the lanterns of the communes whose turn has come."""
    programme, stock, now_s = world.programme, world.stock, day * DAY_S + MORNING_S
    for turn in range(programme.start[day], programme.start[day + 1]):
        commune = programme.commune[turn]
        for i in range(programme.lamp_start[commune], programme.lamp_start[commune + 1]):
            lamp = programme.lamps[i]
            if stock.type_led[now.type[lamp]]:
                continue
            withdraw(now.book, lamp)
            leave(now.known_lamps, lamp)
            if not math.isnan(now.dark_from_s[lamp]):
                end_darkness(world, now, lamp, now_s)
            kind = programme.into[lamp]
            new_w = stock.type_w[kind]
            now.cabinet_w[stock.cabinet[lamp]] += new_w - now.w[lamp]
            now.type[lamp], now.w[lamp] = kind, new_w
            begin_life(world, now, lamp, now_s)
