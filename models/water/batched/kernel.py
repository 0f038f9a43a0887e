"""The gradient method, eight lanes at a time: one compiled call for any number of scenarios."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.batched import fields as f
from models.water.batched.blocks import Call, place, put_lanes, take_lanes
from models.water.batched.constants import NO_FLOW_M3S
from models.water.batched.fields import bytes_, floats, ints
from models.water.batched.lanes import (
    WIDTH,
    Lanes,
    any_positive,
    greater,
    load,
    splat,
    store,
)
from models.water.batched.linear import factor_and_solve
from models.water.batched.machines import check_statuses, machines
from models.water.batched.outflows import outflows, start_outflows
from models.water.batched.pipes import other_pipes, plain_pipes
from models.water.batched.plan import POWER_PUMP, Sizes
from models.water.batched.power import HAZEN_WILLIAMS
from models.water.batched.status import ACTIVE, CLOSED, HELD, OPEN
from models.water.batched.valves import FCV, PRV, PSV
from models.water.batched.work import BY_PRESSURE

_BACK = 1.0 / (1.0 - 1.0 / HAZEN_WILLIAMS)
_NEAR = 2.0
_LEAST_FLOW_M3S = 1e-9
"""Sum of flows below which the residual is taken against this: a network where nothing flows."""

CHECK_EVERY, CHECK_UNTIL = 2, 10
"""Trials between two looks at statuses before convergence, and the last one: EPANET's defaults."""


@njit(error_model="numpy")
def start_links(sizes: Sizes, call: Call, table: int, lane: int) -> tuple[int, int]:
    """Set flows, statuses and settings of a block; return how many pipes are quick and slow."""
    links, is_open, before = (
        ints(table, f.LINK),
        bytes_(table, f.IN_OPEN),
        bytes_(table, f.IN_STATUS),
    )
    flow, slope, shift = floats(table, f.FLOW), floats(table, f.SLOPE), floats(table, f.SHIFT)
    status, settings = floats(table, f.STATUS), floats(table, f.SETTING)
    start_flow, check = floats(table, f.START_FLOW), bytes_(table, f.CHECK)
    listed, others = ints(table, f.QUICK), ints(table, f.SLOW)
    quick = 0
    slow = 0
    warm = call.start > 0
    back = splat(2.0 if sizes.headloss == 1 else _BACK)
    for k in range(sizes.links):
        link = links[k]
        m = k - sizes.pipes
        q = take_lanes(table, f.IN_FLOWS, call.start, link, lane) if warm else splat(start_flow[k])
        store(flow, k, q)
        store(slope, k, splat(0.0))
        if m >= 0:
            store(settings, m, take_lanes(table, f.IN_SETTING, call.setting, link, lane))
        elif k < sizes.plain and open_in_all(is_open, call.open, link, lane):
            listed[quick] = k
            quick += 1
            store(flow, k, q * back)
            continue
        else:
            others[slow] = k
            slow += 1
        store(shift, k, splat(0.0))
        for w in range(WIDTH):
            at = k * WIDTH + w
            opened = is_open[place(link, lane + w, call.open)] != 0
            start_status_of(table, k, m, w, opened, warm)
            if warm and status[at] != HELD and (m >= 0 or check[k]):
                last = before[place(link, lane + w, call.start)]
                if resumed(table, m, status[at], last):
                    status[at] = last
                if status[at] > CLOSED and abs(flow[at]) <= NO_FLOW_M3S:
                    flow[at] = start_flow[k]
    return quick, slow


@njit(error_model="numpy")
def open_in_all(is_open: NDArray[np.int8], columns: int, link: int, lane: int) -> bool:
    """Whether a link is open in all lanes of a block."""
    for w in range(min(WIDTH, columns - lane) if columns > 1 else 1):
        if not is_open[place(link, lane + w, columns)]:
            return False
    return True


@njit(error_model="numpy")
def resumed(table: int, m: int, now: float, before: float) -> bool:
    """Whether a link takes up the status of a start: not what a state held closed till now."""
    if before < 0:
        return False
    kind = bytes_(table, f.KIND)[m] if m >= 0 else 0
    if kind in (PRV, PSV):
        return now == ACTIVE
    return before != CLOSED or m < 0


