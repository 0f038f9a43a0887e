"""From the core back to the whole network: heads of all nodes asked for, flows of all links."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from models.water.batched.blocks import put
from models.water.batched.lanes import (
    WIDTH,
    absolute,
    any_positive,
    fma,
    load,
    splat,
    store,
    where_positive,
)
from models.water.batched.status import CLOSED, HELD
from models.water.network.network import NONE, Ints
from models.water.reduced.edges import one_link
from models.water.reduced.jit import block, inner
from models.water.reduced.law import loss_m
from models.water.reduced.layout import Layout
from models.water.reduced.pockets import IN_CHAIN, NOWHERE
from models.water.reduced.series import TERMS
from models.water.reduced.structure import CORE, FIXED, INNER, TREE


class Wanted(NamedTuple):
    """What is asked for, and what must be computed for it.

    Attributes
    ----------
    node, link
        By node and link of the network: row of the results; -1 for none.
    edges
        Edges of which an inner node or a link is wanted or leads to what is.
    trees
        Links of trees, positions in `Trees`, roots first, whose lower node or flow is wanted or
        leads to what is.
    """

    node: Ints
    link: Ints
    edges: Ints
    trees: Ints


@inner
def _drawn(chains: Any, s: Any) -> Any:
    if chains.shared:
        return splat(chains.drawn[s])
    return load(chains.drawn, s)


@inner
def give_edge(
    core: Any, edges: Any, chains: Any, near: Any, wanted: Any, e: Any, head: Any,
    flows: Any, lane: Any, lanes: Any,
) -> None:  # fmt: skip
    """Write heads within an edge and flows of its links, as if no leak cut it."""
    q = load(core.flow, e)
    top = load(core.head, core.first[e])
    begin, end = edges.first[e], edges.first[e + 1]
    far, x = splat(1.0), q
    if near.usable:
        x = q - splat(near.base[e])
        far = absolute(x) - splat(near.reach[e])
    powers = end - begin > 1 and (not near.usable or any_positive(far))
    summed, ignored = splat(0.0), splat(0.0)
    for s in range(begin, end):
        flow = q - _drawn(chains, s)
        row = wanted.link[edges.link[s]]
        if row >= 0:
            put(flows, row, lane, lanes, flow * splat(edges.sign[s] * 1.0), core.scratch)
        if s == end - 1:
            break
        loss = splat(0.0)
        if near.usable:
            at = s * TERMS
            loss = splat(near.loss[at + TERMS - 1])
            for k in range(TERMS - 2, -1, -1):
                loss = fma(loss, x, splat(near.loss[at + k]))
        if powers:
            summed, ignored = one_link(
                flow, splat(edges.r[s]), splat(edges.minor[s]), summed, ignored
            )
            loss = where_positive(far, summed, loss)
        store(head, edges.to[s], top - loss)


@block
def give_cuts(
    core: Any, edges: Any, chains: Any, wanted: Any, pockets: Any, ranks: Any, head: Any,
    flows: Any, lane: Any, lanes: Any,
) -> None:  # fmt: skip
    """Write again heads and flows of cut edges, in the lanes where they are cut."""
    for k in range(ranks * WIDTH):
        w = k % WIDTH
        if pockets.kind[k] != IN_CHAIN or lane + w >= lanes:
            continue
        e, cut = pockets.at[k], pockets.cut[k]
        h = core.head[core.first[e] * WIDTH + w]
        for s in range(edges.first[e], edges.first[e + 1]):
            flow = pockets.beyond[k] if s > cut else core.flow[e * WIDTH + w]
            flow -= chains.drawn[s] if chains.shared else chains.drawn[s * WIDTH + w]
            h -= loss_m(flow, edges.r[s], edges.minor[s])
            row = wanted.link[edges.link[s]]
            if row >= 0:
                flows[row, lane + w] = flow * edges.sign[s]
            if s < edges.first[e + 1] - 1:
                head[edges.to[s] * WIDTH + w] = h


@block
def mark_paths(trees: Any, pockets: Any, ranks: Any, extra: Any, marked: Any, on: Any) -> None:
    """Add the pockets' outflows to what the links of their trees carry, or take them out again."""
    for k in range(ranks * WIDTH):
        if pockets.kind[k] == NOWHERE:
            continue
        i = pockets.node[k]
        while trees.place[i] == TREE:
            extra[i * WIDTH + k % WIDTH] = pockets.flow[k] if on else 0.0
            marked[i] = 1 if on else 0
            i = trees.parent[i]


