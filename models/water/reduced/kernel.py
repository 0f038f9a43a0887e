"""A reduced network in all lanes: one compiled call for any number of scenarios."""

from __future__ import annotations

from typing import Any, NamedTuple

from models.water.batched.blocks import take
from models.water.batched.fields import FIELDS
from models.water.batched.lanes import WIDTH, splat, store
from models.water.batched.linear import factor_and_solve
from models.water.reduced.aggregate import gather, merge
from models.water.reduced.core import core_of
from models.water.reduced.elimination import begin_pockets
from models.water.reduced.give import (
    give_core,
    give_cuts,
    give_edge,
    give_leaks,
    give_nodes,
    give_status,
    give_trees,
    mark_paths,
    spread_core,
)
from models.water.reduced.iterate import full_sweep, iterate, shared_step
from models.water.reduced.jit import block, entry
from models.water.reduced.law import loss_m
from models.water.reduced.memory import (
    ARRAYS,
    chains_of,
    edges_of,
    near_of,
    pockets_of,
    room_of,
    shared_of,
    trees_of,
    wanted_of,
)
from models.water.reduced.series import chain_series
from models.water.reduced.shared import keep, spread
from models.water.reduced.start import STALE, start_leaks, start_links, start_rows


class Numbers(NamedTuple):
    """Numbers of a solve.

    Attributes
    ----------
    depth, longest
        Room for pipes of a pocket's path and part.
    shared
        Whether all lanes draw the same.
    lagged
        Steps to take with the matrix lanes share; 0 where they share none.
    accuracy
        Sum of residual flows over sum of flows at which a lane is done.
    arrays
        Arrays in both tables, as the caller knows them.
    """

    depth: int
    longest: int
    shared: bool
    lagged: int
    accuracy: float
    arrays: int


@block
def draw(core: Any, trees: Any, edges: Any, room: Any, demand: Any, lane: Any, lanes: Any) -> None:
    """Take a block's demands and gather them along trees and chains."""
    for node in range(len(trees.place)):
        store(room.drawn, node, take(demand, node, lane, lanes, core.scratch))
    gather(trees, edges, core, room.drawn, room.before, core.demand)


@block
def draw_shared(
    core: Any, trees: Any, edges: Any, room: Any, shared: Any, chains: Any, demand: Any
) -> None:
    """Gather what all lanes draw, and write the trees' losses."""
    draw(core, trees, edges, room, demand, 0, 1)
    for node in range(len(trees.place)):
        room.silent[node] = 1 if room.drawn[node * WIDTH] == 0.0 else 0
    for t in range(len(trees.node)):
        i = trees.node[t]
        room.fall[i] = loss_m(room.drawn[i * WIDTH], trees.r[i], trees.minor[i])
    keep(core.demand, shared.demand)
    keep(room.before, chains.drawn)


@block
def share(  # noqa: PLR0917 - the inputs of a call
    core: Any, edges: Any, chains: Any, near: Any, pockets: Any, shared: Any, is_open: Any,
    setting: Any, fixed: Any, flows: Any, heads: Any, status: Any,
) -> None:  # fmt: skip
    """Write what lanes share that begin at the same flows and heads, from one column of inputs."""
    start_links(core, edges, is_open, setting, flows, status, 0, 1, lone=False)
    start_rows(core, fixed, heads, 0, 1)
    spread(shared.demand, core.demand)
    pockets.edge_cut[:] = 0
    store(core.hold, 0, splat(0.0))
    store(core.change, 0, splat(0.0))
    full_sweep(core, edges, chains, near, pockets, (0, 0, 0), first=True, lagged=False)
    keep(core.head, shared.head)
    keep(core.flow, shared.flow)
    keep(core.slope, shared.slope)
    keep(core.right, shared.right)
    for e in range(core.links):
        at = e * WIDTH
        shared.rest[e] = core.flow[at] - core.shift[at]
    store(core.hold, 0, splat(1.0))
    factor_and_solve(core.unknowns, core.table)
    keep(core.entry, shared.factor)
    keep(core.pivot, shared.pivot)


