"""Shutting off part of a network: which valves, who is without water, for how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.water.disasters.segments import Segments
from models.water.network.network import Floats, Ints, LinkKind, Network
from models.water.sectors.faults import checked_links, checked_nodes, checked_weights
from models.water.sectors.supply import Bools, sources, usable

_ONE_WAY = frozenset({LinkKind.CHECK_VALVE_PIPE, LinkKind.PUMP, LinkKind.PRV, LinkKind.PSV})


@dataclass(frozen=True)
class IsolationTimes:
    """How long an isolation lasts, hours [U]: figures of the service replace them.

    `reach_h` until the crew is there, `valve_h` for each valve, `repair_h` until water is back.
    """

    reach_h: float = 1.0
    valve_h: float = 0.25
    repair_h: float = 5.0

    def dry_h(self, valves: int) -> float:
        """Return hours without water: each valve is opened again before it ends."""
        return self.repair_h + 2.0 * self.valve_h * valves

    def running_h(self, valves: int) -> float:
        """Return hours a break runs before it is shut off."""
        return self.reach_h + self.valve_h * valves


@dataclass(frozen=True, eq=False)
class Isolation:
    """What shutting off segments does.

    Attributes
    ----------
    segments : Ints
        Those shut off.
    valves : Ints
        Positions in the valves, all to be closed.
    inside : Ints
        Nodes in the segments.
    cut_off : Ints
        Nodes outside that no longer have a way to a source.
    links : Ints
        Links with any part in the segments.
    people : float
        On nodes without water, inside or cut off.
    running_h, dry_h : float
        Hours until the valves are closed, and then until water is back.
    """

    segments: Ints
    valves: Ints
    inside: Ints
    cut_off: Ints
    links: Ints
    people: float
    running_h: float
    dry_h: float

    @property
    def without_water(self) -> Ints:
        """Nodes without water, ascending."""
        return np.union1d(self.inside, self.cut_off).astype(np.int32)

    @property
    def people_hours(self) -> float:
        """People without water times hours."""
        return self.people * self.dry_h


def isolate(
    network: Network,
    segments: Segments,
    people: ArrayLike,
    *,
    links: ArrayLike = (),
    nodes: ArrayLike = (),
    times: IsolationTimes | None = None,
) -> Isolation:
    """Shut off every segment that holds some of these links and nodes.

    Water goes one way through check valves, pumps, PRVs and PSVs. A tank counts as a source: it
    feeds what hangs below it until it is empty (see `hours_until_empty`).

    Parameters
    ----------
    network, segments
        See `find_segments`.
    people
        By node; shape (nodes,).
    links, nodes
        What must be shut off: a broken pipe, a polluted node.
    times
        `IsolationTimes()` if None.

    Raises
    ------
    InputError
        A link or node that does not exist; a wrong shape.
    """
    lived = checked_weights("people", people, len(network.nodes))
    broken = checked_links(network, links, "links")
    polluted = checked_nodes(network, nodes, "nodes")
    wanted = np.union1d(segments.link[broken], segments.node[polluted]).astype(np.int32)
    shut_nodes, shut_links = np.isin(segments.node, wanted), np.isin(segments.link, wanted)
    one, other = np.isin(segments.node_side, wanted), np.isin(segments.link_side, wanted)
    valves = np.flatnonzero(one != other).astype(np.int32)
    fixed = sources(network)
    way = _Ways(network)
    before = way.reached(fixed, usable(network))
    # A link whose valve was just closed at one end carries nothing, even if it lies outside.
    shut_links[segments.valves.link[valves]] = True
    after = way.reached(fixed & ~shut_nodes, usable(network) & ~shut_links)
    cut_off = before & ~after & ~shut_nodes
    hours = times or IsolationTimes()
    return Isolation(
        wanted,
        valves,
        np.flatnonzero(shut_nodes).astype(np.int32),
        np.flatnonzero(cut_off).astype(np.int32),
        np.flatnonzero(np.isin(segments.link, wanted)).astype(np.int32),
        float(lived[shut_nodes | cut_off].sum()),
        hours.running_h(valves.size),
        hours.dry_h(valves.size),
    )


def people_by_segment(network: Network, segments: Segments, people: ArrayLike) -> Floats:
    """Return the people without water when each segment in turn is shut off; shape (segments,)."""
    lived = checked_weights("people", people, len(network.nodes))
    fixed, carries = sources(network), usable(network)
    way = _Ways(network)
    before = way.reached(fixed, carries)
    counts = np.zeros(segments.count)
    valves = segments.valves
    for number in range(segments.count):
        shut = segments.node == number
        barred = segments.link == number
        barred[valves.link[segments.node_side == number]] = True
        after = way.reached(fixed & ~shut, carries & ~barred)
        counts[number] = lived[shut | (before & ~after)].sum()
    return counts


class _Ways:
    """Where water may go from each node, link by link."""

    def __init__(self, network: Network) -> None:
        self._onward: list[list[tuple[int, int]]] = [[] for _ in range(len(network.nodes))]
        starts, ends = network.links.start.tolist(), network.links.end.tolist()
        for link, kind in enumerate(network.links.kind.tolist()):
            self._onward[starts[link]].append((ends[link], link))
            if kind not in _ONE_WAY:
                self._onward[ends[link]].append((starts[link], link))

    def reached(self, fixed: Bools, carries: Bools) -> Bools:
        """Return which nodes water reaches from the sources of the mask by links of the other."""
        open_links = carries.tolist()
        reached = fixed.tolist()
        stack = np.flatnonzero(fixed).tolist()
        while stack:
            for other, link in self._onward[stack.pop()]:
                if open_links[link] and not reached[other]:
                    reached[other] = True
                    stack.append(other)
        return np.array(reached, dtype=np.bool_)
