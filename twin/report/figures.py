"""Comparisons read in ten seconds: options, intervals, sensitivities, cost lines, distributions.

Every function returns an :class:`~twin.report.svg.Svg` in one language, with its text
alternative and its data table. `title` states the finding, not the subject; a
:class:`~twin.report.tables.Column` describes the quantity on the axis. Figures along a line
(cost curve, fan) are in :mod:`twin.report.curves`, several lines over one axis in
:mod:`twin.report.lines`, bars year by year in :mod:`twin.report.yearly`, the terrain profile in
:mod:`twin.report.profile`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report import figure_words as words
from twin.report.svg import Svg
from twin.report.tables import Column, Kind

LABEL_PT = 176.0
LABEL_CHARS = 27
ROW_CHARS = 34
"""Longest line of a label: of bars, of rows of intervals."""


@dataclass(frozen=True)
class Bar:
    """One option or place: a value, its interval where there is one, and whether it stands out."""

    label: Text
    value: float
    low: float | None = None
    high: float | None = None
    strong: bool = False
    note: Text | None = None


@dataclass(frozen=True)
class Sensitivity:
    """What the answer becomes at the low and at the high end of one assumption.

    `low_label` and `high_label` print the assumption's own ends (`10 dB`, `30 dB`).
    """

    label: Text
    at_low: float
    at_high: float
    low_label: Text
    high_label: Text

    @property
    def swing(self) -> float:
        """Distance between the two answers."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Part:
    """One cost line: its amount in each option, in the order of the options."""

    label: Text
    values: tuple[float, ...]


def option_bars(
    name: str,
    title: Text,
    bars: Sequence[Bar],
    measure: Column,
    lang: Lang = Lang.FR,
    *,
    target: float | None = None,
    target_label: Text | None = None,
) -> Svg:
    """Compare options: one bar each, a whisker for its interval, its value written beside it.

    Strong bars are darker and their label bold. `target` draws a dashed line to reach.
    """
    row_pt = 44.0
    height = row_pt * len(bars) + 58.0
    ends = [max(bar.value, bar.high if bar.high is not None else bar.value) for bar in bars]
    with canvas.style(name):
        page = canvas.sheet(name, title, height, lang)
        axes = page.axes(LABEL_PT, 40.0, canvas.WIDTH_PT - LABEL_PT - 92.0, height - 58.0)
        for row, bar in enumerate(bars):
            colour = canvas.BLUE if bar.strong else canvas.PALE
            axes.barh(row, bar.value, 0.52, color=colour, edgecolor=canvas.INK, linewidth=0.7)
            _whisker(axes, row, bar)
            _row_label(axes, row, bar, lang)
            _value_label(axes, row, ends[row], bar, measure, lang)
        axes.set_xlim(min(0.0, *(bar.value for bar in bars)), max([*ends, target or 0.0]) * 1.04)
        _finish_rows(axes, len(bars), measure, lang)
        _target(axes, target, target_label, measure, lang)
        return canvas.finish(
            page, words.bars_alt(title, bars, measure), words.bars_table(name, title, bars, measure)
        )


def interval_rows(
    name: str,
    title: Text,
    rows: Sequence[Bar],
    measure: Column,
    lang: Lang = Lang.FR,
    *,
    target: float | None = None,
    target_label: Text | None = None,
) -> Svg:
    """Compare many places: a dot and its interval each, filled where the target is reached.

    Rows come in the order given. A hollow dot is below `target`: shape, not colour, says it. Labels
    too long for one line take two, and every row then has the room.
    """
    long = any(len(words.plain(row.label, lang)) > ROW_CHARS for row in rows)
    height = (34.0 if long else 23.0) * len(rows) + 62.0
    with canvas.style(name):
        page = canvas.sheet(name, title, height, lang)
        axes = page.axes(LABEL_PT + 40.0, 40.0, canvas.WIDTH_PT - LABEL_PT - 140.0, height - 62.0)
        for row, bar in enumerate(rows):
            reached = target is None or bar.value >= target
            colour = canvas.BLUE if reached else canvas.VERMILLION
            if bar.low is not None and bar.high is not None:
                axes.plot([bar.low, bar.high], [row, row], color=colour, linewidth=2.4, alpha=0.55)
            face = colour if reached else canvas.PAPER
            axes.plot(
                bar.value, row, "o", markersize=8, markerfacecolor=face, color=colour, mew=1.8,
                clip_on=False,
            )  # fmt: skip
            weight = "bold" if bar.strong else "normal"
            canvas.write(
                axes, words.plain(bar.label, lang), (0.0, row), shift=(-10.0, 0.0), ha="right",
                chars=ROW_CHARS, coords=axes.get_yaxis_transform(), fontweight=weight,
            )  # fmt: skip
            canvas.write(
                axes, measure.say(bar.value, lang), (1.0, row), shift=(12.0, 0.0),
                coords=axes.get_yaxis_transform(), fontweight="bold",
            )  # fmt: skip
        low, high = _span([*rows], target)
        if measure.kind is Kind.SHARE:
            low, high = max(low, 0.0), min(high, 1.0)
        axes.set_xlim(low, high)
        _finish_rows(axes, len(rows), measure, lang)
        _target(axes, target, target_label, measure, lang)
        return canvas.finish(
            page, words.bars_alt(title, rows, measure), words.bars_table(name, title, rows, measure)
        )


