"""EPANET's rules for the status of valves that hold a pressure or a flow."""

from __future__ import annotations

import math

from numba import njit

from models.water.batched import fields as f
from models.water.batched.constants import FLOW_TOLERANCE_M3S, HEAD_TOLERANCE_M
from models.water.batched.fields import floats, ints
from models.water.batched.lanes import WIDTH
from models.water.batched.status import ACTIVE, CLOSED, FLOW_SHORT, HELD, OPEN


@njit(error_model="numpy")
def prv_status(was: float, q: float, up: float, down: float, goal: float, lost: float) -> float:
    """Return the status of a pressure reducing valve; `lost` is its head loss fully open."""
    tol = HEAD_TOLERANCE_M
    now = was
    if was == CLOSED:
        if up >= goal + tol and down < goal - tol:
            now = ACTIVE
        elif up < goal - tol and up > down + tol:
            now = OPEN
    elif q < -FLOW_TOLERANCE_M3S:
        now = CLOSED
    elif was == ACTIVE and up - lost < goal - tol:
        now = OPEN
    elif was == OPEN and down >= goal + tol:
        now = ACTIVE
    return now


@njit(error_model="numpy")
def psv_status(was: float, q: float, up: float, down: float, goal: float, lost: float) -> float:
    """Return the status of a pressure sustaining valve; `lost` is its head loss fully open."""
    tol = HEAD_TOLERANCE_M
    now = was
    if was == CLOSED:
        if down > goal + tol and up > down + tol:
            now = OPEN
        elif up >= goal + tol and up > down + tol:
            now = ACTIVE
    elif q < -FLOW_TOLERANCE_M3S:
        now = CLOSED
    elif was == ACTIVE and down + lost > goal + tol:
        now = OPEN
    elif was == OPEN and up < goal - tol:
        now = ACTIVE
    return now


@njit(error_model="numpy")
def fcv_status(was: float, q: float, up: float, down: float, goal: float, loss: float) -> float:
    """Return the status of a flow control valve; `loss` is its coefficient fully open."""
    now = was
    if up - down < -HEAD_TOLERANCE_M or q < -FLOW_TOLERANCE_M3S:
        now = FLOW_SHORT
    elif was == FLOW_SHORT and q >= goal:
        now = ACTIVE
    elif was == ACTIVE and (up - down) / (q * q) < loss:
        now = FLOW_SHORT
    return now


@njit(error_model="numpy")
def flow_valve_status(table: int, m: int, k: int) -> None:
    """Open or engage a flow control valve by EPANET's rule, lane by lane."""
    resistance = floats(table, f.RESISTANCE)
    first = ints(table, f.FIRST)
    last = ints(table, f.LAST)
    head = floats(table, f.HEAD)
    flow = floats(table, f.FLOW)
    codes = floats(table, f.STATUS)
    settings = floats(table, f.SETTING)
    ask = floats(table, f.ASK)
    changes = floats(table, f.CHANGE)
    i, j = first[k], last[k]
    for w in range(WIDTH):
        at = k * WIDTH + w
        goal = settings[m * WIDTH + w]
        was = codes[at]
        if was == HELD or math.isnan(goal) or ask[w] <= 0.0:
            continue
        up, down = head[i * WIDTH + w], head[j * WIDTH + w]
        now = fcv_status(was, flow[at], up, down, goal, resistance[m])
        if now != was:
            codes[at] = now
            changes[w] = 1.0
