"""`summary.json`: every KPI of every option with its intervals, for programs."""

from __future__ import annotations

from typing import Any

from models.waste.answer.cells import information
from models.waste.answer.findings import Findings
from models.waste.answer.headline import headline, reasons
from models.waste.answer.judged import FULL_DAYS, Judged
from models.waste.outcomes import ALL
from twin.report.phrases import finite
from twin.study.answer import told, told_interval, told_tornado
from twin.study.comparison import told_against, told_gap, told_kpis, told_origin, told_study

AGAINST = ("total_eur", "operation_eur", "km", "stops", "hours", FULL_DAYS, "fill", "fuel_l",
           "co2_t")  # fmt: skip


def summary(findings: Findings) -> dict[str, Any]:
    """Return the content of `summary.json`.

    `kpis` holds by zone ("" is all streams) the mean with its 95% confidence interval (`mean`) and
    where nine worlds in ten fall (`outcome`); `against_current` the paired differences.
    """
    decision = findings.decision
    against = told_against(findings.options, findings.current, AGAINST)
    return {
        **told_study(findings, headline(findings), findings.current),
        "recommended": decision.chosen.id if decision.chosen is not None else None,
        "decision": {
            "chosen": decision.chosen.id if decision.chosen is not None else None,
            "cheapest": decision.cheapest.id if decision.cheapest is not None else None,
            "not_told_apart": [each.id for each in decision.tied],
            "worse_service": [each.id for each in decision.worse],
            "saving": told_gap(decision.saving),
            "service": told_gap(decision.service),
            "reasons": told(reasons(findings)),
        },
        **told_origin(findings),
        "synthetic_points": findings.current.settings.points.table is None,
        "synthetic_roads": findings.current.settings.roads is None,
        "options": {
            name: _option(findings, judged) | {"against_current": against[name]}
            for name, judged in findings.options.items()
        },
        "tornado": {"total_eur": told_tornado(findings.tornado)},
    }


def _option(findings: Findings, judged: Judged) -> dict[str, Any]:
    zones = ("", *findings.streams)
    settings = judged.settings
    return {
        "name": told(judged.option.name),
        "answers": judged.option.answers,
        "policy": settings.policy.kind,
        "information": information(settings),
        "sensor_share": settings.sensors.share,
        "break_even": {
            zone: price for zone in zones if (price := _price(findings, judged, zone)) is not None
        },
        "kpis": told_kpis(judged, ALL, zones),
    }


def _price(findings: Findings, judged: Judged, zone: str) -> dict[str, Any] | None:
    price = findings.break_even(judged, zone)
    if price is None:
        return None
    market = findings.sensor_price
    return {
        "against": price.twin.id,
        "price_eur": told_interval(price.mean),
        "outcome_eur": told_interval(price.outcome),
        "worlds_eur": price.prices_eur.tolist(),
        "share_saving_at_drawn_price": finite(price.saves),
        "share_paying_at_usual_price": price.chance(market.mode) if market is not None else None,
    }
