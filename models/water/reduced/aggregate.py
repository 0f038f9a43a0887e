"""What trees draw, gathered at their roots, and what chains draw, summed along them, by lane."""

from __future__ import annotations

from typing import Any

from models.water.batched.lanes import load, splat, store
from models.water.reduced.jit import block
from models.water.reduced.structure import CORE

LEAST_MERGED = 0.1
"""Least r of links added up: their law is a straight line only below 1e-8 m of loss [D]."""


@block
def gather(trees: Any, edges: Any, core: Any, drawn: Any, before: Any, demand: Any) -> None:
    """Write what each link of a tree or of a chain must carry beside what is unknown.

    Parameters
    ----------
    trees, edges, core
        See `layout` and `core`.
    drawn
        Lanes of what each node draws; in place, with its trees afterwards. The flow of a tree's
        link is then what its lower node draws.
    before
        Out: lanes of what each edge draws before each of its links.
    demand
        Out: lanes of what each row of the core draws. All that an edge draws is counted at its
        second end, so that it carries one flow from end to end.
    """
    for t in range(len(trees.node)):
        up = trees.up[t]
        store(drawn, up, load(drawn, up) + load(drawn, trees.node[t]))
    for node in range(len(trees.row)):
        if trees.place[node] == CORE:
            store(demand, trees.row[node], load(drawn, node))
    for row in range(core.unknowns, core.unknowns + core.fixed):
        store(demand, row, splat(0.0))
    for e in range(len(edges.first) - 1):
        total = splat(0.0)
        last = edges.first[e + 1] - 1
        for s in range(edges.first[e], last):
            store(before, s, total)
            total = total + load(drawn, edges.to[s])
        store(before, last, total)
        row = core.last[e]
        store(demand, row, load(demand, row) + total)


@block
def merge(edges: Any, silent: Any, chains: Any) -> None:
    """Add up the losses of links in series between which nothing is drawn.

    Parameters
    ----------
    silent
        By node: draws nothing in any lane, nor do its trees.
    chains
        Out: see `edges.Chains`.
    """
    first, segment, r, minor = chains.first, chains.segment, chains.r, chains.minor
    count = 0
    for e in range(len(edges.first) - 1):
        first[e] = count
        for s in range(edges.first[e], edges.first[e + 1]):
            if (
                s > edges.first[e]
                and silent[edges.to[s - 1]]
                and min(edges.r[s], edges.r[s - 1]) > LEAST_MERGED
            ):
                r[count - 1] += edges.r[s]
                minor[count - 1] += edges.minor[s]
                continue
            segment[count], r[count], minor[count] = s, edges.r[s], edges.minor[s]
            count += 1
    first[len(edges.first) - 1] = count
