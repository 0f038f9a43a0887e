"""Today's calendar: sectors visited in turn, every point as often as every other, or in two groups.

The baseline of the study. Sectors are stretches of one tour through the points (see
:mod:`models.waste.calendar.sectors`), one for each set of days a rhythm allows; the router makes
the rounds of each day, so that only the choice of days differs from the optimised calendar.
"""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np

from models.waste.calendar.calendar import Calendar
from models.waste.calendar.inputs import CalendarInputs, Ints
from models.waste.calendar.optimise import plan_days
from models.waste.calendar.patterns import DaySet, Patterns, regular_patterns
from models.waste.calendar.reach import Reach, reach
from models.waste.calendar.sectors import cut, giant_tour
from twin.errors import Fault, InputError, UnreachableError
from twin.lang import Text


def current_calendar(
    inputs: CalendarInputs, *, groups: int = 1, visits: tuple[int, ...] | None = None
) -> Calendar:
    """Return a calendar of one or two frequencies, sectors in turn.

    Parameters
    ----------
    inputs
        As for the optimised calendar.
    groups
        Number of frequencies, 1 or 2, chosen to visit least at the risk.
    visits
        Visits a cycle of each group instead, rarest first: what is done today, whatever the risk.
        A point goes to the rarest group its risk allows, else to the most frequent one.

    Raises
    ------
    InputError
        Inputs out of range, or a rhythm the cycle has no regular days for.
    UnreachableError
        Points that fill too fast (with `strict`), or days that the fleet cannot do.
    """
    inputs.check()
    patterns = regular_patterns(
        inputs.cycle_weeks, inputs.weekdays, first_weekday=inputs.first_weekday, slack_days=0
    )
    promised = reach(inputs, patterns)
    rhythms = sorted(set(visits) if visits else _fewest(patterns, promised, groups))
    group = _groups(patterns, promised, rhythms)
    due = np.zeros((patterns.cycle_days, len(inputs)), dtype=np.bool_)
    for depot in np.unique(inputs.depot):
        for k, rhythm in enumerate(rhythms):
            own = np.flatnonzero((inputs.depot == depot) & (group == k))
            if own.size:
                _turns(inputs, own, int(depot), _phases(patterns, rhythm), due)
    plans = plan_days(inputs, due, {})
    if any(plan.impossible for plan in plans):
        raise UnreachableError(
            Fault(
                key="vehicles",
                expected=Text(
                    "assez de camions et d'heures pour ce calendrier",
                    "trucks and hours enough for this calendar",
                ),
                remedy=Text("ajoutez un camion ou des heures", "add a truck or hours"),
            )
        )
    worst = np.array([_worst(patterns, r) for r in rhythms])[group]
    return Calendar(
        first_weekday=inputs.first_weekday,
        cycle_days=patterns.cycle_days,
        weekdays=tuple(sorted(set(inputs.weekdays))),
        due=due,
        tours=plans,
        longest_days=worst if visits else promised.longest_days,
        beyond=promised.beyond,
    )


def _worst(patterns: Patterns, rhythm: int) -> int:
    return int(patterns.worst_gap_days[patterns.visits == rhythm].min())


def _fewest(patterns: Patterns, promised: Reach, groups: int) -> tuple[int, ...]:
    """Return the rhythms that keep every promise with the fewest visits in all."""
    all_rhythms = sorted({int(v) for v in patterns.visits})
    best: tuple[int, ...] = (all_rhythms[-1],)
    least = np.inf
    for rhythms in combinations_with_replacement(all_rhythms, groups):
        if _worst(patterns, rhythms[-1]) > promised.longest_days.min():
            continue
        total = float(np.array(rhythms)[_groups(patterns, promised, list(rhythms))].sum())
        if total < least:
            best, least = rhythms, total
    return best


def _groups(patterns: Patterns, promised: Reach, rhythms: list[int]) -> Ints:
    """Return each point's group: the rarest rhythm its promise allows, else the most frequent."""
    known = sorted({int(v) for v in patterns.visits})
    unknown = set(rhythms) - set(known)
    if unknown or not rhythms:
        raise InputError(
            Fault(
                key="visits",
                value=str(sorted(unknown)),
                expected=Text(
                    f"un nombre de visites par cycle parmi {known}",
                    f"a number of visits a cycle among {known}",
                ),
                remedy=Text("changez le nombre ou le cycle", "change the number or the cycle"),
            )
        )
    group = np.full(len(promised.longest_days), len(rhythms) - 1, dtype=np.int64)
    for k in range(len(rhythms) - 1, -1, -1):
        group[_worst(patterns, rhythms[k]) <= promised.longest_days] = k
    return group


def _phases(patterns: Patterns, rhythm: int) -> list[DaySet]:
    """Return the most regular day sets of a rhythm, without overlap while days are left.

    Sets that share no day keep the days even: with two visits a week Monday-Thursday and
    Tuesday-Friday.
    """
    worst = _worst(patterns, rhythm)
    taken: set[int] = set()
    kept = []
    for days, longest in zip(patterns.sets, patterns.worst_gap_days, strict=True):
        if len(days) == rhythm and longest == worst and not taken & set(days):
            kept.append(days)
            taken |= set(days)
    return kept


def _turns(
    inputs: CalendarInputs, own: Ints, depot: int, phases: list[DaySet], due: np.ndarray
) -> None:
    """Give each point of `own` the days of its sector."""
    where = inputs.location[own]
    distance_m = inputs.travel.distance_m
    order = giant_tour(distance_m[np.ix_(where, where)], distance_m[depot, where])
    sector = cut(order, inputs.demand()[own], len(phases))
    for k, point in enumerate(own):
        due[list(phases[sector[k]]), point] = True
