"""Independent parts of a FULL core: rows and columns that share nothing can be solved apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.core import Core, keep_entries, transpose


def split(core: Core) -> list[tuple[Core, NDArray[np.intp]]]:
    """Return the parts of a FULL core, each with the columns of `core` it is made of.

    Parts come in the order of their first column, so the result does not depend on the machine.
    """
    from scipy import sparse

    n_rows, n_cols = core.n_rows, core.n_cols
    rows = np.repeat(np.arange(n_rows), np.diff(core.indptr))
    graph = sparse.coo_array(
        (np.ones(rows.size, dtype=np.int8), (rows, n_rows + core.indices)),
        shape=(n_rows + n_cols, n_rows + n_cols),
    )
    count, part = sparse.csgraph.connected_components(graph, directed=False)
    if count <= 1:
        return [(core, np.arange(n_cols))]
    parts = [
        _part(core, np.flatnonzero(part[:n_rows] == p), np.flatnonzero(part[n_rows:] == p))
        for p in range(count)
    ]
    return sorted(parts, key=lambda found: int(found[1][0]))


def _part(
    core: Core, rows: NDArray[np.intp], cols: NDArray[np.intp]
) -> tuple[Core, NDArray[np.intp]]:
    new_col = np.full(core.n_cols, -1, dtype=np.int32)
    new_col[cols] = np.arange(cols.size, dtype=np.int32)
    indptr, indices = keep_entries(core.indptr, core.indices, rows, new_col)
    col_indptr, col_indices = transpose(indptr, indices, cols.size)
    part = Core(
        indptr,
        indices,
        col_indptr,
        col_indices,
        core.need[rows],
        core.weight[rows],
        core.cost[cols],
        core.unit_eur,
        core.integral,
        core.labels[:, rows],
        np.array([float(core.weight[rows].sum())]),
        core.cap,
    )
    return part, cols
