"""`run.py query "select ..."`: SQL over every result of every study."""

from __future__ import annotations

import csv
import json
import sys
from typing import Annotated, Any

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.cli.run_options import RESULTS, ResultsOption
from twin.lang import Lang, Text

MOST_SHOWN = 200


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "query",
        help=say(
            "Interroger tous les résultats en SQL (DuckDB) : tables results, runs, studies.",
            "Ask all results in SQL (DuckDB): tables results, runs, studies.",
        ),
    )(query)


def query(
    sql: Annotated[str, typer.Argument(help=say("requête SQL", "SQL query"))],
    results: ResultsOption = RESULTS,
    as_csv: Annotated[bool, typer.Option("--csv", help=say("en CSV", "as CSV"))] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Print what the query gives: a table, CSV, or one JSON object a row."""
    from twin.study.shelf import ask

    names, rows = ask(results, sql)
    if as_json:
        told = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
        return
    for line in _lines(names, rows[:MOST_SHOWN]):
        typer.echo(line)
    if len(rows) > MOST_SHOWN:
        more = len(rows) - MOST_SHOWN
        rest = Text(f"… et {more} lignes : --csv ou --json", f"… and {more} rows: --csv or --json")
        typer.echo(rest.say(lang))


def _lines(names: list[str], rows: list[tuple[Any, ...]]) -> list[str]:
    """Return the rows as the database has them, aligned; figures are for reading on, not prose."""
    texts = [names, *([_text(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in texts
    ]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.10g}" if isinstance(cell, float) else " ".join(str(cell).split())


def _plain(cell: Any) -> Any:
    """Return a cell as JSON takes it: NaN and infinity become null, dates their text."""
    if isinstance(cell, float):
        return cell if cell - cell == 0.0 else None
    return cell if cell is None or isinstance(cell, bool | int | str) else str(cell)
