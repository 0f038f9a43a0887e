"""Read elevation files as they are delivered and lay them on one Lambert-93 grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twin.errors import DataError, Fault
from twin.lang import Text
from twin.terrain.cover import Bounds, box, check_cover, file_names, uncovered
from twin.terrain.grid import Terrain
from twin.terrain.hgt import read_hgt
from twin.terrain.mosaic import Mosaic, join
from twin.terrain.project import pass_through, project, round_cell_m
from twin.terrain.tiles import Tile, crop, is_lambert_93, read_raster
from twin.terrain.voids import fill_small_voids

SUFFIXES = (".tif", ".tiff", ".asc", ".hgt", ".hgt.gz")


@dataclass(frozen=True)
class TerrainReading:
    """A terrain read from files, and what its reader should know about it.

    `void_cells` counts the cells without height in the files (inside the part read), `filled_cells`
    those of them that were interpolated. `notices` say what was assumed.
    """

    terrain: Terrain
    notices: tuple[Text, ...]
    void_cells: int
    filled_cells: int


def read_terrain(
    paths: Path | Sequence[Path],
    bounds_m: Bounds | None = None,
    resolution_m: float | None = None,
    fill_voids_cells: int = 0,
) -> Terrain:
    """Return the terrain in `paths`; see :func:`load_terrain`, which also returns the notices."""
    return load_terrain(paths, bounds_m, resolution_m, fill_voids_cells).terrain


def load_terrain(
    paths: Path | Sequence[Path],
    bounds_m: Bounds | None = None,
    resolution_m: float | None = None,
    fill_voids_cells: int = 0,
) -> TerrainReading:
    """Return the terrain in one or several elevation files, on a Lambert-93 grid.

    Files already in Lambert-93 pass through unchanged, cell for cell, unless another `resolution_m`
    is asked. Anything else is projected, bilinear (averaged where the grid asked is coarser than
    the file). Several tiles of one product are joined before, so no seam appears; where they
    overlap the first valid height wins, in the order given (files of a folder by name).

    Parameters
    ----------
    paths
        GeoTIFF (.tif, .tiff), SRTM (.hgt, .hgt.gz), ESRI ASCII as IGN delivers BD ALTI and RGE ALTI
        (.asc), folders of them (searched to the bottom), or a sequence of these.
    bounds_m
        (west, south, east, north) wanted, Lambert-93; the grid returned covers them. None takes all
        there is; corners that no file covers are then NaN.
    resolution_m
        Side of a cell; None keeps that of a Lambert-93 file, or takes the file's spacing in
        latitude rounded down to 5 m (90 m for SRTM 3", 30 m for 1").
    fill_voids_cells
        Voids of at most this many cells of the file are interpolated, larger ones stay NaN.

    Raises
    ------
    DataError
        One fault per file or per part missing: absent, empty, wrong kind, damaged, no reference
        system, several bands, cells not square, tiles that do not fit together, bounds not covered.
    """
    _check_request(bounds_m, resolution_m)
    files = _files([paths] if isinstance(paths, Path) else list(paths))
    tiles = _tiles(files, bounds_m, resolution_m)
    mosaic = join(tiles)
    notices = [notice for tile in tiles for notice in tile.notices]
    metric = is_lambert_93(mosaic.crs_wkt)
    _check_cells(tiles[0], mosaic, metric=metric, resolution_m=resolution_m)
    if bounds_m is not None:
        check_cover(files, mosaic, bounds_m)
    void_cells = int((np.isnan(mosaic.heights_m) & mosaic.covered).sum())
    heights, filled = fill_small_voids(mosaic.heights_m, fill_voids_cells, mosaic.covered)
    if filled:
        notices.append(
            Text(
                f"{filled} cellules sans altitude sur {void_cells} interpolées",
                f"{filled} cells without height out of {void_cells} interpolated",
            )
        )
    same_cell = resolution_m is None or math.isclose(resolution_m, mosaic.step_x, rel_tol=1e-6)
    if metric and same_cell and math.isclose(mosaic.step_x, mosaic.step_y, rel_tol=1e-6):
        grid, west, north, cell_m = pass_through(heights, mosaic, bounds_m)
    else:
        cell_m = resolution_m or round_cell_m(mosaic)
        grid, west, north = project(heights, mosaic, bounds_m, cell_m)
    terrain = Terrain(grid, west, north, cell_m, _source(tiles), synthetic=False)
    return TerrainReading(terrain, tuple(dict.fromkeys(notices)), void_cells, filled)


def _files(paths: list[Path]) -> list[Path]:
    """Return the files meant by the paths; folders give their elevation files by name."""
    files: list[Path] = []
    faults: list[Fault] = []
    if not paths:
        faults.append(_unreadable(Path(), "", Text("au moins un fichier", "at least one file")))
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        found = sorted(file for file in path.rglob("*") if file.is_file() and _suffix(file))
        files += found
        if not found:
            expected = Text("un dossier contenant des tuiles", "a folder holding tiles")
            faults.append(_unreadable(path, "", expected))
    for file in files:
        if not _suffix(file):
            expected = Text("un fichier d’altitudes", "an elevation file")
            faults.append(_unreadable(file, file.suffix, expected))
        elif not file.is_file():
            expected = Text("un fichier qui existe", "a file that exists")
            faults.append(_unreadable(file, "", expected))
        elif file.stat().st_size == 0:
            expected = Text("un fichier non vide", "a file that is not empty")
            faults.append(_unreadable(file, "0 octet / byte", expected))
    if faults:
        raise DataError(*faults)
    return list(dict.fromkeys(files))


def _suffix(path: Path) -> str:
    name = path.name.lower()
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def _unreadable(path: Path, value: str, expected: Text) -> Fault:
    kinds = ", ".join(SUFFIXES)
    return Fault(
        file=str(path),
        value=value,
        expected=Text(f"{expected.fr} ({kinds})", f"{expected.en} ({kinds})"),
        remedy=Text(
            "corriger le chemin, ou ne rien donner pour un relief synthétique",
            "correct the path, or give none for a synthetic relief",
        ),
    )


def _tiles(files: list[Path], bounds_m: Bounds | None, resolution_m: float | None) -> list[Tile]:
    """Return the tiles that meet the bounds, every file's faults collected first."""
    window: Bounds | None = None
    if bounds_m is not None:
        # The grid returned is snapped outward by up to one of its cells.
        pad = resolution_m or 0.0
        west, south, east, north = bounds_m
        window = (west - pad, south - pad, east + pad, north + pad)
    tiles: list[Tile] = []
    faults: list[Fault] = []
    for file in files:
        try:
            if _suffix(file).startswith(".hgt"):
                whole = read_hgt(file)
                tile = whole if window is None else crop(whole, window)
            else:
                tile = read_raster(file, window)
        except DataError as error:
            faults += error.faults
        else:
            tiles += [] if tile is None else [tile]
    if not faults and not tiles and bounds_m is not None:
        faults.append(uncovered(files, bounds_m, bounds_m, 1.0))
    if faults:
        raise DataError(*faults)
    return tiles


