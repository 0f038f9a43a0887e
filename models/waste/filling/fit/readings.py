"""Weighings or fill readings, as a planner's CSV gives them.

Weighings: `point`, `date`, `collected_kg`. Fill readings: `point`, `date`, and `fill_percent` or
`level_l`. Both may have `time` (or the time within `date`), `stream`, `capacity_l`; fill readings
`emptied` (yes where the container was emptied just after the reading)::

    point;date;heure;remplissage_pct;vide        point,date,collected_kg,stream
    PAV-12;03/02/2026;07:10;62,5;non             PAV-12,2026-02-03,412,glass

French names of the columns are read as well. Dates are 2026-02-03 or 03/02/2026 (day first); a
zone or a final Z is turned into Paris time. Other columns are refused, so that a misspelling is
never taken for an absence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.cells import Cells, raise_all, read_cells
from twin.clock import PARIS
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.tables import Column, Kind, Table, check_cells
from twin.units import DAY_S

Floats = NDArray[np.float64]

FULL_PERCENT = 99.5
"""A level from here on is a full container: sensors round to one point."""

FULLEST_PERCENT = 120.0
"""A level above this is no overfilled container but a mistake."""

HEAVIEST_KG = 50_000.0

_NAMES = {
    "date": "date", "jour": "date", "horodatage": "date", "timestamp": "date",
    "datetime": "date", "date_time": "date", "date_heure": "date",
    "time": "time", "heure": "time",
    "point": "point", "point_id": "point", "id_point": "point", "conteneur": "point",
    "container": "point", "bin": "point", "bin_id": "point", "site": "point", "id": "point",
    "stream": "stream", "flux": "stream", "matiere": "stream", "matière": "stream",
    "material": "stream",
    "collected_kg": "collected_kg", "collecte_kg": "collected_kg", "masse_kg": "collected_kg",
    "poids_kg": "collected_kg", "net_kg": "collected_kg", "kg": "collected_kg",
    "weight_kg": "collected_kg", "mass_kg": "collected_kg", "pesee_kg": "collected_kg",
    "pesée_kg": "collected_kg",
    "fill_percent": "fill_percent", "fill_pct": "fill_percent",
    "remplissage_pct": "fill_percent", "remplissage_pourcent": "fill_percent",
    "taux_remplissage_pct": "fill_percent", "fill_level_percent": "fill_percent",
    "level_percent": "fill_percent", "niveau_pct": "fill_percent",
    "level_l": "level_l", "niveau_l": "level_l", "volume_l": "level_l",
    "litres": "level_l", "liters": "level_l",
    "emptied": "emptied", "vide": "emptied", "vidé": "emptied",
    "capacity_l": "capacity_l", "capacite_l": "capacity_l", "capacité_l": "capacity_l",
}  # fmt: skip

_COMMON = {
    "point": Column(Kind.TEXT),
    "date": Column(Kind.TEXT),
    "time": Column(Kind.TEXT, default=""),
    "stream": Column(Kind.TEXT, default=""),
    "capacity_l": Column(minimum=1.0, maximum=1e6, default=math.nan),
}
_WEIGHINGS = {"collected_kg": Column(minimum=0.0, maximum=HEAVIEST_KG)}
_LEVELS = {
    "fill_percent": Column(minimum=0.0, maximum=FULLEST_PERCENT),
    "level_l": Column(minimum=0.0, maximum=1e6),
}
_EMPTIED = {"emptied": Column(Kind.FLAG, default=False)}
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T](.*))?")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local civil time, as the file has it


class Measured(StrEnum):
    """What a file holds."""

    WEIGHINGS = "weighings"
    LEVELS = "levels"


@dataclass(frozen=True, eq=False)
class Readings:
    """The rows of a file, in its order; arrays of shape (rows,).

    `at_day` is local civil time in days since 1970-01-01; `value` is kg collected or per cent of
    the capacity; `capacity_l` is NaN where unknown; `place` says where the row stands.
    """

    file: str
    measured: Measured
    point: tuple[str, ...]
    stream: tuple[str, ...]
    at_day: Floats
    value: Floats
    capacity_l: Floats
    emptied: NDArray[np.bool_]
    place: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.point)

    def of(self, stream: str) -> Readings:
        """Return the rows of one stream."""
        rows = [row for row, name in enumerate(self.stream) if name == stream]
        return replace(
            self,
            point=tuple(self.point[row] for row in rows),
            stream=(stream,) * len(rows),
            at_day=self.at_day[rows],
            value=self.value[rows],
            capacity_l=self.capacity_l[rows],
            emptied=self.emptied[rows],
            place=tuple(self.place[row] for row in rows),
        )


def read_readings(path: Path | str, capacity_l: float | None = None) -> Readings:
    """Read weighings or fill readings; see the module for the columns.

    `capacity_l` stands for the capacity of rows that do not give their own.

    Raises
    ------
    DataError
        With every fault: neither or both kinds of column, unknown columns, negative fill, fill
        above 120 %, dates that cannot be read, litres without a capacity.
    """
    raw = read_cells(Path(path), set(_NAMES))
    cells = replace(raw, columns=_renamed(raw))
    measures = [name for name in (*_WEIGHINGS, *_LEVELS) if name in cells.columns]
    if len(measures) != 1:
        raise DataError(_measure_fault(cells, measures))
    measure = measures[0]
    declared = dict(_COMMON)
    declared[measure] = (_WEIGHINGS | _LEVELS)[measure]
    if measure in _LEVELS:
        declared |= _EMPTIED
    table = check_cells(cells, declared)
    faults: list[Fault] = []
    at_day = _moments(table, faults)
    capacity = table.numbers("capacity_l")
    if capacity_l is not None:
        capacity = np.where(np.isnan(capacity), capacity_l, capacity)
    value = table.numbers(measure)
    if measure == "level_l":
        value = _percent(table, value, capacity, faults)
    raise_all(faults)
    return Readings(
        file=table.file,
        measured=Measured.LEVELS if measure in _LEVELS else Measured.WEIGHINGS,
        point=tuple(table.texts("point")),
        stream=tuple(table.texts("stream")),
        at_day=at_day,
        value=value,
        capacity_l=capacity,
        emptied=table.flags("emptied") if measure in _LEVELS else np.ones(len(table), np.bool_),
        place=tuple(table.places),
    )


def _renamed(cells: Cells) -> dict[str, list[str]]:
    """Return the columns under their own names; the first of two that mean the same keeps it."""
    columns: dict[str, list[str]] = {}
    for name, texts in cells.columns.items():
        known = _NAMES.get(name.lower(), name)
        columns[known if known not in columns else name] = texts
    return columns


def _moments(table: Table, faults: list[Fault]) -> Floats:
    """Return days since 1970-01-01; a date without a time is taken at noon."""
    dates, times = table.texts("date"), table.texts("time")
    at_day = np.zeros(len(dates))
    now = datetime.now(tz=UTC).astimezone(PARIS).replace(tzinfo=None)
    latest = (now - _EPOCH).total_seconds() / DAY_S + 366.0 * 100.0
    for row, (day, hour) in enumerate(zip(dates, times, strict=True)):
        try:
            at_day[row] = _moment(day, hour)
            right = 0.0 < at_day[row] < latest
        except ValueError:
            right = False
        if not right:
            faults.append(
                table.fault(
                    row,
                    "date",
                    f"{day} {hour}".strip(),
                    Text("une date 2026-02-03 ou 03/02/2026 (jour d'abord), heure 07:10",
                         "a date 2026-02-03 or 03/02/2026 (day first), time 07:10"),
                    Text("réécrivez la date de cette ligne", "write this row's date again"),
                )
            )  # fmt: skip
    return at_day


def _moment(day: str, hour: str) -> float:
    match = _DAY_FIRST.fullmatch(day)
    if match is not None:
        date, month, year, rest = match.groups()
        day = f"{year}-{int(month):02d}-{int(date):02d}" + (f"T{rest}" if rest else "")
    plain = len(day) <= len("2026-02-03")
    if plain and hour:
        day, plain = f"{day}T{hour.replace('h', ':') if 'h' in hour else hour.zfill(5)}", False
    moment = datetime.fromisoformat(day)
    if moment.tzinfo is not None:
        moment = moment.astimezone(PARIS).replace(tzinfo=None)
    return (moment - _EPOCH).total_seconds() / DAY_S + (0.5 if plain else 0.0)


def _percent(table: Table, level_l: Floats, capacity_l: Floats, faults: list[Fault]) -> Floats:
    """Return levels in per cent of the capacity."""
    checks: tuple[tuple[NDArray[np.bool_], Callable[[int], str], Text, Text], ...] = (
        (
            np.isnan(capacity_l),
            lambda row: f"{level_l[row]:g} L",
            Text("une capacité, sans quoi le plein est inconnu",
                 "a capacity, without which full is unknown"),
            Text("ajoutez la colonne capacity_l ou l'option --capacity-l",
                 "add the column capacity_l or the option --capacity-l"),
        ),
        (
            level_l > capacity_l * FULLEST_PERCENT / 100.0,
            lambda row: f"{level_l[row]:g} L / {capacity_l[row]:g} L",
            Text(f"au plus {FULLEST_PERCENT:g} % de la capacité",
                 f"at most {FULLEST_PERCENT:g}% of the capacity"),
            Text("corrigez le niveau ou la capacité", "mend the level or the capacity"),
        ),
    )  # fmt: skip
    for wrong, value, expected, remedy in checks:
        faults.extend(
            table.fault(int(row), "level_l", value(int(row)), expected, remedy)
            for row in np.flatnonzero(wrong)
        )
    return np.asarray(100.0 * level_l / capacity_l)


def _measure_fault(cells: Cells, met: list[str]) -> Fault:
    return Fault(
        file=cells.file,
        key="col. " + ", ".join(cells.columns),
        value=", ".join(met) or "∅",
        expected=Text(
            "une seule mesure : collected_kg (kg collectés), fill_percent (%) ou level_l (litres)",
            "a single measure: collected_kg (kg collected), fill_percent (%) or level_l (litres)",
        ),
        remedy=Text(
            "nommez ainsi la colonne de la mesure et ôtez les autres",
            "name the measure's column so and remove the others",
        ),
    )
