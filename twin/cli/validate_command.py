"""`run.py validate SCENARIO`: every fault of a scenario, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang


def validate(
    scenario: Annotated[Path, typer.Argument(help=say("fichier .toml", ".toml file"))],
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Dire tout ce qui ne va pas dans un scénario, sans rien lancer."""
    from twin.scenario import load_scenario
    from twin.world import compose

    loaded = load_scenario(scenario)
    for option in loaded.options:
        for model in compose(loaded, option.id):
            model.check()
    summary = {
        "scenario": str(scenario),
        "options": [option.id for option in loaded.options],
        "assumptions": len(loaded.assumptions),
        "digest": loaded.digest,
    }
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    french = lang is Lang.FR
    typer.echo(
        f"{scenario} : valide ({len(loaded.options)} options, {len(loaded.assumptions)} hypothèses)"
        if french
        else f"{scenario}: valid ({len(loaded.options)} options, "
        f"{len(loaded.assumptions)} assumptions)"
    )
