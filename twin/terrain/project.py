"""Lay a mosaic on the Lambert-93 grid: untouched where it is already there, bilinear elsewhere."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.terrain.mosaic import Mosaic
from twin.terrain.tiles import LAMBERT_93

# Metres per degree of latitude, mean of the meridian; only to choose a round default cell.
DEGREE_M = 111_200.0


def pass_through(
    heights: NDArray[np.float32], mosaic: Mosaic, bounds_m: tuple[float, float, float, float] | None
) -> tuple[NDArray[np.float32], float, float, float]:
    """Return the cells that cover the bounds, untouched, with their west, north and side (m).

    `heights` lies on the mosaic's frame, in Lambert-93; `bounds_m` (west, south, east, north), None
    for all of it.
    """
    cell = mosaic.step_x
    if bounds_m is None:
        return heights, mosaic.west, mosaic.north, cell
    west, south, east, north = bounds_m
    left = max(math.floor((west - mosaic.west) / cell + 1e-6), 0)
    right = math.ceil((east - mosaic.west) / cell - 1e-6)
    top = max(math.floor((mosaic.north - north) / cell + 1e-6), 0)
    bottom = math.ceil((mosaic.north - south) / cell - 1e-6)
    part = np.ascontiguousarray(heights[top:bottom, left:right])
    return part, mosaic.west + left * cell, mosaic.north - top * cell, cell


def project(
    heights: NDArray[np.float32],
    mosaic: Mosaic,
    bounds_m: tuple[float, float, float, float] | None,
    cell_m: float,
) -> tuple[NDArray[np.float32], float, float]:
    """Return the heights on a Lambert-93 grid, with its west and north (m), multiples of the cell.

    Bilinear between cell centres, a weighted mean where `cell_m` is coarser than the file; exact
    transformation of every cell (no approximation grid). NaN where the mosaic has no height.
    """
    from rasterio.enums import Resampling
    from rasterio.transform import Affine
    from rasterio.warp import reproject, transform_bounds

    rows, columns = heights.shape
    if bounds_m is None:
        bounds_m = transform_bounds(
            mosaic.crs_wkt,
            LAMBERT_93,
            mosaic.west,
            mosaic.north - rows * mosaic.step_y,
            mosaic.west + columns * mosaic.step_x,
            mosaic.north,
        )
    west = math.floor(bounds_m[0] / cell_m + 1e-6) * cell_m
    north = math.ceil(bounds_m[3] / cell_m - 1e-6) * cell_m
    shape = (
        math.ceil((north - bounds_m[1]) / cell_m - 1e-6),
        math.ceil((bounds_m[2] - west) / cell_m - 1e-6),
    )
    grid = np.full(shape, np.nan, dtype=np.float32)
    reproject(
        heights,
        grid,
        src_transform=Affine(mosaic.step_x, 0.0, mosaic.west, 0.0, -mosaic.step_y, mosaic.north),
        src_crs=mosaic.crs_wkt,
        src_nodata=np.nan,
        dst_transform=Affine(cell_m, 0.0, west, 0.0, -cell_m, north),
        dst_crs=LAMBERT_93,
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
        tolerance=0.0,
    )
    return grid, west, north


def round_cell_m(mosaic: Mosaic) -> float:
    """Return the file's spacing along the meridian, rounded down to 5 m (at least 1 m)."""
    from pyproj import CRS

    degrees = CRS.from_user_input(mosaic.crs_wkt).is_geographic
    spacing = mosaic.step_y * (DEGREE_M if degrees else 1.0)
    return max(math.floor(spacing / 5.0) * 5.0, 1.0)
