"""Tiny days, and their optimum by trying everything: an oracle that shares no code with twin."""

from __future__ import annotations

import itertools
import math
from functools import cache

import numpy as np
from hypothesis import strategies as st

from twin.routing.problem import Problem, Stops, Vehicle


def stops_at(
    location: list[int],
    demand: list[float],
    *,
    service_s: list[float] | None = None,
    prize: list[float] | None = None,
    skills: list[int] | None = None,
) -> Stops:
    """Return stops; without more words they are required and take no time."""
    n = len(location)
    return Stops(
        location=np.array(location, dtype=np.int64),
        demand=np.array(demand, dtype=np.float64),
        service_s=np.array(service_s or [0.0] * n, dtype=np.float64),
        prize=np.array(prize or [math.inf] * n, dtype=np.float64),
        skills=np.array(skills or [0] * n, dtype=np.int64),
    )


def round_cost(problem: Problem, kind: Vehicle, order: tuple[int, ...]) -> float:
    """Return the least cost of serving stops in order, over every way of unloading."""
    stops, best = problem.stops, math.inf
    choices = [(None, *kind.dumps)] * len(order)
    for dumps in itertools.product(*choices):
        if kind.ends_empty and dumps[-1] is None:
            continue
        here, metres, worked, aboard, fits = kind.start, 0.0, 0.0, 0.0, True
        for stop, dump in zip(order, dumps, strict=True):
            there = int(stops.location[stop])
            metres += float(problem.distance_m[here, there])
            worked += float(problem.time_s[here, there] + stops.service_s[stop])
            aboard += float(stops.demand[stop])
            fits = fits and aboard <= kind.capacity and not int(stops.skills[stop]) & ~kind.skills
            here = there
            if dump is not None:
                metres += float(problem.distance_m[here, dump])
                worked += float(problem.time_s[here, dump]) + kind.dump_s
                here, aboard = dump, 0.0
        metres += float(problem.distance_m[here, kind.end])
        worked += float(problem.time_s[here, kind.end])
        if fits and worked <= kind.work_s:
            cost = kind.fixed_cost + kind.cost_per_m * metres + kind.cost_per_s * worked
            best = min(best, cost)
    return best


def optimum(problem: Problem) -> float:
    """Return the least cost of a day by trying every plan; infinite where there is none."""
    n = len(problem.stops)

    @cache
    def by(kind: int, members: frozenset[int]) -> float:
        orders = itertools.permutations(sorted(members))
        return min(round_cost(problem, problem.vehicles[kind], order) for order in orders)

    @cache
    def rest(left: frozenset[int], kind: int, used: int) -> float:
        if not left:
            return 0.0
        if kind == len(problem.vehicles):
            return sum(float(problem.stops.prize[stop]) for stop in left)
        best = rest(left, kind + 1, 0)
        if used < problem.vehicles[kind].count:
            for size in range(1, len(left) + 1):
                for some in itertools.combinations(sorted(left), size):
                    cost = by(kind, frozenset(some))
                    if cost < best:
                        best = min(best, cost + rest(left - set(some), kind, used + 1))
        return best

    return rest(frozenset(range(n)), 0, 0)


@st.composite
def days(
    draw: st.DrawFn,
    *,
    most_stops: int = 4,
    kinds: int = 2,
    dumps: bool = True,
    prizes: bool = True,
    skills: bool = True,
    limits: bool = True,
    metric: bool = False,
) -> Problem:
    """Draw a tiny day: places on a grid with one-way detours, whole numbers throughout.

    Detours break the triangle inequality, unless `metric`.
    """
    n = draw(st.integers(1, most_stops))
    size = n + 4
    at = draw(st.lists(st.tuples(*[st.integers(0, 20)] * 2), min_size=size, max_size=size))
    more = draw(st.lists(st.integers(0, 3), min_size=size * size, max_size=size * size))
    place = np.array(at, dtype=np.float64)
    apart = np.abs(place[:, None] - place[None]).sum(axis=2) * 10.0
    distance_m = apart + np.array(more, dtype=np.float64).reshape(size, size)
    np.fill_diagonal(distance_m, 0.0)
    for via in range(size if metric else 0):
        detour_m = distance_m[:, [via]] + distance_m[[via], :]
        distance_m = np.minimum(distance_m, detour_m)
    number = st.integers(1, 9)
    vehicles = []
    for _ in range(draw(st.integers(1, kinds))):
        unload = draw(st.sampled_from([(2, 3), (2,), ()])) if dumps else ()
        vehicles.append(
            Vehicle(
                start=0,
                end=draw(st.integers(0, 1)),
                count=draw(st.integers(1, 2 if dumps else 3)),
                capacity=float(draw(st.integers(9, 14))),
                work_s=float(draw(st.sampled_from([4000, 400, 200]))) if limits else math.inf,
                dumps=unload,
                dump_s=float(draw(st.integers(0, 5))) if unload else 0.0,
                ends_empty=bool(unload) and draw(st.booleans()),
                fixed_cost=float(draw(st.integers(0, 100))),
                cost_per_m=float(draw(st.integers(1, 3))),
                # Cost and time rise together, so the cheapest unloading is the quickest.
                cost_per_s=float(draw(st.integers(0, 2))),
                skills=draw(st.sampled_from([1, 3])) if skills else 0,
            )
        )
    return Problem(
        distance_m=distance_m,
        time_s=distance_m.copy(),
        stops=stops_at(
            list(range(4, size)),
            [float(10 - draw(number)) for _ in range(n)],
            service_s=[float(draw(number)) for _ in range(n)],
            prize=[
                draw(st.sampled_from([math.inf, 300.0, 100.0, 0.0])) if prizes else math.inf
                for _ in range(n)
            ],
            skills=[draw(st.sampled_from([0, 1, 2])) if skills else 0 for _ in range(n)],
        ),
        vehicles=tuple(vehicles),
    )
