"""From a selection to rounds: one depot's problem of the day, solved."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.waste.loads import load_times_s, one_load, packed, unloads_at_home
from models.waste.policies.outlook import Outlook, Selection
from models.waste.policies.risk import expected_load_l, full_probability
from twin.routing.problem import Plan, Problem, Round, Stops, Vehicle
from twin.routing.solve import solve

MUST_EUR = 1e5
"""Prize of a required visit: more than any detour, so that too small a fleet leaves out the least
urgent ones instead of finding no plan at all."""

LIGHTER = 2
"""Moves by single loads for one move of whole shifts: they cost a tenth, and twice as many give
plans 1 % cheaper in half the time [D]."""


@dataclass(frozen=True, eq=False)
class Roads:
    """Travel between all locations: points' places first, then depots and dumps."""

    distance_m: NDArray[np.float64]
    time_s: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Depot:
    """One depot of a stream: its points and trucks.

    `points` are the indices of its points in the stream, `vehicle` its trucks (capacity in litres
    of what bins hold), `work_s` is that of the planned shift. Where crews come home for their
    breaks, `parts` are the parts of the shift between them, (start, end) in seconds after midnight:
    the same trucks drive a round in each. Without any, breaks are taken on the way.
    """

    name: str
    points: NDArray[np.int64]
    vehicle: Vehicle
    parts: tuple[tuple[float, float], ...] = ()

    @property
    def vehicles(self) -> tuple[Vehicle, ...]:
        """Return the kinds of vehicle of a day's problem: one, or one for each part."""
        if not self.parts:
            return (self.vehicle,)
        return tuple(replace(self.vehicle, work_s=end - start) for start, end in self.parts)


@dataclass(frozen=True, eq=False)
class Service:
    """How long a visit takes, by point: shape (points,)."""

    location: NDArray[np.int64]
    service_s: NDArray[np.float64]


@dataclass(frozen=True)
class Effort:
    """How hard a day is thought about: iterations of the router, at least and per stop.

    `optional` is the most optional points a depot's day is planned from; see :func:`candidates`.
    """

    least: int = 100
    per_stop: int = 6
    optional: int = 120

    def iterations(self, stops: int) -> int:
        """Return the iterations of a day of so many stops."""
        return self.least + self.per_stop * stops

    def scaled(self, factor: float) -> Effort:
        """Return so many times the effort."""
        return Effort(
            *(round(each * factor) for each in (self.least, self.per_stop, self.optional))
        )


@dataclass(frozen=True, eq=False)
class DayPlan:
    """One depot's day: rounds over `points` (the plan's stops by index), what was left out."""

    rounds: tuple[Round, ...]
    points: NDArray[np.int64]
    unserved: NDArray[np.int64]
    plan: Plan


def plan_day(
    depot: Depot,
    roads: Roads,
    service: Service,
    outlook: Outlook,
    selection: Selection,
    effort: Effort,
    seed: int,
) -> DayPlan | None:
    """Return a depot's rounds for the selection, or None where nobody is to be visited."""
    wanted = candidates(depot.points, outlook, selection, effort.optional)
    if not len(wanted):
        return None
    must = selection.required[wanted]
    urgency = full_probability(outlook)[wanted]
    prize = np.where(must, MUST_EUR * (1.0 + urgency), selection.prize_eur[wanted])
    stops = Stops(
        location=service.location[wanted],
        demand=np.minimum(expected_load_l(outlook, wanted), depot.vehicle.capacity),
        service_s=service.service_s[wanted],
        prize=prize,
        skills=np.zeros(len(wanted), dtype=np.int64),
    )
    iterations = effort.iterations(len(wanted))
    plan = _by_loads(depot, roads, stops, iterations, seed)
    if plan is None:
        problem = Problem(roads.distance_m, roads.time_s, stops, depot.vehicles)
        plan = solve(problem, seed=seed, iterations=iterations, checked=False)
    left = np.array(plan.left_out, dtype=np.int64)
    return DayPlan(plan.rounds, wanted, wanted[left[must[left]]] if len(left) else left, plan)


def candidates(
    points: NDArray[np.int64], outlook: Outlook, selection: Selection, most: int
) -> NDArray[np.int64]:
    """Return the points a day is planned from: the required, and the optional of most worth.

    Worth is the prize over the usual cost of a visit. More than `most` optional ones slow the
    router down, and few of those would be visited.
    """
    required = selection.required[points]
    prize = np.where(required, 0.0, selection.prize_eur[points])
    worth = prize / outlook.visit_eur[points]
    optional = np.flatnonzero(prize > 0.0)
    if len(optional) > most:
        best = np.argsort(-worth[optional], kind="stable")[:most]
        optional = optional[best]
    chosen = required.copy()
    chosen[optional] = True
    return points[chosen]


def _by_loads(depot: Depot, roads: Roads, stops: Stops, iterations: int, seed: int) -> Plan | None:
    """Return the day planned load by load, or None where that is not the same day."""
    vehicle = depot.vehicle
    if depot.parts or not unloads_at_home(vehicle):
        return None
    problem = Problem(roads.distance_m, roads.time_s, stops, (one_load(vehicle),))
    plan = solve(problem, seed=seed, iterations=LIGHTER * iterations, checked=False)
    rounds = packed(plan.rounds, load_times_s(problem, plan, vehicle), vehicle)
    return None if rounds is None else replace(plan, rounds=rounds)
