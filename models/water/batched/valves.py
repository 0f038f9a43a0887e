"""Valves lane by lane: EPANET's laws and its rules of status."""

from __future__ import annotations

import math

from numba import njit

from models.water.batched import fields as f
from models.water.batched.constants import (
    BIG_GRADIENT,
    GRADIENT,
    LOW_GRADIENT,
    NO_FLOW_M3S,
    SMALL_GRADIENT,
    STIFF_GRADIENT,
)
from models.water.batched.curves import segment
from models.water.batched.fields import bytes_, floats, ints
from models.water.batched.lanes import WIDTH, Lanes, absolute, greater, load, splat, where_positive
from models.water.batched.pipes import SLACK_M, assemble
from models.water.batched.status import ACTIVE, CLOSED, HELD
from models.water.batched.valve_status import prv_status, psv_status

PRV, PSV, PBV, FCV, TCV, GPV, PCV = 3, 4, 5, 6, 7, 8, 9
HOLDING = 1e8 / GRADIENT
"""Excess that holds a node at the head an active valve keeps."""

THREAD = 1e-15
"""What still couples the two sides of an active valve, so that neither floats."""

VALVE_WEIGHT = 100.0
"""An active valve passes the change of its flow on to mass, not to energy: it counts more."""

_WHOLLY_OPEN = 100.0


@njit(error_model="numpy")
def _throttled(q: float, loss: float) -> tuple[float, float]:
    """Return P and Y of an open valve of a loss coefficient, m / (m3/s)^2."""
    if loss <= 0.0:
        return 1.0 / SMALL_GRADIENT, q
    gradient = 2.0 * loss * abs(q)
    if gradient < LOW_GRADIENT:
        return 2.0 / LOW_GRADIENT, q
    return 1.0 / gradient, q / 2.0


@njit(error_model="numpy")
def _net_inflow(table: int, outflow_count: int, row: int, but: int, w: int) -> float:
    """Return what a row's other links bring less what leaves there, m3/s."""
    beside_link = ints(table, f.BESIDE_LINK)
    beside = ints(table, f.BESIDE)
    last = ints(table, f.LAST)
    flow = floats(table, f.FLOW)
    demand = floats(table, f.DEMAND)
    out_row = ints(table, f.OUT_ROW)
    out_flow = floats(table, f.OUT_FLOW)
    total = -demand[row * WIDTH + w]
    for a in range(beside[row], beside[row + 1]):
        k = beside_link[a]
        if k != but:
            q = flow[k * WIDTH + w]
            total += q if last[k] == row else -q
    for e in range(outflow_count):
        if out_row[e] == row:
            total -= out_flow[e * WIDTH + w]
    return float(total)


@njit(error_model="numpy")
def _general(table: int, m: int, q: float) -> tuple[float, float]:
    """Return P and Y of a general purpose valve, by its curve of head loss."""
    size = max(abs(q), NO_FLOW_M3S)
    top, slope = segment(table, m, size)
    slope = max(slope, 10.0 * LOW_GRADIENT)
    y = top / slope + size
    return 1.0 / slope, y if q >= 0.0 else -y


@njit(error_model="numpy")
def _passive(table: int, m: int, q: float, status: float, setting: float) -> tuple[float, float]:
    """Return P and Y of a valve that holds neither a head nor a flow."""
    kind = bytes_(table, f.KIND)[m]
    loss = floats(table, f.RESISTANCE)[m]
    if status <= CLOSED:
        return 1.0 / BIG_GRADIENT, q
    if kind == GPV:
        return _general(table, m, q)
    if not math.isnan(setting):
        if kind == PBV and setting != 0.0 and loss * q * q <= setting:
            return 1.0 / STIFF_GRADIENT, setting / STIFF_GRADIENT
        if kind == TCV:
            loss = floats(table, f.METRES_PER_K)[m] * setting
        elif kind == PCV:
            loss = _pcv_loss(table, m, setting)
    return _throttled(q, loss)


@njit(error_model="numpy")
def _pcv_loss(table: int, m: int, setting: float) -> float:
    """Return the loss of a positional valve at a setting in percent open."""
    curve_start = ints(table, f.CURVE_START)
    resistance = floats(table, f.RESISTANCE)
    curve_end = ints(table, f.CURVE_END)
    curve_x = floats(table, f.CURVE_X)
    curve_y = floats(table, f.CURVE_Y)
    whole = resistance[m]
    if setting >= _WHOLLY_OPEN:
        return float(whole)
    if setting <= 0.0:
        return BIG_GRADIENT
    share = setting
    start, end = curve_start[m], curve_end[m]
    if end > start:
        x, y = curve_x, curve_y
        if setting < x[start]:
            share = setting / x[start] * y[start]
        elif setting > x[end - 1]:
            x2, y2 = x[end - 1], y[end - 1]
            share = (setting - x2) / (1.0 - x2) * (1.0 - y2) + y2
        else:
            top, slope = segment(table, m, setting)
            share = top + slope * setting
    share = min(max(share / _WHOLLY_OPEN, 1e-6), 1.0)
    return float(min(whole / (share * share), BIG_GRADIENT))


