"""One reader for every table a planner edits: declared columns in, checked arrays out.

Declare each column once (:class:`Column`: kind, bounds, default); :func:`read_table` finds the
dialect, checks everything, and raises one DataError that lists every fault.

>>> columns = {"insee": Column(Kind.TEXT, unique=True), "height_m": Column(minimum=0.0)}
>>> table = read_table(Path("masts.csv"), columns)              # doctest: +SKIP
>>> table.numbers("height_m")                                   # doctest: +SKIP
array([35., 42.])
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.cells import Cells, raise_all, read_cells, shorten
from twin.errors import Fault
from twin.lang import Text
from twin.units import SUFFIXES

FLAGS = {
    "oui": True, "yes": True, "vrai": True, "true": True, "1": True,
    "non": False, "no": False, "faux": False, "false": False, "0": False,
}  # fmt: skip
OTHER_UNITS = (
    "_mm", "_cm", "_dm", "_ft", "_feet", "_hm", "_ha", "_m2", "_ms", "_min", "_minutes",
    "_khz", "_ghz", "_w", "_kw", "_mw", "_wh", "_keur", "_meur", "_euros", "_pct", "_percent",
    "_rad", "_l", "_m3",
)  # fmt: skip
NEAR = 0.75  # difflib ratio above which a name is taken for a misspelling
INTEGER_LIMIT = 2.0**53


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    FLAG = "flag"


@dataclass(frozen=True)
class Column:
    """What a column must hold.

    `minimum` and `maximum` are inclusive. A column with a `default` is optional: the default
    stands for an absent column and for an empty cell (NaN is a fair default for numbers); without
    one both are faults. `unique` forbids repeated values. `choices` and `pattern` (a regular
    expression the whole cell must match) restrict texts; `expected` says the pattern in words.
    """

    kind: Kind = Kind.NUMBER
    minimum: float = -math.inf
    maximum: float = math.inf
    default: str | float | bool | None = None
    unique: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    expected: Text | None = None

    def say(self) -> Text:
        """Return what a cell must hold, in words."""
        if self.expected is not None:
            return self.expected
        if self.choices:
            choices = ", ".join(self.choices)
            return Text(f"l'un de {choices}", f"one of {choices}")
        words = {
            Kind.TEXT: Text("un texte", "a text"),
            Kind.NUMBER: Text("un nombre", "a number"),
            Kind.INTEGER: Text("un entier", "an integer"),
            Kind.FLAG: Text("oui ou non", "yes or no"),
        }[self.kind]
        low, high = math.isfinite(self.minimum), math.isfinite(self.maximum)
        a, b = f"{self.minimum:g}", f"{self.maximum:g}"
        if low and high:
            return Text(f"{words.fr} entre {a} et {b}", f"{words.en} between {a} and {b}")
        if low:
            return Text(f"{words.fr} supérieur ou égal à {a}", f"{words.en} of at least {a}")
        if high:
            return Text(f"{words.fr} inférieur ou égal à {b}", f"{words.en} of at most {b}")
        return words


Values: TypeAlias = list[str] | NDArray[np.float64] | NDArray[np.int64] | NDArray[np.bool_]


@dataclass(frozen=True)
class Table:
    """A checked table: one list or array per declared column, all of the same length.

    `places` says where each row stands in the file (`l. 12`), for later faults; `shown` what the
    file calls a column that has another name there.
    """

    file: str
    values: dict[str, Values]
    places: list[str]
    shown: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.places)

    def texts(self, name: str) -> list[str]:
        """Return a text column."""
        values = self.values[name]
        assert isinstance(values, list), name  # noqa: S101 - the caller declared the kind
        return values

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a number column as float64, shape (rows,)."""
        return np.asarray(self.values[name], dtype=np.float64)

    def integers(self, name: str) -> NDArray[np.int64]:
        """Return an integer column as int64, shape (rows,)."""
        return np.asarray(self.values[name], dtype=np.int64)

    def flags(self, name: str) -> NDArray[np.bool_]:
        """Return a yes/no column as bool, shape (rows,)."""
        return np.asarray(self.values[name], dtype=np.bool_)

    def renamed(self, named: Mapping[str, str]) -> Table:
        """Return the table under the caller's names; `named` gives the file's of those that differ.

        Faults go on naming the file's own columns.
        """
        own = {theirs: name for name, theirs in named.items()}
        values = {own.get(name, name): column for name, column in self.values.items()}
        return Table(self.file, values, self.places, dict(named))

    def fault(self, row: int, name: str, value: str, expected: Text, remedy: Text) -> Fault:
        """Return a fault that points at one cell."""
        return Fault(
            file=self.file,
            key=f"{self.places[row]}, col. {self.shown.get(name, name)}",
            value=shorten(value),
            expected=expected,
            remedy=remedy,
        )


