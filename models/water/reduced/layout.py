"""What the compiled sweeps of a reduced network walk: its trees, its edges, its small core."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.water.batched import fields as f
from models.water.batched.plan import Plan, conductances, minors, plan_of
from models.water.batched.power import HAZEN_WILLIAMS
from models.water.network.network import NONE, Floats, Ints, Network
from models.water.reduced.structure import INNER, Structure


class Trees(NamedTuple):
    """Every node's place, and how the trees' heads follow from their roots.

    Attributes
    ----------
    place, parent, row, edge, segment
        By node: its place in the structure; next node towards the root of its tree; row of the
        core; edge and link of the edge that leads to an inner node; -1 for none.
    r, minor
        By node of a tree: loss of the link to its parent, SI.
    ground_m
        By node: elevation.
    node, up, link, sign
        By link of the trees, branches before their stem: lower node, upper node, link of the
        network, 1 where it runs down and -1 else.
    """

    place: NDArray[np.int8]
    parent: Ints
    row: Ints
    edge: Ints
    segment: Ints
    r: Floats
    minor: Floats
    ground_m: Floats
    node: Ints
    up: Ints
    link: Ints
    sign: NDArray[np.int8]


class Edges(NamedTuple):
    """Edges in the order of the core's plan, and their links from the first end to the last.

    Attributes
    ----------
    first
        Where each edge's links begin, one entry more than edges.
    link, to, sign
        Network's link; node it leads to; 1 where it runs along the edge, -1 else.
    r, minor
        Loss of each link, SI.
    composite
        Edges of open plain pipes, which this package sweeps itself.
    other
        Pipes of the core with a status.
    """

    first: Ints
    link: Ints
    to: Ints
    sign: NDArray[np.int8]
    r: Floats
    minor: Floats
    composite: Ints
    other: Ints


@dataclass(frozen=True, eq=False)
class Layout:
    """A reduced network.

    Attributes
    ----------
    core : Network
        Nodes and edges of the core, an edge standing as its first link.
    core_nodes : NDArray[np.int32]
        Nodes of the network that are the core's, in its order.
    plan : Plan
        Of the core.
    trees : Trees
    edges : Edges
    depth, longest : int
        Most links from a node to the root of its tree, and of an edge.
    """

    core: Network
    core_nodes: Ints
    plan: Plan
    trees: Trees
    edges: Edges
    depth: int
    longest: int


def layout_of(network: Network, structure: Structure) -> Layout:
    """Lay out a network for the sweeps."""
    nodes = structure.core_nodes
    core = _core(network, structure, nodes)
    plan = plan_of(core)
    with np.errstate(divide="ignore"):
        r = 1.0 / (HAZEN_WILLIAMS * conductances(network))
    r[~network.pipes] = 0.0
    minor = np.where(network.pipes, minors(network), 0.0)
    edges = _edges(structure, plan, r, minor)
    row = np.full(len(network.nodes), NONE, dtype=np.int32)
    row[nodes] = plan.arrays[f.ROW]
    trees = _trees(network, structure, edges, row, r, minor)
    longest = int(np.diff(edges.first).max(initial=1))
    return Layout(core, nodes, plan, trees, edges, _depth(structure), longest)


def _core(network: Network, structure: Structure, nodes: Ints) -> Network:
    place = np.full(len(network.nodes), NONE, dtype=np.int32)
    place[nodes] = np.arange(len(nodes))
    lead = structure.edge_link[structure.edge_first[:-1]]
    edge = np.full(len(network.links), NONE, dtype=np.int32)
    edge[lead] = np.arange(len(lead))
    at, links, tanks, pumps = network.nodes, network.links, network.tanks, network.pumps
    picked = {
        name: getattr(links, name)[lead]
        for name in (
            "kind", "length_m", "diameter_m", "roughness", "open", "setting", "curve",
        )
    }  # fmt: skip
    none = np.zeros(len(lead))
    return replace(
        network,
        nodes=type(at)(
            ids=tuple(at.ids[k] for k in nodes),
            **{
                name: getattr(at, name)[nodes]
                for name in ("kind", "elevation_m", "x_m", "y_m", "emitter", "head_pattern")
            },
        ),
        demands=type(network.demands)(
            node=np.empty(0, dtype=np.int32),
            base_m3s=np.empty(0),
            pattern=np.empty(0, dtype=np.int32),
        ),
        links=type(links)(
            ids=tuple(links.ids[k] for k in lead),
            start=place[structure.edge_u],
            end=place[structure.edge_v],
            minor=np.where(structure.plain, 0.0, links.minor[lead]),
            leak_area_m2_per_m=none,
            leak_expansion_m2_per_m2=none,
            **picked,
        ),
        tanks=replace(tanks, node=place[tanks.node]),
        pumps=replace(pumps, link=edge[pumps.link]),
        controls=(),
    )


def _edges(structure: Structure, plan: Plan, r: Floats, minor: Floats) -> Edges:
    order, pipes = plan.arrays[f.LINK], plan.sizes.pipes
    begin, end = structure.edge_first[:-1], structure.edge_first[1:]
    count = (end - begin)[order]
    first = np.zeros(len(count) + 1, dtype=np.int32)
    np.cumsum(count, out=first[1:])
    at = np.repeat(begin[order] - first[:-1], count) + np.arange(first[-1])
    link = structure.edge_link[at]
    plain = structure.plain[order]
    place = np.arange(len(order), dtype=np.int32)
    return Edges(
        first=first,
        link=link,
        to=structure.edge_to[at],
        sign=structure.edge_sign[at],
        r=r[link],
        minor=minor[link],
        composite=place[plain],
        other=place[(place < pipes) & ~plain],
    )


def _trees(
    network: Network, structure: Structure, edges: Edges, row: Ints, r: Floats, minor: Floats
) -> Trees:
    size = len(network.nodes)

    def by_node(values: NDArray[Any], at: NDArray[Any], empty: float, kind: Any) -> NDArray[Any]:
        found: NDArray[Any] = np.full(size, empty, dtype=kind)
        found[at] = values
        return found

    node, link = structure.tree_node, structure.tree_link
    inner = structure.place[edges.to] == INNER
    edge_of = np.repeat(np.arange(len(edges.first) - 1), np.diff(edges.first))
    within = edges.to[inner]
    return Trees(
        place=structure.place,
        parent=by_node(structure.tree_parent, node, NONE, np.int32),
        row=row,
        edge=by_node(edge_of[inner], within, NONE, np.int32),
        segment=by_node(np.flatnonzero(inner), within, NONE, np.int32),
        r=by_node(r[link], node, 0.0, np.float64),
        minor=by_node(minor[link], node, 0.0, np.float64),
        ground_m=network.nodes.elevation_m,
        node=node,
        up=structure.tree_parent,
        link=link,
        sign=structure.tree_sign,
    )


def _depth(structure: Structure) -> int:
    depth = np.zeros(len(structure.place), dtype=np.int32)
    for t in range(len(structure.tree_node) - 1, -1, -1):
        depth[structure.tree_node[t]] = depth[structure.tree_parent[t]] + 1
    return int(depth.max(initial=1))
