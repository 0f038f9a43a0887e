"""The figures of the page: what options cost, whom they leave in the dark, how long failures last."""

from __future__ import annotations

from dataclasses import replace

from models.lighting.answer.findings import COST, DARK, Findings
from models.lighting.answer.judged import Judged
from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.report import figures as draw
from twin.report.front import FrontPoint, front_chart
from twin.report.phrases import (
    bounded,
    euros,
    named,
    numbers,
)
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.study.comparison import bar

THOUSAND = 1_000.0
DARK_COLUMN = Column(
    "h",
    Text("Heures de passants dans le noir (milliers par an)",
         "Hours of people in the dark (thousands a year)"),
    Kind.NUMBER,
    decimals=0,
)  # fmt: skip
DAYS_COLUMN = Column(
    "days", Text("Jours de la panne à la réparation", "Days from failure to repair"), Kind.NUMBER,
    decimals=1,
)  # fmt: skip
COST_COLUMN = Column("eur", Text("Coût par an", "Cost a year"), Kind.EURO)
LINES: dict[str, Text] = {
    "energy_eur": Text("énergie", "energy"),
    "fixed_eur": Text("part fixe", "fixed part"),
    "crew_eur": Text("équipes", "crews"),
    "parts_eur": Text("pièces", "parts"),
    "devices_eur": Text("horloges, contrôleurs", "clocks, nodes"),
    "lanterns_eur": Text("lanternes LED", "LED lanterns"),
}


def cost_figure(findings: Findings, lang: Lang) -> Svg:
    """Break each option's yearly cost into its lines."""
    shown = findings.asked
    parts_ = [
        draw.Part(label, tuple(each.mean(kpi) or 0.0 for each in shown))
        for kpi, label in LINES.items()
    ]
    name, amount = named(findings.chosen.option.name), euros(findings.chosen.mean(COST) or 0.0)
    title = Text(
        f"{name.fr} coûte le moins : {amount.fr} par an",
        f"{name.en} costs least: {amount.en} a year",
    )
    return draw.stacked_bars(
        "couts", title, [each.option.name for each in shown], parts_, COST_COLUMN, lang
    )


def front_figure(findings: Findings, lang: Lang) -> Svg:
    """Place options by cost and by people in the dark."""
    points = []
    for each in findings.asked:
        cost, raw = each.get(COST), each.get(DARK)
        if cost is None or raw is None:
            continue
        dark = _thousands(raw)
        points.append(
            FrontPoint(
                each.option.name, cost.mean, dark.mean, _ends(cost), _ends(dark),
                each in findings.front, each is findings.chosen,
            )
        )  # fmt: skip
    count = sum(point.on_front for point in points)
    title = Text(
        f"{count} options sur {len(points)} : moins cher n'y va qu'avec plus d'obscurité",
        f"{count} options of {len(points)}: among them cheaper means darker",
    )
    return front_chart("front", title, points, COST_COLUMN, DARK_COLUMN, lang)


def _thousands(told: Interval) -> Interval:
    return replace(
        told, mean=told.mean / THOUSAND, low=told.low / THOUSAND, high=told.high / THOUSAND
    )


def _ends(told: Interval) -> tuple[float, float]:
    """Return an interval's ends, the mean where it has none."""
    return (told.low, told.high) if bounded(told) else (told.mean, told.mean)


def dark_figure(findings: Findings, lang: Lang) -> Svg:
    """Compare the hours of people in the dark."""
    shown = [(each, told) for each in findings.asked if (told := each.get(DARK)) is not None]
    bars = [
        bar(each.option.name, _thousands(told), strong=each is findings.chosen)
        for each, told in shown
    ]
    least = min(shown, key=lambda pair: pair[1].mean)[0]
    title = Text(
        f"Le moins de passants dans le noir : {named(least.option.name).fr}",
        f"Fewest people in the dark: {named(least.option.name).en}",
    )
    return draw.option_bars("obscurite", title, bars, DARK_COLUMN, lang)


def repair_figure(findings: Findings, shown: list[tuple[Judged, Interval]], lang: Lang) -> Svg:
    """Compare the days from a failure to its repair."""
    bars = [bar(each.option.name, told, strong=each is findings.chosen) for each, told in shown]
    best, told = min(shown, key=lambda pair: pair[1].mean)
    now = findings.current.mean("repair_days") or 0.0
    name, days, today = named(best.option.name), numbers(told.mean, 1), numbers(now, 1)
    title = Text(
        f"Une panne dure {today.fr} jours aujourd'hui, {days.fr} au mieux : {name.fr}",
        f"A failure lasts {today.en} days today, {days.en} at best: {name.en}",
    )
    return draw.option_bars("jours-de-panne", title, bars, DAYS_COLUMN, lang)