@entry
def solve_reduced(  # noqa: C901, PLR0912, PLR0917 - the inputs and outputs of a call
    sizes: Any, table: Any, mine: Any, numbers: Any, demand: Any, half: Any, three_halves: Any,
    fixed: Any, is_open: Any, setting: Any, start_flows: Any, start_heads: Any, start_status: Any,
    heads: Any, flows: Any, leak: Any, status: Any, converged: Any, core_heads: Any,
    core_flows: Any, core_status: Any,
) -> Any:  # fmt: skip
    """Solve every lane; return what `start_leaks` has to say instead, if it has.

    Inputs by node, fixed head, edge or row, (items, lanes) or (items, 1), empty for none. `table`
    and `mine` are the tables of the batched solver and of `memory`.
    """
    if numbers.arrays != FIELDS + ARRAYS:
        # Compiled before the tables last changed: addresses would be wrong.
        return STALE, 0, 0
    core, trees, edges, room = core_of(sizes, table), trees_of(mine), edges_of(mine), room_of(mine)
    chains, shared, wanted = chains_of(mine, numbers.shared), shared_of(mine), wanted_of(mine)
    near = near_of(mine, usable=False)
    pockets = pockets_of(mine, numbers.depth, numbers.longest)
    lanes = len(converged)
    if numbers.shared:
        draw_shared(core, trees, edges, room, shared, chains, demand)
    merge(edges, room.silent, chains)
    if numbers.lagged > 0:
        share(
            core, edges, chains, near, pockets, shared, is_open, setting, fixed, start_flows,
            start_heads, start_status,
        )  # fmt: skip
        near = near_of(mine, usable=True)
        chain_series(edges, chains.drawn, near)
    for lane in range(0, lanes, WIDTH):
        if numbers.shared:
            spread(shared.demand, core.demand)
        else:
            draw(core, trees, edges, room, demand, lane, lanes)
        start_links(
            core,
            edges,
            is_open,
            setting,
            start_flows,
            start_status,
            lane,
            lanes,
            numbers.lagged > 0,
        )
        start_rows(core, fixed, start_heads, lane, lanes)
        block = start_leaks(
            core, trees, edges, pockets, half, three_halves, room.drawn, room.before, lane, lanes,
        )  # fmt: skip
        count, ranks, cuts = block
        if count < 0:
            return count, ranks, lane + cuts
        for w in range(WIDTH):
            core.hold[w] = 1.0 if lane + w >= lanes else 0.0
        if numbers.lagged > 0:
            spread(shared.flow, core.flow)
            spread(shared.slope, core.slope)
            for e in range(core.links):
                store(core.shift, e, splat(shared.flow[e] - shared.rest[e]))
            if ranks > 0:
                begin_pockets(core, pockets, ranks)
            shared_step(core, shared, pockets, block)
        iterate(
            core, edges, chains, near, pockets, block, numbers.lagged, numbers.accuracy, lane,
            lanes, converged,
        )  # fmt: skip
        spread_core(trees, core, room.head)
        for e in wanted.edges:
            give_edge(core, edges, chains, near, wanted, e, room.head, flows, lane, lanes)
        give_cuts(core, edges, chains, wanted, pockets, ranks, room.head, flows, lane, lanes)
        mark_paths(trees, pockets, ranks, room.extra, room.marked, on=True)
        give_trees(
            core, trees, wanted, room.drawn, room.fall, chains.shared, room.extra, room.marked,
            room.head, flows, lane, lanes,
        )  # fmt: skip
        mark_paths(trees, pockets, ranks, room.extra, room.marked, on=False)
        give_nodes(core, trees, wanted, room.head, heads, lane, lanes)
        give_leaks(core, wanted, pockets, count, ranks, room.core_node, leak, lane, lanes)
        give_status(core, edges, wanted, status, lane, lanes)
        if len(core_flows) > 0:
            give_core(core, core_heads, core_flows, core_status, lane, lanes)
    return 0, 0, 0
