"""Which days of a cycle a point may be visited: regularly spaced sets of working days."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text

DaySet: TypeAlias = tuple[int, ...]

WEEK = 7
MOST_WEEKS = 8
DENSEST_DAYS = 4.5
"""Mean gap below which sets repeat every week: those are fine enough there, and others explode."""
FEW_WEEKS = 2
MOST_SETS = 200
"""Sets kept of one rhythm, evenly thinned beyond: more add planning time and no kilometre [D]."""


@dataclass(frozen=True, eq=False)
class Patterns:
    """Sets of visit days in a cycle, ordered by number of visits.

    Attributes
    ----------
    cycle_days : int
        Length of the cycle, a multiple of 7.
    working : NDArray[np.int64]
        The working days of the cycle, in order.
    sets : tuple of tuple of int
        Days of the cycle of each pattern, ascending.
    worst_gap_days : NDArray[np.int64]
        Longest wait of each pattern, weekends included.
    """

    cycle_days: int
    working: NDArray[np.int64]
    sets: tuple[DaySet, ...]
    worst_gap_days: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of patterns."""
        return len(self.sets)

    @property
    def visits(self) -> NDArray[np.int64]:
        """Number of visits of each pattern in a cycle."""
        return np.array([len(days) for days in self.sets], dtype=np.int64)


def gaps_days(days: DaySet, cycle_days: int) -> NDArray[np.int64]:
    """Return how long each visit of a cyclic set has waited since the one before."""
    array = np.asarray(days, dtype=np.int64)
    return np.diff(array, prepend=array[-1] - cycle_days)


def working_days(cycle_weeks: int, weekdays: tuple[int, ...], first_weekday: int) -> DaySet:
    """Return the days of the cycle that fall on `weekdays` (0 is Monday).

    Raises
    ------
    InputError
        The cycle is not of 1 to 8 weeks, or no weekday or an unknown one is worked.
    """
    faults = []
    if not 1 <= cycle_weeks <= MOST_WEEKS:
        faults.append(
            Fault(
                key="cycle_weeks",
                value=str(cycle_weeks),
                expected=Text(f"1 à {MOST_WEEKS} semaines", f"1 to {MOST_WEEKS} weeks"),
                remedy=Text("4 convient à presque tout", "4 suits nearly everything"),
            )
        )
    if not weekdays or not set(weekdays) | {first_weekday} <= set(range(WEEK)):
        faults.append(
            Fault(
                key="weekdays",
                value=f"{weekdays}, {first_weekday}",
                expected=Text("des jours de 0 (lundi) à 6", "days from 0 (Monday) to 6"),
                remedy=Text("(0, 1, 2, 3, 4) : du lundi au vendredi", "(0, 1, 2, 3, 4): weekdays"),
            )
        )
    if faults:
        raise InputError(*faults)
    days = range(WEEK * cycle_weeks)
    return tuple(day for day in days if (first_weekday + day) % WEEK in weekdays)


def regular_patterns(
    cycle_weeks: int,
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4),
    *,
    first_weekday: int = 0,
    slack_days: int = 1,
) -> Patterns:
    """Return the regularly spaced patterns of a cycle.

    For every part of m weeks that divides the cycle and every number n of visits in it (without a
    common divisor: that is a shorter part), the sets of n working days whose worst gap is at most
    `slack_days` above the least possible, repeated to fill the cycle: twice a week, 3 times in 2
    weeks, once a week, 3 times in 4 weeks, every other week, ...

    Raises
    ------
    InputError
        As :func:`working_days`.
    """
    worked = working_days(cycle_weeks, weekdays, first_weekday)
    cycle = WEEK * cycle_weeks
    found: set[DaySet] = set()
    for weeks in (m for m in range(1, cycle_weeks + 1) if cycle_weeks % m == 0):
        part = WEEK * weeks
        days = tuple(day for day in worked if day < part)
        most = len(days) if weeks == 1 else min(len(days), int(part / DENSEST_DAYS))
        for visits in (n for n in range(1, most + 1) if gcd(n, weeks) == 1):
            # Denser than weekly over many weeks, the choice is wide enough without any slack.
            slack = slack_days if weeks <= FEW_WEEKS or visits <= weeks else 0
            for one in _spaced(days, part, visits, slack):
                starts = range(0, cycle, part)
                found.add(tuple(start + day for start in starts for day in one))
    sets = tuple(sorted(found, key=lambda days: (len(days), days)))
    worst = np.array([gaps_days(days, cycle).max() for days in sets], dtype=np.int64)
    return Patterns(cycle, np.array(worked, dtype=np.int64), sets, worst)


def _spaced(days: DaySet, cycle: int, visits: int, slack: int) -> list[DaySet]:
    """Return the sets of `visits` days whose worst gap is the least possible, or `slack` more."""
    for worst in range(-(-cycle // visits), cycle + 1):
        if _sets(days, cycle, visits, 1, worst):
            # Short gaps beside long ones are no regular service; weekly sets have few to begin with
            least = 1 if cycle == WEEK else max(1, cycle // visits - 1 - slack)
            found = _sets(days, cycle, visits, least, worst + slack)
            if len(found) > MOST_SETS:
                found = _sets(days, cycle, visits, least, worst)
            kept = np.linspace(0, len(found) - 1, min(MOST_SETS, len(found))).astype(np.int64)
            return [found[k] for k in kept]
    return []


def _sets(days: DaySet, cycle: int, visits: int, least: int, worst: int) -> list[DaySet]:
    """Return the cyclic sets of `visits` of `days` with every gap within [least, worst]."""
    partial: list[DaySet] = [(day,) for day in days if day < worst]
    for left in range(visits - 1, 0, -1):
        partial = [
            (*chosen, day)
            for chosen in partial
            for day in days
            if least <= day - chosen[-1] <= worst
            # What is still to come must be able to close the circle.
            and cycle + chosen[0] - day <= left * worst
        ]
    return [chosen for chosen in partial if least <= cycle + chosen[0] - chosen[-1] <= worst]
