"""The calendar on paper: a table of weekdays and weeks for the planner, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from models.waste.calendar.calendar import Calendar
from models.waste.calendar.inputs import CalendarInputs
from twin.files import write_text
from twin.lang import Text
from twin.report.tables import Column, Dialect, Kind, Table, write_csv

WEEK = 7
COLUMNS = (
    Column("point", Text("point", "point")),
    Column("weekday", Text("jour", "weekday")),
    Column("weeks", Text("semaines du cycle", "weeks of the cycle")),
    Column("visits", Text("visites par cycle", "visits a cycle"), Kind.INTEGER),
    Column("worst_gap_days", Text("plus long intervalle", "longest interval"), Kind.INTEGER, "j"),
)
WEEKDAYS = (
    Text("lundi", "Monday"),
    Text("mardi", "Tuesday"),
    Text("mercredi", "Wednesday"),
    Text("jeudi", "Thursday"),
    Text("vendredi", "Friday"),
    Text("samedi", "Saturday"),
    Text("dimanche", "Sunday"),
)


def calendar_table(calendar: Calendar, names: Sequence[str] = ()) -> Table:
    """Return one row a point and weekday: the weeks of the cycle it is visited in, from 1.

    `names` are the points' identifiers; without them, their numbers.
    """
    rows = []
    worst = calendar.worst_gap_days
    for point in range(len(calendar)):
        days = np.flatnonzero(calendar.due[:, point])
        weekday = (calendar.first_weekday + days) % WEEK
        for which in np.unique(weekday):
            visited = " ".join(str(1 + int(day) // WEEK) for day in days[weekday == which])
            rows.append(
                (
                    names[point] if names else str(point),
                    WEEKDAYS[int(which)],
                    visited,
                    len(days),
                    int(worst[point]),
                )
            )
    weeks = calendar.cycle_days // WEEK
    return Table(
        name="calendar",
        title=Text(
            f"Calendrier fixe, cycle de {weeks} semaines", f"Fixed calendar, {weeks}-week cycle"
        ),
        columns=COLUMNS,
        rows=tuple(rows),
    )


def write_calendar_csv(
    calendar: Calendar, path: Path, names: Sequence[str] = (), dialect: Dialect = "fr"
) -> Path:
    """Write :func:`calendar_table` whole or not at all; return `path`."""
    return write_csv(calendar_table(calendar, names), path, dialect)


def calendar_json(
    calendar: Calendar, inputs: CalendarInputs, names: Sequence[str] = ()
) -> dict[str, object]:
    """Return what a program needs, in plain values.

    Keys: `first_weekday`, `cycle_days`, `weekdays`, `yearly` (see :class:`Yearly`), `beyond`, and
    `points`: for each its `days` of the cycle, `worst_gap_days` and `longest_days` promised; and
    `tours`: for each day of the cycle a list of rounds with `vehicle` and `visits`, where an
    unloading is `~location` (negative).
    """
    worst = calendar.worst_gap_days
    return {
        "first_weekday": calendar.first_weekday,
        "cycle_days": calendar.cycle_days,
        "weekdays": list(calendar.weekdays),
        "yearly": asdict(calendar.yearly(inputs)),
        "beyond": calendar.beyond.tolist(),
        "points": [
            {
                "point": names[p] if names else str(p),
                "days": np.flatnonzero(calendar.due[:, p]).tolist(),
                "worst_gap_days": int(worst[p]),
                "longest_days": int(calendar.longest_days[p]),
            }
            for p in range(len(calendar))
        ],
        "tours": [
            [{"vehicle": one.vehicle, "visits": list(one.visits)} for one in plan.rounds]
            for plan in calendar.tours
        ],
    }


def write_calendar_json(
    calendar: Calendar, inputs: CalendarInputs, path: Path, names: Sequence[str] = ()
) -> Path:
    """Write :func:`calendar_json` whole or not at all; return `path`."""
    text = json.dumps(calendar_json(calendar, inputs, names), ensure_ascii=False, indent=1)
    return write_text(path, text + "\n")
