"""Greedy placement, and swaps.

What is saved is monotone and submodular in the set of sensors, so the greedy choice saves at least
1 - 1/e of the most that k sensors can save (Nemhauser, Wolsey & Fisher 1978, Math. Program. 14,
265-294). The bound that the data give is usually far tighter: the optimum saves at most what a set
saves plus the k largest further gains from it (Leskovec et al. 2007, KDD, section 3.2).
"""

from __future__ import annotations

import numpy as np

from models.water.network.network import Floats
from models.water.placement.problem import Placement, PlacementProblem

_TINY = 1e-12


def greedy(problem: PlacementProblem, k: int) -> Placement:
    """Return k places chosen one by one, each saving most given those before.

    Nested: the first j places are the greedy choice of j sensors. `bound` is the better of the two
    bounds above.

    Raises
    ------
    InputError
        k below 1 or above the number of places.
    """
    problem.check_count(k)
    least = problem.nothing.copy()
    chosen: list[int] = []
    start = float(problem.weight @ least)
    most = np.inf
    for _ in range(k):
        gain = _gains(problem, least)
        most = min(most, _most_saved(start, problem, least, gain, k))
        gain[chosen] = -1.0
        chosen.append(int(np.argmax(gain)))
        np.minimum(least, problem.impact[chosen[-1]], out=least)
    most = min(most, _most_saved(start, problem, least, _gains(problem, least), k))
    value = float(problem.weight @ least)
    most = min(most, (start - value) / (1.0 - np.exp(-1.0)))
    bound = min(value, max(0.0, start - most))
    return Placement(tuple(chosen), value, bound, value - bound <= _TINY * max(start, 1.0))


def swapped(problem: PlacementProblem, placement: Placement) -> Placement:
    """Return the placement after the best swaps of one place for another, until none helps.

    Teitz & Bart 1968, Operations Research 16, 955-961. The bound is kept.
    """
    chosen = list(placement.chosen)
    value = problem.value(chosen)
    while True:
        best, move = value, (-1, -1)
        for at in range(len(chosen)):
            rest = chosen[:at] + chosen[at + 1 :]
            least = np.minimum(problem.nothing, problem.impact[rest].min(axis=0, initial=np.inf))
            after = float(problem.weight @ least) - _gains(problem, least)
            new = int(np.argmin(after))
            if after[new] < best - _TINY * max(1.0, abs(value)):
                best, move = float(after[new]), (at, new)
        if move[0] < 0:
            break
        chosen[move[0]] = move[1]
        value = problem.value(chosen)
    bound = min(value, placement.bound)
    proven = value - bound <= _TINY * max(abs(value), 1.0)
    return Placement(tuple(sorted(chosen)), value, bound, proven)


def _gains(problem: PlacementProblem, least: Floats) -> Floats:
    """Return what one more sensor saves at each place."""
    return np.asarray(np.maximum(least - problem.impact, 0.0) @ problem.weight)


def _most_saved(
    start: float, problem: PlacementProblem, least: Floats, gain: Floats, k: int
) -> float:
    return start - float(problem.weight @ least) + float(np.sort(gain)[-k:].sum())
