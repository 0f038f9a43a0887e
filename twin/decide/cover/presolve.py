"""From the problem as stated to its irreducible core, and back.

Mandatory sites are taken and paid for, forbidden ones removed; rows already covered, out of reach
or without weight leave; identical rows merge (weights add up); under FULL, rows implied by others
leave and columns without an alternative are taken; dominated columns leave. The loop ends when
nothing changes. Every optimum of the core, with the sites taken, is an optimum of the problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.core import Core, keep_entries, transpose
from twin.decide.cover.dominance import bit_rows, open_rows, useful_columns
from twin.decide.cover.problem import CoverProblem, Requirement
from twin.decide.cover.reach import needs, targets, usable_sites
from twin.decide.cover.scale import common_unit_eur


@dataclass(frozen=True, eq=False)
class Reduction:
    """A core and the way back to the problem.

    Parameters
    ----------
    core
        What is left to decide.
    taken
        Sites that belong to some optimum, ascending: mandatory, or without an alternative.
    columns
        Site of each column of the core.
    """

    core: Core
    taken: NDArray[np.int32]
    columns: NDArray[np.int32]

    def restore(self, chosen: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return the sites, ascending, that a choice of columns stands for."""
        both = np.concatenate([self.taken, self.columns[chosen]])
        sites: NDArray[np.int32] = np.sort(both).astype(np.int32)
        return sites


@dataclass(eq=False)
class _Work:
    """The matrix while it shrinks; `rows` are merged rows, `columns` are original sites."""

    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    need: NDArray[np.int32]
    weight: NDArray[np.float64]
    labels: NDArray[np.int32]
    columns: NDArray[np.int32]
    cost: NDArray[np.float64]

    def keep(self, rows: NDArray[np.bool_], cols: NDArray[np.bool_]) -> None:
        """Drop the rows and columns whose mask is False."""
        new_col = np.where(cols, np.cumsum(cols) - 1, -1).astype(np.int32)
        left = np.flatnonzero(rows)
        self.indptr, self.indices = keep_entries(self.indptr, self.indices, left, new_col)
        self.need, self.weight = self.need[left], self.weight[left]
        self.labels = self.labels[:, left]
        self.columns, self.cost = self.columns[cols], self.cost[cols]

    @property
    def size(self) -> tuple[int, int]:
        return self.need.size, self.columns.size


def presolve(problem: CoverProblem) -> Reduction:
    """Return the core of `problem`; call `ensure_reachable` first."""
    full = problem.requirement is Requirement.FULL
    labels, required = _label_targets(problem)
    work = _Work(
        problem.indptr,
        problem.indices,
        needs(problem).copy(),
        problem.weight,
        labels,
        np.arange(problem.n_sites, dtype=np.int32),
        problem.cost_eur,
    )
    usable = np.zeros(problem.n_sites, dtype=np.bool_)
    usable[usable_sites(problem)] = True
    work.keep(np.ones(problem.n_demands, dtype=np.bool_), usable)
    taken = [problem.mandatory]
    _take(work, np.isin(work.columns, problem.mandatory), required)
    _drop_settled(work, full)
    _merge_rows(work)
    while True:
        before = work.size
        if full:
            forced = _forced_columns(work)
            taken.append(work.columns[forced])
            _take(work, forced, required)
            _drop_settled(work, full)
            _merge_rows(work)
            _drop_implied(work)
        _drop_dominated(work)
        if work.size == before:
            break
    everything = np.sort(np.concatenate(taken)).astype(np.int32)
    core = _as_core(problem, work, required, everything)
    return Reduction(core, everything, work.columns)


