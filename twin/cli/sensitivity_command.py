"""`run.py sensitivity SCENARIO`: Sobol's indices or Morris's effects of the assumptions."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.cli.run_options import (
    CORES,
    RESULTS,
    ClusterOption,
    ResultsOption,
    ScenarioArgument,
    SchedulerFileOption,
    WorkersOption,
    check_folder,
    check_one_place,
)
from twin.lang import Lang, Text


class Method(StrEnum):
    """How the spread is shared out."""

    SOBOL = "sobol"
    MORRIS = "morris"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "sensitivity",
        help=say(
            "Partager l'incertitude du résultat entre les hypothèses (Sobol, Morris).",
            "Share the spread of the result among the assumptions (Sobol, Morris).",
        ),
    )(sensitivity)


def sensitivity(  # noqa: PLR0917 - Typer makes each argument an option
    scenario: ScenarioArgument,
    method: Annotated[Method, typer.Option("--method", help="sobol, morris")] = Method.SOBOL,
    rows: Annotated[
        int,
        typer.Option(
            "--rows",
            help=say(
                "n des n (d + 2) simulations de Sobol, puissance de 2 ; trajectoires de Morris",
                "n of Sobol's n (d + 2) runs, a power of 2; trajectories of Morris",
            ),
        ),
    ] = 64,
    option: Annotated[
        str, typer.Option("--option", help=say("id de l'option", "option's id"))
    ] = "",
    kpi: Annotated[
        str, typer.Option("--kpi", help=say("indicateur du territoire entier", "outcome"))
    ] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help=say("de l'étude rapide", "of the quick study"))
    ] = False,
    workers: WorkersOption = CORES,
    cluster: ClusterOption = "",
    scheduler_file: SchedulerFileOption = None,
    results: ResultsOption = RESULTS,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Play the design and print what it found; the table is written beside the study's own."""
    check_folder(results)
    check_one_place(cluster, scheduler_file)
    from twin.cli.validate_command import tell
    from twin.report.aligned import aligned
    from twin.report.tables import Dialect, write_csv
    from twin.study.conduct import Request
    from twin.study.progress import make_progress
    from twin.study.recipe import mute
    from twin.study.variance import Asked, spread_of
    from twin.study.variance_report import spread_json, spread_table, spread_text

    found = spread_of(
        scenario,
        Asked(method.value, rows, option, kpi),
        Request(
            quick=quick,
            workers=workers,
            lang=lang,
            results=results,
            cluster=cluster,
            scheduler_file=scheduler_file,
        ),
        make_progress(lang),
        mute,
        lambda notice: tell(notice, lang),
    )
    table = spread_table(found)
    dialect: Dialect = "fr" if lang is Lang.FR else "intl"
    path = write_csv(table, found.folder / "tables" / f"{table.name}.csv", dialect)
    if as_json:
        typer.echo(json.dumps(spread_json(found), ensure_ascii=False, indent=1))
        return
    for line in aligned(table, lang):
        typer.echo(line)
    typer.echo("")
    typer.echo(spread_text(found).say(lang))
    print(Text(f"Table : {path}", f"Table: {path}").say(lang), file=sys.stderr)  # noqa: T201 - beside the numbers
