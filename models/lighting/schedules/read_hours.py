"""Reads the hours each commune keeps today from a CSV file.

Columns: `insee`, `off_from` and `off_to` (HH:MM, local clock; both empty: lit all night), optional
`level` between them (0: off).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from models.lighting.schedules.clock_times import clock_s, is_skipped
from models.lighting.schedules.presets import all_night, dimmed, part_night
from models.lighting.schedules.schedule import Schedule
from twin.cells import raise_all
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.tables import Column, Kind, Table, read_table
from twin.territory.communes import INSEE

_TIME = Column(
    Kind.TEXT,
    pattern=r"(([01]\d|2[0-3]):[0-5]\d)?",
    default="",
    expected=Text("une heure telle que 23:00", "a time such as 23:00"),
)
COLUMNS = {
    "insee": replace(INSEE, unique=True),
    "off_from": _TIME,
    "off_to": _TIME,
    "level": Column(minimum=0.0, maximum=1.0, default=0.0),
}


@dataclass(frozen=True)
class CommuneHours:
    """Schedules in force, and which one each commune keeps, by INSEE code."""

    file: str
    schedules: tuple[Schedule, ...]
    number_of: dict[str, int]

    def chosen(self, communes: tuple[str, ...]) -> list[int]:
        """Return the schedule of each commune.

        Raises
        ------
        DataError
            With every commune the file does not name.
        """
        faults = [
            Fault(
                file=self.file,
                key="col. insee",
                value=code,
                expected=Text("une ligne pour cette commune", "a row for this commune"),
                remedy=Text("l'ajouter, avec ses heures", "add it, with its hours"),
            )
            for code in communes
            if code not in self.number_of
        ]
        if faults:
            raise DataError(*faults)
        return [self.number_of[code] for code in communes]


@lru_cache(maxsize=4)  # asked for by every option
def read_hours(path: Path) -> CommuneHours:
    """Return the hours of a file.

    Raises
    ------
    DataError
        With every fault: a time that is none, or that the clock skips in March; one time of two; a
        commune twice.
    """
    table = read_table(path, COLUMNS)
    raise_all(_time_faults(table))
    kinds: dict[tuple[str, str, float], int] = {}
    rows = zip(
        table.texts("off_from"), table.texts("off_to"), table.numbers("level").tolist(), strict=True
    )
    numbers = [kinds.setdefault(_kind(*row), len(kinds)) for row in rows]
    return CommuneHours(
        table.file,
        tuple(_schedule(*kind) for kind in kinds),
        dict(zip(table.texts("insee"), numbers, strict=True)),
    )


def _kind(off_from: str, off_to: str, level: float) -> tuple[str, str, float]:
    return (off_from, off_to, level) if off_from else ("", "", 1.0)


def _schedule(off_from: str, off_to: str, level: float) -> Schedule:
    if not off_from:
        return all_night()
    if level == 0.0:
        return part_night(off_from, off_to)
    return dimmed(off_from, off_to, level)


def _time_faults(table: Table) -> list[Fault]:
    found = []
    for row, pair in enumerate(zip(table.texts("off_from"), table.texts("off_to"), strict=True)):
        for name, text in zip(("off_from", "off_to"), pair, strict=True):
            if bool(text) != bool(pair[0] or pair[1]) or (text and pair[0] == pair[1]):
                expected = Text("deux heures, ou aucune", "two times, or none")
                remedy = Text("remplir ou vider les deux", "fill both or empty both")
                found.append(table.fault(row, name, text, expected, remedy))
            elif text and is_skipped(clock_s(text)):
                expected = Text("une heure qui existe chaque jour", "a time there is every day")
                remedy = Text(
                    "02:00 à 02:59 manque le dernier dimanche de mars : choisir une autre heure",
                    "02:00 to 02:59 is missing on the last Sunday of March: choose another time",
                )
                found.append(table.fault(row, name, text, expected, remedy))
    return found
