"""The independent check sees what is wrong, and the files say what is right."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calendar_case import calendar_case

from models.waste.calendar.calendar import Calendar
from models.waste.calendar.calendar_files import write_calendar_csv, write_calendar_json
from models.waste.calendar.check import check_calendar
from models.waste.calendar.current import current_calendar
from models.waste.calendar.inputs import CalendarInputs
from twin.errors import InputError


@pytest.fixture(scope="module")
def inputs() -> CalendarInputs:
    """Return 10 points and a truck that several of them fill."""
    return calendar_case(10, cycle_weeks=2)


@pytest.fixture(scope="module")
def calendar(inputs: CalendarInputs) -> Calendar:
    """Return a sound calendar."""
    found = current_calendar(inputs, groups=2)
    check_calendar(found, inputs)
    return found


def _complaint(calendar: Calendar, inputs: CalendarInputs) -> str:
    with pytest.raises(InputError) as error:
        check_calendar(calendar, inputs)
    return str(error.value)


def test_a_forgotten_visit_is_seen(calendar: Calendar, inputs: CalendarInputs) -> None:
    """A visit taken out of the days leaves a gap too long and a round that visits for nothing."""
    due = calendar.due.copy()
    day, point = (int(k[0]) for k in np.nonzero(due))
    due[day, point] = False
    said = _complaint(replace(calendar, due=due), inputs)
    assert f"point {point}" in said
    assert f"day {day}" in said


def test_a_sunday_visit_is_seen(calendar: Calendar, inputs: CalendarInputs) -> None:
    """A visit on a day off is a fault."""
    due = calendar.due.copy()
    due[6, 0] = True
    assert "day off" in _complaint(replace(calendar, due=due), inputs)


def test_small_or_few_or_slow_trucks_are_seen(calendar: Calendar, inputs: CalendarInputs) -> None:
    """Less capacity, fewer trucks, shorter shifts than the rounds need are faults."""
    truck = inputs.vehicles[0]
    for worse in (
        replace(truck, capacity=1.0),
        replace(truck, count=0),
        replace(truck, work_s=1.0),
    ):
        assert (
            "round" in _complaint(calendar, replace(inputs, vehicles=(worse,))) or not worse.count
        )
    longer = replace(calendar.tours[0], distance_m=1.0)
    assert "day 0" in _complaint(replace(calendar, tours=(longer, *calendar.tours[1:])), inputs)


def test_the_files_hold_every_visit(
    calendar: Calendar, inputs: CalendarInputs, tmp_path: Path
) -> None:
    """The table lists each visit's weekday and week once; the JSON its day."""
    names = [f"PAV-{p}" for p in range(len(calendar))]
    path = write_calendar_csv(calendar, tmp_path / "calendar.csv", names, "intl")
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["point", "weekday", "weeks", "visits", "worst_gap_days"]
    assert sum(len(row[2].split()) for row in rows[1:]) == int(calendar.due.sum())
    assert {row[1] for row in rows[1:]} <= {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}
    told = json.loads(
        write_calendar_json(calendar, inputs, tmp_path / "c.json", names).read_text("utf-8")
    )
    days = [point["days"] for point in told["points"]]
    assert days == [np.flatnonzero(calendar.due[:, p]).tolist() for p in range(len(calendar))]
    assert told["yearly"]["distance_km"] > 0.0
