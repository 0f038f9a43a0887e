"""Nested cuts of a network: which pipe to meter first, which next, and what each is worth.

A link that is a bridge between junctions divides a district with one meter. The first cut of an
area meters all its links to sources (one, for a village under its tower). Each later cut is the
bridge that saves most, given those before: greedy, nested by construction. Areas share nothing, so
their cuts are merged by saving by meter, in blocks where a cut pays only with the next ones.
`exact.py` tells what greed costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.water.network.network import Floats, Network
from models.water.sectors.bridges import BridgeTree, bridge_tree
from models.water.sectors.loss import Loss
from models.water.sectors.order import Cut, CutOrder, by_value
from models.water.sectors.supply import Bools, check_supplied, sources, sums, usable
from models.water.sectors.weights import Weights

__all__ = ["Areas", "Cut", "CutOrder", "cut_order", "find_areas"]

_LEAST = 1e-9
"""Savings below this share of the yearly cost are rounding."""


@dataclass(frozen=True, eq=False)
class Areas:
    """The bridge tree with what each block holds, and each area's links to sources.

    `cuttable` says which blocks' bridges may be metered; shape (blocks,).
    """

    tree: BridgeTree
    km: Floats
    homes: Floats
    gates: tuple[tuple[int, ...], ...]
    cuttable: Bools


def find_areas(network: Network, weights: Weights, allowed: Bools | None = None) -> Areas:
    """Return the areas of a network.

    Raises
    ------
    DataError
        Junctions joined to no source.
    """
    check_supplied(network)
    carries, fixed = usable(network), sources(network)
    start, end = network.links.start, network.links.end
    gate = np.flatnonzero(carries & (fixed[start] != fixed[end]))
    beside = np.where(fixed[start[gate]], end[gate], start[gate])
    tree = bridge_tree(network, carries, fixed, beside)
    blocks = tree.parent.size
    km, homes = sums(tree.block, weights.km, blocks), sums(tree.block, weights.homes, blocks)
    of_gate = tree.area[tree.block[beside]]
    gates = tuple(
        tuple(int(link) for link in gate[of_gate == area])
        for area in range(int(tree.area.max(initial=-1)) + 1)
    )
    cuttable = tree.link >= 0
    if allowed is not None:
        cuttable &= allowed[tree.link]
    return Areas(tree, km, homes, gates, cuttable)


def cut_order(
    network: Network,
    weights: Weights,
    loss: Loss,
    most: int | None = None,
    allowed: Bools | None = None,
) -> CutOrder:
    """Return the cuts of a network, the one that saves most by meter first.

    Parameters
    ----------
    network, weights
        What is divided.
    loss
        What a year costs in a district.
    most
        At most so many cuts, in all; None: as long as more of them save anything.
    allowed
        Links that may be metered, shape (links,); an area's links to sources always may.

    Raises
    ------
    DataError
        Junctions joined to no source.
    """
    areas = find_areas(network, weights, allowed)
    count = len(areas.gates)
    km, homes = sums(areas.tree.area, areas.km, count), sums(areas.tree.area, areas.homes, count)
    bare = loss.unwatched(km, homes)
    splits = _Splits(areas, loss)
    opening = bare - loss.watched(km, homes)
    sequences = [
        _sequence(
            splits, area, Cut(gates, *map(float, (opening[area], km[area], homes[area]))), most
        )
        for area, gates in enumerate(areas.gates)
    ]
    made = [0] * count
    cuts: list[Cut] = []
    for block in by_value(sequences):
        cuts += sequences[block.owner][made[block.owner] : block.cuts]
        made[block.owner] = block.cuts
    return CutOrder(tuple(cuts[:most]), float(bare.sum()))


def _sequence(splits: _Splits, area: int, opening: Cut, most: int | None) -> list[Cut]:
    """Return the cuts of one area, up to where they have saved most."""
    cuts = [opening]
    saved = best = opening.gain
    kept = 1
    while most is None or len(cuts) < most:
        block, gain = splits.best(area)
        if block < 0:
            break
        cuts.append(splits.take(block, gain))
        saved += gain
        if saved > best + _LEAST * abs(best):
            best, kept = saved, len(cuts)
    return cuts[:kept] if best > 0.0 else []


class _Splits:
    """What each bridge would save, kept up to date as districts are divided."""

    def __init__(self, areas: Areas, loss: Loss) -> None:
        self._areas, self._loss = areas, loss
        self._part = areas.tree.area.copy()  # a block's district
        self._parts = len(areas.gates)
        self._free = areas.cuttable.copy()
        self._below_km = areas.km.copy()
        self._below_homes = areas.homes.copy()
        parent = areas.tree.parent
        for block in range(parent.size - 1, -1, -1):  # children come after parents
            if parent[block] >= 0:
                self._below_km[parent[block]] += self._below_km[block]
                self._below_homes[parent[block]] += self._below_homes[block]
        self._gain = np.full(parent.size, -np.inf)
        for area in range(len(areas.gates)):
            self._weigh(area)

    def best(self, area: int) -> tuple[int, float]:
        """Return the block whose bridge saves most in an area, and how much; -1 without one."""
        gain = np.where(self._areas.tree.area == area, self._gain, -np.inf)
        block = int(np.argmax(gain))
        return (block, float(gain[block])) if gain[block] > -np.inf else (-1, 0.0)

    def take(self, block: int, gain: float) -> Cut:
        """Cut above a block."""
        parent = self._areas.tree.parent
        old, number = int(self._part[block]), self._parts
        self._parts += 1
        km, homes = float(self._below_km[block]), float(self._below_homes[block])
        self._free[block] = False
        inside = np.zeros(parent.size, dtype=np.bool_)
        inside[block] = True
        for other in range(block + 1, parent.size):
            inside[other] = (
                self._part[other] == old and parent[other] >= 0 and inside[parent[other]]
            )
        self._part[inside] = number
        above = int(parent[block])
        while above >= 0 and self._part[above] == old:
            self._below_km[above] -= km
            self._below_homes[above] -= homes
            above = int(parent[above])
        self._weigh(old)
        self._weigh(number)
        return Cut((int(self._areas.tree.link[block]),), gain, km, homes)

    def _weigh(self, number: int) -> None:
        """Compute anew what the bridges inside one district would save."""
        mine = np.flatnonzero(self._part == number)
        km, homes = self._areas.km[mine].sum(), self._areas.homes[mine].sum()
        self._gain[mine] = -np.inf
        free = mine[self._free[mine]]
        if not free.size:
            return
        below, lived = self._below_km[free], self._below_homes[free]
        whole = self._loss.watched(np.array([km]), np.array([homes]))[0]
        # Sums of floats may leave a rest a little below nothing.
        rest_km, rest_homes = np.maximum(km - below, 0.0), np.maximum(homes - lived, 0.0)
        apart = self._loss.watched(below, lived) + self._loss.watched(rest_km, rest_homes)
        self._gain[free] = whole - apart
