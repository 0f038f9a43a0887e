"""Give every point its days: from sectors to a searched assignment within the fleet's limits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.waste.calendar.ground import Choice, Ground, choose, gather, most_loads
from models.waste.calendar.inputs import CalendarInputs, Effort, Floats, Ints
from models.waste.calendar.patterns import Patterns
from models.waste.calendar.reach import MOST_NAMED
from models.waste.calendar.rounds import Rounds, empty_rounds
from models.waste.calendar.search import return_point, search
from models.waste.calendar.sectors import giant_tour
from twin.errors import Fault, UnreachableError
from twin.lang import Text
from twin.streams import Streams

BUDGET: dict[Effort, int] = {"quick": 600_000_000, "full": 2_400_000_000}
"""Positions weighed: work, not time, so that a busy machine changes nothing [D]."""
SMALL = 400
"""Points up to which the budget shrinks with their number: fewer need less [D]."""
HOT, COLD = 5.0, 0.04
"""First and last temperature, in mean costs of a visit at the start [D]. A whole point moved shakes
several days, hence far hotter than the rounds of one day: 0.1 and 0.003 end 2 to 5 % dearer."""
ROOM = 1.2
"""Loads a day given at first, in multiples of the tonnage's mean: keeps the days even [D]."""


def assign(
    inputs: CalendarInputs,
    patterns: Patterns,
    longest_days: Ints,
    full: Floats,
    *,
    work_share: float = 1.0,
    numbers: Ints | None = None,
) -> tuple[Rounds, Ground, Choice]:
    """Search the cheapest days and loads; see :class:`CalendarInputs`.

    Parameters
    ----------
    inputs, patterns
        What to plan and the days a point may have.
    longest_days, full
        Longest wait by point, and P(full) by point and days waited.
    work_share
        Share of the working time the loads may take: below 1 to leave the router room.
    numbers
        What messages call the points; their place by default.

    Raises
    ------
    UnreachableError
        Points that no truck can visit within its capacity, working time and count.
    """
    most = most_loads(inputs)
    choice = choose(patterns, longest_days, full, inputs.full_cost)
    loads = _first_loads(inputs, patterns, most)
    while True:
        ground = gather(inputs, loads, work_share=work_share)
        rounds = _start(inputs, ground, choice, len(patterns.working))
        _improve(inputs, ground, choice, rounds)
        absent = np.flatnonzero(rounds.chosen < 0)
        if not absent.size:
            return rounds, ground, choice
        if np.array_equal(loads, most):
            names = np.arange(len(inputs)) if numbers is None else numbers
            raise UnreachableError(
                *(_unserved(int(p), int(names[p]), ground) for p in absent[:MOST_NAMED])
            )
        loads = np.minimum(most, loads + np.maximum(1, loads // 2))


def visit_days(
    rounds: Rounds, choice: Choice, patterns: Patterns, points: int
) -> NDArray[np.bool_]:
    """Return which days of the cycle visit which points, shape (cycle_days, points)."""
    due = np.zeros((patterns.cycle_days, points), dtype=np.bool_)
    for p in range(points):
        days = patterns.sets[int(choice.pattern[int(rounds.chosen[p])])]
        due[list(days), p] = True
    return due


def loads_of_day(rounds: Rounds, ground: Ground, day: int) -> list[tuple[int, list[int]]]:
    """Return the loads of a working day: kind of truck and points in order."""
    each = len(ground.kind)
    found = []
    for s in range(each):
        row = day * each + s
        size = int(rounds.size[row])
        if size:
            found.append((int(ground.kind[s]), [int(p) for p in rounds.stop[row, :size]]))
    return found


def _first_loads(inputs: CalendarInputs, patterns: Patterns, most: Ints) -> Ints:
    """Return loads a day by kind: what each depot's tonnage takes, with some room, at most all."""
    share = patterns.cycle_days / len(patterns.working)
    loads = np.ones_like(most)
    for depot in np.unique(inputs.depot):
        kinds = [k for k, v in enumerate(inputs.vehicles) if v.start == depot]
        a_day = float(inputs.demand()[inputs.depot == depot].sum()) * share
        largest = max(inputs.vehicles[k].capacity for k in kinds) * inputs.load_share
        for k in kinds:
            loads[k] = int(np.ceil(ROOM * a_day / largest))
    return np.minimum(np.maximum(loads, 1), most)


def _start(inputs: CalendarInputs, ground: Ground, choice: Choice, days: int) -> Rounds:
    """Insert the points in the order of a tour through all, each where it costs least."""
    points = len(inputs)
    rounds = empty_rounds(ground, days, _longest_load(inputs, ground, choice))
    cost = np.empty((days, len(ground.kind)))
    where = np.empty(cost.shape, dtype=np.int64)
    rows = np.zeros(days * len(ground.kind), dtype=np.bool_)
    dice = _dice(inputs, "start")
    absent_cost = _absent_cost(ground, choice)
    for p in giant_tour(ground.cost[0], ground.far):
        return_point(ground, choice, rounds, p, cost, where, rows, absent_cost, dice)
    assert rounds.slot.shape[0] == points  # noqa: S101 - one row a point
    return rounds


def _improve(inputs: CalendarInputs, ground: Ground, choice: Choice, rounds: Rounds) -> None:
    visits = int(rounds.size.sum())
    absent_cost = _absent_cost(ground, choice)
    missing = int((rounds.chosen < 0).sum())
    mean = max(float(rounds.value[0]) - missing * absent_cost, 1e-9) / max(visits, 1)
    budget = int(BUDGET[inputs.effort] * min(1.0, len(inputs) / SMALL) ** 1.5)
    copies = (Rounds(*(a.copy() for a in rounds)), Rounds(*(a.copy() for a in rounds)))
    dice = _dice(inputs, "search")
    search(ground, choice, rounds, *copies, absent_cost, HOT * mean, COLD * mean, budget, dice)


def _dice(inputs: CalendarInputs, purpose: str) -> NDArray[np.uint64]:
    key = Streams(inputs.seed, 0).key64("waste", f"calendar {purpose}")
    return np.array([key], dtype=np.uint64)


def _absent_cost(ground: Ground, choice: Choice) -> float:
    """Return a cost above that of visiting any one point alone every day."""
    reach = ground.out + ground.back + ground.serve + ground.fixed[:, None]
    visits = float(np.diff(choice.begin).max())
    return 10.0 * (visits * float(reach.max()) + float(choice.extra.max(initial=0.0)) + 1.0)


def _longest_load(inputs: CalendarInputs, ground: Ground, choice: Choice) -> int:
    """Return the most stops a load can have: every visit takes at least one gap's demand."""
    lightest = float(ground.demand.min()) * float(choice.gap_days.min())
    largest = float(ground.capacity.max())
    if lightest <= 0.0 or largest / lightest > len(inputs):
        return len(inputs)
    return int(largest / lightest) + 1


def _unserved(point: int, number: int, ground: Ground) -> Fault:
    alone_s = np.where(
        ground.serves[:, point],
        ground.out_s[:, point] + ground.back_s[:, point] + ground.service_s[point],
        np.inf,
    )
    too_far = bool((alone_s > ground.work_s).all())
    return Fault(
        key=f"point {number}",
        expected=Text(
            "une tournée qu'un camion du dépôt puisse faire dans sa journée"
            if too_far
            else "de la place dans les tournées du cycle, à la fréquence que demande le risque",
            "a round that a truck of the depot can do in its day"
            if too_far
            else "room in the rounds of the cycle, at the frequency the risk demands",
        ),
        remedy=Text(
            "allongez la journée, ou rattachez le point à un dépôt plus proche"
            if too_far
            else "ajoutez un camion ou un jour travaillé, ou acceptez un risque plus grand",
            "lengthen the day, or give the point to a nearer depot"
            if too_far
            else "add a truck or a working day, or accept a higher risk",
        ),
    )
