"""Years day by day, compiled."""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from models.lighting.living.fast.desk import order_work, settle
from models.lighting.living.fast.lamps import await_failure, end_darkness, end_fault
from models.lighting.living.fast.out import send_crews
from twin.units import DAY_S


@njit(cache=True, error_model="numpy")
def live(world: Any, now: Any) -> None:
    """Live every day of the horizon, and end what is still dark at its end."""
    for lamp in range(len(now.type)):
        await_failure(now, lamp)
    fault = 0
    for day in range(world.days):
        if day:
            fault = settle(world, now, day, fault)
        order_work(world, now, day)
        if world.crews.working[day]:
            send_crews(world, now, day)
    settle(world, now, world.days, fault)
    end_s = world.days * DAY_S
    for lamp in range(len(now.type)):
        if not math.isnan(now.dark_from_s[lamp]):
            end_darkness(world, now, lamp, end_s)
    for row in range(len(now.open)):
        if now.open[row]:
            end_fault(world, now, row, end_s)
