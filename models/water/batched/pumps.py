"""Pumps in all lanes: EPANET's laws and its rules of status."""

from __future__ import annotations

from numba import njit

from models.water.batched import fields as f
from models.water.batched.constants import (
    BIG_GRADIENT,
    HEAD_TOLERANCE_M,
    LOW_GRADIENT,
    NO_FLOW_M3S,
    SMALL_GRADIENT,
)
from models.water.batched.curves import segment
from models.water.batched.fields import bytes_, floats, ints
from models.water.batched.lanes import (
    WIDTH,
    Lanes,
    absolute,
    fma,
    greater,
    load,
    splat,
    store,
    where_positive,
)
from models.water.batched.pipes import SLACK_M, assemble
from models.water.batched.plan import CURVE_PUMP, FREE_PUMP, WATT_PUMP
from models.water.batched.power import power
from models.water.batched.status import HELD, NO_HEAD, OPEN, TEMPORARY

_PARABOLA = 2.0


@njit(error_model="numpy")
def pump_law(table: int, m: int, q: Lanes, speed: Lanes) -> tuple[Lanes, Lanes]:
    """Return P and Y of a running power-function or constant-power pump."""
    resistance = floats(table, f.RESISTANCE)
    shutoff = floats(table, f.SHUTOFF)
    powers = floats(table, f.POWER)
    kinds = bytes_(table, f.KIND)
    n = powers[m]
    size = greater(absolute(q), splat(1e-30))
    low = splat(LOW_GRADIENT)
    if kinds[m] == WATT_PUMP:
        r = splat(resistance[m]) * speed * speed * speed
        gradient = r / (size * size)
        loss = splat(0.0) - r / where_positive(absolute(q), q, size)
        stiff = gradient - splat(BIG_GRADIENT)
        loose = splat(SMALL_GRADIENT) - gradient
        p = splat(1.0) / gradient
        y = loss * p
        p = where_positive(stiff, splat(1.0 / BIG_GRADIENT), p)
        y = where_positive(stiff, q, y)
        p = where_positive(loose, splat(1.0 / SMALL_GRADIENT), p)
        return p, where_positive(loose, q, y)
    top = splat(-shutoff[m]) * speed * speed
    if n == 1.0:
        gradient = splat(resistance[m]) * speed
        p = splat(1.0) / gradient
        return p, fma(top, p, q)
    if n == _PARABOLA:
        gradient = splat(2.0 * resistance[m]) * size
    else:
        r = splat(n * resistance[m]) * power(speed, splat(2.0 - n))
        gradient = r * power(size, splat(n - 1.0))
    flat = low - gradient
    inside = where_positive(flat, q, q * splat(1.0 / n))
    p = splat(1.0) / where_positive(flat, low, gradient)
    return p, fma(top, p, inside)


@njit(error_model="numpy")
def pump_status(table: int, m: int, k: int) -> None:
    """Shut a pump that cannot lift its head, open one that can again, in the lanes asked."""
    i, j = ints(table, f.FIRST)[k], ints(table, f.LAST)[k]
    shutoff = floats(table, f.SHUTOFF)
    kinds = bytes_(table, f.KIND)
    head = floats(table, f.HEAD)
    flow = floats(table, f.FLOW)
    codes = floats(table, f.STATUS)
    settings = floats(table, f.SETTING)
    ask = floats(table, f.ASK)
    changes = floats(table, f.CHANGE)
    for w in range(WIDTH):
        at = k * WIDTH + w
        was = codes[at]
        if was == HELD or ask[w] <= 0.0:
            continue
        gain = head[j * WIDTH + w] - head[i * WIDTH + w]
        now = OPEN
        if kinds[m] == WATT_PUMP:
            if flow[at] < NO_FLOW_M3S:
                now = TEMPORARY
        elif kinds[m] != FREE_PUMP:
            speed = settings[m * WIDTH + w]
            if gain > speed * speed * shutoff[m] + HEAD_TOLERANCE_M:
                now = NO_HEAD
        if now != was:
            codes[at] = now
            changes[w] = 1.0


@njit(error_model="numpy")
def _curved_pump(table: int, m: int, k: int) -> None:
    """Write P and Y of a custom-curve pump, lane by lane."""
    flow = floats(table, f.FLOW)
    settings = floats(table, f.SETTING)
    slopes = floats(table, f.SLOPE)
    shifts = floats(table, f.SHIFT)
    for w in range(WIDTH):
        at = k * WIDTH + w
        q = flow[at]
        speed = settings[m * WIDTH + w]
        top, slope = segment(table, m, abs(q) / speed)
        gradient = -slope * speed
        slopes[at] = 1.0 / gradient
        shifts[at] = (-top * speed * speed + gradient * q) / gradient


@njit(error_model="numpy")
def sweep_pump(table: int, m: int, k: int) -> tuple[Lanes, Lanes]:
    """Sweep a pump."""
    first = ints(table, f.FIRST)
    kinds = bytes_(table, f.KIND)
    last = ints(table, f.LAST)
    head = floats(table, f.HEAD)
    flow = floats(table, f.FLOW)
    codes = floats(table, f.STATUS)
    settings = floats(table, f.SETTING)
    slopes = floats(table, f.SLOPE)
    shifts = floats(table, f.SHIFT)
    hold = floats(table, f.HOLD)
    i, j = first[k], last[k]
    held = load(hold, 0)
    drop = load(head, i) - load(head, j)
    old = load(flow, k)
    change = load(shifts, k) - load(slopes, k) * drop
    if kinds[m] == WATT_PUMP:
        # EPANET halves the flow rather than let it turn; a closed pump leaks as other links do.
        halved = where_positive(change - old, old * splat(0.5), change)
        change = where_positive(load(codes, k) - splat(2.5), halved, change)
    q = where_positive(held, old, old - change)
    store(flow, k, q)
    if kinds[m] == CURVE_PUMP:
        _curved_pump(table, m, k)
        p, y = load(slopes, k), load(shifts, k)
    elif kinds[m] == FREE_PUMP:
        p, y = splat(1.0 / SMALL_GRADIENT), q
    else:
        p, y = pump_law(table, m, q, load(settings, m))
    opened = load(codes, k) - splat(2.5)
    p = where_positive(opened, p, splat(1.0 / BIG_GRADIENT))
    y = where_positive(opened, y, q)
    store(slopes, k, p)
    store(shifts, k, y)
    assemble(table, k, p, q - y)
    short = absolute(y - p * drop) - splat(SLACK_M) * p
    return greater(short, splat(0.0)), absolute(q)
