"""One order for the same points: the search must not depend on how a file lists them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.waste.calendar.calendar import Calendar
from models.waste.calendar.inputs import CalendarInputs
from twin.routing.problem import Plan, Round


def canonical_order(inputs: CalendarInputs) -> NDArray[np.int64]:
    """Return the points sorted by what they are: distance from their depot, rate, capacity, ..."""
    here, depot = inputs.location, inputs.depot
    keys = (
        inputs.service_s,
        inputs.cv,
        inputs.capacity_l,
        inputs.rate_l,
        inputs.travel.distance_m[here, depot],
        inputs.travel.distance_m[depot, here],
    )
    return np.lexsort(keys)


def reordered(inputs: CalendarInputs, order: NDArray[np.int64]) -> CalendarInputs:
    """Return the inputs with point `order[k]` as point k."""
    return replace(
        inputs,
        rate_l=inputs.rate_l[order],
        cv=inputs.cv[order],
        capacity_l=inputs.capacity_l[order],
        service_s=inputs.service_s[order],
        location=inputs.location[order],
        depot=inputs.depot[order],
        longest_days=None if inputs.longest_days is None else inputs.longest_days[order],
    )


def restored(calendar: Calendar, order: NDArray[np.int64]) -> Calendar:
    """Return the calendar of reordered inputs in the points' own numbers, `beyond` apart."""
    due = np.empty_like(calendar.due)
    due[:, order] = calendar.due
    longest = np.empty_like(calendar.longest_days)
    longest[order] = calendar.longest_days
    return replace(
        calendar,
        due=due,
        tours=tuple(_renamed(plan, order) for plan in calendar.tours),
        longest_days=longest,
    )


def _renamed(plan: Plan, order: NDArray[np.int64]) -> Plan:
    def name(visit: int) -> int:
        return int(order[visit]) if visit >= 0 else visit

    return replace(
        plan,
        rounds=tuple(Round(r.vehicle, tuple(map(name, r.visits))) for r in plan.rounds),
        left_out=tuple(map(name, plan.left_out)),
        impossible=tuple(map(name, plan.impossible)),
    )
