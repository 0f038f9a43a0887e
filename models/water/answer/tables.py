"""The tables of the answer that compare options."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from models.water.answer.cells import READINGS
from models.water.answer.findings import Findings
from models.water.answer.judged import WITH_CUSTOMERS, Gap, Judged, gap, gaps
from models.water.answer.words import NOT_SETTLED, Style, cell, finite, level, worlds
from models.water.outcomes import ALL
from twin.lang import Text
from twin.report.tables import Cell, Column, Kind, Table

OPTION = Column("option", Text("Option", "Option"))
NUMBER, SHARE, INTEGER = Kind.NUMBER, Kind.SHARE, Kind.INTEGER


@dataclass(frozen=True)
class Measure:
    """How an indicator is printed."""

    label: Text
    style: Style = "number"
    decimals: int = 0


MEASURES: dict[str, Measure] = {
    "total_eur": Measure(Text("Coût du service", "Cost of the service"), "eur"),
    WITH_CUSTOMERS: Measure(
        Text("Service et fuites payées par les abonnés", "Service and leaks paid by customers"),
        "eur",
    ),
    "paid_eur": Measure(Text("Payé par les abonnés", "Paid by customers"), "eur"),
    "lost_m3": Measure(Text("Eau perdue (m³)", "Water lost (m³)"), "m3"),
    "customer_lost_m3": Measure(
        Text("Perdue après compteur (m³)", "Lost behind meters (m³)"), "m3"
    ),
    "forgiven_m3": Measure(Text("Écrêtée, loi Warsmann (m³)", "Forgiven, Warsmann law (m³)"), "m3"),
    "unregistered_m3": Measure(Text("Non comptée (m³)", "Not registered (m³)"), "m3"),
    "run_days": Measure(Text("Vie d'une fuite cachée (j)", "Life of a hidden leak (days)")),
    "customer_days": Measure(
        Text("Vie d'une fuite après compteur (j)", "Life of a leak behind a meter (days)")
    ),
    "seen_share": Measure(
        Text("Conduites où la fuite est vue en 3 j", "Mains where the leak shows in 3 days"),
        "share",
    ),
    "smallest_m3h": Measure(
        Text("Plus petite fuite vue (m³/h)", "Smallest leak seen (m³/h)"), "number", 1
    ),
    "searches": Measure(Text("Recherches", "Searches")),
    "false_alarms": Measure(Text("Fausses alarmes", "False alarms")),
    "urgent": Measure(Text("Réparations urgentes", "Urgent repairs")),
    "alerts": Measure(Text("Alertes aux abonnés", "Alerts to customers"), "m3"),
    "next_day": Measure(Text("Compteurs connus à J+1", "Meters known at day + 1"), "share"),
    "quarter": Measure(Text("Relevés réels par trimestre", "True readings a quarter"), "share"),
    "read_share": Measure(Text("Trames de secteur reçues", "District frames received"), "share", 1),
    "customer_read": Measure(
        Text("Trames d'abonnés reçues", "Customers' frames received"), "share", 1
    ),
    "nights_known": Measure(Text("Nuits connues", "Nights known"), "share", 1),
    "dry_people_h": Measure(
        Text("Heures d'habitant, réservoir à sec", "Hours of inhabitants, tower dry"), "m3"
    ),
    "dry_m3": Measure(Text("Non servi (m³)", "Not served (m³)"), "m3"),
    "yield": Measure(Text("Rendement", "Yield"), "share", 1),
}
SETTLED_NOTE = Text(
    "Entre parenthèses : intervalle de confiance à 95 % de la moyenne, ou de l'écart moyen sur les mêmes "
    f"mondes. « {NOT_SETTLED} » : l'intervalle de l'écart contient zéro, rien n'est départagé.",
    "In brackets: 95% confidence interval of the mean, or of the mean difference on the same worlds. "
    f"'{NOT_SETTLED}': the interval of the difference holds nought, nothing is told apart.",
)
GAPS = ("total_eur", "lost_m3", "run_days", "searches", "urgent")
LEVELS = ("seen_share", "smallest_m3h", "false_alarms")


def column(kpi: str, *, change: bool = False) -> Column:
    """Return an indicator's column of worded cells; `change` where they are differences."""
    label = MEASURES[kpi].label
    return Column(kpi, Text(f"Écart : {label.fr}", f"Change: {label.en}") if change else label)


