"""`run.py study SCENARIO`: the main job, from a scenario file to a report."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang


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
    results: Annotated[
        Path, typer.Option("--results", help=say("dossier des résultats", "folder of results"))
    ] = Path("results"),
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Jouer une étude : options x réplications, puis le rapport."""
    from twin.study.conduct import Request, conduct
    from twin.study.progress import make_progress

    request = Request(
        quick=quick,
        workers=workers,
        lang=lang,
        results=results,
        command=shlex.join(["run.py", *sys.argv[1:]]),
    )

    def tell(what: str, share: float) -> None:
        if share in (0.0, 1.0):
            mark = "…" if share == 0.0 else " ✓"
            print(f"{what}{mark}", file=sys.stderr)  # noqa: T201 - progress is for the person

    run = conduct(scenario, request, make_progress(lang), tell)
    report = run.folder / "report.html"
    if as_json:
        typer.echo((run.folder / "summary.json").read_text(encoding="utf-8"))
        return
    summary = json.loads((run.folder / "summary.json").read_text(encoding="utf-8"))
    typer.echo(summary["headline"][lang.value])
    typer.echo(f"{say('Rapport', 'Report')} : {report}")
