"""Yesterday's plan as a start for today's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twin.routing.problem import Plan, Problem, Round


def renumbered(plan: Plan, stop_now: Mapping[int, int]) -> Plan:
    """Return a plan whose stops bear the numbers of another problem.

    Parameters
    ----------
    plan
        A plan of one problem.
    stop_now
        Number in the other problem of each stop that exists there too; the rest are dropped.
        Costs and times are left as they were: only the rounds make a start.
    """
    rounds = tuple(Round(one.vehicle, tuple(_visits(one, stop_now))) for one in plan.rounds)
    return replace(plan, rounds=rounds, left_out=(), impossible=())


def same_places(before: Problem, now: Problem) -> dict[int, int]:
    """Return the stops of `now` by those of `before` at the same location, in order of number."""
    free: dict[int, list[int]] = {}
    for stop, place in reversed(list(enumerate(now.stops.location.tolist()))):
        free.setdefault(place, []).append(stop)
    return {
        stop: free[place].pop()
        for stop, place in enumerate(before.stops.location.tolist())
        if free.get(place)
    }


def given_rounds(
    problem: Problem, start: Plan | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return kinds, bounds and visits of the rounds to begin from, as `begin_with` takes them.

    Stops unknown to the problem or seen twice, and kinds of vehicle it does not have, are left
    out; unloadings are laid afresh.
    """
    n, kinds, bounds = len(problem.stops), [], [0]
    visits: list[int] = []
    seen = [False] * n
    for one in start.rounds if start is not None else ():
        if not 0 <= one.vehicle < len(problem.vehicles):
            continue
        for stop in one.visits:
            if 0 <= stop < n and not seen[stop]:
                seen[stop] = True
                visits.append(stop)
        if len(visits) > bounds[-1]:
            kinds.append(one.vehicle)
            bounds.append(len(visits))
    return (
        np.array(kinds, dtype=np.int64),
        np.array(bounds, dtype=np.int64),
        np.array(visits, dtype=np.int64),
    )


def _visits(one: Round, stop_now: Mapping[int, int]) -> list[int]:
    kept = []
    for visit in one.visits:
        if visit < 0:
            kept.append(visit)
        elif visit in stop_now:
            kept.append(stop_now[visit])
    return kept
