"""A core as a mixed-integer program.

Variables are x (columns chosen, binary) and, outside FULL, z (rows covered). With a need of 1,
`z_j <= sum_i a_ij x_i` makes z whole wherever x is, so z stays continuous. With a need of k >= 2
the row `k z_j <= sum_i a_ij x_i` would pay for a half-covered row, so z is binary.

========  ============================  ===========================================================
FULL      min c x                       A x >= need
SHARE     min c x                       A x >= need z, weight of z in each target >= required
BUDGET    min -(weight of z)            A x >= need z, c x <= cap, group targets as in SHARE
========  ============================  ===========================================================
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.core import Core

_WHOLE_WEIGHT = 2.0**40


@dataclass(frozen=True, eq=False)
class Program:
    """min objective . v, row_lower <= rows v <= row_upper, 0 <= v <= 1.

    Parameters
    ----------
    objective
        Coefficient per variable.
    indptr, indices, values
        Rows, CSR.
    row_lower, row_upper
        Sides of each row.
    is_integer
        Which variables are binary.
    n_cols
        The first `n_cols` variables are the columns of the core.
    step
        The objective only takes multiples of this amount; 0 when unknown.
    """

    objective: NDArray[np.float64]
    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    values: NDArray[np.float64]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    is_integer: NDArray[np.bool_]
    n_cols: int
    step: float

    @property
    def n_variables(self) -> int:
        """Number of variables, x and z."""
        return int(self.objective.size)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.row_lower.size)


def full_program(core: Core) -> Program:
    """Return the program of a FULL core."""
    return Program(
        objective=core.cost,
        indptr=core.indptr,
        indices=core.indices,
        values=np.ones(core.indices.size),
        row_lower=core.need.astype(np.float64),
        row_upper=np.full(core.n_rows, np.inf),
        is_integer=np.ones(core.n_cols, dtype=np.bool_),
        n_cols=core.n_cols,
        step=1.0 if core.integral else 0.0,
    )


def share_program(core: Core) -> Program:
    """Return the program of a SHARE or BUDGET core (BUDGET: `required[0]` is infinite)."""
    from scipy import sparse

    budget = core.is_budget
    cover = sparse.csr_array(
        (np.ones(core.indices.size), core.indices, core.indptr), shape=(core.n_rows, core.n_cols)
    )
    link = sparse.hstack([cover, -sparse.diags_array(core.need.astype(np.float64))])
    blocks = [link]
    lower = [np.zeros(core.n_rows)]
    upper = [np.full(core.n_rows, np.inf)]
    for target in range(1 if budget else 0, core.required.size):
        if core.required[target] > 0.0:
            inside = (core.labels == target).any(axis=0)
            weights = np.concatenate([np.zeros(core.n_cols), core.weight * inside])
            blocks.append(sparse.csr_array(weights[None, :]))
            lower.append(core.required[target : target + 1] - 1e-10 * core.weight.sum())
            upper.append(np.array([np.inf]))
    covered_cost = np.zeros(core.n_rows)
    if budget:
        blocks.append(sparse.csr_array(np.concatenate([core.cost, covered_cost])[None, :]))
        lower.append(np.array([-np.inf]))
        upper.append(np.array([core.cap]))
        objective = np.concatenate([np.zeros(core.n_cols), -core.weight])
    else:
        objective = np.concatenate([core.cost, covered_cost])
    rows = sparse.csr_array(sparse.vstack(blocks))
    rows.eliminate_zeros()
    columns = np.ones(core.n_cols, dtype=np.bool_)
    return Program(
        objective=objective,
        indptr=rows.indptr.astype(np.int32),
        indices=rows.indices.astype(np.int32),
        values=rows.data,
        row_lower=np.concatenate(lower),
        row_upper=np.concatenate(upper),
        is_integer=np.concatenate([columns, core.need > 1]),
        n_cols=core.n_cols,
        step=_weight_step(core) if budget else (1.0 if core.integral else 0.0),
    )


def _weight_step(core: Core) -> float:
    """Return the greatest whole number dividing every weight, or 0."""
    whole = np.rint(core.weight)
    if core.weight.size == 0 or bool((whole != core.weight).any()):
        return 0.0
    return float(np.gcd.reduce(whole.astype(np.int64))) if whole.sum() < _WHOLE_WEIGHT else 0.0


def covered_rows(core: Core, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows a choice of columns covers as often as they need."""
    hits = np.concatenate([[0], np.cumsum(chosen[core.indices])])
    covered: NDArray[np.bool_] = np.diff(hits[core.indptr]) >= core.need
    return covered


def objective_of(core: Core, chosen: NDArray[np.bool_]) -> float:
    """Return a choice's objective: cost in units, or minus the covered weight under a budget."""
    if core.is_budget:
        return -float(core.weight[covered_rows(core, chosen)].sum())
    return float(core.cost[chosen].sum())


def is_feasible(core: Core, chosen: NDArray[np.bool_]) -> bool:
    """Return whether a choice meets every target within the cap."""
    done = covered_rows(core, chosen)
    noise = 2e-10 * core.weight.sum()
    first = 1 if core.is_budget else 0
    for target in range(first, core.required.size):
        inside = (core.labels == target).any(axis=0)
        if core.weight[done & inside].sum() < core.required[target] - noise:
            return False
    return float(core.cost[chosen].sum()) <= core.cap
