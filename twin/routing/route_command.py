"""`run.py route INSTANCE.vrp`: rounds for an instance of CVRPLIB."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

USUAL_ITERATIONS = 100_000


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "route",
        help=say(
            "Calculer les tournées d'une instance CVRPLIB (.vrp).",
            "Work out the rounds of a CVRPLIB instance (.vrp).",
        ),
    )(route)


def route(
    instance: Annotated[Path, typer.Argument(help=say("fichier .vrp", ".vrp file"))],
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", help=say("secondes de calcul (CPU)", "CPU seconds")),
    ] = None,
    iterations: Annotated[
        int | None,
        typer.Option(
            "--iterations",
            help=say(
                "mouvements (100000 par défaut) : même graine, même résultat partout",
                "moves (100000 by default): same seed, same answer everywhere",
            ),
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help=say("graine", "seed"))] = 0,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Solve an instance and print its rounds, customers numbered as CVRPLIB does."""
    from twin.routing.cvrplib import read_instance
    from twin.routing.solve import solve

    read = read_instance(instance)
    if seconds is None and iterations is None:
        iterations = USUAL_ITERATIONS
    plan = solve(read.problem, seed=seed, iterations=iterations, seconds=seconds)
    routes = [[stop + 1 for stop in one.visits] for one in plan.rounds]
    if as_json:
        found = {
            "instance": read.name,
            "cost": int(plan.cost) if plan.cost.is_integer() else plan.cost,
            "routes": routes,
            "seed": seed,
            "iterations": plan.iterations,
            "cpu_s": round(plan.cpu_s, 4),
        }
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for number, visits in enumerate(routes, start=1):
        typer.echo(f"Route #{number}: {' '.join(map(str, visits))}")
    typer.echo(f"Cost {plan.cost:g}")
    summary = Text(
        f"{read.name} : {len(routes)} tournées, {plan.iterations} mouvements, "
        f"{plan.cpu_s:.2f} s de calcul, graine {seed}",
        f"{read.name}: {len(routes)} rounds, {plan.iterations} moves, "
        f"{plan.cpu_s:.2f} CPU s, seed {seed}",
    )
    typer.echo(summary.say(lang), err=True)
