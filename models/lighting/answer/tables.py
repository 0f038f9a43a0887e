"""The tables of the page, and those for programs and auditors."""

from __future__ import annotations

import math
from dataclasses import replace

from models.lighting.answer.findings import COST, Findings
from models.lighting.answer.judged import Judged
from models.lighting.outcomes import ALL
from twin.decide.compare import compare_all
from twin.decide.intervals import Interval
from twin.lang import Text
from twin.report.phrases import between, between_eur, euros, numbers, percents, yes
from twin.report.tables import Cell, Column, Kind, Table
from twin.study import comparison
from twin.study.comparison import OPTION
from twin.study.judged import gap

MONEY = ("total_eur", "overlit_eur", "horizon_eur", "invested_eur")
COARSE_FROM, FIGURES = 10_000.0, 3
SHARES = ("lit_share", "heard", "dark_share")
LABELS: dict[str, Text] = {
    "total_eur": Text("Coût par an", "Cost a year"),
    "horizon_eur": Text("Coût actualisé", "Discounted cost"),
    "invested_eur": Text("À investir", "To invest"),
    "kwh": Text("Énergie (kWh)", "Energy (kWh)"),
    "co2_t": Text("t CO₂e", "t CO₂e"),
    "dark_h": Text("Heures de lampe en panne", "Lamp-hours failed"),
    "unlit_h": Text("Heures de nuit sans lumière, par point", "Hours of night unlit, a point"),
    "outside_h": Text("Heures hors classe, par point", "Hours outside class, a point"),
    "dark_people_h": Text("Heures de passants dans le noir", "Hours of people in the dark"),
    "lit_share": Text("Passants éclairés", "People in the light"),
    "overlit_kwh": Text("Brûlé au-delà de la classe (kWh)", "Burnt beyond the class (kWh)"),
    "overlit_eur": Text("Payé au-delà de la classe", "Paid beyond the class"),
    "trips": Text("Sorties", "Trips"),
    "known_days": Text("Connue en (j)", "Known in (days)"),
    "repair_days": Text("Réparée en (j)", "Repaired in (days)"),
    "calls": Text("Appels", "Calls"),
    "alarms": Text("Alarmes", "Alarms"),
    "false_alarms": Text("Fausses alarmes", "False alarms"),
    "commands": Text("Ordres", "Commands"),
    "lost_commands": Text("Ordres perdus", "Lost commands"),
    "by_hand": Text("Horloges réglées à la main", "Clocks set by hand"),
    "heard": Text("Messages reçus", "Messages received"),
}
NOTE = Text(
    "Par an. Entre parenthèses : intervalle de confiance à 95 %. « ° » : écart non départagé par les mondes joués.",
    "A year. In brackets: 95% confidence interval. '°': the worlds played do not settle the gap.",
)


def own(judged: Judged, kpi: str) -> Cell:
    """Return an indicator of an option in words."""
    told = judged.get(kpi)
    if told is None:
        return None
    if kpi in MONEY:
        amount, ends = euros(told.mean), between_eur(told)
    elif kpi in SHARES:
        amount, ends = percents(told.mean, 1), between(told, 1, "percent")
    else:
        told = coarse(told)
        amount, ends = numbers(told.mean, _places(kpi)), between(told, _places(kpi))
    return _bracketed(amount, ends)


def apart(one: Judged, other: Judged, kpi: str) -> Cell:
    """Return a paired difference in words, marked where nothing is settled."""
    told = gap(one, other, kpi)
    if told is None:
        return None
    mean, mark = told.difference.mean, "" if told.settled else "°"
    if kpi in MONEY:
        amount, ends = euros(mean, signed=True), between_eur(told.difference)
    elif kpi in SHARES:
        amount = percents(mean, 1, signed=True)
        ends = between(told.difference, 1, "percent")
    else:
        rough = coarse(told.difference)
        amount = numbers(rough.mean, _places(kpi), signed=True)
        ends = between(rough, _places(kpi))
    return Text(f"{amount.fr}{mark} ({ends.fr})", f"{amount.en}{mark} ({ends.en})")


def _bracketed(amount: Text, ends: Text) -> Text:
    return Text(f"{amount.fr} ({ends.fr})", f"{amount.en} ({ends.en})")


def _places(kpi: str) -> int:
    return 1 if kpi in ("known_days", "repair_days") else 0


