"""Write the whole answer into the run's folder: page, summary, tables, maps."""

from __future__ import annotations

import json
from pathlib import Path

from models.lora.load.answer import tables
from models.lora.load.answer.findings import Findings, gather
from models.lora.load.answer.maps import draw_maps, write_maps
from models.lora.load.answer.page import document
from models.lora.load.answer.summary import summary
from twin.files import write_atomically
from twin.lang import Lang, Text
from twin.ports import Say
from twin.report import document as page
from twin.report.blocks import FileLink
from twin.report.tables import Dialect, Table, write_csv
from twin.report.workbook import write_workbook
from twin.study.conduct import Run


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
        tables.assumptions_table(findings),
    ]
    files = _write_tables(findings, [table for table in listed if table.rows])
    drawing = draw_maps(findings)
    files += write_maps(drawing)
    content = document(findings, drawing, files)
    _write_json(run.folder / "summary.json", summary(findings))
    page.write(content, run.folder / "report.html", run.lang)
    say(what, 1.0)


def _write_tables(findings: Findings, listed: list[Table]) -> list[FileLink]:
    """Write each table as CSV and all of them as one workbook."""
    folder = findings.run.folder / "tables"
    dialect: Dialect = "fr" if findings.run.lang is Lang.FR else "intl"
    links = []
    for table in listed:
        path = write_csv(table, folder / f"{table.name}.csv", dialect)
        links.append(FileLink(f"tables/{path.name}", table.title))
    study = findings.scenario.study
    write_workbook(
        folder / "etude.xlsx",
        listed,
        findings.run.lang,
        title=Text(study.question, study.question_en),
        readme=(
            (Text("Graine", "Seed"), Text(str(study.seed), str(study.seed))),
            (Text("Réplications", "Replications"), Text(str(findings.n), str(findings.n))),
            (
                Text("Empreinte du scénario", "Hash of the scenario"),
                Text(findings.scenario.digest, findings.scenario.digest),
            ),
        ),
    )
    links.append(FileLink("tables/etude.xlsx", Text("toutes les tables", "all tables")))
    return links


def _write_json(path: Path, content: object) -> None:
    with write_atomically(path, "w") as handle:
        json.dump(content, handle, ensure_ascii=False, indent=1, allow_nan=False)
