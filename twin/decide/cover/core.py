"""The irreducible heart of a cover problem, in the layout the compiled searches read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray


class Matrix(NamedTuple):
    """The cover matrix both ways, as the compiled loops take it."""

    indptr: np.ndarray
    indices: np.ndarray
    col_indptr: np.ndarray
    col_indices: np.ndarray


@dataclass(frozen=True, eq=False)
class Core:
    """A cover problem after presolve: every row is open, every column is free.

    Parameters
    ----------
    indptr, indices
        Rows to columns, CSR.
    col_indptr, col_indices
        Columns to rows: the transpose.
    need
        Columns still needed per row, >= 1.
    weight
        Weight per row.
    cost
        Cost per column in `unit_eur`.
    unit_eur
        What a cost of 1 stands for.
    integral
        Whether every cost is a whole number of units.
    labels
        Target index per (layer, row), -1 for none: layer 0 is the whole, one layer per grouping.
    required
        Weight still to be covered per target.
    cap
        Ceiling on the cost in units, infinite without a budget.
    """

    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    col_indptr: NDArray[np.int32]
    col_indices: NDArray[np.int32]
    need: NDArray[np.int32]
    weight: NDArray[np.float64]
    cost: NDArray[np.float64]
    unit_eur: float
    integral: bool
    labels: NDArray[np.int32]
    required: NDArray[np.float64]
    cap: float

    @property
    def matrix(self) -> Matrix:
        """The four index arrays together."""
        return Matrix(self.indptr, self.indices, self.col_indptr, self.col_indices)

    @property
    def is_budget(self) -> bool:
        """Whether weight is maximised under the cap (the whole is asked without end)."""
        return bool(np.isinf(self.required[0]))

    @property
    def n_rows(self) -> int:
        """Number of rows left."""
        return int(self.need.size)

    @property
    def n_cols(self) -> int:
        """Number of columns left."""
        return int(self.cost.size)

    @property
    def step(self) -> float:
        """Smallest improvement of the cost worth looking for, in units."""
        return 1.0 if self.integral else 1e-7 * float(self.cost.max(initial=1.0))


@njit(cache=True, nogil=True)
def transpose(
    indptr: np.ndarray, indices: np.ndarray, n_cols: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the CSR arrays of the transpose; row order is kept within each column."""
    col_indptr = np.zeros(n_cols + 1, dtype=np.int32)
    for i in indices:
        col_indptr[i + 1] += 1
    for c in range(n_cols):
        col_indptr[c + 1] += col_indptr[c]
    fill = col_indptr[:-1].copy()
    col_indices = np.empty(indices.size, dtype=np.int32)
    for row in range(indptr.size - 1):
        for p in range(indptr[row], indptr[row + 1]):
            col_indices[fill[indices[p]]] = row
            fill[indices[p]] += 1
    return col_indptr, col_indices


@njit(cache=True, nogil=True)
def keep_entries(
    indptr: np.ndarray, indices: np.ndarray, rows: np.ndarray, new_col: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the CSR arrays of the rows listed in `rows`, columns renumbered, -1 dropping one."""
    out_indptr = np.zeros(rows.size + 1, dtype=np.int32)
    for r in range(rows.size):
        count = 0
        for p in range(indptr[rows[r]], indptr[rows[r] + 1]):
            if new_col[indices[p]] >= 0:
                count += 1
        out_indptr[r + 1] = out_indptr[r] + count
    out_indices = np.empty(out_indptr[-1], dtype=np.int32)
    q = 0
    for r in range(rows.size):
        for p in range(indptr[rows[r]], indptr[rows[r] + 1]):
            if new_col[indices[p]] >= 0:
                out_indices[q] = new_col[indices[p]]
                q += 1
    return out_indptr, out_indices