def tornado(
    name: str,
    title: Text,
    items: Sequence[Sensitivity],
    central: float,
    measure: Column,
    lang: Lang = Lang.FR,
    *,
    top: int = 5,
) -> Svg:
    """Show the `top` assumptions that move the answer most, widest first.

    The low end of an assumption is hatched and pale, its high end plain and dark; each end
    carries the assumption's own value and the answer it gives.
    """
    kept = sorted(items, key=lambda item: -item.swing)[:top]
    height = 50.0 * len(kept) + 84.0
    with canvas.style(name):
        page = canvas.sheet(name, title, height, lang)
        axes = page.axes(LABEL_PT, 40.0, canvas.WIDTH_PT - LABEL_PT - 8.0, height - 84.0)
        for row, item in enumerate(kept):
            for value, label, low_end in (
                (item.at_low, item.low_label, True),
                (item.at_high, item.high_label, False),
            ):
                axes.barh(
                    row, value - central, 0.5, left=central, edgecolor=canvas.INK, linewidth=0.7,
                    color=canvas.ORANGE if low_end else canvas.BLUE,
                    hatch="////" if low_end else "",
                )  # fmt: skip
                left, at = value < central or (value == central and low_end), value
                if _is_hidden(value, item, central):  # its label would stand on the other's bar
                    left, at = not left, central
                text = f"{words.plain(label, lang)}\n→ {canvas.brief(measure, value, lang)}"
                canvas.write(
                    axes, text, (at, row), shift=(-7.0 if left else 7.0, 0.0),
                    ha="right" if left else "left", fontsize=9.5, line_pt=12.0,
                )  # fmt: skip
            canvas.write(
                axes, words.plain(item.label, lang), (0.0, row), shift=(-LABEL_PT, 0.0),
                coords=axes.get_yaxis_transform(), chars=LABEL_CHARS + 1,
            )  # fmt: skip
        ends = [central, *(end for item in kept for end in (item.at_low, item.at_high))]
        room = (max(ends) - min(ends) or 1.0) * 0.32
        axes.set_xlim(min(ends) - room, max(ends) + room)
        _finish_rows(axes, len(kept), measure, lang)
        axes.axvline(central, color=canvas.INK, linewidth=1.4)
        centre = canvas.both("valeur centrale : ", "central value: ").say(lang)
        canvas.write(
            axes, centre + canvas.brief(measure, central, lang), (central, 1.0), shift=(0.0, 9.0),
            coords=axes.get_xaxis_transform(), ha="center", fontweight="bold",
        )  # fmt: skip
        low_key = canvas.both("hypothèse à sa valeur basse", "assumption at its low end")
        high_key = canvas.both("hypothèse à sa valeur haute", "assumption at its high end")
        canvas.legend(
            page,
            [(low_key, canvas.ORANGE, "////"), (high_key, canvas.BLUE, "")],
        )
        data = words.tornado_table(name, title, kept, measure)
        return canvas.finish(page, words.tornado_alt(title, kept, central, measure), data)


