"""Simple controls, lane by lane, as EPANET applies them before it solves."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.batched.periods.tanks import Stock, Tanks, volume_m3
from models.water.batched.state import DAY_S
from models.water.batched.status import ACTIVE, CLOSED, OPEN
from models.water.network.network import (
    ControlKind,
    Floats,
    Ints,
    LinkKind,
    Network,
    PumpLaw,
)

BELOW, ABOVE, TIMER, CLOCK = (int(kind) for kind in ControlKind)
_SAME_M3 = 1e-9
"""Relative: EPANET's exact ties stay ties."""


class Controls(NamedTuple):
    """Simple controls in the network's order.

    `tank` is -1 for a reservoir, whose level always triggers (EPANET compares volumes, and a
    reservoir has none). `status` is EPANET's code; `sets` whether the setting is written too: NaN
    holds a valve.
    """

    kind: NDArray[np.int8]
    link: Ints
    tank: Ints
    level_m: Floats
    time_s: NDArray[np.int64]
    status: NDArray[np.int8]
    setting: Floats
    sets: NDArray[np.bool_]


def controls_of(network: Network) -> Controls:
    """Return the simple controls of a network, none of which may wait for a junction."""
    tank = np.full(len(network.nodes), -1, dtype=np.int32)
    tank[network.tanks.node] = np.arange(len(network.tanks.node))
    rows = []
    for control in network.controls:
        kind = network.links.kind[control.link]
        status, setting = OPEN if control.opens else CLOSED, control.setting
        if setting is None:
            setting = (1.0 if control.opens else 0.0) if kind == LinkKind.PUMP else math.nan
        elif kind > LinkKind.PUMP:
            status = ACTIVE
        timed = control.kind in (ControlKind.TIME, ControlKind.CLOCK_TIME)
        at = -1 if timed else int(tank[control.node])
        sets = kind > LinkKind.PIPE and kind != LinkKind.GPV
        rows.append(
            (int(control.kind), control.link, at, control.level_m, int(control.time_s), status,
             setting, sets)
        )  # fmt: skip
    columns = list(zip(*rows, strict=True)) if rows else [()] * 8
    kinds = (np.int8, np.int32, np.int32, np.float64, np.int64, np.int8, np.float64, np.bool_)
    return Controls(
        *(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True))
    )


def woken_by(network: Network, controls: Controls) -> dict[int, NDArray[np.intp]]:
    """Return constant-power pumps that something opens, and by which controls; none: a pattern."""
    pumps, found = network.pumps, {}
    for pump in np.flatnonzero(pumps.law == PumpLaw.CONSTANT_POWER):
        link = int(pumps.link[pump])
        rows = np.flatnonzero(controls.link == link)
        if pumps.speed_pattern[pump] >= 0:
            found[link] = rows[:0]
        elif len(rows):
            found[link] = rows
    return found


@njit(cache=True, error_model="numpy")
def differs(setting: float, wanted: float) -> bool:
    """Tell whether two settings differ; two that hold a valve do not."""
    if setting != setting or wanted != wanted:  # noqa: PLR0124 - NaN
        return (setting == setting) != (wanted == wanted)  # noqa: PLR0124
    return setting != wanted


@njit(cache=True, error_model="numpy")
def apply_controls(
    controls: Controls,
    tanks: Tanks,
    stock: Stock,
    time_s: NDArray[np.int64],
    start_clock_s: int,
    is_open: NDArray[np.bool_],
    setting: Floats,
    fires: NDArray[np.bool_],
) -> None:
    """Write the status and settings that controls give at each lane's time and levels.

    Shapes: `time_s` (lanes,); `is_open` and `setting` (links, lanes), written, and `fires`
    (controls, lanes), those that hold. A level counts as reached one second of flow ahead, of the
    flow of the solution before.
    """
    for at in range(len(controls.link)):
        link, kind, tank = controls.link[at], controls.kind[at], controls.tank[at]
        goal = 0.0
        if kind <= ABOVE and tank >= 0:
            goal = volume_m3(tanks, tank, controls.level_m[at])
        for lane in range(len(time_s)):
            if kind == TIMER:
                holds = controls.time_s[at] == time_s[lane]
            elif kind == CLOCK:
                holds = controls.time_s[at] == (time_s[lane] + start_clock_s) % DAY_S
            elif tank < 0:
                holds = True
            else:
                held = volume_m3(tanks, tank, stock.level_m[tank, lane])
                slack = abs(stock.inflow_m3s[tank, lane]) + _SAME_M3 * abs(goal)
                holds = held <= goal + slack if kind == BELOW else held >= goal - slack
            fires[at, lane] = holds
            if holds:
                is_open[link, lane] = controls.status[at] > CLOSED
                if controls.sets[at]:
                    setting[link, lane] = controls.setting[at]
