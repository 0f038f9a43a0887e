"""What a log says of its network: devices, span, losses, spreading factors, periods."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.lora.logs.replay import ReplayedTraffic
from twin.lang import Lang, Text, same
from twin.report.typography import number, percent, spaced, with_unit

PERIODS_S = (
    10, 60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 28_800, 43_200, 86_400,
    172_800, 604_800,
)  # fmt: skip
"""Round periods to which devices are put, the nearest in ratio."""

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400


def summary(traffic: ReplayedTraffic, lang: Lang) -> dict[str, object]:
    """Return what a program needs; shares in 0..1, times in seconds."""
    heard, sent = len(traffic), int(traffic.estimated_sent.sum())
    known = traffic.payload_bytes[traffic.payload_bytes >= 0]
    return {
        "devices": len(traffic.devices),
        "start": traffic.start.isoformat(),
        "span_s": _span_s(traffic),
        "frames": heard,
        "estimated_sent": sent,
        "delivery_rate": heard / sent,
        "sessions": int(traffic.sessions.sum()),
        "outages": int(traffic.outages.sum()),
        "spreading_factors": spreading_factors(traffic),
        "median_payload_bytes": float(np.median(known)) if known.size else None,
        "mean_gateways_per_frame": float(traffic.gateways.mean()),
        "periods": periods(traffic),
        "notices": [notice.say(lang) for notice in traffic.notices],
    }


def spreading_factors(traffic: ReplayedTraffic) -> dict[str, int]:
    """Return how many frames used each spreading factor, `other` for what is not LoRa."""
    found, counts = np.unique(traffic.spreading_factor, return_counts=True)
    named = {f"SF{f}" if f else "other": int(n) for f, n in zip(found, counts, strict=True)}
    return dict(sorted(named.items(), key=lambda item: (item[0] == "other", len(item[0]), item[0])))


def periods(traffic: ReplayedTraffic) -> list[dict[str, object]]:
    """Return groups of devices of like period, the unknown last (`nominal_s` None)."""
    group = _groups(traffic.period_s)
    heard = np.diff(traffic.indptr)
    rows: list[dict[str, object]] = []
    for g in [*range(len(PERIODS_S)), -1]:
        members = group == g
        if not members.any():
            continue
        sent = int(traffic.estimated_sent[members].sum())
        rows.append(
            {
                "nominal_s": None if g < 0 else PERIODS_S[g],
                "median_s": None if g < 0 else float(np.median(traffic.period_s[members])),
                "devices": int(members.sum()),
                "frames": int(heard[members].sum()),
                "estimated_sent": sent,
                "delivery_rate": float(heard[members].sum()) / sent,
            }
        )
    return rows


def sentences(traffic: ReplayedTraffic, lang: Lang) -> Iterator[str]:
    """Yield the report line by line."""
    heard, sent = len(traffic), int(traffic.estimated_sent.sum())
    rows = (
        (Text("appareils", "devices"), number(len(traffic.devices), 0, lang)),
        (Text("début", "start"), traffic.start.isoformat(timespec="seconds")),
        (Text("durée", "span"), duration(_span_s(traffic), lang)),
        (Text("trames reçues", "frames heard"), number(heard, 0, lang)),
        (Text("trames émises, estimées", "frames sent, estimated"), number(sent, 0, lang)),
        (Text("taux de réception", "delivery rate"), percent(heard / sent, lang, 1)),
        (
            Text("passerelles par trame", "gateways per frame"),
            number(float(traffic.gateways.mean()), 1, lang),
        ),
    )
    for label, value in rows:
        yield f"{label.say(lang):<26} {value}"
    yield ""
    for name, count in spreading_factors(traffic).items():
        label = Text("autre modulation", "other modulation") if name == "other" else same(name)
        yield f"{label.say(lang):<26} {percent(count / heard, lang, 1)}"
    yield ""
    template = Text(
        "{period} : appareils {devices}, trames reçues {frames}, taux {rate}",
        "{period}: devices {devices}, frames heard {frames}, rate {rate}",
    )
    for row in periods(traffic):
        line = template.format(
            period=_period(row["nominal_s"], row["median_s"], lang),
            devices=number(_float(row["devices"]), 0, lang),
            frames=number(_float(row["frames"]), 0, lang),
            rate=percent(_float(row["delivery_rate"]), lang, 1),
        )
        yield spaced(line.say(lang), lang)
    if traffic.notices:
        yield ""
    for notice in traffic.notices:
        yield spaced(Text("note : ", "note: ").say(lang) + notice.say(lang), lang)


def duration(seconds: float, lang: Lang) -> str:
    """Return a time in the largest unit of which it holds at least two, one decimal if needed."""
    units = ((DAY_S, Text("jours", "days")), (HOUR_S, same("h")), (MINUTE_S, same("min")))
    size, unit = next((each for each in units if seconds >= 2 * each[0]), (1, same("s")))
    tenths = round(10.0 * seconds / size)
    value = number(tenths / 10.0, 1 if tenths % 10 else 0, lang)
    return with_unit(value, unit.say(lang))


def _period(nominal_s: object, median_s: object, lang: Lang) -> str:
    if nominal_s is None:
        return Text("période inconnue", "unknown period").say(lang)
    about = Text("environ {nominal} (médiane {median})", "about {nominal} (median {median})")
    return about.format(
        nominal=duration(_float(nominal_s), lang), median=duration(_float(median_s), lang)
    ).say(lang)


def _float(value: object) -> float:
    return float(str(value))


def _span_s(traffic: ReplayedTraffic) -> float:
    return float(traffic.sent_s.max() - traffic.sent_s.min())


def _groups(period_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the nearest round period of each device, -1 where its own is unknown."""
    known = period_s > 0.0  # NaN is not
    ratio = np.log(np.where(known, period_s, 1.0))[:, None] - np.log(PERIODS_S)
    return np.where(known, np.abs(ratio).argmin(axis=1), -1)
