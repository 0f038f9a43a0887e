"""What every answer to a study carries, whichever utility gives it: tables, intervals, origin.

The assumptions with their status, each table as CSV and all of them as one workbook, intervals for
programs, and what it takes to make the numbers again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from twin import __version__
from twin.decide.intervals import Interval
from twin.decide.priors import Prior
from twin.decide.sensitivity import TornadoRow
from twin.files import write_atomically
from twin.lang import Lang, Text, same
from twin.report.blocks import FileLink
from twin.report.document import Fact
from twin.report.tables import Column, Dialect, Kind, Table, write_csv
from twin.report.workbook import write_workbook
from twin.study.conduct import Run
from twin.study.published import shared_tables


def colophon(run: Run) -> tuple[Fact, ...]:
    """Return what it takes to make these numbers again."""
    return (
        Fact(Text("commande", "command"), same(f"`{run.again}`")),
        Fact(Text("graine", "seed"), same(str(run.scenario.study.seed))),
        Fact(
            Text("réplications par option", "replications per option"), same(str(run.replications))
        ),
        Fact(Text("empreinte du scénario", "hash of the scenario"), same(run.scenario.digest[:16])),
        Fact(Text("version", "version"), same(__version__)),
        Fact(
            Text("détail", "details"),
            Text(
                "`manifest.json` : versions, empreintes des entrées et du code, durées",
                "`manifest.json`: versions, hashes of inputs and code, durations",
            ),
        ),
    )


def assumptions_table(assumptions: Mapping[str, Prior]) -> Table:
    """Return every uncertain figure with its status and source."""
    number = Kind.NUMBER
    return Table(
        "hypotheses",
        Text("Les hypothèses et leur statut", "The assumptions and their status"),
        (
            Column("id", Text("Identifiant", "Identifier")),
            Column("label", Text("Hypothèse", "Assumption")),
            Column("unit", Text("Unité", "Unit")),
            Column("low", Text("Bas", "Low"), number),
            Column("mode", Text("Usuel", "Mode"), number),
            Column("high", Text("Haut", "High"), number),
            Column("status", Text("Statut", "Status")),
            Column("source", Text("Source", "Source")),
        ),
        tuple(
            (
                name,
                prior.label,
                prior.unit,
                prior.low,
                prior.mode,
                prior.high,
                prior.status.label,
                prior.source,
            )
            for name, prior in sorted(assumptions.items())
        ),
    )


def write_tables(run: Run, listed: Sequence[Table], beside: Sequence[Table] = ()) -> list[FileLink]:
    """Write each table as CSV and all of them as one workbook; `beside` are too long for it.

    The tables that every study has (:mod:`twin.study.published`) are written with them.
    """
    listed = [*listed, *shared_tables(run)]
    folder = run.folder / "tables"
    dialect: Dialect = "fr" if run.lang is Lang.FR else "intl"
    links = []
    for table in (*listed, *beside):
        path = write_csv(table, folder / f"{table.name}.csv", dialect)
        links.append(FileLink(f"tables/{path.name}", table.title))
    study = run.scenario.study
    write_workbook(
        folder / "etude.xlsx",
        listed,
        run.lang,
        title=Text(study.question, study.question_en),
        readme=(
            (Text("Graine", "Seed"), same(str(study.seed))),
            (Text("Réplications", "Replications"), same(str(run.replications))),
            (Text("Empreinte du scénario", "Hash of the scenario"), same(run.scenario.digest)),
        ),
    )
    links.append(FileLink("tables/etude.xlsx", Text("toutes les tables", "all tables")))
    return links


def write_json(path: Path, content: object) -> None:
    """Write a file for programs; NaN and infinity are refused."""
    with write_atomically(path, "w") as handle:
        json.dump(content, handle, ensure_ascii=False, indent=1, allow_nan=False)


def told_interval(interval: Interval) -> dict[str, Any]:
    """Return an interval for programs; a bound that nothing bounds is null."""
    return {
        "mean": interval.mean,
        # One replication bounds nothing, and JSON knows no infinity.
        "low": interval.low if isfinite(interval.low) else None,
        "high": interval.high if isfinite(interval.high) else None,
        "level": interval.level,
        "n": interval.n,
    }


def told(text: Text) -> dict[str, str]:
    """Return a text in both languages, for programs."""
    return {"fr": text.fr, "en": text.en}


def told_tornado(rows: Iterable[TornadoRow]) -> list[dict[str, Any]]:
    """Return a sensitivity chart for programs."""
    return [
        {
            "assumption": row.name,
            "low_quantile": row.low_quantile,
            "high_quantile": row.high_quantile,
            "at_low": row.low.mean,
            "at_high": row.high.mean,
            "swing": told_interval(row.swing),
        }
        for row in rows
    ]
