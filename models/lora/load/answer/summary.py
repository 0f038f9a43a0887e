"""`summary.json`: every KPI of every option with its intervals, for programs."""

from __future__ import annotations

from typing import Any

from models.lora.load.answer.findings import Findings, Judged, kpis_of
from models.lora.load.answer.page import headline
from twin.lang import Text
from twin.study.answer import told, told_interval, told_tornado


def summary(findings: Findings) -> dict[str, Any]:
    """Return the content of `summary.json`.

    `outcome` is the mean and where nine outcomes in ten fall, by zone ("" is the meters or the
    whole); `mean` the 95 % confidence interval of the mean of zone "".
    """
    study = findings.scenario.study
    return {
        "question": told(Text(study.question, study.question_en)),
        "headline": told(Text(*(text.replace("**", "") for text in headline(findings)))),
        "recommended": findings.run.recommended,
        "quick": findings.run.quick,
        "seed": study.seed,
        "replications": findings.n,
        "scenario_sha256": findings.scenario.digest,
        "synthetic_terrain": not findings.scenario.territory.terrain,
        "gateways": list(findings.stage.sites.ids),
        "options": {name: _option(findings, judged) for name, judged in findings.options.items()},
        "tornado": {kpi: told_tornado(rows) for kpi, rows in findings.tornados.items()},
    }


def _option(findings: Findings, judged: Judged) -> dict[str, Any]:
    standing = judged.standing
    return {
        "name": told(judged.option.name),
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
                "label": told(kpi.label),
                "mean": told_interval(judged.mean[kpi.name]) if kpi.name in judged.mean else None,
                "outcome": {
                    zone: told_interval(interval)
                    for zone, interval in judged.outcome[kpi.name].items()
                },
            }
            for kpi in kpis_of(findings.scenario)
            if kpi.name in judged.outcome
        },
    }
