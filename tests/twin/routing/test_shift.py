"""Shifts with breaks, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.twin.routing.tiny_days import stops_at
from twin.errors import InputError
from twin.routing.problem import Problem, Round, Vehicle
from twin.routing.shift import timetable, working_time_s

HOUR_S = 3_600.0
GRONINGEN = ((10 * HOUR_S, 1_800.0), (12 * HOUR_S, 1_800.0))


@pytest.mark.parametrize(
    ("start_h", "end_h", "hours"),
    [
        (7.0, 13.0, 5.0),  # both breaks whole
        (7.0, 12.0, 4.5),  # the second is not due before the end
        (7.0, 12.25, 4.5),  # it is, and takes the rest of the shift
        (7.0, 10.0, 3.0),
        (10.25, 13.0, 2.25),  # the first fell before the shift
        (8.0, 8.0, 0.0),
    ],
)
def test_what_a_shift_leaves(start_h: float, end_h: float, hours: float) -> None:
    """Groningen's two breaks (10:00 and 12:00, 30 min) leave what is counted by hand."""
    left_s = working_time_s(start_h * HOUR_S, end_h * HOUR_S, GRONINGEN)
    assert left_s == pytest.approx(hours * HOUR_S)


def test_a_break_waits_for_the_end_of_the_stop() -> None:
    """Due during a drive, a break is taken after the stop it leads to, and shifts what follows."""
    time_s = np.abs(np.subtract.outer(np.arange(3.0), np.arange(3.0))) * 600.0
    stops = stops_at([1, 2], [1.0, 1.0], service_s=[300.0, 300.0])
    kind = Vehicle(0, 0, 1, 9.0, dumps=(0,), dump_s=120.0)
    problem = Problem(time_s, time_s, stops, (kind,))
    times = timetable(problem, Round(0, (0, 1, ~0)), 1_000.0, ((1_100.0, 60.0), (9_000.0, 60.0)))
    # 1,000 leave; 1,600 first stop; 1,900 break; 1,960 leave; 2,560; 2,860 leave; 4,060 dump.
    assert times.arrival_s.tolist() == [1_600.0, 2_560.0, 4_060.0]
    assert times.break_s == (1_900.0,)
    assert times.home_s == 4_180.0


@pytest.mark.parametrize(
    ("start_s", "end_s", "breaks"),
    [(0.0, math.nan, ()), (5.0, 4.0, ()), (0.0, 9.0, ((1.0, -1.0),)), (0.0, 9.0, ((math.inf, 1),))],
)
def test_hours_without_meaning_are_refused(
    start_s: float, end_s: float, breaks: tuple[tuple[float, float], ...]
) -> None:
    """Hours that are not numbers, ends before beginnings and negative breaks are refused."""
    with pytest.raises(InputError):
        working_time_s(start_s, end_s, breaks)
