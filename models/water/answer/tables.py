"""The tables of the page that compare options."""

from __future__ import annotations

import itertools

from models.water.answer.cells import READINGS
from models.water.answer.findings import Findings
from models.water.answer.judged import WITH_CUSTOMERS
from models.water.answer.measures import apart, column, noted, own
from twin.lang import Text
from twin.report.tables import Cell, Column, Table
from twin.study.comparison import OPTION

GAPS = ("total_eur", "lost_m3", "run_days", "searches", "urgent")
LEVELS = ("seen_share", "smallest_m3h", "false_alarms")


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
