"""Pipes in all lanes: the flow from the heads just solved, then the law about that flow.

A sweep takes q <- (q - Y) + P dh with the P = 1 / h'(q) and Y = h / h' of the last sweep, then
makes the next ones. Y - P dh at the new flow and the same heads is what the energy balance still
lacks, in m3/s: a residual, where EPANET counts the last change, which is a step behind.
"""

from __future__ import annotations

import math

from numba import njit

from models.water.batched import fields as f
from models.water.batched.constants import (
    BIG_GRADIENT,
    CFS,
    FLAT_GRADIENT,
    FLOW_TOLERANCE_M3S,
    HEAD_TOLERANCE_M,
)
from models.water.batched.fields import floats, ints
from models.water.batched.lanes import (
    WIDTH,
    Lanes,
    absolute,
    fma,
    greater,
    lesser,
    load,
    splat,
    store,
    where_positive,
)
from models.water.batched.plan import Sizes
from models.water.batched.power import HAZEN_WILLIAMS, inverse_hazen_power, log2, power
from models.water.batched.status import CLOSED, HELD, OPEN

_INVERSE_N = 1.0 / HAZEN_WILLIAMS
_LEAST = 1e-30
SLACK_M = 1e-10
"""Head a link may lack without being counted: far above what a float64 of 1e3 m holds, and a
ten-thousandth of what a leak moves."""


@njit(error_model="numpy")
def plain_pipes(sizes: Sizes, table: int, count: int) -> tuple[Lanes, Lanes]:
    """Sweep open pipes between unknown heads; return sums of |residual| and |flow|."""
    quick, first, last = ints(table, f.QUICK), ints(table, f.FIRST), ints(table, f.LAST)
    entries, conductance = ints(table, f.ENTRY_OF), floats(table, f.CONDUCTANCE)
    head, flow, slope = floats(table, f.HEAD), floats(table, f.FLOW), floats(table, f.SLOPE)
    entry, right = floats(table, f.ENTRY), floats(table, f.RIGHT)
    held = load(floats(table, f.HOLD), 0)
    chezy = sizes.headloss == 1
    lack = splat(0.0)
    total = splat(0.0)
    none, slack = splat(0.0), splat(SLACK_M)
    inverse_n = splat(0.5 if chezy else _INVERSE_N)
    kept = splat(1.0) - inverse_n
    least = splat(_LEAST)
    cap = splat(1.0 / FLAT_GRADIENT)
    for at in range(count):
        k = quick[at]
        i, j = first[k], last[k]
        drop = load(head, i) - load(head, j)
        old = load(flow, k)
        q = where_positive(held, old, fma(load(slope, k), drop, kept * old))
        size = absolute(q)
        safe = greater(size, least)
        p = splat(1.0) / safe if chezy else inverse_hazen_power(safe)
        p = lesser(splat(conductance[k]) * p, cap)
        y = q * inverse_n
        lack = lack + greater(absolute(y - p * drop) - slack * p, none)
        total = total + size
        store(flow, k, q)
        store(slope, k, p)
        store(entry, entries[k], p)
        rest = q - y
        store(right, i, load(right, i) - rest)
        store(right, j, load(right, j) + rest)
    return lack, total


@njit(error_model="numpy")
def assemble(table: int, k: int, p: Lanes, rest: Lanes) -> None:
    """Add a link's slope and q - Y to the matrix and the right-hand side."""
    right = floats(table, f.RIGHT)
    i, j = ints(table, f.FIRST)[k], ints(table, f.LAST)[k]
    e = ints(table, f.ENTRY_OF)[k]
    if e >= 0:
        entry = floats(table, f.ENTRY)
        store(entry, e, load(entry, e) + p)
    else:
        head, excess = floats(table, f.HEAD), floats(table, f.EXCESS)
        store(excess, i, load(excess, i) + p)
        store(excess, j, load(excess, j) + p)
        store(right, i, fma(p, load(head, j), load(right, i)))
        store(right, j, fma(p, load(head, i), load(right, j)))
    store(right, i, load(right, i) - rest)
    store(right, j, load(right, j) + rest)


@njit(error_model="numpy")
def check_valve(table: int, k: int) -> None:
    """Open or close a check valve by EPANET's rule, in the lanes asked."""
    i, j = ints(table, f.FIRST)[k], ints(table, f.LAST)[k]
    head, flow, status = floats(table, f.HEAD), floats(table, f.FLOW), floats(table, f.STATUS)
    ask, change = floats(table, f.ASK), floats(table, f.CHANGE)
    for w in range(WIDTH):
        at = k * WIDTH + w
        was = status[at]
        if was == HELD or ask[w] <= 0.0:
            continue
        drop = head[i * WIDTH + w] - head[j * WIDTH + w]
        q = flow[at]
        if drop < -HEAD_TOLERANCE_M or q < -FLOW_TOLERANCE_M3S:
            now = CLOSED
        elif drop > HEAD_TOLERANCE_M:
            now = OPEN
        else:
            now = was
        if now != was:
            status[at] = now
            change[w] = 1.0


