"""Leaks outside the core: at a node of a tree or within a chain, a few in each lane.

A pocket is one leak, the pipes from it up its tree, and where these meet the rest: a node of the
core, a fixed head, or an inner node that cuts a chain in two parts. Its flow is an implicit
function of the head where they meet. Pockets of the same rank in the lanes of a block are worked on
together, shorter ones padded with pipes without loss.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from models.water.batched.lanes import WIDTH, aligned
from models.water.network.network import Floats, Ints
from models.water.reduced.jit import block, inner
from models.water.reduced.structure import CORE, FIXED, TREE

NOWHERE, AT_ROW, IN_CHAIN = 0, 1, 2


class Pockets(NamedTuple):
    """Pockets of a block of lanes: flat arrays of lanes, an item a rank, or a rank and a pipe.

    Attributes
    ----------
    depth, longest
        Room for pipes a path and a part.
    kind, node, at, cut
        By rank and lane: where the pocket meets the rest; the node that leaks; the row or the edge
        where they meet; the link of the edge that leads to the inner node where a chain is cut.
    stem
        Last node of the path: the foot of its tree.
    links
        By rank: pipes of the path, of the first part and of the second.
    edges
        The edges that are cut in some lane; `edge_cut` gives by edge its place here, from 1, or 0.
    whole
        By cut edge: 1 in lanes where it is not cut, 0 else.
    path
        Resistance, minor loss and demand of the path's pipes, from the leak up.
    one, two
        The same of the two parts of a cut chain.
    half, three_halves, ground_m
        The leak and its elevation.
    head, flow, beyond
        Head where the pocket meets the rest, outflow, and flow of the second part of a cut chain:
        what the last equations gave. A lane that is done keeps them.
    law
        Outflow by the law at that head.
    counted
        Outflow counted among what its row draws.
    slope, g1, g2, w1, w2, share_u, share_v, rest
        How the last step eliminated the pocket: see `elimination`.
    sums
        Of |residual| and |flow| of the pockets.
    """

    depth: int
    longest: int
    kind: Ints
    node: Ints
    at: Ints
    cut: Ints
    stem: Ints
    links: Ints
    edges: Ints
    edge_cut: Ints
    whole: Floats
    path: tuple[Floats, Floats, Floats]
    one: tuple[Floats, Floats, Floats]
    two: tuple[Floats, Floats, Floats]
    half: Floats
    three_halves: Floats
    ground_m: Floats
    head: Floats
    flow: Floats
    beyond: Floats
    law: Floats
    counted: Floats
    slope: Floats
    g1: Floats
    g2: Floats
    w1: Floats
    w2: Floats
    share_u: Floats
    share_v: Floats
    rest: Floats
    sums: Floats


def empty_pockets(ranks: int, edges: int, depth: int, longest: int) -> Pockets:
    """Return room for pockets: ranks, edges, links of the deepest tree and the longest chain."""
    count = ranks * WIDTH
    path, one, two = (
        (aligned(ranks * room), aligned(ranks * room), aligned(ranks * room))
        for room in (depth, longest, longest)
    )
    whole: dict[str, Any] = {
        name: np.zeros(count, dtype=np.int32)
        for name in ("kind", "node", "at", "cut", "stem", "edges")
    }
    lanes: dict[str, Any] = {
        name: aligned(ranks)
        for name in (
            "half", "three_halves", "ground_m", "head", "flow", "beyond", "law", "counted",
            "slope", "g1", "g2", "w1", "w2", "share_u", "share_v", "rest",
        )
    }  # fmt: skip
    return Pockets(
        depth=depth,
        longest=longest,
        links=np.zeros(ranks * 3, dtype=np.int32),
        edge_cut=np.zeros(edges, dtype=np.int32),
        whole=aligned(count),
        path=path,
        one=one,
        two=two,
        sums=aligned(2),
        **whole,
        **lanes,
    )


@block
def clear(pockets: Any, ranks: Any) -> None:
    """Empty the first ranks; no edge is cut."""
    for i in range(ranks * WIDTH):
        pockets.kind[i] = NOWHERE
        pockets.half[i] = pockets.three_halves[i] = pockets.ground_m[i] = 0.0
        pockets.head[i] = pockets.flow[i] = pockets.beyond[i] = 0.0
        pockets.law[i] = pockets.counted[i] = 0.0
    pockets.links[: ranks * 3] = 0
    pockets.edge_cut[:] = 0


@inner
def _put(where: Any, item: Any, lane: Any, opened: Any, r: Any, minor: Any, drawn: Any) -> None:
    """Write a pipe of a lane; where no lane had one yet, the others get one without loss."""
    if opened:
        for k in range(item * WIDTH, (item + 1) * WIDTH):
            where[0][k] = where[1][k] = where[2][k] = 0.0
    k = item * WIDTH + lane
    where[0][k], where[1][k], where[2][k] = r, minor, drawn


@block
def place_pocket(  # noqa: PLR0917 - one leak and what is around it
    pockets: Any,
    rank: Any,
    lane: Any,
    node: Any,
    half: Any,
    three_halves: Any,
    trees: Any,
    edges: Any,
    drawn: Any,
    before: Any,
    cuts: Any,
) -> Any:
    """Write one leak of a tree or of a chain into its rank and lane.

    Parameters
    ----------
    trees
        `Trees`, and `edges`, `Edges`: see `layout`.
    drawn
        Lanes of what each node draws with its trees.
    before
        Lanes of what each edge draws before each link.
    cuts
        How many edges are cut so far; returned with this one.
    """
    k = rank * WIDTH + lane
    pockets.node[k] = node
    pockets.half[k], pockets.three_halves[k] = half, three_halves
    pockets.ground_m[k] = trees.ground_m[node]
    i, mine = node, 0
    links = pockets.links
    while trees.place[i] == TREE:
        opened = mine >= links[3 * rank]
        item = rank * pockets.depth + mine
        d = drawn[i * WIDTH + lane]
        _put(pockets.path, item, lane, opened, trees.r[i], trees.minor[i], d)
        mine += 1
        links[3 * rank] = max(links[3 * rank], mine)
        pockets.stem[k] = i
        i = trees.parent[i]
    if trees.place[i] == CORE or trees.place[i] == FIXED:
        pockets.kind[k], pockets.at[k] = AT_ROW, trees.row[i]
        return cuts
    e = trees.edge[i]
    cut = trees.segment[i]
    pockets.kind[k], pockets.at[k], pockets.cut[k] = IN_CHAIN, e, cut
    if pockets.edge_cut[e] == 0:
        pockets.edges[cuts] = e
        pockets.whole[cuts * WIDTH : (cuts + 1) * WIDTH] = 1.0
        cuts += 1
        pockets.edge_cut[e] = cuts
    pockets.whole[(pockets.edge_cut[e] - 1) * WIDTH + lane] = 0.0
    for s in range(edges.first[e], edges.first[e + 1]):
        second = s > cut
        part = pockets.two if second else pockets.one
        mine = s - cut - 1 if second else s - edges.first[e]
        count = 3 * rank + (2 if second else 1)
        opened = mine >= links[count]
        item = rank * pockets.longest + mine
        _put(part, item, lane, opened, edges.r[s], edges.minor[s], before[s * WIDTH + lane])
        links[count] = max(links[count], mine + 1)
    return cuts
