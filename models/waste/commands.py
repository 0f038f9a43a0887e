"""The single-shot calculators of waste collection."""

from __future__ import annotations

import typer

from models.waste.fit_filling_command import fit_filling
from twin.cli.language import say


def register(app: typer.Typer) -> None:
    """Add the commands of this utility to the application."""
    app.command(
        "fit-filling",
        help=say(
            "Comment les points de dépôt se remplissent, d'après pesées ou niveaux.",
            "How drop-off points fill, from weighings or fill levels.",
        ),
    )(fit_filling)
