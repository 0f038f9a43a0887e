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

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.decide.cover.core import Core
from twin.decide.cover.dice import roll

_STEP_WORTH = 0.25  # a power of two: sums of whole weights stay exact
_RELOAD = 50  # moves between two updates of the target weights, each of which reads every entry
_TABU_LOW, _TABU_SPREAD = 2, 8
_RESTART = 4_000  # moves without success before the walk returns to the best state


def improve_share(
    core: Core, start: NDArray[np.bool_], rng: np.random.Generator, moves: int
) -> NDArray[np.bool_]:
    """Return the best choice met in `moves` moves from `start`.

    Parameters
    ----------
    core
        A SHARE or BUDGET core (BUDGET: `required[0]` is infinite and `cap` finite).
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
    state = np.array([rng.integers(0, 2**63)], dtype=np.uint64)
    best: NDArray[np.bool_] = _search(
        core.indptr,
        core.indices,
        core.col_indptr,
        core.col_indices,
        core.need,
        core.weight,
        core.cost,
        core.labels,
        core.required,
        core.cap,
        core.step,
        worth,
        start,
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
    worth: np.ndarray,
    weight: np.ndarray,
    effective: np.ndarray,
    labels: np.ndarray,
    chosen: np.ndarray,
    short: np.ndarray,
    score: np.ndarray,
    covered: np.ndarray,
) -> None:
    """Add or remove a column; `short` is what each row still needs (negative: spare).

    `score` of an unchosen column is what adding it gains, of a chosen one what removing it loses.
    """
    chosen[col] = adding
    own = 0.0
    for p in range(col_indptr[col], col_indptr[col + 1]):
        row = col_indices[p]
        before = short[row] if adding else short[row] + 1  # shortage without the column
        after = before - 1
        own += effective[row] * worth[max(before, 0)]
        if before >= 0:
            gain = effective[row] * (worth[max(after, 0)] - worth[before])
            loss = effective[row] * (worth[before] - worth[before + 1])
            if not adding:
                gain, loss = -gain, -loss
            for q in range(indptr[row], indptr[row + 1]):
                other = indices[q]
                score[other] += loss if chosen[other] else gain
        if before == 1:
            for layer in range(labels.shape[0]):
                if labels[layer, row] >= 0:
                    covered[labels[layer, row]] += weight[row] if adding else -weight[row]
        short[row] += -1 if adding else 1
    score[col] = own


@njit(cache=True, nogil=True)
def _reload(
    col_indptr: np.ndarray,
    col_indices: np.ndarray,
    worth: np.ndarray,
    weight: np.ndarray,
    labels: np.ndarray,
    pressure: np.ndarray,
    chosen: np.ndarray,
    short: np.ndarray,
    effective: np.ndarray,
    score: np.ndarray,
    covered: np.ndarray,
) -> None:
    """Recompute effective weights, scores and covered weights from scratch: no drift builds up."""
    covered[:] = 0.0
    for row in range(short.size):
        total = 0.0
        for layer in range(labels.shape[0]):
            target = labels[layer, row]
            if target >= 0:
                total += pressure[target]
                if short[row] <= 0:
                    covered[target] += weight[row]
        effective[row] = total * weight[row]
    for col in range(score.size):
        total = 0.0
        extra = 1 if chosen[col] else 0
        for p in range(col_indptr[col], col_indptr[col + 1]):
            row = col_indices[p]
            total += effective[row] * worth[max(short[row] + extra, 0)]
        score[col] = total


@njit(cache=True, nogil=True)
def _search(
    indptr: np.ndarray,
    indices: np.ndarray,
    col_indptr: np.ndarray,
    col_indices: np.ndarray,
    need: np.ndarray,
    weight: np.ndarray,
    cost: np.ndarray,
    labels: np.ndarray,
    required: np.ndarray,
    cap: float,
    step: float,
    worth: np.ndarray,
    start: np.ndarray,
    moves: int,
    state: np.ndarray,
) -> np.ndarray:
    n_rows, n_cols = need.size, cost.size
    budget = np.isinf(required[0])
    noise = 1e-10 * weight.sum()
    per_cost = 1.0 / np.maximum(cost, 1e-6 * max(cost.max(), 1e-300))
    pressure = np.zeros(required.size)
    pressure[0] = 1.0
    effective, score = np.zeros(n_rows), np.zeros(n_cols)
    covered = np.zeros(required.size)
    short, chosen = need.copy(), start.copy()
    held = np.zeros(n_cols, dtype=np.int64)
    best, best_cost, best_weight = start.copy(), np.inf, -1.0
    spent, quiet = 0.0, 0
    for col in range(n_cols):
        if chosen[col]:
            spent += cost[col]
            for p in range(col_indptr[col], col_indptr[col + 1]):
                short[col_indices[p]] -= 1
    for move in range(moves):
        if move % _RELOAD == 0:
            if quiet > _RESTART:
                quiet, spent = 0, 0.0
                chosen[:], short[:], held[:] = best, need, 0
                for col in range(n_cols):
                    if chosen[col]:
                        spent += cost[col]
                        for p in range(col_indptr[col], col_indptr[col + 1]):
                            short[col_indices[p]] -= 1
            for target in range(1, required.size):
                if covered[target] < required[target] - noise:
                    pressure[target] += 0.25
                else:
                    pressure[target] *= 0.75
            _reload(
                col_indptr, col_indices, worth, weight, labels, pressure, chosen, short,
                effective, score, covered,
            )  # fmt: skip
        met = True
        for target in range(1 if budget else 0, required.size):
            if covered[target] < required[target] - noise:
                met = False
        quiet += 1
        if met and spent <= cap:
            if budget and covered[0] > best_weight + noise:
                best[:], best_weight, quiet = chosen, covered[0], 0
            elif not budget and spent < best_cost - 0.5 * step:
                best[:], best_cost, quiet = chosen, spent, 0
                cap = spent - step
        while True:
            drop, drop_value = -1, np.inf
            for col in range(n_cols):
                if chosen[col] and (held[col] <= move or spent > cap):
                    value = score[col] * per_cost[col]
                    if value < drop_value or (value == drop_value and roll(state, 2) == 0):
                        drop, drop_value = col, value
            if drop < 0:
                break
            _flip(
                drop, False, indptr, indices, col_indptr, col_indices, worth, weight, effective,
                labels, chosen, short, score, covered,
            )  # fmt: skip
            spent -= cost[drop]
            held[drop] = move + _TABU_LOW + roll(state, _TABU_SPREAD)
            if spent <= cap:
                break
        while True:
            pick, pick_value = -1, 0.0
            for col in range(n_cols):
                if chosen[col] or held[col] > move or spent + cost[col] > cap:
                    continue
                value = score[col] * per_cost[col]
                if value > pick_value or (value == pick_value > 0.0 and roll(state, 2) == 0):
                    pick, pick_value = col, value
            if pick < 0:
                break
            _flip(
                pick, True, indptr, indices, col_indptr, col_indices, worth, weight, effective,
                labels, chosen, short, score, covered,
            )  # fmt: skip
            spent += cost[pick]
            held[pick] = move + _TABU_LOW + roll(state, _TABU_SPREAD)
    return best
