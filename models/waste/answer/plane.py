"""A plane of options: effort against service around scenario 0, less being better both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report.figure_words import plain
from twin.report.svg import Svg
from twin.report.tables import Cell, Column, Kind, Table


@dataclass(frozen=True)
class Mark:
    """One option on a plane: its place, its intervals, and whether it stands out."""

    label: Text
    x: float
    y: float
    x_span: tuple[float, float] | None = None
    y_span: tuple[float, float] | None = None
    strong: bool = False


def plane(
    name: str,
    title: Text,
    zero: Mark,
    marks: Sequence[Mark],
    x_measure: Column,
    measure: Column,
    corners: tuple[Text, Text],
    lang: Lang,
) -> Svg:
    """Place options by service and effort around `zero`; less is better both ways.

    Marks are numbered and named in the key below. `corners` names the quadrant below left (better
    both ways) and below right (less effort bought with service).
    """
    listed = [zero, *marks]
    rows = (len(listed) + 1) // 2
    key_pt = 17.0 * rows + 14.0
    with canvas.style(name):
        page = canvas.sheet(name, title, 352.0 + key_pt, lang)
        axes = page.axes(
            canvas.LEFT_PT, key_pt + 46.0, canvas.WIDTH_PT - canvas.LEFT_PT - 20.0, 272.0
        )
        axes.axvline(zero.x, color=canvas.MUTED, linewidth=1.2, linestyle=(0, (5, 3)))
        axes.axhline(zero.y, color=canvas.MUTED, linewidth=1.2, linestyle=(0, (5, 3)))
        for index, mark in reversed(list(enumerate(listed))):
            _draw_mark(axes, index, mark, zero)
        _limits(axes, listed)
        west, east = axes.get_xlim()
        south, north = axes.get_ylim()
        axes.fill_between([zero.x, east], south, zero.y, color=canvas.ORANGE, alpha=0.14, lw=0)
        axes.fill_between([west, zero.x], south, zero.y, color=canvas.GREEN, alpha=0.12, lw=0)
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        canvas.scale_ticks(axes, "x", x_measure, lang)
        canvas.scale_ticks(axes, "y", measure, lang, 5)
        axes.set_xlabel(canvas.axis_title(x_measure, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(measure, lang))
        for corner, at, side in ((corners[0], 0.0, "left"), (corners[1], 1.0, "right")):
            canvas.write(
                axes, plain(corner, lang), (at, 0.0), shift=(6.0 if side == "left" else -6.0, 10.0),
                coords="axes fraction", ha=side, fontweight="bold", color=canvas.MUTED, gid="halo",
            )  # fmt: skip
        foot = page.axes(0.0, 0.0, canvas.WIDTH_PT, key_pt)
        foot.set_axis_off()
        foot.set_xlim(0.0, canvas.WIDTH_PT)
        foot.set_ylim(0.0, key_pt)
        for index, mark in enumerate(listed):
            column, row = divmod(index, rows)
            place = (8.0 + column * canvas.WIDTH_PT / 2.0, key_pt - 8.0 - 17.0 * row)
            weight = "bold" if mark.strong or index == 0 else "normal"
            canvas.write(
                foot, f"{index}  {plain(mark.label, lang)}", place, fontsize=10, fontweight=weight
            )
        return canvas.finish(
            page,
            _plane_alt(title, listed, x_measure, measure),
            _plane_table(name, title, listed, x_measure, measure),
        )


def _draw_mark(axes: Axes, index: int, mark: Mark, zero: Mark) -> None:
    colour = canvas.INK if mark is zero else (canvas.BLUE if mark.strong else canvas.SKY)
    for span, along in ((mark.x_span, "x"), (mark.y_span, "y")):
        if span is None:
            continue
        if along == "x":
            axes.plot(span, [mark.y, mark.y], color=canvas.MUTED, linewidth=1.2, zorder=2)
        else:
            axes.plot([mark.x, mark.x], span, color=canvas.MUTED, linewidth=1.2, zorder=2)
    shape = "D" if mark is zero else "o"
    axes.plot(
        mark.x, mark.y, shape, markersize=15, color=colour, markeredgecolor=canvas.INK,
        zorder=5 if mark is zero else 3,
        clip_on=False,
    )  # fmt: skip
    ink = canvas.INK if colour == canvas.SKY else canvas.PAPER
    canvas.write(
        axes, str(index), (mark.x, mark.y), ha="center", fontsize=9, fontweight="bold",
        color=ink, zorder=6 if mark is zero else 4,
    )  # fmt: skip


def _limits(axes: Axes, marks: Sequence[Mark]) -> None:
    xs = [end for mark in marks for end in (mark.x, *(mark.x_span or ()))]
    ys = [end for mark in marks for end in (mark.y, *(mark.y_span or ()))]
    wide, tall = (max(xs) - min(xs)) or 1.0, (max(ys) - min(ys)) or 1.0
    axes.set_xlim(min(xs) - 0.06 * wide, max(xs) + 0.06 * wide)
    axes.set_ylim(min(ys) - 0.14 * tall, max(ys) + 0.08 * tall)


def _plane_alt(title: Text, marks: Sequence[Mark], x_measure: Column, measure: Column) -> Text:
    def say(lang: Lang) -> str:
        told = "; ".join(
            f"{mark.label.say(lang)}: {x_measure.say(mark.x, lang)}, {measure.say(mark.y, lang)}"
            for mark in marks
        )
        return f"{title.say(lang)}. {told}."

    return Text(say(Lang.FR), say(Lang.EN))


def _plane_table(
    name: str, title: Text, marks: Sequence[Mark], x_measure: Column, measure: Column
) -> Table:
    def ends(which: Column, code: str) -> tuple[Column, Column, Column]:
        low = Text(f"{which.label.fr}, bas", f"{which.label.en}, low")
        high = Text(f"{which.label.fr}, haut", f"{which.label.en}, high")
        return (
            which,
            Column(f"{code}_low", low, which.kind, which.unit, which.decimals),
            Column(f"{code}_high", high, which.kind, which.unit, which.decimals),
        )

    columns = (
        Column("mark", Text("N°", "No."), Kind.INTEGER),
        Column("option", Text("Option", "Option")),
        *ends(x_measure, "x"),
        *ends(measure, "y"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            index, mark.label, mark.x, *(mark.x_span or (None, None)),
            mark.y, *(mark.y_span or (None, None)),
        )
        for index, mark in enumerate(marks)
    ]  # fmt: skip
    return Table(name, title, columns, tuple(rows))
