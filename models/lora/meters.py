"""The water meters: how many, where, and what stands between each and the sky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.settings import MetersSection
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.points import read_points
from twin.streams import Streams
from twin.tables import Column, Kind
from twin.territory.areas import OUTSIDE, CommuneAreas
from twin.territory.communes import Commune

OUTDOOR, INDOOR, PIT = 0, 1, 2
UNSAID = 255

PLACEMENT_LABELS: dict[int, Text] = {
    OUTDOOR: Text("en extérieur", "outdoors"),
    INDOOR: Text("en intérieur", "indoors"),
    PIT: Text("en regard", "in a pit"),
}
_PLACEMENT_WORDS = ("outdoor", "indoor", "pit")

QUICK_ONE_IN = 10
"""A quick study keeps one meter in so many; every share is then an estimate from fewer meters."""


@dataclass(frozen=True)
class Meters:
    """Meters as arrays of one entry each.

    `x_m`, `y_m` Lambert-93, `height_m` antenna above ground. `commune` is the index of each meter's
    commune, `place` a fixed draw in [0, 1) that decides its placement: two options with different
    pit shares put the same meters in pits first. `given` holds what the planner's file says of each
    placement, UNSAID where it says nothing; None where it never does. `own` tells the planner's
    meters from synthetic ones.
    """

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    height_m: NDArray[np.float64]
    commune: NDArray[np.int32]
    place: NDArray[np.float64]
    given: NDArray[np.uint8] | None = None
    own: bool = False

    def __len__(self) -> int:
        return len(self.x_m)

    def placement(self, section: MetersSection) -> NDArray[np.uint8]:
        """Return OUTDOOR, INDOOR or PIT for each meter under one option's shares.

        What the planner's file says of a meter holds in every option; shares decide for the others.
        """
        pit = self.place < section.pit_share
        indoor = ~pit & (self.place < section.pit_share + section.indoor_share)
        drawn = np.where(pit, PIT, np.where(indoor, INDOOR, OUTDOOR)).astype(np.uint8)
        if self.given is None:
            return drawn
        return np.where(self.given == UNSAID, drawn, self.given)


def nominal_meters(meters: Meters, *, quick: bool) -> float:
    """Return how many meters the study speaks of, whatever part of them a quick one looks at."""
    thinned = quick and not meters.own
    return float(len(meters) * (QUICK_ONE_IN if thinned else 1))


def make_meters(
    section: MetersSection,
    communes: Sequence[Commune],
    areas: CommuneAreas,
    *,
    quick: bool = False,
) -> Meters:
    """Return the planner's own meters, or synthetic ones that follow population.

    The positions are part of the world, not of the dice: every replication of every study looks at
    the same meters, so their streams take seed 0 and replication 0. An inhabited commune has at
    least one meter. `quick` keeps one synthetic meter in QUICK_ONE_IN; the planner's are all kept.

    Raises
    ------
    DataError
        As :func:`twin.points.read_points`; also where nobody lives in the territory.
    """
    if section.points is not None:
        return _read_meters(section, communes, areas)
    counts = _counts(communes, section.inhabitants_per_meter * (QUICK_ONE_IN if quick else 1))
    streams = Streams(0, 0)
    from twin.territory.scatter import scatter

    points = scatter(areas, communes, counts, streams, "meters")
    place = np.concatenate(
        [
            streams.generator("lora", "meter placement", home.insee).random(int(count))
            for home, count in zip(communes, counts, strict=True)
        ]
    )
    return Meters(
        x_m=points.x_m,
        y_m=points.y_m,
        height_m=np.full(len(place), section.height_m),
        commune=points.commune.astype(np.int32),
        place=place,
    )


def _counts(communes: Sequence[Commune], inhabitants_per_meter: float) -> NDArray[np.int64]:
    """Return the meters of each commune, shape (communes,)."""
    population = np.array([commune.population for commune in communes])
    if not population.any():
        raise DataError(
            Fault(
                key="population",
                value="0",
                expected=Text("au moins une commune habitée", "at least one inhabited commune"),
                remedy=Text(
                    "compléter la table des communes ou donner ses propres compteurs",
                    "complete the table of communes or give your own meters",
                ),
            )
        )
    counts = np.maximum(np.rint(population / inhabitants_per_meter), population > 0)
    return counts.astype(np.int64)


def _read_meters(
    section: MetersSection, communes: Sequence[Commune], areas: CommuneAreas
) -> Meters:
    columns = {
        "placement": Column(Kind.TEXT, default="", choices=(*_PLACEMENT_WORDS, "")),
        "height_m": Column(default=section.height_m, minimum=0.0, maximum=50.0),
        "insee": Column(Kind.TEXT, default=""),
    }
    assert section.points is not None  # noqa: S101 - the caller looked
    points = read_points(section.points, columns, layer=section.points_layer, inside=areas.contains)
    words = points.table.texts("placement")
    given = None
    if any(words):
        code = {word: index for index, word in enumerate(_PLACEMENT_WORDS)} | {"": UNSAID}
        given = np.array([code[word] for word in words], dtype=np.uint8)
    return Meters(
        x_m=points.x_m,
        y_m=points.y_m,
        height_m=points.table.numbers("height_m"),
        commune=home_communes(areas, points.x_m, points.y_m, points.table.texts("insee"), communes),
        # Where the file does not say, the order of the points decides, evenly spread over [0, 1).
        place=np.modf(np.arange(len(words)) * 0.6180339887498949)[0],
        given=given,
        own=True,
    )


def home_communes(
    areas: CommuneAreas,
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    codes: Sequence[str] = (),
    communes: Sequence[Commune] = (),
) -> NDArray[np.int32]:
    """Return the index of each point's commune, shape (points,).

    It is the commune of the INSEE code the file gives (`codes`, "" for none) where `communes` holds
    it, since approximate limits put one mast in fifteen next door; else the one the point stands
    in; else, in a gap, the nearest.
    """
    home = areas.at(x_m, y_m).astype(np.int32)
    lost = home == OUTSIDE
    if lost.any():
        home[lost], _ = areas.nearest(x_m[lost], y_m[lost])
    index = {commune.insee: row for row, commune in enumerate(communes)}
    for row, code in enumerate(codes):
        home[row] = index.get(code, home[row])
    return home
