"""The fixed calendar visits what is due, owes what was not done, and hears the telephone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from outlook_case import outlook

from models.waste.policies.fixed import FixedCalendar


class Weekly:
    """Point k is due every seventh day from day k on."""

    def due_between(self, first_day: int, last_day: int) -> NDArray[np.bool_]:
        """Return which of three points are due."""
        days = range(first_day, last_day + 1)
        return np.array([any(day % 7 == point for day in days) for point in range(3)])


def required(
    rule: FixedCalendar, day: int, ages: list[float], reported: tuple[int, ...] = ()
) -> list[int]:
    """Return the points a rule requires on a day."""
    chosen = rule.select(outlook([0.0, 50.0, 150.0], day=day, age_days=ages, reported=reported))
    assert not chosen.prize_eur.any()
    return np.flatnonzero(chosen.required).tolist()


def test_each_point_on_its_day() -> None:
    """Whatever is in the bins, a point is visited on its day and on no other."""
    rule = FixedCalendar(Weekly())
    assert required(rule, 0, [5.0, 5.0, 5.0]) == [0]
    # Emptied four hours after each morning's plan, hence 0.8 days old the next.
    assert required(rule, 1, [0.8, 5.0, 5.0]) == [1]
    assert required(rule, 2, [1.8, 0.8, 5.0]) == [2]
    assert required(rule, 3, [2.8, 1.8, 0.8]) == []
    assert required(rule, 7, [6.8, 5.8, 4.8]) == [0]


def test_days_without_work_are_made_up_for() -> None:
    """What fell due since the last planned day is due on the next one."""
    rule = FixedCalendar(Weekly())
    assert required(rule, 0, [5.0, 5.0, 5.0]) == [0]
    assert required(rule, 4, [3.8, 9.0, 9.0]) == [1, 2]


def test_what_was_not_done_stays_owed() -> None:
    """A visit that was put off is required every morning until it is made, then no more."""
    rule = FixedCalendar(Weekly())
    assert required(rule, 0, [5.0, 5.0, 5.0]) == [0]
    assert required(rule, 1, [6.0, 6.0, 6.0]) == [0, 1]
    assert required(rule, 2, [7.0, 0.8, 7.0]) == [0, 2]
    assert required(rule, 3, [0.8, 1.8, 0.8]) == []


def test_a_call_is_answered_unless_told_otherwise() -> None:
    """A point called about is visited on any day, and owes nothing thereafter."""
    ages = [1.0, 1.0, 1.0]
    assert required(FixedCalendar(Weekly()), 3, ages, (1,)) == [0, 1, 2]
    rule = FixedCalendar(Weekly())
    required(rule, 2, ages)
    required(rule, 3, [0.5, 0.5, 0.5])
    assert required(rule, 4, [1.5, 1.5, 1.5], (0,)) == [0]
    deaf = FixedCalendar(Weekly(), answer_calls=False)
    required(deaf, 2, ages)
    required(deaf, 3, [0.5, 0.5, 0.5])
    assert required(deaf, 4, [1.5, 1.5, 1.5], (0,)) == []
