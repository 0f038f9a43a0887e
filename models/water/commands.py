"""The single-shot calculators of drinking water."""

from __future__ import annotations

import typer

from models.water.hydraulics_command import hydraulics
from twin.cli.language import say


def register(app: typer.Typer) -> None:
    """Add the commands of this utility to the application."""
    app.command(
        "hydraulics",
        help=say(
            "Charges, pressions et débits d'un réseau EPANET, fuites comprises.",
            "Heads, pressures and flows of an EPANET network, leaks included.",
        ),
    )(hydraulics)
