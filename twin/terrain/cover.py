"""Check that the tiles cover the bounds asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from twin.errors import DataError, Fault
from twin.lang import Text
from twin.terrain.mosaic import Mosaic
from twin.terrain.tiles import LAMBERT_93

Bounds = tuple[float, float, float, float]

NAMED_FILES = 3
PROBES = 400


def check_cover(files: Sequence[Path], mosaic: Mosaic, bounds_m: Bounds) -> None:
    """Probe the bounds on a lattice of 400 x 400 points and name the part that no file covers.

    Raises
    ------
    DataError
        Part of the bounds lies outside every tile; a void inside a tile counts as covered.
    """
    from rasterio.warp import transform

    west, south, east, north = bounds_m
    # A lattice of cell centres: the outermost probes stand half a step inside the bounds.
    step = (east - west) / PROBES, (north - south) / PROBES
    x = west + (np.arange(PROBES) + 0.5) * step[0]
    y = south + (np.arange(PROBES) + 0.5) * step[1]
    gx, gy = (axis.ravel() for axis in np.meshgrid(x, y))
    u, v = (np.asarray(axis) for axis in transform(LAMBERT_93, mosaic.crs_wkt, gx, gy))
    column = np.floor((u - mosaic.west) / mosaic.step_x).astype(np.int64)
    row = np.floor((mosaic.north - v) / mosaic.step_y).astype(np.int64)
    rows, columns = mosaic.covered.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    covered = inside & mosaic.covered[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)]
    if covered.all():
        return
    mx, my = gx[~covered], gy[~covered]
    half_x, half_y = step[0] / 2.0, step[1] / 2.0
    missing = (mx.min() - half_x, my.min() - half_y, mx.max() + half_x, my.max() + half_y)
    raise DataError(uncovered(files, bounds_m, missing, float((~covered).mean())))


def uncovered(files: Sequence[Path], bounds_m: Bounds, missing: Bounds, share: float) -> Fault:
    """Return the fault for bounds of which `share` is missing, all of it within `missing`."""
    percent = max(100.0 * share, 0.01)
    return Fault(
        file=file_names(files).fr,
        key="bounds_m",
        value=box(bounds_m),
        expected=Text(
            f"des tuiles couvrant toute l’emprise ; il manque {percent:.2f} %".replace(".", ",")
            + f" de sa surface, dans {box(missing)} (ouest, sud, est, nord)",
            f"tiles covering all of the bounds; {percent:.2f}% of their area is missing,"
            f" within {box(missing)} (west, south, east, north)",
        ),
        remedy=Text(
            "ajouter les tuiles qui manquent ou réduire l’emprise",
            "add the missing tiles or reduce the bounds",
        ),
    )


def box(bounds: Bounds) -> str:
    """Return bounds as a person reads them, to the metre."""
    return "(" + ", ".join(f"{value:.0f}" for value in bounds) + ")"


def file_names(files: Sequence[Path]) -> Text:
    """Return the first three names and how many more there are."""
    names = ", ".join(file.name for file in files[:NAMED_FILES])
    rest = len(files) - NAMED_FILES
    if rest <= 0:
        return Text(names, names)
    plural = "s" if rest > 1 else ""
    return Text(f"{names} et {rest} autre{plural}", f"{names} and {rest} more")
