"""The figures of the answer on district meters; titles state the finding."""

from __future__ import annotations

from collections.abc import Callable

from models.water.answer.findings import Findings
from models.water.answer.ranking import worth_buying
from models.water.answer.words import say, within
from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.report import figures as draw
from twin.report.figures import Part
from twin.report.lines import Limit, Line, line_chart
from twin.report.phrases import bounded, doubt, named, opposite
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.study.judged import gap

METERS = Column("meters", Text("Compteurs de sectorisation", "District meters"), Kind.INTEGER)
COST = Column("total_eur", Text("Coût par an", "Cost a year"), Kind.EURO)
SAVED = Column(
    "saved_eur",
    Text("Économie par an face aux relevés à la main, compteurs payés",
         "Saving a year against reading by hand, meters paid"),
    Kind.EURO,
)  # fmt: skip
WATER = Column(
    "saved_m3", Text("Eau perdue en moins, par an", "Less water lost a year"), Kind.NUMBER, "m³", 0
)
SEEN = Column("seen_share", Text("Part des conduites", "Share of mains"), Kind.SHARE, decimals=0)
DAYS = Column(
    "run_days",
    Text("Durée de vie d'une fuite cachée", "Life of a hidden leak"),
    Kind.NUMBER,
    decimals=0,
)
SEARCHES = Column(
    "searches", Text("Recherches de fuite par an", "Leak searches a year"), Kind.NUMBER, decimals=0
)
LINES = {
    "water_eur": Text("eau perdue", "water lost"),
    "unpaid_eur": Text("eau non payée", "water not paid for"),
    "search_eur": Text("recherches", "searches"),
    "repair_eur": Text("réparations", "repairs"),
    "districts_eur": Text("compteurs de sectorisation", "district meters"),
    "customers_eur": Text("relève des abonnés", "reading of customers"),
}
ZERO = Text("relevés à la main", "reading by hand")


def saving_by_meters(findings: Findings, lang: Lang) -> Svg:
    """Show the net saving against the number of meters, scenario 0 at nought."""
    points = _against_zero(findings, "total_eur")
    best = max(points, key=lambda each: each[1].mean)
    amount, count, sure = say(best[1].mean, "eur"), say(best[0]), doubt(0.0 not in best[1])
    title = (
        Text(
            f"Des options jouées, {count.fr} compteurs coûtent le moins : {amount.fr} de moins par an que sans "
            f"eux{sure.fr}",
            f"Of the options played {count.en} meters cost least: {amount.en} less a year than without "
            f"them{sure.en}",
        )
        if best[1].mean > 0.0
        else Text(
            "Quel que soit leur nombre, les compteurs coûtent en moyenne plus qu'ils ne rapportent",
            "Whatever their number, meters cost on average more than they bring",
        )
    )
    return _curve(
        "economie-par-compteurs", title, points, SAVED, lang,
        Text("économie nette", "net saving"), level=Limit(0.0, ZERO),
    )  # fmt: skip


def water_by_meters(findings: Findings, lang: Lang) -> Svg:
    """Show the water no longer lost against the number of meters."""
    points = _against_zero(findings, "lost_m3")
    best = max(points, key=lambda each: each[1].mean)
    amount, count, sure = say(best[1].mean, "m3"), say(best[0]), doubt(0.0 not in best[1])
    whole = findings.current.mean("lost_m3") or 0.0
    share = say(best[1].mean / whole if whole else 0.0, "share")
    title = (
        Text(
            f"{count.fr} compteurs sauvent {amount.fr} m³ par an, {share.fr} de l'eau perdue{sure.fr}",
            f"{count.en} meters save {amount.en} m³ a year, {share.en} of the water lost{sure.en}",
        )
        if best[1].mean > 0.0
        else Text("Les compteurs ne sauvent pas d'eau", "Meters save no water")
    )
    return _curve(
        "eau-par-compteurs", title, points, WATER, lang, Text("eau sauvée", "water saved"),
        level=Limit(0.0, ZERO),
    )  # fmt: skip


def seen_by_meters(findings: Findings, lang: Lang) -> Svg:
    """Show where the reference leak is seen in three days against the number of meters."""
    points = _levels(findings, "seen_share", lambda told: within(told, 0.0, 1.0))
    flow = say(findings.current.settings.leak_m3h, "number", 1)
    last = points[-1]
    share, count = say(last[1].mean, "share"), say(last[0])
    title = Text(
        f"Avec {count.fr} compteurs, une fuite de {flow.fr} m³/h est vue en 3 jours sur {share.fr} des conduites",
        f"With {count.en} meters a leak of {flow.en} m³/h is seen within 3 days on {share.en} of the mains",
    )
    return _curve(
        "vue-par-compteurs", title, points, SEEN, lang, Text("part vue", "share seen"), top=1.03
    )


