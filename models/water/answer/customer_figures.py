"""The figures of the answer on customers' meters; titles state the finding."""

from __future__ import annotations

from collections.abc import Callable

from models.water.answer.cells import READINGS
from models.water.answer.findings import Findings
from models.water.answer.words import Style, say, within
from twin.lang import Lang, Text
from twin.report import figures as draw
from twin.report.phrases import doubt, opposite
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.study.comparison import bar
from twin.study.judged import gap

COST_GAP = Column(
    "saved_eur",
    Text("Économie du service par an, face à la relève à pied",
         "Saving of the service a year, against reading on foot"),
    Kind.EURO,
)  # fmt: skip
BEHIND = Column(
    "customer_lost_m3",
    Text("Eau perdue après compteur, par an", "Water lost behind meters a year"),
    Kind.NUMBER,
    "m³",
    0,
)
PAID = Column(
    "paid_eur",
    Text("Payé par les abonnés pour leurs fuites, par an", "Paid by customers for leaks a year"),
    Kind.EURO,
)
ON_FOOT = Text("relève à pied", "reading on foot")


def reading_cost(findings: Findings, lang: Lang) -> Svg:
    """Compare what each way of reading saves the service, on the same worlds."""
    told = {
        name: found
        for name, each in findings.readings.items()
        if each is not findings.current
        and (found := gap(each, findings.current, "total_eur")) is not None
    }
    rows = [bar(READINGS[name], opposite(each.difference)) for name, each in told.items()]
    first = min(told, key=lambda name: told[name].difference.mean)
    change, open_question = told[first].difference.mean, doubt(told[first].settled)
    amount, best = say(abs(change), "eur"), READINGS[first]
    title = (
        Text(
            f"Pour le service seul, la relève la moins chère est {best.fr} : {amount.fr} de moins par an qu'à "
            f"pied{open_question.fr}",
            f"For the service alone the cheapest reading is {best.en}: {amount.en} less a year than on "
            f"foot{open_question.en}",
        )
        if change < 0.0
        else Text(
            f"Pour le service seul, rien ne coûte moins que la relève à pied : {best.fr}, {amount.fr} de plus par "
            f"an{open_question.fr}",
            f"For the service alone nothing costs less than reading on foot: {best.en}, {amount.en} more a "
            f"year{open_question.en}",
        )
    )
    return draw.interval_rows(
        "cout-de-la-releve", title, rows, COST_GAP, lang, target=0.0, target_label=ON_FOOT
    )


def behind_meters(findings: Findings, lang: Lang) -> Svg:
    """Compare the water lost behind customers' meters."""
    return _levels(
        findings, "customer_lost_m3", "perdu-apres-compteur", BEHIND, lang,
        lambda less, more: Text(
            f"Après compteur, {more.fr} m³ se perdent par an aujourd'hui, {less.fr} au mieux",
            f"Behind meters {more.en} m³ are lost a year today, {less.en} at best",
        ),
    )  # fmt: skip


def paid_for_leaks(findings: Findings, lang: Lang) -> Svg:
    """Compare what customers pay for leaks behind their meters."""
    return _levels(
        findings, "paid_eur", "paye-pour-fuites", PAID, lang,
        lambda less, more: Text(
            f"Les abonnés paient {more.fr} par an pour leurs fuites aujourd'hui, {less.fr} au mieux",
            f"Customers pay {more.en} a year for their leaks today, {less.en} at best",
        ),
    )  # fmt: skip


def _levels(
    findings: Findings,
    kpi: str,
    name: str,
    measure: Column,
    lang: Lang,
    title: Callable[[Text, Text], Text],
) -> Svg:
    """Draw one indicator by way of reading; `title` takes the least and today's."""
    rows = [
        bar(READINGS[reading], within(told, 0.0), strong=each is not findings.current)
        for reading, each in findings.readings.items()
        if (told := each.get(kpi)) is not None
    ]
    style: Style = "eur" if measure.kind is Kind.EURO else "m3"
    today = findings.current.mean(kpi) or 0.0
    words = title(say(min(row.value for row in rows), style), say(today, style))
    return draw.option_bars(name, words, rows, measure, lang)
