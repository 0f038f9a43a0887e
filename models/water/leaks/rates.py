"""Where leaks happen: the yearly rate of every pipe and every node's connections, by zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.water.leaks.figures import PLASTIC, LeakFigures
from models.water.network.network import NONE, Floats, Ints, NodeKind
from models.water.zone import Material, Zone

_M_PER_KM = 1000.0
_THOUSAND = 1000.0

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Rates:
    """Leaks a year, reported and hidden together, of every place of every zone.

    Attributes
    ----------
    mains, connections : NDArray[np.float64]
        By link and by node of all zones one after the other, shapes (all links,) and (all nodes,).
    first_link, first_node : NDArray[np.int32]
        Where each zone begins in them, shape (zones + 1,).
    plastic : NDArray[np.bool_]
        Whether a link's cracks open with pressure, shape (all links,).
    start, end : NDArray[np.int32]
        Nodes a main's leak is drawn from, by link: its ends, or twice the same end where the other
        is a tank or reservoir; shape (all links,).
    node_link : NDArray[np.int32]
        First pipe at each node, -1 for none; shape (all nodes,).
    at_start : NDArray[np.bool_]
        Whether that pipe starts at the node, shape (all nodes,).
    """

    mains: Floats
    connections: Floats
    first_link: Ints
    first_node: Ints
    plastic: NDArray[np.bool_]
    start: Ints
    end: Ints
    node_link: Ints
    at_start: NDArray[np.bool_]

    def zone_totals(self, *, connection: bool) -> Floats:
        """Return leaks a year by zone, shape (zones,)."""
        rates, first = (
            (self.connections, self.first_node) if connection else (self.mains, self.first_link)
        )
        # Each sum alone: a running one would let a zone's last bit depend on the others.
        parts = [rates[low:high].sum() for low, high in pairwise(first.tolist())]
        return np.array(parts, dtype=np.float64)


def leak_rates(zones: Sequence[Zone], figures: LeakFigures, year: int) -> Rates:
    """Return the rates of all places; ages are those of `year`, also in the years before.

    Links that are no pipe, and pipes without a junction at either end, never leak.
    """
    parts = [_zone_rates(zone, figures, year) for zone in zones]
    firsts = [_first_pipes(zone) for zone in zones]
    return Rates(
        mains=_joined([part[0] for part in parts], np.float64),
        connections=_joined(
            [
                zone.connections * (figures.frequency_factor * figures.connections_per_1000_year)
                / _THOUSAND * _is_junction(zone)
                for zone in zones
            ],
            np.float64,
        ),
        first_link=_offsets([len(zone.network.links) for zone in zones]),
        first_node=_offsets([len(zone.network.nodes) for zone in zones]),
        plastic=_joined([np.isin(zone.material, list(PLASTIC)) for zone in zones], np.bool_),
        start=_joined([part[1] for part in parts], np.int32),
        end=_joined([part[2] for part in parts], np.int32),
        node_link=_joined([first[0] for first in firsts], np.int32),
        at_start=_joined([first[1] for first in firsts], np.bool_),
    )  # fmt: skip


def junction_ends(zone: Zone) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Return the ends of each link as water leaves there, and which links are pipes that can leak.

    An end that is a tank or a reservoir is replaced by the other one. Shapes (links,).
    """
    links, junction = zone.network.links, _is_junction(zone)
    start_fit, end_fit = junction[links.start], junction[links.end]
    start = np.where(start_fit, links.start, links.end).astype(np.int32)
    end = np.where(end_fit, links.end, links.start).astype(np.int32)
    return start, end, zone.network.pipes & (start_fit | end_fit)


def _is_junction(zone: Zone) -> NDArray[np.bool_]:
    return np.asarray(zone.network.nodes.kind == NodeKind.JUNCTION)


def _zone_rates(zone: Zone, figures: LeakFigures, year: int) -> tuple[Floats, Ints, Ints]:
    """Return the rate and the usable ends of each link of a zone."""
    start, end, leaks = junction_ends(zone)
    # A dictionary of the few pairs (material, year laid) met: the law is written once, in figures.
    kinds = np.stack([zone.material.astype(np.int64), zone.laid_year.astype(np.int64)])
    pairs, which = np.unique(kinds, axis=1, return_inverse=True)
    per_km = np.array(
        [figures.mains_per_km_year(Material(kind), year - laid) for kind, laid in pairs.T.tolist()]
    )
    if not len(per_km):
        return np.zeros(0), start, end
    rate = per_km[which.ravel()] * zone.network.links.length_m / _M_PER_KM
    return np.where(leaks, rate, 0.0), start, end


def _first_pipes(zone: Zone) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the first pipe at each node (-1: none) and whether it starts there."""
    links, rows = zone.network.links, np.flatnonzero(zone.network.pipes)
    nodes = len(zone.network.nodes)
    pipe = np.full(nodes, len(links), dtype=np.int64)
    np.minimum.at(pipe, links.start[rows], rows)
    np.minimum.at(pipe, links.end[rows], rows)
    none = pipe == len(links)
    # A node without pipe starts none: one more entry, of a node that does not exist.
    starts = np.append(links.start, NONE)
    return np.where(none, NONE, pipe).astype(np.int32), starts[pipe] == np.arange(nodes)


def _offsets(sizes: list[int]) -> Ints:
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)


def _joined(parts: Sequence[NDArray[Any]], kind: type[Kind]) -> NDArray[Kind]:
    return np.concatenate([np.zeros(0, dtype=kind), *parts]).astype(kind)
