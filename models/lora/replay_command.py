"""`run.py replay LOG.json`: what a network server's log says of the traffic behind it.

With `--json` the keys are: `file`, `devices`, `start`, `span_s`, `frames`, `estimated_sent`,
`delivery_rate`, `sessions`, `outages`, `spreading_factors` (frames of each, `other` for what is not
LoRa), `median_payload_bytes`, `mean_gateways_per_frame`, `periods` (list of `nominal_s`,
`median_s`, `devices`, `frames`, `estimated_sent`, `delivery_rate`) and `notices` (sentences).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang


def replay(
    log: Annotated[
        Path,
        typer.Argument(
            help=say(
                "journal JSON de ChirpStack ou The Things Stack",
                "JSON log of ChirpStack or The Things Stack",
            )
        ),
    ],
    *,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Le trafic derrière un journal de serveur réseau : appareils, pertes, débits, périodes."""
    from models.lora.logs.replay import read_traffic
    from models.lora.logs.replay_report import sentences, summary

    traffic = read_traffic(log)
    if as_json:
        found = {"file": str(log), **summary(traffic, lang)}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in sentences(traffic, lang):
        typer.echo(line)
