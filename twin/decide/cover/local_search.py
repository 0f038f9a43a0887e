"""Row-weighting local search for least-cost set multi-cover.

Gao, Weise & Li, *An efficient local search heuristic with row weighting for the unicost set
covering problem*, EJOR 246 (2015) 750-761, 10.1016/j.ejor.2015.05.038, carried over to costs and
multiplicities: a row is open while fewer than `need` chosen columns cover it, a chosen column is
worth the weight of the rows it is critical for, an unchosen one the weight of the open rows it
serves. Every move leaves the state strictly cheaper than the best cover known, so the first state
without open rows is a better cover. The length is a number of moves, never a time: the same seed
gives the same cover on any machine.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.decide.cover.core import Core, Matrix
from twin.decide.cover.dice import roll


class _State(NamedTuple):
    """Everything the walk reads and writes.

    `score` of an unchosen column is what adding it gains, of a chosen one what removing it loses;
    `worth` is one over the cost; `hits` counts the chosen columns on each row;
    `open_rows[:sizes[0]]` are the open rows and `place` their positions; `members[:sizes[1]]` are
    the chosen columns; `spent[0]` is their cost; `stamp` is the last move a column took part in;
    `allowed` is the configuration check that keeps a column just removed from coming back before a
    neighbour changed.
    """

    need: np.ndarray
    cost: np.ndarray
    worth: np.ndarray
    row_weight: np.ndarray
    chosen: np.ndarray
    allowed: np.ndarray
    score: np.ndarray
    stamp: np.ndarray
    hits: np.ndarray
    open_rows: np.ndarray
    place: np.ndarray
    members: np.ndarray
    sizes: np.ndarray
    spent: np.ndarray


def improve_cover(
    core: Core, start: NDArray[np.bool_], rng: np.random.Generator, moves: int
) -> NDArray[np.bool_]:
    """Return the cheapest cover met in `moves` moves from the cover `start`.

    Parameters
    ----------
    core
        A FULL core.
    start
        A cover: mask of columns.
    rng
        One 64-bit draw seeds the search.
    moves
        Number of remove-and-repair moves.
    """
    dice = np.array([rng.integers(0, 2**63)], dtype=np.uint64)
    floor = 1e-6 * max(float(core.cost.max()), 1e-300)
    state = _State(
        need=core.need,
        cost=core.cost,
        worth=1.0 / np.maximum(core.cost, floor),
        row_weight=np.ones(core.n_rows),
        chosen=np.zeros(core.n_cols, dtype=np.bool_),
        allowed=np.ones(core.n_cols, dtype=np.bool_),
        score=np.diff(core.col_indptr).astype(np.float64),
        stamp=np.zeros(core.n_cols, dtype=np.int64),
        hits=np.zeros(core.n_rows, dtype=np.int32),
        open_rows=np.arange(core.n_rows),
        place=np.arange(core.n_rows),
        members=np.zeros(core.n_cols, dtype=np.int64),
        sizes=np.array([core.n_rows, 0]),
        spent=np.zeros(1),
    )
    best: NDArray[np.bool_] = _search(core.matrix, state, start, core.step, moves, dice)
    return best


@njit(cache=True, nogil=True)
def _set_open(state: _State, row: int, is_open: bool) -> None:
    """Put a row among the open ones, or take it out by moving the last into its place."""
    if is_open:
        state.open_rows[state.sizes[0]] = row
        state.place[row] = state.sizes[0]
        state.sizes[0] += 1
    else:
        state.sizes[0] -= 1
        moved = state.open_rows[state.sizes[0]]
        state.open_rows[state.place[row]] = moved
        state.place[moved] = state.place[row]


@njit(cache=True, nogil=True)
def _flip(matrix: Matrix, state: _State, col: int, adding: bool) -> None:
    """Add or remove a column and keep every score exact."""
    state.chosen[col] = adding
    own = 0.0
    sign = -1.0 if adding else 1.0
    for p in range(matrix.col_indptr[col], matrix.col_indptr[col + 1]):
        row = matrix.col_indices[p]
        low = state.hits[row] if adding else state.hits[row] - 1  # without the column
        need, weight = state.need[row], state.row_weight[row]
        # The row opens or closes for unchosen columns at need - 1; chosen ones gain or lose a
        # spare at need. Elsewhere nobody's score depends on this column.
        closing, sparing = low == need - 1, low == need
        for q in range(matrix.indptr[row], matrix.indptr[row + 1]):
            other = matrix.indices[q]
            state.allowed[other] = True
            if (closing and not state.chosen[other]) or (sparing and state.chosen[other]):
                state.score[other] += sign * weight
        if closing:
            _set_open(state, row, not adding)
        if low < need:
            own += weight
        state.hits[row] += 1 if adding else -1
    state.score[col] = own
    state.allowed[col] = adding


@njit(cache=True, nogil=True)
def _add(matrix: Matrix, state: _State, col: int, move: int) -> None:
    _flip(matrix, state, col, True)  # noqa: FBT003 - compiled code takes no keywords here
    state.members[state.sizes[1]] = col
    state.sizes[1] += 1
    state.spent[0] += state.cost[col]
    state.stamp[col] = move


@njit(cache=True, nogil=True)
def _remove_least(matrix: Matrix, state: _State, tabu: int, move: int) -> None:
    """Remove the chosen column that loses least per euro, the oldest of equals, never `tabu`."""
    best, least = -1, np.inf
    for m in range(state.sizes[1]):
        col = state.members[m]
        if col == tabu and state.sizes[1] > 1:
            continue
        value = state.score[col] * state.worth[col]
        older = best >= 0 and state.stamp[col] < state.stamp[state.members[best]]
        if value < least or (value == least and older):
            best, least = m, value
    if best < 0:
        return
    col = state.members[best]
    _flip(matrix, state, col, False)  # noqa: FBT003 - compiled code takes no keywords here
    state.sizes[1] -= 1
    state.members[best] = state.members[state.sizes[1]]
    state.spent[0] -= state.cost[col]
    state.stamp[col] = move


@njit(cache=True, nogil=True)
def _best_server(matrix: Matrix, state: _State, row: int, ceiling: float) -> int:
    """Return the allowed column of `row` that gains most per euro within `ceiling`, or -1."""
    pick, most = -1, -1.0
    for q in range(matrix.indptr[row], matrix.indptr[row + 1]):
        col = matrix.indices[q]
        if state.chosen[col] or not state.allowed[col]:
            continue
        if state.spent[0] + state.cost[col] > ceiling:
            continue
        value = state.score[col] * state.worth[col]
        if value > most or (value == most and state.stamp[col] < state.stamp[pick]):
            pick, most = col, value
    return pick


@njit(cache=True, nogil=True)
def _weigh_open_rows(matrix: Matrix, state: _State) -> None:
    """Make every open row weigh one more, so that rows hard to cover are covered first."""
    for r in range(state.sizes[0]):
        row = state.open_rows[r]
        state.row_weight[row] += 1.0
        for q in range(matrix.indptr[row], matrix.indptr[row + 1]):
            state.score[matrix.indices[q]] += 1.0


@njit(cache=True, nogil=True)
def _search(
    matrix: Matrix,
    state: _State,
    start: np.ndarray,
    step: float,
    moves: int,
    dice: np.ndarray,
) -> np.ndarray:
    for col in range(start.size):
        if start[col]:
            _add(matrix, state, col, 0)
    best, best_cost = start.copy(), state.spent[0]
    tabu = -1
    for move in range(1, moves + 1):
        while state.sizes[0] == 0 and state.sizes[1] > 0:
            if state.spent[0] < best_cost - 0.5 * step:
                best[:], best_cost = state.chosen, state.spent[0]
            _remove_least(matrix, state, -1, move)
        _remove_least(matrix, state, tabu, move)
        tabu = -1
        while state.sizes[0] > 0:
            row = state.open_rows[roll(dice, state.sizes[0])]
            pick = _best_server(matrix, state, row, best_cost - step)
            if pick < 0:
                break
            _add(matrix, state, pick, move)
            tabu = pick
            _weigh_open_rows(matrix, state)
    return best
