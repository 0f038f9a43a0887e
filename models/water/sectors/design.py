"""Divide a network in districts: nested cuts where it is nearly a tree, a partition where it loops.

Both are tried and the cheaper kept: yearly cost of hidden leaks, plus meters and valves a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.water.network.network import Floats, Ints, Network
from models.water.sectors.closing import Pressures, close_valves, saved_by_closing
from models.water.sectors.cuts import cut_order, find_areas
from models.water.sectors.graph import graph_of
from models.water.sectors.loss import HiddenLeaks, Loss
from models.water.sectors.partition import TOLERANCE, partition
from models.water.sectors.prices import Prices
from models.water.sectors.sectors import OUTSIDE, Sectors, assemble
from models.water.sectors.supply import check_supplied, sources, sums, usable
from models.water.sectors.weights import Weights
from twin.errors import Fault, InputError
from twin.lang import Text

Method = Literal["nested", "balanced", "cheaper"]
EUR_PER_M3 = 0.40
EUR_PER_SEARCHED_KM = 117.0
"""700 EUR a searcher and day, 6 km a day [U]."""


@dataclass(frozen=True, eq=False)
class Design:
    """A division and what it costs.

    `loss_eur` is the yearly cost of hidden leaks in all districts and outside; `yearly_eur` adds
    meters and valves.
    """

    sectors: Sectors
    method: Method
    capital_eur: float
    loss_eur: float
    yearly_eur: float


def design_sectors(
    network: Network,
    weights: Weights,
    k: int,
    prices: Prices,
    *,
    loss: Loss | None = None,
    method: Method = "cheaper",
    pressures: Pressures | None = None,
    floor_m: float = 15.0,
    tolerance: float = TOLERANCE,
) -> Design:
    """Return a division in k watched districts, or in fewer where no more can be had.

    Parameters
    ----------
    network, weights
        What is divided; `weigh` makes the weights.
    k
        Districts watched.
    prices
        Of meters and valves.
    loss
        Yearly cost of a district in euros; `HiddenLeaks` at 0.40 EUR/m3 and 117 EUR/km [U] if None.
    method
        "nested": meters on bridges only. "balanced": k parts of equal weight (half kilometres, half
        homes), boundary pipes metered or closed. "cheaper": the better of the two.
    pressures, floor_m
        See `close_valves`; without `pressures` no valve is closed, since nobody has checked.
    tolerance
        How unequal balanced parts may be.

    Raises
    ------
    InputError
        k below 1 or above the number of links.
    DataError
        Junctions joined to no source.
    """
    if not 1 <= k <= len(network.links):
        raise InputError(
            Fault(
                Text(
                    f"entre 1 et {len(network.links)} secteurs, le nombre de conduites",
                    f"from 1 to {len(network.links)} districts, the number of links",
                ),
                Text("changer le nombre de secteurs", "change the number of districts"),
                key="k",
                value=str(k),
            )
        )
    check_supplied(network)
    judged = loss or HiddenLeaks(eur_per_m3=EUR_PER_M3, eur_per_searched_km=EUR_PER_SEARCHED_KM)
    found = []
    if method != "balanced":
        order = cut_order(network, weights, judged, most=k)
        nested = assemble(network, weights, order.metered(k))
        found.append(_priced(network, weights, nested, "nested", judged, prices))
    if method != "nested":
        metered, closed = _balanced(network, weights, k, prices, pressures, floor_m, tolerance)
        parts = assemble(network, weights, metered, closed)
        found.append(_priced(network, weights, parts, "balanced", judged, prices))
    return min(found, key=lambda design: design.yearly_eur)


def total_loss(network: Network, weights: Weights, sectors: Sectors, loss: Loss) -> float:
    """Return the yearly cost of hidden leaks over a network, what is outside included."""
    outside = (sectors.district == OUTSIDE) & ~sources(network)
    km, homes = weights.km[outside].sum(), weights.homes[outside].sum()
    bare = loss.unwatched(np.array([km]), np.array([homes]))[0]
    return float(loss.watched(sectors.km, sectors.homes).sum() + bare)


def _priced(
    network: Network,
    weights: Weights,
    sectors: Sectors,
    method: Method,
    loss: Loss,
    prices: Prices,
) -> Design:
    lost = total_loss(network, weights, sectors, loss)
    capital = sectors.capital_eur(prices)
    return Design(sectors, method, capital, lost, lost + sectors.yearly_eur(prices))


def _balanced(
    network: Network,
    weights: Weights,
    k: int,
    prices: Prices,
    pressures: Pressures | None,
    floor_m: float,
    tolerance: float,
) -> tuple[Ints, Ints]:
    """Return links to meter and links to close."""
    areas = find_areas(network, weights)
    weight = _blend(weights)
    carries, fixed = usable(network), sources(network)
    inner = carries & ~fixed[network.links.start] & ~fixed[network.links.end]
    node_area = np.where(fixed, -1, areas.tree.area[areas.tree.block])
    heavy = sums(node_area, weight, len(areas.gates))
    opened = np.argsort(-heavy, kind="stable")[:k].tolist()
    nodes = [np.flatnonzero(node_area == area).astype(np.int32) for area in opened]
    shares = _shares(np.array([weight[n].sum() for n in nodes]), [n.size for n in nodes], k)
    part = np.full(len(network.nodes), -1, dtype=np.int64)
    done = 0
    for mine, count in zip(nodes, shares, strict=True):
        graph = graph_of(network, inner, mine, weight, np.ones(len(network.links)))
        part[mine] = done + np.array(partition(graph, count, tolerance))
        done += count
    start, end = part[network.links.start], part[network.links.end]
    boundary = np.flatnonzero(inner & (start != end) & (start >= 0) & (end >= 0))
    closed = np.zeros(0, dtype=np.int32)
    if pressures is not None:
        saved = saved_by_closing(prices.yearly_eur(1, 0), prices.yearly_eur(0, 1), boundary.size)
        closed = close_valves(network, boundary, saved, pressures=pressures, floor_m=floor_m)
    gates = np.array([link for area in opened for link in areas.gates[area]], dtype=np.int32)
    return np.concatenate([gates, np.setdiff1d(boundary, closed)]).astype(np.int32), closed


def _blend(weights: Weights) -> Floats:
    """Return weights by node: half by kilometres, half by homes."""
    km, homes = weights.km.sum(), weights.homes.sum()
    even = np.full(weights.km.size, 1e-9)  # a network without pipes or people can still be divided
    return np.asarray(even + weights.km / (km or 1.0) + weights.homes / (homes or 1.0))


def _shares(weight: Floats, most: list[int], k: int) -> list[int]:
    """Return how many parts each area gets: one, then each next to the heaviest part."""
    shares = [1] * len(most)
    while sum(shares) < k:
        room = [w / s if s < m else -1.0 for w, s, m in zip(weight, shares, most, strict=True)]
        if max(room, default=-1.0) < 0.0:
            break
        shares[int(np.argmax(room))] += 1
    return shares
