"""Write the whole answer into the run's folder: page, summary, tables, maps."""

from __future__ import annotations

from models.lora.load.answer import tables
from models.lora.load.answer.findings import gather
from models.lora.load.answer.maps import draw_maps, write_maps
from models.lora.load.answer.page import document
from models.lora.load.answer.summary import summary
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
    listed = [
        tables.verdict_table(findings),
        tables.fleets_table(findings),
        tables.epci_table(findings),
        tables.commune_table(findings),
        tables.gateways_table(findings),
        tables.losses_table(findings),
        tables.wave_table(findings),
        tables.outcome_table(findings),
        assumptions_table(findings.scenario.assumptions),
    ]
    files = write_tables(run, [table for table in listed if table.rows])
    drawing = draw_maps(findings)
    files += write_maps(drawing)
    content = document(findings, drawing, files)
    write_json(run.folder / "summary.json", summary(findings))
    publish(run, content)
    say(what, 1.0)
