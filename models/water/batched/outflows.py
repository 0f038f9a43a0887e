"""What leaves a node by its pressure, in all lanes: leaks, emitters, pressure-dependent demand.

Each is linear about its own state, outflow = base + slope (head - zero), and the state is a flow,
as EPANET has it: p = (q / c)^2 is convex in q, so Newton comes to it from anywhere. Where EPANET
puts steep barriers at no flow and at full demand, the state here is set exactly on them.
"""

from __future__ import annotations

from numba import njit

from models.water.batched import fields as f
from models.water.batched.blocks import Call, take_lanes
from models.water.batched.constants import LOW_GRADIENT
from models.water.batched.fields import floats, ints
from models.water.batched.lanes import (
    Lanes,
    absolute,
    any_positive,
    fma,
    greater,
    lesser,
    load,
    root,
    splat,
    store,
    where_positive,
)
from models.water.batched.plan import Sizes
from models.water.batched.power import power
from models.water.batched.work import BY_PRESSURE, EMITTER, HALF, THREE_HALVES

_TINY = 1e-30
_SQUARE_ROOT = 0.5
_STEP = 0.4


@njit(error_model="numpy")
def _positive(p: Lanes) -> Lanes:
    return greater(p, splat(_TINY))


@njit(error_model="numpy")
def half_law(scale: Lanes, linear: Lanes, p: Lanes) -> tuple[Lanes, Lanes, Lanes]:
    """Return the next state, base and slope of q = c p^0.5, none below zero."""
    zero = splat(0.0)
    by_head = where_positive(p, scale * root(_positive(p)), zero)
    q = where_positive(linear, linear, by_head)
    slope = where_positive(q, splat(0.5) * scale * scale / greater(q, splat(_TINY)), zero)
    return q, splat(0.5) * q, slope


@njit(error_model="numpy")
def three_halves_law(scale: Lanes, p: Lanes) -> tuple[Lanes, Lanes, Lanes]:
    """Return the state, base and slope of q = c p^1.5, none below zero."""
    over = greater(p, splat(0.0))
    slope = scale * root(over)
    q = slope * over
    return q, splat(-0.5) * q, splat(1.5) * slope


@njit(error_model="numpy")
def emitter_law(
    scale: Lanes, linear: Lanes, p: Lanes, exponent: float, backflow: bool
) -> tuple[Lanes, Lanes, Lanes]:
    """Return the next state, base and slope of q = c p^exponent; q = -c |p|^exponent with backflow.

    `scale` is c.
    """
    zero = splat(0.0)
    n = 1.0 / exponent
    by_head = scale * power(_positive(absolute(p)), splat(exponent))
    q = linear if backflow else where_positive(linear, linear, where_positive(p, by_head, zero))
    size = _positive(absolute(q))
    slope = power(_positive(scale), splat(n)) * splat(exponent) * power(size, splat(1.0 - n))
    slope = lesser(slope, splat(1.0 / LOW_GRADIENT))
    if not backflow:
        slope = where_positive(q, slope, zero)
    # a lane without this emitter
    slope = where_positive(scale, slope, zero)
    q = where_positive(scale, q, zero)
    return q, q * splat(1.0 - exponent), slope


@njit(error_model="numpy")
def demand_law(
    full: Lanes,
    linear: Lanes,
    p: Lanes,
    before: Lanes,
    held: Lanes,
    range_m: float,
    exponent: float,
) -> tuple[Lanes, Lanes, Lanes]:
    """Return the next state, base and slope of Wagner's demand; `p` above the least pressure.

    Full demand where the linear outflow and the pressure both reach it, none where both are below
    zero; between, Newton goes on, from the right at full demand. No step is longer than 0.4 of the
    full demand, as in EPANET; `before` is the last state, kept where `held` is above zero.
    """
    zero = splat(0.0)
    least = splat(_TINY)
    over = greater(p, least)
    if exponent == _SQUARE_ROOT:
        by_head = full * root(over * splat(1.0 / range_m))
    else:
        by_head = full * power(over * splat(1.0 / range_m), splat(exponent))
    by_head = where_positive(p, lesser(by_head, full), zero)
    q = where_positive(linear, lesser(linear, full), by_head)
    most = splat(_STEP) * full
    q = where_positive(held, before, greater(lesser(q, before + most), before - most))
    if exponent == _SQUARE_ROOT:
        slope = full * full / (splat(2.0 * range_m) * greater(q, least))
    else:
        n = 1.0 / exponent
        share = greater(q / greater(full, least), splat(1e-12))
        slope = full * splat(exponent / range_m) * power(share, splat(1.0 - n))
    base = q * splat(1.0 - exponent)
    # all of it: as much outflow as asked for, and pressure enough
    short = greater(full - lesser(linear, q), splat(range_m) - p)
    slope = where_positive(short, slope, zero)
    base = where_positive(short, base, full)
    slope = where_positive(q, slope, zero)
    base = where_positive(q, base, zero)
    # nothing asked for, or water given: not a matter of pressure
    slope = where_positive(full, slope, zero)
    base = where_positive(full, base, full)
    q = where_positive(full, q, full)
    return q, base, slope


