"""Where the devices of a fleet stand, in the first year and as the fleet grows.

Devices follow population within each commune (`twin.territory.scatter`). A commune's first devices
are those of the first year; the later ones appear in order as the fleet grows, so that one world's
faster growth adds devices to another's and moves none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.load.settings import FleetSection
from models.lora.meters import INDOOR, OUTDOOR, PIT, Meters, make_meters
from models.lora.settings import MetersSection
from twin.device_keys import name_words
from twin.streams import Streams
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune

_PLACES = {"indoor": INDOOR, "pit": PIT}


@dataclass(frozen=True)
class FleetPoints:
    """The devices of a fleet, commune after commune, growth included.

    `places` holds positions, heights, communes and each device's placement draw; `born` the growth
    (1 = first year) from which the device exists; `word` 64 bits that name it.
    """

    places: Meters
    born: NDArray[np.float64]
    word: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.born)

    def placement(self, fleet: FleetSection, meters: MetersSection) -> NDArray[np.uint8]:
        """Return OUTDOOR, INDOOR or PIT for each device."""
        if fleet.place == "meter":
            return self.places.placement(meters)
        return np.full(len(self), _PLACES.get(fleet.place, OUTDOOR), dtype=np.uint8)


def fleet_points(
    name: str,
    fleet: FleetSection,
    meters: MetersSection,
    communes: Sequence[Commune],
    areas: CommuneAreas,
    largest_growth: float,
) -> FleetPoints:
    """Return the devices of a fleet up to a growth of `largest_growth` (1 = none).

    The planner's own meters do not grow: nobody knows where the next ones will stand.
    """
    if fleet.meters:
        return _meter_points(meters, communes, areas, largest_growth)
    population = np.array([commune.population for commune in communes], dtype=np.float64)
    wanted = fleet.count * population / population.sum()
    first = _largest_remainders(wanted, fleet.count)
    counts = np.maximum(first, np.ceil(first + wanted * (largest_growth - 1.0)).astype(np.int64))
    from twin.territory.scatter import scatter

    points = scatter(areas, communes, counts, Streams(0, 0), f"load/{name}")
    rank = _ranks(counts)
    return FleetPoints(
        Meters(
            x_m=points.x_m,
            y_m=points.y_m,
            height_m=np.full(len(rank), fleet.height_m),
            commune=points.commune.astype(np.int32),
            place=np.zeros(len(rank)),
        ),
        _born(rank, points.commune, first, wanted),
        _words(communes, points.commune, rank),
    )


def _meter_points(
    meters: MetersSection, communes: Sequence[Commune], areas: CommuneAreas, largest_growth: float
) -> FleetPoints:
    if meters.points is not None:
        own = make_meters(meters, communes, areas)
        ids = [f"meter-{row}" for row in range(len(own))]
        return FleetPoints(own, np.ones(len(own)), name_words(ids))
    per_meter = meters.inhabitants_per_meter
    denser = meters.model_copy(update={"inhabitants_per_meter": per_meter / largest_growth})
    all_of_them = make_meters(denser, communes, areas)
    population = np.array([commune.population for commune in communes], dtype=np.float64)
    wanted = population / per_meter
    # As many in the first year as the gateway question counts, at the same places.
    first = np.maximum(np.rint(wanted), population > 0).astype(np.int64)
    rank = _ranks(np.bincount(all_of_them.commune, minlength=len(communes)))
    return FleetPoints(
        all_of_them,
        _born(rank, all_of_them.commune, first, wanted),
        _words(communes, all_of_them.commune, rank),
    )


def _largest_remainders(wanted: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Return whole numbers nearest to `wanted` that add up to `total`."""
    whole = np.floor(wanted).astype(np.int64)
    short = total - int(whole.sum())
    whole[np.argsort(whole - wanted, kind="stable")[:short]] += 1
    return whole


def _ranks(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each device's rank in its commune, commune after commune."""
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return np.arange(len(starts)) - starts


def _born(
    rank: NDArray[np.int64],
    commune: NDArray[np.integer],
    first: NDArray[np.int64],
    wanted: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the growth from which each device exists: 1 for those of the first year.

    Communes of one device each would otherwise all grow on the same day: an offset of their own,
    evenly spread, tells when each adds its next device.
    """
    offset = np.modf((np.arange(len(first)) + 0.5) * 0.6180339887498949)[0]
    beyond = rank - first[commune]
    later = 1.0 + (beyond + offset[commune]) / np.maximum(wanted[commune], 1e-12)
    return np.where(beyond < 0, 1.0, later)


def _words(
    communes: Sequence[Commune], commune: NDArray[np.integer], rank: NDArray[np.int64]
) -> NDArray[np.uint64]:
    codes = [each.insee for each in communes]
    return name_words(
        [
            f"{codes[home]}-{turn}"
            for home, turn in zip(commune.tolist(), rank.tolist(), strict=True)
        ]
    )
