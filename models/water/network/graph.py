"""A water network as a networkx graph, for what divides, draws or walks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.water.network.network import LinkKind, Network, NodeKind

if TYPE_CHECKING:
    import networkx as nx


def as_graph(network: Network) -> nx.MultiGraph:
    """Return the network as an undirected graph with parallel edges.

    Nodes are named by their id and carry `index` (position in the arrays), `kind`
    (:class:`NodeKind`), `elevation_m`, `x_m`, `y_m`. Edges have the link's id as key and carry
    `index`, `kind` (:class:`LinkKind`), `start` (id of the node a positive flow leaves),
    `length_m`, `diameter_m` (0 where the kind has none) and `open` (status at the start).
    """
    import networkx as nx

    graph = nx.MultiGraph(title=network.title)
    nodes, links = network.nodes, network.links
    for i, name in enumerate(nodes.ids):
        graph.add_node(
            name,
            index=i,
            kind=NodeKind(nodes.kind[i]),
            elevation_m=float(nodes.elevation_m[i]),
            x_m=float(nodes.x_m[i]),
            y_m=float(nodes.y_m[i]),
        )
    for i, name in enumerate(links.ids):
        start = nodes.ids[links.start[i]]
        graph.add_edge(
            start,
            nodes.ids[links.end[i]],
            key=name,
            index=i,
            kind=LinkKind(links.kind[i]),
            start=start,
            length_m=float(links.length_m[i]),
            diameter_m=float(links.diameter_m[i]),
            open=bool(links.open[i]),
        )
    return graph