def coarse(told: Interval) -> Interval:
    """Return an interval of three significant figures: more would feign what nobody knows."""
    size = max(abs(told.mean), abs(told.low), abs(told.high))
    if not math.isfinite(size) or size < COARSE_FROM:
        return told
    places = FIGURES - 1 - math.floor(math.log10(size))
    return replace(
        told, mean=round(told.mean, places), low=round(told.low, places),
        high=round(told.high, places),
    )  # fmt: skip


def options_table(findings: Findings) -> Table:
    """Return every option that may answer against scenario 0."""
    shown = (COST, "kwh", "co2_t", "dark_people_h", "outside_h", "horizon_eur")
    rows = tuple(
        (
            each.option.name,
            *(apart(each, findings.current, kpi) for kpi in shown),
            Text("oui", "yes") if each in findings.front else Text("non", "no"),
        )
        for each in findings.asked
        if each is not findings.current
    )
    front = Text("Sur le front coût-obscurité", "On the cost-darkness front")
    return Table(
        "options_bref",
        Text("Chaque option moins le scénario 0", "Each option less scenario 0"),
        (OPTION, *(Column(kpi, LABELS[kpi]) for kpi in shown), Column("front", front)),
        rows,
        note=NOTE,
    )


def levels_table(findings: Findings, shown: tuple[str, ...], name: str, title: Text) -> Table:
    """Return indicators of every option asked, as levels."""
    rows = tuple((each.option.name, *(own(each, kpi) for kpi in shown)) for each in findings.asked)
    columns = (OPTION, *(Column(kpi, LABELS[kpi]) for kpi in shown))
    return Table(name, title, columns, rows, note=NOTE)


def radio_table(findings: Findings) -> Table:
    """Return what lost messages cost, and what the radio is worth."""
    shown = (COST, "dark_h", "known_days", "false_alarms", "lost_commands", "by_hand")
    words = {"ideal": Text("une radio parfaite", "a perfect radio"),
             "none": Text("une radio muette", "a dead radio")}  # fmt: skip
    rows = tuple(
        (each.option.name, words[other.settings.link],
         *(apart(each, other, kpi) for kpi in shown))
        for each, other in findings.radios
    )  # fmt: skip
    return Table(
        "radio",
        Text("Le réseau prévu face à une radio parfaite et à une radio muette",
             "The planned network against a perfect and a dead radio"),
        (OPTION, Column("against", Text("Comparée à", "Compared with")),
         *(Column(kpi, LABELS[kpi]) for kpi in shown)),
        rows,
        note=NOTE,
    )  # fmt: skip


def chances_table(findings: Findings, *, whole: bool = False) -> Table:
    """Return how likely options are to cost less than others in the world to come.

    On the page the chosen one against each other; `whole`: every pair, for the files.
    """
    series = {
        each.id: each.series[COST, ""] for each in findings.asked if (COST, "") in each.series
    }
    name = {each.id: each.option.name for each in findings.asked}
    against = None if whole else findings.chosen.id
    compared = (
        compare_all(series, Judged.directions[COST], against=against) if len(series) > 1 else ()
    )
    return Table(
        "chances" if whole else "chances_bref",
        Text("Quelle option coûte moins que l'autre", "Which option costs less than the other"),
        (
            OPTION,
            Column("other", Text("Face à", "Against")),
            Column("chance", Text("Mondes où elle coûte moins", "Worlds in which it costs less")),
            Column("difference", Text("Écart par an", "Gap a year")),
            Column("settled", Text("Départagé (Holm)", "Told apart (Holm)")),
        ),
        tuple(
            (
                name[each.a], name[each.b], percents(each.share_a_better),
                _bracketed(euros(each.difference.mean, signed=True), between_eur(each.difference)),
                yes(each.is_settled()),
            )
            for each in compared
        ),
        note=NOTE,
    )  # fmt: skip


def outcome_table(findings: Findings) -> Table:
    """Return every indicator of every option, of all communes together."""
    return _outcomes(findings, [""], "resultats", Text("Tous les indicateurs", "Every indicator"))


def zones_table(findings: Findings) -> Table:
    """Return what is told of every commune, option by option."""
    zones = sorted({zone for each in findings.options.values() for _, zone in each.series if zone})
    title = Text("Chaque commune, option par option", "Each commune, option by option")
    return _outcomes(findings, zones, "resultats_communes", title)


def _outcomes(findings: Findings, zones: list[str], name: str, title: Text) -> Table:
    found = comparison.outcome_table(
        findings.options.values(), ALL, zones, title,
        Column("zone", Text("Commune", "Commune"), Kind.TEXT),
    )  # fmt: skip
    return replace(found, name=name)
