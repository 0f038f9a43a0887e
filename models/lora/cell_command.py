"""`run.py cell`: a disc of alike devices, played, to compare with the papers' simulators.

With `--json` the keys are: `engine`, `packets`, `received`, `delivery_rate`, `messages`,
`messages_delivered`, `message_delivery_rate`, `causes` (frames by fate), `spreading_factors`
(frames that ended, by factor), `energy_total_j`, `energy_per_device_j`, `cpu_s`,
`uplinks_per_cpu_s`, `events` (null: not counted) and `cell` (the settings). `--uplinks` writes a
log beside and adds no key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from models.lora.cell import Cell
    from models.lora.cell_play import CellResult


def cell(  # noqa: PLR0917 - Typer makes each argument an option
    devices: Annotated[int, typer.Option("--devices", help=say("objets", "devices"))] = 1000,
    gateways: Annotated[int, typer.Option("--gateways", help=say("passerelles", "gateways"))] = 1,
    interval_s: Annotated[
        float,
        typer.Option(
            "--interval-s",
            help=say("temps moyen entre deux relevés, s", "mean time between readings, s"),
        ),
    ] = 1_000.0,
    payload_bytes: Annotated[
        int,
        typer.Option(
            "--payload-bytes", help=say("charge utile, octets", "application payload, bytes")
        ),
    ] = 20,
    days: Annotated[
        float, typer.Option("--days", help=say("durée simulée, jours", "simulated days"))
    ] = 1.0,
    radius_m: Annotated[
        float, typer.Option("--radius-m", help=say("rayon du disque, m", "radius of the disc, m"))
    ] = 500.0,
    path_loss_exponent: Annotated[
        float,
        typer.Option(
            "--path-loss-exponent", help=say("exposant de la perte", "exponent of the loss")
        ),
    ] = 2.08,
    path_loss_1m_db: Annotated[
        float | None,
        typer.Option(
            "--path-loss-1m-db",
            help=say("perte à 1 m ; 94,09 dB (LoRaSim)", "loss at 1 m; 94.09 dB (LoRaSim)"),
        ),
    ] = None,
    shadowing_db: Annotated[
        float,
        typer.Option(
            "--shadowing-db",
            help=say("écart type tiré par liaison, dB", "deviation drawn once a link, dB"),
        ),
    ] = 0.0,
    fading_db: Annotated[
        float,
        typer.Option(
            "--fading-db",
            help=say("écart type tiré par trame, dB", "deviation drawn once a frame, dB"),
        ),
    ] = 0.0,
    channels: Annotated[
        int, typer.Option("--channels", help=say("canaux, 1 à 8", "channels, 1 to 8"))
    ] = 8,
    demodulators: Annotated[
        int,
        typer.Option(
            "--demodulators",
            help=say("démodulateurs par passerelle", "demodulators of a gateway"),
        ),
    ] = 8,
    interference: Annotated[
        str,
        typer.Option("--interference", help="goursaud, croce, none, aloha"),
    ] = "goursaud",
    sf: Annotated[str, typer.Option("--sf", help="optimal, fixed:7 … fixed:12")] = "optimal",
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help=say("relevés acquittés", "confirmed readings"))
    ] = False,
    adr: Annotated[
        bool, typer.Option("--adr", help=say("débit adaptatif", "adaptive data rate"))
    ] = False,
    capture: Annotated[
        str,
        typer.Option(
            "--capture",
            help=say(
                "energy (énergie du recouvrement) ou peak (puissance)",
                "energy (over the overlap) or peak (power)",
            ),
        ),
    ] = "energy",
    seed: Annotated[int, typer.Option("--seed", help=say("graine", "seed"))] = 1,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            help=say(
                "window (compilé) ou simpy (un processus par objet)",
                "window (compiled) or simpy (one process a device)",
            ),
        ),
    ] = "window",
    uplinks: Annotated[
        Path | None,
        typer.Option(
            "--uplinks",
            help=say(
                "écrire ici les relevés livrés, comme un serveur réseau les publie",
                "write here the readings delivered, as a network server publishes them",
            ),
        ),
    ] = None,
    style: Annotated[str, typer.Option("--style", help="chirpstack, things-stack")] = "chirpstack",
    *,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Une cellule d'école, jouée : trames reçues, pertes par cause, énergie, vitesse."""
    from models.lora.cell import LORASIM_1M_DB, Cell
    from models.lora.cell_play import play, warm_up

    asked = Cell(
        devices=devices,
        gateways=gateways,
        interval_s=interval_s,
        payload_bytes=payload_bytes,
        days=days,
        radius_m=radius_m,
        path_loss_exponent=path_loss_exponent,
        path_loss_1m_db=LORASIM_1M_DB if path_loss_1m_db is None else path_loss_1m_db,
        shadowing_db=shadowing_db,
        fading_db=fading_db,
        channels=channels,
        demodulators=demodulators,
        interference=interference,
        sf=sf,
        capture=capture,
        confirmed=confirmed,
        adr=adr,
        seed=seed,
    )
    _refuse(asked, engine, uplinks, style)
    # So that the CPU time told is the engine's, not the compiler's.
    warm_up(engine)
    found = report(asked, engine, play(asked, engine, uplinks, style))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in sentences(found, lang):
        typer.echo(line)


