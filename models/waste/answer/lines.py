"""Curves of this answer: a saving with its band, a chance against a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report.figure_words import plain
from twin.report.svg import Svg
from twin.report.tables import Cell, Column, Table

DASHES = ("-", (0, (6, 2)), (0, (2, 2)), (0, (8, 2, 2, 2)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")


@dataclass(frozen=True)
class Line:
    """A curve over the figure's `x`; `low` and `high` make its band."""

    label: Text
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True)
class Shade:
    """A range of the horizontal axis to shade, a mark within it, and what they are."""

    low: float
    high: float
    mark: float
    label: Text


def curves(
    name: str,
    title: Text,
    x: Sequence[float],
    lines: Sequence[Line],
    x_measure: Column,
    measure: Column,
    lang: Lang,
    *,
    shade: Shade | None = None,
    zero: Text | None = None,
    top: float | None = None,
    dots: bool = False,
    stepped: bool = False,
    x_zero: Text | None = None,
) -> Svg:
    """Draw curves over one axis, each told by colour, dash and the key above.

    `zero` names a line drawn at nought; `top` closes the vertical axis, from 0; `dots` marks the
    values that were played; `stepped` draws jumps as jumps.
    `x_zero` names an upright drawn at nought, where the axis goes below.
    """
    keyed = len(lines) > 1
    rows = (len(lines) + 1) // 2 if keyed else 0
    with canvas.style(name):
        page = canvas.sheet(name, title, 272.0 + 20.0 * rows, lang)
        axes = page.axes(canvas.LEFT_PT, 42.0, canvas.WIDTH_PT - canvas.LEFT_PT - 30.0, 184.0)
        for index, line in enumerate(lines):
            colour = canvas.CATEGORICAL[index % 8]
            if line.low and line.high:
                axes.fill_between(x, line.low, line.high, color=canvas.SKY, alpha=0.3, linewidth=0)
            axes.plot(
                x, line.values, color=colour, linestyle=DASHES[index % len(DASHES)],
                linewidth=2.4, marker=MARKERS[index % len(MARKERS)] if dots else None, markersize=7,
                drawstyle="steps-post" if stepped else "default",
            )  # fmt: skip
        room = 0.04 * (max(x) - min(x) or 1.0) if dots else 0.0
        axes.set_xlim(min(x) - room, max(x) + room)
        if top is not None:
            axes.set_ylim(0.0, top)
        _shaded(axes, shade, lang)
        canvas.scale_ticks(axes, "x", x_measure, lang)
        canvas.scale_ticks(axes, "y", measure, lang, 5)
        axes.set_xlabel(canvas.axis_title(x_measure, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(measure, lang))
        if x_zero is not None and min(x) < 0.0:
            axes.axvline(0.0, color=canvas.INK, linewidth=1.4, linestyle=(0, (5, 3)))
            canvas.write(axes, x_zero.say(lang), (0.0, 0.93), shift=(-6.0, 0.0), ha="right",
                         coords=axes.get_xaxis_transform(), fontweight="bold", gid="halo")  # fmt: skip
        if zero is not None:
            axes.axhline(0.0, color=canvas.INK, linewidth=1.4, linestyle=(0, (5, 3)))
            canvas.write(axes, zero.say(lang), (1.0, 0.0), shift=(-4.0, 9.0), ha="right",
                         coords=axes.get_yaxis_transform(), fontweight="bold", gid="halo")  # fmt: skip
        if keyed:
            keys = [
                (line.label, canvas.CATEGORICAL[index % 8], "") for index, line in enumerate(lines)
            ]
            canvas.legend(page, keys, columns=2)
        return canvas.finish(
            page,
            _curves_alt(title, lines, measure),
            _curves_table(name, title, x, lines, x_measure, measure),
        )


def _shaded(axes: Axes, shade: Shade | None, lang: Lang) -> None:
    if shade is None:
        return
    axes.axvspan(shade.low, shade.high, color=canvas.ORANGE, alpha=0.22, linewidth=0)
    axes.axvline(shade.mark, color=canvas.VERMILLION, linewidth=1.6, linestyle=(0, (5, 3)))
    canvas.write(
        axes, plain(shade.label, lang), (shade.mark, 1.0), shift=(6.0, -14.0), ha="left",
        coords=axes.get_xaxis_transform(), color=canvas.VERMILLION, fontweight="bold",
    )  # fmt: skip


def _curves_alt(title: Text, lines: Sequence[Line], measure: Column) -> Text:
    def say(lang: Lang) -> str:
        ends = "; ".join(
            f"{line.label.say(lang)}: {canvas.brief(measure, line.values[0], lang)} → "
            f"{canvas.brief(measure, line.values[-1], lang)}"
            for line in lines
        )
        return f"{title.say(lang)}. {ends}."

    return Text(say(Lang.FR), say(Lang.EN))


def _curves_table(
    name: str,
    title: Text,
    x: Sequence[float],
    lines: Sequence[Line],
    x_measure: Column,
    measure: Column,
) -> Table:
    columns, series = [x_measure], []
    ends = (("", ""), ("low", ", bas|, low"), ("high", ", haut|, high"))
    for index, line in enumerate(lines):
        for (suffix, words), values in zip(ends, (line.values, line.low, line.high), strict=True):
            if not values:
                continue
            fr, _, en = words.partition("|")
            label = Text(line.label.fr + fr, line.label.en + en)
            columns.append(
                Column(f"line_{index}{suffix}", label, measure.kind, measure.unit, measure.decimals)
            )
            series.append(values)
    rows: list[tuple[Cell, ...]] = [
        (at, *(values[row] for values in series)) for row, at in enumerate(x)
    ]
    return Table(name, title, tuple(columns), tuple(rows))
