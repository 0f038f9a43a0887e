"""The memory of a block of lanes beside the core's own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.water.batched.lanes import aligned
from models.water.network.network import Floats, Ints
from models.water.reduced.layout import Layout


class Room(NamedTuple):
    """Arrays by node of the network, of lanes unless said otherwise.

    Attributes
    ----------
    drawn
        What each node draws with its trees.
    before
        By link of the edges: what the edge draws before it.
    head
        Heads.
    extra
        What leaks of pockets add to the link towards the root; 0 between blocks.
    fall
        Head lost towards the root where all lanes draw the same: a number.
    marked
        Whether a pocket's path passes: a number.
    silent
        Whether nothing is drawn in any lane: a number.
    core_node
        By node of the core: node of the network.
    """

    drawn: Floats
    before: Floats
    head: Floats
    extra: Floats
    fall: Floats
    marked: NDArray[np.int8]
    silent: NDArray[np.int8]
    core_node: Ints


def empty_room(layout: Layout) -> Room:
    """Return memory for one block of lanes."""
    nodes = len(layout.trees.place)
    extra = aligned(nodes)
    extra[:] = 0.0
    return Room(
        drawn=aligned(nodes),
        before=aligned(len(layout.edges.link)),
        head=aligned(nodes),
        extra=extra,
        fall=np.zeros(nodes),
        marked=np.zeros(nodes, dtype=np.int8),
        silent=np.zeros(nodes, dtype=np.int8),
        core_node=layout.core_nodes,
    )
