"""One table, written for people (HTML, French CSV) and for programs (RFC 4180 CSV, JSON schema).

A :class:`Table` holds typed cells; each writer formats them. Text that a spreadsheet would take
for a formula (leading `=`, `+`, `-`, `@`, tab or carriage return) is neutralised with a leading
apostrophe in every file (OWASP, *CSV Injection* [V]); the HTML page, which computes nothing,
shows it as it is.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import numbers
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import Literal, TypeAlias

from twin.files import write_text
from twin.lang import Lang, Text
from twin.report import typography as typo

Dialect = Literal["fr", "intl"]
MISSING = "–"


class Kind(StrEnum):
    """What a column holds. A share is a fraction of 1, a euro amount in euros, a year is bare."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    SHARE = "share"
    EURO = "euro"
    DATE = "date"
    YEAR = "year"


@dataclass(frozen=True)
class Formula:
    """A live formula for a workbook, with the value it gives (what every other format shows).

    `expression` names columns between braces, on the formula's own row unless told otherwise:
    `{price}` this row, `{price:above}` every data row above, `{price:all}` every data row,
    `{price:3}` data row 3 (the first is 0), `{bpu.price:3}` another table of the workbook.

    >>> Formula("={quantity}*{price}", 1200.0).value
    1200.0
    """

    expression: str
    value: float


Cell: TypeAlias = str | int | float | dt.date | Text | Formula | None


