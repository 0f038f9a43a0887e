"""The single-shot calculators of public lighting."""

from __future__ import annotations

import typer

from models.lighting.en13201_command import en13201
from models.lighting.export_command import lighting_export
from models.lighting.lighting_bill_command import lighting_bill
from models.lighting.sun_command import sun
from twin.cli.language import say


def register(app: typer.Typer) -> None:
    """Add the commands of this utility to the application."""
    app.command(
        "sun",
        help=say(
            "Aube, crépuscule et heures de nuit d'une année, à la seconde.",
            "Dawn, dusk and hours of night of a year, to the second.",
        ),
    )(sun)
    app.command(
        "lighting-bill",
        help=say(
            "Énergie et facture d'un an d'armoires d'éclairage.",
            "Energy and bill of a year of lighting cabinets.",
        ),
    )(lighting_bill)
    app.command(
        "en13201",
        help=say(
            "Indicateurs d'énergie D_P et D_E de la norme EN 13201-5.",
            "Energy indicators D_P and D_E of EN 13201-5.",
        ),
    )(en13201)
    app.command(
        "lighting-export",
        help=say(
            "Lampes (CSV, GeoJSON, NGSI-LD, TALQ) ou courbes de charge d'une option.",
            "Lamps (CSV, GeoJSON, NGSI-LD, TALQ) or load curves of an option.",
        ),
    )(lighting_export)
