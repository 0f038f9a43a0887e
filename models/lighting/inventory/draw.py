"""A made-up inventory: lamps along streets, fed by cabinets, as rural communes have them.

Every commune has dice of its own: another commune moves none of its lamps. Places are plausible and
no lamp is in its true place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.lighting.demand.tariff import subscribed_kva
from models.lighting.inventory.inventory import (
    FED_BY_CABINET,
    Cabinets,
    Inventory,
    Lamps,
    Streets,
)
from models.lighting.inventory.settings import InventorySettings
from models.lighting.lamp_types import LampType
from twin.lang import Text
from twin.streams import Streams
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune
from twin.territory.scatter import Settlement, scatter

Floats = NDArray[np.float64]

SOURCE = Text(
    "inventaire synthétique : aucune lampe n'est à sa vraie place",
    "made-up inventory: no lamp is in its true place",
)
STREETS_A_CABINET = 3
TOWN = 5_000
"""Inhabitants from which a commune has streets of a town."""
VILLAGE = Settlement(bourg_share=0.55, bourg_share_most=0.95, isolated_share=0.0)
"""Cabinets stand in bourgs and hamlets, not by lone farms [U]."""

_CLASSES = {
    True: (("C4", "M4", "M5", "P3", "P4"), (0.06, 0.14, 0.25, 0.30, 0.25)),
    False: (("M5", "P3", "P4", "P5", "P6"), (0.12, 0.13, 0.30, 0.30, 0.15)),
}
"""Classes of streets in towns and villages, and their shares [U]."""
_KINDS = {
    "C": ("hps-150", "mercury-250", "led-60"),
    "M": ("hps-150", "mercury-250", "led-60"),
    "P": ("hps-100", "mercury-125", "led-36"),
}
"""Sodium, mercury and LED lantern of a family of classes; P5 and P6 take the smaller ones."""
_SMALL = ("hps-70", "mercury-125", "led-20")


@dataclass
class _Drawn:
    """Columns as they grow, commune after commune."""

    lamps: dict[str, list[Floats]] = field(default_factory=dict)
    streets: dict[str, list[object]] = field(default_factory=dict)
    cabinets: dict[str, list[object]] = field(default_factory=dict)
    count: int = 0

    def add(self, table: Literal["lamps", "streets", "cabinets"], **values: object) -> None:
        """Add one entry, or an array of them, to each column."""
        columns = getattr(self, table)
        for name, value in values.items():
            columns.setdefault(name, []).append(value)


def points_of(population: int, settings: InventorySettings) -> int:
    """Return how many lamps a commune has."""
    return round(settings.points_per_commune + settings.points_per_inhabitant * population)


def cabinets_of(population: int, settings: InventorySettings) -> int:
    """Return how many cabinets feed them."""
    decades = math.log10(max(population, 100) / 100.0)
    each = settings.lamps_per_cabinet + settings.more_per_decade * decades
    return max(1, round(points_of(population, settings) / each))


def draw_inventory(
    communes: Sequence[Commune],
    areas: CommuneAreas,
    types: tuple[LampType, ...],
    settings: InventorySettings,
) -> Inventory:
    """Return a made-up inventory of communes; `types` must hold the usual lanterns.

    Raises
    ------
    KeyError
        A usual lantern is missing from `types`.
    """
    streams = Streams(settings.seed, 0)
    number = {each.id: row for row, each in enumerate(types)}
    counts = np.array([cabinets_of(each.population, settings) for each in communes])
    sites = scatter(areas, communes, counts, streams, "lighting cabinets", VILLAGE)
    drawn, first = _Drawn(), 0
    for row, commune in enumerate(communes):
        own = slice(first, first + int(counts[row]))
        _commune(drawn, row, commune, sites.x_m[own], sites.y_m[own], number, settings, streams)
        first = own.stop
    return _assembled(drawn, tuple(each.insee for each in communes), types)


def _commune(
    drawn: _Drawn,
    row: int,
    commune: Commune,
    x_m: Floats,
    y_m: Floats,
    number: dict[str, int],
    settings: InventorySettings,
    streams: Streams,
) -> None:
    """Draw one commune's cabinets, streets and lamps."""
    dice = streams.generator("lighting", "inventory", commune.insee)
    points, cabinets = points_of(commune.population, settings), len(x_m)
    share = dice.uniform(0.6, 1.4, cabinets)
    edges = np.round(np.cumsum(share) / share.sum() * points).astype(int)
    sizes = np.diff(np.concatenate([[0], edges]))
    renewed = dice.random() < settings.renewed_communes
    for k in range(cabinets):
        cabinet = len(drawn.cabinets.get("ids", []))
        drawn.add("cabinets", ids=f"{commune.insee}-A{k + 1}", x_m=x_m[k], y_m=y_m[k], commune=row)
        feeders = max(1, min(STREETS_A_CABINET, int(sizes[k]) // 5))
        angle = dice.uniform(0.0, 2.0 * math.pi)
        for j, lamps in enumerate(_parted(int(sizes[k]), feeders)):
            heading = angle + 2.0 * math.pi * j / feeders
            town = commune.population >= TOWN
            _street(
                drawn, f"{commune.insee}-A{k + 1}-{j + 1}", row, cabinet, (x_m[k], y_m[k]), heading,
                lamps, dice, number, settings, town=town, renewed=renewed,
                people=commune.population * lamps / max(points, 1),
            )  # fmt: skip


def _parted(count: int, parts: int) -> list[int]:
    return [count // parts + (1 if part < count % parts else 0) for part in range(parts)]


def _street(
    drawn: _Drawn,
    name: str,
    commune: int,
    cabinet: int,
    start: tuple[float, float],
    heading: float,
    lamps: int,
    dice: np.random.Generator,
    number: dict[str, int],
    settings: InventorySettings,
    *,
    town: bool,
    renewed: bool,
    people: float,
) -> None:
    """Draw one street: a feeder of lamps that bends as it goes."""
    classes, shares = _CLASSES[town]
    lighting_class = str(dice.choice(classes, p=shares))
    spacing_m = settings.spacing_m * float(dice.uniform(0.8, 1.25))
    kinds = _SMALL if lighting_class in ("P5", "P6") else _KINDS[lighting_class[0]]
    drawn_kind, old = dice.random(), dice.random()
    if renewed or drawn_kind < settings.led_share:
        kind, built = kinds[2], int(dice.integers(2013, 2027))
    elif old < settings.mercury_share:
        kind, built = kinds[1], int(dice.integers(1975, 1998))
    else:
        kind, built = kinds[0], int(dice.integers(1985, 2014))
    street = len(drawn.streets.get("ids", []))
    main = lighting_class[0] in "MC"
    drawn.add(
        "streets", ids=name, commune=commune, lighting_class=lighting_class, people=people,
        road_width_m=6.5 if main else 5.0, footway_width_m=3.0 if main else 1.5,
        spacing_m=spacing_m,
    )  # fmt: skip
    turns = heading + np.cumsum(dice.normal(0.0, 0.12, lamps))
    first = drawn.count
    drawn.count += lamps
    fed_by = np.arange(first - 1, first + lamps - 1)
    fed_by[:1] = FED_BY_CABINET
    drawn.add(
        "lamps",
        x_m=start[0] + np.cumsum(spacing_m * np.cos(turns)),
        y_m=start[1] + np.cumsum(spacing_m * np.sin(turns)),
        height_m=np.full(lamps, 8.0 if main else 6.0),
        cabinet=np.full(lamps, cabinet), street=np.full(lamps, street),
        type=np.full(lamps, number[kind]), fed_by=fed_by, installed=np.full(lamps, built),
    )  # fmt: skip


def _assembled(drawn: _Drawn, communes: tuple[str, ...], types: tuple[LampType, ...]) -> Inventory:
    def ints(values: object) -> NDArray[np.int32]:
        return np.asarray(values, dtype=np.int32)

    def floats(values: object) -> Floats:
        return np.asarray(values, dtype=np.float64)

    lamps = {name: np.concatenate(parts) for name, parts in drawn.lamps.items()}
    streets, cabinets = drawn.streets, drawn.cabinets
    ids = tuple(map(str, cabinets["ids"]))
    place = np.arange(len(lamps["cabinet"])) - np.searchsorted(lamps["cabinet"], lamps["cabinet"])
    watts = np.array([each.system_w for each in types])[ints(lamps["type"])]
    connected_w = floats(np.bincount(ints(lamps["cabinet"]), watts, len(ids)))
    return Inventory(
        communes=communes,
        types=types,
        streets=Streets(
            tuple(map(str, streets["ids"])), ints(streets["commune"]),
            tuple(map(str, streets["lighting_class"])), floats(streets["road_width_m"]),
            floats(streets["footway_width_m"]), floats(streets["spacing_m"]),
            floats(streets["people"]),
        ),
        cabinets=Cabinets(
            ids, floats(cabinets["x_m"]), floats(cabinets["y_m"]), ints(cabinets["commune"]),
            subscribed_kva(connected_w),
        ),
        lamps=Lamps(
            tuple(
                f"{ids[cabinet]}-L{number + 1}"
                for cabinet, number in zip(lamps["cabinet"].tolist(), place.tolist(), strict=True)
            ),
            floats(lamps["x_m"]), floats(lamps["y_m"]), floats(lamps["height_m"]),
            ints(lamps["cabinet"]), ints(lamps["street"]), ints(lamps["type"]),
            ints(lamps["fed_by"]), ints(lamps["installed"]),
        ),
        source=SOURCE,
        synthetic=True,
    )  # fmt: skip
