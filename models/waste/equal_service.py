"""How long each point may wait in a calendar that leaves as many points full as today's does.

A calendar that visits less and overflows more is no better one. So each point gets the rhythm that
is cheapest at one price of a full day, the same for all, and the price is the one at which the
expected number of full days is today's (Lagrange: no other waits of that service cost less in
visits). Days are counted, not visits that find a point full: of those a neglected point has few.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.waste.calendar.calendar import Calendar
from models.waste.calendar.demand import full_by_day
from models.waste.calendar.inputs import CalendarInputs
from models.waste.calendar.patterns import Patterns, gaps_days, regular_patterns

Floats = NDArray[np.float64]
DAYS_A_YEAR = 365.0
LEAST_EUR, MOST_EUR = 0.01, 1e5
STEPS = 40


class Waits(NamedTuple):
    """The longest wait of each point, shape (points,), and the price of a full day behind it."""

    longest_days: NDArray[np.int64]
    full_day_eur: float


class Rhythms(NamedTuple):
    """What each rhythm means for each point, a year: arrays of shape (rhythms,) or as said.

    `visits`; `worst_gap_days`; `full_days`, expected days it is full, shape (points, rhythms).
    """

    visits: Floats
    worst_gap_days: NDArray[np.int64]
    full_days: Floats


def equal_waits(inputs: CalendarInputs, visit_eur: Floats, full_days: float) -> Waits:
    """Return the cheapest waits with no more than `full_days` expected a year, if there are any.

    Parameters
    ----------
    inputs
        What the calendar is made from; its risk is not asked.
    visit_eur
        What a visit of each point costs, shape (points,).
    full_days
        Days that points are full under today's calendar, a year: see :func:`yearly_full_days`.
    """
    rhythms = rhythms_of(inputs)
    low, high = np.log(LEAST_EUR), np.log(MOST_EUR)
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        chosen = _cheapest(rhythms, visit_eur, float(np.exp(middle)))
        late = float(rhythms.full_days[np.arange(len(chosen)), chosen].sum())
        low, high = (low, middle) if late <= full_days else (middle, high)
    price_eur = float(np.exp(high))
    chosen = _cheapest(rhythms, visit_eur, price_eur)
    return Waits(rhythms.worst_gap_days[chosen], price_eur)


def rhythms_of(inputs: CalendarInputs) -> Rhythms:
    """Return every rhythm the cycle allows, each by the pattern of its least worst gap."""
    patterns = regular_patterns(
        inputs.cycle_weeks,
        inputs.weekdays,
        first_weekday=inputs.first_weekday,
        slack_days=inputs.slack_days,
    )
    full = _full_days(inputs, patterns.cycle_days)
    cycles = DAYS_A_YEAR / patterns.cycle_days
    best = _one_a_rhythm(patterns)
    gaps = [gaps_days(patterns.sets[pattern], patterns.cycle_days) for pattern in best]
    return Rhythms(
        np.asarray(cycles * patterns.visits[best], dtype=np.float64),
        patterns.worst_gap_days[best],
        cycles * np.stack([full[:, each].sum(axis=1) for each in gaps], axis=1),
    )


def yearly_full_days(inputs: CalendarInputs, calendar: Calendar) -> float:
    """Return the days a year that points are expected to be full under a calendar."""
    full = _full_days(inputs, calendar.cycle_days)
    days = sum(float(full[point, gaps].sum()) for point, gaps in enumerate(calendar.waits_days))
    return days * DAYS_A_YEAR / calendar.cycle_days


def _full_days(inputs: CalendarInputs, most_days: int) -> Floats:
    """Return the days full of a wait, by point and length of the wait, (points, most_days + 1)."""
    full = full_by_day(
        most_days,
        inputs.rate_l,
        inputs.cv,
        inputs.capacity_l,
        rate_sd=inputs.rate_sd,
        correlation=inputs.correlation,
    )
    # On day t of a wait the point is full from some time of it on: half a day for the first.
    return np.asarray(np.cumsum(full, axis=1) - 0.5 * full, dtype=np.float64)


def _one_a_rhythm(patterns: Patterns) -> NDArray[np.int64]:
    order = np.lexsort((patterns.worst_gap_days, patterns.visits))
    first = np.unique(patterns.visits[order], return_index=True)[1]
    return np.asarray(order[first], dtype=np.int64)


def _cheapest(rhythms: Rhythms, visit_eur: Floats, full_day_eur: float) -> NDArray[np.int64]:
    cost = np.outer(visit_eur, rhythms.visits) + full_day_eur * rhythms.full_days
    return np.asarray(np.argmin(cost, axis=1), dtype=np.int64)