@njit(error_model="numpy")
def start_status_of(table: int, k: int, m: int, w: int, is_open: bool, warm: bool) -> None:
    """Set the status a link starts from, and its flow where the last one says nothing."""
    flow, status = floats(table, f.FLOW), floats(table, f.STATUS)
    start = floats(table, f.START_FLOW)[k]
    at = k * WIDTH + w
    now = OPEN
    if m >= 0:
        value = floats(table, f.SETTING)[m * WIDTH + w]
        kind = bytes_(table, f.KIND)[m]
        if kind >= POWER_PUMP:
            is_open = is_open and value > 0.0
            start *= value
        elif kind in (PRV, PSV, FCV) and value == value:  # noqa: PLR0124 - NaN holds it open
            now = ACTIVE
    status[at] = now if is_open else HELD
    if not is_open:
        flow[at] = NO_FLOW_M3S
    elif not warm:
        flow[at] = start


@njit(error_model="numpy")
def start_heads(sizes: Sizes, call: Call, table: int, lane: int) -> None:
    """Set the heads of a block: the start's, or the highest fixed one."""
    rows, head = ints(table, f.ROW), floats(table, f.HEAD)
    top = splat(-1e30)
    held = 0
    for node in range(len(rows)):
        if rows[node] >= sizes.unknowns:
            level = take_lanes(table, f.IN_FIXED, call.fixed, held, lane)
            store(head, rows[node], level)
            top = greater(top, level)
            held += 1
    for node in range(len(rows)):
        if rows[node] < sizes.unknowns:
            if call.start > 0:
                store(head, rows[node], take_lanes(table, f.IN_HEADS, call.start, node, lane))
            else:
                store(head, rows[node], top)


@njit(error_model="numpy")
def sweep(
    sizes: Sizes, table: int, quick: int, slow: int, count: int, first: bool
) -> tuple[Lanes, Lanes]:
    """Take new flows, then build the next linear system; return sums of |residual| and |flow|."""
    excess, right = floats(table, f.EXCESS), floats(table, f.RIGHT)
    demand = floats(table, f.DEMAND)
    floats(table, f.ENTRY)[:] = 0.0
    zero = splat(0.0)
    for row in range(sizes.unknowns):
        store(excess, row, zero)
        store(right, row, zero - load(demand, row))
    lack, total = plain_pipes(sizes, table, quick)
    if slow > 0:
        more, size = other_pipes(sizes, table, slow)
        lack, total = lack + more, total + size
    if count > 0:
        more, size = outflows(sizes, table, count, first)
        lack, total = lack + more, total + size
    if sizes.links > sizes.pipes:
        more, size = machines(sizes, table, count, first)
        lack, total = lack + more, total + size
    return lack, total


@njit(error_model="numpy")
def judge(
    sizes: Sizes, table: int, lack: Lanes, total: Lanes, accuracy: float, trial: int, lane: int
) -> tuple[int, bool]:
    """Release lanes that are done; return how many go on and whether statuses are to be looked at.

    Where statuses may change, a lane near its end waits for them.
    """
    hold, ask, change = floats(table, f.HOLD), floats(table, f.ASK), floats(table, f.CHANGE)
    scratch, balance = floats(table, f.SCRATCH), floats(table, f.TO_BALANCE)
    iterations, converged = ints(table, f.TO_ITERATIONS), bytes_(table, f.TO_CONVERGED)
    store(scratch, 0, lack)
    store(scratch, 1, total)
    store(ask, 0, splat(0.0))
    left = 0
    asked = False
    regular = trial % CHECK_EVERY == 0 and trial <= CHECK_UNTIL
    for w in range(WIDTH):
        if hold[w] > 0.0:
            continue
        size = scratch[WIDTH + w]
        near = scratch[w] <= accuracy * max(size, _LEAST_FLOW_M3S) and change[w] <= 0.0
        balance[lane + w] = scratch[w] / max(size, _LEAST_FLOW_M3S)
        iterations[lane + w] = trial
        if not near:
            left += 1
        if sizes.stateful and (near or regular):
            ask[w] = _NEAR if near else 1.0
            asked = True
        elif near:
            hold[w] = 1.0
            converged[lane + w] = 1
    return left, asked


