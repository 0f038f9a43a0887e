"""A plan checked and priced again, leg by leg, in plain Python: nothing is shared with the search.

Tolerances are those of the search's whole numbers: a billionth of a capacity, a millisecond of
working time.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import NamedTuple

from twin.lang import Text
from twin.routing.problem import Plan, Problem, Round

LOAD_SHARE = 1e-9
WORK_SLACK_S = 1e-3
PRICE_SHARE = 1e-9


class Tally(NamedTuple):
    """What rounds add up to: metres, seconds worked, cost (prizes of stops left out included)."""

    distance_m: float
    time_s: float
    cost: float


def recount(problem: Problem, plan: Plan) -> Tally:
    """Return what the rounds of a plan add up to, whatever the plan says of itself."""
    distance_m = time_s = cost = 0.0
    for one in plan.rounds:
        kind = problem.vehicles[one.vehicle]
        metres, worked = _legs(problem, one)
        distance_m += metres
        time_s += worked
        cost += kind.fixed_cost + kind.cost_per_m * metres + kind.cost_per_s * worked
    held = {stop for one in plan.rounds for stop in one.visits if stop >= 0}
    for stop in range(len(problem.stops)):
        if stop not in held:
            cost += float(problem.stops.prize[stop])
    return Tally(distance_m, time_s, cost)


def faults_of(problem: Problem, plan: Plan) -> list[Text]:
    """Return what is wrong with a plan, nothing if it is sound.

    Every stop is in one round or left out; required stops left out are told impossible, no other
    is; vehicles exist in the number used; loads, working times and skills hold; unloadings happen
    at dumps of the vehicle; the totals are those of the rounds.
    """
    faults: list[Text] = []
    seen: Counter[int] = Counter()
    used: Counter[int] = Counter()
    for number, one in enumerate(plan.rounds):
        if not 0 <= one.vehicle < len(problem.vehicles):
            faults.append(_fault(f"round {number}", "vehicle", one.vehicle))
            continue
        used[one.vehicle] += 1
        seen.update(stop for stop in one.visits if stop >= 0)
        faults += _round_faults(problem, one, f"round {number}")
    for vehicle, count in used.items():
        if count > problem.vehicles[vehicle].count:
            faults.append(_fault(f"vehicle {vehicle}", "count", count))
    seen.update(plan.left_out)
    for stop in range(len(problem.stops)):
        if seen.pop(stop, 0) != 1:
            faults.append(_fault(f"stop {stop}", "once", "no"))
    faults += [_fault(f"stop {stop}", "unknown", stop) for stop in seen]
    required = [stop for stop in plan.left_out if math.isinf(problem.stops.prize[stop])]
    if sorted(required) != sorted(plan.impossible):
        faults.append(_fault("plan", "impossible", plan.impossible))
    if not faults:
        faults += _total_faults(problem, plan)
    return faults


def _legs(problem: Problem, one: Round) -> tuple[float, float]:
    """Return metres and seconds worked of one round."""
    kind = problem.vehicles[one.vehicle]
    here, metres, worked = kind.start, 0.0, 0.0
    for visit in one.visits:
        there = int(problem.stops.location[visit]) if visit >= 0 else ~visit
        metres += float(problem.distance_m[here, there])
        worked += float(problem.time_s[here, there])
        worked += float(problem.stops.service_s[visit]) if visit >= 0 else kind.dump_s
        here = there
    metres += float(problem.distance_m[here, kind.end])
    worked += float(problem.time_s[here, kind.end])
    return metres, worked


def _round_faults(problem: Problem, one: Round, name: str) -> list[Text]:
    kind, stops = problem.vehicles[one.vehicle], problem.stops
    faults: list[Text] = []
    aboard = 0.0
    for visit in one.visits:
        if visit < 0:
            if ~visit not in kind.dumps:
                faults.append(_fault(name, "dump", ~visit))
            aboard = 0.0
            continue
        if visit >= len(stops):
            faults.append(_fault(name, "stop", visit))
            return faults
        aboard += float(stops.demand[visit])
        if aboard > kind.capacity * (1.0 + LOAD_SHARE):
            faults.append(_fault(name, "capacity", aboard))
        if int(stops.skills[visit]) & ~kind.skills:
            faults.append(_fault(name, "skills", int(stops.skills[visit])))
    if kind.ends_empty and one.visits and one.visits[-1] >= 0:
        faults.append(_fault(name, "ends_empty", one.visits[-1]))
    _, worked = _legs(problem, one)
    if worked > kind.work_s + WORK_SLACK_S:
        faults.append(_fault(name, "work_s", worked))
    return faults


def _total_faults(problem: Problem, plan: Plan) -> list[Text]:
    tally = recount(problem, plan)
    told = (plan.distance_m, plan.time_s, plan.cost)
    return [
        _fault("plan", key, value)
        for key, value, counted in zip(Tally._fields, told, tally, strict=True)
        if not math.isclose(value, counted, rel_tol=PRICE_SHARE, abs_tol=PRICE_SHARE)
    ]


def _fault(where: str, what: str, value: object) -> Text:
    return Text(
        f"{where} : {what} = {value}, contrainte violée", f"{where}: {what} = {value} fails"
    )
