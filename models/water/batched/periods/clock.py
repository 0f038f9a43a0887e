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
def _tank_step(tanks: Tanks, stock: Stock, lane: int, most: int) -> int:
    """Return the step until the first tank is full or empty.

    A tank less than two seconds away, and not there yet, gives one second: EPANET would round the
    time to nothing and let an empty tank give for the whole step (models.water.epanet.stepping).
    """
    step = most
    for tank in range(len(tanks.fixed)):
        q, held = stock.inflow_m3s[tank, lane], stock.volume_m3[tank, lane]
        limit = tanks.most_m3[tank] if q > 0.0 else tanks.least_m3[tank]
        if not tanks.overflows[tank] and 0.0 < (limit - held) * q < _BRIM_S * q * q:
            step = 1
    for tank in range(len(tanks.fixed)):
        q, at = stock.inflow_m3s[tank, lane], stock.level_m[tank, lane]
        if abs(q) <= NO_FLOW_M3S:
            continue
        if q > 0.0 and at < tanks.highest_m[tank]:
            room = tanks.most_m3[tank] - stock.volume_m3[tank, lane]
        elif q < 0.0 and at > tanks.lowest_m[tank]:
            room = tanks.least_m3[tank] - stock.volume_m3[tank, lane]
        else:
            continue
        t = _whole(room / q)
        if 0 < t < step:
            step = t
    return step


@njit(cache=True, error_model="numpy")
def _wait(
    controls: Controls, at: int, times: Times, now: int, tanks: Tanks, stock: Stock, lane: int
) -> int:
    """Return the seconds until a control acts; 0 if that is not in sight."""
    kind, tank = controls.kind[at], controls.tank[at]
    if kind == TIMER:
        return int(max(controls.time_s[at] - now, 0))
    if kind == CLOCK:
        today = (now + times.start_clock) % DAY_S
        return int((controls.time_s[at] - today) % DAY_S)
    if tank < 0:
        return 0
    q, goal = stock.inflow_m3s[tank, lane], controls.level_m[at]
    if abs(q) <= NO_FLOW_M3S:
        return 0
    here = stock.level_m[tank, lane]
    rising = kind == ABOVE and q > 0.0 and here < goal
    falling = kind == BELOW and q < 0.0 and here > goal
    if not rising and not falling:
        return 0
    return _whole((volume_m3(tanks, tank, goal) - stock.volume_m3[tank, lane]) / q)


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
        left = end_s[lane] - now
        if left <= 0:
            steps[lane] = 0
            continue
        step = min(left, times.step - now % times.step)
        step = min(step, times.pattern_step)
        step = _tank_step(tanks, stock, lane, step)
        # EPANET forgets the start of patterns here, and solves at times counted without it [V].
        period = (now + times.pattern_start) // times.pattern_step + 1
        turn = period * times.pattern_step - now
        if turn > 0:
            step = min(step, turn)
        for at in range(len(controls.link)):
            wait = _wait(controls, at, times, now, tanks, stock, lane)
            if not 0 < wait < step:
                continue
            link = controls.link[at]
            if code[link, lane] != controls.status[at] or (
                controls.sets[at] and differs(setting[link, lane], controls.setting[at])
            ):
                step = wait
        steps[lane] = step
