"""The tables for programs and auditors: every indicator of every option."""

from __future__ import annotations

from collections.abc import Sequence

from models.water.answer.findings import Findings
from models.water.answer.measures import MEASURES, NUMBER
from models.water.outcomes import ALL
from twin.lang import Text
from twin.report.tables import Cell, Column, Table
from twin.study import comparison
from twin.study.comparison import OPTION, VERDICT_COLUMNS, gap_cells
from twin.study.judged import gaps


def gaps_table(findings: Findings) -> Table:
    """Return every indicator of every option less scenario 0's, for programs and auditors."""
    rows: list[tuple[Cell, ...]] = []
    for kpi in MEASURES:
        found = gaps(findings.options, findings.current, kpi)
        rows += [
            (findings.options[name].option.name, findings.current.id, kpi, MEASURES[kpi].label,
             *gap_cells(told))
            for name, told in found.items()
        ]  # fmt: skip
    return Table(
        "ecarts",
        Text("Chaque option moins le scénario 0", "Each option less scenario 0"),
        (
            OPTION,
            Column("against", Text("Comparée à", "Compared with")),
            Column("kpi", Text("Identifiant", "Identifier")),
            Column("label", Text("Indicateur", "Indicator")),
            Column("difference", Text("Écart moyen", "Mean difference"), NUMBER, decimals=3),
            Column("low", Text("Bas (95 %)", "Low (95%)"), NUMBER, decimals=3),
            Column("high", Text("Haut (95 %)", "High (95%)"), NUMBER, decimals=3),
            *VERDICT_COLUMNS,
        ),
        tuple(rows),
        note=Text(
            "Correction de Holm sur les options, indicateur par indicateur.",
            "Holm's correction over the options, indicator by indicator.",
        ),
    )  # fmt: skip


def outcome_table(findings: Findings, zones: Sequence[str]) -> Table:
    """Return every indicator of every option, by zone: mean and intervals."""
    return comparison.outcome_table(
        findings.options.values(),
        ALL,
        zones,
        Text(
            "Tous les indicateurs, par option et par service",
            "Every indicator by option and service",
        ),
        Column("zone", Text("Service", "Service")),
    )
