"""Reads cases of EN 13201-5 from a CSV file: a stretch between two lamps, its power by period."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from models.lighting.en13201.indicators import Part, Period
from twin.cells import raise_all
from twin.errors import Fault
from twin.lang import Text
from twin.tables import Column, Kind, Table, read_table

YEAR_H = 8_784.0
_POSITIVE = Column(minimum=math.ulp(0.0), expected=Text("un nombre positif", "a positive number"))
_WATTS = Column(minimum=0.0, expected=Text("une puissance en watts", "a power in watts"))
COLUMNS = {
    "name": Column(Kind.TEXT, unique=True),
    "power_w": _POSITIVE,
    "spacing_m": _POSITIVE,
    "road_width_m": _POSITIVE,
    "road_lx": _POSITIVE,
    "footway_width_m": Column(minimum=0.0, default=0.0),
    "footway_lx": Column(minimum=0.0, default=0.0),
    "hours": Column(minimum=0.0, maximum=YEAR_H),
    "quiet_hours": Column(minimum=0.0, maximum=YEAR_H, default=0.0),
    "quiet_w": Column(minimum=0.0, default=0.0, expected=_WATTS.expected),
    "detected_share": Column(minimum=0.0, maximum=1.0, default=0.0),
}


@dataclass(frozen=True)
class Case:
    """A stretch of street: its power at full light, what is lit, its periods of a year."""

    name: str
    power_w: float
    parts: tuple[Part, ...]
    periods: tuple[Period, ...]


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file.

    `hours` a year the lamp is in service, of which `quiet_hours` at `quiet_w` (0 for off, standby
    counted), raised to `power_w` for `detected_share` of them. `footway_width_m` is of both sides
    together.

    Raises
    ------
    DataError
        With every fault: a power or a length that is not positive, more quiet hours than hours, a
        footway lit without width.
    """
    table = read_table(path, COLUMNS)
    raise_all(_faults(table))
    columns = {name: table.numbers(name).tolist() for name in COLUMNS if name != "name"}
    return tuple(
        _case(name, {key: values[row] for key, values in columns.items()})
        for row, name in enumerate(table.texts("name"))
    )


def _case(name: str, row: dict[str, float]) -> Case:
    parts = [Part(row["road_lx"], row["road_width_m"] * row["spacing_m"])]
    if row["footway_width_m"] > 0.0:
        parts.append(Part(row["footway_lx"], row["footway_width_m"] * row["spacing_m"]))
    full = Period(row["hours"] - row["quiet_hours"], row["power_w"])
    quiet = Period(row["quiet_hours"], row["quiet_w"], row["power_w"], row["detected_share"])
    return Case(name, row["power_w"], tuple(parts), (full, quiet))


def _faults(table: Table) -> list[Fault]:
    found = []
    rows = zip(
        table.numbers("hours").tolist(), table.numbers("quiet_hours").tolist(),
        table.numbers("footway_width_m").tolist(), table.numbers("footway_lx").tolist(),
        strict=True,
    )  # fmt: skip
    for row, (hours, quiet, width, lux) in enumerate(rows):
        if quiet > hours:
            found.append(
                table.fault(
                    row, "quiet_hours", f"{quiet:g}",
                    Text(f"au plus {hours:g}, les heures de service",
                         f"at most {hours:g}, the hours in service"),
                    Text("corriger l'une des deux", "mend one of the two"),
                )
            )  # fmt: skip
        if (width > 0.0) != (lux > 0.0):
            found.append(
                table.fault(
                    row, "footway_lx", f"{lux:g}",
                    Text("un éclairement avec une largeur, ni l'un ni l'autre sans trottoir",
                         "an illuminance with a width, neither without footway"),
                    Text("remplir ou vider les deux", "fill or empty both"),
                )
            )  # fmt: skip
    return found
