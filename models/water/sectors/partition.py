"""Balanced partition of a looped network into parts in one piece, with few pipes between them.

Multilevel (Hendrickson & Leland 1995; Karypis & Kumar 1998): merge pairs of nodes until few are
left, grow the parts there from distant seeds, then undo the merges one level at a time and improve
each. Several starts, the best kept. A heuristic: `tests/oracles/test_sectors_exact.py` compares it
with every partition of small graphs.
"""

from __future__ import annotations

import heapq
from collections import deque

import numpy as np

from models.water.sectors.graph import Graph, coarsened
from models.water.sectors.refine import Bounds, Standing, refine, standing
from twin.errors import Fault, InputError
from twin.lang import Text

STARTS = 12
TOLERANCE = 0.25
"""A part may weigh this much more than its fair share."""

_COARSEST = 30
_NODES_PER_PART = 5
_SHRINK = 0.95


def partition(
    graph: Graph, count: int, tolerance: float = TOLERANCE, starts: int = STARTS, seed: int = 0
) -> list[int]:
    """Return the part of each node, from 0 to count - 1, of a connected graph.

    Parameters
    ----------
    graph
        A connected graph.
    count
        How many parts.
    tolerance
        A part may weigh between 1 - 2 tolerance and 1 + tolerance times its fair share, or as much
        as the heaviest node. Held where the search finds how; the least excess otherwise.
    starts
        Searches from different draws; the best is kept.
    seed
        Of these draws.

    Raises
    ------
    InputError
        More parts than nodes.
    """
    if not 1 <= count <= len(graph):
        raise InputError(
            Fault(
                Text(f"entre 1 et {len(graph)} secteurs", f"from 1 to {len(graph)} districts"),
                Text("en demander moins", "ask for fewer"),
                key="k",
                value=str(count),
            )
        )
    if count == 1:
        return [0] * len(graph)
    bounds = bounds_of(graph, count, tolerance)
    best: tuple[Standing, list[int]] | None = None
    for start in range(starts):
        rng = np.random.Generator(np.random.Philox(key=[seed, start]))
        part = _multilevel(graph, bounds, rng)
        found = standing(graph, part, bounds)
        if best is None or found < best[0]:
            best = (found, part)
    return [] if best is None else best[1]


def bounds_of(graph: Graph, count: int, tolerance: float) -> Bounds:
    """Return what a part may weigh."""
    fair = sum(graph.weight) / count
    heaviest = max((1.0 + tolerance) * fair, *graph.weight)
    return Bounds(count, max(0.0, 1.0 - 2.0 * tolerance) * fair, heaviest)


def _multilevel(graph: Graph, bounds: Bounds, rng: np.random.Generator) -> list[int]:
    levels, moves = [graph], list[list[int]]()
    heaviest = bounds.ceiling / 3.0
    while len(levels[-1]) > max(_COARSEST, _NODES_PER_PART * bounds.parts):
        smaller, to = coarsened(levels[-1], rng, heaviest)
        if len(smaller) > _SHRINK * len(levels[-1]):
            break
        levels.append(smaller)
        moves.append(to)
    part = refine(levels[-1], _grown(levels[-1], bounds.parts, rng), bounds)
    for level, to in zip(levels[-2::-1], moves[::-1], strict=True):
        part = refine(level, [part[to[node]] for node in range(len(level))], bounds)
    return part


def _grown(graph: Graph, count: int, rng: np.random.Generator) -> list[int]:
    """Grow parts from seeds far from one another, the lightest part taking the next node."""
    seeds = [int(rng.integers(len(graph)))]
    away = _hops(graph, seeds[0])
    while len(seeds) < count:
        # Among the farthest, any: starts differ by these draws.
        order = sorted((i for i in range(len(graph)) if i not in seeds), key=lambda i: -away[i])
        pick = order[int(rng.integers(min(3, len(order))))]
        seeds.append(pick)
        away = [min(a, b) for a, b in zip(away, _hops(graph, pick), strict=True)]
    part = [-1] * len(graph)
    edges: list[list[tuple[float, int]]] = [[] for _ in seeds]
    queue = []
    for number, node in enumerate(seeds):
        part[node] = number
        queue.append((graph.weight[node], number))
    for number, node in enumerate(seeds):
        _look(graph, part, node, edges[number])
    heapq.heapify(queue)
    while queue:
        size, number = heapq.heappop(queue)
        node = -1
        while edges[number] and node < 0:
            found = heapq.heappop(edges[number])[1]
            node = found if part[found] < 0 else -1
        if node < 0:
            continue
        part[node] = number
        _look(graph, part, node, edges[number])
        heapq.heappush(queue, (size + graph.weight[node], number))
    return part


def _look(graph: Graph, part: list[int], node: int, edges: list[tuple[float, int]]) -> None:
    for other, price in graph.around[node].items():
        if part[other] < 0:
            heapq.heappush(edges, (-price, other))


def _hops(graph: Graph, root: int) -> list[int]:
    hops = [-1] * len(graph)
    hops[root] = 0
    queue = deque([root])
    while queue:
        node = queue.popleft()
        for other in graph.around[node]:
            if hops[other] < 0:
                hops[other] = hops[node] + 1
                queue.append(other)
    return hops
