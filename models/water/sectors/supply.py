"""How water can go: open links, what they join, how far a node lies from its nearest source.

A source is a node whose head is given: a reservoir or a tank. A link that starts closed but that a
control opens counts as open.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import Floats, Ints, Network, NodeKind
from models.water.sectors.faults import refuse_dry

Bools = NDArray[np.bool_]
Neighbours = list[list[tuple[int, int]]]
"""By node, its (neighbour, link) pairs."""


def sums(labels: Ints, values: Floats, count: int) -> Floats:
    """Return the sum of values under each label below `count`; negative labels are left out."""
    inside = labels >= 0
    summed = np.bincount(labels[inside], weights=values[inside], minlength=count)
    return summed.astype(np.float64)


def sources(network: Network) -> Bools:
    """Return which nodes are reservoirs or tanks; shape (nodes,)."""
    return np.asarray(network.nodes.kind != NodeKind.JUNCTION)


def usable(network: Network, closed: Iterable[int] = ()) -> Bools:
    """Return which links carry water or may; shape (links,). `closed` ones do not."""
    carries: Bools = network.links.open.copy()
    for control in network.controls:
        carries[control.link] |= control.opens
    carries[list(closed)] = False
    return carries


def neighbours(network: Network, carries: Bools) -> Neighbours:
    """Return by node its (neighbour, link) pairs over the links of the mask `carries`."""
    found: Neighbours = [[] for _ in range(len(network.nodes))]
    starts, ends = network.links.start.tolist(), network.links.end.tolist()
    for link in np.flatnonzero(carries).tolist():
        a, b = starts[link], ends[link]
        found[a].append((b, link))
        found[b].append((a, link))
    return found


def components(network: Network, carries: Bools, joined: Bools | None = None) -> Ints:
    """Return the number of each node's connected part; shape (nodes,).

    Nodes of the mask `joined` count as one. Parts are numbered from 0 by their first node.
    """
    from scipy import sparse

    n = len(network.nodes)
    start, end = network.links.start[carries], network.links.end[carries]
    if joined is not None and joined.any():
        together = np.flatnonzero(joined)
        start = np.concatenate([start, together[:-1]])
        end = np.concatenate([end, together[1:]])
    graph = sparse.coo_array((np.ones(start.size, dtype=np.int8), (start, end)), shape=(n, n))
    _, label = sparse.csgraph.connected_components(graph, directed=False)
    _, first = np.unique(label, return_index=True)
    rank = np.empty(first.size, dtype=np.int32)
    rank[np.argsort(first)] = np.arange(first.size, dtype=np.int32)
    numbered: Ints = rank[label]
    return numbered


def dry_junctions(network: Network, carries: Bools) -> Ints:
    """Return the junctions that no open link joins to a source, whatever the pressures."""
    fixed = sources(network)
    if not fixed.any():
        return np.flatnonzero(~fixed).astype(np.int32)
    label = components(network, carries, joined=fixed)
    return np.flatnonzero(label != label[fixed][0]).astype(np.int32)


def check_supplied(network: Network) -> None:
    """Raise a DataError naming the junctions that are joined to no source."""
    refuse_dry(network, dry_junctions(network, usable(network)).tolist())


def distance_m(network: Network, carries: Bools) -> Floats:
    """Return each node's length of pipe to its nearest source; infinite where there is none."""
    length = network.links.length_m.tolist()
    around = neighbours(network, carries)
    far = [np.inf] * len(network.nodes)
    queue = [(0.0, node) for node in np.flatnonzero(sources(network)).tolist()]
    for _, node in queue:
        far[node] = 0.0
    while queue:
        here, node = heapq.heappop(queue)
        if here > far[node]:
            continue
        for other, link in around[node]:
            there = here + length[link]
            if there < far[other]:
                far[other] = there
                heapq.heappush(queue, (there, other))
    return np.array(far)


def far_ends(network: Network) -> Ints:
    """Return by link the end that lies farther from the sources; -1 between two sources.

    A meter stands at the other end: the pipe belongs to the district of its far end. Equal
    distances: the end of higher number. A link that never opens counts too: its pipe leaks.
    """
    start, end = network.links.start, network.links.end
    far = distance_m(network, usable(network))
    fixed = sources(network)
    further = (far[end] > far[start]) | ((far[end] == far[start]) & (end > start))
    further = np.where(fixed[start] == fixed[end], further, ~fixed[end])
    chosen = np.where(further, end, start)
    return np.where(fixed[start] & fixed[end], -1, chosen).astype(np.int32)