def _refuse(asked: Cell, engine: str, uplinks: Path | None, style: str) -> None:
    """Say all that is wrong before anything is compiled."""
    from models.lora.cell_check import cell_faults, one_of
    from models.lora.cell_play import ENGINES, uplinks_faults
    from twin.errors import InputError

    faults = list(cell_faults(asked))
    if engine not in ENGINES:
        faults.append(one_of("--engine", engine, ENGINES))
    faults += uplinks_faults(engine, uplinks, style)
    if faults:
        raise InputError(*faults)


def report(asked: Cell, engine: str, result: CellResult) -> dict[str, object]:
    """Return what a program needs; the keys are those of the module's docstring."""
    from dataclasses import asdict
    from math import isfinite

    messages = result.messages
    return {
        "engine": engine,
        "packets": result.packets,
        "received": result.received,
        "delivery_rate": result.delivery_rate if isfinite(result.delivery_rate) else None,
        "messages": messages,
        "messages_delivered": result.messages_delivered,
        "message_delivery_rate": result.messages_delivered / messages if messages else None,
        "causes": {fate.value: count for fate, count in result.causes.items()},
        "spreading_factors": {
            str(factor): count for factor, count in result.spreading_factors.items()
        },
        "energy_total_j": result.energy_total_j,
        "energy_per_device_j": result.energy_total_j / asked.devices,
        "cpu_s": result.cpu_s,
        "uplinks_per_cpu_s": result.packets_per_cpu_s if result.cpu_s > 0.0 else None,
        "events": result.events,
        "cell": asdict(asked),
    }


def sentences(found: Mapping[str, object], lang: Lang) -> Iterator[str]:
    """Yield the report: one aligned line a figure, then the causes and the spreading factors."""
    from twin.report.typography import number, spaced, with_unit

    width = 34

    def line(label: Text, value: object, decimals: int = 0, unit: str = "") -> str:
        text = "-"
        if isinstance(value, int | float):
            text = with_unit(number(value, decimals, lang), unit)
        return spaced(f"{label.say(lang):<{width}}  {text:>14}", lang)

    for key, (label, decimals, unit) in _LINES.items():
        value = found[key]
        if unit == "%" and isinstance(value, float):
            value *= 100.0
        yield line(label, value, decimals, unit)
    for title, key, labels in (
        (Text("trames par sort", "frames by fate"), "causes", _CAUSES),
        (Text("trames par facteur", "frames by factor"), "spreading_factors", {}),
    ):
        yield ""
        yield title.say(lang)
        counts = found[key]
        assert isinstance(counts, dict)  # noqa: S101 - `report` has made it
        for name, count in counts.items():
            if count:
                yield line(labels.get(name, Text(f"  SF{name}", f"  SF{name}")), count)


_LINES: Mapping[str, tuple[Text, int, str]] = {
    "packets": (Text("trames émises", "frames sent"), 0, ""),
    "received": (Text("trames reçues", "frames received"), 0, ""),
    "delivery_rate": (Text("part reçue", "share received"), 2, "%"),
    "messages": (Text("relevés à envoyer", "readings due"), 0, ""),
    "messages_delivered": (Text("relevés livrés", "readings delivered"), 0, ""),
    "message_delivery_rate": (Text("part livrée", "share delivered"), 2, "%"),
    "energy_total_j": (Text("énergie, tous les objets", "energy, all devices"), 0, "J"),
    "energy_per_device_j": (Text("énergie par objet", "energy per device"), 3, "J"),
    "cpu_s": (Text("temps de calcul", "CPU time"), 3, "s"),
    "uplinks_per_cpu_s": (Text("trames par seconde de calcul", "frames a CPU second"), 0, ""),
    "events": (Text("événements", "events"), 0, ""),
}
_CAUSES: Mapping[str, Text] = {
    "delivered": Text("  reçue", "  received"),
    "collision": Text("  brouillée par une autre", "  collision"),
    "no_demodulator": Text("  aucun démodulateur libre", "  no demodulator free"),
    "gateway_deaf": Text("  passerelle en émission", "  gateway sending"),
    "gateway_down": Text("  passerelle en panne", "  gateway down"),
    "out_of_reach": Text("  hors de portée", "  out of reach"),
    "duty_cycle": Text("  non émise (rapport cyclique)", "  not sent (duty cycle)"),
    "in_flight": Text("  en vol à la fin", "  on the air at the end"),
}
