"""The text format of Archetti's instances.

::

    n  H  C  K                     n counts the supplier; H periods; K vehicles of capacity C
    0  x  y  I0  production  h     the supplier
    i  x  y  I0  U  L  demand  h   customers 1 to n - 1: initial stock, most, least

Figures are separated by blanks. Origin of the set: :mod:`models.waste.inventory.instance`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.waste.inventory.instance import Instance, rounded_euclid
from twin.errors import DataError, Fault
from twin.lang import Text, same

_HEAD = ("n", "H", "C", "K")
_SUPPLIER = ("id", "x", "y", "I0", "production", "h")
_CUSTOMER = ("id", "x", "y", "I0", "U", "L", "demand", "h")
_ANY_SIGN = ("x", "y")
_WHOLE = ("n", "H", "K", "id")
_REWRITE = Text("corrigez cette ligne", "correct this line")


@dataclass
class _Reader:
    """The file's lines that hold something, with their numbers, and the faults met in them."""

    file: str
    lines: list[tuple[int, list[str]]]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, value: str, expected: Text, remedy: Text = _REWRITE) -> None:
        self.faults.append(Fault(expected, remedy, self.file, f"line {line}", value))

    def figures(self, at: int, names: tuple[str, ...]) -> NDArray[np.float64]:
        """Return the figures of a line; zeros, with the fault kept, where it does not hold them."""
        line, words = self.lines[at]
        if len(words) != len(names):
            self.fault(line, " ".join(words), same(" ".join(names)))
            return np.zeros(len(names))
        figures = np.zeros(len(names))
        for place, (name, word) in enumerate(zip(names, words, strict=True)):
            figures[place] = self._figure(line, name, word)
        return figures

    def _figure(self, line: int, name: str, word: str) -> float:
        try:
            figure = float(word)
        except ValueError:
            figure = np.nan
        fits = np.isfinite(figure) and (figure >= 0.0 or name in _ANY_SIGN)
        if fits and name in _WHOLE:
            fits = figure == np.floor(figure)
        if not fits:
            self.fault(
                line,
                word,
                Text(f"{name} : un nombre fini non négatif", f"{name}: a finite number from 0")
                if name not in _WHOLE
                else Text(f"{name} : un nombre entier", f"{name}: a whole number"),
            )
            return 0.0
        return float(figure)

    def raise_any(self) -> None:
        if self.faults:
            raise DataError(*self.faults)


def read_instance(path: Path) -> Instance:
    """Return the instance written in a file.

    Raises
    ------
    DataError
        File absent or not text, lines too many or too few, figures missing or not numbers, a stock
        above its room or below its least; names the line.
    """
    reader = _Reader(str(path), _lines(path))
    if not reader.lines:
        reader.fault(1, "", same(" ".join(_HEAD)))
        reader.raise_any()
    count, periods, capacity, vehicles = reader.figures(0, _HEAD)
    reader.raise_any()
    least = (("n", count, 2), ("H", periods, 1), ("K", vehicles, 1))
    for name, figure, low in least:
        if figure < low:
            reader.fault(reader.lines[0][0], f"{figure:g}", same(f"{name} >= {low}"))
    reader.raise_any()
    if len(reader.lines) != int(count) + 1:
        wanted = int(count)
        reader.fault(
            reader.lines[-1][0],
            str(len(reader.lines) - 1),
            Text(
                f"{wanted} lignes après la première : 1 fournisseur et {wanted - 1} clients",
                f"{wanted} lines after the first: 1 supplier and {wanted - 1} customers",
            ),
            Text("complétez le fichier ou corrigez n", "complete the file or correct n"),
        )
        reader.raise_any()
    supplier = reader.figures(1, _SUPPLIER)
    customers = np.array([reader.figures(at, _CUSTOMER) for at in range(2, int(count) + 1)])
    reader.raise_any()
    _check(reader, supplier, customers)
    _, x, y, stock, room, low, demand, holding = customers.T
    return Instance(
        rounded_euclid(np.append(supplier[1], x), np.append(supplier[2], y)),
        int(periods),
        int(vehicles),
        float(capacity),
        float(supplier[3]),
        float(supplier[4]),
        float(supplier[5]),
        stock,
        room,
        low,
        demand,
        holding,
    )


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            Fault(
                file=str(path),
                value=type(error).__name__,
                expected=Text("un fichier texte lisible", "a readable text file"),
                remedy=Text("vérifiez le chemin et le fichier", "check the path and the file"),
            )
        ) from error
    numbered = enumerate(text.splitlines(), start=1)
    return [(line, words) for line, words in ((n, row.split()) for n, row in numbered) if words]


def _check(reader: _Reader, supplier: NDArray[np.float64], customers: NDArray[np.float64]) -> None:
    """Refuse identifiers out of order and stocks outside their bounds."""
    rows = [supplier, *customers]
    for at, row in enumerate(rows):
        if int(row[0]) != at:
            reader.fault(reader.lines[at + 1][0], f"{row[0]:g}", same(f"id {at}"))
    for at, row in enumerate(customers, start=2):
        stock, room, least = row[3:6]
        if not least <= stock <= room:
            reader.fault(reader.lines[at][0], f"{least:g} {stock:g} {room:g}", same("L <= I0 <= U"))
    reader.raise_any()
