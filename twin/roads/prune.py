"""A road graph without its dead ends and bends: fewer nodes, the same ways between those kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.roads.eliminate import eliminate
from twin.roads.graph import RoadGraph
from twin.roads.weave import Links, weave

Weight: TypeAlias = Literal["time", "length"]

NEIGHBOURS = 2
"""A node with no more is a dead end or a bend, and goes."""


class Pruned(NamedTuple):
    """The pruned graph, and which node of the whole graph each of its nodes is, shape (nodes,)."""

    graph: RoadGraph
    node: NDArray[np.int64]


def prune(graph: RoadGraph, terminals: NDArray[np.int64], weight: Weight = "time") -> Pruned:
    """Return the graph without the nodes that no best way between kept nodes needs.

    Nodes with at most two neighbours go, again and again until none is left; a node that can be
    left or reached but not both, too, once it has no more than two. Best is the least `weight`;
    among ways of equal weight, the one that takes least of the other (the shortest of the fastest,
    or the fastest of the shortest). Both figures of the best way are *exactly* those of the whole
    graph, between any two nodes kept, because sums of grained figures are exact
    (:data:`twin.roads.graph.GRAIN`). Parallel arcs and arcs that only duplicate a better one are
    dropped.

    Parameters
    ----------
    graph
        The whole graph.
    terminals
        Nodes that must stay.
    weight
        What the best way is best at: "time" or "length".
    """
    spared = np.zeros(graph.nodes, dtype=np.bool_)
    spared[terminals] = True
    cost, load = weighed(graph, weight)
    links = weave(graph.nodes, graph.tail, graph.head, cost, load)
    done = eliminate(links, spared, NEIGHBOURS, False)  # noqa: FBT003 - compiled: by position
    tail, head, cost, load = _arcs(done.links, done.gone)
    kept = np.flatnonzero(~done.gone)
    number = np.cumsum(~done.gone) - 1
    length_m, time_s = (load, cost) if weight == "time" else (cost, load)
    return Pruned(
        replace(
            graph,
            x_m=graph.x_m[kept],
            y_m=graph.y_m[kept],
            tail=number[tail],
            head=number[head],
            length_m=length_m,
            time_s=time_s,
        ),
        kept,
    )


def weighed(graph: RoadGraph, weight: Weight) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the best way is best at, and what is carried along, each of shape (arcs,)."""
    if weight == "time":
        return graph.time_s, graph.length_m
    return graph.length_m, graph.time_s


@njit(cache=True)
def _arcs(
    links: Links, gone: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the open ways between nodes that stay as arcs, link after link."""
    tail = np.empty(links.used, np.int64)
    head = np.empty(links.used, np.int64)
    cost = np.empty(links.used, np.float64)
    load = np.empty(links.used, np.float64)
    count = 0
    for half in range(links.used):
        start, stop = links.end[half ^ 1], links.end[half]
        if links.cost[half] < np.inf and not gone[start] and not gone[stop]:
            tail[count], head[count] = start, stop
            cost[count], load[count] = links.cost[half], links.load[half]
            count += 1
    return tail[:count], head[:count], cost[:count], load[:count]
