"""Lamps that fail, burn again, are replaced; darkness as it ends."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from models.lighting.living.fast.queues import join
from models.lighting.living.fast.telling import unit
from models.lighting.living.faults import Fault
from twin.units import DAY_S, HOUR_S

_DARK, _STUCK, _CABLE = int(Fault.CABINET_DARK), int(Fault.CABINET_STUCK), int(Fault.CABLE)


@njit(cache=True, error_model="numpy", inline="always")
def begin_life(world: Any, now: Any, lamp: int, when_s: float) -> None:
    """Begin a new life of a lamp (see :class:`models.lighting.living.lives.Lives`)."""
    stock, kind = world.stock, now.type[lamp]
    now.lives[lamp] += 1
    drawn = -math.log(unit(stock.lamp_keys[lamp], world.telling.life_word, now.lives[lamp]))
    hours = stock.type_life_h[kind] * drawn ** (1.0 / stock.type_shape[kind])
    now.fails_s[lamp] = when_s + hours / stock.h_per_s[lamp]
    await_failure(now, lamp)


@njit(cache=True, error_model="numpy", inline="always")
def await_failure(now: Any, lamp: int) -> None:
    """Note the day a lamp will fail."""
    join(now.failing, lamp, int(min(now.fails_s[lamp] / DAY_S, 1e9)))


@njit(cache=True, error_model="numpy", inline="always")
def due_between(world: Any, commune: int, from_s: float, to_s: float) -> float:
    """Return the hours of light due between two moments, spread evenly over each day."""
    return _due_until(world, commune, to_s) - _due_until(world, commune, from_s)


@njit(cache=True, error_model="numpy", inline="always")
def _due_until(world: Any, commune: int, when_s: float) -> float:
    when = min(max(when_s / DAY_S, 0.0), float(world.days))
    day = min(np.int64(when), world.days - 1)
    before = world.due_h[commune, day]
    return before + (when - day) * (world.due_h[commune, day + 1] - before)  # type: ignore[no-any-return]


@njit(cache=True, error_model="numpy", inline="always")
def end_darkness(world: Any, now: Any, lamp: int, when_s: float) -> None:
    """Count what a dark lamp missed."""
    commune = world.stock.commune[lamp]
    hours = due_between(world, commune, now.dark_from_s[lamp], when_s)
    now.sums.dark_h[commune] += hours
    now.sums.dark_kwh[commune] += hours * now.w[lamp] / 1e3
    now.dark_from_s[lamp] = np.nan


@njit(cache=True, error_model="numpy", inline="always")
def end_fault(world: Any, now: Any, fault: int, when_s: float) -> None:
    """Count what a fault darkened, or left burning."""
    what, asset = world.faults.what[fault], world.faults.asset[fault]
    if what > _CABLE:
        return
    stock = world.stock
    cabinet = stock.cabinet[asset] if what == _CABLE else asset
    lamps, w = float(stock.lamps_of[cabinet]), now.cabinet_w[cabinet]
    if what == _CABLE:
        w = stock.behind[asset] * w / lamps
        lamps = float(stock.behind[asset])
    commune, begin_s = stock.cabinet_commune[cabinet], world.faults.begin_s[fault]
    due_h = due_between(world, commune, begin_s, when_s)
    if what == _STUCK:
        now.sums.stuck_kwh[commune] += ((when_s - begin_s) / HOUR_S - due_h) * w / 1e3
    else:
        now.sums.dark_h[commune] += due_h * lamps
        now.sums.dark_kwh[commune] += due_h * w / 1e3
