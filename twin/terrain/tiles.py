"""One elevation file as it stands: heights, frame and reference system, checked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, Fault
from twin.lang import Text

WGS84 = "EPSG:4326"
LAMBERT_93 = "EPSG:2154"
# Codes met in the wild for "no data" in files that do not declare them.
UNDECLARED_VOIDS = (-32768.0, -99999.0, -9999.0)
# Between the Dead Sea shore and Everest; anything else is not a height in metres.
PLAUSIBLE_M = (-500.0, 9_000.0)
# Metropolitan France with a margin, in Lambert-93: west, south, east, north.
LAMBERT_93_BOX_M = (0.0, 6_000_000.0, 1_400_000.0, 7_200_000.0)


@dataclass(frozen=True)
class Tile:
    """One file's heights (m, float32, row 0 north, NaN void) in the file's own reference system.

    `west`, `north` are the outer corner of the north-west cell and `step_x`, `step_y` the positive
    cell sides, all in units of `crs_wkt`. `notices` say what had to be assumed; `vintage` is the
    date written in the file, empty where there is none.
    """

    path: Path
    heights_m: NDArray[np.float32]
    west: float
    north: float
    step_x: float
    step_y: float
    crs_wkt: str
    notices: tuple[Text, ...] = field(default=())
    vintage: str = ""


def read_raster(
    path: Path, window_l93: tuple[float, float, float, float] | None = None
) -> Tile | None:
    """Return the heights of a GeoTIFF or an ESRI ASCII grid, voids as NaN.

    A GeoTIFF must carry its reference system. An ASCII grid takes it from the .prj beside it; IGN
    delivers none, so without one Lambert-93 is assumed, with a notice, provided that the corner
    lies in metropolitan France.

    Parameters
    ----------
    path
        The file.
    window_l93
        (west, south, east, north) in Lambert-93: read no more than this part, and three cells
        around it, of the file; None is returned where the file lies elsewhere.

    Raises
    ------
    DataError
        Not a raster, damaged, several bands, no reference system, rotated, or not heights.
    """
    import rasterio
    from rasterio.errors import RasterioError
    from rasterio.windows import Window

    try:
        with rasterio.open(path) as dataset:
            faults = _form_faults(path, dataset)
            if faults:
                raise DataError(*faults)
            crs_wkt, notices = _reference(path, dataset)
            frame = dataset.transform
            steps = frame.a, -frame.e
            part: tuple[slice, slice] | None = (slice(0, dataset.height), slice(0, dataset.width))
            if window_l93 is not None:
                part = cells_within((frame.c, frame.f, *steps), dataset.shape, crs_wkt, window_l93)
            if part is None:
                return None
            heights = dataset.read(1, window=Window.from_slices(*part), masked=True)
            tags = dataset.tags()
    except RasterioError as error:
        raise DataError(
            Fault(
                file=str(path),
                value=str(error).splitlines()[0][:120],
                expected=Text(
                    "un raster d’altitudes entier, GeoTIFF ou ASCII ESRI",
                    "a whole elevation raster, GeoTIFF or ESRI ASCII",
                ),
                remedy=Text(
                    "vérifier le fichier (gdalinfo) ou le télécharger à nouveau",
                    "check the file (gdalinfo) or download it again",
                ),
            )
        ) from error
    clean, more = _clean(path, heights)
    return Tile(
        path=path,
        heights_m=clean,
        west=frame.c + part[1].start * steps[0],
        north=frame.f - part[0].start * steps[1],
        step_x=steps[0],
        step_y=steps[1],
        crs_wkt=crs_wkt,
        notices=(*notices, *more),
        vintage=str(tags.get("ACQUISITIONDATE", tags.get("TIFFTAG_DATETIME", ""))),
    )


def cells_within(
    frame: tuple[float, float, float, float],
    shape: tuple[int, int],
    crs_wkt: str,
    window_l93: tuple[float, float, float, float],
) -> tuple[slice, slice] | None:
    """Return the rows and columns that cover a Lambert-93 window, or None where none do.

    `frame` is (west, north, step_x, step_y) in units of `crs_wkt`, `shape` (rows, columns); three
    cells are kept around the window.
    """
    from rasterio.warp import transform_bounds

    west, south, east, north = transform_bounds(LAMBERT_93, crs_wkt, *window_l93)
    rows = (
        math.floor((frame[1] - north) / frame[3]) - 3,
        math.ceil((frame[1] - south) / frame[3]) + 3,
    )
    columns = (
        math.floor((west - frame[0]) / frame[2]) - 3,
        math.ceil((east - frame[0]) / frame[2]) + 3,
    )
    top, bottom = max(rows[0], 0), min(rows[1], shape[0])
    left, right = max(columns[0], 0), min(columns[1], shape[1])
    if top >= bottom or left >= right:
        return None
    return slice(top, bottom), slice(left, right)


def crop(tile: Tile, window_l93: tuple[float, float, float, float]) -> Tile | None:
    """Return the part of the tile around a Lambert-93 window, or None where they do not meet."""
    frame = (tile.west, tile.north, tile.step_x, tile.step_y)
    rows, columns = tile.heights_m.shape
    part = cells_within(frame, (rows, columns), tile.crs_wkt, window_l93)
    if part is None:
        return None
    return replace(
        tile,
        heights_m=tile.heights_m[part],
        north=tile.north - part[0].start * tile.step_y,
        west=tile.west + part[1].start * tile.step_x,
    )


def is_lambert_93(crs_wkt: str) -> bool:
    """Return whether the horizontal part of a reference system is RGF93 / Lambert-93."""
    from pyproj import CRS

    crs = CRS.from_user_input(crs_wkt).to_2d()
    return crs.equals(CRS.from_epsg(2154), ignore_axis_order=True) or crs.to_epsg(20) == 2154  # noqa: PLR2004 - the code


def _form_faults(path: Path, dataset: Any) -> list[Fault]:
    faults = []
    if dataset.count != 1:
        faults.append(
            Fault(
                file=str(path),
                value=str(dataset.count),
                expected=Text("une seule bande, l’altitude", "a single band, the height"),
                remedy=Text(
                    "extraire la bande des altitudes (gdal_translate -b 1)",
                    "extract the band of heights (gdal_translate -b 1)",
                ),
            )
        )
    frame = dataset.transform
    if frame.b != 0.0 or frame.d != 0.0 or frame.a <= 0.0 or frame.e >= 0.0:
        faults.append(
            Fault(
                file=str(path),
                value=f"{tuple(round(value, 6) for value in frame[:6])}",
                expected=Text(
                    "une grille géoréférencée, nord en haut, sans rotation",
                    "a georeferenced grid, north up, not rotated",
                ),
                remedy=Text("la redresser (gdalwarp)", "straighten it (gdalwarp)"),
            )
        )
    return faults


def _reference(path: Path, dataset: Any) -> tuple[str, tuple[Text, ...]]:
    """Return the reference system as WKT and a notice where it was assumed."""
    if dataset.crs is not None:
        return str(dataset.crs.to_wkt()), ()
    box, bounds = LAMBERT_93_BOX_M, dataset.bounds
    in_france = (
        box[0] <= bounds.left
        and box[1] <= bounds.bottom
        and bounds.right <= box[2]
        and bounds.top <= box[3]
    )
    if dataset.driver == "AAIGrid" and in_france:
        return LAMBERT_93, (
            Text(
                f"{path.name} : pas de système de référence dans le fichier, Lambert-93 supposé",
                f"{path.name}: no reference system in the file, Lambert-93 assumed",
            ),
        )
    raise DataError(
        Fault(
            file=str(path),
            value=f"({bounds.left:g}, {bounds.bottom:g}, {bounds.right:g}, {bounds.top:g})",
            expected=Text(
                "un système de référence dans le fichier ou dans un .prj à côté (un .asc sans .prj"
                " est lu en Lambert-93 si ses coordonnées y sont en France)",
                "a reference system in the file or in a .prj beside it (an .asc without .prj is"
                " read as Lambert-93 if its coordinates then lie in France)",
            ),
            remedy=Text(
                "l’écrire dans le fichier : gdal_edit.py -a_srs EPSG:2154 (ou EPSG:4326)",
                "write it into the file: gdal_edit.py -a_srs EPSG:2154 (or EPSG:4326)",
            ),
        )
    )


def _clean(path: Path, heights: Any) -> tuple[NDArray[np.float32], tuple[Text, ...]]:
    """Return plain heights with NaN voids; undeclared void codes count as voids, with a notice."""
    plain = np.ma.filled(heights.astype(np.float32), np.nan)
    notices = []
    for code in UNDECLARED_VOIDS:
        cells = int((plain == code).sum())
        if cells:
            plain[plain == code] = np.nan
            notices.append(
                Text(
                    f"{path.name} : {cells} cellules à {code:g} prises pour des vides non déclarés",
                    f"{path.name}: {cells} cells at {code:g} taken as undeclared voids",
                )
            )
    outside = (plain < PLAUSIBLE_M[0]) | (plain > PLAUSIBLE_M[1])
    if outside.any():
        raise DataError(
            Fault(
                file=str(path),
                value=f"{float(plain[outside][0]):g} ({int(outside.sum())} x)",
                expected=Text(
                    "des altitudes en mètres, de -500 à 9000",
                    "heights in metres, from -500 to 9000",
                ),
                remedy=Text(
                    "vérifier l’unité et la valeur de vide (gdal_edit.py -a_nodata)",
                    "check the unit and the nodata value (gdal_edit.py -a_nodata)",
                ),
            )
        )
    return plain, tuple(notices)
