"""Depots and dumps: where trucks start, where they unload, how many there are for each stream."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, Fault
from twin.lang import Text
from twin.points import read_points
from twin.tables import Column, Kind

COLUMNS = {
    "id": Column(Kind.TEXT),
    "label": Column(Kind.TEXT, default=""),
    "role": Column(Kind.TEXT, choices=("depot", "dump", "both")),
    "stream": Column(Kind.TEXT),
    "trucks": Column(Kind.INTEGER, minimum=0, maximum=200, default=0),
}


@dataclass(frozen=True, eq=False)
class Yards:
    """Rows of the table: arrays and tuples of one entry a row."""

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    roles: tuple[str, ...]
    streams: tuple[str, ...]
    trucks: NDArray[np.int64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]

    def depots(self, stream: str) -> list[int]:
        """Return the rows from which trucks of a stream start."""
        return [
            row
            for row, role in enumerate(self.roles)
            if self.streams[row] == stream and role != "dump" and self.trucks[row] > 0
        ]

    def dumps_of(self, row: int) -> list[int]:
        """Return the rows at which trucks of a depot unload: at home, and where nobody is at home.

        A depot of other trucks is no place to unload at, as contracts go [U].
        """
        stream = self.streams[row]
        shared = [other for other in self.dumps(stream) if self.roles[other] == "dump"]
        own = [row] if self.roles[row] == "both" else []
        return own + shared or self.dumps(stream)

    def dumps(self, stream: str) -> list[int]:
        """Return the rows at which a stream is unloaded."""
        return [
            row
            for row, role in enumerate(self.roles)
            if self.streams[row] == stream and role != "depot"
        ]


def read_yards(path: Path, streams: Collection[str]) -> Yards:
    """Return the depots and dumps of a table (CSV: id, role, stream, trucks, x_m, y_m or lon, lat).

    Raises
    ------
    DataError
        As :func:`twin.points.read_points`; also an unknown stream, or a stream that has no truck or
        nowhere to unload.
    """
    table = read_points(path, COLUMNS)
    named = table.table.texts("stream")
    faults = [
        table.table.fault(
            row,
            "stream",
            name,
            Text(f"un flux de la section : {', '.join(streams)}", f"one of {', '.join(streams)}"),
            Text("corriger le flux", "mend the stream"),
        )
        for row, name in enumerate(named)
        if name not in streams
    ]
    yards = Yards(
        tuple(table.table.texts("id")),
        tuple(table.table.texts("label")),
        tuple(table.table.texts("role")),
        tuple(named),
        table.table.integers("trucks"),
        table.x_m,
        table.y_m,
    )
    for name in streams:
        if not yards.depots(name):
            faults.append(
                _lacking(path, name, Text("un dépôt avec au moins un camion",
                                          "a depot with at least one truck"))
            )  # fmt: skip
        if not yards.dumps(name):
            faults.append(_lacking(path, name, Text("un lieu de vidage", "a place to unload")))
    if faults:
        raise DataError(*faults)
    return yards


def _lacking(path: Path, stream: str, expected: Text) -> Fault:
    return Fault(
        file=path.name,
        key="col. role, trucks",
        value=stream,
        expected=expected,
        remedy=Text(
            f"ajouter une ligne pour « {stream} » (role depot, dump ou both)",
            f"add a row for '{stream}' (role depot, dump or both)",
        ),
    )
