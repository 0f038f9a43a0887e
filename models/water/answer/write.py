"""Write the whole answer into the run's folder: page, summary, tables, maps."""

from __future__ import annotations

from models.water.answer import file_tables, place_tables, service_tables
from models.water.answer.findings import gather
from models.water.answer.maps import draw_maps, write_maps
from models.water.answer.networks import write_networks
from models.water.answer.page import document
from models.water.answer.summary import summary
from twin.lang import Text
from twin.ports import Say
from twin.study.answer import assumptions_table, write_json, write_tables
from twin.study.conduct import Run
from twin.study.published import publish


def write(run: Run, say: Say) -> None:
    """Write `report.html`, `summary.json`, `tables/`, `maps/` and `networks/`."""
    what = Text("rapport", "report").say(run.lang)
    say(what, 0.0)
    findings = gather(run)
    listed = [
        file_tables.gaps_table(findings),
        service_tables.services_numbers(findings),
        file_tables.outcome_table(findings, ("", *findings.services)),
        assumptions_table(findings.scenario.assumptions),
    ]
    if findings.ground is not None:
        listed[:0] = [place_tables.meters_list(findings), place_tables.communes_table(findings)]
    files = write_tables(run, [table for table in listed if table.rows])
    maps = draw_maps(findings)
    if maps is not None:
        files += write_maps(findings, maps)
    files += write_networks(findings)
    content = document(findings, maps, files)
    write_json(run.folder / "summary.json", summary(findings))
    publish(run, content)
    say(what, 1.0)
