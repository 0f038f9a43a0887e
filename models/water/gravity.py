"""The part of a zone that lives under its tower: what a day of hydraulics solves.

Between a tower and its taps nothing is pumped: with the tower's level known, the hours of a day are
independent. What fills the tower (pump, bought water) is a balance of volumes, see `tower.py`; the
main that does so is left out, leaks of its own with it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import (
    NONE,
    Demands,
    Links,
    Network,
    NodeKind,
    Nodes,
    Pumps,
    Tanks,
)
from models.water.zone import Zone
from twin.errors import DataError, Fault
from twin.lang import Text

Columns = TypeVar("Columns", Nodes, Links, Pumps, Demands, Tanks)
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Gravity:
    """A zone without what fills its tower.

    Attributes
    ----------
    zone : Zone
        Its nodes and links are those below the tower, the tank included.
    tank : int
        The tank's node in it.
    area_m2, depth_m, starts_m, stops_m : float
        Of the tank; levels at which filling starts and stops.
    filling_m3s : float
        Flow it is filled at.
    first_level_m : float
        Level at the start.
    """

    zone: Zone
    tank: int
    area_m2: float
    depth_m: float
    starts_m: float
    stops_m: float
    filling_m3s: float
    first_level_m: float


def gravity_of(zone: Zone) -> Gravity:
    """Return the part of a made-up zone that lives under its tower.

    Raises
    ------
    DataError
        Not exactly one tank, or no control that fills it.
    """
    network, tanks = zone.network, zone.network.tanks
    if len(tanks.node) != 1 or not network.controls:
        raise DataError(
            Fault(
                key=f"{zone.id}.tanks",
                value=f"{len(tanks.node)}, {len(network.controls)}",
                expected=Text(
                    "un réservoir par zone, et de quoi commander son remplissage",
                    "one tank a zone, and controls that fill it",
                ),
                remedy=Text("diviser la zone", "divide the zone"),
            )
        )
    tank = int(tanks.node[0])
    links = np.flatnonzero(_below(network, tank))
    ends = np.concatenate([network.links.start[links], network.links.end[links], [tank]])
    nodes = np.unique(ends).astype(np.int64)
    levels = [each.level_m for each in network.controls]
    return Gravity(
        zone=_part(zone, nodes, links),
        tank=int(np.searchsorted(nodes, tank)),
        area_m2=float(np.pi * tanks.diameter_m[0] ** 2 / 4.0),
        depth_m=float(tanks.maximum_m[0]),
        starts_m=min(levels),
        stops_m=max(levels),
        filling_m3s=_filling_m3s(network, tank),
        first_level_m=float(tanks.initial_m[0]),
    )


def _filling_m3s(network: Network, tank: int) -> float:
    """Return the flow the tank is filled at: the pump's usual one, or what the main's head gives.

    A pump on a one-point curve (4/3 of its lift at no flow) lifts as designed at sqrt(h0 / 4r).
    Bought water comes by Hazen-Williams, h = 10.67 L q^1.852 / (C^1.852 D^4.871), into a tank that
    is half full.
    """
    if len(network.pumps.link):
        return float(np.sqrt(network.pumps.h0_m[0] / (4.0 * network.pumps.r[0])))
    links, nodes = network.links, network.nodes
    main = network.controls[0].link
    head = nodes.elevation_m[links.start[main]] - nodes.elevation_m[tank]
    lost_m = float(head - 0.5 * network.tanks.maximum_m[0])
    resistance = (
        10.67
        * links.length_m[main]
        / (links.roughness[main] ** 1.852 * links.diameter_m[main] ** 4.871)
    )
    return float((max(lost_m, 0.0) / resistance) ** (1.0 / 1.852))


def _below(network: Network, tank: int) -> NDArray[np.bool_]:
    """Return which links lead from the tank to its zone, and not to it from a source."""
    links, kind = network.links, network.nodes.kind
    driven = {control.link for control in network.controls} | set(network.pumps.link.tolist())
    lifted = {int(end) for link in driven for end in (links.start[link], links.end[link])}
    fills = np.isin(np.arange(len(links)), list(driven))
    fills |= (links.end == tank) & np.isin(links.start, list(lifted - {tank}))
    source = (kind[links.start] == NodeKind.RESERVOIR) | (kind[links.end] == NodeKind.RESERVOIR)
    return np.asarray(~fills & ~source)


def _part(zone: Zone, nodes: Rows, links: Rows) -> Zone:
    """Return a zone of these nodes and links alone."""
    network = zone.network
    place = np.full(len(network.nodes), NONE, dtype=np.int32)
    place[nodes] = np.arange(len(nodes), dtype=np.int32)
    demands = _taken(network.demands, np.flatnonzero(place[network.demands.node] != NONE))
    below = _taken(network.links, links)
    part = replace(
        network,
        nodes=_taken(network.nodes, nodes),
        demands=replace(demands, node=place[demands.node]),
        links=replace(below, start=place[below.start], end=place[below.end]),
        tanks=replace(network.tanks, node=place[network.tanks.node]),
        pumps=_taken(network.pumps, np.zeros(0, dtype=np.int64)),
        controls=(),
    )
    return replace(
        zone,
        network=part,
        people=zone.people[nodes],
        homes=zone.homes[nodes],
        farm_m3_per_day=zone.farm_m3_per_day[nodes],
        industry_m3_per_day=zone.industry_m3_per_day[nodes],
        connections=zone.connections[nodes],
        material=zone.material[links],
        laid_year=zone.laid_year[links],
    )


def _taken(columns: Columns, rows: NDArray[np.intp] | Rows) -> Columns:
    """Return the rows of a table of columns; `ids` are a tuple, the rest arrays."""
    found: dict[str, Any] = {}
    for each in fields(columns):
        values = getattr(columns, each.name)
        found[each.name] = (
            tuple(values[row] for row in rows) if isinstance(values, tuple) else values[rows]
        )
    return type(columns)(**found)
