"""The table of each stream on its own."""

from __future__ import annotations

from models.waste.answer.findings import Findings
from models.waste.answer.judged import FULL_DAYS, Judged
from models.waste.answer.tables import MEASURES, SETTLED_NOTE
from models.waste.answer.words import cell
from twin.lang import Text
from twin.report.phrases import worlds
from twin.report.tables import Cell, Column, Table
from twin.study.comparison import OPTION
from twin.study.judged import gap


def streams_table(findings: Findings, *, brief: bool = False) -> Table:
    """Return what each option changes in each stream, against scenario 0.

    `brief` keeps the gaps of the options that matter: calendar, planning, sensors at their best,
    the option to take.
    """
    rows: list[tuple[Cell, ...]] = []
    zero = findings.current
    told = (
        findings.calendar, findings.planned, findings.best_fitted, findings.decision.chosen, zero,
    )  # fmt: skip
    for stream, label in findings.streams.items():
        for each in findings.options.values():
            if brief and not any(each is kept for kept in told):
                continue
            own = each is zero
            amounts = (
                each.mean("km", stream),
                each.mean("stops", stream),
                each.mean("fill", stream),
                each.mean(FULL_DAYS, stream),
                each.mean("total_eur", stream),
            )
            apart = (
                None if own else _against(each, zero, "km", stream),
                None if own else _against(each, zero, FULL_DAYS, stream),
                None if own else _against(each, zero, "total_eur", stream),
            )
            rows.append((label, each.option.name, *(amounts[2:] if brief else amounts), *apart))
    columns = (
        MEASURES["km"][0],
        MEASURES["stops"][0],
        MEASURES["fill"][0],
        MEASURES[FULL_DAYS][0],
        MEASURES["total_eur"][0],
    )
    return Table(
        "flux_bref" if brief else "flux",
        Text("Chaque flux, l'essentiel, par an", "Each stream, the main options, a year")
        if brief
        else Text("Chaque flux, toutes les options, par an", "Each stream, every option, a year"),
        (
            Column("stream", Text("Flux", "Stream")),
            OPTION,
            *(columns[2:] if brief else columns),
            Column("km_gap", Text("Écart de km", "Gap in km")),
            Column("full_gap", Text("Écart de jours pleins", "Gap in days full")),
            Column("eur_gap", Text("Écart de coût", "Gap in cost")),
        ),
        tuple(rows),
        note=Text(
            f"Écarts avec le calendrier actuel. {SETTLED_NOTE.fr} {worlds(findings.n).fr}.",
            f"Gaps from today's calendar. {SETTLED_NOTE.en} {worlds(findings.n).en}.",
        ),
    )


def _against(each: Judged, zero: Judged, kpi: str, stream: str) -> Text | None:
    return cell(gap(each, zero, kpi, stream), money=kpi == "total_eur", decimals=MEASURES[kpi][1])