def apart(one: Judged, other: Judged, kpi: str) -> Text | None:
    """Return how far one option is from another, in words."""
    measure = MEASURES[kpi]
    return cell(gap(one, other, kpi), measure.style, measure.decimals)


def own(judged: Judged, kpi: str, zone: str = "") -> Text | None:
    """Return an option's own level, in words."""
    measure = MEASURES[kpi]
    return level(judged.get(kpi, zone), measure.style, measure.decimals)


def noted(findings: Findings, before: Text) -> Text:
    """Return a note that ends on how to read the cells and on the number of worlds."""
    n = worlds(findings.n)
    return Text(
        f"{before.fr} {SETTLED_NOTE.fr} {n.fr}.".strip(),
        f"{before.en} {SETTLED_NOTE.en} {n.en}.".strip(),
    )


def meters_table(findings: Findings) -> Table:
    """Return, by number of meters, what changes against scenario 0 and what is seen."""
    rows: list[tuple[Cell, ...]] = []
    zero = findings.current
    for each in findings.family:
        told = (
            tuple(own(zero, kpi) for kpi in GAPS)
            if each is zero
            else tuple(apart(each, zero, kpi) for kpi in GAPS)
        )
        rows.append((each.option.name, *told, *(own(each, kpi) for kpi in LEVELS)))
    return Table(
        "compteurs_bref",
        Text(
            "Ce que change chaque nombre de compteurs, par an",
            "What each number of meters changes a year",
        ),
        (OPTION, *(column(kpi, change=True) for kpi in GAPS), *(column(kpi) for kpi in LEVELS)),
        tuple(rows),
        note=noted(
            findings,
            Text(
                "Première ligne : aujourd'hui, en niveau ; les suivantes : écarts avec elle, puis niveaux.",
                "First row: today, as levels; the next ones: changes from it, then levels.",
            ),
        ),
    )


def readings_table(findings: Findings) -> Table:
    """Return each way of reading customers' meters, as levels."""
    shown = (
        "next_day", "quarter", "customer_lost_m3", "customer_days", "paid_eur", "forgiven_m3",
        "unregistered_m3", "alerts", "total_eur",
    )  # fmt: skip
    return Table(
        "releve_bref",
        Text("Ce que chaque façon de relever laisse", "What each way of reading leaves"),
        (Column("reading", Text("Relève", "Reading")), *(column(kpi) for kpi in shown)),
        tuple(
            (READINGS[name], *(own(each, kpi) for kpi in shown))
            for name, each in findings.readings.items()
        ),
        note=noted(
            findings,
            Text("Par an ; coûts du service HT.", "A year; cost of the service without VAT."),
        ),
    )


def reading_steps_table(findings: Findings) -> Table:
    """Return what each step of reading brings over the step before."""
    shown = ("total_eur", "paid_eur", WITH_CUSTOMERS, "customer_lost_m3", "forgiven_m3")
    named_readings = list(findings.readings.items())
    rows: list[tuple[Cell, ...]] = []
    for (before, other), (name, one) in itertools.pairwise(named_readings):
        rows.append((READINGS[name], READINGS[before], *(apart(one, other, kpi) for kpi in shown)))
    return Table(
        "releve_pas",
        Text(
            "Ce que change chaque pas : la radio face à la voiture, la voiture face au passage à pied",
            "What each step changes: radio against car, car against reading on foot",
        ),
        (
            Column("reading", Text("Relève", "Reading")),
            Column("against", Text("Comparée à", "Compared with")),
            *(column(kpi, change=True) for kpi in shown),
        ),
        tuple(rows),
        note=noted(
            findings,
            Text(
                "Un nombre négatif est une baisse. Ce que les abonnés ne paient plus pour leurs fuites, le "
                "service ne l'encaisse plus : seul le coût marginal de cette eau est économisé par tous.",
                "A negative number is a decrease. What customers no longer pay for leaks the service no "
                "longer takes in: only the marginal cost of that water is saved by all.",
            ),
        ),
    )


