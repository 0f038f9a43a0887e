"""The individual meters of a zone: one a home in use, one a farm, one a workshop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from models.water.demand.homes import node_keys
from models.water.demand.model import DemandModel
from models.water.demand.timetable import GARDEN, PERSON
from models.water.metering.dice import exponentials, units
from models.water.metering.figures import MeterFigures
from models.water.metering.registration import MeterKind, use_error
from models.water.zone import Zone
from twin.device_keys import U8, mix
from twin.streams import Streams

L_PER_M3 = 1000.0
DAYS_A_YEAR = 365.25


class Customer(IntEnum):
    """Who draws behind a meter. Only homes, second homes among them, are housing for the law."""

    HOME = 0
    SECOND = 1
    FARM = 2
    INDUSTRY = 3


class Place(IntEnum):
    """Where a meter is: what the radio must get out of."""

    PIT = 0
    INDOORS = 1
    WALL = 2


@dataclass(frozen=True, eq=False)
class Meters:
    """Meters of one zone; arrays of shape (meters,). The homes come first, in their own order.

    Attributes
    ----------
    zone : str
    ids : tuple of str
    node : NDArray[np.int32]
    customer, kind, place : NDArray[np.int8]
        :class:`Customer`, :class:`MeterKind`, :class:`Place`.
    key : NDArray[np.uint64]
        What names the meter's dice.
    mean_m3_day : NDArray[np.float64]
        Expected true use over the timetable, drought orders left aside.
    age_years : NDArray[np.float64]
        At the start.
    error : NDArray[np.float64]
        Share by which ordinary use is registered too high (negative: too low), at the start's age.
    pulse_l : NDArray[np.float64]
        What the index counts in.
    start_m3 : NDArray[np.float64]
        Registered before the start.
    stops_day, module_fails_day : NDArray[np.float64]
        Days after the start at which the meter stops turning and its radio module falls silent.
    """

    zone: str
    ids: tuple[str, ...]
    node: NDArray[np.int32]
    customer: NDArray[np.int8]
    kind: NDArray[np.int8]
    place: NDArray[np.int8]
    key: U8
    mean_m3_day: NDArray[np.float64]
    age_years: NDArray[np.float64]
    error: NDArray[np.float64]
    pulse_l: NDArray[np.float64]
    start_m3: NDArray[np.float64]
    stops_day: NDArray[np.float64]
    module_fails_day: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of meters."""
        return len(self.ids)

    @property
    def housing(self) -> NDArray[np.bool_]:
        """Whether a meter serves a home."""
        return self.customer <= Customer.SECOND


def meters_of(
    zone: Zone,
    demand: DemandModel,
    figures: MeterFigures,
    streams: Streams,
) -> Meters:
    """Return the meters of the zone whose demand `demand` draws: homes, farms, workshops."""
    homes = demand.homes
    farm = np.flatnonzero(zone.farm_m3_per_day > 0.0).astype(np.int32)
    work = np.flatnonzero(zone.industry_m3_per_day > 0.0).astype(np.int32)
    nodes = node_keys(zone, streams)
    salt = {Customer.FARM: np.uint64(0xFA), Customer.INDUSTRY: np.uint64(0x1D)}
    key = np.concatenate(
        [
            homes.key,
            mix(nodes[farm] ^ salt[Customer.FARM]),
            mix(nodes[work] ^ salt[Customer.INDUSTRY]),
        ]
    )
    customer = np.concatenate(
        [
            np.where(homes.second, Customer.SECOND, Customer.HOME),
            np.full(len(farm), Customer.FARM),
            np.full(len(work), Customer.INDUSTRY),
        ]
    ).astype(np.int8)
    table = demand.timetable
    indoor_l, garden_l = table.daily(PERSON), table.daily(GARDEN)
    inside_l = np.where(
        homes.second,
        np.mean(indoor_l * table.second_share),
        np.mean(indoor_l * (1.0 - table.absent_share)),
    )
    use_m3 = (homes.people * inside_l + homes.garden * garden_l.mean()) / L_PER_M3
    mean = np.concatenate([use_m3, zone.farm_m3_per_day[farm], zone.industry_m3_per_day[work]])
    draw = units(key, "kind")
    kind = np.where(
        draw < figures.jet_share,
        MeterKind.JET,
        np.where(draw > 1.0 - figures.static_share, MeterKind.STATIC, MeterKind.VOLUMETRIC),
    ).astype(np.int8)
    spot = units(key, "place")
    place = np.where(
        spot < figures.pit_share,
        Place.PIT,
        np.where(spot > 1.0 - figures.indoor_share, Place.INDOORS, Place.WALL),
    ).astype(np.int8)
    age = figures.oldest_years * units(key, "age")
    error = use_error(kind, age)
    life = figures.module_years * exponentials(key, "module") ** (1.0 / figures.module_shape)
    early = _first(exponentials(key, "module-early"), figures.module_failures_per_year)
    return Meters(
        zone=zone.id,
        ids=_names(zone, np.concatenate([homes.node, farm, work]), customer),
        node=np.concatenate([homes.node, farm, work]),
        customer=customer,
        kind=kind,
        place=place,
        key=key,
        mean_m3_day=mean,
        age_years=age,
        error=error,
        pulse_l=np.full(len(key), figures.pulse_l),
        start_m3=mean * DAYS_A_YEAR * age * (1.0 + error),
        stops_day=_first(exponentials(key, "stops"), figures.stopped_per_year) * DAYS_A_YEAR,
        module_fails_day=np.minimum(life, early) * DAYS_A_YEAR,
    )


_LETTERS = ("H", "H", "F", "I")
"""Of a meter's name, by :class:`Customer`; main and second homes count together."""


def _first(exponential: NDArray[np.float64], per_year: float) -> NDArray[np.float64]:
    """Return years until the first event of a rate; infinite where the rate is 0."""
    if per_year <= 0.0:
        return np.full(len(exponential), np.inf)
    return np.asarray(exponential / per_year)


def _names(zone: Zone, node: NDArray[np.int32], customer: NDArray[np.int8]) -> tuple[str, ...]:
    """Return names that stay whatever the other nodes are: zone, node, letter, rank there."""
    seen: dict[tuple[int, str], int] = {}
    names = []
    for place, who in zip(node.tolist(), customer.tolist(), strict=True):
        letter = _LETTERS[who]
        rank = seen[place, letter] = seen.get((place, letter), 0) + 1
        names.append(f"{zone.id}/{zone.network.nodes.ids[place]}/{letter}{rank}")
    return tuple(names)
