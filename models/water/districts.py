"""Which links are metered for so many meters, and what the desk is told of the districts they make.

Each zone is one district of hand readings, whatever is bought: the index of its outlet is read on
foot now and then. Meters divide zones further; those with none have hand readings alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import Floats, Ints
from models.water.policies.district import District, expected_background_m3h
from models.water.sectors.programme import spread
from models.water.sectors.sectors import OUTSIDE, Sectors, assemble
from models.water.sectors.supply import sums
from models.water.stage import WaterStage, ZoneStage
from models.water.zone import Zone


@dataclass(frozen=True, eq=False)
class ZoneDistricts:
    """One zone's division.

    Attributes
    ----------
    sectors : Sectors
        Of the zone; no district where no meter stands.
    first_meter : int
        Number of its first meter over the whole territory; the others follow, in order of link.
    first_row : int
        Row of its first metered district in the desk's list.
    """

    sectors: Sectors
    first_meter: int
    first_row: int


@dataclass(frozen=True, eq=False)
class DistrictPlan:
    """The districts of an option.

    `districts` are the zones, as districts of hand readings, then the metered ones zone by zone;
    `zone_of` tells the zone of each, shape (districts,).
    """

    zones: tuple[ZoneDistricts, ...]
    districts: tuple[District, ...]
    zone_of: NDArray[np.int64]
    meters: int

    def of_node(self, zone: int, node: int) -> int:
        """Return the row of the metered district that draws a leak at a node; -1: none does."""
        one = self.zones[zone]
        district = one.sectors.district[node]
        return one.first_row + int(district) if district != OUTSIDE else -1

    def by_district(self, zone: int, by_node: Floats) -> Floats:
        """Return sums over a zone's metered districts of a quantity by node; shape (count,)."""
        sectors = self.zones[zone].sectors
        return sums(sectors.district, by_node, sectors.count)


def plan_districts(
    stage: WaterStage, meters: int, night_m3h: Sequence[Floats], condition: float
) -> DistrictPlan:
    """Return where so many meters go and the districts they make.

    Parameters
    ----------
    stage
    meters
        At most so many, over the territory.
    night_m3h
        Legitimate night use by zone, shape (nodes,) each, m3/h.
    condition
        Infrastructure condition the service believes in: background leakage it expects.
    """
    made = spread([each.order for each in stage.zones], meters)
    zones: list[ZoneDistricts] = []
    hand: list[District] = []
    metered: list[District] = []
    rows: list[int] = []
    count = 0
    for at, each in enumerate(stage.zones):
        sectors = assemble(each.gravity.zone.network, each.weights, each.order.metered(made[at]))
        zones.append(ZoneDistricts(sectors, count, len(stage.zones) + len(metered)))
        hand.append(_whole(each, night_m3h[at], condition))
        found = _metered(each, sectors, count, night_m3h[at], condition) if made[at] else []
        metered += found
        rows += [at] * len(found)
        count += len(sectors.metered)
    zone_of = np.array([*range(len(zones)), *rows], dtype=np.int64)
    return DistrictPlan(tuple(zones), (*hand, *metered), zone_of, count)


def _whole(each: ZoneStage, night_m3h: Floats, condition: float) -> District:
    zone = each.gravity.zone
    return District(
        id=zone.id,
        inflow=(),
        outflow=(),
        homes=float(zone.homes.sum()),
        km=max(each.km, 1e-3),
        legitimate_night_m3h=float(night_m3h.sum()),
        background_m3h=_background(each, each.km, float(zone.connections.sum()), condition),
    )


def _metered(
    each: ZoneStage, sectors: Sectors, first: int, night_m3h: Floats, condition: float
) -> list[District]:
    zone: Zone = each.gravity.zone
    night = sums(sectors.district, night_m3h, sectors.count)
    connections = sums(sectors.district, zone.connections.astype(np.float64), sectors.count)
    found = []
    for number in range(sectors.count):
        km = max(float(sectors.km[number]), 1e-3)
        found.append(
            District(
                id=f"{zone.id}/{number + 1}",
                inflow=_numbers(sectors.enters, number, first),
                outflow=_numbers(sectors.leaves, number, first),
                homes=float(sectors.homes[number]),
                km=km,
                legitimate_night_m3h=float(night[number]),
                background_m3h=_background(each, km, float(connections[number]), condition),
            )
        )
    return found


def _numbers(ends: Ints, number: int, first: int) -> tuple[int, ...]:
    return tuple((first + np.flatnonzero(ends == number)).tolist())


def _background(each: ZoneStage, km: float, connections: float, condition: float) -> float:
    return expected_background_m3h(km, connections, each.pressure_m, condition)