def _label_targets(problem: CoverProblem) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return target index per (layer, demand) and the weight required per target."""
    layers = [np.zeros(problem.n_demands, dtype=np.int32)]
    first = 1
    for grouping in problem.groupings:
        inside = grouping.group >= 0
        layers.append(np.where(inside, grouping.group + first, -1).astype(np.int32))
        first += grouping.share.size
    required = [target.required for target in targets(problem)] or [0.0]
    return np.stack(layers), np.array(required)


def _take(work: _Work, mask: NDArray[np.bool_], required: NDArray[np.float64]) -> None:
    """Choose the columns of `mask`: needs go down, rows covered so pay into their targets."""
    if not mask.any():
        return
    hits = np.concatenate([[0], np.cumsum(mask[work.indices])])
    work.need = (work.need - np.diff(hits[work.indptr])).astype(np.int32)
    done = work.need <= 0
    for layer in work.labels:
        inside = done & (layer >= 0)
        np.subtract.at(required, layer[inside], work.weight[inside])
    work.keep(~done, ~mask)


def _drop_settled(work: _Work, full: bool) -> None:
    """Drop rows that need nothing, and outside FULL those nothing can cover or nobody counts."""
    open_ = work.need > 0
    if not full:
        open_ &= (np.diff(work.indptr) >= work.need) & (work.weight > 0.0)
    work.keep(open_, np.ones(work.columns.size, dtype=np.bool_))


def _merge_rows(work: _Work) -> None:
    """Merge rows with the same columns, need and targets; the first of each stands for all."""
    if work.need.size == 0:
        return
    bits = bit_rows(work.indptr, work.indices, work.columns.size)
    tags = np.vstack([work.need[None, :], work.labels]).T.astype(np.uint64)
    keys = np.ascontiguousarray(np.hstack([bits, tags]))
    view = keys.view(np.dtype((np.void, keys.shape[1] * keys.itemsize))).ravel()
    _, first, inverse = np.unique(view, return_index=True, return_inverse=True)
    total = np.bincount(inverse, weights=work.weight, minlength=first.size)
    work.weight = work.weight.copy()
    work.weight[first] = total
    keep = np.zeros(work.need.size, dtype=np.bool_)
    keep[first] = True
    work.keep(keep, np.ones(work.columns.size, dtype=np.bool_))


def _forced_columns(work: _Work) -> NDArray[np.bool_]:
    """Return the columns of rows that need every column they have."""
    mask = np.zeros(work.columns.size, dtype=np.bool_)
    tight = np.diff(work.indptr) == work.need
    mask[work.indices[np.repeat(tight, np.diff(work.indptr))]] = True
    return mask


def _drop_implied(work: _Work) -> None:
    size = np.diff(work.indptr)
    order = np.lexsort((np.arange(size.size), -size, size - work.need))
    bits = bit_rows(work.indptr, work.indices, work.columns.size)
    everything = np.ones(work.columns.size, dtype=np.bool_)
    work.keep(open_rows(bits, work.need, order), everything)


def _drop_dominated(work: _Work) -> None:
    n_rows, n_cols = work.size
    col_indptr, col_indices = transpose(work.indptr, work.indices, n_cols)
    most_need = np.zeros(n_cols, dtype=np.int32)
    np.maximum.at(most_need, work.indices, np.repeat(work.need, np.diff(work.indptr)))
    bits = bit_rows(col_indptr, col_indices, n_rows)
    useful = useful_columns(bits, np.diff(col_indptr), work.cost, most_need)
    work.keep(np.ones(n_rows, dtype=np.bool_), useful)


def _as_core(
    problem: CoverProblem,
    work: _Work,
    required: NDArray[np.float64],
    taken: NDArray[np.int32],
) -> Core:
    unit = common_unit_eur(work.cost)
    scale = unit if unit is not None else float(work.cost.mean()) if work.cost.size else 1.0
    scale = scale if scale > 0.0 else 1.0
    cost = work.cost / scale
    spent = float(problem.cost_eur[taken].sum())
    free = np.inf if problem.budget_eur is None else (problem.budget_eur - spent) / scale
    if problem.requirement is Requirement.FULL:
        work.weight = np.ones(work.need.size)
        required = np.array([float(work.need.size)])
    if problem.requirement is Requirement.BUDGET:
        required[0] = np.inf
    indptr, indices = work.indptr, work.indices
    col_indptr, col_indices = transpose(indptr, indices, work.columns.size)
    return Core(
        indptr,
        indices,
        col_indptr,
        col_indices,
        work.need,
        work.weight,
        np.rint(cost) if unit is not None else cost,
        scale,
        unit is not None,
        work.labels,
        required,
        free + 1e-9 * max(1.0, abs(free)) if np.isfinite(free) else free,
    )
