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

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.decide.cover.core import Core
from twin.decide.cover.dice import roll


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
    state = np.array([rng.integers(0, 2**63)], dtype=np.uint64)
    best: NDArray[np.bool_] = _search(
        core.indptr,
        core.indices,
        core.col_indptr,
        core.col_indices,
        core.need,
        core.cost,
        start,
        core.step,
        moves,
        state,
    )
    return best


@njit(cache=True, nogil=True)
def _flip(
    col: int,
    adding: bool,
    indptr: np.ndarray,
    indices: np.ndarray,
    col_indptr: np.ndarray,
    col_indices: np.ndarray,
    need: np.ndarray,
    row_weight: np.ndarray,
    chosen: np.ndarray,
    count: np.ndarray,
    score: np.ndarray,
    allowed: np.ndarray,
    open_rows: np.ndarray,
    place: np.ndarray,
    n_open: int,
) -> int:
    """Add or remove a column, keep scores exact, and return the number of open rows.

    `score` of an unchosen column is what adding it gains, of a chosen one what removing it loses.
    """
    chosen[col] = adding
    own = 0.0
    for p in range(col_indptr[col], col_indptr[col + 1]):
        row = col_indices[p]
        low = count[row] if adding else count[row] - 1  # count without the column
        weight = row_weight[row]
        first, last = indptr[row], indptr[row + 1]
        for q in range(first, last):
            allowed[indices[q]] = True
        if low == need[row] - 1:
            # The row closes or opens: unchosen columns lose or win its weight.
            delta = -weight if adding else weight
            for q in range(first, last):
                if not chosen[indices[q]]:
                    score[indices[q]] += delta
            if adding:
                n_open -= 1
                moved = open_rows[n_open]
                open_rows[place[row]] = moved
                place[moved] = place[row]
            else:
                open_rows[n_open] = row
                place[row] = n_open
                n_open += 1
        elif low == need[row]:
            # The row gains or loses its only spare column: chosen ones are critical or not.
            delta = -weight if adding else weight
            for q in range(first, last):
                if chosen[indices[q]]:
                    score[indices[q]] += delta
        count[row] += 1 if adding else -1
        if low < need[row]:
            own += weight
    score[col] = own
    if not adding:
        allowed[col] = False
    return n_open


@njit(cache=True, nogil=True)
def _cheapest_loss(
    members: np.ndarray,
    size: int,
    score: np.ndarray,
    worth: np.ndarray,
    stamp: np.ndarray,
    tabu: int,
) -> int:
    """Return the position of the chosen column whose removal loses least per euro, oldest first."""
    best = -1
    for m in range(size):
        col = members[m]
        if col == tabu and size > 1:
            continue
        if best < 0:
            best = m
            continue
        here, there = score[col] * worth[col], score[members[best]] * worth[members[best]]
        if here < there or (here == there and stamp[col] < stamp[members[best]]):
            best = m
    return best


@njit(cache=True, nogil=True)
def _search(
    indptr: np.ndarray,
    indices: np.ndarray,
    col_indptr: np.ndarray,
    col_indices: np.ndarray,
    need: np.ndarray,
    cost: np.ndarray,
    start: np.ndarray,
    step: float,
    moves: int,
    state: np.ndarray,
) -> np.ndarray:
    n_rows, n_cols = need.size, cost.size
    row_weight = np.ones(n_rows)
    worth = 1.0 / np.maximum(cost, 1e-6 * max(cost.max(), 1e-300))
    chosen = np.zeros(n_cols, dtype=np.bool_)
    allowed = np.ones(n_cols, dtype=np.bool_)
    score = np.zeros(n_cols)
    stamp = np.zeros(n_cols, dtype=np.int64)
    count = np.zeros(n_rows, dtype=np.int32)
    open_rows = np.arange(n_rows)
    place = np.arange(n_rows)
    members = np.empty(n_cols, dtype=np.int64)
    n_open, size, spent = n_rows, 0, 0.0
    for col in range(n_cols):
        score[col] = col_indptr[col + 1] - col_indptr[col]
    for col in range(n_cols):
        if start[col]:
            n_open = _flip(
                col, True, indptr, indices, col_indptr, col_indices, need, row_weight, chosen,
                count, score, allowed, open_rows, place, n_open,
            )  # fmt: skip
            members[size] = col
            size += 1
            spent += cost[col]
    best, best_cost = start.copy(), spent
    tabu = -1
    for move in range(1, moves + 1):
        while n_open == 0 and size > 0:
            if spent < best_cost - 0.5 * step:
                best, best_cost = chosen.copy(), spent
            m = _cheapest_loss(members, size, score, worth, stamp, -1)
            col = members[m]
            n_open = _flip(
                col, False, indptr, indices, col_indptr, col_indices, need, row_weight, chosen,
                count, score, allowed, open_rows, place, n_open,
            )  # fmt: skip
            size -= 1
            members[m] = members[size]
            spent -= cost[col]
            stamp[col] = move
        if size > 0:
            m = _cheapest_loss(members, size, score, worth, stamp, tabu)
            col = members[m]
            n_open = _flip(
                col, False, indptr, indices, col_indptr, col_indices, need, row_weight, chosen,
                count, score, allowed, open_rows, place, n_open,
            )  # fmt: skip
            size -= 1
            members[m] = members[size]
            spent -= cost[col]
            stamp[col] = move
        tabu = -1
        while n_open > 0:
            row = open_rows[roll(state, n_open)]
            pick = -1
            for q in range(indptr[row], indptr[row + 1]):
                col = indices[q]
                if chosen[col] or not allowed[col] or spent + cost[col] > best_cost - step:
                    continue
                if pick < 0:
                    pick = col
                    continue
                here, there = score[col] * worth[col], score[pick] * worth[pick]
                if here > there or (here == there and stamp[col] < stamp[pick]):
                    pick = col
            if pick < 0:
                break
            n_open = _flip(
                pick, True, indptr, indices, col_indptr, col_indices, need, row_weight, chosen,
                count, score, allowed, open_rows, place, n_open,
            )  # fmt: skip
            members[size] = pick
            size += 1
            spent += cost[pick]
            stamp[pick] = move
            tabu = pick
            for r in range(n_open):
                row_weight[open_rows[r]] += 1.0
                for q in range(indptr[open_rows[r]], indptr[open_rows[r] + 1]):
                    score[indices[q]] += 1.0
    return best