def _is_hidden(value: float, item: Sensitivity, central: float) -> bool:
    """Return whether an end lies on the other end's side of the centre, and nearer to it."""
    other = item.at_high if value == item.at_low else item.at_low
    same_side = (value - central) * (other - central) > 0.0
    return same_side and abs(value - central) < abs(other - central)


def stacked_bars(
    name: str,
    title: Text,
    options: Sequence[Text],
    parts: Sequence[Part],
    measure: Column,
    lang: Lang = Lang.FR,
) -> Svg:
    """Break each option's total into its lines; colour and hatching both tell the lines apart."""
    legend_rows = (len(parts) + 2) // 3
    height = 48.0 * len(options) + 54.0 + 20.0 * legend_rows
    totals = [sum(part.values[row] for part in parts) for row in range(len(options))]
    with canvas.style(name):
        page = canvas.sheet(name, title, height, lang)
        body = height - 54.0 - 20.0 * legend_rows
        axes = page.axes(LABEL_PT, 40.0, canvas.WIDTH_PT - LABEL_PT - 84.0, body)
        start = np.zeros(len(options))
        for index, part in enumerate(parts):
            values = np.asarray(part.values, dtype=np.float64)
            colour, hatch = canvas.CATEGORICAL[index % 8], canvas.HATCHES[index % 8]
            axes.barh(
                range(len(options)), values, 0.55, left=start, linewidth=0.7,
                color=colour, hatch=hatch, edgecolor=canvas.INK,
            )  # fmt: skip
            start += values
        for row, option in enumerate(options):
            _row_label(axes, row, Bar(option, totals[row]), lang)
            canvas.write(
                axes, canvas.brief(measure, totals[row], lang), (totals[row], row),
                shift=(7.0, 0.0), fontweight="bold",
            )  # fmt: skip
        axes.set_xlim(0.0, max(totals) * 1.02 or 1.0)
        _finish_rows(axes, len(options), measure, lang)
        canvas.legend(
            page,
            [
                (part.label, canvas.CATEGORICAL[index % 8], canvas.HATCHES[index % 8])
                for index, part in enumerate(parts)
            ],
        )
        alt, data = words.stacked_words(name, title, options, parts, totals, measure)
        return canvas.finish(page, alt, data)


def histogram(
    name: str,
    title: Text,
    values: ArrayLike,
    measure: Column,
    lang: Lang = Lang.FR,
    *,
    threshold: float | None = None,
    threshold_label: Text | None = None,
    bins: int = 24,
) -> Svg:
    """Show a distribution of draws, its median and its 90 % interval (5th to 95th percentile)."""
    draws: NDArray[np.float64] = np.asarray(values, dtype=np.float64)
    low, mid, high = (float(level) for level in np.quantile(draws, [0.05, 0.5, 0.95]))
    counts, edges = np.histogram(draws, bins=bins)
    shares = counts / max(draws.size, 1)
    with canvas.style(name):
        page = canvas.sheet(name, title, 270.0, lang)
        axes = page.axes(46.0, 40.0, canvas.WIDTH_PT - 66.0, 168.0)
        centres = (edges[:-1] + edges[1:]) / 2
        inside = (centres >= low) & (centres <= high)
        colours = [canvas.BLUE if each else canvas.PALE for each in inside]
        axes.bar(centres, shares, np.diff(edges), color=colours, edgecolor="white", linewidth=0.8)
        axes.set_xlim(edges[0], edges[-1])
        share = Column("share", Text("Part des tirages", "Share of draws"), Kind.SHARE)
        canvas.scale_ticks(axes, "y", share, lang, 4)
        canvas.scale_ticks(axes, "x", measure, lang)
        axes.grid(visible=False, axis="x")
        axes.set_xlabel(canvas.axis_title(measure, lang), labelpad=6)
        canvas.write(axes, share.label.say(lang), (0.0, 1.0), coords="axes fraction",
                     shift=(-46.0, 50.0), color=canvas.MUTED, fontweight="bold")  # fmt: skip
        axes.axvline(mid, color=canvas.INK, linewidth=1.6)
        medians = canvas.both("médiane : ", "median: ").say(lang)
        spans = canvas.both("9 tirages sur 10 : ", "9 draws in 10: ").say(lang)
        top = axes.get_xaxis_transform()
        canvas.write(axes, medians + canvas.brief(measure, mid, lang), (mid, 1.0), coords=top,
                     shift=(0.0, 26.0), ha="center", fontweight="bold")  # fmt: skip
        axes.annotate("", (low, 1.03), (high, 1.03), xycoords=top, annotation_clip=False,
                      arrowprops={"arrowstyle": "|-|,widthA=0.25,widthB=0.25", "color": canvas.BLUE,
                                  "shrinkA": 0, "shrinkB": 0})  # fmt: skip
        canvas.write(axes, spans + canvas.brief_interval(measure, low, high, lang), (mid, 1.0),
                     coords=top, shift=(0.0, 13.0), ha="center", color=canvas.BLUE)  # fmt: skip
        if threshold is not None:
            axes.axvline(threshold, color=canvas.VERMILLION, linewidth=1.6, linestyle=(0, (5, 3)))
            limit = threshold_label or Text("seuil", "threshold")
            canvas.write(axes, words.plain(limit, lang), (threshold, 0.9), coords=top,
                         shift=(6.0, 0.0), color=canvas.VERMILLION, fontweight="bold")  # fmt: skip
        alt = Text(*(
            canvas.both("Histogramme. ", "Histogram. ").say(each)
            + words.sentence(title, each) + " "
            + canvas.both("Médiane ", "Median ").say(each) + canvas.brief(measure, mid, each)
            + canvas.both(" ; 9 tirages sur 10 : ", "; 9 draws in 10: ").say(each)
            + canvas.brief_interval(measure, low, high, each) + "."
            for each in Lang
        ))  # fmt: skip
        return canvas.finish(page, alt, words.histogram_table(name, title, measure, edges, shares))


