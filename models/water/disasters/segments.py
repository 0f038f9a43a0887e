"""Segments: what isolation valves separate, the smallest parts that can be shut off.

Components of the graph whose vertices are nodes and links and whose edges join a link to its ends,
without those that carry a valve (Walski 1993, J. AWWA 85(7), 109-113; Jun & Loganathan 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.water.disasters.valves import Valves
from models.water.network.network import Ints, Network


@dataclass(frozen=True, eq=False)
class Segments:
    """Segments numbered from 0 by their first node, those without a node after.

    Attributes
    ----------
    node, link : Ints
        Segment of each node and link.
    valves : Valves
        The valves that made them.
    node_side, link_side : Ints
        Segment on either side of each valve; equal where a valve separates nothing.
    count : int
        Number of segments.
    """

    node: Ints
    link: Ints
    valves: Valves
    node_side: Ints
    link_side: Ints
    count: int


def find_segments(network: Network, valves: Valves) -> Segments:
    """Return the segments of a network."""
    from scipy import sparse

    nodes, links = len(network.nodes), len(network.links)
    every = np.arange(links)
    ends = np.concatenate([network.links.start, network.links.end]).astype(np.int64)
    of = np.concatenate([every, every])
    closed = np.isin(of * nodes + ends, valves.link.astype(np.int64) * nodes + valves.node)
    graph = sparse.coo_array(
        (np.ones(int((~closed).sum()), dtype=np.int8), (ends[~closed], nodes + of[~closed])),
        shape=(nodes + links, nodes + links),
    )
    count, label = sparse.csgraph.connected_components(graph, directed=False)
    _, first = np.unique(label, return_index=True)
    rank = np.empty(count, dtype=np.int32)
    rank[np.argsort(first)] = np.arange(count, dtype=np.int32)
    label = rank[label]
    node, link = label[:nodes], label[nodes:]
    return Segments(node, link, valves, node[valves.node], link[valves.link], int(count))
