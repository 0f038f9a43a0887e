"""The text alternative and the data table of figures made of lines over one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report.tables import Cell, Column, Kind, Table

if TYPE_CHECKING:
    from twin.report.lines import Line


def lines_alt(title: Text, lines: Sequence[Line], measure: Column) -> Text:
    """Say the title, and where each line starts and ends."""

    def say(lang: Lang) -> str:
        ends = "; ".join(
            f"{line.label.say(lang)}: {canvas.brief(measure, line.values[0], lang)} → "
            f"{canvas.brief(measure, line.values[-1], lang)}"
            for line in lines
            if len(line.values)
        )
        return f"{title.say(lang)}. {ends}."

    return Text(say(Lang.FR), say(Lang.EN))


def lines_table(
    name: str,
    title: Text,
    x: Sequence[float],
    lines: Sequence[Line],
    x_measure: Column,
    measure: Column,
) -> Table:
    """Return a row for each `x`: the value of each line, and its two ends where it has a band."""
    columns, series = [x_measure], []
    ends = (("", Text("", "")), ("low", Text(", bas", ", low")), ("high", Text(", haut", ", high")))
    for index, line in enumerate(lines):
        for (suffix, end), values in zip(ends, (line.values, line.low, line.high), strict=True):
            if not values and suffix:
                continue
            label = Text(line.label.fr + end.fr, line.label.en + end.en)
            columns.append(replace(measure, name=f"line_{index}{suffix}", label=label))
            series.append(values)
    whole = x_measure.kind is Kind.INTEGER
    rows: list[tuple[Cell, ...]] = [
        (int(at) if whole else at, *(values[row] for values in series)) for row, at in enumerate(x)
    ]
    return Table(name, title, tuple(columns), tuple(rows))
