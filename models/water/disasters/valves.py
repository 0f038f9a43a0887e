"""Where isolation valves stand: on a link, at one of its ends.

A planner's own list replaces the default rule, which is that of most design guides: at each branch,
a valve on every pipe but one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from models.water.network.network import Ints, Network
from models.water.sectors.faults import links_named, nodes_named
from models.water.sectors.supply import sources
from twin.errors import Fault, InputError
from twin.lang import Text

Rule = Literal["all", "all-but-one", "ends"]
_BRANCH = 3


@dataclass(frozen=True, eq=False)
class Valves:
    """Isolation valves: on `link`, just beside `node`; shape (valves,)."""

    link: Ints
    node: Ints

    def __len__(self) -> int:
        """Return the number of valves."""
        return int(self.link.size)


def valves_at(network: Network, link: ArrayLike, node: ArrayLike) -> Valves:
    """Return valves at these positions, without repeats.

    Raises
    ------
    InputError
        A link or node that does not exist, or a node that is no end of its link; all are named.
    """
    links, nodes = np.asarray(link, dtype=np.int64), np.asarray(node, dtype=np.int64)
    faults = []
    count, others = len(network.links), len(network.nodes)
    for row, (a, b) in enumerate(zip(links.tolist(), nodes.tolist(), strict=True), start=1):
        if not (0 <= a < count and 0 <= b < others):
            remedy = Text("retirer cette vanne", "remove this valve")
            text = Text("une conduite et un nœud du réseau", "a link and a node of the network")
            faults.append(Fault(text, remedy, key=f"valve {row}", value=f"{a}, {b}"))
        elif b not in (network.links.start[a], network.links.end[a]):
            ends = [network.nodes.ids[e] for e in (network.links.start[a], network.links.end[a])]
            text = Text(f"{ends[0]} ou {ends[1]}", f"{ends[0]} or {ends[1]}")
            remedy = Text("nommer une extrémité de la conduite", "name an end of the link")
            value = f"{network.links.ids[a]}, {network.nodes.ids[b]}"
            faults.append(Fault(text, remedy, key=f"valve {row}", value=value))
    if faults:
        raise InputError(*faults)
    places = np.unique(np.stack([links, nodes]).reshape(2, -1), axis=1).astype(np.int32)
    return Valves(places[0], places[1])


def valves_named(network: Network, link: list[str], node: list[str]) -> Valves:
    """Return valves on these links, each beside the node of the same rank.

    Raises
    ------
    InputError
        Names that are none, with the nearest ones; a node that is no end of its link.
    """
    return valves_at(
        network,
        links_named(network, link, "valves.link"),
        nodes_named(network, node, "valves.node"),
    )


def default_valves(network: Network, rule: Rule = "all-but-one") -> Valves:
    """Return valves by a rule, on pipes only.

    Parameters
    ----------
    network
        Whose pipes get them.
    rule
        "all": at each end of each pipe. "all-but-one": where three pipes or more meet, on each but
        the widest (the longest among equals), and beside every source. "ends": only beside
        sources, pumps and control valves.
    """
    degree = np.bincount(
        np.concatenate([network.links.start, network.links.end]), minlength=len(network.nodes)
    )
    fixed, pipes = sources(network), network.pipes
    links, nodes = [], []
    wide = np.where(pipes, network.links.diameter_m, np.inf)
    for node in range(len(network.nodes)):
        around = np.flatnonzero((network.links.start == node) | (network.links.end == node))
        mine = around[pipes[around]]
        if rule == "all" or fixed[node] or mine.size < around.size:
            chosen = mine
        elif rule == "all-but-one" and degree[node] >= _BRANCH:
            order = np.lexsort((around, network.links.length_m[around], wide[around]))
            chosen = np.setdiff1d(mine, around[order[-1:]])
        else:
            continue
        links += chosen.tolist()
        nodes += [node] * chosen.size
    return valves_at(network, links, nodes)
