"""`summary.json`: every KPI of every option with its intervals, for programs."""

from __future__ import annotations

from math import isfinite
from typing import Any

from models.lora.load.answer.findings import Findings, Judged, kpis_of
from models.lora.load.answer.page import headline
from twin.decide.intervals import Interval
from twin.lang import Text


def summary(findings: Findings) -> dict[str, Any]:
    """Return the content of `summary.json`.

    `outcome` is the mean and where nine outcomes in ten fall, by zone ("" is the meters or the
    whole); `mean` the 95 % confidence interval of the mean of zone "".
    """
    study = findings.scenario.study
    return {
        "question": _said(Text(study.question, study.question_en)),
        "headline": _said(Text(*(text.replace("**", "") for text in headline(findings)))),
        "recommended": findings.run.recommended,
        "quick": findings.run.quick,
        "seed": study.seed,
        "replications": findings.n,
        "scenario_sha256": findings.scenario.digest,
        "synthetic_terrain": not findings.scenario.territory.terrain,
        "gateways": list(findings.stage.sites.ids),
        "options": {name: _option(findings, judged) for name, judged in findings.options.items()},
        "tornado": {
            kpi: [
                {
                    "assumption": row.name,
                    "low_quantile": row.low_quantile,
                    "high_quantile": row.high_quantile,
                    "at_low": row.low.mean,
                    "at_high": row.high.mean,
                    "swing": _interval(row.swing),
                }
                for row in rows
            ]
            for kpi, rows in findings.tornados.items()
        },
    }


def _option(findings: Findings, judged: Judged) -> dict[str, Any]:
    standing = judged.standing
    return {
        "name": _said(judged.option.name),
        "answers": judged.option.answers,
        "expected_world": None
        if standing is None
        else {
            "holds_all": standing.everything,
            "targets_held": standing.held,
            "worst_ratio": standing.worst,
        },
        "kpis": {
            kpi.name: {
                "unit": kpi.unit,
                "label": _said(kpi.label),
                "mean": _interval(judged.mean[kpi.name]) if kpi.name in judged.mean else None,
                "outcome": {
                    zone: _interval(told) for zone, told in judged.outcome[kpi.name].items()
                },
            }
            for kpi in kpis_of(findings.scenario)
            if kpi.name in judged.outcome
        },
    }


def _interval(interval: Interval) -> dict[str, Any]:
    return {
        "mean": interval.mean,
        # One replication bounds nothing, and JSON knows no infinity.
        "low": interval.low if isfinite(interval.low) else None,
        "high": interval.high if isfinite(interval.high) else None,
        "level": interval.level,
        "n": interval.n,
    }


def _said(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}
