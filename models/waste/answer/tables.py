"""The tables of the answer that compare options."""

from __future__ import annotations

from models.waste.answer.cells import (
    BOUNDS,
    INFORMATION,
    POLICIES,
    RARE_POLICIES,
    information,
)
from models.waste.answer.findings import Findings
from models.waste.answer.judged import FULL_DAYS, Judged
from models.waste.answer.steps import steps_of
from models.waste.answer.words import NOT_SETTLED, cell
from models.waste.outcomes import ALL
from twin.lang import Text
from twin.report.phrases import worlds
from twin.report.tables import Cell, Column, Kind, Table
from twin.study import comparison
from twin.study.comparison import OPTION, VERDICT_COLUMNS, gap_cells
from twin.study.judged import gap

NUMBER, SHARE, EURO = Kind.NUMBER, Kind.SHARE, Kind.EURO
MEASURES: dict[str, tuple[Column, int]] = {
    "total_eur": (Column("total_eur", Text("Coût total", "Total cost"), EURO, "€"), 0),
    "km": (Column("km", Text("Kilomètres", "Kilometres"), NUMBER, decimals=0), 0),
    "stops": (Column("stops", Text("Vidages", "Emptyings"), NUMBER, decimals=0), 0),
    "hours": (Column("hours", Text("Heures", "Hours"), NUMBER, decimals=0), 0),
    FULL_DAYS: (
        Column(
            FULL_DAYS,
            Text("Jours pleins par point", "Days full per point"),
            NUMBER,
            decimals=1,
        ),
        2,
    ),
    "fill": (Column("fill", Text("Rempli au vidage", "Fill at emptying"), SHARE), 3),
    "fuel_l": (Column("fuel_l", Text("Gazole (L)", "Diesel (L)"), NUMBER, decimals=0), 0),
    "co2_t": (Column("co2_t", Text("tCO2e", "tCO2e"), NUMBER, decimals=1), 1),
}
"""What every comparison tells, and the decimals of its differences."""
SETTLED_NOTE = Text(
    "Entre parenthèses : intervalle de confiance à 95 % de l'écart moyen, sur les mêmes mondes. "
    f"« {NOT_SETTLED} » : l'intervalle contient zéro, les deux options ne sont pas départagées.",
    "In brackets: 95% confidence interval of the mean difference, on the same worlds. "
    f"'{NOT_SETTLED}': the interval holds nought, the two options are not told apart.",
)


def options_table(findings: Findings) -> Table:
    """Return what each option costs and does in a year, mean of the worlds."""
    rows = tuple(
        (
            each.option.name,
            _whole(each.mean("sensors")),
            *(each.mean(kpi) for kpi in MEASURES),
        )
        for each in findings.options.values()
    )
    return Table(
        "options",
        Text(
            "Ce que fait et coûte chaque option, par an", "What each option does and costs a year"
        ),
        (
            OPTION,
            Column("sensors", Text("Sondes", "Sensors"), Kind.INTEGER),
            *(column for column, _ in MEASURES.values()),
        ),
        rows,
        note=Text(
            f"Moyenne de {worlds(findings.n).fr}, ramenée à un an ; intervalles dans la table "
            "« resultats ». Coûts HT, amortissement des camions non compris.",
            f"Mean of {worlds(findings.n).en}, scaled to a year; intervals in the table 'resultats'. "
            "Excluding VAT and the depreciation of trucks.",
        ),
    )


def steps_table(findings: Findings) -> Table:
    """Return what each step changes: euros, kilometres, full points."""
    shown = ("total_eur", "km", FULL_DAYS, "hours")
    rows = tuple(
        (
            step.what,
            step.against,
            *(
                cell(
                    gap(step.one, step.other, kpi),
                    money=kpi == "total_eur",
                    decimals=MEASURES[kpi][1],
                )
                for kpi in shown
            ),
        )
        for step in steps_of(findings)
    )
    return Table(
        "marches_bref",
        Text("Ce que change chaque pas, par an", "What each step changes a year"),
        (
            Column("step", Text("Le pas", "The step")),
            Column("against", Text("Comparé à", "Compared with")),
            *(Column(kpi, MEASURES[kpi][0].label) for kpi in shown),
        ),
        rows,
        note=Text(
            f"Un nombre négatif est une baisse. {SETTLED_NOTE.fr} {worlds(findings.n).fr}.",
            f"A negative number is a decrease. {SETTLED_NOTE.en} {worlds(findings.n).en}.",
        ),
    )


