"""Homes of a commune and who lives in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.rural.settings import PeopleSection
from twin.streams import Streams
from twin.territory.scatter import scatter
from twin.territory.territory import Territory

Floats = NDArray[np.float64]

WHERE = Streams(0, 0)
"""Homes stand where the gateway question puts its meters, whatever the seed of the networks."""
PURPOSE = "meters"


@dataclass(frozen=True, eq=False)
class Dwellings:
    """Homes of one commune: places in Lambert-93 and inhabitants (0: a second home); (homes,)."""

    x_m: Floats
    y_m: Floats
    people: Floats

    def __len__(self) -> int:
        return len(self.x_m)


def home_counts(population: NDArray[np.int64], section: PeopleSection) -> NDArray[np.int64]:
    """Return the homes of each commune, second and empty ones included; shape (communes,)."""
    per_home = section.inhabitants_per_home * (1.0 - section.empty_share)
    counts = np.maximum(np.rint(population / max(per_home, 1e-9)), population > 0)
    return counts.astype(np.int64)


def dwellings(
    territory: Territory, wanted: NDArray[np.bool_], section: PeopleSection, streams: Streams
) -> list[Dwellings]:
    """Return the homes of each commune, none where it is not `wanted`.

    Each inhabited home has one inhabitant at least; the others fall on inhabited homes at random,
    so that the sum is the commune's population exactly.

    Parameters
    ----------
    territory
        Communes and their areas.
    wanted
        Which communes, shape (communes,).
    section
        Inhabitants a home, share of empty ones.
    streams
        The dice of who lives in which home; places have dice of their own.
    """
    counts = np.where(wanted, home_counts(territory.population, section), 0)
    placed = scatter(territory.areas, territory.communes, counts, WHERE, PURPOSE)
    ends = np.cumsum(counts)
    found = []
    for commune, count, end in zip(territory.communes, counts, ends, strict=True):
        here = slice(int(end - count), int(end))
        rng = streams.generator("water", "inhabitants of a home", commune.insee)
        people = _people(int(count), commune.population if count else 0, section, rng)
        found.append(Dwellings(placed.x_m[here], placed.y_m[here], people))
    return found


def _people(
    homes: int, population: int, section: PeopleSection, rng: np.random.Generator
) -> Floats:
    """Return the inhabitants of each home, shape (homes,)."""
    people = np.zeros(homes)
    lived_in = round(homes * (1.0 - section.empty_share))
    lived_in = min(max(lived_in, 1), homes, population)
    if lived_in == 0:
        return people
    chosen = rng.permutation(homes)[:lived_in]
    more = rng.multinomial(population - lived_in, np.full(lived_in, 1.0 / lived_in))
    people[chosen] = 1.0 + more
    return people
