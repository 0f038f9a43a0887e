"""The single-shot calculators of drinking water."""

from __future__ import annotations

import typer

from models.water.hydraulics_command import hydraulics
from models.water.indicators_command import water_indicators
from models.water.isolation_command import isolate
from models.water.leak_signatures_command import leak_signatures
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
    app.command(
        "leak-signatures",
        help=say(
            "Ce que chaque fuite change aux charges et aux débits d'un réseau.",
            "What each leak changes in the heads and flows of a network.",
        ),
    )(leak_signatures)
    app.command(
        "water-indicators",
        help=say(
            "Rendement, indices de pertes et seuil légal de services d'eau.",
            "Yield, loss indices and legal threshold of water services.",
        ),
    )(water_indicators)
    app.command(
        "isolate",
        help=say(
            "Isoler une conduite : vannes, habitants sans eau.",
            "Shut off a pipe: valves, people without water.",
        ),
    )(isolate)