def _whisker(axes: Axes, row: int, bar: Bar) -> None:
    if bar.low is None or bar.high is None:
        return
    for colour, width in (("white", 3.4), (canvas.INK, 1.6)):
        axes.plot([bar.low, bar.high], [row, row], color=colour, linewidth=width)
    axes.plot([bar.low, bar.high], [row, row], "|", color=canvas.INK, markersize=10, mew=1.6)


def _row_label(axes: Axes, row: int, bar: Bar, lang: Lang) -> None:
    canvas.write(
        axes, words.plain(bar.label, lang), (0.0, row), shift=(-LABEL_PT, 0.0), chars=LABEL_CHARS,
        coords=axes.get_yaxis_transform(), fontweight="bold" if bar.strong else "normal",
    )  # fmt: skip


def _value_label(axes: Axes, row: int, end: float, bar: Bar, measure: Column, lang: Lang) -> None:
    has_span = bar.low is not None and bar.high is not None
    canvas.write(
        axes, canvas.brief(measure, bar.value, lang), (end, row), fontsize=12, fontweight="bold",
        shift=(9.0, 7.0 if has_span or bar.note else 0.0),
    )  # fmt: skip
    if bar.note is not None:
        under = words.plain(bar.note, lang)
    elif bar.low is not None and bar.high is not None:
        under = canvas.brief_interval(measure, bar.low, bar.high, lang)
    else:
        return
    canvas.write(axes, under, (end, row), shift=(9.0, -7.0), fontsize=9.5, color=canvas.MUTED)


def _finish_rows(axes: Axes, count: int, measure: Column, lang: Lang) -> None:
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    canvas.scale_ticks(axes, "x", measure, lang)
    axes.set_xlabel(canvas.axis_title(measure, lang), labelpad=5)


def _target(
    axes: Axes, target: float | None, label: Text | None, measure: Column, lang: Lang
) -> None:
    if target is None:
        return
    goal = label or canvas.both("objectif ", "target ")
    axes.axvline(target, color=canvas.INK, linewidth=1.4, linestyle=(0, (5, 3)))
    text = words.plain(goal, lang) if label else words.plain(goal, lang) + measure.say(target, lang)
    canvas.write(
        axes, text, (target, 1.0), shift=(0.0, 9.0), coords=axes.get_xaxis_transform(),
        ha="center", fontweight="bold",
    )  # fmt: skip


def _span(rows: Sequence[Bar], target: float | None) -> tuple[float, float]:
    ends = [end for bar in rows for end in (bar.value, bar.low, bar.high) if end is not None]
    ends += [] if target is None else [target]
    room = 0.04 * (max(ends) - min(ends) or 1.0)
    return min(ends) - room, max(ends) + room
