"""`run.py validate SCENARIO`: every fault of a scenario, and nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "validate",
        help=say(
            "Dire tout ce qui ne va pas dans un scénario, sans rien lancer.",
            "Say everything that is wrong with a scenario, and run nothing.",
        ),
    )(validate)


def validate(
    scenario: Annotated[Path, typer.Argument(help=say("fichier .toml", ".toml file"))],
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Check a scenario and every table it names; notices go to standard error."""
    from twin.scenario import load_scenario
    from twin.study.check import compose_checked

    loaded = load_scenario(scenario)
    _, notices = compose_checked(loaded)
    for notice in notices:
        tell(notice, lang)
    if as_json:
        summary = {
            "scenario": str(scenario),
            "options": [option.id for option in loaded.options],
            "assumptions": len(loaded.assumptions),
            "digest": loaded.digest,
            "notices": [notice.say(lang) for notice in notices],
        }
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    options, assumptions = len(loaded.options), len(loaded.assumptions)
    sound = Text(
        f"{scenario} : valide ({options} options, {assumptions} hypothèses)",
        f"{scenario}: valid ({options} options, {assumptions} assumptions)",
    )
    typer.echo(sound.say(lang))


def tell(notice: Text, lang: Lang) -> None:
    """Print one notice on the input for the person, beside the results."""
    said = Text(f"avis : {notice.fr}", f"notice: {notice.en}")
    print(said.say(lang), file=sys.stderr)  # noqa: T201 - for the person, not for a pipe
