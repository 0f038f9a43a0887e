"""Elevation files made by the tests, as their producers write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

Writer = Callable[..., Path]


@pytest.fixture
def geotiff(tmp_path: Path) -> Writer:
    """Return a writer of GeoTIFF files: name, heights, west, north, cell, reference system."""

    def write(
        name: str,
        heights: NDArray[np.generic],
        west: float,
        north: float,
        cell: float | tuple[float, float],
        crs: str | None = "EPSG:2154",
        **profile: object,
    ) -> Path:
        import rasterio
        from rasterio.transform import Affine

        bands = heights if heights.ndim == 3 else heights[None]
        step_x, step_y = cell if isinstance(cell, tuple) else (cell, cell)
        path = tmp_path / name
        settings = {
            "driver": "GTiff",
            "count": bands.shape[0],
            "height": bands.shape[1],
            "width": bands.shape[2],
            "dtype": bands.dtype.name,
            "crs": crs,
            "transform": Affine(step_x, 0.0, west, 0.0, -step_y, north),
            **profile,
        }
        with rasterio.open(path, "w", **settings) as dataset:
            dataset.write(bands)
        return path

    return write


@pytest.fixture
def ign_asc(tmp_path: Path) -> Writer:
    """Return a writer of ESRI ASCII grids as IGN delivers them: no reference system, -99999."""

    def write(
        name: str,
        heights: NDArray[np.float64],
        west: float,
        south: float,
        cell: float,
        corner: str = "corner",
    ) -> Path:
        shift = cell / 2.0 if corner == "center" else 0.0
        header = (
            f"ncols        {heights.shape[1]}\n"
            f"nrows        {heights.shape[0]}\n"
            f"xll{corner}    {west + shift:.12f}\n"
            f"yll{corner}    {south + shift:.12f}\n"
            f"cellsize     {cell:.12f}\n"
            "NODATA_value  -99999.00\n"
        )
        values = np.where(np.isnan(heights), -99999.0, heights)
        rows = "\n".join(" ".join(f"{value:.2f}" for value in row) for row in values)
        path = tmp_path / name
        path.write_text(header + " " + rows + "\n", encoding="ascii")
        return path

    return write


@pytest.fixture
def hgt(tmp_path: Path) -> Writer:
    """Return a writer of SRTM tiles: name, heights (north up), voids NaN."""

    def write(name: str, heights: NDArray[np.float64]) -> Path:
        import gzip

        raw = np.where(np.isnan(heights), -32768, np.rint(heights)).astype(">i2").tobytes()
        path = tmp_path / name
        path.write_bytes(gzip.compress(raw, compresslevel=1) if name.endswith(".gz") else raw)
        return path

    return write
