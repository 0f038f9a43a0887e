"""Reading a schedule's file, and everything that can be wrong in it, said at once."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from models.lighting.schedules.clock_times import clock_s, clock_text, is_skipped, of_night_s
from models.lighting.schedules.nights import season_of
from models.lighting.schedules.schedule import Edge, Schedule, Season, Step
from models.lighting.schedules.sections import ScheduleSection, SeasonSection, StepSection
from twin.errors import DataError, Fault
from twin.lang import Lang, Text, same
from twin.report.typography import percent
from twin.scenario.origins import Origins
from twin.scenario.toml_file import read_toml
from twin.scenario.validate import build_section

LEAP_YEAR = 2024
"""A year with every date, to look for nights that no season holds."""


def read_schedule(file: Path) -> Schedule:
    """Return the schedule of a TOML file.

    Raises
    ------
    DataError
        With every fault: unknown keys, a level outside [0, 1], a gap or an overlap between steps, a
        time that the clock skips in March, a night no season holds.
    """
    tree = read_toml(file)
    section, faults = build_section(tree, ScheduleSection, "", Origins(file))
    if section is None or faults:
        raise DataError(*faults)
    return schedule_of(section, str(file))


def schedule_of(section: ScheduleSection, file: str, prefix: str = "") -> Schedule:
    """Return the schedule that a section describes; `file` and `prefix` are for messages.

    Raises
    ------
    DataError
        As :func:`read_schedule`.
    """
    faults = [
        fault
        for number, season in enumerate(section.seasons)
        for fault in _season_faults(season, f"{prefix}seasons[{number + 1}]", file)
    ]
    if faults:
        raise DataError(*faults)
    seasons = tuple(_season(each) for each in section.seasons)
    schedule = Schedule(section.id, section.threshold_deg, seasons)
    missing = _missing_night(schedule)
    if missing is not None:
        raise DataError(
            Fault(
                file=file,
                key=f"{prefix}seasons",
                value=missing.strftime("%m-%d"),
                expected=Text(
                    "une saison pour chaque nuit de l'année", "a season for every night of the year"
                ),
                remedy=Text(
                    "allonger une saison, ou en ajouter une sans dates ni jours en dernier",
                    "lengthen a season, or add a last one without dates or days",
                ),
            )
        )
    return schedule


def _season_faults(season: SeasonSection, key: str, file: str) -> Iterator[Fault]:
    for name, day in (("first", season.first), ("last", season.last)):
        month, number = (int(part) for part in day.split("-"))
        if number > calendar.monthrange(LEAP_YEAR, month)[1]:
            yield Fault(
                file=file, key=f"{key}.{name}", value=day,
                expected=Text("une date qui existe, MM-JJ", "a date that exists, MM-DD"),
                remedy=Text("corriger la date", "mend the date"),
            )  # fmt: skip
    yield from _time_faults(season, key, file)
    yield from _chain_faults(season, key, file)


def _time_faults(season: SeasonSection, key: str, file: str) -> Iterator[Fault]:
    """Yield the switching times that do not exist on the day the clock jumps forward."""
    for number, step in enumerate(season.steps):
        for name, edge in (("from", step.begin), ("to", step.end)):
            if edge not in ("dusk", "dawn") and is_skipped(clock_s(edge)):
                yield Fault(
                    file=file,
                    key=f"{key}.steps[{number + 1}].{name}",
                    value=edge,
                    expected=Text(
                        "une heure qui existe chaque nuit : de 02:00 à 02:59 l'horloge saute le "
                        "dernier dimanche de mars",
                        "a time that exists every night: from 02:00 to 02:59 the clock skips on "
                        "the last Sunday of March",
                    ),
                    remedy=same("01:59, 03:00"),
                )


def _chain_faults(season: SeasonSection, key: str, file: str) -> Iterator[Fault]:
    """Yield where steps leave a gap, overlap, or do not run from dusk to dawn."""
    steps = season.steps
    if steps[0].begin != "dusk":
        yield _edge_fault(file, f"{key}.steps[1].from", steps[0].begin, "dusk")
    if steps[-1].end != "dawn":
        yield _edge_fault(file, f"{key}.steps[{len(steps)}].to", steps[-1].end, "dawn")
    for number, (one, other) in enumerate(pairwise(steps)):
        if one.end != other.begin:
            yield Fault(
                file=file,
                key=f"{key}.steps[{number + 2}].from",
                value=other.begin,
                expected=Text(
                    f"« {one.end} », la fin du palier précédent : ni trou ni recouvrement",
                    f"'{one.end}', the end of the step before: neither gap nor overlap",
                ),
                remedy=Text(f"écrire from = « {one.end} »", f"write from = '{one.end}'"),
            )
    for number, step in enumerate(steps):
        if not _in_order(step):
            yield Fault(
                file=file,
                key=f"{key}.steps[{number + 1}]",
                value=f"{step.begin} → {step.end}",
                expected=Text(
                    "un palier qui avance, de midi à midi", "a step that goes on, noon to noon"
                ),
                remedy=Text("échanger from et to", "swap from and to"),
            )


def _in_order(step: StepSection) -> bool:
    if step.begin == "dawn" or step.end == "dusk":
        return False
    if step.begin == "dusk" or step.end == "dawn":
        return True
    return of_night_s(clock_s(step.begin)) < of_night_s(clock_s(step.end))


def _edge_fault(file: str, key: str, value: str, wanted: str) -> Fault:
    return Fault(
        file=file,
        key=key,
        value=value,
        expected=Text(f"« {wanted} »", f"'{wanted}'"),
        remedy=Text("couvrir toute la nuit, level = 0.0 pour éteindre",
                    "hold the whole night, level = 0.0 for off"),
    )  # fmt: skip


def _season(section: SeasonSection) -> Season:
    first, last = ((int(day[:2]), int(day[3:])) for day in (section.first, section.last))
    return Season(first, last, section.weekdays, tuple(_step(each) for each in section.steps))


def _step(section: StepSection) -> Step:
    return Step(
        _edge(section.begin), _edge(section.end), section.level, section.detected_level,
        section.detected_share,
    )  # fmt: skip


def _edge(text: str) -> Edge:
    if text == "dusk":
        return "dusk"
    return "dawn" if text == "dawn" else clock_s(text)


def _missing_night(schedule: Schedule) -> date | None:
    """Return a night that no season holds, of a leap year and of the six years after it."""
    day = date(LEAP_YEAR, 1, 1)
    for number in range(7 * 366):
        evening = day + timedelta(days=number)
        try:
            season_of(schedule, evening)
        except ValueError:
            return evening
    return None


def schedule_words(schedule: Schedule) -> Text:
    """Return the steps of a schedule's first season in one line."""
    steps = schedule.seasons[0].steps
    return Text(*(", ".join(_told(each, lang) for each in steps) for lang in Lang))


def _told(step: Step, lang: Lang) -> str:
    edges = (_shown(edge).say(lang) for edge in (step.begin, step.end))
    return f"{' - '.join(edges)} {percent(step.level, lang)}"


def _shown(edge: Edge) -> Text:
    if edge == "dusk":
        return Text("soir", "dusk")
    return Text("aube", "dawn") if edge == "dawn" else same(clock_text(float(edge)))
