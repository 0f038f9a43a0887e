"""Consumers without an open path to a source: demand that nothing can bring is no solution."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.epanet.trouble import VACUUM_M
from models.water.network.network import Floats, Ints, Network, NodeKind


@njit(cache=True, error_model="numpy")
def _root(parent: Ints, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(cache=True, error_model="numpy")
def _any_dry(start: Ints, end: Ints, is_open: NDArray[np.bool_], fixed: NDArray[np.bool_],
             demand: Floats) -> bool:  # fmt: skip
    """Tell whether a node that consumes is joined to no source; junctions that feed in are some."""
    parent = np.arange(len(fixed)).astype(np.int32)
    for link in range(len(start)):
        if is_open[link]:
            parent[_root(parent, start[link])] = _root(parent, end[link])
    fed = np.zeros(len(fixed), dtype=np.bool_)
    for node in range(len(fixed)):
        if fixed[node] or demand[node] < 0.0:
            fed[_root(parent, node)] = True
    for node in range(len(fixed)):
        if not fixed[node] and demand[node] > 0.0 and not fed[_root(parent, node)]:
            return True
    return False


def cut_off_lanes(
    network: Network, heads_m: Floats, demand_m3s: Floats, code: NDArray[np.int8]
) -> NDArray[np.bool_]:
    """Return which lanes have consumers cut off, where demand does not depend on pressure.

    `heads_m` (nodes, lanes), `demand_m3s` (nodes, lanes or 1), `code` EPANET's status, (links,
    lanes). Looked for only where some pressure is below a vacuum: a cut path shows there at once,
    as a closed link lets a millionth of a litre a second through by metre of head.
    """
    fixed = network.nodes.kind != NodeKind.JUNCTION
    lowest = np.where(fixed[:, None], np.inf, heads_m - network.nodes.elevation_m[:, None]).min(0)
    found = np.zeros(heads_m.shape[1], dtype=np.bool_)
    for lane in np.flatnonzero(~(lowest >= VACUUM_M)).tolist():
        column = lane if demand_m3s.ndim > 1 and demand_m3s.shape[1] > 1 else 0
        demand = demand_m3s if demand_m3s.ndim == 1 else demand_m3s[:, column]
        is_open = code[:, lane] > 2  # noqa: PLR2004 - EPANET's CLOSED
        found[lane] = _any_dry(
            network.links.start, network.links.end, is_open, fixed, np.ascontiguousarray(demand)
        )
    return found
