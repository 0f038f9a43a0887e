"""Options that several commands share: where runs are played and where results stand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.language import say
from twin.errors import Fault, InputError
from twin.lang import Text

RESULTS = Path("results")
CORES = os.cpu_count() or 1

ScenarioArgument = Annotated[Path, typer.Argument(help=say("fichier .toml", ".toml file"))]
ResultsOption = Annotated[
    Path, typer.Option("--results", help=say("dossier des résultats", "folder of results"))
]
WorkersOption = Annotated[
    int,
    typer.Option(
        "--workers",
        min=0,
        help=say("processus (0 : dans celui-ci)", "processes (0: in this one)"),
    ),
]
ClusterOption = Annotated[
    str,
    typer.Option(
        "--cluster",
        help=say("ordonnanceur Dask, tcp://hôte:port", "Dask scheduler, tcp://host:port"),
    ),
]
SchedulerFileOption = Annotated[
    Path | None,
    typer.Option(
        "--scheduler-file",
        help=say("fichier écrit par un ordonnanceur Dask", "file a Dask scheduler wrote"),
    ),
]


def check_one_place(cluster: str, scheduler_file: Path | None) -> None:
    """Refuse a cluster named twice."""
    if cluster and scheduler_file is not None:
        raise InputError(
            Fault(
                expected=Text("--cluster ou --scheduler-file", "--cluster or --scheduler-file"),
                remedy=Text("n'en garder qu'un", "keep one of the two"),
                key="--cluster, --scheduler-file",
                value=f"{cluster}, {scheduler_file}",
            )
        )


def check_folder(results: Path) -> None:
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
