"""Which part of a network needs no iteration: trees that hang on it, and pipes in series.

A tree that hangs on the rest of the network by one node carries flows known from its demands. A
chain of pipes whose inner nodes have no other neighbour carries one unknown flow. What is left,
the core, is a smaller network with the same solution.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from models.water.network.network import Ints, LinkKind, Network, NodeKind

CORE, FIXED, TREE, INNER = 0, 1, 2, 3
IN_SERIES = 2
"""Neighbours of a node within a chain."""


@dataclass(frozen=True, eq=False)
class Structure:
    """Trees, chains and core of a network.

    Attributes
    ----------
    place : NDArray[np.int8]
        By node: CORE (head unknown, node of the core), FIXED (tank or reservoir), TREE, or INNER
        (within a chain).
    tree_node, tree_parent, tree_link : NDArray[np.int32]
        Nodes of trees, each after its own branches; the next node towards the root, and the link
        between.
    tree_sign : NDArray[np.int8]
        1 where the link runs from the parent to the node, -1 else.
    edge_u, edge_v : NDArray[np.int32]
        End nodes of each edge of the core: a chain, or a lone link in its own direction.
    edge_first : NDArray[np.int32]
        Where each edge's links begin in the three arrays below; one entry more than edges.
    edge_link, edge_to : NDArray[np.int32]
        Links of the edges from u to v, and the node each leads to.
    edge_sign : NDArray[np.int8]
        1 where the link runs from u to v, -1 else.
    plain : NDArray[np.bool_]
        By edge: made of open pipes alone, hence without status.
    """

    place: NDArray[np.int8]
    tree_node: Ints
    tree_parent: Ints
    tree_link: Ints
    tree_sign: NDArray[np.int8]
    edge_u: Ints
    edge_v: Ints
    edge_first: Ints
    edge_link: Ints
    edge_to: Ints
    edge_sign: NDArray[np.int8]
    plain: NDArray[np.bool_]

    @property
    def core_nodes(self) -> Ints:
        """Nodes of the core, fixed heads among them, in the order of the network."""
        return np.flatnonzero(self.place <= FIXED).astype(np.int32)


def structure_of(
    network: Network, protected: Collection[int] = (), kept: Collection[int] = ()
) -> Structure:
    """Divide a network into trees, chains and core.

    Parameters
    ----------
    network
    protected
        Nodes that stay in the core whatever hangs on them.
    kept
        Links that stay lone edges of the core, beside those that are no open plain pipe, or that a
        control commands.
    """
    links, nodes = network.links, network.nodes
    stays = nodes.emitter != 0.0
    stays[list(protected)] = True
    simple = (links.kind == LinkKind.PIPE) & links.open
    simple[[control.link for control in network.controls]] = False
    simple[list(kept)] = False
    fixed = nodes.kind != NodeKind.JUNCTION
    first, incident = _incidence(len(nodes), links.start, links.end)
    place = np.where(fixed, FIXED, CORE).astype(np.int8)
    shape = (first, incident, links.start, links.end, simple)
    tree = _peel(*shape, stays, place)
    edges = _trace(*shape, stays, place)
    return Structure(place, *tree, *edges)


def _incidence(nodes: int, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return the links at each node, in order: where they begin, and their numbers."""
    at = np.concatenate((start, end))
    order = np.argsort(at, kind="stable")
    first = np.zeros(nodes + 1, dtype=np.int32)
    np.cumsum(np.bincount(at, minlength=nodes), out=first[1:])
    return first, (order % max(len(start), 1)).astype(np.int32)


@numba.njit(cache=True)
def _peel(
    first: Any, incident: Any, start: Any, end: Any, simple: Any, stays: Any, place: Any
) -> Any:
    """Take leaves away one after another; mark them TREE in `place`, return the forest's arrays."""
    n = len(place)
    degree = np.empty(n, np.int32)
    for i in range(n):
        degree[i] = first[i + 1] - first[i]
    node = np.empty(n, np.int32)
    parent = np.empty(n, np.int32)
    link = np.empty(n, np.int32)
    sign = np.empty(n, np.int8)
    count = 0
    for leaf in range(n):
        i = leaf
        while degree[i] == 1 and place[i] == CORE and not stays[i]:
            k = -1
            for at in range(first[i], first[i + 1]):
                k = incident[at]
                if place[start[k] + end[k] - i] != TREE:
                    break
            if not simple[k]:
                break
            up = start[k] + end[k] - i
            place[i] = TREE
            node[count], parent[count], link[count] = i, up, k
            sign[count] = 1 if end[k] == i else -1
            count += 1
            degree[up] -= 1
            i = up
    return node[:count].copy(), parent[:count].copy(), link[:count].copy(), sign[:count].copy()


@numba.njit(cache=True)
def _trace(  # noqa: C901, PLR0912 - one walk along the network
    first: Any, incident: Any, start: Any, end: Any, simple: Any, stays: Any, place: Any
) -> Any:
    """Follow the chains of what the trees left; mark inner nodes in `place`, return the edges."""
    n, m = len(place), len(start)
    for i in range(n):
        if place[i] != CORE or stays[i]:
            continue
        degree, ordinary = 0, True
        for at in range(first[i], first[i + 1]):
            k = incident[at]
            if place[start[k] + end[k] - i] != TREE:
                degree += 1
                ordinary = ordinary and simple[k]
        if degree == IN_SERIES and ordinary:
            place[i] = INNER
    u, v = np.empty(m, np.int32), np.empty(m, np.int32)
    begins = np.zeros(m + 1, np.int32)
    link, to = np.empty(m, np.int32), np.empty(m, np.int32)
    sign = np.empty(m, np.int8)
    plain = np.empty(m, np.bool_)
    seen = np.zeros(m, np.bool_)
    edges, segments = 0, 0
    for i in range(n):
        if place[i] == TREE or place[i] == INNER:
            continue
        for at in range(first[i], first[i + 1]):
            k = incident[at]
            if seen[k] or place[start[k] + end[k] - i] == TREE:
                continue
            u[edges] = here = i
            plain[edges] = simple[k]
            while True:
                seen[k] = True
                sign[segments] = 1 if start[k] == here else -1
                here = start[k] + end[k] - here
                link[segments], to[segments] = k, here
                segments += 1
                if place[here] != INNER:
                    break
                for beside in range(first[here], first[here + 1]):
                    other = incident[beside]
                    if not seen[other] and place[start[other] + end[other] - here] != TREE:
                        k = other
                        break
            v[edges] = here
            if not plain[edges] and sign[segments - 1] < 0:
                u[edges], v[edges] = here, i
                sign[segments - 1], to[segments - 1] = 1, i
            edges += 1
            begins[edges] = segments
    return (
        u[:edges].copy(),
        v[:edges].copy(),
        begins[: edges + 1].copy(),
        link[:segments].copy(),
        to[:segments].copy(),
        sign[:segments].copy(),
        plain[:edges].copy(),
    )