_A1, _A2 = 1000.0 * math.pi, 500.0 * math.pi
_A8, _A9 = 5.74 * (math.pi / 4.0) ** 0.9, -2.0 / math.log(10.0)
_AA, _AB = -2.0 * 0.9 * 2.0 / math.log(10.0), 5.74 / 4000.0**0.9
_AC = _AA * _AB
_LN2 = math.log(2.0)


@njit(error_model="numpy")
def friction(size: Lanes, roughness: float, viscous: float) -> tuple[Lanes, Lanes]:
    """Return Darcy's f and |q| df/dq of turbulent and transition flow, as EPANET has them.

    Swamee and Jain above Re 4000, Dunlop's cubic from 2000; `viscous` is viscosity times diameter
    and the flow in cfs.
    """
    one = splat(1.0)
    w = greater(size / splat(viscous), splat(1e-3))
    y1 = splat(_A8) * power(w, splat(-0.9))
    y2 = splat(roughness / 3.7) + y1
    y3 = splat(_A9 * _LN2) * log2(y2)
    darcy_turbulent = one / (y3 * y3)
    d_turbulent = splat(1.8 * _A9) * darcy_turbulent * y1 / (y2 * y3)
    z2 = roughness / 3.7 + _AB
    z3 = _A9 * math.log(z2)
    fa = 1.0 / (z3 * z3)
    fb = (2.0 + _AC / (z2 * z3)) * fa
    r = w * splat(1.0 / _A2)
    x1, x2 = 7.0 * fa - fb, 0.128 - 17.0 * fa + 2.5 * fb
    x3, x4 = -0.128 + 13.0 * fa - (fb + fb), 0.032 - 3.0 * fa + 0.5 * fb
    darcy_transition = splat(x1) + r * (splat(x2) + r * (splat(x3) + r * splat(x4)))
    d_transition = r * (splat(x2) + r * (splat(2.0 * x3) + r * splat(3.0 * x4)))
    turbulent = w - splat(_A1)
    return (
        where_positive(turbulent, darcy_turbulent, darcy_transition),
        where_positive(turbulent, d_turbulent, d_transition),
    )


@njit(error_model="numpy")
def pipe_law(
    q: Lanes, headloss: int, conductance: float, minor: float, roughness: float, viscous: float
) -> tuple[Lanes, Lanes]:
    """Return P and Y of an open pipe of any law."""
    size = absolute(q)
    safe = greater(size, splat(_LEAST))
    if headloss == 0:
        n = HAZEN_WILLIAMS
        p = splat(conductance) * inverse_hazen_power(safe)
    elif headloss == 1:
        n = 2.0
        p = splat(conductance) / safe
    else:
        r = splat(1.0 / conductance)
        m = splat(minor)
        darcy, bend = friction(size * splat(1.0 / CFS), roughness, viscous)
        all_r = fma(darcy, r, m)
        gradient = fma(splat(2.0) * all_r, size, bend * r * size)
        loss = all_r * size * q
        # Hagen-Poiseuille below Re 2000
        s = splat(16.0 * math.pi * viscous * CFS) * r
        laminar = splat(_A2 * viscous * CFS) - size
        gradient = where_positive(laminar, fma(splat(2.0) * m, size, s), gradient)
        loss = where_positive(laminar, q * fma(m, size, s), loss)
        p = splat(1.0) / gradient
        return p, loss * p
    p = lesser(p, splat(1.0 / FLAT_GRADIENT))
    if minor == 0.0:
        return p, q * splat(1.0 / n)
    # h' = 1/p + 2 m |q|, h = q / (n p) + m |q| q
    bent = splat(minor) * size * p
    inverse = splat(1.0) / fma(splat(2.0), bent, splat(1.0))
    return p * inverse, fma(bent, q, q * splat(1.0 / n)) * inverse


@njit(error_model="numpy")
def other_pipes(sizes: Sizes, table: int, count: int) -> tuple[Lanes, Lanes]:
    """Sweep pipes with a check valve, minor loss, closed lane or fixed end; return the two sums."""
    slow, first, last = ints(table, f.SLOW), ints(table, f.FIRST), ints(table, f.LAST)
    conductance, minor = floats(table, f.CONDUCTANCE), floats(table, f.MINOR)
    roughness, viscous = floats(table, f.ROUGHNESS), floats(table, f.VISCOUS)
    head, flow, status = floats(table, f.HEAD), floats(table, f.FLOW), floats(table, f.STATUS)
    slope, shift = floats(table, f.SLOPE), floats(table, f.SHIFT)
    held = load(floats(table, f.HOLD), 0)
    lack = splat(0.0)
    total = splat(0.0)
    none, slack = splat(0.0), splat(SLACK_M)
    for at in range(count):
        k = slow[at]
        drop = load(head, first[k]) - load(head, last[k])
        old = load(flow, k)
        q = where_positive(held, old, old - load(shift, k) + load(slope, k) * drop)
        p, y = pipe_law(q, sizes.headloss, conductance[k], minor[k], roughness[k], viscous[k])
        opened = load(status, k) - splat(2.5)
        p = where_positive(opened, p, splat(1.0 / BIG_GRADIENT))
        y = where_positive(opened, y, q)
        lack = lack + greater(absolute(y - p * drop) - slack * p, none)
        total = total + absolute(q)
        store(flow, k, q)
        store(slope, k, p)
        store(shift, k, y)
        assemble(table, k, p, q - y)
    return lack, total
