"""Made-up relief for a territory whose elevation file is missing, true to each commune's range."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text
from twin.terrain.grid import Terrain
from twin.terrain.ownership import claim, grid_shape, nearest_owner

SOURCE = Text(
    "relief synthétique, tenu entre le point le plus bas et le point le plus haut de chaque"
    " commune ; ce n’est pas un relevé",
    "synthetic relief, held between each commune's lowest and highest ground; not a survey",
)
SHORTEST_SIDE_M = 2_000.0
SUMMIT_SLOPE = 0.04
SOFTNESS_M = 4.0
PASSES = 12


def synthetic_terrain(
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    area_km2: NDArray[np.float64],
    zmin_m: NDArray[np.float64],
    zmax_m: NDArray[np.float64],
    generator: np.random.Generator,
    bounds_m: tuple[float, float, float, float],
    resolution_m: float = 100.0,
    owner: NDArray[np.int16] | None = None,
) -> Terrain:
    """Return a relief that in every commune touches, and never leaves, its range of heights.

    Rolling country cut by valleys (:func:`twin.terrain.country.country`), then held between a floor
    and a ceiling that are continuous across borders and finally lifted or deepened by one smooth
    hill or hollow where a commune's top or bottom is not yet reached. Spectrum and roughness are
    those of the SRTM3 tile N50E010 scaled by the communes' relief [D there, U elsewhere]; the
    valleys are not the real ones: no single link may be decided on this ground.

    Every cell with an owner lies in [zmin, zmax] exactly. Each end is reached within 0.1 m by every
    commune with enough cells; neighbours whose ranges do not overlap leave a cliff between them.
    Communes owning no cell inside `bounds_m` take no part. Measure the result with
    :func:`twin.terrain.figures.relief_figures`.

    Parameters
    ----------
    x_m, y_m, area_km2, zmin_m, zmax_m
        One row per commune, shape (communes,): Lambert-93 point, area, lowest and highest ground.
        Point and area serve only where `owner` is not given.
    generator
        The dice; the same generator state and arguments give the same bits.
    bounds_m
        (west, south, east, north), Lambert-93; at least 2 km on each side.
    resolution_m
        Side of a cell.
    owner
        Index of the commune owning each cell, -1 outside; shape (rows, columns) of
        :func:`twin.terrain.ownership.grid_shape`. Without it, the nearest commune point owns.

    Raises
    ------
    InputError
        Tables of different lengths, a range upside down or not finite, bounds too small or
        reversed, an owner grid of another shape or naming a commune that is not in the tables.
    """
    from twin.terrain.conditioning import ceiling_field, press
    from twin.terrain.country import CONTROL_M, approach_ranges, country
    from twin.terrain.ownership import thin

    x, y, area, low, high = (
        np.atleast_1d(np.asarray(table, dtype=np.float64))
        for table in (x_m, y_m, area_km2, zmin_m, zmax_m)
    )
    faults = _frame_faults(bounds_m, resolution_m) + _table_faults(x, y, area, low, high)
    if faults:
        raise InputError(*faults)
    if owner is None:
        owner = nearest_owner(x, y, area, bounds_m, resolution_m)
    owner = np.asarray(owner)
    faults = _owner_faults(owner, grid_shape(bounds_m, resolution_m), low.size)
    if faults:
        raise InputError(*faults)
    owner = np.ascontiguousarray(owner, dtype=np.int16)
    heights = country(owner, low, high, resolution_m, generator)
    claimed = claim(owner)
    coarse = thin(claimed, CONTROL_M / resolution_m)
    for sigma_m in (1_500.0, 1_000.0, 700.0):
        approach_ranges(heights, owner, coarse, low, high, resolution_m, sigma_m)
    ceiling = ceiling_field(owner, claimed, high, resolution_m)
    floor = -ceiling_field(owner, claimed, -low, resolution_m)
    press(heights, floor, ceiling, SOFTNESS_M)
    heights = _touch(heights, owner, floor, ceiling, low, high, resolution_m)
    owned = owner >= 0
    heights[owned] = np.clip(heights[owned], low[owner[owned]], high[owner[owned]])
    return Terrain(
        heights_m=_float32_within(heights, owner, low, high),
        west_m=bounds_m[0],
        north_m=bounds_m[3],
        resolution_m=resolution_m,
        source=SOURCE,
        synthetic=True,
    )


def _touch(
    heights: NDArray[np.float64],
    owner: NDArray[np.int16],
    floor: NDArray[np.float64],
    ceiling: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    cell_m: float,
) -> NDArray[np.float64]:
    """Lift summits and deepen valleys in turn until every end that can be reached is."""
    from twin.terrain.conditioning import raise_summits

    for _ in range(PASSES):
        up = raise_summits(heights, owner, ceiling, high, cell_m, SUMMIT_SLOPE)
        heights = -heights
        down = raise_summits(heights, owner, -floor, -low, cell_m, SUMMIT_SLOPE)
        heights = -heights
        if max(up, down) < 0.05:  # noqa: PLR2004 - 5 cm
            break
    return heights


def _float32_within(
    heights: NDArray[np.float64],
    owner: NDArray[np.int16],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Return the heights in single precision, rounded towards the inside of each range."""
    single = heights.astype(np.float32)
    owned = owner >= 0
    bottom, top = low[owner], high[owner]
    single = np.where(owned & (single > top), np.nextafter(single, np.float32(-np.inf)), single)
    return np.where(owned & (single < bottom), np.nextafter(single, np.float32(np.inf)), single)


