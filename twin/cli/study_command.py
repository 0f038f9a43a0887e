"""`run.py study SCENARIO`: the main job, from a scenario file to a report."""

from __future__ import annotations

import json
import sys
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


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "study",
        help=say(
            "Jouer une étude : options x réplications, puis le rapport.",
            "Play a study: options x replications, then the report.",
        ),
    )(study)


def study(
    scenario: ScenarioArgument,
    quick: Annotated[
        bool,
        typer.Option("--quick", help=say("moins de compteurs et de tirages", "fewer meters, dice")),
    ] = False,
    workers: WorkersOption = CORES,
    cluster: ClusterOption = "",
    scheduler_file: SchedulerFileOption = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume/--anew",
            help=say(
                "reprendre ce qui est déjà joué, ou tout refaire",
                "take up what is played already, or play everything again",
            ),
        ),
    ] = True,
    results: ResultsOption = RESULTS,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Play a study and say where its report is.

    Raises
    ------
    InputError
        Bad input; nothing was written.
    """
    check_folder(results)
    check_one_place(cluster, scheduler_file)
    from twin.cli.validate_command import tell
    from twin.study.conduct import Request, conduct
    from twin.study.manifest import command_line
    from twin.study.progress import make_progress

    request = Request(
        quick=quick,
        workers=workers,
        lang=lang,
        results=results,
        command=command_line(),
        cluster=cluster,
        scheduler_file=scheduler_file,
        anew=not resume,
    )

    def follow(what: Text | str, share: float) -> None:
        if share in (0.0, 1.0):
            said = what.say(lang) if isinstance(what, Text) else what
            mark = "…" if share == 0.0 else " ✓"
            print(f"{said}{mark}", file=sys.stderr)  # noqa: T201 - progress is for the person

    run = conduct(scenario, request, make_progress(lang), follow, lambda notice: tell(notice, lang))
    report = run.folder / "report.html"
    if as_json:
        typer.echo((run.folder / "summary.json").read_text(encoding="utf-8"))
        return
    summary = json.loads((run.folder / "summary.json").read_text(encoding="utf-8"))
    typer.echo(summary["headline"][lang.value])
    typer.echo(Text(f"Rapport : {report}", f"Report: {report}").say(lang))
