"""Write the whole answer into the run's folder: page, summary, tables, maps."""

from __future__ import annotations

from models.lora.answer import tables, zone_tables
from models.lora.answer.curve import cost_steps
from models.lora.answer.findings import gather
from models.lora.answer.maps import draw_maps, write_maps
from models.lora.answer.page import document
from models.lora.answer.programme import plan_programme, programme_table
from models.lora.answer.summary import summary
from twin.lang import Text
from twin.ports import Say
from twin.study.answer import assumptions_table, write_json, write_tables
from twin.study.conduct import Run
from twin.study.published import publish


def write(run: Run, say: Say) -> None:
    """Write `report.html`, `summary.json`, `tables/` and `maps/`."""
    what = Text("rapport", "report").say(run.lang)
    say(what, 0.0)
    findings = gather(run)
    steps = cost_steps(findings)
    programme = plan_programme(findings)
    listed = [
        tables.options_table(findings),
        tables.costs_table(findings),
        zone_tables.epci_table(findings),
        zone_tables.commune_table(findings),
        zone_tables.sites_table(findings),
        programme_table(findings, programme),
        tables.outcome_table(findings),
        assumptions_table(findings.scenario.assumptions),
    ]
    files = write_tables(run, listed)
    drawing = draw_maps(findings)
    files += write_maps(findings, drawing)
    content = document(findings, drawing, steps, programme, files)
    write_json(run.folder / "summary.json", summary(findings, steps, programme))
    publish(run, content)
    say(what, 1.0)
