"""`run.py study SCENARIO`: the main job, from a scenario file to a report."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.errors import Fault, InputError
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
    scenario: Annotated[Path, typer.Argument(help=say("fichier .toml", ".toml file"))],
    quick: Annotated[
        bool,
        typer.Option("--quick", help=say("moins de compteurs et de tirages", "fewer meters, dice")),
    ] = False,
    workers: Annotated[
        int,
        typer.Option(
            "--workers",
            min=0,
            help=say("processus (0 : dans celui-ci)", "processes (0: in this one)"),
        ),
    ] = os.cpu_count() or 1,
    cluster: Annotated[
        str,
        typer.Option(
            "--cluster",
            help=say("ordonnanceur Dask, tcp://hôte:port", "Dask scheduler, tcp://host:port"),
        ),
    ] = "",
    scheduler_file: Annotated[
        Path | None,
        typer.Option(
            "--scheduler-file",
            help=say("fichier écrit par un ordonnanceur Dask", "file a Dask scheduler wrote"),
        ),
    ] = None,
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
    results: Annotated[
        Path, typer.Option("--results", help=say("dossier des résultats", "folder of results"))
    ] = Path("results"),
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Play a study and say where its report is.

    Raises
    ------
    InputError
        Bad input; nothing was written.
    """
    _check_folder(results)
    _check_one_place(cluster, scheduler_file)
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


def _check_one_place(cluster: str, scheduler_file: Path | None) -> None:
    if cluster and scheduler_file is not None:
        raise InputError(
            Fault(
                expected=Text("--cluster ou --scheduler-file", "--cluster or --scheduler-file"),
                remedy=Text("n'en garder qu'un", "keep one of the two"),
                key="--cluster, --scheduler-file",
                value=f"{cluster}, {scheduler_file}",
            )
        )


def _check_folder(results: Path) -> None:
    """Refuse a folder of results that is a file, before anything is computed."""
    if results.exists() and not results.is_dir():
        raise InputError(
            Fault(
                expected=Text("un dossier", "a folder"),
                remedy=Text("nommer un autre dossier", "name another folder"),
                key="--results",
                value=str(results),
            )
        )
