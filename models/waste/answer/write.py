"""Write the whole answer into the run's folder: page, summary, tables, map."""

from __future__ import annotations

from dataclasses import replace

from models.waste.answer import place_tables, sensor_tables, stream_tables, tables
from models.waste.answer.findings import gather
from models.waste.answer.gap_table import gaps_table
from models.waste.answer.maps import draw_maps, write_maps
from models.waste.answer.page import document
from models.waste.answer.summary import summary
from twin.lang import Text
from twin.ports import Say
from twin.report.tables import Table
from twin.study.answer import assumptions_table, write_json, write_tables
from twin.study.conduct import Run
from twin.study.published import publish

WRITTEN = ("net", "gross", "km_gap", "full_gap", "eur_gap", "ideal_eur", "ideal_km")


def write(run: Run, say: Say) -> None:
    """Write `report.html`, `summary.json`, `tables/` and `maps/`."""
    what = Text("rapport", "report").say(run.lang)
    say(what, 0.0)
    findings = gather(run)
    listed = [
        tables.options_table(findings),
        tables.steps_detail_table(findings),
        gaps_table(findings),
        numeric(sensor_tables.shares_table(findings)),
        numeric(sensor_tables.stream_prices_table(findings)),
        numeric(stream_tables.streams_table(findings)),
        numeric(sensor_tables.radio_table(findings)),
        place_tables.places_table(findings),
        place_tables.yards_table(findings),
        tables.outcome_table(findings),
        assumptions_table(findings.scenario.assumptions),
    ]
    files = write_tables(run, [table for table in listed if table.rows])
    if findings.ground is not None:
        files += write_maps(findings)
    content = document(findings, draw_maps(findings), files)
    write_json(run.folder / "summary.json", summary(findings))
    publish(run, content)
    say(what, 1.0)


def numeric(table: Table) -> Table:
    """Return a table without the columns that write a difference and its interval in one cell.

    A page shows them so; a spreadsheet finds the same differences, a number a cell, in `ecarts`.
    """
    kept = [index for index, column in enumerate(table.columns) if column.name not in WRITTEN]
    return replace(
        table,
        columns=tuple(table.columns[index] for index in kept),
        rows=tuple(tuple(row[index] for index in kept) for row in table.rows),
        note=None,
    )