def _frame_faults(bounds_m: tuple[float, float, float, float], resolution_m: float) -> list[Fault]:
    west, south, east, north = bounds_m
    faults = []
    if not (np.isfinite(resolution_m) and 0.0 < resolution_m <= SHORTEST_SIDE_M / 4.0):
        faults.append(
            Fault(
                key="resolution_m",
                value=f"{resolution_m:g}",
                expected=Text(
                    "un pas de grille entre 0 et 500 m", "a cell size between 0 and 500 m"
                ),
                remedy=Text("donner par exemple 100", "give for instance 100"),
            )
        )
    if not (east - west >= SHORTEST_SIDE_M and north - south >= SHORTEST_SIDE_M):
        faults.append(
            Fault(
                key="bounds_m",
                value=f"({west:g}, {south:g}, {east:g}, {north:g})",
                expected=Text(
                    "une emprise (ouest, sud, est, nord) d’au moins 2 km de côté",
                    "bounds (west, south, east, north) at least 2 km on each side",
                ),
                remedy=Text("corriger l’emprise en Lambert-93", "correct the Lambert-93 bounds"),
            )
        )
    return faults


def _table_faults(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    area: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> list[Fault]:
    sizes = [table.size for table in (x, y, area, low, high)]
    if len(set(sizes)) > 1 or low.size == 0:
        return [
            Fault(
                key="x_m, y_m, area_km2, zmin_m, zmax_m",
                value=", ".join(str(size) for size in sizes),
                expected=Text(
                    "une ligne par commune dans chaque table, au moins une",
                    "one row per commune in every table, at least one",
                ),
                remedy=Text("compléter les tables", "complete the tables"),
            )
        ]
    lost = np.flatnonzero(~(np.isfinite(x) & np.isfinite(y) & np.isfinite(area) & (area > 0.0)))
    faults = [
        Fault(
            key=f"x_m, y_m, area_km2 [{index}]",
            value=f"{x[index]:g}, {y[index]:g}, {area[index]:g}",
            expected=Text("un point et une surface positive", "a point and a positive area"),
            remedy=Text("corriger la ligne de la commune", "correct the commune's row"),
        )
        for index in lost
    ]
    wrong = np.flatnonzero(~(np.isfinite(low) & np.isfinite(high) & (low <= high)))
    return faults + [
        Fault(
            key=f"zmin_m, zmax_m [{index}]",
            value=f"{low[index]:g}, {high[index]:g}",
            expected=Text("deux altitudes, zmin ≤ zmax", "two heights, zmin <= zmax"),
            remedy=Text("corriger la ligne de la commune", "correct the commune's row"),
        )
        for index in wrong
    ]


def _owner_faults(owner: NDArray[np.int16], shape: tuple[int, int], communes: int) -> list[Fault]:
    if owner.shape != shape:
        met = f"{' x '.join(str(n) for n in owner.shape)}"
        return [
            Fault(
                key="owner",
                value=met,
                expected=Text(
                    f"{shape[0]} lignes x {shape[1]} colonnes, comme la grille du relief",
                    f"{shape[0]} rows x {shape[1]} columns, as the relief's grid",
                ),
                remedy=Text("recalculer la grille des communes", "make the grid of communes again"),
            )
        ]
    if owner.min() < -1 or owner.max() >= communes or owner.max() < 0:
        return [
            Fault(
                key="owner",
                value=f"{owner.min()}..{owner.max()}",
                expected=Text(
                    f"des indices de -1 (dehors) à {communes - 1}, et au moins une commune",
                    f"indices from -1 (outside) to {communes - 1}, and at least one commune",
                ),
                remedy=Text("recalculer la grille des communes", "make the grid of communes again"),
            )
        ]
    return []
