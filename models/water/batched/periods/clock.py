"""How far each lane may go before something changes, in EPANET's whole seconds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.batched.constants import NO_FLOW_M3S
from models.water.batched.periods.controls import ABOVE, BELOW, CLOCK, TIMER, Controls, differs
from models.water.batched.periods.tanks import Stock, Tanks, volume_m3
from models.water.batched.state import DAY_S
from models.water.network.network import Floats

_BRIM_S = 2.0


class Times(NamedTuple):
    """Times of a simulation, s."""

    step: int
    pattern_step: int
    pattern_start: int
    start_clock: int


@njit(cache=True, error_model="numpy")
def _whole(seconds: float) -> int:
    """Round halves away from zero; far times to more than any step."""
    if abs(seconds) > 1e9:  # noqa: PLR2004 - no clock goes so far
        return 1_000_000_000
    return int(seconds + 0.5) if seconds >= 0.0 else int(seconds - 0.5)


@njit(cache=True, error_model="numpy")
def _until_tanks(tanks: Tanks, stock: Stock, steps: NDArray[np.int64]) -> None:
    """Shorten each lane's step to the first tank full or empty.

    A tank less than two seconds away, and not there yet, gives one second: EPANET would round the
    time to nothing and let an empty tank give for the whole step (models.water.epanet.stepping).
    """
    for tank in range(len(tanks.fixed)):
        low, high = tanks.least_m3[tank], tanks.most_m3[tank]
        for lane in range(len(steps)):
            q, held = stock.inflow_m3s[tank, lane], stock.volume_m3[tank, lane]
            room = (high if q > 0.0 else low) - held
            if not tanks.overflows[tank] and 0.0 < room * q < _BRIM_S * q * q:
                steps[lane] = min(steps[lane], 1)
            if abs(q) <= NO_FLOW_M3S:
                continue
            at = stock.level_m[tank, lane]
            if (q > 0.0 and at < tanks.highest_m[tank]) or (q < 0.0 and at > tanks.lowest_m[tank]):
                wait = _whole(room / q)
                if wait > 0:
                    steps[lane] = min(steps[lane], wait)


@njit(cache=True, error_model="numpy")
def _until_controls(
    times: Times,
    controls: Controls,
    tanks: Tanks,
    stock: Stock,
    time_s: NDArray[np.int64],
    code: NDArray[np.int8],
    setting: Floats,
    steps: NDArray[np.int64],
) -> None:
    """Shorten each lane's step to the first control that would change something."""
    for at in range(len(controls.link)):
        kind, tank, link = controls.kind[at], controls.tank[at], controls.link[at]
        if kind <= ABOVE and tank < 0:
            continue
        goal_m = controls.level_m[at]
        goal_m3 = volume_m3(tanks, tank, goal_m) if kind <= ABOVE else 0.0
        for lane in range(len(steps)):
            now, wait = time_s[lane], 0
            if kind == TIMER:
                wait = controls.time_s[at] - now
            elif kind == CLOCK:
                wait = (controls.time_s[at] - (now + times.start_clock)) % DAY_S
            else:
                q, here = stock.inflow_m3s[tank, lane], stock.level_m[tank, lane]
                rising = kind == ABOVE and q > 0.0 and here < goal_m
                falling = kind == BELOW and q < 0.0 and here > goal_m
                if (rising or falling) and abs(q) > NO_FLOW_M3S:
                    wait = _whole((goal_m3 - stock.volume_m3[tank, lane]) / q)
            if 0 < wait < steps[lane] and (
                code[link, lane] != controls.status[at]
                or (controls.sets[at] and differs(setting[link, lane], controls.setting[at]))
            ):
                steps[lane] = wait


@njit(cache=True, error_model="numpy")
def next_steps(
    times: Times,
    controls: Controls,
    tanks: Tanks,
    stock: Stock,
    time_s: NDArray[np.int64],
    end_s: NDArray[np.int64],
    code: NDArray[np.int8],
    setting: Floats,
    steps: NDArray[np.int64],
) -> None:
    """Write the seconds each lane goes on; 0 where it is at its end.

    The least of: the next reporting step, the next pattern step, a tank full or empty, a control
    that would change something. `code` is EPANET's status, (links, lanes).
    """
    for lane in range(len(time_s)):
        now = time_s[lane]
        step = min(end_s[lane] - now, times.step - now % times.step, times.pattern_step)
        # EPANET forgets the start of patterns here, and solves at times counted without it [V].
        period = (now + times.pattern_start) // times.pattern_step + 1
        turn = period * times.pattern_step - now
        steps[lane] = min(step, turn) if turn > 0 else step
    _until_tanks(tanks, stock, steps)
    _until_controls(times, controls, tanks, stock, time_s, code, setting, steps)
    for lane in range(len(time_s)):
        if end_s[lane] <= time_s[lane]:
            steps[lane] = 0
