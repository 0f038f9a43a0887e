"""Tabu search for partial multi-cover: covered weight under a ceiling on the cost.

Both questions are the same walk. SHARE lowers the ceiling below each cover it finds and looks for
the asked weights again; BUDGET keeps the ceiling and looks for more weight. A move drops the chosen
column that loses least per euro, then adds the ones that gain most per euro while they fit; a
column just moved is held for a few moves (Glover, *Tabu search, part I*, ORSA J. Computing 1 (1989)
190-206, 10.1287/ijoc.1.3.190). A column's gain counts the rows it completes in full and, for a
redundancy of two or more, a quarter of the next step's worth for each step further away. Targets
that stay short grow in weight, satisfied ones fade. The length is a number of moves, never a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.decide.cover.core import Core, Matrix
from twin.decide.cover.dice import roll

_STEP_WORTH = 0.25  # a power of two: sums of whole weights stay exact
_RELOAD = 50  # moves between two updates of the target weights, each of which reads every entry
_TABU_LOW, _TABU_SPREAD = 2, 8
_RESTART = 4_000  # moves without success before the walk returns to the best state
_HARDEN, _FADE = 0.25, 0.75


class _State(NamedTuple):
    """Everything the walk reads and writes.

    `score` of an unchosen column is what adding it gains, of a chosen one what removing it loses;
    `short` is what each row still needs (negative: spare); `worth[s]` is the credit for one more
    column on a row short of `s`; `per_cost` is one over the cost; `held` is the first move a column
    may change again; `pressure` is the weight of each target, `effective` of each row under it;
    `covered` is the covered weight per target; `spent[0]` is the cost.
    """

    weight: np.ndarray
    cost: np.ndarray
    labels: np.ndarray
    worth: np.ndarray
    per_cost: np.ndarray
    chosen: np.ndarray
    short: np.ndarray
    score: np.ndarray
    held: np.ndarray
    pressure: np.ndarray
    effective: np.ndarray
    covered: np.ndarray
    spent: np.ndarray


def improve_share(
    core: Core, start: NDArray[np.bool_], rng: np.random.Generator, moves: int
) -> NDArray[np.bool_]:
    """Return the best choice met in `moves` moves from `start`.

    Parameters
    ----------
    core
        A SHARE or BUDGET core.
    start
        Mask of columns; within the cap, meeting the targets where it can.
    rng
        One 64-bit draw seeds the search.
    moves
        Number of drop-and-fill moves.
    """
    most = int(core.need.max(initial=1))
    worth = np.zeros(most + 2)
    worth[1:] = _STEP_WORTH ** np.arange(most + 1)
    floor = 1e-6 * max(float(core.cost.max()), 1e-300)
    pressure = np.zeros(core.required.size)
    pressure[0] = 1.0
    state = _State(
        weight=core.weight,
        cost=core.cost,
        labels=core.labels,
        worth=worth,
        per_cost=1.0 / np.maximum(core.cost, floor),
        chosen=np.zeros(core.n_cols, dtype=np.bool_),
        short=np.zeros(core.n_rows, dtype=np.int32),
        score=np.zeros(core.n_cols),
        held=np.zeros(core.n_cols, dtype=np.int64),
        pressure=pressure,
        effective=np.zeros(core.n_rows),
        covered=np.zeros(core.required.size),
        spent=np.zeros(1),
    )
    dice = np.array([rng.integers(0, 2**63)], dtype=np.uint64)
    best: NDArray[np.bool_] = _search(
        core.matrix,
        state,
        core.need,
        core.required - 1e-10 * core.weight.sum(),
        core.cap,
        core.step,
        start,
        moves,
        dice,
    )
    return best


@njit(cache=True, nogil=True)
def _flip(matrix: Matrix, state: _State, col: int, adding: bool, free_at: int) -> None:
    """Add or remove a column, keep every score exact, and hold the column until `free_at`."""
    state.chosen[col] = adding
    own = 0.0
    sign = 1.0 if adding else -1.0
    for p in range(matrix.col_indptr[col], matrix.col_indptr[col + 1]):
        row = matrix.col_indices[p]
        before = state.short[row] if adding else state.short[row] + 1  # without the column
        worth, weight = state.worth, state.effective[row]
        own += weight * worth[max(before, 0)]
        if before >= 0:
            gain = sign * weight * (worth[max(before - 1, 0)] - worth[before])
            loss = sign * weight * (worth[before] - worth[before + 1])
            for q in range(matrix.indptr[row], matrix.indptr[row + 1]):
                other = matrix.indices[q]
                state.score[other] += loss if state.chosen[other] else gain
        if before == 1:
            for layer in range(state.labels.shape[0]):
                if state.labels[layer, row] >= 0:
                    state.covered[state.labels[layer, row]] += sign * state.weight[row]
        state.short[row] += -1 if adding else 1
    state.score[col] = own
    state.held[col] = free_at
    state.spent[0] += sign * state.cost[col]


@njit(cache=True, nogil=True)
def _load(matrix: Matrix, state: _State, need: np.ndarray, chosen: np.ndarray) -> None:
    """Put the walk on a given choice and free every column."""
    state.chosen[:], state.short[:], state.held[:] = chosen, need, 0
    state.spent[0] = 0.0
    for col in range(chosen.size):
        if chosen[col]:
            state.spent[0] += state.cost[col]
            for p in range(matrix.col_indptr[col], matrix.col_indptr[col + 1]):
                state.short[matrix.col_indices[p]] -= 1


@njit(cache=True, nogil=True)
def _recount(matrix: Matrix, state: _State) -> None:
    """Recompute row weights, scores and covered weights from scratch: no drift builds up."""
    state.covered[:] = 0.0
    for row in range(state.short.size):
        total = 0.0
        for layer in range(state.labels.shape[0]):
            target = state.labels[layer, row]
            if target >= 0:
                total += state.pressure[target]
                if state.short[row] <= 0:
                    state.covered[target] += state.weight[row]
        state.effective[row] = total * state.weight[row]
    for col in range(state.score.size):
        total = 0.0
        extra = 1 if state.chosen[col] else 0
        for p in range(matrix.col_indptr[col], matrix.col_indptr[col + 1]):
            row = matrix.col_indices[p]
            total += state.effective[row] * state.worth[max(state.short[row] + extra, 0)]
        state.score[col] = total


@njit(cache=True, nogil=True)
def _press(state: _State, required: np.ndarray) -> None:
    """Let the groups that stay short weigh more, and the satisfied ones fade."""
    for target in range(1, required.size):
        if state.covered[target] < required[target]:
            state.pressure[target] += _HARDEN
        else:
            state.pressure[target] *= _FADE


@njit(cache=True, nogil=True)
def _cheapest_drop(state: _State, move: int, cap: float, dice: np.ndarray) -> int:
    """Return the chosen column that loses least per euro, a held one only above the cap, or -1."""
    drop, least = -1, np.inf
    for col in range(state.chosen.size):
        if state.chosen[col] and (state.held[col] <= move or state.spent[0] > cap):
            value = state.score[col] * state.per_cost[col]
            if value < least or (value == least and roll(dice, 2) == 0):
                drop, least = col, value
    return drop


@njit(cache=True, nogil=True)
def _best_addition(state: _State, move: int, cap: float, dice: np.ndarray) -> int:
    """Return the free column that gains most per euro and fits under the cap, or -1."""
    pick, most = -1, 0.0
    for col in range(state.chosen.size):
        if state.chosen[col] or state.held[col] > move or state.spent[0] + state.cost[col] > cap:
            continue
        value = state.score[col] * state.per_cost[col]
        if value > most or (value == most > 0.0 and roll(dice, 2) == 0):
            pick, most = col, value
    return pick


@njit(cache=True, nogil=True)
def _drop_and_fill(matrix: Matrix, state: _State, move: int, cap: float, dice: np.ndarray) -> None:
    """Drop one column (more while above the cap), then add whatever fits and gains."""
    while True:
        drop = _cheapest_drop(state, move, cap, dice)
        if drop < 0:
            break
        free_at = move + _TABU_LOW + roll(dice, _TABU_SPREAD)
        _flip(matrix, state, drop, False, free_at)  # noqa: FBT003 - compiled code
        if state.spent[0] <= cap:
            break
    while True:
        pick = _best_addition(state, move, cap, dice)
        if pick < 0:
            break
        free_at = move + _TABU_LOW + roll(dice, _TABU_SPREAD)
        _flip(matrix, state, pick, True, free_at)  # noqa: FBT003 - compiled code


@njit(cache=True, nogil=True)
def _search(
    matrix: Matrix,
    state: _State,
    need: np.ndarray,
    required: np.ndarray,
    cap: float,
    step: float,
    start: np.ndarray,
    moves: int,
    dice: np.ndarray,
) -> np.ndarray:
    budget = np.isinf(required[0])
    first = 1 if budget else 0
    noise = 1e-10 * state.weight.sum()
    best, best_cost, best_weight = start.copy(), np.inf, -1.0
    quiet = 0
    _load(matrix, state, need, start)
    for move in range(moves):
        if move % _RELOAD == 0:
            if quiet > _RESTART:
                quiet = 0
                _load(matrix, state, need, best)
            _press(state, required)
            _recount(matrix, state)
        quiet += 1
        met = bool((state.covered[first:] >= required[first:]).all())
        if met and state.spent[0] <= cap:
            if budget and state.covered[0] > best_weight + noise:
                best[:], best_weight, quiet = state.chosen, state.covered[0], 0
            elif not budget and state.spent[0] < best_cost - 0.5 * step:
                best[:], best_cost, quiet = state.chosen, state.spent[0], 0
                cap = best_cost - step
        _drop_and_fill(matrix, state, move, cap, dice)
    return best
