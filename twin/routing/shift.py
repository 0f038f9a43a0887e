"""Shifts with breaks at fixed clock times: the work they leave, and when a round is where.

A break is due at a clock time and taken at the first boundary between two stops from then on:
before leaving, or after a stop or an unloading. Breaks due before the shift begins are not taken.
Two breaks of 30 min at 10:00 and 12:00: Groningen's crews (arXiv 2409.13386) [V].
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text
from twin.routing.problem import Problem, Round

Break = tuple[float, float]
"""Clock time from which it is due, and its length, seconds."""


@dataclass(frozen=True, eq=False)
class Timetable:
    """When a round is where, in seconds on the clock of `start_s`.

    Attributes
    ----------
    arrival_s
        Shape (visits,): arrival at each stop or unloading.
    home_s
        Arrival at the end.
    break_s
        When each break taken began.
    """

    arrival_s: NDArray[np.float64]
    home_s: float
    break_s: tuple[float, ...]


def working_time_s(start_s: float, end_s: float, breaks: Sequence[Break] = ()) -> float:
    """Return the working time that a shift leaves when its breaks are taken, seconds.

    Breaks that begin before the end of the shift are taken, each when due or when the one before
    is over; what falls after the end costs nothing. A round that works no longer than this, with
    breaks at boundaries as :func:`timetable` takes them, is home by `end_s`.

    Raises
    ------
    InputError
        A time is not finite, a break has a negative length, or the shift ends before it begins.
    """
    _check(breaks, start_s=start_s, end_s=end_s)
    if end_s < start_s:
        expected = Text("une fin après le début", "an end after the start")
        remedy = Text("corrigez les horaires", "correct the hours")
        raise InputError(Fault(expected, remedy, key="end_s", value=f"{end_s:g}"))
    now_s, worked_s = start_s, 0.0
    for due_s, length_s in _due(breaks, start_s):
        begins_s = max(due_s, now_s)
        if begins_s >= end_s:
            break
        worked_s += begins_s - now_s
        now_s = begins_s + length_s
    return worked_s + max(end_s - now_s, 0.0)


def timetable(
    problem: Problem, one: Round, start_s: float, breaks: Sequence[Break] = ()
) -> Timetable:
    """Return the arrivals of a round that leaves at `start_s`.

    Raises
    ------
    InputError
        A time is not finite or a break has a negative length.
    """
    _check(breaks, start_s=start_s)
    kind, stops = problem.vehicles[one.vehicle], problem.stops
    waiting = list(_due(breaks, start_s))
    taken: list[float] = []
    arrival_s = np.empty(len(one.visits))
    here, now_s = kind.start, start_s
    for position, visit in enumerate(one.visits):
        now_s = _rest(now_s, waiting, taken)
        there = int(stops.location[visit]) if visit >= 0 else ~visit
        now_s += float(problem.time_s[here, there])
        arrival_s[position] = now_s
        now_s += float(stops.service_s[visit]) if visit >= 0 else kind.dump_s
        here = there
    if one.visits:
        now_s = _rest(now_s, waiting, taken)
    home_s = now_s + float(problem.time_s[here, kind.end])
    return Timetable(arrival_s, home_s, tuple(taken))


def _rest(now_s: float, waiting: list[Break], taken: list[float]) -> float:
    """Return the time after the breaks that are due now."""
    while waiting and waiting[0][0] <= now_s:
        taken.append(now_s)
        now_s += waiting.pop(0)[1]
    return now_s


def _due(breaks: Sequence[Break], start_s: float) -> list[Break]:
    """Return the breaks due in the shift, in order."""
    return sorted(one for one in breaks if one[0] >= start_s)


def _check(breaks: Sequence[Break], **times_s: float) -> None:
    remedy = Text("corrigez les horaires", "correct the hours")
    finite = Text("un nombre fini de secondes", "a finite number of seconds")
    for key, value in times_s.items():
        if not math.isfinite(value):
            raise InputError(Fault(finite, remedy, key=key, value=f"{value:g}"))
    for number, (due_s, length_s) in enumerate(breaks):
        if not math.isfinite(due_s) or not 0.0 <= length_s < math.inf:
            expected = Text("une heure et une durée positive", "a time and a length, zero or more")
            met = f"({due_s:g}, {length_s:g})"
            raise InputError(Fault(expected, remedy, key=f"breaks, row {number}", value=met))
