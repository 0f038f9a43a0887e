"""One bar a year, stacked by part: what a decision brings, year after year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report.line_words import lines_alt, lines_table
from twin.report.lines import Limit, Line, rule_up
from twin.report.svg import Svg
from twin.report.tables import Column


def yearly_bars(
    name: str,
    title: Text,
    years: Sequence[int],
    parts: Sequence[Line],
    when: Column,
    measure: Column,
    lang: Lang = Lang.FR,
    *,
    after: Limit | None = None,
) -> Svg:
    """Draw one bar a year, stacked by part, hatched so that colour is not needed.

    Each part has a value a year, none negative. `when` describes the years; `after` rules a line
    past the bar of its year.
    """
    with canvas.style(name):
        page = canvas.sheet(name, title, 282.0, lang)
        axes = page.axes(canvas.LEFT_PT, 42.0, canvas.WIDTH_PT - canvas.LEFT_PT - 16.0, 180.0)
        start = np.zeros(len(years))
        for index, part in enumerate(parts):
            values = np.asarray(part.values, dtype=np.float64)
            axes.bar(
                years, values, 0.72, bottom=start, color=canvas.CATEGORICAL[index % 8],
                hatch=canvas.HATCHES[index % 8], edgecolor=canvas.INK, linewidth=0.6,
            )  # fmt: skip
            start += values
        axes.set_xlim(min(years) - 0.6, max(years) + 0.6)
        axes.set_ylim(0.0, max(float(start.max(initial=0.0)) * 1.12, 1.0))
        canvas.scale_ticks(axes, "y", measure, lang, 5)
        axes.set_xticks(list(years))
        axes.set_xticklabels([str(year) for year in years])
        axes.tick_params(axis="x", length=0, pad=5)
        axes.set_xlabel(canvas.axis_title(when, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(measure, lang))
        if after is not None:
            rule_up(axes, Limit(after.value + 0.5, after.label), lang)
        keys = [
            (part.label, canvas.CATEGORICAL[index % 8], canvas.HATCHES[index % 8])
            for index, part in enumerate(parts)
        ]
        canvas.legend(page, keys)
        return canvas.finish(
            page,
            lines_alt(title, parts, measure),
            lines_table(name, title, [float(year) for year in years], parts, when, measure),
        )
