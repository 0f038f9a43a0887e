"""Every paired difference of the study in one long table, for programs and auditors."""

from __future__ import annotations

from models.waste.answer.cells import INFORMATION, POLICIES, information
from models.waste.answer.findings import Findings
from models.waste.answer.judged import Judged
from models.waste.answer.tables import MEASURES
from twin.lang import Text
from twin.report.tables import Cell, Column, Kind, Table
from twin.study.comparison import VERDICT_COLUMNS, gap_cells
from twin.study.judged import gap

NUMBER = Kind.NUMBER


def gaps_table(findings: Findings) -> Table:
    """Return each option less scenario 0, and less its no-sensor twin, by stream and indicator."""
    rows: list[tuple[Cell, ...]] = []
    for each in findings.options.values():
        for other in _others(findings, each):
            for zone in ("", *findings.streams):
                rows += _rows(each, other, zone)
    return Table(
        "ecarts",
        Text("Tous les écarts, sur les mêmes mondes", "Every difference, on the same worlds"),
        (
            Column("option", Text("Option", "Option")),
            Column("policy", Text("Qui décide", "Who decides")),
            Column("information", Text("Ce qui est su", "What is known")),
            Column("sensor_share", Text("Part équipée", "Share fitted"), Kind.SHARE),
            Column("against", Text("Comparée à", "Compared with")),
            Column("stream", Text("Flux", "Stream")),
            Column("kpi", Text("Indicateur", "Indicator")),
            Column("difference", Text("Écart moyen par an", "Mean difference a year"), NUMBER,
                   decimals=3),
            Column("low", Text("Bas (95 %)", "Low (95%)"), NUMBER, decimals=3),
            Column("high", Text("Haut (95 %)", "High (95%)"), NUMBER, decimals=3),
            *VERDICT_COLUMNS,
        ),
        tuple(rows),
    )  # fmt: skip


def _others(findings: Findings, each: Judged) -> list[Judged]:
    twin = findings.twin(each)
    return [other for other in (findings.current, twin) if other is not None and other is not each]


def _rows(each: Judged, other: Judged, zone: str) -> list[tuple[Cell, ...]]:
    settings = each.settings
    kind = settings.policy.kind
    found: list[tuple[Cell, ...]] = []
    for kpi, (column, _) in MEASURES.items():
        told = gap(each, other, kpi, zone)
        if told is not None:
            found.append(
                (
                    each.id, POLICIES.get(kind, Text(kind, kind)),
                    INFORMATION[information(settings)], settings.sensors.share, other.id, zone,
                    column.label, *gap_cells(told),
                )
            )  # fmt: skip
    return found
