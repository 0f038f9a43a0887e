"""Write the whole answer into the run's folder: page, summary, tables, maps."""

from __future__ import annotations

from typing import Any

from models.lighting.answer import tables
from models.lighting.answer.communes import Communes
from models.lighting.answer.findings import Findings, gather
from models.lighting.answer.headline import headline, reasons
from models.lighting.answer.load_curve import curves, curves_table
from models.lighting.answer.maps import draw_maps, write_maps
from models.lighting.answer.page import document
from models.lighting.outcomes import ALL
from twin.lang import Text
from twin.ports import Say
from twin.study.answer import assumptions_table, told, told_tornado, write_json, write_tables
from twin.study.comparison import told_against, told_gap, told_kpis, told_origin, told_study
from twin.study.conduct import Run
from twin.study.judged import gap
from twin.study.published import publish

AGAINST = ("total_eur", "horizon_eur", "kwh", "co2_t", "dark_people_h", "outside_h", "dark_h",
           "trips", "false_alarms", "lost_commands")  # fmt: skip


def write(run: Run, say: Say) -> None:
    """Write `report.html`, `summary.json`, `tables/` and `maps/`."""
    what = Text("rapport", "report").say(run.lang)
    say(what, 0.0)
    findings = gather(run)
    communes, drawn = Communes(findings), curves(findings)
    maps = draw_maps(communes)
    listed = [
        tables.options_table(findings),
        tables.chances_table(findings, whole=True),
        communes.table,
        tables.outcome_table(findings),
        assumptions_table(findings.scenario.assumptions),
    ]
    files = write_tables(
        run,
        [table for table in listed if table.rows],
        beside=[tables.zones_table(findings), curves_table(findings, drawn)],
    )
    files += write_maps(maps)
    write_json(run.folder / "summary.json", summary(findings))
    publish(run, document(findings, maps, drawn, files))
    say(what, 1.0)


def summary(findings: Findings) -> dict[str, Any]:
    """Return the content of `summary.json`: every KPI of every option with its intervals."""
    against = told_against(findings.options, findings.current, AGAINST)
    zones = ("",)
    return {
        **told_study(findings, headline(findings), findings.current),
        "recommended": findings.chosen.id,
        "decision": {
            "chosen": findings.chosen.id,
            "not_told_apart": [each.id for each in findings.tied],
            "front": [each.id for each in findings.front],
            "cost_change": told_gap(findings.saving),
            "reasons": told(reasons(findings)),
        },
        **told_origin(findings),
        "options": {
            name: {
                "name": told(judged.option.name),
                "answers": judged.option.answers,
                "control": judged.settings.control,
                "night": judged.settings.night.kind,
                "led": judged.settings.renewal.led,
                "link": judged.settings.link,
                "kpis": told_kpis(judged, ALL, zones),
                "against_current": against[name],
            }
            for name, judged in findings.options.items()
        },
        "radio": [
            {"option": each.id, "against": other.id,
             "change": {kpi: told_gap(gap(each, other, kpi)) for kpi in AGAINST}}
            for each, other in findings.radios
        ],
        "tornado": {"total_eur": told_tornado(findings.tornado)},
    }  # fmt: skip
