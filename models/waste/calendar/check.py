"""An independent check of a calendar: gaps, working days, rounds that fit their trucks.

It shares no code with the search: every figure is worked out again from the inputs, visit by visit.
"""

from __future__ import annotations

import numpy as np

from models.waste.calendar.calendar import Calendar
from models.waste.calendar.inputs import CalendarInputs
from twin.errors import Fault, InputError
from twin.lang import Text, same
from twin.routing.problem import Plan, Round

TOLERANCE = 1e-6
"""Relative, for sums made in another order."""


def check_calendar(calendar: Calendar, inputs: CalendarInputs) -> None:
    """Raise one InputError with every promise the calendar breaks.

    Each point's worst gap is within its `longest_days`; only working days have visits; what is due
    on a day is what its rounds visit, once; each round starts from the depot of its points, keeps
    within capacity between unloadings and within the working time; no more trucks go out than
    there are.
    """
    faults = [*_gaps(calendar), *_days(calendar)]
    for day in range(calendar.cycle_days):
        faults.extend(_day(calendar, inputs, day))
    if faults:
        raise InputError(*faults)


def _fault(key: str, value: object, fr: str, en: str) -> Fault:
    remedy = Text("refaites le calendrier", "make the calendar again")
    return Fault(key=key, value=str(value), expected=Text(fr, en), remedy=remedy)


def _waits(calendar: Calendar, point: int) -> list[int]:
    """Return how many days each visit has waited, walking backwards day by day."""
    waits = []
    for day in range(calendar.cycle_days):
        if calendar.due[day, point]:
            wait = 1
            while not calendar.due[(day - wait) % calendar.cycle_days, point]:
                wait += 1
            waits.append(wait)
    return waits


def _gaps(calendar: Calendar) -> list[Fault]:
    faults = []
    for point in range(len(calendar)):
        waits = _waits(calendar, point)
        longest = int(calendar.longest_days[point])
        if not waits or max(waits) > longest:
            faults.append(
                _fault(
                    f"point {point}",
                    max(waits, default=0),
                    f"visité, et au moins tous les {longest} jours",
                    f"visited, and at least every {longest} days",
                )
            )
    return faults


def _days(calendar: Calendar) -> list[Fault]:
    return [
        _fault(
            f"day {day}", int(calendar.due[day].sum()), "un jour non travaillé", "a day off: none"
        )
        for day in range(calendar.cycle_days)
        if (calendar.first_weekday + day) % 7 not in calendar.weekdays and calendar.due[day].any()
    ]


def _day(calendar: Calendar, inputs: CalendarInputs, day: int) -> list[Fault]:
    plan = calendar.tours[day]
    visited = sorted(v for r in plan.rounds for v in r.visits if v >= 0)
    due = np.flatnonzero(calendar.due[day]).tolist()
    faults = []
    if visited != due:
        wrong = sorted(set(visited) ^ set(due))
        faults.append(
            _fault(
                f"day {day}", wrong, "les points dus, une fois chacun", "the due points, once each"
            )
        )
        return faults
    for kind, vehicle in enumerate(inputs.vehicles):
        used = sum(r.vehicle == kind for r in plan.rounds)
        if used > vehicle.count:
            faults.append(
                Fault(
                    key=f"day {day}, vehicle {kind}",
                    value=str(used),
                    expected=same(f"<= {vehicle.count}"),
                    remedy=Text("ajoutez un camion", "add a truck"),
                )
            )
    metres = 0.0
    for number, one in enumerate(plan.rounds):
        length_m, wrong_round = _round(calendar, inputs, day, one, f"day {day}, round {number}")
        metres += length_m
        faults.extend(wrong_round)
    faults.extend(_length(plan, metres, day))
    return faults


def _length(plan: Plan, metres: float, day: int) -> list[Fault]:
    if abs(metres - plan.distance_m) <= TOLERANCE * max(metres, 1.0):
        return []
    return [_fault(f"day {day}", plan.distance_m, f"{metres:g} m", f"{metres:g} m")]


def _round(
    calendar: Calendar, inputs: CalendarInputs, day: int, one: Round, key: str
) -> tuple[float, list[Fault]]:
    """Drive one round; return its length and what is wrong with it."""
    vehicle = inputs.vehicles[one.vehicle]
    daily = inputs.rate_l * inputs.demand_per_l
    faults = []
    here, metres, seconds, aboard, most = vehicle.start, 0.0, 0.0, 0.0, 0.0
    for visit in one.visits:
        there = int(inputs.location[visit]) if visit >= 0 else ~visit
        metres += float(inputs.travel.distance_m[here, there])
        seconds += float(inputs.travel.time_s[here, there])
        here = there
        if visit < 0:
            seconds += vehicle.dump_s
            aboard = 0.0
            continue
        seconds += float(inputs.service_s[visit])
        wait = 1
        while not calendar.due[(day - wait) % calendar.cycle_days, visit]:
            wait += 1
        aboard += float(daily[visit]) * wait
        most = max(most, aboard)
        if inputs.depot[visit] != vehicle.start:
            faults.append(_fault(key, visit, "un point de ce dépôt", "a point of this depot"))
    metres += float(inputs.travel.distance_m[here, vehicle.end])
    seconds += float(inputs.travel.time_s[here, vehicle.end])
    room = vehicle.capacity * inputs.load_share
    if most > room * (1.0 + TOLERANCE):
        faults.append(_fault(key, f"{most:g}", f"<= {room:g}", f"<= {room:g}"))
    if seconds > vehicle.work_s * (1.0 + TOLERANCE):
        limit = f"<= {vehicle.work_s:g} s"
        faults.append(_fault(key, f"{seconds:g} s", limit, limit))
    return metres, faults
