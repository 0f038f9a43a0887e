"""Join tiles of one grid: same reference system, same cells, first valid height wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, Fault
from twin.lang import Text
from twin.terrain.tiles import Tile

# A tenth of a cell: SRTM names and IGN corners are exact, other writers round.
ALIGNED_CELLS = 0.1
MOST_CELLS = 400_000_000


@dataclass(frozen=True)
class Mosaic:
    """Tiles joined: the frame of :class:`Tile`, and `covered`, true where some tile has a cell."""

    heights_m: NDArray[np.float32]
    covered: NDArray[np.bool_]
    west: float
    north: float
    step_x: float
    step_y: float
    crs_wkt: str


def join(tiles: Sequence[Tile]) -> Mosaic:
    """Return the tiles on their common frame.

    Raises
    ------
    DataError
        Tiles in different reference systems, of different or misaligned cells, or so far apart
        that the frame would not fit in memory.
    """
    first = tiles[0]
    faults = [fault for tile in tiles[1:] for fault in _mismatch(first, tile)]
    if faults:
        raise DataError(*faults)
    west = min(tile.west for tile in tiles)
    north = max(tile.north for tile in tiles)
    corners = [
        (round((north - tile.north) / first.step_y), round((tile.west - west) / first.step_x))
        for tile in tiles
    ]
    rows = max(i + tile.heights_m.shape[0] for (i, _), tile in zip(corners, tiles, strict=True))
    columns = max(j + tile.heights_m.shape[1] for (_, j), tile in zip(corners, tiles, strict=True))
    if rows * columns > MOST_CELLS:
        raise DataError(
            Fault(
                file=", ".join(str(tile.path) for tile in (tiles[0], tiles[-1])),
                value=f"{rows} x {columns}",
                expected=Text(
                    f"au plus {MOST_CELLS} cellules dans l’emprise commune",
                    f"at most {MOST_CELLS} cells in the common frame",
                ),
                remedy=Text(
                    "donner une emprise, ou ôter les tuiles lointaines",
                    "give bounds, or remove the far tiles",
                ),
            )
        )
    heights = np.full((rows, columns), np.nan, dtype=np.float32)
    covered = np.zeros((rows, columns), dtype=np.bool_)
    for (i, j), tile in zip(corners, tiles, strict=True):
        part = slice(i, i + tile.heights_m.shape[0]), slice(j, j + tile.heights_m.shape[1])
        heights[part] = np.where(np.isnan(heights[part]), tile.heights_m, heights[part])
        covered[part] = True
    return Mosaic(heights, covered, west, north, first.step_x, first.step_y, first.crs_wkt)


def _mismatch(first: Tile, tile: Tile) -> list[Fault]:
    from pyproj import CRS

    if tile.crs_wkt != first.crs_wkt and not CRS.from_user_input(tile.crs_wkt).equals(
        CRS.from_user_input(first.crs_wkt), ignore_axis_order=True
    ):
        return [
            Fault(
                file=str(tile.path),
                value=CRS.from_user_input(tile.crs_wkt).name,
                expected=Text(
                    f"le système de référence de {first.path.name},"
                    f" {CRS.from_user_input(first.crs_wkt).name}",
                    f"the reference system of {first.path.name},"
                    f" {CRS.from_user_input(first.crs_wkt).name}",
                ),
                remedy=Text(
                    "ne mêler que des tuiles d’un même système (gdalwarp)",
                    "join only tiles of one reference system (gdalwarp)",
                ),
            )
        ]
    # An error of the cell side adds up over the tile's cells.
    drift = max(
        abs(tile.step_x / first.step_x - 1.0) * tile.heights_m.shape[1],
        abs(tile.step_y / first.step_y - 1.0) * tile.heights_m.shape[0],
    )
    offset_x = (tile.west - first.west) / first.step_x
    offset_y = (tile.north - first.north) / first.step_y
    off = max(abs(offset_x - round(offset_x)), abs(offset_y - round(offset_y)))
    if drift <= ALIGNED_CELLS and off <= ALIGNED_CELLS:
        return []
    return [
        Fault(
            file=str(tile.path),
            value=f"{tile.step_x:g} x {tile.step_y:g}, ({tile.west:.6g}, {tile.north:.7g})",
            expected=Text(
                f"des cellules de {first.step_x:g} alignées sur celles de {first.path.name}",
                f"cells of {first.step_x:g} aligned on those of {first.path.name}",
            ),
            remedy=Text(
                "ne mêler que des tuiles d’un même produit (sinon gdalwarp -tap)",
                "join only tiles of one product (or gdalwarp -tap)",
            ),
        )
    ]
