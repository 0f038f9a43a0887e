"""A polluted node: how far the water has gone, and what to shut off."""

from __future__ import annotations

import heapq
import math

import numpy as np
from numpy.typing import ArrayLike

from models.water.disasters.isolation import Isolation, IsolationTimes, isolate
from models.water.disasters.segments import Segments
from models.water.network.network import Floats, Network
from models.water.sectors.faults import checked_nodes
from twin.errors import Fault, InputError
from twin.lang import Text

_STILL_M3S = 1e-9
"""Below this a pipe stands still."""


def arrival_s(network: Network, node: int, flows_m3s: ArrayLike) -> Floats:
    """Return when water from a node first arrives at each node; shape (nodes,), infinite if never.

    Plug flow at steady flows: a pipe takes its volume over its flow; pumps and valves take no time
    and tanks pass water on at once (safe side).

    Parameters
    ----------
    network, node
        Where the pollution enters.
    flows_m3s
        From start to end of each link; shape (links,).

    Raises
    ------
    InputError
        A node that does not exist; flows of another shape or that are no numbers.
    """
    checked_nodes(network, [node], "node")
    flow = np.asarray(flows_m3s, dtype=np.float64)
    if flow.shape != (len(network.links),) or not bool(np.isfinite(flow).all()):
        raise InputError(
            Fault(
                Text("un débit par conduite", "one flow a link"),
                Text("donner les débits d'un calcul réussi", "give the flows of a solved network"),
                key="flows_m3s",
                value=str(flow.shape),
            )
        )
    links = network.links
    volume_m3 = np.where(network.pipes, math.pi / 4.0 * links.diameter_m**2 * links.length_m, 0.0)
    onward: list[list[tuple[int, float]]] = [[] for _ in range(len(network.nodes))]
    for link in np.flatnonzero(np.abs(flow) > _STILL_M3S).tolist():
        a, b = int(links.start[link]), int(links.end[link])
        takes = float(volume_m3[link] / abs(flow[link]))
        if flow[link] > 0.0:
            onward[a].append((b, takes))
        else:
            onward[b].append((a, takes))
    first = [math.inf] * len(network.nodes)
    first[node] = 0.0
    queue = [(0.0, node)]
    while queue:
        now, here = heapq.heappop(queue)
        if now > first[here]:
            continue
        for other, takes in onward[here]:
            if now + takes < first[other]:
                first[other] = now + takes
                heapq.heappush(queue, (first[other], other))
    return np.array(first)


def contain(
    network: Network,
    segments: Segments,
    people: ArrayLike,
    node: int,
    *,
    flows_m3s: ArrayLike | None = None,
    after_s: float = 0.0,
    times: IsolationTimes | None = None,
) -> Isolation:
    """Shut off all that polluted water has reached.

    Parameters
    ----------
    network, segments, people, times
        See `isolate`.
    node
        Where the pollution enters.
    flows_m3s
        See `arrival_s`; None: only the node's own segment is shut off.
    after_s
        From the pollution to the closing of the valves: what is reached by then is shut off.

    Raises
    ------
    InputError
        See `arrival_s` and `isolate`.
    """
    checked_nodes(network, [node], "node")
    reached = np.array([node])
    links = np.zeros(0, dtype=np.int64)
    if flows_m3s is not None:
        first = arrival_s(network, node, flows_m3s)
        reached = np.flatnonzero(first <= after_s)
        flow = np.asarray(flows_m3s, dtype=np.float64)
        upstream = np.where(flow > 0.0, network.links.start, network.links.end)
        links = np.flatnonzero((first[upstream] < after_s) & (np.abs(flow) > _STILL_M3S))
    return isolate(network, segments, people, nodes=reached, links=links, times=times)
