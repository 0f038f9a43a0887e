"""The tables for programs and auditors: every indicator of every option."""

from __future__ import annotations

from collections.abc import Sequence

from models.water.answer.findings import Findings
from models.water.answer.judged import Gap, Judged, gaps
from models.water.answer.measures import INTEGER, MEASURES, NUMBER, OPTION, SHARE
from models.water.answer.words import finite
from models.water.outcomes import ALL
from twin.lang import Text
from twin.report.tables import Cell, Column, Table


def gaps_table(findings: Findings) -> Table:
    """Return every indicator of every option less scenario 0's, for programs and auditors."""
    rows: list[tuple[Cell, ...]] = []
    for kpi in MEASURES:
        found = gaps(findings.options, findings.current, kpi)
        rows += [
            _numbers(findings.options[name], findings.current.id, kpi, told)
            for name, told in found.items()
        ]
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
            Column("n", Text("Mondes", "Worlds"), INTEGER),
            Column("settled", Text("Départagé", "Told apart")),
            Column("share_better", Text("Mondes où c'est mieux", "Worlds in which it is better"),
                   SHARE, decimals=0),
        ),
        tuple(rows),
        note=Text(
            "Correction de Holm sur les options, indicateur par indicateur.",
            "Holm's correction over the options, indicator by indicator.",
        ),
    )  # fmt: skip


def _numbers(judged: Judged, against: str, kpi: str, told: Gap) -> tuple[Cell, ...]:
    difference = told.difference
    return (
        judged.option.name, against, kpi, MEASURES[kpi].label, difference.mean,
        finite(difference.low), finite(difference.high), difference.n,
        Text("oui", "yes") if told.settled else Text("non", "no"), finite(told.share_better),
    )  # fmt: skip


def outcome_table(findings: Findings, zones: Sequence[str]) -> Table:
    """Return every indicator of every option, by zone: mean and intervals."""
    rows: list[tuple[Cell, ...]] = []
    for each in findings.options.values():
        for kpi in ALL:
            for zone in zones:
                mean, spread = each.get(kpi.name, zone), each.spread(kpi.name, zone)
                if mean is None or spread is None:
                    continue
                rows.append(
                    (
                        each.option.name, kpi.label, kpi.unit, zone, mean.mean,
                        finite(mean.low), finite(mean.high), spread.low, spread.high, mean.n,
                    )
                )  # fmt: skip
    return Table(
        "resultats",
        Text(
            "Tous les indicateurs, par option et par service",
            "Every indicator by option and service",
        ),
        (
            OPTION,
            Column("kpi", Text("Indicateur", "Indicator")),
            Column("unit", Text("Unité", "Unit")),
            Column("zone", Text("Service", "Service")),
            Column("mean", Text("Moyenne", "Mean"), NUMBER, decimals=3),
            Column("low", Text("Moyenne, bas (95 %)", "Mean, low (95%)"), NUMBER, decimals=3),
            Column("high", Text("Moyenne, haut (95 %)", "Mean, high (95%)"), NUMBER, decimals=3),
            Column("p05", Text("Monde, bas (5 %)", "World, low (5%)"), NUMBER, decimals=3),
            Column("p95", Text("Monde, haut (95 %)", "World, high (95%)"), NUMBER, decimals=3),
            Column("n", Text("Mondes", "Worlds"), INTEGER),
        ),
        tuple(rows),
    )
