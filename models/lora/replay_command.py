"""`run.py replay LOG.json`: what a network server's log says of the traffic behind it.

With `--json` the keys are: `file`, `devices`, `start`, `span_s`, `frames`, `estimated_sent`,
`delivery_rate`, `sessions`, `outages`, `spreading_factors` (frames of each, `other` for what is not
LoRa), `median_payload_bytes`, `mean_gateways_per_frame`, `periods` (list of `nominal_s`,
`median_s`, `devices`, `frames`, `estimated_sent`, `delivery_rate`) and `notices` (sentences).

With `--engine`, `--without` or `--interference` the log is also played, and `played` holds what
`models.lora.logs.replayed_play.comparison` returns, `interference` and its own `notices`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from models.lora.logs.replay import ReplayedTraffic


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
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine",
            help=say(
                "rejouer le journal : window (compilé) ou simpy (un processus par objet)",
                "play the log again: window (compiled) or simpy (one process a device)",
            ),
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without",
            help=say(
                "passerelle à ôter ; l'option se répète", "gateway to take away; may be repeated"
            ),
        ),
    ] = None,
    interference: Annotated[
        str | None,
        typer.Option("--interference", help="goursaud, croce, none, aloha"),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help=say("graine", "seed"))] = 1,
    *,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Le trafic derrière un journal de serveur réseau : appareils, pertes, débits, périodes."""
    from models.lora.logs.replay import read_traffic
    from models.lora.logs.replay_report import sentences, summary

    traffic = read_traffic(log)
    asked = engine is not None or bool(without) or interference is not None
    played: dict[str, Any] | None = None
    notices: tuple[Text, ...] = ()
    if asked:
        played, notices = _played(
            log, traffic, engine or "window", interference or "goursaud", without or [], seed
        )
    if as_json:
        found = {"file": str(log), **summary(traffic, lang)}
        if played is not None:
            found["played"] = played | {"notices": [notice.say(lang) for notice in notices]}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in sentences(traffic, lang):
        typer.echo(line)
    if played is not None:
        from models.lora.logs.replayed_report import sentences as played_sentences

        typer.echo("")
        for line in played_sentences(played, notices, lang):
            typer.echo(line)


def _played(
    log: Path,
    traffic: ReplayedTraffic,
    engine: str,
    interference: str,
    without: list[str],
    seed: int,
) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """Return what the engine makes of the log, and what a reader should know of it."""
    from models.lora.calibration.uplinks import read_uplinks
    from models.lora.logs.receptions import receptions_of
    from models.lora.logs.replayed_network import replayed
    from models.lora.logs.replayed_play import comparison, played_faults
    from twin.errors import InputError

    receptions = receptions_of(read_uplinks(log)[0])
    faults = list(played_faults(receptions.gateway_ids, engine, interference, without))
    if faults:
        raise InputError(*faults)
    made = replayed(traffic, receptions, interference, seed=seed)
    found = comparison(traffic, receptions, made, engine, without)
    return {"interference": interference, "seed": seed, **found}, made.notices