def _check_request(bounds_m: Bounds | None, resolution_m: float | None) -> None:
    faults = []
    if bounds_m is not None and not (bounds_m[0] < bounds_m[2] and bounds_m[1] < bounds_m[3]):
        faults.append(
            Fault(
                key="bounds_m",
                value=box(bounds_m),
                expected=Text("ouest < est et sud < nord", "west < east and south < north"),
                remedy=Text("corriger l’emprise en Lambert-93", "correct the Lambert-93 bounds"),
            )
        )
    if resolution_m is not None and not resolution_m > 0.0:
        faults.append(
            Fault(
                key="resolution_m",
                value=f"{resolution_m:g}",
                expected=Text("un pas de grille positif", "a positive cell size"),
                remedy=Text("donner par exemple 50", "give for instance 50"),
            )
        )
    if faults:
        raise DataError(*faults)


def _check_cells(tile: Tile, mosaic: Mosaic, *, metric: bool, resolution_m: float | None) -> None:
    if not metric or resolution_m is not None:
        return
    if not math.isclose(mosaic.step_x, mosaic.step_y, rel_tol=1e-6):
        raise DataError(
            Fault(
                file=str(tile.path),
                value=f"{mosaic.step_x:g} x {mosaic.step_y:g} m",
                expected=Text("des cellules carrées", "square cells"),
                remedy=Text(
                    "donner resolution_m pour rééchantillonner", "give resolution_m to resample"
                ),
            )
        )


def _source(tiles: Sequence[Tile]) -> Text:
    names = file_names([tile.path for tile in tiles])
    vintages = sorted({tile.vintage for tile in tiles if tile.vintage})
    if not vintages:
        return Text(f"{names.fr} (millésime inconnu)", f"{names.en} (vintage unknown)")
    dates = ", ".join(vintages)
    return Text(f"{names.fr} (daté : {dates})", f"{names.en} (dated: {dates})")
