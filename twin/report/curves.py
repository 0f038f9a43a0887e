"""Figures along a line: what one more percent costs, and a fan of futures."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report import typography as typo
from twin.report.figure_words import plain, sentence
from twin.report.svg import Svg
from twin.report.tables import Column, Kind, Table


@dataclass(frozen=True)
class CurvePoint:
    """What reaching `share` costs: amount in euros, number of units, interval of the amount."""

    share: float
    cost_eur: float
    units: int
    low_eur: float | None = None
    high_eur: float | None = None
    chosen: bool = False


def marginal_eur(points: Sequence[CurvePoint]) -> list[float | None]:
    """Return the euros per extra percentage point at each point, None at the first."""
    ordered = sorted(points, key=lambda point: point.share)
    steps: list[float | None] = [None]
    for before, after in itertools.pairwise(ordered):
        gain = (after.share - before.share) * 100
        steps.append((after.cost_eur - before.cost_eur) / gain if gain > 0 else None)
    return steps


def cost_curve(
    name: str,
    title: Text,
    points: Sequence[CurvePoint],
    share: Column,
    cost: Column,
    unit: Text,
    lang: Lang = Lang.FR,
) -> Svg:
    """Show what each share costs and, below, what the last extra percent costs.

    Each point carries its number of units (`unit` is their plural noun). The chosen point is
    large and named; a band shows the interval of the cost where points carry one.
    """
    ordered = sorted(points, key=lambda point: point.share)
    x = np.array([point.share for point in ordered])
    y = np.array([point.cost_eur for point in ordered])
    steps = marginal_eur(ordered)
    with canvas.style(name):
        page = canvas.sheet(name, title, 430.0, lang)
        width = canvas.WIDTH_PT - canvas.LEFT_PT - 24.0
        axes = page.axes(canvas.LEFT_PT, 182.0, width, 214.0)
        below = page.axes(canvas.LEFT_PT, 42.0, width, 78.0)
        if all(point.low_eur is not None and point.high_eur is not None for point in ordered):
            low = np.array([point.low_eur for point in ordered], dtype=np.float64)
            high = np.array([point.high_eur for point in ordered], dtype=np.float64)
            axes.fill_between(x, low, high, color=canvas.SKY, alpha=0.3, linewidth=0)
        axes.plot(x, y, "-o", color=canvas.BLUE, linewidth=2.2, markersize=6)
        spread = float(x[-1] - x[0]) or 0.01
        axes.set_xlim(x[0] - 0.05 * spread, x[-1] + 0.05 * spread)
        axes.set_ylim(0.0, axes.get_ylim()[1] * 1.08)
        _unit_labels(axes, ordered, unit, lang)
        _marginal_bars(below, x, steps, lang)
        below.set_xlim(axes.get_xlim())
        canvas.scale_ticks(axes, "y", cost, lang, 5)
        canvas.scale_ticks(axes, "x", share, lang)
        canvas.scale_ticks(below, "x", share, lang)
        below.grid(visible=False)
        below.set_xlabel(canvas.axis_title(share, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(cost, lang))
        canvas.head(below, _price_title(cost, lang))
        return canvas.finish(
            page,
            _curve_alt(title, ordered, unit, cost),
            _curve_table(name, title, ordered, steps, share, cost, unit),
        )


def fan(
    name: str,
    title: Text,
    x: ArrayLike,
    quantiles: ArrayLike,
    x_measure: Column,
    measure: Column,
    lang: Lang = Lang.FR,
    *,
    threshold: float | None = None,
    threshold_label: Text | None = None,
) -> Svg:
    """Show how a quantity spreads: `quantiles` (5, n) holds the 5, 25, 50, 75, 95 % at each `x`.

    Half the futures lie in the dark band, nine in ten in the pale one; the line is the median.
    """
    along: NDArray[np.float64] = np.asarray(x, dtype=np.float64)
    levels: NDArray[np.float64] = np.asarray(quantiles, dtype=np.float64)
    with canvas.style(name):
        page = canvas.sheet(name, title, 300.0, lang)
        axes = page.axes(canvas.LEFT_PT, 42.0, canvas.WIDTH_PT - canvas.LEFT_PT - 130.0, 212.0)
        axes.fill_between(along, levels[0], levels[4], color=canvas.SKY, alpha=0.35, linewidth=0)
        axes.fill_between(along, levels[1], levels[3], color=canvas.BLUE, alpha=0.45, linewidth=0)
        axes.plot(along, levels[2], color=canvas.INK, linewidth=2.2)
        for level in (levels[0], levels[4]):
            axes.plot(along, level, color=canvas.BLUE, linewidth=0.9, linestyle=(0, (4, 2)))
        axes.set_xlim(along[0], along[-1])
        canvas.scale_ticks(axes, "x", x_measure, lang)
        canvas.scale_ticks(axes, "y", measure, lang, 5)
        axes.set_xlabel(canvas.axis_title(x_measure, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(measure, lang))
        _end_labels(axes, along[-1], levels[:, -1], measure, lang)
        if threshold is not None:
            limit = threshold_label or Text("seuil", "threshold")
            axes.axhline(threshold, color=canvas.VERMILLION, linewidth=1.6, linestyle=(0, (5, 3)))
            canvas.write(axes, plain(limit, lang), (0.0, threshold), shift=(8.0, 8.0),
                         coords=axes.get_yaxis_transform(), color=canvas.VERMILLION,
                         fontweight="bold", gid="halo")  # fmt: skip
        return canvas.finish(
            page,
            _fan_alt(title, levels, measure),
            _fan_table(name, title, along, levels, x_measure, measure),
        )


def _price_title(cost: Column, lang: Lang) -> str:
    tax = f" {typo.TAX_WORDS[cost.tax].say(lang)}" if cost.tax else ""
    text = Text(
        "Prix du dernier point gagné, en k€{tax}", "Price of the last point gained, k€{tax}"
    )
    return text.format(tax=tax).say(lang)


def _unit_labels(axes: Axes, points: Sequence[CurvePoint], unit: Text, lang: Lang) -> None:
    stride = max(1, len(points) // 8)
    for index, point in enumerate(points):
        if point.chosen:
            axes.plot(point.share, point.cost_eur, "D", color=canvas.VERMILLION, markersize=12,
                      markeredgecolor=canvas.INK)  # fmt: skip
            text = (
                f"{typo.percent(point.share, lang)} : {typo.number(point.units, 0, lang)} "
                f"{unit.say(lang)}\n{typo.short_euros(point.cost_eur, lang)}"
            )
            canvas.write(axes, typo.spaced(text, lang), (point.share, point.cost_eur),
                         shift=(-14.0, 20.0), ha="right", fontweight="bold", fontsize=12,
                         line_pt=15.0, gid="halo")  # fmt: skip
        elif index % stride == 0 or index == len(points) - 1:
            text = typo.number(point.units, 0, lang)
            if index == 0:
                text += f" {unit.say(lang)}"
            side = "left" if index < len(points) - 1 else "center"
            canvas.write(axes, text, (point.share, point.cost_eur), gid="halo",
                         shift=(5.0, -13.0), ha=side)  # fmt: skip


def _marginal_bars(
    axes: Axes,
    x: NDArray[np.float64],
    steps: Sequence[float | None],
    lang: Lang,
) -> None:
    amounts = [0.0 if step is None else step for step in steps]
    for left, right, amount in zip(x[:-1], x[1:], amounts[1:], strict=True):
        axes.bar((left + right) / 2, amount, (right - left) * 0.86, color=canvas.PALE,
                 edgecolor=canvas.INK, linewidth=0.7)  # fmt: skip
        label = typo.number(amount / 1000, 1 if abs(amount) < 10_000 else 0, lang)  # noqa: PLR2004 - two digits
        canvas.write(axes, label, ((left + right) / 2, max(amount, 0.0)), shift=(0.0, 8.0),
                     ha="center", fontsize=9.5)  # fmt: skip
    axes.set_ylim(0.0, max([*amounts, 1.0]) * 1.25)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _end_labels(
    axes: Axes, x: float, ends: NDArray[np.float64], measure: Column, lang: Lang
) -> None:
    words = (
        Text("1 sur 20 en dessous", "1 in 20 below"),
        Text("médiane", "median"),
        Text("1 sur 20 au-dessus", "1 in 20 above"),
    )
    low, high = axes.get_ylim()
    gap = (high - low) * 0.14
    mid = float(ends[2])
    heights = (min(float(ends[0]), mid - gap), mid, max(float(ends[4]), mid + gap))
    for value, height, text in zip(ends[[0, 2, 4]], heights, words, strict=True):
        label = f"{canvas.brief(measure, float(value), lang)}\n{text.say(lang)}"
        canvas.write(axes, label, (x, height), shift=(8.0, 0.0), line_pt=12.0, fontsize=10,
                     fontweight="bold" if text.en == "median" else "normal")  # fmt: skip


def _curve_alt(title: Text, points: Sequence[CurvePoint], unit: Text, cost: Column) -> Text:
    def words(lang: Lang) -> str:
        parts = [
            f"{typo.percent(point.share, lang)} : {typo.number(point.units, 0, lang)} "
            f"{unit.say(lang)}, {canvas.brief(cost, point.cost_eur, lang)}"
            for point in points
        ]
        opener = canvas.both("Courbe de coût.", "Cost curve.").say(lang)
        return f"{opener} {sentence(title, lang)} " + typo.spaced(" ; ".join(parts), lang) + "."

    return Text(words(Lang.FR), words(Lang.EN))


def _curve_table(
    name: str,
    title: Text,
    points: Sequence[CurvePoint],
    steps: Sequence[float | None],
    share: Column,
    cost: Column,
    unit: Text,
) -> Table:
    columns = (
        share,
        Column("units", Text(unit.fr.capitalize(), unit.en.capitalize()), Kind.INTEGER),
        cost,
        Column("low_eur", Text("Borne basse", "Low end"), Kind.EURO, tax=cost.tax),
        Column("high_eur", Text("Borne haute", "High end"), Kind.EURO, tax=cost.tax),
        Column("marginal_eur", Text("Par point de % gagné", "Per extra point"), Kind.EURO,
               tax=cost.tax),
    )  # fmt: skip
    rows = tuple(
        (each.share, each.units, each.cost_eur, each.low_eur, each.high_eur, step)
        for each, step in zip(points, steps, strict=True)
    )
    return Table(name, title, columns, rows)


def _fan_alt(title: Text, levels: NDArray[np.float64], measure: Column) -> Text:
    def words(lang: Lang) -> str:
        opener = canvas.both("Éventail.", "Fan chart.").say(lang)
        last = canvas.both("Au bout : médiane ", "At the end: median ").say(lang)
        span = canvas.brief_interval(measure, float(levels[0, -1]), float(levels[4, -1]), lang)
        middle = canvas.brief(measure, float(levels[2, -1]), lang)
        nine = canvas.both("9 cas sur 10 : ", "9 cases in 10: ").say(lang)
        return f"{opener} {sentence(title, lang)} {last}{middle}, {nine}{span}."

    return Text(words(Lang.FR), words(Lang.EN))


def _fan_table(
    name: str,
    title: Text,
    x: NDArray[np.float64],
    levels: NDArray[np.float64],
    x_measure: Column,
    measure: Column,
) -> Table:
    kind = Kind.NUMBER if measure.kind is Kind.INTEGER else measure.kind
    quantiles = tuple(
        Column(f"p{level:02d}", Text(f"{level} %", f"{level}%"), kind, measure.unit,
               measure.decimals, measure.tax)
        for level in (5, 25, 50, 75, 95)
    )  # fmt: skip
    rows = tuple((at, *levels[:, row]) for row, at in enumerate(x))
    return Table(name, title, (x_measure, *quantiles), rows)
