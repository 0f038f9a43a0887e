"""Fill the small holes of an elevation grid and leave the large ones open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fill_small_voids(
    heights_m: NDArray[np.float32], largest_cells: int, within: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.float32], int]:
    """Return the grid with its small voids interpolated, and the number of cells filled.

    A void is a group of NaN cells touching by an edge or a corner; those of at most
    `largest_cells` cells are filled by the harmonic surface through their rim (each cell the mean
    of its four neighbours): a plane is continued exactly and no filled height leaves the range of
    the rim. Larger voids stay NaN, and so does one without a rim.

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
    from scipy import ndimage

    void = np.isnan(heights_m)
    candidates = void if within is None else void & within
    if largest_cells <= 0 or not candidates.any():
        return heights_m, 0
    groups, count = ndimage.label(candidates, structure=np.ones((3, 3)))
    sizes = np.bincount(groups.ravel(), minlength=count + 1)
    small = (sizes <= largest_cells)[groups] & candidates
    # Cells joined by edges share one rim; without any known neighbour they cannot be solved.
    pieces, count = ndimage.label(small)
    rimmed = np.zeros(count + 1, dtype=np.bool_)
    rimmed[np.unique(pieces[ndimage.binary_dilation(~void)])] = True
    rimmed[0] = False
    small &= rimmed[pieces]
    filled = heights_m.copy()
    if small.any():
        filled[small] = _harmonic(heights_m, small)
    return filled, int(small.sum())


def _harmonic(heights_m: NDArray[np.float32], small: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the heights of the cells of `small` (row by row) that are the mean of their sides."""
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import spsolve

    rows, columns = small.shape
    number = np.full(small.shape, -1, dtype=np.int64)
    number[small] = np.arange(int(small.sum()))
    i, j = np.nonzero(small)
    own = number[i, j]
    total, sides = np.zeros(own.size), np.zeros(own.size)
    one: list[NDArray[np.int64]] = [own]
    other: list[NDArray[np.int64]] = [own]
    weight: list[NDArray[np.float64]] = []
    for a, b in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        p, q = i + a, j + b
        inside = (p >= 0) & (p < rows) & (q >= 0) & (q < columns)
        p, q = np.where(inside, p, i), np.where(inside, q, j)
        unknown = inside & small[p, q]
        known = inside & ~np.isnan(heights_m[p, q])
        total += np.where(known, heights_m[p, q], 0.0)
        sides += unknown | known
        one.append(own[unknown])
        other.append(number[p, q][unknown])
        weight.append(np.full(int(unknown.sum()), -1.0))
    entries = np.concatenate([sides, *weight]), (np.concatenate(one), np.concatenate(other))
    system = coo_array(entries, shape=(own.size, own.size)).tocsc()
    return np.asarray(spsolve(system, total), dtype=np.float64)
