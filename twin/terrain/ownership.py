"""Which commune owns each cell of a grid."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

# A department's outline is not known from points alone: a cell further than this many
# equal-area radii from its nearest commune point is taken to lie outside. Assumption [U].
REACH_RADII = 1.5


def grid_shape(bounds_m: tuple[float, float, float, float], resolution_m: float) -> tuple[int, int]:
    """Return (rows, columns) of the north-up grid that covers `bounds_m`.

    `bounds_m` is (west, south, east, north). The north-west corner is kept; the last row and
    column may overhang south and east.
    """
    west, south, east, north = bounds_m
    # A millionth of a cell forgives bounds that are multiples of the cell but for rounding.
    rows = math.ceil((north - south) / resolution_m - 1e-6)
    columns = math.ceil((east - west) / resolution_m - 1e-6)
    return rows, columns


def nearest_owner(
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    area_km2: NDArray[np.float64],
    bounds_m: tuple[float, float, float, float],
    resolution_m: float,
) -> NDArray[np.int16]:
    """Return the index of the commune whose point is nearest to each cell, -1 far from all.

    A stand-in where no outline is known: `x_m`, `y_m` (Lambert-93) and `area_km2` have shape
    (communes,); a cell further than 1.5 radii of a disc of the commune's area is nobody's [U].
    Shape (rows, columns) of :func:`grid_shape`.
    """
    from scipy.spatial import cKDTree

    rows, columns = grid_shape(bounds_m, resolution_m)
    x = bounds_m[0] + (np.arange(columns) + 0.5) * resolution_m
    y = bounds_m[3] - (np.arange(rows) + 0.5) * resolution_m
    centres = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    distance_m, nearest = cKDTree(np.column_stack([x_m, y_m])).query(centres)
    reach_m = REACH_RADII * np.sqrt(np.asarray(area_km2) * 1e6 / math.pi)
    owner = np.where(distance_m <= reach_m[nearest], nearest, -1)
    return owner.astype(np.int16).reshape(rows, columns)


def claim(owner: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return `owner` with every cell of nobody (-1) given to the nearest commune."""
    from scipy import ndimage

    if (owner >= 0).all():
        return owner
    i, j = ndimage.distance_transform_edt(owner < 0, return_distances=False, return_indices=True)
    return np.asarray(owner[i, j], dtype=np.int16)


def thin(owner: NDArray[np.int16], ratio: float) -> NDArray[np.int16]:
    """Return `owner` at the centres of cells `ratio` times as large, same north-west corner."""
    rows, columns = (
        np.minimum(((np.arange(math.ceil(n / ratio)) + 0.5) * ratio).astype(np.int64), n - 1)
        for n in owner.shape
    )
    return owner[np.ix_(rows, columns)]
