"""A fixed calendar: which points are due on each day of a cycle, and the rounds that visit them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.waste.calendar.demand import full_by_day
from models.waste.calendar.inputs import CalendarInputs
from models.waste.calendar.patterns import gaps_days
from twin.routing.problem import Plan

YEAR_DAYS = 365.0
SECONDS_AN_HOUR = 3_600.0


@dataclass(frozen=True)
class Yearly:
    """What a calendar takes in a year of 365 days, public holidays worked.

    `full_visits` is the expected number of visits that find a point full, `tours` the number of
    rounds, `busiest` and `quietest` the hours worked on the extreme working days of the cycle.
    """

    distance_km: float
    work_h: float
    visits: float
    tours: float
    cost: float
    full_visits: float
    busiest_h: float
    quietest_h: float


@dataclass(frozen=True, eq=False)
class Calendar:
    """A calendar that repeats for ever.

    Attributes
    ----------
    first_weekday : int
        Weekday of day 0 of the cycle, 0 is Monday.
    cycle_days : int
        Length of the cycle, a multiple of 7.
    weekdays : tuple of int
        Weekdays worked.
    due : NDArray[np.bool_]
        Shape (cycle_days, points).
    tours : tuple of Plan
        One plan a day of the cycle; visits are indices of points, `vehicle` an index of the
        inputs' vehicles, `~location` an unloading there. All depots together.
    longest_days : NDArray[np.int64]
        Shape (points,): the wait each point was promised not to exceed.
    beyond : NDArray[np.int64]
        Points that no calendar on these weekdays serves at the risk asked; their `longest_days`
        is the smallest worst gap there is.
    """

    first_weekday: int
    cycle_days: int
    weekdays: tuple[int, ...]
    due: NDArray[np.bool_]
    tours: tuple[Plan, ...]
    longest_days: NDArray[np.int64]
    beyond: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of points."""
        return int(self.due.shape[1])

    def due_on(self, day_index: int) -> NDArray[np.int64]:
        """Return the points due on a day, counted from the first day of a cycle, ascending."""
        return np.flatnonzero(self.due[day_index % self.cycle_days])

    def due_between(self, first_day: int, last_day: int) -> NDArray[np.bool_]:
        """Return which points are due on at least one of the days, ends included."""
        days = np.arange(first_day, last_day + 1) % self.cycle_days
        return np.asarray(self.due[days].any(axis=0), dtype=np.bool_)

    def tours_on(self, day_index: int) -> Plan:
        """Return the rounds of a day, counted from the first day of a cycle."""
        return self.tours[day_index % self.cycle_days]

    @cached_property
    def waits_days(self) -> tuple[NDArray[np.int64], ...]:
        """How long each visit of each point has waited since the one before."""
        return tuple(
            gaps_days(tuple(np.flatnonzero(self.due[:, p])), self.cycle_days)
            for p in range(len(self))
        )

    @property
    def worst_gap_days(self) -> NDArray[np.int64]:
        """Longest wait of each point, shape (points,)."""
        return np.array([gaps.max() for gaps in self.waits_days], dtype=np.int64)

    def yearly(self, inputs: CalendarInputs) -> Yearly:
        """Return what the calendar takes in a year; `inputs` give the rates and working hours."""
        cycles = YEAR_DAYS / self.cycle_days
        full = full_by_day(
            self.cycle_days,
            inputs.rate_l,
            inputs.cv,
            inputs.capacity_l,
            rate_sd=inputs.rate_sd,
            correlation=inputs.correlation,
        )
        late = sum(float(full[p, gaps].sum()) for p, gaps in enumerate(self.waits_days))
        hours = np.array([plan.time_s for plan in self.tours]) / SECONDS_AN_HOUR
        worked = [
            hours[day]
            for day in range(self.cycle_days)
            if (self.first_weekday + day) % 7 in self.weekdays
        ]
        return Yearly(
            distance_km=cycles * float(sum(plan.distance_m for plan in self.tours)) / 1e3,
            work_h=cycles * float(hours.sum()),
            visits=cycles * float(self.due.sum()),
            tours=cycles * sum(len(plan.rounds) for plan in self.tours),
            cost=cycles * float(sum(plan.cost for plan in self.tours)),
            full_visits=cycles * late,
            busiest_h=float(max(worked)),
            quietest_h=float(min(worked)),
        )
