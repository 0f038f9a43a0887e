"""The single-shot calculators of the radio network."""

from __future__ import annotations

import typer

from models.lora.airtime_command import airtime
from models.lora.calibrate_command import calibrate
from models.lora.cell_command import cell
from models.lora.coverage_command import coverage
from models.lora.join_storm_command import join_storm
from models.lora.link_command import link
from models.lora.path_loss_command import path_loss
from models.lora.replay_command import replay
from models.lora.site_command import site
from twin.cli.language import say


def register(app: typer.Typer) -> None:
    """Add the commands of this utility to the application."""
    app.command(
        "path-loss",
        help=say(
            "L'affaiblissement d'un profil de terrain, terme par terme.",
            "The loss over one terrain profile, term by term.",
        ),
    )(path_loss)
    app.command(
        "link",
        help=say(
            "Une liaison : profil, niveau reçu et marge par usage.",
            "One link: profile, received level and margin per use case.",
        ),
    )(link)
    app.command(
        "airtime",
        help=say(
            "Le temps d'antenne d'une trame, et combien la loi en permet par heure.",
            "A frame's time on air, and how many an hour the law allows.",
        ),
    )(airtime)
    app.command(
        "join-storm",
        help=say(
            "Les heures que prennent au crépuscule des objets sans courant de jour pour rejoindre.",
            "The hours that nodes without power by day take to join again at dusk.",
        ),
    )(join_storm)
    app.command(
        "cell",
        help=say(
            "Une cellule d'école, jouée : pertes par cause, énergie, vitesse du moteur.",
            "A textbook cell, played: losses by cause, energy, speed of the engine.",
        ),
    )(cell)
    app.command(
        "replay",
        help=say(
            "Le trafic derrière un journal de serveur réseau : pertes, débits, périodes.",
            "The traffic behind a network server's log: losses, rates, periods.",
        ),
    )(replay)
    app.command(
        "calibrate",
        help=say(
            "Caler un modèle de propagation sur des trames mesurées.",
            "Fit a propagation model to measured frames.",
        ),
    )(calibrate)
    app.command(
        "site",
        help=say(
            "Les points hauts les moins chers pour une option, avec l'écart prouvé à l'optimum.",
            "The least-cost high points of one option, with the proven gap to the optimum.",
        ),
    )(site)
    app.command(
        "coverage",
        help=say(
            "Rasters d'un réseau, et qui entend des points, polygones ou routes.",
            "Rasters of a network, and who hears points, polygons or roads.",
        ),
    )(coverage)
