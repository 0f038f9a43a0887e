"""The risk at which an optimised calendar leaves as many points full as today's does.

A calendar that visits less and overflows more is no better one. So the optimised calendar is given
the accepted risk that keeps today's expected number of full visits, and compared at that service.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.waste.calendar.calendar import Calendar
from models.waste.calendar.inputs import CalendarInputs
from models.waste.calendar.patterns import Patterns, gaps_days, regular_patterns
from models.waste.calendar.reach import reach

LEAST, MOST = 0.002, 0.6
STEPS = 12


def equal_risk(inputs: CalendarInputs, today: Calendar, today_inputs: CalendarInputs) -> float:
    """Return the risk, in [0.002, 0.6], at which full visits are no more than today's.

    Counted for the least frequent pattern each point is allowed, before the search moves points to
    better days: the search visits no point less.
    """
    wanted = today.yearly(today_inputs).full_visits
    patterns = regular_patterns(
        inputs.cycle_weeks,
        inputs.weekdays,
        first_weekday=inputs.first_weekday,
        slack_days=inputs.slack_days,
    )
    low, high = np.log(LEAST), np.log(MOST)
    if full_visits(replace(inputs, risk=MOST), patterns) <= wanted:
        return MOST
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        if full_visits(replace(inputs, risk=float(np.exp(middle))), patterns) <= wanted:
            low = middle
        else:
            high = middle
    return float(np.exp(low))


def full_visits(inputs: CalendarInputs, patterns: Patterns) -> float:
    """Return the yearly visits expected to find a point full, at the risk of the inputs."""
    promised = reach(inputs, patterns)
    rarest = _rarest(patterns)
    longest = np.minimum(promised.longest_days, len(rarest) - 1)
    total = 0.0
    for pattern in np.unique(rarest[longest]):
        own = np.flatnonzero(rarest[longest] == pattern)
        gaps = gaps_days(patterns.sets[pattern], patterns.cycle_days)
        total += float(promised.full[np.ix_(own, gaps)].sum())
    return total * 365.0 / patterns.cycle_days


def _rarest(patterns: Patterns) -> NDArray[np.int64]:
    """Return for each longest wait allowed the pattern that visits least within it."""
    order = np.lexsort((patterns.worst_gap_days, patterns.visits))
    rarest = np.zeros(patterns.cycle_days + 1, dtype=np.int64)
    densest = int(np.argmin(patterns.worst_gap_days))
    for days in range(patterns.cycle_days + 1):
        fitting = order[patterns.worst_gap_days[order] <= days]
        rarest[days] = fitting[0] if len(fitting) else densest
    return rarest
