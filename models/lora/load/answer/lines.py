"""Two figures along time: several curves with their names beside them, and bars year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report.svg import Svg
from twin.report.tables import Cell, Column, Kind, Table

DASHES = ("-", (0, (6, 2)), (0, (2, 2)), (0, (8, 2, 2, 2)))
MARKERS = ("o", "s", "^", "D")


@dataclass(frozen=True)
class Line:
    """A curve: its name and its values at each `x` of the figure."""

    label: Text
    values: tuple[float, ...]


def curves(
    name: str,
    title: Text,
    x: Sequence[float],
    lines: Sequence[Line],
    x_measure: Column,
    measure: Column,
    lang: Lang,
    *,
    threshold: float | None = None,
    threshold_label: Text | None = None,
    top: float | None = None,
) -> Svg:
    """Draw curves over a common axis; each is told by colour, dash and the key above."""
    rows = (len(lines) + 1) // 2
    height = 262.0 + 20.0 * rows
    with canvas.style(name):
        page = canvas.sheet(name, title, height, lang)
        axes = page.axes(canvas.LEFT_PT, 42.0, canvas.WIDTH_PT - canvas.LEFT_PT - 30.0, 180.0)
        for index, line in enumerate(lines):
            axes.plot(
                x, line.values, color=canvas.CATEGORICAL[index % 8],
                linestyle=DASHES[index % len(DASHES)], linewidth=2.4,
            )  # fmt: skip
        axes.set_xlim(min(x), max(x))
        axes.set_ylim(0.0, top if top is not None else axes.get_ylim()[1] * 1.05)
        canvas.scale_ticks(axes, "x", x_measure, lang)
        canvas.scale_ticks(axes, "y", measure, lang, 5)
        axes.set_xlabel(canvas.axis_title(x_measure, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(measure, lang))
        if threshold is not None:
            axes.axhline(threshold, color=canvas.INK, linewidth=1.4, linestyle=(0, (5, 3)))
            said = (threshold_label or Text("seuil", "threshold")).say(lang)
            canvas.write(axes, said, (1.0, threshold), shift=(-4.0, 9.0), ha="right",
                         coords=axes.get_yaxis_transform(), fontweight="bold", gid="halo")  # fmt: skip
        keys = [(line.label, canvas.CATEGORICAL[index % 8], "") for index, line in enumerate(lines)]
        canvas.legend(page, keys, columns=2)
        return canvas.finish(
            page, _alt(title, lines, measure), _table(name, title, x, lines, x_measure, measure)
        )


def yearly(
    name: str,
    title: Text,
    years: Sequence[int],
    parts: Sequence[Line],
    measure: Column,
    lang: Lang,
    *,
    mark_year: int | None = None,
    mark_label: Text | None = None,
) -> Svg:
    """Draw one bar a year, stacked by fleet, hatched so that colour is not needed."""
    height = 282.0
    with canvas.style(name):
        page = canvas.sheet(name, title, height, lang)
        axes = page.axes(canvas.LEFT_PT, 42.0, canvas.WIDTH_PT - canvas.LEFT_PT - 16.0, 180.0)
        start = np.zeros(len(years))
        for index, part in enumerate(parts):
            values = np.asarray(part.values, dtype=np.float64)
            axes.bar(years, values, 0.72, bottom=start, color=canvas.CATEGORICAL[index % 8],
                     hatch=canvas.HATCHES[index % 8], edgecolor=canvas.INK, linewidth=0.6)  # fmt: skip
            start += values
        axes.set_xlim(min(years) - 0.6, max(years) + 0.6)
        axes.set_ylim(0.0, max(float(start.max(initial=0.0)) * 1.12, 1.0))
        when = Column("year", Text("Année après la pose", "Year after installation"), Kind.INTEGER)
        canvas.scale_ticks(axes, "y", measure, lang, 5)
        axes.set_xticks(list(years))
        axes.set_xticklabels([str(year) for year in years])
        axes.tick_params(axis="x", length=0, pad=5)
        axes.set_xlabel(canvas.axis_title(when, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(measure, lang))
        if mark_year is not None and mark_label is not None:
            axes.axvline(mark_year + 0.5, color=canvas.INK, linewidth=1.4, linestyle=(0, (5, 3)))
            canvas.write(axes, mark_label.say(lang), (mark_year + 0.5, 0.94), shift=(-6.0, 0.0),
                         ha="right", coords=axes.get_xaxis_transform(), fontweight="bold",
                         gid="halo")  # fmt: skip
        keys = [
            (part.label, canvas.CATEGORICAL[index % 8], canvas.HATCHES[index % 8])
            for index, part in enumerate(parts)
        ]
        canvas.legend(page, keys)
        return canvas.finish(
            page,
            _alt(title, parts, measure),
            _table(name, title, [float(year) for year in years], parts, when, measure),
        )


def _alt(title: Text, lines: Sequence[Line], measure: Column) -> Text:
    def say(lang: Lang) -> str:
        ends = "; ".join(
            f"{line.label.say(lang)}: {canvas.brief(measure, line.values[0], lang)} → "
            f"{canvas.brief(measure, line.values[-1], lang)}"
            for line in lines
            if len(line.values)
        )
        return f"{title.say(lang)}. {ends}."

    return Text(say(Lang.FR), say(Lang.EN))


def _table(
    name: str,
    title: Text,
    x: Sequence[float],
    lines: Sequence[Line],
    x_measure: Column,
    measure: Column,
) -> Table:
    columns = [x_measure]
    columns += [
        Column(
            f"line_{index}", line.label, measure.kind, measure.unit, measure.decimals, measure.tax
        )
        for index, line in enumerate(lines)
    ]
    whole = x_measure.kind is Kind.INTEGER
    rows: list[tuple[Cell, ...]] = [
        (int(at) if whole else at, *(line.values[row] for line in lines))
        for row, at in enumerate(x)
    ]
    return Table(name, title, tuple(columns), tuple(rows))
