"""An Excel workbook of several tables: typed cells, live formulas, a first sheet that explains.

Number formats are written in Excel's own invariant codes, which it shows with the reader's
separators. Text a spreadsheet would compute is neutralised as in the CSV files; INSEE codes stay
text. Dates inside the file are fixed, so the same tables give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from twin.files import replacing
from twin.lang import Lang, Text
from twin.report import typography as typo
from twin.report.tables import Cell, Column, Formula, Kind, Table, neutral

CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
TITLE_ROWS = 2  # the title, then the headings
SHEET_NAME_MAX = 31
WIDEST = 46
README = Text("Lisez-moi", "Read me")
PLACE = re.compile(r"\{(?:(?P<table>\w[\w-]*)\.)?(?P<column>\w+)(?::(?P<rows>all|above|\d+))?\}")


def write_workbook(
    path: Path,
    tables: Sequence[Table],
    lang: Lang = Lang.FR,
    *,
    readme: Sequence[tuple[Text, Text]] = (),
    title: Text | None = None,
) -> Path:
    """Write the tables, one sheet each, after a `Lisez-moi` sheet of `readme` (label, value) lines.

    Atomic: `path` appears whole or stays as it was. Returns `path`.

    Raises
    ------
    ValueError
        If two tables share a name, or a formula names a table, column or row that is not there.
    """
    import xlsxwriter

    sheets = {table.name: sheet_name(table.name) for table in tables}
    if len({name.lower() for name in sheets.values()}) != len(tables):
        raise ValueError(f"two tables share a sheet name: {sorted(sheets.values())}")
    with replacing(path) as scratch:
        book = xlsxwriter.Workbook(
            scratch, {"strings_to_formulas": False, "strings_to_urls": False}
        )
        heading = (title or README).say(lang)
        book.set_properties({"title": heading, "created": CREATED.replace(tzinfo=None)})
        formats = _formats(book)
        _write_readme(book, formats, heading, readme, tables, sheets, lang)
        by_name = {table.name: table for table in tables}
        for table in tables:
            _write_table(book.add_worksheet(sheets[table.name]), table, by_name, formats, lang)
        book.close()
    return path


def sheet_name(name: str) -> str:
    """Return a name Excel accepts: 31 characters at most, no bracket, colon, star or slash."""
    return re.sub(r"[\[\]:*?/\\]", "-", name)[:SHEET_NAME_MAX]


def resolve(
    expression: str, table: Table, row: int, tables: Mapping[str, Table] | None = None
) -> str:
    """Return a formula with its `{column}` places turned into cell addresses.

    Places are those of :class:`~twin.report.tables.Formula`; `row` is the formula's data row.

    Raises
    ------
    ValueError
        If a place names a table, column or row that is not there.
    """

    def address(match: re.Match[str]) -> str:
        there = match["table"]
        target = table if there is None else (tables or {}).get(there)
        names = [column.name for column in target.columns] if target else []
        rows = match["rows"]
        last = len(target.rows) - 1 - target.total if target else -1
        beyond = (rows or "").isdigit() and target is not None and int(rows) >= len(target.rows)
        if target is None or match["column"] not in names or beyond:
            raise ValueError(f"table {table.name}, row {row}: nothing at {match[0]}")
        letter = _letters(names.index(match["column"]))
        sheet = f"'{sheet_name(target.name)}'!" if there else ""
        first = TITLE_ROWS + 1
        if rows == "all":
            return f"{sheet}{letter}${first}:{letter}${first + last}"
        if rows == "above":
            return f"{sheet}{letter}${first}:{letter}{first + row - 1}"
        return f"{sheet}{letter}{first + (int(rows) if rows else row)}"

    return PLACE.sub(address, expression)


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B3A5E", "text_wrap": True}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 14, "font_color": "#0B3A5E"}),
        "head": book.add_format({**base, **head, "valign": "vcenter"}),
        "bold": book.add_format({**base, "bold": True}),
        "wrap": book.add_format({**base, "text_wrap": True}),
        "book": book,
        "base": base,
    }


def number_format(column: Column) -> str:
    """Return the Excel format code of a column."""
    if column.kind is Kind.DATE:
        return "dd/mm/yyyy"
    if column.kind in {Kind.TEXT, Kind.YEAR}:
        return "@" if column.kind is Kind.TEXT else "0"
    default = {Kind.INTEGER: 0, Kind.EURO: 0, Kind.SHARE: 1}.get(column.kind, 2)
    decimals = default if column.decimals is None else column.decimals
    tail = "." + "0" * decimals if decimals else ""
    if column.kind is Kind.SHARE:
        return f"0{tail}%"
    return f"#,##0{tail}" + (' "€"' if column.kind is Kind.EURO else "")


def _write_readme(
    book: Any,
    formats: dict[str, Any],
    heading: str,
    readme: Sequence[tuple[Text, Text]],
    tables: Sequence[Table],
    sheets: Mapping[str, str],
    lang: Lang,
) -> None:
    sheet = book.add_worksheet(README.say(lang))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 95)
    sheet.write_string(0, 0, neutral(heading), formats["title"])
    row = 2
    for label, value in readme:
        sheet.write_string(row, 0, _said(label, lang), formats["bold"])
        sheet.write_string(row, 1, _said(value, lang), formats["wrap"])
        row += 1
    row += 1
    sheet.write_string(row, 0, Text("Feuille", "Sheet").say(lang), formats["head"])
    sheet.write_string(row, 1, Text("Contenu", "Content").say(lang), formats["head"])
    for table in tables:
        row += 1
        link = f"internal:'{sheets[table.name]}'!A1"
        sheet.write_url(row, 0, link, string=sheets[table.name])
        sheet.write_string(row, 1, _said(table.title, lang), formats["wrap"])


def _write_table(
    sheet: Any,
    table: Table,
    tables: Mapping[str, Table],
    formats: dict[str, Any],
    lang: Lang,
) -> None:
    sheet.write_string(0, 0, _said(table.title, lang), formats["title"])
    last = len(table.columns) - 1
    for index, column in enumerate(table.columns):
        sheet.write_string(1, index, neutral(column.heading(lang)), formats["head"])
        sheet.set_column(index, index, _width(table, index, lang))
        for bold in {False, table.total}:
            code = {"num_format": number_format(column), "bold": bold}
            formats[f"{index} {bold}"] = formats["book"].add_format({**formats["base"], **code})
        for row, cells in enumerate(table.rows):
            is_total = table.total and row == len(table.rows) - 1
            shown = formats[f"{index} {is_total}"]
            value = cells[index]
            if isinstance(value, Formula):
                formula = resolve(value.expression, table, row, tables)
                sheet.write_formula(row + TITLE_ROWS, index, formula, shown, value.value)
            else:
                _write_cell(sheet, row + TITLE_ROWS, index, value, shown, lang)
    body = len(table.rows) - table.total
    sheet.freeze_panes(TITLE_ROWS, 1)
    sheet.autofilter(1, 0, max(1, body + 1), last)
    sheet.repeat_rows(1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if table.note is not None:
        sheet.write_string(len(table.rows) + TITLE_ROWS + 1, 0, _said(table.note, lang))


def _write_cell(sheet: Any, row: int, column: int, value: Cell, shown: Any, lang: Lang) -> None:
    if value is None:
        sheet.write_blank(row, column, None, shown)
    elif isinstance(value, Text):
        sheet.write_string(row, column, _said(value, lang), shown)
    elif isinstance(value, str):
        sheet.write_string(row, column, neutral(value), shown)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), shown)  # noqa: DTZ001 - a calendar day has no time zone
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, shown)


def _said(text: Text, lang: Lang) -> str:
    return neutral(typo.spaced(text.say(lang), lang))


def _width(table: Table, index: int, lang: Lang) -> float:
    column = table.columns[index]
    heading = max((len(word) for word in column.heading(lang).split()), default=0) + 4
    body = max((len(column.say(row[index], lang)) for row in table.rows), default=0)
    return float(min(WIDEST, max(9, heading, body + 2)))


def _letters(index: int) -> str:
    """Return the letters of a column counted from 0: A, B, ..., Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
