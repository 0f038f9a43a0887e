"""Pressure reducing valves: where the ground falls away under the tower."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.water.rural.layout import Layout
from models.water.rural.loops import on_loops
from models.water.rural.sizing import Sized, largest_below

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WORTH_M = 15.0
"""A valve takes away so much head at least [U]."""
MARGIN_M = 2.0
BEARABLE_M = 95.0
"""Static pressure beyond which homes are given a valve of their own [U]."""


class Reducer(NamedTuple):
    """A valve on the pipe above `node` that holds `head_m` behind it."""

    node: int
    head_m: float


def too_high(
    layout: Layout, sized: Sized, valves: list[Reducer], static_m: float, served: Bools
) -> Ints:
    """Return the nodes of `served` whose static pressure valves have left beyond the bearable."""
    held = {valve.node: valve.head_m for valve in valves}
    head = np.full(len(layout.parent), static_m)
    for i in sized.order.tolist():
        if layout.parent[i] >= 0:
            head[i] = held.get(i, head[layout.parent[i]])
    return np.flatnonzero(served & (head - layout.ground_m > BEARABLE_M))


def reducers(layout: Layout, sized: Sized, static_m: float, most_m: float) -> list[Reducer]:
    """Return the valves that keep static pressures under a limit.

    From the tower down: a valve goes on the pipe above a part of the tree where pressure passes
    the limit, with the head that part needs at the peak; as far down as one valve still does it.
    Pipes on loops take none, since water would go round. Where no valve helps (the part needs the
    head for a hill of its own), the pressure stays.

    Parameters
    ----------
    layout, sized
        The plan and its sizes.
    static_m
        Head of the full tank.
    most_m
        Greatest static pressure wanted.
    """
    parent, order = layout.parent, sized.order
    looped = on_loops(parent, order, layout.loops)
    need = largest_below(parent, order, layout.ground_m + sized.least_m + sized.loss_m)
    need = need - sized.loss_m + MARGIN_M
    low = -largest_below(parent, order, -layout.ground_m)
    children: list[list[int]] = [[] for _ in range(len(parent))]
    for i in order.tolist():
        if parent[i] >= 0:
            children[parent[i]].append(i)

    def mends(node: int, head: float) -> bool:
        return bool(
            not looped[node] and head - need[node] >= WORTH_M and need[node] - low[node] <= most_m
        )

    found: list[Reducer] = []
    waiting = [(layout.root, static_m)]
    while waiting:
        above, head = waiting.pop()
        for node in children[above]:
            if head - low[node] <= most_m:
                continue
            below = [c for c in children[node] if head - low[c] > most_m]
            over = head - layout.ground_m[node] > most_m
            later = not over and len(below) == 1 and mends(below[0], head)
            helps = not looped[node] and head - need[node] >= WORTH_M
            if helps and not later and (mends(node, head) or over):
                found.append(Reducer(node, float(need[node])))
                waiting.append((node, float(need[node])))
            else:
                waiting.append((node, head))
    return found
