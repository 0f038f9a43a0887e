"""Two costs of each option at once: points with their intervals, and the front no other betters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report.svg import Svg
from twin.report.tables import Cell, Column, Kind, Table

PLOT_PT = 300.0
ROW_PT = 30.0


@dataclass(frozen=True)
class FrontPoint:
    """One option: both values, their intervals (low, high), whether no other betters it in both."""

    label: Text
    x: float
    y: float
    x_ends: tuple[float, float]
    y_ends: tuple[float, float]
    on_front: bool
    strong: bool = False


def front_chart(
    name: str,
    title: Text,
    points: Sequence[FrontPoint],
    x_measure: Column,
    y_measure: Column,
    lang: Lang = Lang.FR,
) -> Svg:
    """Place options by two values that should both be small; lower left is better.

    Points are numbered as the list beside them; filled ones are on the front, joined by a line.
    """
    height = max(PLOT_PT, ROW_PT * len(points) + 40.0) + 60.0
    with canvas.style(name):
        page = canvas.sheet(name, title, height, lang)
        width = 0.56 * canvas.WIDTH_PT - canvas.LEFT_PT
        axes = page.axes(canvas.LEFT_PT + 14.0, 42.0, width, height - 78.0)
        front = sorted((each for each in points if each.on_front), key=lambda each: each.x)
        axes.plot(
            [each.x for each in front], [each.y for each in front], color=canvas.MUTED,
            linewidth=1.4, linestyle=(0, (4, 3)),
        )  # fmt: skip
        for number, each in enumerate(points):
            axes.plot(each.x_ends, (each.y, each.y), color=canvas.MUTED, linewidth=0.9)
            axes.plot((each.x, each.x), each.y_ends, color=canvas.MUTED, linewidth=0.9)
            fill = canvas.BLUE if each.on_front else canvas.PAPER
            axes.plot(
                each.x, each.y, marker="o", markersize=17, color=fill,
                markeredgecolor=canvas.VERMILLION if each.strong else canvas.BLUE,
                markeredgewidth=2.4 if each.strong else 1.2,
            )  # fmt: skip
            canvas.write(
                axes, str(number + 1), (each.x, each.y), ha="center", fontweight="bold",
                color=canvas.PAPER if each.on_front else canvas.INK,
            )  # fmt: skip
        axes.set_xlim(0.0, 1.04 * max(each.x_ends[1] for each in points))
        axes.set_ylim(0.0, 1.08 * max(each.y_ends[1] for each in points))
        canvas.scale_ticks(axes, "x", x_measure, lang, 5)
        canvas.scale_ticks(axes, "y", y_measure, lang, 5)
        axes.set_xlabel(canvas.axis_title(x_measure, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(y_measure, lang))
        _list(page, points, height, lang)
        return canvas.finish(
            page, _alt(title, points), _table(name, title, points, x_measure, y_measure)
        )


def _list(page: canvas.Sheet, points: Sequence[FrontPoint], height: float, lang: Lang) -> None:
    """Write the options' numbers and names beside the plot."""
    names = page.axes(0.6 * canvas.WIDTH_PT, 42.0, 0.4 * canvas.WIDTH_PT, height - 78.0)
    names.set_axis_off()
    names.set_xlim(0.0, 1.0)
    names.set_ylim(0.0, 1.0)
    step = 1.0 / max(len(points), 1)
    for number, each in enumerate(points):
        canvas.write(
            names, f"{number + 1}  {each.label.say(lang)}", (0.0, 1.0 - (number + 0.5) * step),
            fontweight="bold" if each.on_front else "normal", chars=42,
        )  # fmt: skip


def _alt(title: Text, points: Sequence[FrontPoint]) -> Text:
    on = [each.label for each in points if each.on_front]
    fr, en = "; ".join(each.fr for each in on), "; ".join(each.en for each in on)
    return Text(f"{title.fr}. Sur le front : {fr}.", f"{title.en}. On the front: {en}.")


def _table(
    name: str, title: Text, points: Sequence[FrontPoint], x_measure: Column, y_measure: Column
) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            each.label, each.x, *each.x_ends, each.y, *each.y_ends,
            Text("oui", "yes") if each.on_front else Text("non", "no"),
        )
        for each in points
    )  # fmt: skip

    def ends(measure: Column) -> tuple[Column, ...]:
        low = Text(f"{measure.label.fr}, bas", f"{measure.label.en}, low")
        high = Text(f"{measure.label.fr}, haut", f"{measure.label.en}, high")
        return (
            Column(f"{measure.name}_mean", measure.label, measure.kind),
            Column(f"{measure.name}_low", low, measure.kind),
            Column(f"{measure.name}_high", high, measure.kind),
        )

    columns = (
        Column("option", Text("Option", "Option")),
        *ends(x_measure),
        *ends(y_measure),
        Column("front", Text("Sur le front", "On the front"), Kind.TEXT),
    )
    return Table(name, title, columns, rows)
