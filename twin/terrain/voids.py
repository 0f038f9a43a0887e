"""Fill the small holes of an elevation grid and leave the large ones open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fill_small_voids(
    heights_m: NDArray[np.float32], largest_cells: int, within: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.float32], int]:
    """Return the grid with its small voids interpolated, and the number of cells filled.

    A void is a group of NaN cells touching by an edge or a corner; those of at most
    `largest_cells` cells are filled from their rim by inverse distances (GDAL's fillnodata), so a
    filled height never leaves the range of the grid. Larger ones stay NaN.

    Parameters
    ----------
    heights_m
        Shape (rows, columns), NaN where void.
    largest_cells
        Size of the largest void filled; 0 fills nothing.
    within
        Cells where a NaN is a void; elsewhere it is ground no file covers, which stays NaN. None
        means everywhere.
    """
    from rasterio.fill import fillnodata
    from scipy import ndimage

    void = np.isnan(heights_m)
    candidates = void if within is None else void & within
    if largest_cells <= 0 or not candidates.any() or void.all():
        return heights_m, 0
    groups, count = ndimage.label(candidates, structure=np.ones((3, 3)))
    sizes = np.bincount(groups.ravel(), minlength=count + 1)
    small = (sizes <= largest_cells)[groups] & candidates
    if not small.any():
        return heights_m, 0
    filled = fillnodata(
        np.where(void, np.float32(0.0), heights_m),
        mask=(~void).astype(np.uint8),
        max_search_distance=float(largest_cells + 2),
    )
    return np.where(small, filled, heights_m).astype(np.float32), int(small.sum())
