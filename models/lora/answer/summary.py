"""`summary.json`: every KPI of every option with its intervals, for programs."""

from __future__ import annotations

from typing import Any

from models.lora.answer.curve import CurveStep
from models.lora.answer.findings import Findings, Judged, kpis_of
from models.lora.answer.page import headline
from models.lora.answer.programme import Programme
from twin.lang import Text
from twin.study.answer import told, told_interval, told_tornado


def summary(
    findings: Findings, steps: tuple[CurveStep, ...], programme: Programme
) -> dict[str, Any]:
    """Return the content of `summary.json`.

    `outcome` is the mean and where nine outcomes in ten fall; `mean` the 95 % confidence interval of
    the mean; both carry n, the number of replications.
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
        "options": {name: _option(findings, judged) for name, judged in findings.options.items()},
        "tornado": {kpi: told_tornado(rows) for kpi, rows in findings.tornados.items()},
        "variance_shares": [
            {"assumption": row.name, "share": row.share, "noise": row.noise}
            for row in findings.variance
        ],
        "cost_curve": [
            {
                "share": step.share,
                "cost_eur": step.cost_eur,
                "gateways": step.gateways,
                "chosen": step.chosen,
            }
            for step in steps
        ],
        "programme": programme.as_json(),
    }


def _option(findings: Findings, judged: Judged) -> dict[str, Any]:
    plan = judged.plan
    sites = findings.stage.sites
    return {
        "name": told(judged.option.name),
        "answers": judged.option.answers,
        "plan": {
            "sites": [sites.ids[index] for index in plan.sites],
            "planning_margin_db": plan.margin_db,
            "expected_share_1": plan.expected_share[0],
            "expected_share_target": plan.expected_share[1],
            "reachable_share": plan.reachable_share,
            "reaches_target": plan.reaches_target,
            "cost_eur": plan.cost_eur,
            "bound_eur": plan.bound_eur,
            "gap": plan.gap,
            "proven_optimal": plan.proven,
        },
        "kpis": {
            kpi.name: {
                "unit": kpi.unit,
                "label": told(kpi.label),
                "outcome": told_interval(judged.outcome[kpi.name]),
                "mean": told_interval(judged.mean[kpi.name]),
            }
            for kpi in kpis_of(findings.scenario)
            if kpi.name in judged.outcome
        },
        "epci": {
            kpi: {zone: told_interval(interval) for zone, interval in zones.items()}
            for kpi, zones in judged.by_epci.items()
        },
    }
