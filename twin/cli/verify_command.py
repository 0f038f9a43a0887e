"""`run.py verify`: every known value beside what this code gives."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "verify",
        help=say(
            "Comparer le calcul à toutes les valeurs connues, sources à l'appui.",
            "Compare the computation with every known value, sources given.",
        ),
    )(verify)


def verify(
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help=say("un module, répétable", "one module, repeatable")),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Print the table of oracles; exit 1 where one does not hold."""
    from twin.report.aligned import aligned
    from twin.study import verified

    found = verified.verify(only or ())
    if as_json:
        typer.echo(json.dumps(verified.as_json(found), ensure_ascii=False, indent=1))
    else:
        for line in aligned(verified.oracle_table(found), lang):
            typer.echo(line)
        typer.echo("")
        typer.echo(verified.summary_text(found).say(lang))
    if found.failed:
        raise typer.Exit(1)
