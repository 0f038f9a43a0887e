"""The weighted graph that a partition divides: nodes with a weight, edges with a price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.water.network.network import Floats, Ints, Network
from models.water.sectors.supply import Bools

Around = list[dict[int, float]]


@dataclass(frozen=True, eq=False)
class Graph:
    """Nodes 0..n-1: `weight` of each, and `around[i]` = {neighbour: price of parting them}."""

    weight: list[float]
    around: Around

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.weight)

    def price(self, part: list[int]) -> float:
        """Return the price of all edges between different parts."""
        pairs = ((i, j, p) for i, near in enumerate(self.around) for j, p in near.items() if i < j)
        return sum(price for i, j, price in pairs if part[i] != part[j])

    def sizes(self, part: list[int], count: int) -> list[float]:
        """Return the weight of each part."""
        sizes = [0.0] * count
        for node, number in enumerate(part):
            sizes[number] += self.weight[node]
        return sizes

    def holds_without(self, part: list[int], node: int) -> bool:
        """Return whether the node's part stays in one piece, and not empty, once it leaves."""
        mine = part[node]
        near = [other for other in self.around[node] if part[other] == mine]
        if not near:
            return False  # alone: its part would vanish
        wanted = set(near[1:])
        seen, stack = {node, near[0]}, [near[0]]
        while stack and wanted:
            for other in self.around[stack.pop()]:
                if part[other] == mine and other not in seen:
                    seen.add(other)
                    wanted.discard(other)
                    stack.append(other)
        return not wanted


def graph_of(network: Network, carries: Bools, nodes: Ints, weight: Floats, price: Floats) -> Graph:
    """Return the graph of some nodes and the links of the mask among them.

    `weight` by node of the network, `price` by link; links side by side add their prices.
    """
    at = np.full(len(network.nodes), -1, dtype=np.int64)
    at[nodes] = np.arange(nodes.size)
    around: Around = [{} for _ in range(nodes.size)]
    start, end = at[network.links.start], at[network.links.end]
    for link in np.flatnonzero(carries & (start >= 0) & (end >= 0) & (start != end)).tolist():
        a, b, p = int(start[link]), int(end[link]), float(price[link])
        around[a][b] = around[a].get(b, 0.0) + p
        around[b][a] = around[b].get(a, 0.0) + p
    return Graph([float(w) for w in weight[nodes]], around)


def coarsened(graph: Graph, rng: np.random.Generator, heaviest: float) -> tuple[Graph, list[int]]:
    """Return a graph of merged pairs and where each node went.

    Dearest edges are matched first (Karypis & Kumar 1998, heavy-edge matching), in an order drawn
    from `rng`; no merged node weighs more than `heaviest`.
    """
    n = len(graph)
    mate = [-1] * n
    for node in rng.permutation(n).tolist():
        if mate[node] >= 0:
            continue
        best, most = node, 0.0
        for other, price in graph.around[node].items():
            light = graph.weight[node] + graph.weight[other] <= heaviest
            # A dead end goes with its only neighbour: nobody closes the pipe to a single farm.
            value = price / min(len(graph.around[node]), len(graph.around[other]))
            if mate[other] < 0 and light and value > most:
                best, most = other, value
        mate[node], mate[best] = best, node
    to = [-1] * n
    count = 0
    for node in range(n):
        if to[node] < 0:
            to[node] = to[mate[node]] = count
            count += 1
    weight, around = [0.0] * count, [{} for _ in range(count)]  # type: tuple[list[float], Around]
    for node in range(n):
        weight[to[node]] += graph.weight[node]
        for other, price in graph.around[node].items():
            if to[other] != to[node]:
                near = around[to[node]]
                near[to[other]] = near.get(to[other], 0.0) + price
    return Graph(weight, around), to
