"""The days of a cycle a point may have."""

from __future__ import annotations

import numpy as np
import pytest

from models.waste.calendar.patterns import gaps_days, regular_patterns
from twin.errors import InputError


def test_the_usual_rhythms_have_their_known_gaps() -> None:
    """From Monday to Friday: twice a week waits 4 days, weekly 7, every other week 14, ..."""
    patterns = regular_patterns(4, slack_days=0)
    worst = {
        int(n): int(patterns.worst_gap_days[patterns.visits == n].min())
        for n in (1, 2, 3, 4, 6, 8, 12, 20)
    }
    assert worst == {1: 28, 2: 14, 3: 10, 4: 7, 6: 5, 8: 4, 12: 3, 20: 3}
    assert int((patterns.visits == 1).sum()) == 20
    assert int((patterns.visits == 4).sum()) == 5


def test_a_worked_saturday_shortens_the_weekend() -> None:
    """With Saturdays, the densest service waits 2 days instead of 3."""
    six = regular_patterns(2, (0, 1, 2, 3, 4, 5))
    assert int(six.worst_gap_days.min()) == 2
    assert int(regular_patterns(2).worst_gap_days.min()) == 3


@pytest.mark.parametrize(("weeks", "first"), [(1, 0), (3, 2), (4, 6), (8, 0)])
def test_patterns_keep_to_working_days(weeks: int, first: int) -> None:
    """Every day of every pattern is worked, sets are distinct, gaps add up to the cycle."""
    patterns = regular_patterns(weeks, (0, 2, 4), first_weekday=first)
    assert len(set(patterns.sets)) == len(patterns)
    for days, worst in zip(patterns.sets, patterns.worst_gap_days, strict=True):
        assert all((first + day) % 7 in (0, 2, 4) for day in days)
        gaps = gaps_days(days, 7 * weeks)
        assert int(gaps.sum()) == 7 * weeks
        assert int(gaps.max()) == worst


def test_slack_adds_sets_and_takes_none() -> None:
    """A day of slack widens the choice and keeps what there was."""
    strict, loose = regular_patterns(4, slack_days=0), regular_patterns(4, slack_days=1)
    assert set(strict.sets) < set(loose.sets)


def test_a_cycle_without_weeks_or_days_is_refused() -> None:
    """Both faults are told at once."""
    with pytest.raises(InputError) as error:
        regular_patterns(9, ())
    assert [fault.key for fault in error.value.faults] == ["cycle_weeks", "weekdays"]


def test_a_lone_visit_waits_the_whole_cycle() -> None:
    """The gap of a single visit is the cycle."""
    assert gaps_days((3,), 28).tolist() == [28]
    assert np.array_equal(gaps_days((0, 4), 7), [3, 4])
