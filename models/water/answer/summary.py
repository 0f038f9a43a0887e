"""`summary.json`: every KPI of every option with its intervals, for programs."""

from __future__ import annotations

from typing import Any

from models.water.answer.findings import Findings
from models.water.answer.headline import headline, reasons
from models.water.answer.judged import WITH_CUSTOMERS, Judged
from models.water.answer.key_figures import people_dry
from models.water.answer.ranking import worth_buying
from models.water.answer.service_tables import passing
from models.water.outcomes import ALL
from twin.study.answer import told, told_interval, told_tornado
from twin.study.comparison import told_against, told_gap, told_kpis, told_origin, told_study
from twin.study.judged import gap

AGAINST = (
    "total_eur", WITH_CUSTOMERS, "paid_eur", "lost_m3", "customer_lost_m3", "run_days", "searches",
    "urgent", "forgiven_m3",
)  # fmt: skip
FIRST_METERS = 50


def summary(findings: Findings) -> dict[str, Any]:
    """Return the content of `summary.json`.

    `kpis` holds by zone ("" is the whole territory, a name that service) the mean with its 95%
    confidence interval (`mean`) and where nine worlds in ten fall (`outcome`); `against_current` the
    paired differences, `radio` those with the same option over a perfect and a dead radio.
    """
    decision = findings.decision
    against = told_against(findings.options, findings.current, AGAINST)
    return {
        **told_study(findings, headline(findings), findings.current),
        "recommended": decision.chosen.id,
        "decision": {
            "verdict": decision.verdict.value,
            "chosen": decision.chosen.id,
            "cheapest": decision.cheapest.id if decision.cheapest is not None else None,
            "not_told_apart": [each.id for each in decision.tied],
            "cost_change": told_gap(decision.saving),
            "water_change": told_gap(decision.water),
            "reasons": told(reasons(findings)),
        },
        **told_origin(findings),
        "synthetic_networks": True,
        "services_given": findings.current.settings.services is not None,
        "options": {
            name: _option(findings, judged) | {"against_current": against[name]}
            for name, judged in findings.options.items()
        },
        "radio": _radio(findings),
        **_ground(findings),
        "tornado": {"total_eur": told_tornado(findings.tornado)},
    }


def _option(findings: Findings, judged: Judged) -> dict[str, Any]:
    zones = ("", *findings.services)
    settings = judged.settings
    return {
        "name": told(judged.option.name),
        "answers": judged.option.answers,
        "meters": judged.meters,
        "meters_link": settings.districts.link if judged.meters else None,
        "reading": settings.customers.reading,
        "passes": {zone: passing(judged, zone) for zone in zones},
        "kpis": told_kpis(judged, ALL, zones),
    }


def _radio(findings: Findings) -> list[dict[str, Any]]:
    return [
        {
            "option": each.id,
            "meters": part,
            "against": other.id,
            "radio": radio,
            "change": {kpi: told_gap(gap(each, other, kpi)) for kpi in AGAINST},
        }
        for each, part, ideal, dead in findings.losses
        for radio, other in (("ideal", ideal), ("none", dead))
        if other is not None
    ]


def _ground(findings: Findings) -> dict[str, Any]:
    ground = findings.ground
    if ground is None:
        return {"first_meters": [], "meters_worth_buying": None, "power_cut": {}}
    return {
        "meters_worth_buying": worth_buying(ground.meters, ground.meter_eur),
        "meter_eur_year": ground.meter_eur,
        "first_meters": [
            {
                "rank": each.rank,
                "insee": each.insee,
                "commune": each.commune,
                "link": each.link,
                "km": each.km,
                "homes": each.homes,
                "expected_eur_year": each.yearly_eur,
                "in_options": list(each.held),
            }
            for each in ground.meters[:FIRST_METERS]
        ],
        "power_cut": {
            f"under_{hours:.0f}_h": {
                "people": told_interval(people_dry(findings, hours)[0]),
                "communes": told_interval(people_dry(findings, hours)[1]),
            }
            for hours in (12.0, 24.0)
        }
        if ground.networks
        else {},
    }
