"""The fixed calendar: points are emptied on their days, whatever is in them."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from models.waste.policies.outlook import Mask, Outlook, Selection


class Schedule(Protocol):
    """Which points are due on which day of the study."""

    def due_between(self, first_day: int, last_day: int) -> Mask:
        """Return the points due on at least one of the days, ends included."""
        ...


class FixedCalendar:
    """Visit what is due, what was due and could not be done, and what somebody called about."""

    until_planning = False

    def __init__(self, schedule: Schedule, *, answer_calls: bool = True) -> None:
        self._schedule = schedule
        self._answer_calls = answer_calls
        self._planned = -1
        self._owed: Mask | None = None
        self._owed_since = np.zeros(0)

    def select(self, outlook: Outlook) -> Selection:
        """Return today's points."""
        if self._owed is None:
            self._owed = np.zeros(len(outlook), dtype=np.bool_)
            self._owed_since = np.zeros(len(outlook))
        # What was planned before and emptied since is owed no longer.
        self._owed &= outlook.age_days > outlook.day - self._owed_since
        due = self._schedule.due_between(self._planned + 1, outlook.day)
        self._owed_since[due & ~self._owed] = outlook.day
        self._owed |= due
        self._planned = outlook.day
        required = self._owed.copy()
        if self._answer_calls:
            required |= outlook.reported
        return Selection(required, np.zeros(len(outlook)))
