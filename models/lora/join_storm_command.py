"""`run.py join-storm --nodes N`: the hours of a night that nodes fed by a contactor take to join.

With `--json` the keys are `nodes`, `gateways`, `rx1` and `by_factor`, a list of
`spreading_factor`, `request_ms`, `accept_ms`, `rx1_accepts_h`, `rx2_accepts_h`, `hours`.
"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

FACTORS = (7, 8, 9, 10, 11, 12)


def join_storm(
    nodes: Annotated[
        int, typer.Option("--nodes", min=1, help=say("objets qui reviennent", "nodes that return"))
    ],
    gateways: Annotated[
        int, typer.Option("--gateways", min=1, help=say("passerelles", "gateways"))
    ] = 1,
    *,
    rx2_only: Annotated[
        bool,
        typer.Option("--rx2-only", help=say("réponses en RX2 seulement", "accepts in RX2 alone")),
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Le temps que prennent au crépuscule des contrôleurs remis sous tension pour rejoindre."""
    from models.lora import join_storm as storm
    from twin.report.typography import number

    told = [storm.join_storm(nodes, factor, gateways, rx1=not rx2_only) for factor in FACTORS]
    if as_json:
        rows = [
            {
                "spreading_factor": each.spreading_factor,
                "request_ms": round(1e3 * each.request_s, 1),
                "accept_ms": round(1e3 * each.accept_s, 1),
                "rx1_accepts_h": round(each.rx1_accepts_h, 1),
                "rx2_accepts_h": round(each.rx2_accepts_h, 1),
                "hours": round(each.hours, 3),
            }
            for each in told
        ]
        content = {"nodes": nodes, "gateways": gateways, "rx1": not rx2_only, "by_factor": rows}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    for each in told:
        hours, accepts = number(each.hours, 2, lang), number(each.rx2_accepts_h, 0, lang)
        typer.echo(
            Text(
                f"SF{each.spreading_factor} : {hours} h au moins ; une passerelle accepte "
                f"{number(each.rx1_accepts_h, 0, lang)} objets par heure en RX1, {accepts} en RX2",
                f"SF{each.spreading_factor}: {hours} h at least; a gateway accepts "
                f"{number(each.rx1_accepts_h, 0, lang)} nodes an hour in RX1, {accepts} in RX2",
            ).say(lang)
        )