@njit(error_model="numpy")
def outflows(sizes: Sizes, table: int, count: int, first: bool) -> tuple[Lanes, Lanes]:
    """Sweep all outflows into the system; return sums of |residual| and |outflow|."""
    rows, kinds, zeros = ints(table, f.OUT_ROW), ints(table, f.OUT_KIND), floats(table, f.OUT_ZERO)
    scales, flows = floats(table, f.OUT_SCALE), floats(table, f.OUT_FLOW)
    bases, slopes = floats(table, f.OUT_BASE), floats(table, f.OUT_SLOPE)
    states = floats(table, f.OUT_STATE)
    head, excess, right = floats(table, f.HEAD), floats(table, f.EXCESS), floats(table, f.RIGHT)
    held = load(floats(table, f.HOLD), 0)
    lack = splat(0.0)
    total = splat(0.0)
    for e in range(count):
        i = rows[e]
        kind = kinds[e]
        zero = splat(zeros[e])
        scale = load(scales, e)
        p = load(head, i) - zero
        linear = load(flows, e)
        if not first:
            linear = where_positive(held, linear, fma(load(slopes, e), p, load(bases, e)))
        if kind == HALF:
            q, base, slope = half_law(scale, linear, p)
        elif kind == THREE_HALVES:
            q, base, slope = three_halves_law(scale, p)
        elif kind == EMITTER:
            q, base, slope = emitter_law(scale, linear, p, sizes.emitter_exponent, sizes.backflow)
        else:
            before = linear if first else load(states, e)
            q, base, slope = demand_law(
                scale, linear, p, before, held, sizes.range_m, sizes.pressure_exponent
            )
            store(states, e, q)
        lack = lack + absolute(q - linear) + absolute(fma(slope, p, base) - q)
        total = total + absolute(q)
        store(flows, e, linear)
        store(bases, e, base)
        store(slopes, e, slope)
        store(excess, i, load(excess, i) + slope)
        store(right, i, load(right, i) + slope * zero - base)
    return lack, total


@njit(error_model="numpy")
def start_outflow(sizes: Sizes, table: int, count: int) -> None:
    """Set each outflow to what its law gives at the heads of the start, at least at 1e-4 m."""
    rows, kinds, zeros = ints(table, f.OUT_ROW), ints(table, f.OUT_KIND), floats(table, f.OUT_ZERO)
    scales, flows = floats(table, f.OUT_SCALE), floats(table, f.OUT_FLOW)
    head = floats(table, f.HEAD)
    for e in range(count):
        kind = kinds[e]
        scale = load(scales, e)
        over = greater(load(head, rows[e]) - splat(zeros[e]), splat(1e-4))
        if kind == HALF:
            flow = scale * root(over)
        elif kind == THREE_HALVES:
            flow = scale * root(over) * over
        elif kind == EMITTER:
            flow = scale * power(over, splat(sizes.emitter_exponent))
        else:
            share = power(over * splat(1.0 / sizes.range_m), splat(sizes.pressure_exponent))
            flow = where_positive(scale, scale * lesser(share, splat(1.0)), scale)
        store(flows, e, flow)


@njit(error_model="numpy")
def add_outflow(table: int, e: int, row: int, kind: int, zero: float, scale: Lanes) -> int:
    """Put an outflow on the list if any lane has it; return the next place."""
    if not any_positive(scale):
        return e
    store(floats(table, f.OUT_SCALE), e, scale)
    ints(table, f.OUT_ROW)[e] = row
    ints(table, f.OUT_KIND)[e] = kind
    floats(table, f.OUT_ZERO)[e] = zero
    return e + 1


@njit(error_model="numpy")
def start_emitters(sizes: Sizes, call: Call, table: int, lane: int, count: int) -> int:
    """Put a block's emitters on the list, its own and the network's; return the next place."""
    rows, elevation = ints(table, f.ROW), floats(table, f.ELEVATION)
    if call.emitter > 0:
        for node in range(len(rows)):
            row = rows[node]
            if row < sizes.unknowns:
                scale = take_lanes(table, f.IN_EMITTER, call.emitter, node, lane)
                count = add_outflow(table, count, row, EMITTER, elevation[row], scale)
    at, coefficient = ints(table, f.EMITTER_ROW), floats(table, f.EMITTER_C)
    for e in range(sizes.emitters):
        scale = splat(coefficient[e])
        count = add_outflow(table, count, at[e], EMITTER, elevation[at[e]], scale)
    return count


@njit(error_model="numpy")
def start_outflows(sizes: Sizes, call: Call, table: int, lane: int) -> int:
    """Set demands and outflows of a block; return how many outflows."""
    rows, elevation = ints(table, f.ROW), floats(table, f.ELEVATION)
    demands = floats(table, f.DEMAND)
    own_half, own_three = floats(table, f.OWN_HALF), floats(table, f.OWN_THREE_HALVES)
    count = 0
    for node in range(len(rows)):
        row = rows[node]
        if row >= sizes.unknowns:
            continue
        zero = elevation[row]
        asked = take_lanes(table, f.IN_DEMAND, call.demand, node, lane)
        if sizes.dependent:
            before = count
            count = add_outflow(table, count, row, BY_PRESSURE, zero + sizes.minimum_m, asked)
            if count > before:
                asked = splat(0.0)
        store(demands, row, asked)
        if call.half > 0 or own_half[node] > 0.0:
            scale = splat(own_half[node])
            if call.half > 0:
                scale = scale + take_lanes(table, f.IN_HALF, call.half, node, lane)
            count = add_outflow(table, count, row, HALF, zero, scale)
        if call.three_halves > 0 or own_three[node] > 0.0:
            scale = splat(own_three[node])
            if call.three_halves > 0:
                scale = scale + take_lanes(table, f.IN_THREE_HALVES, call.three_halves, node, lane)
            count = add_outflow(table, count, row, THREE_HALVES, zero, scale)
    count = start_emitters(sizes, call, table, lane, count)
    start_outflow(sizes, table, count)
    return count
