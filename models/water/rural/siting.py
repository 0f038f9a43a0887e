"""Where the tower and the source of a commune stand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.water.rural.settings import DesignSection
from twin.terrain.grid import Terrain
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune

Floats = NDArray[np.float64]

STEP_M = 150.0
REACH_M = 6_000.0
METRES_A_METRE = 60.0
"""Metres of main that a metre of tower is worth [U]."""
TOO_TALL = 400.0
LOSSES_M = 6.0
"""Head lost between tower and the highest customer, as a first guess [U]."""
WATER_BELOW_M = 15.0
"""Depth of the water in a borehole while it pumps [U]."""


class Place(NamedTuple):
    """A point in Lambert-93 and its ground."""

    x_m: float
    y_m: float
    ground_m: float


def sites(
    commune: Commune,
    index: int,
    areas: CommuneAreas,
    terrain: Terrain,
    served: tuple[Floats, Floats, Floats],
    design: DesignSection,
) -> tuple[Place, Place]:
    """Return the tower's place and the source's.

    The tower stands where the way from the village plus its height, weighed in metres of main, is
    least: high ground, near. The source stands on low ground near the tower.

    Parameters
    ----------
    commune, index, areas
        The commune, its index in `areas`; both places are inside it where it owns ground.
    terrain
        The ground.
    served
        East, north and ground of the places with customers, shape (places,) each.
    design
        Least pressure and tallest tower.
    """
    centre_x, centre_y = village(commune, served[0], served[1])
    half = min(REACH_M, 1_000.0 * np.sqrt(commune.area_km2))
    steps = np.arange(-half, half + STEP_M, STEP_M)
    east, north = (grid.ravel() for grid in np.meshgrid(steps + centre_x, steps + centre_y))
    mine = areas.at(east, north) == index
    # The places served are always candidates: the commune may own no cell of the grid.
    east = np.concatenate([east[mine], served[0]])
    north = np.concatenate([north[mine], served[1]])
    ground = terrain.height_m(east, north)
    east, north, ground = (each[np.isfinite(ground)] for each in (east, north, ground))
    away = np.hypot(east - centre_x, north - centre_y)
    needed = float(np.max(served[2])) + design.least_pressure_m + LOSSES_M
    height = np.maximum(needed - ground, 2.0)
    cost = away + METRES_A_METRE * height
    cost += TOO_TALL * np.maximum(height - design.tallest_tower_m, 0.0)
    best = int(np.argmin(cost))
    tower = Place(float(east[best]), float(north[best]), float(ground[best]))
    way = np.hypot(east - tower.x_m, north - tower.y_m)
    cost = ground + 0.012 * way + np.where(way < 4.0 * STEP_M, 1e3, 0.0)
    best = int(np.argmin(cost))
    return tower, Place(float(east[best]), float(north[best]), float(ground[best]))


def village(commune: Commune, x_m: Floats, y_m: Floats) -> tuple[float, float]:
    """Return the middle of the village: the place served nearest to the commune's point."""
    near = int(np.argmin(np.hypot(x_m - commune.x_m, y_m - commune.y_m)))
    return float(x_m[near]), float(y_m[near])