@block
def give_trees(  # noqa: PLR0917 - the arrays of a block
    core: Any, trees: Any, wanted: Any, drawn: Any, fall: Any, shared: Any, extra: Any, marked: Any,
    head: Any, flows: Any, lane: Any, lanes: Any,
) -> None:  # fmt: skip
    """Write heads and flows of trees from their roots; `fall` is the shared loss by node."""
    for t in wanted.trees:
        i = trees.node[t]
        flow = load(drawn, i)
        loss = splat(fall[i])
        if not shared:
            loss, _ = one_link(
                flow, splat(trees.r[i]), splat(trees.minor[i]), splat(0.0), splat(0.0)
            )
        if marked[i]:
            more = load(extra, i)
            other, _ = one_link(
                flow + more, splat(trees.r[i]), splat(trees.minor[i]), splat(0.0), splat(0.0)
            )
            loss = where_positive(more, other, loss)
            flow = flow + more
        store(head, i, load(head, trees.up[t]) - loss)
        row = wanted.link[trees.link[t]]
        if row >= 0:
            put(flows, row, lane, lanes, flow * splat(trees.sign[t] * 1.0), core.scratch)


@block
def give_nodes(
    core: Any, trees: Any, wanted: Any, head: Any, heads: Any, lane: Any, lanes: Any
) -> None:
    """Write the heads asked for."""
    for node in range(len(wanted.node)):
        row = wanted.node[node]
        if row < 0:
            continue
        if trees.place[node] == CORE or trees.place[node] == FIXED:
            put(heads, row, lane, lanes, load(core.head, trees.row[node]), core.scratch)
        else:
            put(heads, row, lane, lanes, load(head, node), core.scratch)


@block
def spread_core(trees: Any, core: Any, head: Any) -> None:
    """Copy the core's heads to its nodes."""
    for node in range(len(trees.row)):
        if trees.row[node] >= 0:
            store(head, node, load(core.head, trees.row[node]))


@block
def give_leaks(
    core: Any, wanted: Any, pockets: Any, count: Any, ranks: Any, core_node: Any,
    leak: Any, lane: Any, lanes: Any,
) -> None:  # fmt: skip
    """Add outflows to the results of the nodes asked for."""
    for e in range(count):
        row = wanted.node[core_node[core.node[core.out_row[e]]]]
        if row >= 0:
            for w in range(min(WIDTH, lanes - lane)):
                leak[row, lane + w] += core.out_flow[e * WIDTH + w]
    for k in range(ranks * WIDTH):
        w = k % WIDTH
        if pockets.kind[k] != NOWHERE and lane + w < lanes:
            row = wanted.node[pockets.node[k]]
            if row >= 0:
                leak[row, lane + w] += pockets.flow[k]


@block
def give_status(core: Any, edges: Any, wanted: Any, status: Any, lane: Any, lanes: Any) -> None:
    """Write statuses of machines and check valves, by link asked for."""
    for k in range(core.links):
        if k >= core.pipes or core.check[k]:
            for w in range(min(WIDTH, lanes - lane)):
                code = core.status[k * WIDTH + w]
                link = wanted.link[edges.link[edges.first[k]]]
                if link >= 0:
                    status[link, lane + w] = CLOSED if code == HELD else code


@block
def give_core(core: Any, heads: Any, flows: Any, status: Any, lane: Any, lanes: Any) -> None:
    """Write what a later solve starts from."""
    for row in range(core.unknowns + core.fixed):
        put(heads, row, lane, lanes, load(core.head, row), core.scratch)
    for k in range(core.links):
        put(flows, k, lane, lanes, load(core.flow, k), core.scratch)
        if k >= core.pipes or core.check[k]:
            for w in range(min(WIDTH, lanes - lane)):
                code = core.status[k * WIDTH + w]
                status[k, lane + w] = CLOSED if code == HELD else code


def wanted_for(layout: Layout, nodes: Ints | None, links: Ints | None) -> Wanted:
    """Return what must be computed for some nodes and links; for all where both are None."""
    trees, edges = layout.trees, layout.edges
    if nodes is None and links is None:
        nodes = np.arange(len(trees.place), dtype=np.int32)
        links = np.arange(len(edges.link) + len(trees.link), dtype=np.int32)
    node = np.full(len(trees.place), NONE, dtype=np.int32)
    link = np.full(len(edges.link) + len(trees.link), NONE, dtype=np.int32)
    for found, asked in ((node, nodes), (link, links)):
        if asked is not None:
            found[asked] = np.arange(len(asked), dtype=np.int32)
    needed = node >= 0
    walk = []
    for t in range(len(trees.node)):
        # Branches come before their stem: a head wanted asks for those on the way to the root.
        if needed[trees.node[t]]:
            needed[trees.up[t]] = True
        if needed[trees.node[t]] or link[trees.link[t]] >= 0:
            walk.append(t)
    within = needed[edges.to] & (trees.place[edges.to] == INNER)
    of_link = np.repeat(np.arange(len(edges.first) - 1), np.diff(edges.first))
    asked_edges = np.unique(of_link[within | (link[edges.link] >= 0)])
    return Wanted(node, link, asked_edges.astype(np.int32), np.array(walk[::-1], dtype=np.int32))