def read_table(
    path: Path | str, columns: Mapping[str, Column], *, allow_extra: bool = False
) -> Table:
    """Read a CSV table and check every cell of the declared columns.

    Parameters
    ----------
    path
        A UTF-8 CSV file, French (`;`, decimal comma) or international (`,`, decimal point).
    columns
        The declared columns by name.
    allow_extra
        Let undeclared columns pass unread, except those that look like a misspelling or another
        unit of a declared column that is absent.

    Raises
    ------
    DataError
        Once, with every fault: unreadable file, wrong encoding or separator, missing, unknown or
        misspelled columns, wrong unit, cells that are not numbers, out of bounds or repeated.
    """
    known = {name.lower() for name in columns}
    return check_cells(read_cells(Path(path), known), columns, allow_extra=allow_extra)


def check_cells(cells: Cells, columns: Mapping[str, Column], *, allow_extra: bool = False) -> Table:
    """Check cells against declared columns and convert them; see :func:`read_table`."""
    faults = check_names(cells, columns, allow_extra=allow_extra)
    values: dict[str, Values] = {}
    for name, column in columns.items():
        if name in cells.columns:
            values[name] = _convert(cells, name, column, faults)
        elif column.default is not None:
            values[name] = _filled(column, len(cells))
    raise_all(faults)
    return Table(file=cells.file, values=values, places=list(cells.places))


def check_names(
    cells: Cells, columns: Mapping[str, Column], *, allow_extra: bool = False
) -> list[Fault]:
    """Return a fault for each missing, unknown, misspelled or wrongly united column name."""
    absent = [name for name in columns if name not in cells.columns]
    unknown = [name for name in cells.columns if name not in columns]
    faults: list[Fault] = []
    explained: set[str] = set()
    for name in unknown:
        other_unit = next((a for a in absent if _stem(a) == _stem(name)), None)
        near = _nearest(name, absent)
        if other_unit is not None and other_unit.lower() != name.lower():
            explained.add(other_unit)
            faults.append(_unit_fault(cells.file, name, other_unit))
        elif near is not None:
            explained.add(near)
            faults.append(_name_fault(cells.file, name, near))
        elif not allow_extra:
            faults.append(_name_fault(cells.file, name, _nearest(name, list(columns), 0.0)))
    faults.extend(
        Fault(
            file=cells.file,
            key=f"col. {name}",
            expected=Text("cette colonne, absente", "this column, which is absent"),
            remedy=Text(
                f"ajoutez-la : {columns[name].say().fr}", f"add it: {columns[name].say().en}"
            ),
        )
        for name in absent
        if columns[name].default is None and name not in explained
    )
    return faults


def _nearest(name: str, names: Collection[str], cutoff: float = NEAR) -> str | None:
    lower = {known.lower(): known for known in names}
    found = difflib.get_close_matches(name.lower().replace(" ", "_"), lower, n=1, cutoff=cutoff)
    return lower[found[0]] if found else None


def _stem(name: str) -> str:
    """Return a column's name without its unit."""
    lower = name.lower()
    matches = [s for s in (*SUFFIXES, *OTHER_UNITS) if lower.endswith(s)]
    return lower.removesuffix(max(matches, key=len)) if matches else lower


def _unit_fault(file: str, met: str, wanted: str) -> Fault:
    return Fault(
        file=file,
        key=f"col. {shorten(met)}",
        value=shorten(met),
        expected=Text(
            f"la colonne {wanted}, dans l'unité que dit son nom",
            f"the column {wanted}, in the unit its name says",
        ),
        remedy=Text(
            f"unité fausse ou absente : convertissez les valeurs et renommez en {wanted}",
            f"wrong or missing unit: convert the values and rename to {wanted}",
        ),
    )


