"""Reads what cabinets feed, for the calculator of bills: a row a kind of lamp in a cabinet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.lighting.catalogue import read_catalogue
from models.lighting.demand.tariff import subscribed_kva
from models.lighting.inventory.lamp_columns import WATTS
from models.lighting.lamp_types import LampType
from twin.cells import raise_all
from twin.errors import Fault
from twin.lang import Text
from twin.tables import Column, Kind, Table, read_table

Floats = NDArray[np.float64]

COLUMNS = {
    "cabinet": Column(Kind.TEXT),
    "count": Column(Kind.INTEGER, minimum=1, maximum=100_000),
    "type": Column(Kind.TEXT, default=""),
    "lamp_w": WATTS,
    "gear_w": WATTS,
    "kva": Column(minimum=0.0, maximum=10_000.0, default=math.nan),
    "schedule": Column(Kind.TEXT, default=""),
}


@dataclass(frozen=True, eq=False)
class Fed:
    """Lamps of one schedule, by cabinet, shape (cabinets,).

    `schedule` as the file names it, empty where it does not; `points` light points; `on_w` drawn at
    any level, `level_w` in proportion to it.
    """

    schedule: str
    points: NDArray[np.int64]
    on_w: Floats
    level_w: Floats


@dataclass(frozen=True, eq=False)
class FedPoints:
    """Cabinets and what they feed, schedule by schedule.

    `kva` is what is subscribed, shape (cabinets,), what is connected where the file does not say.
    """

    cabinets: tuple[str, ...]
    parts: tuple[Fed, ...]
    kva: Floats

    @property
    def points(self) -> NDArray[np.int64]:
        """Return the light points of each cabinet."""
        return np.asarray(np.sum([each.points for each in self.parts], axis=0), dtype=np.int64)


def read_points(path: Path) -> FedPoints:
    """Return the cabinets of a CSV file.

    Columns `cabinet`, `count` (lamps alike), and either `type` (of the catalogue) or `lamp_w` with
    `gear_w`; optional `kva`, the same in every row of a cabinet, and `schedule`, a TOML file beside
    this one, for a street that keeps hours of its own.

    Raises
    ------
    DataError
        With every fault: a negative power, an unknown type, a row with neither type nor power, two
        subscribed powers of one cabinet.
    """
    table = read_table(path, COLUMNS)
    types = {each.id: each for each in read_catalogue()}
    faults = [*_type_faults(table, types), *_kva_faults(table)]
    raise_all(faults)
    names = table.texts("cabinet")
    cabinets = tuple(dict.fromkeys(names))
    row_of = {name: row for row, name in enumerate(cabinets)}
    cabinet = np.array([row_of[name] for name in names])
    count = table.integers("count")
    fixed, dimmed = _watts(table, types)

    def summed(values: Floats) -> Floats:
        totals = np.bincount(cabinet, count * values, len(cabinets))
        return np.asarray(totals, dtype=np.float64)

    hours = np.array(table.texts("schedule"))
    parts = []
    for schedule in dict.fromkeys(hours.tolist()):
        its = hours == schedule
        points = summed(its.astype(np.float64)).astype(np.int64)
        parts.append(Fed(schedule, points, summed(its * fixed), summed(its * dimmed)))
    given = np.full(len(cabinets), np.nan)
    known = np.isfinite(table.numbers("kva"))
    given[cabinet[known]] = table.numbers("kva")[known]
    kva = np.where(np.isfinite(given), given, subscribed_kva(summed(fixed + dimmed)))
    return FedPoints(cabinets, tuple(parts), kva)


def _watts(table: Table, types: dict[str, LampType]) -> tuple[Floats, Floats]:
    """Return each row's watts a lamp at any level, and in proportion to the level."""
    own = np.nan_to_num(table.numbers("lamp_w")) + np.nan_to_num(table.numbers("gear_w"))
    fixed, dimmed = np.zeros(len(table)), np.zeros(len(table))
    for row, name in enumerate(table.texts("type")):
        if name:
            each = types[name]
            fixed[row] = each.fixed_share * each.system_w
            dimmed[row] = (1.0 - each.fixed_share) * each.system_w
        else:
            fixed[row] = own[row]
    return fixed, dimmed


def _type_faults(table: Table, types: dict[str, LampType]) -> list[Fault]:
    found = []
    known = ", ".join(types)
    for row, (name, watts) in enumerate(
        zip(table.texts("type"), table.numbers("lamp_w").tolist(), strict=True)
    ):
        if name and name not in types:
            expected = Text(f"un type du catalogue : {known}", f"a type of the catalogue: {known}")
            remedy = Text("corriger le type, ou donner lamp_w et gear_w",
                          "mend the type, or give lamp_w and gear_w")  # fmt: skip
            found.append(table.fault(row, "type", name, expected, remedy))
        elif bool(name) == math.isfinite(watts):
            expected = Text("soit type, soit lamp_w", "either type or lamp_w")
            remedy = Text("remplir l'une des deux colonnes", "fill one of the two columns")
            found.append(table.fault(row, "lamp_w", name, expected, remedy))
    return found


def _kva_faults(table: Table) -> list[Fault]:
    found, first = [], dict[str, float]()
    for row, (name, kva) in enumerate(
        zip(table.texts("cabinet"), table.numbers("kva").tolist(), strict=True)
    ):
        if math.isfinite(kva) and first.setdefault(name, kva) != kva:
            expected = Text(
                f"{first[name]:g}, comme plus haut pour cette armoire",
                f"{first[name]:g}, as above for this cabinet",
            )
            remedy = Text("garder une seule puissance souscrite", "keep one subscribed power")
            found.append(table.fault(row, "kva", f"{kva:g}", expected, remedy))
    return found