def steps_detail_table(findings: Findings) -> Table:
    """Return every indicator of every step, for programs and auditors."""
    rows: list[tuple[Cell, ...]] = []
    for step in steps_of(findings):
        for kpi, (column, _) in MEASURES.items():
            told = gap(step.one, step.other, kpi)
            if told is not None:
                ids = (step.one.id, step.other.id)
                rows.append((step.what, *ids, column.label, *gap_cells(told)))
    return Table(
        "marches",
        Text("Chaque pas, indicateur par indicateur", "Each step, indicator by indicator"),
        (
            Column("step", Text("Le pas", "The step")),
            Column("option", Text("Option", "Option")),
            Column("against", Text("Comparée à", "Compared with")),
            Column("kpi", Text("Indicateur", "Indicator")),
            Column("difference", Text("Écart moyen", "Mean difference"), NUMBER, decimals=3),
            Column("low", Text("Bas", "Low"), NUMBER, decimals=3),
            Column("high", Text("Haut", "High"), NUMBER, decimals=3),
            *VERDICT_COLUMNS,
        ),
        tuple(rows),
    )  # fmt: skip


def cell_options(findings: Findings) -> dict[tuple[str, str], Judged]:
    """Return the option that plays each (policy, information); of several, the most sensors."""
    found: dict[tuple[str, str], Judged] = {}
    for each in findings.options.values():
        key = (each.settings.policy.kind, information(each.settings))
        if key not in found or each.settings.sensors.share > found[key].settings.sensors.share:
            found[key] = each
    return found


def information_table(findings: Findings, kpi: str) -> Table:
    """Return, for one indicator, policies down and information across, against scenario 0."""
    placed = cell_options(findings)
    known = [
        key
        for key in INFORMATION
        if key in ("none", "driver", "sensors", *BOUNDS) or any(key == each[1] for each in placed)
    ]
    played = {each[0] for each in placed}
    kinds = [kind for kind in POLICIES if kind not in RARE_POLICIES or kind in played]
    kinds += sorted(played - POLICIES.keys())
    column, decimals = MEASURES[kpi]

    def said(kind: str, news: str) -> Cell:
        judged = placed.get((kind, news))
        if judged is None:
            return None
        if judged is findings.current:
            return Text("0 (scénario 0)", "0 (scenario 0)")
        return cell(gap(judged, findings.current, kpi), money=kpi == "total_eur", decimals=decimals)

    label = column.label
    return Table(
        f"information_{kpi}",
        Text(
            f"{label.fr} (par an) : écart avec le calendrier actuel, selon ce qui est su et qui décide",
            f"{label.en}, a year: gap from today's calendar, by what is known and who decides",
        ),
        (
            Column("policy", Text("Qui décide", "Who decides")),
            *(Column(f"known_{key.replace('-', '_')}", INFORMATION[key]) for key in known),
        ),
        tuple(
            (POLICIES.get(kind, Text(kind, kind)), *(said(kind, news) for news in known))
            for kind in kinds
        ),
        note=Text(
            f"Vide : aucune option ne joue cette case. Sondes : la plus grande part jouée. "
            f"{SETTLED_NOTE.fr} {worlds(findings.n).fr}.",
            f"Empty: no option plays this cell. Sensors: the largest share played. "
            f"{SETTLED_NOTE.en} {worlds(findings.n).en}.",
        ),
    )


def outcome_table(findings: Findings) -> Table:
    """Return every indicator of every option and stream: mean and intervals."""
    return comparison.outcome_table(
        findings.options.values(),
        ALL,
        ("", *findings.streams),
        Text(
            "Tous les indicateurs, par option et par flux", "Every indicator by option and stream"
        ),
        Column("stream", Text("Flux", "Stream")),
        Text("Monde, bas (5 %)", "World, low (5 %)"),
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