@njit(error_model="numpy")
def solve_block(
    sizes: Sizes,
    table: int,
    quick: int,
    slow: int,
    count: int,
    accuracy: float,
    lane: int,
    lanes: int,
) -> None:
    """Iterate a block until each of its lanes has converged or trials run out."""
    hold, change = floats(table, f.HOLD), floats(table, f.CHANGE)
    for w in range(WIDTH):
        hold[w] = 1.0 if lane + w >= lanes else 0.0
    for trial in range(sizes.trials + 1):
        store(change, 0, splat(0.0))
        lack, total = sweep(sizes, table, quick, slow, count, trial == 0)
        if trial > 0:
            left, asked = judge(sizes, table, lack, total, accuracy, trial, lane)
            if asked:
                left += look_at_statuses(sizes, table, quick, slow, count, lane, lanes)
            if left == 0:
                return
        if trial < sizes.trials:
            factor_and_solve(sizes.unknowns, table)


@njit(error_model="numpy")
def look_at_statuses(
    sizes: Sizes, table: int, quick: int, slow: int, count: int, lane: int, lanes: int
) -> int:
    """Apply the rules of status to the lanes asked; return how many that were near go on."""
    hold, ask, change = floats(table, f.HOLD), floats(table, f.ASK), floats(table, f.CHANGE)
    converged = bytes_(table, f.TO_CONVERGED)
    store(change, 0, splat(0.0))
    check_statuses(sizes, table)
    on = 0
    for w in range(min(WIDTH, lanes - lane)):
        if ask[w] == _NEAR:
            if change[w] > 0.0:
                on += 1
            else:
                hold[w] = 1.0
                converged[lane + w] = 1
    if any_positive(load(change, 0)):
        # The system was built with the statuses of before.
        held = load(hold, 0)
        store(hold, 0, splat(1.0))
        begins = False
        sweep(sizes, table, quick, slow, count, begins)
        store(hold, 0, held)
    return on


@njit(error_model="numpy")
def give(sizes: Sizes, table: int, count: int, lane: int, lanes: int) -> None:
    """Write a block of results."""
    rows, nodes, links = ints(table, f.ROW), ints(table, f.NODE), ints(table, f.LINK)
    head, flow, demand = floats(table, f.HEAD), floats(table, f.FLOW), floats(table, f.DEMAND)
    out_row, out_kind = ints(table, f.OUT_ROW), ints(table, f.OUT_KIND)
    out_flow, check = floats(table, f.OUT_FLOW), bytes_(table, f.CHECK)
    leak, delivered = floats(table, f.TO_LEAK), floats(table, f.TO_DELIVERED)
    codes, status = floats(table, f.STATUS), bytes_(table, f.TO_STATUS)
    real = min(WIDTH, lanes - lane)
    for node in range(len(rows)):
        put_lanes(table, f.TO_HEADS, node, lane, lanes, load(head, rows[node]))
        if sizes.dependent:
            asked = splat(0.0)
            if rows[node] < sizes.unknowns:
                asked = load(demand, rows[node])
            put_lanes(table, f.TO_DELIVERED, node, lane, lanes, asked)
    for k in range(sizes.links):
        put_lanes(table, f.TO_FLOWS, links[k], lane, lanes, load(flow, k))
    for e in range(count):
        into = delivered if out_kind[e] == BY_PRESSURE else leak
        for w in range(real):
            into[nodes[out_row[e]] * lanes + lane + w] += out_flow[e * WIDTH + w]
    for k in range(sizes.plain, sizes.links):
        if k >= sizes.pipes or check[k]:
            for w in range(real):
                code = codes[k * WIDTH + w]
                status[links[k] * lanes + lane + w] = int(CLOSED if code == HELD else code)


@njit(cache=True, error_model="numpy")
def solve_lanes(sizes: Sizes, call: Call, table: int, accuracy: float, fields: int) -> bool:
    """Solve every lane.

    Parameters
    ----------
    sizes : Sizes
    call : Call
    table : int
        Address of the table of arrays; see :mod:`models.water.batched.fields`.
    accuracy : float
    fields : int
        Arrays in the table.

    Returns
    -------
    bool
        False, and nothing done, where this was compiled for a table of other arrays: numba's cache
        does not see a change in another file, and a wrong address would bring the process down.
    """
    if fields != f.FIELDS:
        return False
    for lane in range(0, call.lanes, WIDTH):
        quick, slow = start_links(sizes, call, table, lane)
        start_heads(sizes, call, table, lane)
        count = start_outflows(sizes, call, table, lane)
        solve_block(sizes, table, quick, slow, count, accuracy, lane, call.lanes)
        give(sizes, table, count, lane, call.lanes)
    return True
