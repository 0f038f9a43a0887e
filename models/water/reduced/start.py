"""What a block of lanes starts from: heads, flows, statuses, what is drawn, what leaks."""

from __future__ import annotations

from typing import Any

from models.water.batched.blocks import take
from models.water.batched.constants import NO_FLOW_M3S
from models.water.batched.kernel import resumed, start_status_of
from models.water.batched.lanes import WIDTH, any_positive, load, splat, store
from models.water.batched.outflows import start_outflow
from models.water.batched.status import CLOSED, HELD
from models.water.batched.work import EMITTER, HALF, THREE_HALVES
from models.water.reduced.jit import block, inner
from models.water.reduced.pockets import AT_ROW, IN_CHAIN, NOWHERE, clear, place_pocket
from models.water.reduced.structure import CORE, FIXED

CONFLICT, CROWDED, STALE = -1, -2, -3
"""Instead of a count: two leaks of a lane share a tree or a chain; more leaks than room for
them; a compiled call older than its tables."""


@block
def start_links(
    core: Any, edges: Any, is_open: Any, setting: Any, flows: Any, status: Any,
    lane: Any, lanes: Any, lone: Any,
) -> None:  # fmt: skip
    """Set flows, statuses and settings; inputs by edge of the plan, `flows` empty where cold.

    Where `lone`, only those of edges that have a status.
    """
    warm = flows.shape[0] > 0
    scratch = core.scratch
    for at in range(len(edges.other) + core.machines if lone else core.links):
        k = status_edge(core, edges, at) if lone else at
        m = k - core.pipes
        if warm:
            store(core.flow, k, take(flows, k, lane, lanes, scratch))
        else:
            store(core.flow, k, splat(core.start_flow[k]))
        store(core.slope, k, splat(0.0))
        store(core.shift, k, splat(0.0))
        if m >= 0:
            store(core.setting, m, take(setting, k, lane, lanes, scratch))
    for at in range(len(edges.other) + core.machines):
        k = status_edge(core, edges, at)
        m = k - core.pipes
        for w in range(WIDTH):
            column = 0 if is_open.shape[1] == 1 else min(lane + w, lanes - 1)
            start_status_of(core.table, k, m, w, is_open[k, column], warm)
            here = k * WIDTH + w
            if warm and core.status[here] != HELD and (m >= 0 or core.check[k]):
                column = 0 if status.shape[1] == 1 else min(lane + w, lanes - 1)
                if resumed(core.table, m, core.status[here], status[k, column]):
                    core.status[here] = status[k, column]
                if core.status[here] > CLOSED and abs(core.flow[here]) <= NO_FLOW_M3S:
                    core.flow[here] = core.start_flow[k]


@inner
def status_edge(core: Any, edges: Any, at: Any) -> Any:
    """Return the edges that have a status, one after another."""
    others = len(edges.other)
    return edges.other[at] if at < others else core.pipes + at - others


@block
def start_rows(core: Any, fixed: Any, heads: Any, lane: Any, lanes: Any) -> None:
    """Set heads; `heads` by row of the plan, empty where cold: the highest fixed one then."""
    scratch = core.scratch
    for k in range(core.fixed):
        store(core.head, core.unknowns + k, take(fixed, k, lane, lanes, scratch))
    for w in range(WIDTH):
        best = -1e30
        for row in range(core.unknowns, core.unknowns + core.fixed):
            best = max(best, core.head[row * WIDTH + w])
        scratch[w] = best
    top = load(scratch, 0)
    for row in range(core.unknowns):
        if heads.shape[0] > 0:
            store(core.head, row, take(heads, row, lane, lanes, scratch))
        else:
            store(core.head, row, top)


@block
def start_leaks(  # noqa: C901, PLR0912 - one look at each node
    core: Any, trees: Any, edges: Any, pockets: Any, half: Any, three_halves: Any, drawn: Any,
    before: Any, lane: Any, lanes: Any,
) -> Any:  # fmt: skip
    """List the outflows of the core's nodes and place the pockets.

    Returns how many outflows, ranks of pockets and cut edges there are; or CONFLICT, node and lane
    where two leaks of a lane share a tree or a chain, or CROWDED where there is not room for all.
    """
    count, ranks, cuts = 0, 0, 0
    room = len(pockets.kind) // WIDTH
    clear(pockets, room)
    with_half, with_three = half.shape[0] > 0, three_halves.shape[0] > 0
    for node in range(len(trees.place) if with_half or with_three else 0):
        a, b = splat(0.0), splat(0.0)
        if with_half:
            a = take(half, node, lane, lanes, core.scratch)
        if with_three:
            b = take(three_halves, node, lane, lanes, core.scratch)
        if not any_positive(a + b):
            continue
        place = trees.place[node]
        if place == CORE:
            row = trees.row[node]
            if any_positive(a):
                count = _add_outflow(core, count, row, HALF, a)
            if any_positive(b):
                count = _add_outflow(core, count, row, THREE_HALVES, b)
        if place in (CORE, FIXED):
            continue
        store(core.scratch, 0, a)
        store(core.scratch, 1, b)
        for w in range(min(WIDTH, lanes - lane)):
            one, two = core.scratch[w], core.scratch[WIDTH + w]
            if one <= 0.0 and two <= 0.0:
                continue
            rank = 0
            while rank < room and pockets.kind[rank * WIDTH + w] != NOWHERE:
                rank += 1
            if rank == room:
                return CROWDED, node, w
            ranks = max(ranks, rank + 1)
            cuts = place_pocket(pockets, rank, w, node, one, two, trees, edges, drawn, before, cuts)
            if shares_pocket(pockets, rank, w):
                return CONFLICT, node, w
    for e in range(len(core.emitter_row)):
        row = core.emitter_row[e]
        count = _add_outflow(core, count, row, EMITTER, splat(core.emitter[e]))
    start_outflow(core.sizes, core.table, count)
    return count, ranks, cuts


@inner
def _add_outflow(core: Any, e: Any, row: Any, kind: Any, scale: Any) -> Any:
    core.out_row[e] = row
    core.out_kind[e] = kind
    core.out_zero[e] = core.elevation[row]
    store(core.out_scale, e, scale)
    return e + 1


@block
def shares_pocket(pockets: Any, rank: Any, w: Any) -> Any:
    """Whether a pocket meets another of its lane on its way: one tree, or one chain."""
    mine = rank * WIDTH + w
    for other in range(w, mine, WIDTH):
        if pockets.kind[other] != pockets.kind[mine]:
            continue
        if pockets.kind[mine] == IN_CHAIN and pockets.at[other] == pockets.at[mine]:
            return True
        if pockets.kind[mine] == AT_ROW and pockets.stem[other] == pockets.stem[mine]:
            return True
    return False
