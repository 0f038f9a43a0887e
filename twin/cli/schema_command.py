"""`run.py schema`: the JSON schema of a scenario file, for editors and other programs."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from twin.cli.language import LangOption, say
from twin.lang import Lang


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "schema",
        help=say(
            "Écrire le schéma JSON d'un fichier de scénario.",
            "Write the JSON schema of a scenario file.",
        ),
    )(schema)


def schema(
    model: Annotated[
        list[str] | None,
        typer.Option("--model", help=say("paquet d'un modèle", "package of a model")),
    ] = None,
    link: Annotated[
        list[str] | None,
        typer.Option("--link", help=say("paquet d'un lien", "package of a link")),
    ] = None,
    lang: LangOption = Lang.FR,  # noqa: ARG001 - faults are told in it, by the application
) -> None:
    """Print one JSON schema with every section of the kernel, the utilities and the links."""
    from twin.scenario.document import document_schema

    written = document_schema(
        model or ["models.lora"], link or ["models.links", "models.lora.link"]
    )
    typer.echo(json.dumps(written, ensure_ascii=False, indent=2))
