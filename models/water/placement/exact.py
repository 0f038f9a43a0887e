"""The best k places, by a mixed-integer program, with its bound.

Radius formulation of the p-median (Elloumi 2010, J. Comb. Optim. 19, 69-83): for each event the
distinct impacts D_1 < D_2 < ... and z_r = 1 when no chosen place does as well as D_r,

    minimise  sum_e w_e (D_e1 + sum_r (D_e,r+1 - D_er) z_er)
    z_er + sum of x_s over places with impact_se <= D_er  >=  1,    sum of x_s = k

One variable for each distinct impact rather than for each pair of place and event; rows with the
same places are one row. z may be continuous: it is whole wherever x is. Greedy and swaps give the
first answer, HiGHS (twin/decide/cover/milp.py) searches below it. Each event's levels stop at the
one it reached in an answer met so far; where the search comes back from beyond, they are extended
and it starts again (Garcia, Labbe & Marin 2011, INFORMS J. Comput. 23, 546-556).
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import Floats
from models.water.placement.greedy import greedy, swapped
from models.water.placement.problem import Placement, PlacementProblem
from twin.decide.cover.milp import run_below
from twin.decide.cover.model import Program

_TINY = 1e-9
NODES = 5_000
"""Branch-and-bound nodes: a count, so that the same problem gives the same answer anywhere."""


def best_places(
    problem: PlacementProblem, k: int, *, nodes: int = NODES, cpu_limit_s: float | None = None
) -> Placement:
    """Return k places with the least objective found, its bound, and whether it is proven.

    Parameters
    ----------
    problem, k
        What to place.
    nodes
        Limit on branch-and-bound nodes.
    cpu_limit_s
        Searches end after so many CPU seconds; None: never. With it, an answer may depend on the
        machine.

    Raises
    ------
    InputError
        k below 1 or above the number of places.
    RunError
        HiGHS failed.
    """
    best = swapped(problem, greedy(problem, k))
    if best.proven:
        return best
    kept = _undominated(problem)
    if kept.size <= k:
        chosen = _filled(kept.tolist(), k, problem.places)
        value = problem.value(chosen)
        return Placement(chosen, value, value, proven=True)
    reduced = PlacementProblem(problem.impact[kept], problem.nothing, problem.weight)
    depth = _reached(reduced, np.searchsorted(kept, [p for p in best.chosen if p in set(kept)]))
    ends_s = None if cpu_limit_s is None else time.process_time() + cpu_limit_s
    while ends_s is None or time.process_time() < ends_s:
        program, base = _program(reduced, k, depth)
        run = run_below(
            program,
            best.value - base,
            nodes,
            None if ends_s is None else ends_s - time.process_time(),
        )
        if run.values is None:
            bound = best.value if run.complete else max(best.bound, run.bound + base)
            return replace(best, bound=min(best.value, bound), proven=run.complete)
        inner = np.flatnonzero(run.values[: kept.size] > 0.5)  # noqa: PLR2004 - binary
        chosen = _filled(kept[inner].tolist(), k, problem.places)
        bound = min(best.value, max(best.bound, run.bound + base))
        value = problem.value(chosen)
        if value <= best.value:
            best = Placement(chosen, value, min(value, bound), proven=False)
        else:
            best = replace(best, bound=bound)
        if best.value - best.bound <= _TINY * max(1.0, best.value):
            return replace(best, bound=best.value, proven=True)
        deeper = np.maximum(depth, _reached(reduced, inner))
        if not run.complete or bool((deeper <= depth).all()):
            return best
        depth = deeper
    return best


def _reached(problem: PlacementProblem, chosen: NDArray[np.intp]) -> Floats:
    """Return the impact each event meets with these places."""
    return np.asarray(
        np.minimum(problem.nothing, problem.impact[chosen].min(axis=0, initial=np.inf))
    )


def _filled(chosen: list[int], k: int, places: int) -> tuple[int, ...]:
    """Return k places: a sensor too many does no harm."""
    others = (place for place in range(places) if place not in set(chosen))
    full = list(chosen)
    while len(full) < k:
        full.append(next(others))
    return tuple(sorted(full))


def _undominated(problem: PlacementProblem) -> NDArray[np.int64]:
    """Return the places that no other place equals or betters in every event."""
    impact = problem.impact[:, problem.weight > 0.0]
    total = impact.sum(axis=1)
    kept: list[int] = []
    for place in np.argsort(total, kind="stable").tolist():  # whoever dominates comes first
        if not kept or not (impact[kept] <= impact[place]).all(axis=1).any():
            kept.append(place)
    return np.array(sorted(kept), dtype=np.int64)


def _program(problem: PlacementProblem, k: int, depth: Floats) -> tuple[Program, float]:
    """Return the program and the part of the objective that no choice changes.

    An event met beyond its `depth` is charged the depth only: fewer rows, and a bound all the same.
    """
    places = problem.places
    price: dict[bytes, float] = defaultdict(float)
    members: dict[bytes, NDArray[np.intp]] = {}
    base = 0.0
    for event in np.flatnonzero(problem.weight > 0.0).tolist():
        weight, deepest = float(problem.weight[event]), float(depth[event])
        column = problem.impact[:, event]
        levels = np.unique(np.append(column[column < deepest], deepest))
        base += weight * float(levels[0])
        for low, high in pairwise(levels.tolist()):
            near = column <= low
            key = np.packbits(near).tobytes()
            price[key] += weight * (high - low)
            members[key] = np.flatnonzero(near)
    rows = len(price)
    sizes = [members[key].size for key in price]
    indices = [np.append(members[key], places + row) for row, key in enumerate(price)]
    indptr = np.concatenate([[0], np.cumsum(np.array([*(s + 1 for s in sizes), places]))])
    columns = np.concatenate([*indices, np.arange(places)])
    return (
        Program(
            objective=np.concatenate([np.zeros(places), np.array(list(price.values()))]),
            indptr=indptr.astype(np.int32),
            indices=columns.astype(np.int32),
            values=np.ones(columns.size),
            row_lower=np.append(np.ones(rows), float(k)),
            row_upper=np.append(np.full(rows, np.inf), float(k)),
            is_integer=np.arange(places + rows) < places,
            n_cols=places,
            step=0.0,
        ),
        base,
    )
