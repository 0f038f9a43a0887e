"""The elevation grid every profile is read from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.lang import Text


@dataclass(frozen=True)
class Terrain:
    """Ground heights on a north-up grid in Lambert-93 (EPSG:2154), heights IGN69.

    `heights_m` is float32, shape (rows, columns), row 0 in the north; NaN marks a void.
    `west_m`, `north_m` are the outer corner of the north-west cell (GDAL's convention), so the
    centre of cell (i, j) is (west_m + (j + 0.5) r, north_m - (i + 0.5) r) with r = `resolution_m`.
    `source` says where the heights come from; `synthetic` labels every map drawn from them.
    """

    heights_m: NDArray[np.float32]
    west_m: float
    north_m: float
    resolution_m: float
    source: Text
    synthetic: bool

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Return (west, south, east, north) of the grid's outer edge."""
        rows, columns = self.heights_m.shape
        return (
            self.west_m,
            self.north_m - rows * self.resolution_m,
            self.west_m + columns * self.resolution_m,
            self.north_m,
        )

    def height_m(self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the ground height at each point, bilinear between cell centres.

        NaN outside the ring of outermost cell centres widened by half a cell, and where one of the
        four cells is a void.
        """
        rows, columns = self.heights_m.shape
        column = (np.asarray(x_m, dtype=np.float64) - self.west_m) / self.resolution_m - 0.5
        row = (self.north_m - np.asarray(y_m, dtype=np.float64)) / self.resolution_m - 0.5
        inside = (np.abs(2 * column + 1 - columns) <= columns) & (
            np.abs(2 * row + 1 - rows) <= rows
        )
        # Half a cell beyond the outermost centres the border cell's own height is used.
        column = np.clip(np.where(inside, column, 0.0), 0.0, columns - 1.0)
        row = np.clip(np.where(inside, row, 0.0), 0.0, rows - 1.0)
        j = np.minimum(column.astype(np.int64), max(columns - 2, 0))
        i = np.minimum(row.astype(np.int64), max(rows - 2, 0))
        j1, i1 = np.minimum(j + 1, columns - 1), np.minimum(i + 1, rows - 1)
        u, v = column - j, row - i
        h = self.heights_m
        north = h[i, j] * (1 - u) + h[i, j1] * u
        south = h[i1, j] * (1 - u) + h[i1, j1] * u
        return np.where(inside, north * (1 - v) + south * v, np.nan)
