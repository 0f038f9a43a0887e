"""Lines over one axis, each with a band where it has one, and the limits they are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report.figure_words import plain
from twin.report.line_words import lines_alt, lines_table
from twin.report.svg import Svg
from twin.report.tables import Column

DASHES = ("-", (0, (6, 2)), (0, (2, 2)), (0, (8, 2, 2, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_RULE: dict[str, Any] = {"color": canvas.INK, "linewidth": 1.4, "linestyle": (0, (5, 3))}


@dataclass(frozen=True)
class Line:
    """A line: its name and its values at each `x` of the figure; `low` and `high` are its band."""

    label: Text
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True)
class Limit:
    """A value of an axis to rule a line at, and what it is."""

    value: float
    label: Text


@dataclass(frozen=True)
class Shade:
    """A range of the horizontal axis to shade, a mark within it, and what they are."""

    low: float
    high: float
    mark: float
    label: Text


def line_chart(
    name: str,
    title: Text,
    x: Sequence[float],
    lines: Sequence[Line],
    x_measure: Column,
    measure: Column,
    lang: Lang = Lang.FR,
    *,
    ticks: Sequence[Limit] = (),
    level: Limit | None = None,
    upright: Limit | None = None,
    shade: Shade | None = None,
    from_zero: bool = False,
    top: float | None = None,
    key: bool = True,
    dots: bool = False,
    stepped: bool = False,
) -> Svg:
    """Draw lines over one axis, told apart by colour, by dash and by a key above.

    `ticks` are the marks of the horizontal axis where numbers would mislead: hours past midnight.
    `level` and `upright` are ruled across and up; an upright that no line reaches the left of is
    left out. `from_zero` opens the vertical axis at 0, and so does `top`, which closes it. A lone
    line that the axis already names needs no `key`. `dots` marks each value, where they were played
    rather than computed; `stepped` draws jumps as jumps.
    """
    rows = (len(lines) + 1) // 2 if key else 0
    with canvas.style(name):
        page = canvas.sheet(name, title, 262.0 + 20.0 * rows, lang)
        axes = page.axes(canvas.LEFT_PT, 42.0, canvas.WIDTH_PT - canvas.LEFT_PT - 30.0, 180.0)
        for index, line in enumerate(lines):
            _draw(axes, x, line, index, dots=dots, stepped=stepped)
        room = 0.04 * (max(x) - min(x) or 1.0) if dots else 0.0
        axes.set_xlim(min(x) - room, max(x) + room)
        if top is not None or from_zero:
            axes.set_ylim(0.0, top if top is not None else axes.get_ylim()[1] * 1.05)
        if shade is not None:
            _shaded(axes, shade, lang)
        canvas.scale_ticks(axes, "x", x_measure, lang)
        if ticks:
            axes.set_xticks(
                [each.value for each in ticks], [each.label.say(lang) for each in ticks]
            )
        canvas.scale_ticks(axes, "y", measure, lang, 5)
        axes.set_xlabel(canvas.axis_title(x_measure, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(measure, lang))
        if upright is not None and min(x) < upright.value:
            rule_up(axes, upright, lang)
        if level is not None:
            axes.axhline(level.value, **_RULE)
            canvas.write(axes, level.label.say(lang), (1.0, level.value), shift=(-4.0, 9.0),
                         ha="right", coords=axes.get_yaxis_transform(), fontweight="bold",
                         gid="halo")  # fmt: skip
        if key:
            keys = [(line.label, canvas.CATEGORICAL[row % 8], "") for row, line in enumerate(lines)]
            canvas.legend(page, keys, columns=2)
        return canvas.finish(
            page,
            lines_alt(title, lines, measure),
            lines_table(name, title, x, lines, x_measure, measure),
        )


def rule_up(axes: Axes, limit: Limit, lang: Lang) -> None:
    """Rule a line up from a value of the horizontal axis, named on its left near the top."""
    axes.axvline(limit.value, **_RULE)
    canvas.write(axes, limit.label.say(lang), (limit.value, 0.94), shift=(-6.0, 0.0), ha="right",
                 coords=axes.get_xaxis_transform(), fontweight="bold", gid="halo")  # fmt: skip


def _draw(
    axes: Axes, x: Sequence[float], line: Line, index: int, *, dots: bool, stepped: bool
) -> None:
    if line.low and line.high:
        axes.fill_between(x, line.low, line.high, color=canvas.SKY, alpha=0.3, linewidth=0)
    axes.plot(
        x, line.values, color=canvas.CATEGORICAL[index % 8], linestyle=DASHES[index % len(DASHES)],
        linewidth=2.4, marker=MARKERS[index % len(MARKERS)] if dots else None, markersize=7,
        drawstyle="steps-post" if stepped else "default",
    )  # fmt: skip


def _shaded(axes: Axes, shade: Shade, lang: Lang) -> None:
    axes.axvspan(shade.low, shade.high, color=canvas.ORANGE, alpha=0.22, linewidth=0)
    axes.axvline(shade.mark, color=canvas.VERMILLION, linewidth=1.6, linestyle=(0, (5, 3)))
    canvas.write(
        axes, plain(shade.label, lang), (shade.mark, 1.0), shift=(6.0, -14.0), ha="left",
        coords=axes.get_xaxis_transform(), color=canvas.VERMILLION, fontweight="bold",
    )  # fmt: skip
