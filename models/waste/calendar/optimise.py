"""The optimised fixed calendar: the strongest that rates, roads and an accepted risk allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.waste.calendar.assign import assign, loads_of_day, visit_days
from models.waste.calendar.calendar import Calendar
from models.waste.calendar.canonical import canonical_order, reordered, restored
from models.waste.calendar.day_rounds import NOTHING, Load, day_rounds
from models.waste.calendar.inputs import CalendarInputs, Effort, Floats, Ints
from models.waste.calendar.patterns import Patterns, gaps_days, regular_patterns
from models.waste.calendar.reach import Reach, reach
from twin.errors import Fault, UnreachableError
from twin.lang import Text
from twin.routing.problem import Plan

ROUTER_ITERATIONS: dict[Effort, int] = {"quick": 1_000, "full": 10_000}
TIGHTENED = (1.0, 0.93, 0.85, 0.75)
"""Shares of the working time the search may fill, until every day's loads pack into shifts."""


def optimise(inputs: CalendarInputs) -> Calendar:
    """Return a calendar of few kilometres and hours that keeps every point's risk.

    A point's longest wait follows from the risk; the search then gives each point a regular set of
    days within it, so that the points of a day lie together and fill the trucks; the router makes
    each day's rounds. The same inputs give the same calendar, whatever the order of the points.

    Raises
    ------
    InputError
        Inputs out of range.
    UnreachableError
        Points that fill too fast (with `strict`), or that the fleet cannot visit.
    """
    inputs.check()
    patterns = regular_patterns(
        inputs.cycle_weeks,
        inputs.weekdays,
        first_weekday=inputs.first_weekday,
        slack_days=inputs.slack_days,
    )
    promised = reach(inputs, patterns)
    order = canonical_order(inputs)
    own = Reach(promised.full[order], promised.longest_days[order], promised.beyond)
    found = _optimised(reordered(inputs, order), patterns, own, order)
    return replace(restored(found, order), beyond=promised.beyond)


def expected_demand(inputs: CalendarInputs, due: np.ndarray) -> Floats:
    """Return what each visit finds on average, shape (cycle_days, points), 0 where none is due."""
    demand = np.zeros(due.shape)
    daily = inputs.demand()
    for p in range(due.shape[1]):
        days = np.flatnonzero(due[:, p])
        demand[days, p] = daily[p] * gaps_days(tuple(days), len(due))
    return demand


def _optimised(
    inputs: CalendarInputs, patterns: Patterns, promised: Reach, numbers: Ints
) -> Calendar:
    plans: tuple[Plan, ...] = ()
    for share in TIGHTENED:
        rounds, ground, choice = assign(
            inputs,
            patterns,
            promised.longest_days,
            promised.full,
            work_share=share,
            numbers=numbers,
        )
        due = visit_days(rounds, choice, patterns, len(inputs))
        starts: dict[int, Sequence[Load]] = {
            int(day): loads_of_day(rounds, ground, row) for row, day in enumerate(patterns.working)
        }
        plans = plan_days(inputs, due, starts)
        if not any(plan.impossible for plan in plans):
            return Calendar(
                first_weekday=inputs.first_weekday,
                cycle_days=patterns.cycle_days,
                weekdays=tuple(sorted(set(inputs.weekdays))),
                due=due,
                tours=plans,
                longest_days=promised.longest_days,
                beyond=promised.beyond,
            )
    raise _overfull(plans)


def plan_days(
    inputs: CalendarInputs, due: np.ndarray, starts: Mapping[int, Sequence[Load]]
) -> tuple[Plan, ...]:
    """Return the rounds of every day of the cycle, begun from `starts` where it has the day."""
    demand = expected_demand(inputs, due)
    plans = []
    for day, row in enumerate(due):
        points = np.flatnonzero(row)
        plans.append(
            day_rounds(
                inputs,
                points,
                demand[day, points],
                iterations=ROUTER_ITERATIONS[inputs.effort],
                start=starts.get(day, ()),
            )
            if points.size
            else NOTHING
        )
    return tuple(plans)


def _overfull(plans: tuple[Plan, ...]) -> UnreachableError:
    days = [day for day, plan in enumerate(plans) if plan.impossible]
    return UnreachableError(
        Fault(
            key="vehicles",
            value=", ".join(map(str, days[:10])),
            expected=Text(
                "assez de camions et d'heures pour les tournées de ces jours du cycle",
                "trucks and hours enough for the rounds of these days of the cycle",
            ),
            remedy=Text(
                "ajoutez un camion, des heures ou un jour travaillé, ou acceptez plus de risque",
                "add a truck, hours or a working day, or accept more risk",
            ),
        )
    )