@njit(error_model="numpy")
def _set(kind: int, setting: float) -> bool:
    """Whether a valve follows a setting that its status may leave."""
    return kind in (PRV, PSV, FCV) and not math.isnan(setting)


@njit(error_model="numpy")
def _flow(table: int, m: int, k: int, outflow_count: int, w: int) -> float:
    """Return a valve's new flow: by mass where it holds a head, else by its last law."""
    i, j = ints(table, f.FIRST)[k], ints(table, f.LAST)[k]
    at = k * WIDTH + w
    kind = bytes_(table, f.KIND)[m]
    held = floats(table, f.STATUS)[at] == ACTIVE and kind != FCV
    if held and _set(kind, floats(table, f.SETTING)[m * WIDTH + w]):
        if kind == PRV:
            return -_net_inflow(table, outflow_count, j, k, w)
        return _net_inflow(table, outflow_count, i, k, w)
    head = floats(table, f.HEAD)
    drop = head[i * WIDTH + w] - head[j * WIDTH + w]
    old = floats(table, f.FLOW)[at]
    return float(old - floats(table, f.SHIFT)[at] + floats(table, f.SLOPE)[at] * drop)


@njit(error_model="numpy")
def _status(table: int, m: int, k: int, w: int, q: float) -> float:
    """Return a valve's new status; flow control valves are looked at later."""
    i, j = ints(table, f.FIRST)[k], ints(table, f.LAST)[k]
    was = floats(table, f.STATUS)[k * WIDTH + w]
    setting = floats(table, f.SETTING)[m * WIDTH + w]
    kind = bytes_(table, f.KIND)[m]
    if was == HELD or kind == FCV or not _set(kind, setting):
        return float(was)
    head, elevation = floats(table, f.HEAD), floats(table, f.ELEVATION)
    up, down = head[i * WIDTH + w], head[j * WIDTH + w]
    lost = floats(table, f.RESISTANCE)[m] * q * q
    if kind == PRV:
        return float(prv_status(was, q, up, down, elevation[j] + setting, lost))
    return float(psv_status(was, q, up, down, elevation[i] + setting, lost))


@njit(error_model="numpy")
def _hold_head(table: int, m: int, k: int, w: int, q: float) -> None:
    """Hold the head on one side of a valve, and give its flow to the other."""
    i, j = ints(table, f.FIRST)[k], ints(table, f.LAST)[k]
    excess, right = floats(table, f.EXCESS), floats(table, f.RIGHT)
    setting = floats(table, f.SETTING)[m * WIDTH + w]
    row, other, sign = (j, i, -1.0) if bytes_(table, f.KIND)[m] == PRV else (i, j, 1.0)
    goal = floats(table, f.ELEVATION)[row] + setting
    excess[row * WIDTH + w] += HOLDING
    right[row * WIDTH + w] += goal * HOLDING
    right[other * WIDTH + w] += sign * max(q, 0.0)


@njit(error_model="numpy")
def sweep_valve(
    table: int, m: int, k: int, outflow_count: int, begins: bool
) -> tuple[Lanes, Lanes]:
    """Sweep a valve; return |residual| and |flow| by lane."""
    kind = bytes_(table, f.KIND)[m]
    head, flow, codes = floats(table, f.HEAD), floats(table, f.FLOW), floats(table, f.STATUS)
    slopes, shifts = floats(table, f.SLOPE), floats(table, f.SHIFT)
    hold, changes = floats(table, f.HOLD), floats(table, f.CHANGE)
    for w in range(WIDTH):
        at = k * WIDTH + w
        setting = floats(table, f.SETTING)[m * WIDTH + w]
        before = flow[at]
        if hold[w] <= 0.0:
            q = _flow(table, m, k, outflow_count, w)
            flow[at] = q
            now = codes[at] if begins else _status(table, m, k, w, q)
            if now != codes[at]:
                changes[w] = 1.0
                codes[at] = now
        q = flow[at]
        active = codes[at] == ACTIVE and _set(kind, setting)
        if active and kind != FCV:
            _hold_head(table, m, k, w, q)
            slopes[at] = 0.0
            shifts[at] = VALVE_WEIGHT * abs(q - before)
        elif active:
            slopes[at] = 1.0 / BIG_GRADIENT
            shifts[at] = q - setting
        else:
            slopes[at], shifts[at] = _passive(table, m, q, codes[at], setting)
    p, y, flows = load(slopes, k), load(shifts, k), load(flow, k)
    rest = where_positive(p, flows - y, splat(0.0))
    assemble(table, k, greater(p, splat(THREAD)), rest)
    drop = load(head, ints(table, f.FIRST)[k]) - load(head, ints(table, f.LAST)[k])
    short = absolute(y - p * drop) - splat(SLACK_M) * p
    return greater(short, splat(0.0)), absolute(flows)