def _name_fault(file: str, met: str, near: str | None) -> Fault:
    remedy = Text("ôtez cette colonne", "remove this column")
    if near is not None:
        remedy = Text(
            f"vouliez-vous dire « {near} » ? sinon ôtez cette colonne",
            f"did you mean '{near}'? otherwise remove this column",
        )
    return Fault(
        file=file,
        key=f"col. {shorten(met)}",
        value=shorten(met),
        expected=Text("un nom de colonne connu", "a known column name"),
        remedy=remedy,
    )


def _filled(column: Column, rows: int) -> Values:
    """Return a whole column of the default."""
    if column.kind is Kind.TEXT:
        return [str(column.default)] * rows
    if column.kind is Kind.FLAG:
        return np.full(rows, bool(column.default), dtype=np.bool_)
    if column.kind is Kind.INTEGER:
        return np.full(rows, int(column.default or 0), dtype=np.int64)
    return np.full(rows, float(column.default or 0.0), dtype=np.float64)


def _convert(cells: Cells, name: str, column: Column, faults: list[Fault]) -> Values:
    """Convert one column, appending a fault for each cell that cannot be what was declared."""
    texts = cells.columns[name]
    bad: dict[int, Text] = {}
    values: Values
    if column.kind is Kind.TEXT:
        values = _texts(texts, column, bad)
    elif column.kind is Kind.FLAG:
        values = _flags(texts, column, bad)
    else:
        values = _numbers(texts, column, bad, decimal_comma=cells.decimal_comma)
    if column.unique:
        _check_unique(texts, cells.places, bad)
    remedy = Text("corrigez la cellule", "mend the cell")
    faults.extend(
        Fault(
            file=cells.file,
            key=f"{cells.places[row]}, col. {name}",
            value=shorten(texts[row]) or "∅",
            expected=expected,
            remedy=remedy,
        )
        for row, expected in sorted(bad.items())
    )
    return values


def _texts(texts: list[str], column: Column, bad: dict[int, Text]) -> list[str]:
    pattern = re.compile(column.pattern) if column.pattern else None
    for row, text in enumerate(texts):
        if not text:
            if column.default is None:
                bad[row] = column.say()
        elif (column.choices and text not in column.choices) or (
            pattern is not None and pattern.fullmatch(text) is None
        ):
            bad[row] = column.say()
    if column.default is None:
        return list(texts)
    return [text or str(column.default) for text in texts]


def _flags(texts: list[str], column: Column, bad: dict[int, Text]) -> NDArray[np.bool_]:
    values = np.full(len(texts), bool(column.default), dtype=np.bool_)
    for row, text in enumerate(texts):
        flag = FLAGS.get(text.lower())
        if flag is not None:
            values[row] = flag
        elif text or column.default is None:
            bad[row] = column.say()
    return values


def parse_number(text: str, *, decimal_comma: bool = False) -> float:
    """Return the number a cell holds, NaN where it holds none.

    Spaces between digits, also the no-break ones a French spreadsheet writes, are thousands
    separators. The words and signs Python would also take (`nan`, `inf`, `1_000`) are not numbers.
    """
    plain = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d)", "", text)
    if decimal_comma and plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", plain, re.ASCII):
        return math.nan
    value = float(plain)
    return value if math.isfinite(value) else math.nan


def _numbers(
    texts: list[str], column: Column, bad: dict[int, Text], *, decimal_comma: bool
) -> NDArray[np.float64] | NDArray[np.int64]:
    values = np.array([parse_number(text, decimal_comma=decimal_comma) for text in texts])
    with np.errstate(invalid="ignore"):
        wrong = ~((values >= column.minimum) & (values <= column.maximum))
        if column.kind is Kind.INTEGER:
            wrong |= (values != np.floor(values)) | (np.abs(values) > INTEGER_LIMIT)
    if column.default is not None:
        empty = np.array([not text for text in texts], dtype=np.bool_)
        values = np.where(empty, float(column.default), values)
        wrong &= ~empty
    bad.update((int(row), column.say()) for row in np.flatnonzero(wrong))
    if column.kind is Kind.INTEGER:
        return np.where(wrong, 0.0, values).astype(np.int64)
    return values


def _check_unique(texts: list[str], places: list[str], bad: dict[int, Text]) -> None:
    first: dict[str, int] = {}
    for row, text in enumerate(texts):
        before = first.setdefault(text, row)
        if before != row and text:
            bad[row] = Text(
                f"une valeur unique, déjà vue {places[before]}",
                f"a unique value, already seen at {places[before]}",
            )
