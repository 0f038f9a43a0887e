"""The text alternatives and data tables of the comparison figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report import typography as typo
from twin.report.tables import Cell, Column, Kind, Table

if TYPE_CHECKING:
    from twin.report.figures import Bar, Part, Sensitivity


def named(measure: Column, name: str, fr: str, en: str) -> Column:
    """Return the measure as another column of a data table."""
    return replace(measure, name=name, label=Text(fr, en))


def plain(value: Text, lang: Lang) -> str:
    """Return a label on one line, with French spaces."""
    return typo.spaced(value.say(lang).replace("\n", " "), lang)


def sentence(title: Text, lang: Lang) -> str:
    """Return a title closed by a full stop where it has no closing mark."""
    text = plain(title, lang)
    return text if text[-1:] in {".", "!", "?"} else f"{text}."


def bars_alt(title: Text, bars: Sequence[Bar], measure: Column, most: int = 8) -> Text:
    """Say the title and the first `most` values with their intervals; the table has the rest."""
    return Text(*(_bars_alt(title, bars, measure, most, lang) for lang in Lang))


def bars_table(name: str, title: Text, bars: Sequence[Bar], measure: Column) -> Table:
    """Return label, value, low and high of each bar."""
    columns = (
        Column("label", Text("Intitulé", "Label")),
        replace(measure, name="value"),
        named(measure, "low", "Borne basse", "Low end"),
        named(measure, "high", "Borne haute", "High end"),
    )
    rows = tuple((bar.label, bar.value, bar.low, bar.high) for bar in bars)
    if all(bar.low is None and bar.high is None for bar in bars):
        return Table(name, title, columns[:2], tuple(row[:2] for row in rows))
    return Table(name, title, columns, rows)


def tornado_alt(title: Text, items: Sequence[Sensitivity], central: float, measure: Column) -> Text:
    """Say the central value and what each assumption makes of it."""

    def words(lang: Lang) -> str:
        link, opener = (
            ("donne", "Diagramme en tornade.") if lang is Lang.FR else ("gives", "Tornado chart.")
        )
        parts = [
            f"{plain(item.label, lang)} : "
            + ", ".join(
                f"{plain(label, lang)} {link} {canvas.brief(measure, value, lang)}"
                for value, label in ((item.at_low, item.low_label), (item.at_high, item.high_label))
            )
            for item in items
        ]
        centre = canvas.both("Valeur centrale : ", "Central value: ").say(lang)
        head = f"{opener} {sentence(title, lang)} {centre}{canvas.brief(measure, central, lang)}. "
        return head + typo.spaced(" ; ".join(parts), lang) + "."

    return Text(words(Lang.FR), words(Lang.EN))


def tornado_table(name: str, title: Text, items: Sequence[Sensitivity], measure: Column) -> Table:
    """Return each assumption, its two ends and the answer at each, widest swing first."""
    columns = (
        Column("assumption", Text("Hypothèse", "Assumption")),
        Column("low_end", Text("Valeur basse", "Low end")),
        named(measure, "at_low", "Résultat à la valeur basse", "Result at the low end"),
        Column("high_end", Text("Valeur haute", "High end")),
        named(measure, "at_high", "Résultat à la valeur haute", "Result at the high end"),
        named(measure, "swing", "Écart", "Swing"),
    )
    rows = tuple(
        (each.label, each.low_label, each.at_low, each.high_label, each.at_high, each.swing)
        for each in items
    )
    return Table(name, title, columns, rows)


def stacked_words(
    name: str,
    title: Text,
    options: Sequence[Text],
    parts: Sequence[Part],
    totals: Sequence[float],
    measure: Column,
) -> tuple[Text, Table]:
    """Return the text alternative (totals, largest line) and the table line by line."""

    def words(lang: Lang) -> str:
        each = []
        for row, option in enumerate(options):
            largest = parts[int(np.argmax([part.values[row] for part in parts]))]
            most = canvas.both("dont surtout", "mostly").say(lang)
            each.append(
                f"{plain(option, lang)} : {canvas.brief(measure, totals[row], lang)}, {most} "
                f"{plain(largest.label, lang)} ({canvas.brief(measure, largest.values[row], lang)})"
            )
        opener = canvas.both("Barres empilées.", "Stacked bars.").say(lang)
        return f"{opener} {sentence(title, lang)} " + typo.spaced(" ; ".join(each), lang) + "."

    columns = (
        Column("line", Text("Poste", "Line")),
        *(replace(measure, name=f"option_{row}", label=text) for row, text in enumerate(options)),
    )
    rows: list[tuple[Cell, ...]] = [(part.label, *part.values) for part in parts]
    rows.append((Text("Total", "Total"), *totals))
    return Text(words(Lang.FR), words(Lang.EN)), Table(
        name, title, columns, tuple(rows), total=True
    )


def histogram_table(
    name: str,
    title: Text,
    measure: Column,
    edges: NDArray[np.float64],
    shares: NDArray[np.float64],
) -> Table:
    """Return the share of draws in each class."""
    columns = (
        named(measure, "from", "De", "From"),
        named(measure, "to", "À", "To"),
        Column("share", Text("Part des tirages", "Share of draws"), Kind.SHARE),
    )
    kind = Kind.NUMBER if measure.kind is Kind.INTEGER else measure.kind
    columns = (replace(columns[0], kind=kind), replace(columns[1], kind=kind), columns[2])
    return Table(name, title, columns, tuple(zip(edges[:-1], edges[1:], shares, strict=True)))


def _bars_alt(title: Text, bars: Sequence[Bar], measure: Column, most: int, lang: Lang) -> str:
    parts = []
    for bar in bars[:most]:
        text = f"{plain(bar.label, lang)} : {canvas.brief(measure, bar.value, lang)}"
        if bar.low is not None and bar.high is not None:
            text += f" ({canvas.brief_interval(measure, bar.low, bar.high, lang)})"
        parts.append(text)
    rest = len(bars) - most
    if rest > 0:
        more = Text(f"{rest} autres dans le tableau", f"{rest} more in the table")
        parts.append(more.say(lang))
    return f"{sentence(title, lang)} " + typo.spaced(" ; ".join(parts), lang) + "."
