"""Instances and solutions of CVRPLIB: the capacitated problem, nothing that it does not say.

Format: TSPLIB 95 (Reinelt) as http://vrp.galgos.inf.puc-rio.br uses it [V]. Read: EUC_2D with
distances to the nearest whole number, EXPLICIT with FULL_MATRIX or LOWER_ROW. Anything else is
refused rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, Fault
from twin.lang import Text
from twin.routing.problem import Problem, Stops, Vehicle

Floats = NDArray[np.float64]
KEYWORDS = (
    "NAME",
    "COMMENT",
    "TYPE",
    "DIMENSION",
    "EDGE_WEIGHT_TYPE",
    "EDGE_WEIGHT_FORMAT",
    "NODE_COORD_TYPE",
    "DISPLAY_DATA_TYPE",
    "CAPACITY",
    "VEHICLES",
)
SECTIONS = ("NODE_COORD_SECTION", "EDGE_WEIGHT_SECTION", "DEMAND_SECTION", "DEPOT_SECTION")
TYPES = ("CVRP", "ACVRP")
_ROUTE = re.compile(r"^route\s*#?\s*\d+\s*:(.*)$", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Instance:
    """A capacitated problem by name. Stop i is customer i + 1; times equal distances."""

    name: str
    problem: Problem


def read_instance(path: Path | str) -> Instance:
    """Read a .vrp file.

    Raises
    ------
    DataError
        The file cannot be read, is not of the kinds above, or is incomplete.
    """
    file = _File(Path(path))
    size = file.whole("DIMENSION")
    kind = file.value("TYPE")
    if kind not in TYPES:
        raise file.refused("TYPE", kind, " | ".join(TYPES))
    distances = _distances(file, size)
    depot = file.numbers("DEPOT_SECTION", 2)
    if depot.tolist() != [1.0, -1.0]:
        raise file.refused("DEPOT_SECTION", " ".join(map("{:g}".format, depot)), "1 -1")
    demands = _by_node(file, "DEMAND_SECTION", size, 2)[:, 0]
    if demands[0] != 0.0:
        raise file.refused("DEMAND_SECTION, node 1", f"{demands[0]:g}", "0")
    n = size - 1
    stops = Stops(
        location=np.arange(1, size),
        demand=demands[1:],
        service_s=np.zeros(n),
        prize=np.full(n, np.inf),
        skills=np.zeros(n, dtype=np.int64),
    )
    vehicle = Vehicle(start=0, end=0, count=n, capacity=float(file.whole("CAPACITY")))
    name = file.head.get("NAME", file.path.stem)
    return Instance(name, Problem(distances, distances, stops, (vehicle,)))


def read_solution(path: Path | str) -> tuple[tuple[tuple[int, ...], ...], float | None]:
    """Read a .sol file: routes as customer numbers (the depot is not counted), and its cost.

    Raises
    ------
    DataError
        The file cannot be read or holds no route.
    """
    file = Path(path)
    routes, cost = [], None
    for line in _lines(file):
        found = _ROUTE.match(line)
        words = line.split()
        try:
            if found:
                routes.append(tuple(int(word) for word in found.group(1).split()))
            elif words[0].lower() == "cost":
                cost = float(words[1])
        except (ValueError, IndexError):
            raise _fault(file, line[:60], "", "Route #1: 5 3 ... | Cost 123") from None
    if not routes:
        raise _fault(file, "Route", "", "Route #1: 5 3 ...")
    return tuple(routes), cost


class _File:
    """The words of a .vrp file: keywords in `head`, sections by name in `sections`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.head: dict[str, str] = {}
        self.sections: dict[str, list[str]] = {}
        section = ""
        for line in _lines(path):
            word, colon, rest = line.partition(":")
            key = word.strip().upper()
            if key == "EOF":
                break
            if key in SECTIONS:
                section = key
                self.sections[section] = []
            elif colon or key.isidentifier():
                if key not in KEYWORDS:
                    raise self.refused(key, rest.strip(), ", ".join(KEYWORDS + SECTIONS))
                self.head[key] = rest.strip().strip('"')
            elif section:
                self.sections[section] += line.split()
            else:
                raise self.refused(line[:40], "", "KEYWORD : VALUE")

    def refused(self, key: str, value: str, expected: str) -> DataError:
        """Return the error about one key."""
        return _fault(self.path, key, value, expected)

    def value(self, key: str) -> str:
        """Return what a keyword says."""
        if key not in self.head:
            raise self.refused(key, "", f"{key} : ...")
        return self.head[key]

    def whole(self, key: str) -> int:
        """Return what a keyword says as a whole number above zero."""
        text = self.value(key)
        if not text.isdigit() or int(text) == 0:
            raise self.refused(key, text, "1, 2, 3, ...")
        return int(text)

    def numbers(self, section: str, count: int) -> Floats:
        """Return the numbers of a section, exactly `count` of them."""
        words = self.sections.get(section, [])
        try:
            values = np.array([float(word) for word in words])
        except ValueError as error:
            raise self.refused(section, str(error).rpartition(":")[2].strip(), "1 2.5") from None
        if len(values) != count or not np.isfinite(values).all():
            raise self.refused(section, f"{len(values)}", f"{count}")
        return values


def _distances(file: _File, size: int) -> Floats:
    kind = file.value("EDGE_WEIGHT_TYPE")
    if kind == "EUC_2D":
        place = _by_node(file, "NODE_COORD_SECTION", size, 3)
        apart = np.hypot(*(place[:, None, :] - place[None, :, :]).transpose(2, 0, 1))
        return np.asarray(np.floor(apart + 0.5), dtype=np.float64)
    if kind != "EXPLICIT":
        raise file.refused("EDGE_WEIGHT_TYPE", kind, "EUC_2D | EXPLICIT")
    layout = file.value("EDGE_WEIGHT_FORMAT")
    if layout == "FULL_MATRIX":
        return file.numbers("EDGE_WEIGHT_SECTION", size * size).reshape(size, size)
    if layout != "LOWER_ROW":
        raise file.refused("EDGE_WEIGHT_FORMAT", layout, "FULL_MATRIX | LOWER_ROW")
    table = np.zeros((size, size))
    table[np.tril_indices(size, -1)] = file.numbers("EDGE_WEIGHT_SECTION", size * (size - 1) // 2)
    return table + table.T


def _by_node(file: _File, section: str, size: int, width: int) -> Floats:
    """Return a section's columns after the node number, nodes in order."""
    rows = file.numbers(section, size * width).reshape(size, width)
    if not np.array_equal(rows[:, 0], np.arange(1, size + 1)):
        raise file.refused(section, "", f"1 ... {size}")
    return rows[:, 1:]


def _lines(path: Path) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _fault(path, "", str(error), "CVRPLIB .vrp | .sol") from None
    return (line.strip() for line in text.splitlines() if line.strip())


def _fault(path: Path, key: str, value: str, expected: str) -> DataError:
    return DataError(
        Fault(
            Text(f"format CVRPLIB : {expected}", f"CVRPLIB format: {expected}"),
            Text(
                "corrigez le fichier, ou prenez une instance CVRP de CVRPLIB",
                "correct the file, or take a CVRP instance of CVRPLIB",
            ),
            file=str(path),
            key=key,
            value=value,
        )
    )
