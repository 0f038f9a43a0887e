"""Bridges: links whose loss would divide what they join, and the tree they form.

Depth-first search with low numbers (Tarjan 1974, Information Processing Letters 2, 160-161), made
iterative so that a long rural pipe of a thousand nodes cannot exhaust the stack.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.water.network.network import Ints, Network
from models.water.sectors.supply import Bools, components, neighbours


@dataclass(frozen=True, eq=False)
class BridgeTree:
    """Blocks (parts without a bridge) and the bridges that join them, one tree an area.

    Attributes
    ----------
    block : Ints
        Block of each node, shape (nodes,); -1 for sources.
    area : Ints
        Area of each block: blocks joined without passing a source. Shape (blocks,).
    parent : Ints
        Parent block; -1 for an area's root. A parent has a smaller number than its children.
    link : Ints
        The bridge to the parent; -1 for a root.
    """

    block: Ints
    area: Ints
    parent: Ints
    link: Ints


def find_bridges(network: Network, carries: Bools) -> Bools:
    """Return which links of the mask are bridges among themselves; shape (links,)."""
    around = neighbours(network, carries)
    n = len(around)
    order, low = [-1] * n, [0] * n
    bridge = np.zeros(len(network.links), dtype=np.bool_)
    clock = 0
    for root in range(n):
        if order[root] >= 0:
            continue
        order[root] = low[root] = clock
        clock += 1
        stack = [(root, -1, iter(around[root]))]
        while stack:
            node, by, rest = stack[-1]
            for other, link in rest:
                if link == by or other == node:
                    continue
                if order[other] < 0:
                    order[other] = low[other] = clock
                    clock += 1
                    stack.append((other, link, iter(around[other])))
                    break
                low[node] = min(low[node], order[other])
            else:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[node])
                    bridge[by] = low[node] > order[above]
    return bridge


def bridge_tree(network: Network, carries: Bools, fixed: Bools, roots: Ints) -> BridgeTree:
    """Return the blocks between junctions and the bridges that join them.

    Parameters
    ----------
    network, carries
        Links to be followed; shape (links,).
    fixed
        Sources: what touches them is no part of any block; shape (nodes,).
    roots
        Junctions beside a source: the first one met in an area is in its root block.
    """
    inner = carries & ~fixed[network.links.start] & ~fixed[network.links.end]
    bridge = find_bridges(network, inner)
    label = components(network, inner & ~bridge)
    junctions = np.flatnonzero(~fixed)
    around: dict[int, list[tuple[int, int]]] = {int(b): [] for b in label[junctions]}
    for link in np.flatnonzero(bridge).tolist():
        a, b = int(label[network.links.start[link]]), int(label[network.links.end[link]])
        around[a].append((b, link))
        around[b].append((a, link))
    number: dict[int, int] = {}
    area: list[int] = []
    parent: list[int] = []
    by: list[int] = []
    areas = 0
    for root in [*label[roots].tolist(), *around]:
        if root in number:
            continue
        base = len(area)
        queue = [(root, -1, -1)]
        number[root] = base
        for at, (block, above, link) in enumerate(queue):
            area.append(areas)
            parent.append(above)
            by.append(link)
            for other, onward in around[block]:
                if other not in number:
                    number[other] = base + len(queue)
                    queue.append((other, base + at, onward))
        areas += 1
    named = np.full(int(label.max(initial=0)) + 1, -1, dtype=np.int32)
    for block, at in number.items():
        named[block] = at
    return BridgeTree(
        np.where(fixed, -1, named[label]).astype(np.int32),
        np.array(area, dtype=np.int32),
        np.array(parent, dtype=np.int32),
        np.array(by, dtype=np.int32),
    )
