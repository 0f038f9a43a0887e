"""A good choice to start from: greedy, pruned, then improved by the local search that fits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.core import Core
from twin.decide.cover.greedy import greedy
from twin.decide.cover.local_search import improve_cover
from twin.decide.cover.model import is_feasible, objective_of
from twin.decide.cover.problem import Requirement
from twin.decide.cover.prune import prune
from twin.decide.cover.share_search import improve_share


def greedy_start(
    core: Core, requirement: Requirement, rng: np.random.Generator, moves: int
) -> NDArray[np.bool_]:
    """Return the greedy choice, pruned.

    Under a budget with group minima, the cheapest choice found for the minima comes first and
    greedy would ignore it, so that choice is returned where it fits the budget and greedy's does
    not meet the minima.
    """
    chosen = greedy(core)
    if requirement is Requirement.BUDGET and not is_feasible(core, chosen):
        required = core.required.copy()
        required[0] = 0.0
        minima = replace(core, required=required, cap=np.inf)
        chosen = improve_share(minima, prune(minima, greedy(minima)), rng, moves)
        if core.cost[chosen].sum() > core.cap:
            return np.zeros(core.n_cols, dtype=np.bool_)
    return prune(core, chosen) if is_feasible(core, chosen) else chosen


def improve(
    core: Core,
    requirement: Requirement,
    chosen: NDArray[np.bool_],
    rng: np.random.Generator,
    moves: int,
) -> NDArray[np.bool_]:
    """Return a choice no worse than `chosen`, after `moves` moves of local search."""
    if requirement is Requirement.FULL:
        found = improve_cover(core, chosen, rng, moves)
    else:
        found = improve_share(core, chosen, rng, moves)
    if not is_feasible(core, found):
        return chosen
    found = prune(core, found)
    if is_feasible(core, chosen) and objective_of(core, chosen) <= objective_of(core, found):
        return chosen
    return found
