"""`run.py airtime`: how long a frame occupies the air, and how often the law allows it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text, same


class LowDataRate(StrEnum):
    """The low-data-rate optimisation: as the 16 ms rule says, or forced."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


def airtime(  # noqa: PLR0917 - Typer makes each argument an option
    payload_bytes: Annotated[
        int,
        typer.Option(
            "--payload-bytes", help=say("charge utile, octets", "application payload, bytes")
        ),
    ],
    spreading_factor: Annotated[
        int | None,
        typer.Option("--sf", help=say("facteur d'étalement, 5 à 12", "spreading factor, 5 to 12")),
    ] = None,
    bandwidth_hz: Annotated[
        int,
        typer.Option(
            "--bandwidth-hz", help=say("125000, 250000, 500000", "125000, 250000, 500000")
        ),
    ] = 125_000,
    coding_rate: Annotated[
        int,
        typer.Option("--coding-rate", help=say("1 à 4 : 4/5 à 4/8", "1 to 4: 4/5 to 4/8")),
    ] = 1,
    preamble: Annotated[
        int, typer.Option("--preamble", help=say("préambule, symboles", "preamble, symbols"))
    ] = 8,
    no_crc: Annotated[
        bool, typer.Option("--no-crc", help=say("sans CRC (descendant)", "no CRC (downlink)"))
    ] = False,
    implicit_header: Annotated[
        bool,
        typer.Option("--implicit-header", help=say("sans en-tête radio", "no physical header")),
    ] = False,
    low_data_rate: Annotated[
        LowDataRate,
        typer.Option(
            "--low-data-rate",
            help=say("optimisation bas débit", "low-data-rate optimisation"),
        ),
    ] = LowDataRate.AUTO,
    phy: Annotated[
        bool,
        typer.Option(
            "--phy",
            help=say(
                "la charge donnée est celle de la trame (application + 13)",
                "the payload given is the frame's (application + 13)",
            ),
        ),
    ] = False,
    fsk: Annotated[
        bool, typer.Option("--fsk", help=say("FSK 50 kbit/s (DR7)", "FSK, 50 kbit/s (DR7)"))
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Le temps d'antenne d'une trame, et combien la loi en permet par heure."""
    from models.lora.airtime_report import Frame, airtime_report

    slow = None if low_data_rate is LowDataRate.AUTO else low_data_rate is LowDataRate.ON
    report = airtime_report(
        Frame(
            payload_bytes,
            spreading_factor,
            bandwidth_hz,
            coding_rate,
            preamble,
            not no_crc,
            implicit_header,
            slow,
            phy,
            fsk,
        )
    )
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    for line in report_lines(report, lang):
        typer.echo(line)


def report_lines(report: Mapping[str, object], lang: Lang) -> Iterator[str]:
    """Yield one aligned line per figure, then the verdict on the payload."""
    from twin.report.typography import number, spaced, with_unit

    shown = [key for key in _LINES if key in report]
    labels = {key: _LINES[key][0].say(lang) for key in shown}
    width = max(map(len, labels.values()))
    for key in shown:
        _, unit, decimals = _LINES[key]
        value = report[key]
        text = Text("jamais", "never").say(lang)
        if isinstance(value, int | float):
            text = with_unit(number(value, decimals, lang), unit.say(lang))
        yield spaced(f"{labels[key]:<{width}}  {text:>18}", lang)
    yield spaced(_verdict(report).say(lang), lang)


def _verdict(report: Mapping[str, object]) -> Text:
    """Return whether EU868 allows the payload at this data rate."""
    if report["data_rate"] is None:
        return Text(
            "aucun débit EU868 n'a ce réglage : LoRaWAN ne l'emploie pas",
            "EU868 has no data rate with these settings: LoRaWAN does not use them",
        )
    words = {
        "rate": report["data_rate"],
        "limit": report["largest_phy_bytes"],
    }
    if report["payload_is_legal"]:
        return Text(
            "charge admise au débit DR{rate} (trame d'au plus {limit} octets)",
            "payload allowed at DR{rate} (frames of at most {limit} bytes)",
        ).format(**words)
    return Text(
        "charge NON admise au débit DR{rate} : trame d'au plus {limit} octets",
        "payload NOT allowed at DR{rate}: frames of at most {limit} bytes",
    ).format(**words)


_BYTES = Text("octets", "bytes")
_LINES: Mapping[str, tuple[Text, Text, int]] = {
    "phy_bytes": (Text("charge de la trame (PHY)", "frame payload (PHY)"), _BYTES, 0),
    "time_on_air_ms": (Text("temps d'antenne", "time on air"), same("ms"), 3),
    "symbols": (Text("symboles, préambule compris", "symbols, preamble included"), same(""), 2),
    "symbol_ms": (Text("durée d'un symbole", "duration of a symbol"), same("ms"), 3),
    "bit_rate_bps": (Text("débit dans la trame", "bit rate inside the frame"), same("bit/s"), 0),
    "uplinks_per_hour_at_0_1_percent": (
        Text("trames par heure à 0,1 %", "frames an hour at 0.1%"),
        same(""),
        1,
    ),
    "uplinks_per_hour_at_1_percent": (
        Text("trames par heure à 1 %", "frames an hour at 1%"),
        same(""),
        1,
    ),
    "uplinks_per_hour_at_10_percent": (
        Text("trames par heure à 10 %", "frames an hour at 10%"),
        same(""),
        1,
    ),
    "least_interval_at_1_percent_s": (
        Text("intervalle moyen le plus court à 1 %", "least mean interval at 1%"),
        same("s"),
        2,
    ),
    "least_interval_any_hour_at_1_percent_s": (
        Text("le même, aucune heure glissante en excès", "the same, no sliding hour over"),
        same("s"),
        2,
    ),
}
