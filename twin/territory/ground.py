"""The ground under a study: the planner's terrain, or relief that is labelled synthetic."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twin.files import write_atomically
from twin.lang import Text
from twin.scenario.schema import TerritorySection
from twin.streams import Streams
from twin.terrain import Terrain
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune
from twin.territory.limits import territory_areas

if TYPE_CHECKING:
    from twin.terrain.readers import TerrainReading

MARGIN_M = 2_000.0
"""Ground made beyond the department's limits, so that no path runs off the edge."""

RELIEF = ("territory", "relief")
"""Name of the random stream the synthetic relief is drawn from."""

SYNTHETIC = Text(
    "relief synthétique : plausible, mais aucune vallée n'est à sa vraie place",
    "synthetic relief: plausible, but no valley is in its true place",
)


def read_ground(section: TerritorySection, communes: tuple[Commune, ...], cache: Path) -> Terrain:
    """Return the scenario's terrain: its files where it names some, synthetic relief otherwise."""
    areas = territory_areas(section, communes)
    if section.terrain:
        return given_ground(section, areas).terrain
    bounds, resolution_m = _bounds(section, areas), section.terrain_resolution_m
    return synthetic_ground(communes, areas, bounds, resolution_m, section.relief_seed, cache)


def given_ground(section: TerritorySection, areas: CommuneAreas) -> TerrainReading:
    """Return the planner's terrain and what should be told about it.

    Raises
    ------
    DataError
        As :func:`twin.terrain.readers.load_terrain`.
    """
    from twin.terrain.readers import load_terrain

    return load_terrain(
        section.terrain,
        bounds_m=_bounds(section, areas),
        resolution_m=section.terrain_resolution_m,
    )


def _bounds(section: TerritorySection, areas: CommuneAreas) -> tuple[float, float, float, float]:
    """Return (west, south, east, north) of the ground needed, on round coordinates."""
    west, south, east, north = areas.bounds_m
    r = section.terrain_resolution_m
    return (
        float(np.floor((west - MARGIN_M) / r) * r),
        float(np.floor((south - MARGIN_M) / r) * r),
        float(np.ceil((east + MARGIN_M) / r) * r),
        float(np.ceil((north + MARGIN_M) / r) * r),
    )


def synthetic_ground(
    communes: Sequence[Commune],
    areas: CommuneAreas,
    bounds_m: tuple[float, float, float, float],
    resolution_m: float,
    seed: int,
    cache: Path,
) -> Terrain:
    """Return the synthetic relief of the communes, from the cache where it was made before."""
    from twin.terrain import synthetic

    summary = hashlib.sha256(repr((communes, bounds_m, resolution_m, seed, RELIEF)).encode())
    for source in sorted(Path(synthetic.__file__).parent.glob("*.py")):
        summary.update(source.read_bytes())
    summary.update(areas.owner.tobytes())
    file = cache / f"relief-{summary.hexdigest()[:24]}.npy"
    west, south, east, north = bounds_m
    if file.is_file():
        heights = np.load(file)
        return Terrain(heights, west, north, resolution_m, SYNTHETIC, synthetic=True)
    rows = round((north - south) / resolution_m)
    columns = round((east - west) / resolution_m)
    terrain = synthetic.synthetic_terrain(
        np.array([commune.x_m for commune in communes]),
        np.array([commune.y_m for commune in communes]),
        np.array([commune.area_km2 for commune in communes]),
        np.array([commune.zmin_m for commune in communes]),
        np.array([commune.zmax_m for commune in communes]),
        Streams(seed, 0).generator(*RELIEF),
        bounds_m,
        resolution_m,
        areas.owner_grid(west, north, rows, columns, resolution_m),
    )
    with write_atomically(file) as handle:
        np.save(handle, terrain.heights_m)
    return Terrain(terrain.heights_m, west, north, resolution_m, SYNTHETIC, synthetic=True)