def days_by_meters(findings: Findings, lang: Lang) -> Svg:
    """Show how long a hidden leak runs against the number of meters."""
    points = _levels(findings, "run_days", lambda told: within(told, 0.0))
    first, last = points[0], points[-1]
    before, after, count = say(first[1].mean), say(last[1].mean), say(last[0])
    title = Text(
        f"Une fuite cachée coule {before.fr} jours aujourd'hui, {after.fr} avec {count.fr} compteurs",
        f"A hidden leak runs {before.en} days today, {after.en} with {count.en} meters",
    )
    measure = Column(DAYS.name, DAYS.label, DAYS.kind, "jours" if lang is Lang.FR else "days", 0)
    return _curve("vie-par-compteurs", title, points, measure, lang, DAYS.label, from_zero=True)


def searches_by_meters(findings: Findings, lang: Lang) -> Svg:
    """Show how often crews are sent against the number of meters."""
    points = _levels(findings, "searches", lambda told: within(told, 0.0))
    first, last = points[0], points[-1]
    before, after, count = say(first[1].mean), say(last[1].mean), say(last[0])
    title = Text(
        f"Les équipes cherchent {before.fr} fois par an aujourd'hui, {after.fr} fois avec {count.fr} compteurs",
        f"Crews search {before.en} times a year today, {after.en} times with {count.en} meters",
    )
    return _curve(
        "recherches-par-compteurs", title, points, SEARCHES, lang, SEARCHES.label, from_zero=True
    )


def cost_by_line(findings: Findings, lang: Lang) -> Svg:
    """Break the yearly cost into lines, by number of meters."""
    shown = findings.family
    parts = [
        Part(label, tuple(each.mean(kpi) or 0.0 for each in shown)) for kpi, label in LINES.items()
    ]
    told = findings.decision.told
    moved = {kpi: (told.mean(kpi) or 0.0) - (findings.current.mean(kpi) or 0.0) for kpi in LINES}
    down, up = min(moved, key=moved.__getitem__), max(moved, key=moved.__getitem__)
    name = named(told.option.name)
    less, more = (say(moved[kpi], "eur", signed=True) for kpi in (down, up))
    title = (
        Text(
            f"{name.fr}, par an : {LINES[down].fr} {less.fr}, {LINES[up].fr} {more.fr}",
            f"{name.en}, a year: {LINES[down].en} {less.en}, {LINES[up].en} {more.en}",
        )
        if moved[down] < 0.0 < moved[up]
        else Text("De quoi est fait le coût d'une année", "What a year's cost is made of")
    )
    return draw.stacked_bars(
        "couts-par-ligne", title, [each.option.name for each in shown], parts, COST, lang
    )


def gain_by_rank(findings: Findings, lang: Lang) -> Svg:
    """Show what each next meter is expected to save, beside what it costs."""
    assert findings.ground is not None  # noqa: S101 - asked for with a ground
    ranked, cost = findings.ground.meters, findings.ground.meter_eur
    worth = worth_buying(ranked, cost)
    # A long tail of meters that save nothing would flatten what matters.
    shown = ranked[: max(2 * worth, 20)]
    price = say(cost, "eur")
    title = Text(
        f"{say(worth).fr} compteurs rapporteraient chacun plus que leur coût, {price.fr} par an",
        f"{say(worth).en} meters would each bring more than they cost, {price.en} a year",
    )
    return line_chart(
        "gain-par-rang", title, [float(each.rank) for each in shown],
        [Line(Text("économie attendue", "expected saving"), tuple(each.yearly_eur for each in shown))],
        Column("rank", Text("Rang du compteur", "Rank of the meter"), Kind.INTEGER),
        Column("yearly_eur", Text("Économie attendue par an, d'un compteur",
                                  "Expected saving a year, of one meter"), Kind.EURO),
        lang, level=Limit(cost, Text("coût annuel d'un compteur", "yearly cost of a meter")),
        from_zero=True, key=False, stepped=True,
    )  # fmt: skip


Points = list[tuple[int, Interval]]


def _against_zero(findings: Findings, kpi: str) -> Points:
    """Return how much less of an indicator each number of meters leaves than scenario 0."""
    points: Points = []
    for each in findings.family:
        told = gap(each, findings.current, kpi)
        if each is findings.current:
            points.append((each.meters, Interval(0.0, 0.0, 0.0, 0.95, findings.n)))
        elif told is not None:
            points.append((each.meters, opposite(told.difference)))
    return points


def _levels(findings: Findings, kpi: str, bound: Callable[[Interval], Interval]) -> Points:
    return [
        (each.meters, bound(told))
        for each in findings.family
        if (told := each.get(kpi)) is not None
    ]


def _curve(
    name: str,
    title: Text,
    points: Points,
    measure: Column,
    lang: Lang,
    label: Text,
    *,
    level: Limit | None = None,
    from_zero: bool = False,
    top: float | None = None,
) -> Svg:
    """Draw one indicator against the number of meters, its interval as a band."""
    told = [each for _, each in points]
    band = all(bounded(each) for each in told)
    line = Line(
        label,
        tuple(each.mean for each in told),
        tuple(each.low for each in told) if band else (),
        tuple(each.high for each in told) if band else (),
    )
    return line_chart(
        name, title, [float(count) for count, _ in points], [line], METERS, measure, lang,
        level=level, from_zero=from_zero, top=top, key=False, dots=True,
    )  # fmt: skip
