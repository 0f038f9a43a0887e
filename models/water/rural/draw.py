"""What each node draws on the mean day, and how the day goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import Pattern
from models.water.rural.dwellings import Dwellings
from models.water.rural.layout import Layout
from models.water.rural.settings import PeopleSection
from twin.streams import Streams
from twin.territory.communes import Commune

Floats = NDArray[np.float64]

SECONDS_A_DAY = 86_400.0
TOWN = (2_000.0, 20_000.0)
FLATS = 0.6
"""Homes behind a connection beyond the first in a town; none in a village [U]."""


def _pattern(name: str, *values: float) -> Pattern:
    shape = np.array(values)
    return Pattern(name, shape / shape.mean())


DOMESTIC = _pattern(
    "domestic",
    0.25, 0.12, 0.10, 0.10, 0.12, 0.40, 1.10, 1.90, 1.80, 1.40, 1.15, 1.10,
    1.35, 1.20, 0.90, 0.80, 0.85, 1.10, 1.55, 1.85, 1.65, 1.30, 0.80, 0.45,
)  # fmt: skip
"""Hours of homes, mean 1 [U]; at night 0.6 L an hour and person (UK practice)."""
FARM = _pattern(
    "farm",
    0.5, 0.4, 0.4, 0.4, 0.6, 1.0, 1.8, 1.9, 1.5, 1.0, 0.9, 1.0,
    1.1, 1.0, 0.9, 0.9, 1.0, 1.5, 1.8, 1.6, 1.0, 0.8, 0.6, 0.5,
)  # fmt: skip
"""Hours of livestock and milking, mean 1 [U]."""
INDUSTRY = _pattern(
    "industry",
    0.3, 0.3, 0.3, 0.3, 0.3, 0.5, 1.0, 1.6, 1.9, 1.9, 1.8, 1.7,
    1.3, 1.7, 1.8, 1.8, 1.6, 1.3, 0.8, 0.5, 0.4, 0.3, 0.3, 0.3,
)  # fmt: skip
"""Hours of workshops, shops, schools, mean 1 [U]."""
PATTERNS = (DOMESTIC, FARM, INDUSTRY)


@dataclass(frozen=True, eq=False)
class Draw:
    """Who hangs on each node and what they draw on the mean day; arrays of shape (nodes,)."""

    people: Floats
    homes: Floats
    connections: NDArray[np.int32]
    home_m3_per_day: Floats
    farm_m3_per_day: Floats
    industry_m3_per_day: Floats

    @property
    def mean_m3s(self) -> Floats:
        """Return the mean demand of each node, m3/s."""
        whole = self.home_m3_per_day + self.farm_m3_per_day + self.industry_m3_per_day
        return np.asarray(whole / SECONDS_A_DAY)


def draw_of(
    commune: Commune, layout: Layout, homes: Dwellings, section: PeopleSection, streams: Streams
) -> Draw:
    """Return what hangs on each node of a plan.

    Farms stand outside the village, industry in it (where there is no such node, anywhere).
    """
    count = len(layout.x_m)
    people = np.bincount(layout.place, weights=homes.people, minlength=count).astype(np.float64)
    number = np.bincount(layout.place, minlength=count).astype(np.float64)
    served = number > 0.0
    behind = 1.0 + FLATS * np.clip(
        np.log(max(commune.population, 1) / TOWN[0]) / np.log(TOWN[1] / TOWN[0]), 0.0, 1.0
    )
    connections = np.where(
        served & layout.village, np.maximum(np.rint(number / behind), 1.0), number
    )
    empty = np.bincount(layout.place, weights=homes.people == 0.0, minlength=count)
    litres = people * section.litres_per_person_day + empty * section.litres_per_empty_home_day
    drawn = litres / 1e3
    rng = streams.generator("water", "farms and industry", commune.insee)
    farms = max(round(commune.area_km2 / section.km2_per_farm), 1)
    return Draw(
        people,
        number,
        connections.astype(np.int32),
        drawn,
        _spread(
            section.farm_m3_per_km2_day * commune.area_km2,
            served & ~layout.village,
            served,
            farms,
            rng,
        ),
        _spread(
            section.industry_share * float(drawn.sum()),
            served & layout.village,
            served,
            1 + commune.population // 500,
            rng,
        ),
    )


def _spread(
    total: float,
    among: NDArray[np.bool_],
    otherwise: NDArray[np.bool_],
    number: int,
    rng: np.random.Generator,
) -> Floats:
    """Return a total shared out unequally over `number` nodes, shape (nodes,)."""
    order, size = rng.random(len(among)), 0.2 + rng.random(len(among))
    rows = np.flatnonzero(among if among.any() else otherwise)
    rows = rows[np.argsort(order[rows], kind="stable")][:number]
    shared = np.zeros(len(among))
    shared[rows] = total * size[rows] / size[rows].sum()
    return shared
