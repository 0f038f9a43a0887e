"""`summary.json`: every KPI of every option with its intervals, for programs."""

from __future__ import annotations

from typing import Any

from models.waste.answer.cells import information
from models.waste.answer.findings import Findings
from models.waste.answer.headline import headline, reasons
from models.waste.answer.judged import FULL_DAYS, Gap, Judged, gaps
from models.waste.answer.words import finite
from models.waste.outcomes import ALL
from twin.lang import Text
from twin.study.answer import told, told_interval, told_tornado

AGAINST = ("total_eur", "operation_eur", "km", "stops", "hours", FULL_DAYS, "fill", "fuel_l",
           "co2_t")  # fmt: skip


def summary(findings: Findings) -> dict[str, Any]:
    """Return the content of `summary.json`.

    `kpis` holds by zone ("" is all streams) the mean with its 95% confidence interval (`mean`) and
    where nine worlds in ten fall (`outcome`); `against_current` the paired differences.
    """
    study, decision = findings.scenario.study, findings.decision
    zero = {kpi: gaps(findings.options, findings.current, kpi) for kpi in AGAINST}
    return {
        "question": told(Text(study.question, study.question_en)),
        "headline": told(Text(*(text.replace("**", "") for text in headline(findings)))),
        "current": findings.current.id,
        "prechosen": findings.run.recommended,
        "recommended": decision.chosen.id if decision.chosen is not None else None,
        "decision": {
            "chosen": decision.chosen.id if decision.chosen is not None else None,
            "cheapest": decision.cheapest.id if decision.cheapest is not None else None,
            "not_told_apart": [each.id for each in decision.tied],
            "worse_service": [each.id for each in decision.worse],
            "saving": _gap(decision.saving),
            "service": _gap(decision.service),
            "reasons": told(reasons(findings)),
        },
        "quick": findings.run.quick,
        "seed": study.seed,
        "replications": findings.n,
        "scenario_sha256": findings.scenario.digest,
        "synthetic_points": findings.current.settings.points.table is None,
        "synthetic_roads": findings.current.settings.roads is None,
        "options": {
            name: _option(findings, judged)
            | {"against_current": {kpi: _gap(zero[kpi].get(name)) for kpi in AGAINST}}
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
        "kpis": {
            kpi.name: {
                "unit": kpi.unit,
                "label": told(kpi.label),
                "mean": {
                    zone: told_interval(interval)
                    for zone in zones
                    if (interval := judged.get(kpi.name, zone)) is not None
                },
                "outcome": {
                    zone: told_interval(interval)
                    for zone in zones
                    if (interval := judged.spread(kpi.name, zone)) is not None
                },
            }
            for kpi in ALL
            if judged.get(kpi.name) is not None
        },
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


def _gap(told_gap: Gap | None) -> dict[str, Any] | None:
    if told_gap is None:
        return None
    return {
        **told_interval(told_gap.difference),
        "settled": told_gap.settled,
        "share_better": finite(told_gap.share_better),
    }