@dataclass(frozen=True)
class Column:
    """A column, or any measured quantity: the axis of a figure is described in the same way.

    `name` is the machine name (with its unit suffix), `unit` what is printed after a value,
    `decimals` how many are shown (files keep full precision), `tax` says HT or TTC for euros.
    """

    name: str
    label: Text
    kind: Kind = Kind.TEXT
    unit: str = ""
    decimals: int | None = None
    tax: typo.Tax | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether cells align on the right."""
        return self.kind not in {Kind.TEXT, Kind.DATE}

    def heading(self, lang: Lang = Lang.FR) -> str:
        """Return the label with its unit in brackets."""
        unit = self.unit
        if self.kind is Kind.SHARE:
            unit = "%"
        elif self.kind is Kind.EURO:
            unit = typo.NBSP.join(["€", typo.TAX_WORDS[self.tax].say(lang)]) if self.tax else "€"
        label = typo.spaced(self.label.say(lang), lang)
        return f"{label} ({unit})" if unit else label

    def say(self, value: Cell, lang: Lang = Lang.FR, *, bare: bool = False) -> str:
        """Return one cell as a reader sees it; `bare` leaves out the unit (the heading has it)."""
        if isinstance(value, int | float | Formula):
            return self._amount(value.value if isinstance(value, Formula) else value, lang, bare)
        if isinstance(value, Text):
            return typo.spaced(value.say(lang), lang)
        if isinstance(value, dt.date):
            return typo.date(value, lang, short=True)
        return MISSING if value is None else value

    def _amount(self, value: float, lang: Lang, bare: bool) -> str:
        if self.kind is Kind.YEAR:
            return f"{value:.0f}"
        if self.kind is Kind.SHARE:
            text = typo.percent(value, lang, 1 if self.decimals is None else self.decimals)
            return text.removesuffix("%").removesuffix(typo.NBSP) if bare else text
        if self.kind is Kind.EURO and not bare:
            return typo.euros(value, lang, self.decimals or 0, self.tax)
        decimals = 0 if self.kind in {Kind.INTEGER, Kind.EURO} else 2
        text = typo.number(value, decimals if self.decimals is None else self.decimals, lang)
        return text if bare else typo.with_unit(text, self.unit)


@dataclass(frozen=True)
class Table:
    """A titled table of typed cells; `name` is its file stem and its sheet.

    `total` says that the last row sums the others (set in bold). Numpy scalars are turned into
    plain numbers.

    Raises
    ------
    ValueError
        On a repeated column name, a row of the wrong length, a cell that is not of its column's
        kind, or a number that is not finite: what is missing is None.
    """

    name: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text | None = None
    total: bool = False

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: repeated column name in {names}")
        rows = []
        for number, row in enumerate(self.rows):
            if len(row) != len(names):
                raise ValueError(
                    f"table {self.name}, row {number}: {len(row)} cells for {len(names)} columns"
                )
            where = f"table {self.name}, row {number}"
            rows.append(tuple(_cell(*pair, where) for pair in zip(self.columns, row, strict=True)))
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "rows", tuple(rows))


def neutral(text: str) -> str:
    """Return `text` with an apostrophe before it where a spreadsheet would compute it."""
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def to_csv(table: Table, dialect: Dialect = "fr") -> str:
    """Return the table as CSV text (the `fr` text opens with the byte-order mark).

    `fr`: French labels with units, `;`, decimal comma, JJ/MM/AAAA, shares in percent, CRLF.
    `intl`: machine names, RFC 4180, decimal point, ISO 8601 dates, shares as fractions of 1.
    """
    french = dialect == "fr"
    lang = Lang.FR if french else Lang.EN
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if french else ",", lineterminator="\r\n")
    writer.writerow(
        [neutral(column.heading(lang) if french else column.name) for column in table.columns]
    )
    for row in table.rows:
        pairs = zip(table.columns, row, strict=True)
        writer.writerow([_csv_cell(column, cell, dialect) for column, cell in pairs])
    return ("\ufeff" if french else "") + out.getvalue()


def write_csv(table: Table, path: Path, dialect: Dialect = "fr") -> Path:
    """Write :func:`to_csv` to `path`, atomically; return `path`."""
    return write_text(path, to_csv(table, dialect))


def to_html(table: Table, lang: Lang = Lang.FR, *, caption: bool = True) -> str:
    """Return an accessible HTML table: caption, header scopes, numbers on the right.

    The first column heads its row (RGAA 4.1, 5.6 and 5.7). With `caption` off the title is still
    there for assistive technologies, as when a heading just above already shows it.
    """
    hidden = "" if caption else ' class="sr-only"'
    title = escape(typo.spaced(table.title.say(lang), lang))
    heads = "".join(
        f'<th scope="col"{_align(column)}>{escape(column.heading(lang))}</th>'
        for column in table.columns
    )
    body = "\n".join(
        _html_row(table, row, lang, total=table.total and number == len(table.rows) - 1)
        for number, row in enumerate(table.rows)
    )
    note = ""
    if table.note is not None:
        text = escape(typo.spaced(table.note.say(lang), lang))
        note = f'<tfoot><tr><td colspan="{len(table.columns)}">{text}</td></tr></tfoot>'
    return (
        f"<table>\n<caption{hidden}>{title}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>{note}\n</table>"
    )


def to_schema(table: Table) -> str:
    """Return the Table Schema (specs.frictionlessdata.io [V]) of the `intl` CSV, as JSON."""
    types = {Kind.TEXT: "string", Kind.INTEGER: "integer", Kind.DATE: "date", Kind.YEAR: "year"}
    fields = [
        {
            "name": column.name,
            "type": types.get(column.kind, "number"),
            "title": column.label.en,
            "description": column.label.fr,
            "unit": "1" if column.kind is Kind.SHARE else column.unit or None,
        }
        for column in table.columns
    ]
    schema = {"name": table.name, "title": table.title.en, "fields": fields, "missingValues": [""]}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _cell(column: Column, value: Cell, where: str) -> Cell:
    """Return `value` as a plain Python value of the column's kind."""
    if value is None or (isinstance(value, Formula) and column.is_numeric):
        return value
    if column.kind is Kind.TEXT and isinstance(value, str | Text):
        return value
    if column.kind is Kind.DATE and isinstance(value, dt.date):
        return value
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if column.is_numeric and is_number and math.isfinite(float(value)):  # type: ignore[arg-type]
        if column.kind not in {Kind.INTEGER, Kind.YEAR}:
            return float(value)  # type: ignore[arg-type]
        if float(value).is_integer():  # type: ignore[arg-type]
            return int(value)  # type: ignore[arg-type]
    raise ValueError(f"{where}, column {column.name}: {value!r} is not of kind {column.kind}")


def _csv_cell(column: Column, value: Cell, dialect: Dialect) -> str:
    french = dialect == "fr"
    if value is None:
        return ""
    if isinstance(value, Text):
        return neutral(value.say(Lang.FR if french else Lang.EN))
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y") if french else value.isoformat()
    amount = value.value if isinstance(value, Formula) else value
    if french and column.kind is Kind.SHARE:
        amount = round(amount * 100, 10)  # hides the binary noise of x 100
    if isinstance(amount, float) and amount.is_integer():
        amount = int(amount)
    text = repr(amount)
    return text.replace(".", ",") if french else text


def _align(column: Column) -> str:
    return ' class="num"' if column.is_numeric else ""


def _html_row(table: Table, row: tuple[Cell, ...], lang: Lang, *, total: bool) -> str:
    cells = []
    for number, (column, value) in enumerate(zip(table.columns, row, strict=True)):
        text = escape(column.say(value, lang, bare=True))
        if number == 0:
            cells.append(f'<th scope="row"{_align(column)}>{text}</th>')
        else:
            cells.append(f"<td{_align(column)}>{text}</td>")
    style = ' class="total"' if total else ""
    return f"<tr{style}>{''.join(cells)}</tr>"
