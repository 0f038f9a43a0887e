"""The figures of the answer that compare options; titles state the finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.waste.answer.cells import information
from models.waste.answer.findings import Findings
from models.waste.answer.judged import Judged
from models.waste.answer.steps import bounds_of
from models.waste.answer.words import COST, KM, SAVED
from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.report import figures as draw
from twin.report.figures import Bar, Part
from twin.report.phrases import between_eur, euros, named, numbers, opposite, percents
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.study.comparison import bar
from twin.study.judged import gap, gaps

ZERO = Text("calendrier actuel", "today's calendar")


def savings_by_option(findings: Findings, lang: Lang) -> Svg:
    """Compare what each option saves on scenario 0, on the same worlds."""
    chosen = findings.decision.chosen
    apart = gaps(findings.options, findings.current, "total_eur")
    rows = [
        bar(each.option.name, opposite(apart[each.id].difference), strong=each is chosen)
        for each in findings.shown
        if each.id in apart
    ]
    title = _savings_title(findings, rows)
    return draw.interval_rows("economies", title, rows, SAVED, lang, target=0.0, target_label=ZERO)


def _savings_title(findings: Findings, rows: Sequence[Bar]) -> Text:
    """Return what the option to take saves, and what more could be had with fuller points."""
    best = max(rows, key=lambda row: row.value)
    if best.value <= 0.0:
        return Text(
            "Aucune option ne coûte moins que le calendrier actuel",
            "No option costs less than today's calendar",
        )
    most, chosen = euros(best.value), findings.decision.chosen
    own = next((row for row in rows if chosen is not None and row.strong), None)
    if own is None or own.value <= 0.0:
        return Text(
            f"L'option la moins chère, {named(best.label).fr}, économise {most.fr} par an",
            f"The cheapest option, {named(best.label).en}, saves {most.en} a year",
        )
    amount, name = euros(own.value), named(own.label)
    tail_fr = "" if own is best else f" ; aucune ne dépasse {most.fr}"
    tail_en = "" if own is best else f"; none goes beyond {most.en}"
    return Text(
        f"L'option retenue, {name.fr}, économise {amount.fr} par an{tail_fr}",
        f"The option to take, {name.en}, saves {amount.en} a year{tail_en}",
    )


def cost_by_line(findings: Findings, lang: Lang) -> Svg:
    """Break the yearly cost of each option into trucks, crews, full points, sensors."""
    shown = findings.shown
    labels = {
        "drive_eur": Text("camions", "trucks"),
        "crew_eur": Text("équipages", "crews"),
        "clean_eur": Text("points pleins", "full points"),
        "sensor_eur": Text("sondes", "sensors"),
    }
    parts = [
        Part(label, tuple(each.mean(kpi) or 0.0 for each in shown)) for kpi, label in labels.items()
    ]
    title = _line_title(findings, labels)
    return draw.stacked_bars(
        "couts-par-ligne", title, [each.option.name for each in shown], parts, COST, lang
    )


def _line_title(findings: Findings, labels: Mapping[str, Text]) -> Text:
    """Return which line of the bill the option to take changes most."""
    zero = findings.current
    chosen = findings.decision.chosen
    moved = {
        kpi: (chosen.mean(kpi) or 0.0) - (zero.mean(kpi) or 0.0) if chosen is not None else 0.0
        for kpi in labels
    }
    first = max(moved, key=lambda kpi: abs(moved[kpi]))
    if chosen is None or chosen is zero or moved[first] == 0.0:
        return Text("De quoi est fait le coût d'une année", "What a year's cost is made of")
    amount = euros(moved[first], signed=True)
    return Text(
        f"La ligne qui change le plus avec l'option retenue : {labels[first].fr} ({amount.fr} par an)",
        f"The line that changes most with the option to take: {labels[first].en} ({amount.en} a year)",
    )


def cost_by_option(findings: Findings, lang: Lang) -> Svg:
    """Compare the yearly cost, scenario 0 first, with nine worlds in ten."""
    chosen = findings.decision.chosen
    bars = [
        bar(each.option.name, told, strong=each is chosen)
        for each in findings.shown
        if (told := each.spread("total_eur")) is not None
    ]
    zero = findings.current.spread("total_eur")
    assert zero is not None  # noqa: S101 - every option records its cost
    title = Text(
        f"Le calendrier actuel coûte {euros(zero.mean).fr} par an ; 9 mondes sur 10 : "
        f"{between_eur(zero).fr}",
        f"Today's calendar costs {euros(zero.mean).en} a year; 9 worlds in 10: "
        f"{between_eur(zero).en}",
    )
    return draw.option_bars("cout-par-option", title, bars, COST, lang)


def km_by_option(findings: Findings, lang: Lang) -> Svg:
    """Compare the kilometres, scenario 0 first, with the floor no sensor can go below."""
    chosen = findings.decision.chosen
    bars = [
        bar(each.option.name, told, strong=each is chosen)
        for each in findings.shown
        if (told := each.spread("km")) is not None
    ]
    floor = findings.current.mean("bound_km") or 0.0
    zero = findings.current.mean("km") or 1.0
    most = 1.0 - floor / zero
    title = Text(
        f"Le tonnage seul impose {numbers(floor).fr} km : aucune sonde ne fera gagner plus de "
        f"{percents(most).fr} des kilomètres",
        f"The tonnage alone imposes {numbers(floor).en} km: no sensor will save more than "
        f"{percents(most).en} of the kilometres",
    )
    return draw.option_bars(
        "km-par-option", title, bars, KM, lang, target=floor,
        target_label=Text("plancher du tonnage", "tonnage floor"),
    )  # fmt: skip


def bounds(findings: Findings, lang: Lang) -> Svg:
    """Compare what planning, sensors and perfect knowledge save of today's kilometres."""
    zero = findings.current
    today = zero.mean("km") or 1.0
    start = findings.family[0] if findings.family else (findings.planned or zero)
    found: list[Judged] = [
        each for each in (findings.calendar, findings.planned) if each is not None
    ]
    found += [each for each in (start, *findings.fitted[-1:]) if each not in found]
    found += [each for each in bounds_of(findings, start) if each not in found]
    rows = []
    for each in found:
        told = gap(each, zero, "km")
        if told is None or each is zero:
            continue
        saved = opposite(told.difference)
        share = Interval(saved.mean / today, saved.low / today, saved.high / today, 0.95, saved.n)
        rows.append(bar(each.option.name, share, strong=each is findings.decision.chosen))
    floor = zero.mean("bound_km") or 0.0
    most = 1.0 - floor / today
    rows.append(Bar(Text("Plancher du tonnage", "Tonnage floor"), most))
    title = _bounds_title(findings, start, most)
    measure = Column(
        "km_saved",
        Text("Kilomètres en moins, part d'aujourd'hui", "Fewer kilometres, share of today's"),
        Kind.NUMBER,
        "%",
        1,
    )
    scaled = [_scaled(row) for row in rows]
    return draw.interval_rows("bornes", title, scaled, measure, lang, target=0.0, target_label=ZERO)


def _bounds_title(findings: Findings, start: Judged, most: float) -> Text:
    """Return what exact levels add to the option without sensors, in kilometres."""
    known = next(
        (each for each in bounds_of(findings, start) if information(each.settings) == "levels"),
        None,
    )
    more = gap(known, start, "km") if known is not None else None
    if more is None:
        return Text(
            f"Le tonnage seul laisse {percents(most).fr} de kilomètres à gagner au plus",
            f"The tonnage alone leaves {percents(most).en} of kilometres to save at most",
        )
    bare = start.mean("km") or 1.0
    part = percents(max(-more.difference.mean, 0.0) / bare)
    name = named(start.option.name)
    return Text(
        f"Une sonde parfaite sur chaque point ôterait {part.fr} des kilomètres de {name.fr}",
        f"A perfect sensor on every point would take {part.en} off the kilometres of {name.en}",
    )


def _scaled(row: Bar) -> Bar:
    """Return a row in percent: shares of the figure's own kind cannot be negative."""

    def hundred(value: float | None) -> float | None:
        return None if value is None else 100.0 * value

    return Bar(row.label, 100.0 * row.value, hundred(row.low), hundred(row.high), strong=row.strong)
