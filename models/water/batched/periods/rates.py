"""Flows in and out of the pipes of one lane, for its ledger."""

from __future__ import annotations

import numpy as np

from models.water.batched.periods.simulation import Round
from models.water.batched.status import CLOSED
from models.water.epanet.volumes import Rates
from models.water.network.network import Floats, Network, NodeKind


class Sources:
    """Links at reservoirs and tanks of a network, and which way they bring water."""

    def __init__(self, network: Network) -> None:
        kind, links = network.nodes.kind, network.links
        start, end = kind[links.start], kind[links.end]
        self.junction = kind == NodeKind.JUNCTION
        self.reservoirs = np.flatnonzero(kind == NodeKind.RESERVOIR)
        self.at_reservoir = np.flatnonzero(
            (start == NodeKind.RESERVOIR) | (end == NodeKind.RESERVOIR)
        )
        self.to_junction = np.flatnonzero(
            (start == NodeKind.JUNCTION) != (end == NodeKind.JUNCTION)
        )
        self.sign = np.where(start[self.to_junction] == NodeKind.JUNCTION, -1.0, 1.0)
        self.start, self.end = links.start[self.at_reservoir], links.end[self.at_reservoir]


def delivered_m3s(network: Network, found: Round, lane: int = 0) -> Floats:
    """Return what consumers of a lane take, shape (nodes,): 0 but at junctions."""
    column = _column(found.solution.delivered_m3s, lane)
    values: Floats = np.where(network.nodes.kind == NodeKind.JUNCTION, column, 0.0)
    return values


def wanted_m3s(network: Network, found: Round, lane: int = 0) -> Floats:
    """Return what consumers of a lane ask for, shape (nodes,)."""
    column = _column(found.state.demand_m3s, lane)
    values: Floats = np.where(network.nodes.kind == NodeKind.JUNCTION, column, 0.0)
    return values


def _column(values: Floats, lane: int) -> Floats:
    if values.ndim == 1:
        return values
    column: Floats = values[:, lane if values.shape[1] > 1 else 0]
    return column


def rates_of(network: Network, sources: Sources, found: Round, lane: int = 0) -> Rates:
    """Return the flows in and out of the pipes of a lane, as EPANET's engine counts them."""
    flow, closed = found.solution.flows_m3s[:, lane], found.code[:, lane] <= CLOSED
    taken = delivered_m3s(network, found, lane)
    consumed, produced = _sides(taken)
    leaked, drawn_in = _sides(found.solution.leak_m3s[:, lane])
    into = np.zeros(len(taken))
    open_flow = np.where(closed, 0.0, flow)[sources.at_reservoir]
    np.add.at(into, sources.end, open_flow)
    np.add.at(into, sources.start, -open_flow)
    returned, given = _sides(into[sources.reservoirs])
    seeping = sources.to_junction[closed[sources.to_junction]]
    sign = sources.sign[closed[sources.to_junction]]
    return Rates(
        produced=produced + given,
        consumed=consumed,
        leaked=leaked,
        returned=returned,
        drawn_in=drawn_in,
        into_tanks=float(found.inflow_m3s[:, lane].sum()),
        seeped=float((sign * flow[seeping]).sum()),
    )


def _sides(values: Floats) -> tuple[float, float]:
    """Return the sum of what is above zero, and that of what is below with its sign turned."""
    above = float(np.maximum(values, 0.0).sum())
    return above, above - float(values.sum())