def options_table(findings: Findings) -> Table:
    """Return every option against scenario 0: money, water, both kinds."""
    shown = ("total_eur", "paid_eur", WITH_CUSTOMERS, "lost_m3", "customer_lost_m3")
    rows = tuple(
        (each.option.name, *(apart(each, findings.current, kpi) for kpi in shown))
        for each in findings.options.values()
        if each is not findings.current
    )
    return Table(
        "options_bref",
        Text("Chaque option moins le scénario 0, par an", "Each option less scenario 0, a year"),
        (OPTION, *(column(kpi) for kpi in shown)),
        rows,
        note=noted(
            findings, Text("Un nombre négatif est une baisse.", "A negative number is a decrease.")
        ),
    )


def losses_table(findings: Findings) -> Table:
    """Return what lost messages cost: the network planned against a perfect and a dead radio."""
    rows: list[tuple[Cell, ...]] = []
    for each, part, ideal, dead in findings.losses:
        read = "read_share" if part == "districts" else "customer_read"
        water = "lost_m3" if part == "districts" else "customer_lost_m3"
        for other, what in (
            (ideal, Text("une radio parfaite", "a perfect radio")),
            (dead, Text("une radio muette", "a dead radio")),
        ):
            if other is None:
                continue
            rows.append(
                (
                    each.option.name,
                    own(each, read),
                    what,
                    apart(each, other, water),
                    apart(each, other, "total_eur"),
                    apart(each, other, "paid_eur") if part == "customers" else None,
                    apart(each, other, "run_days") if part == "districts" else None,
                )
            )
    return Table(
        "messages_perdus",
        Text(
            "Le réseau prévu face à une radio parfaite et à une radio muette, par an",
            "The planned network against a perfect and a dead radio, a year",
        ),
        (
            OPTION,
            Column("received", Text("Trames reçues", "Frames received")),
            Column("against", Text("Comparée à", "Compared with")),
            Column("water", Text("Écart : eau perdue (m³)", "Change: water lost (m³)")),
            column("total_eur", change=True),
            column("paid_eur", change=True),
            column("run_days", change=True),
        ),
        tuple(rows),
        note=noted(
            findings,
            Text(
                "Face à la radio parfaite, un nombre positif est ce que coûtent les messages perdus ; face à "
                "la radio muette, un nombre négatif est ce que vaut la radio. Eau perdue : des conduites pour "
                "les compteurs de sectorisation, après compteur pour ceux des abonnés.",
                "Against the perfect radio a positive number is what lost messages cost; against the dead "
                "one a negative number is what the radio is worth. Water lost: from mains for district "
                "meters, behind the meter for customers'.",
            ),
        ),
    )


def struck_table(findings: Findings) -> Table:
    """Return what power cuts and droughts change, option by option, against its calm twin."""
    shown = ("dry_people_h", "dry_m3", "lost_m3", "run_days", "total_eur")
    return Table(
        "coupures_jouees",
        Text(
            "Les coupures et sécheresses jouées dans l'année, face à la même option sans elles",
            "The cuts and droughts played within the year, against the same option without",
        ),
        (OPTION, *(column(kpi, change=True) for kpi in shown)),
        tuple(
            (each.option.name, *(apart(each, calm, kpi) for kpi in shown))
            for each, calm in findings.struck
        ),
        note=noted(
            findings, Text("Un nombre positif est une hausse.", "A positive number is an increase.")
        ),
    )


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
