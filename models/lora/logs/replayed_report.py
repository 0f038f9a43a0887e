"""A log played again, for a person: rates beside the log's own, gateways, what one is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from twin.lang import Lang, Text
from twin.report.typography import number, percent, spaced

SHOWN_GATEWAYS = 20
_WIDTH = 34


def sentences(found: Mapping[str, Any], notices: Sequence[Text], lang: Lang) -> Iterator[str]:
    """Yield what `models.lora.logs.replayed_play.comparison` found, line by line."""

    def line(label: Text, value: str) -> str:
        return spaced(f"{label.say(lang):<{_WIDTH}} {value}", lang)

    def rate(value: float) -> str:
        return percent(value, lang, 1)

    yield line(Text("trames rejouées", "frames played"), number(found["frames_sent"], 0, lang))
    yield line(
        Text("taux de réception, simulé", "delivery rate, simulated"), rate(found["delivery_rate"])
    )
    yield line(
        Text("taux de réception, journal", "delivery rate, log"), rate(found["log_delivery_rate"])
    )
    spread = number(found["spread_db"], 1, lang)
    yield line(Text("écart type d'une trame", "deviation of a frame"), f"{spread} dB")
    yield ""
    template = Text(
        "{name} : reçues {heard} au journal, {decoded} simulées ; au mieux {log_best} et {best}",
        "{name}: heard {heard} in the log, {decoded} simulated; best {log_best} and {best}",
    )
    busiest = sorted(found["gateways"], key=lambda row: -row["log_heard"])
    for row in busiest[:SHOWN_GATEWAYS]:
        told = row["decoded"]
        said = template.format(
            name=row["gateway"],
            heard=number(row["log_heard"], 0, lang),
            decoded="-" if told is None else number(told, 0, lang),
            log_best=number(row["log_best"], 0, lang),
            best=number(row["best"], 0, lang),
        )
        yield spaced(said.say(lang), lang)
    if len(busiest) > SHOWN_GATEWAYS:
        rest = Text("… et {n} autres (--json)", "… and {n} more (--json)")
        yield rest.format(n=len(busiest) - SHOWN_GATEWAYS).say(lang)
    lost = found["without"]
    if lost is not None:
        yield ""
        yield spaced(Text("sans ", "without ").say(lang) + ", ".join(lost["gateways"]), lang)
        yield line(
            Text("  taux de réception, simulé", "  delivery rate, simulated"),
            rate(lost["delivery_rate"]),
        )
        yield line(
            Text("  taux de réception, journal", "  delivery rate, log"),
            rate(lost["log_delivery_rate"]),
        )
        yield line(
            Text("  trames perdues, simulé", "  frames lost, simulated"),
            number(lost["lost_frames"], 0, lang),
        )
        yield line(
            Text("  trames perdues, journal", "  frames lost, log"),
            number(lost["log_lost_frames"], 0, lang),
        )
        yield line(
            Text("  appareils devenus muets, simulé", "  devices silenced, simulated"),
            number(len(lost["silenced_devices"]), 0, lang),
        )
    late = found["late_frames"]
    if late:
        notices = [
            *notices,
            Text(
                "{n} trames ont attendu la fin de la précédente",
                "{n} frames waited for the end of the one before",
            ).format(n=late),
        ]
    if notices:
        yield ""
    for notice in notices:
        yield spaced(Text("note : ", "note: ").say(lang) + notice.say(lang), lang)
