"""`run.py schema`: the JSON schema of every section a scenario may hold."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from twin.cli.language import say


def schema(
    model: Annotated[
        str, typer.Option("--model", help=say("paquet du modèle", "package of the model"))
    ] = "models.lora",
) -> None:
    """Écrire le schéma JSON des sections d'un scénario."""
    import importlib

    from twin.scenario import schema as own

    sections = {
        "study": own.StudySection,
        "territory": own.TerritorySection,
        "money": own.MoneySection,
        "assumptions": own.AssumptionsSection,
        "option": own.OptionHead,
        model.rsplit(".", 1)[-1]: importlib.import_module(f"{model}.settings").Settings,
    }
    written = {name: section.model_json_schema() for name, section in sections.items()}
    typer.echo(json.dumps(written, ensure_ascii=False, indent=2))
