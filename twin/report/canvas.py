"""The sheet every figure is drawn on: one look, one font, no global state, same bytes each time.

Colours are Okabe & Ito's (2008, *Color Universal Design* [V]), told apart with any of the common
colour visions; figures never rely on colour alone. Fonts are measured with the DejaVu Sans that
matplotlib ships, so layout is the same on every machine; readers' own fonts are narrower.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Transform

from twin.lang import Lang, Text
from twin.report import svg as svg_text
from twin.report import typography as typo
from twin.report.svg import Svg
from twin.report.tables import Column, Kind, Table

POINTS = 72.0
WIDTH_PT = 648.0
LEFT_PT = 62.0  # room for the ticks of a vertical axis
TITLE_PT = 15.0
TITLE_LINE_PT = 20.0
TITLE_CHARS = 76

INK = "#1b2733"
MUTED = "#51606e"
GRID = "#dfe4e9"
PAPER = "#ffffff"
BLUE = "#0072b2"
VERMILLION = "#d55e00"
GREEN = "#009e73"
ORANGE = "#e69f00"
SKY = "#56b4e9"
PURPLE = "#cc79a7"
YELLOW = "#f0e442"
PALE = "#b9c7d4"
CATEGORICAL = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, YELLOW, INK)
HATCHES = ("", "///", "---", "\\\\\\", "xx", "||", "++", "")

STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10.5,
    "svg.fonttype": "none",
    "svg.image_inline": True,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.7,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}


@dataclass(frozen=True)
class Sheet:
    """A figure under construction: a title band on top of a body `height_pt` high."""

    figure: Figure
    name: str
    title: Text
    lang: Lang
    height_pt: float
    band_pt: float

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Return new axes placed in points from the body's lower left corner."""
        total = self.height_pt + self.band_pt
        box = (left / WIDTH_PT, bottom / total, width / WIDTH_PT, height / total)
        return self.figure.add_axes(box)


def sheet(name: str, title: Text, height_pt: float, lang: Lang) -> Sheet:
    """Return an empty sheet whose title states the finding.

    Must be called, like all drawing on it, inside :func:`style`.
    """
    lines = textwrap.wrap(typo.spaced(title.say(lang), lang), TITLE_CHARS)
    band = TITLE_LINE_PT * len(lines) + 10.0
    figure = Figure(figsize=(WIDTH_PT / POINTS, (height_pt + band) / POINTS), dpi=POINTS)
    FigureCanvasSVG(figure)
    for row, line in enumerate(lines):
        top = 1.0 - (TITLE_LINE_PT * (row + 0.8)) / (height_pt + band)
        figure.text(0.0, top, line, fontsize=TITLE_PT, fontweight="bold", gid=svg_text.TITLE_GID)
    return Sheet(figure, name, title, lang, height_pt, band)


def style(name: str) -> Any:
    """Return the context in which a sheet is made, drawn and finished; `name` salts its ids."""
    return mpl.style.context(["default", {**STYLE, "svg.hashsalt": f"twin-{name}"}])


def finish(page: Sheet, alt: Text, data: Table) -> Svg:
    """Return the finished figure."""
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    page.figure.savefig(buffer, format="svg", metadata=nothing)
    text = svg_text.tidy(buffer.getvalue())
    headless = svg_text.without_title(text, page.band_pt)
    return Svg(page.name, page.title, svg_text.with_title(text), headless, alt, data, page.lang)


def write(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    coords: str | Transform = "data",
    chars: int = 200,
    line_pt: float = 13.0,
    **font: Any,
) -> None:
    """Write `text` at `at`, moved by `shift` points, wrapped at `chars`, one element per line.

    Lines are separate elements because a browser then aligns each by its own font's widths.
    """
    lines = [part for line in text.split("\n") for part in textwrap.wrap(line, chars) or [""]]
    font = {"ha": "left", "va": "center", **font}
    first = {"center": (len(lines) - 1) / 2, "top": 0.0, "baseline": 0.0}.get(
        font["va"], len(lines) - 1.0
    )
    for row, line in enumerate(lines):
        axes.annotate(
            line,
            at,
            xycoords=coords,
            xytext=(shift[0], shift[1] + (first - row) * line_pt),
            textcoords="offset points",
            annotation_clip=False,
            **font,
        )


def head(axes: Axes, text: str) -> None:
    """Write the name of the vertical axis flat above it, where it is read without a tilt."""
    write(
        axes,
        text,
        (0.0, 1.0),
        coords="axes fraction",
        shift=(-LEFT_PT, 17.0),
        fontweight="bold",
        color=MUTED,
    )


def legend(page: Sheet, entries: Sequence[tuple[Text, str, str]], columns: int = 3) -> None:
    """Draw a key of (label, colour, hatch) patches across the top of the body."""
    handles = [
        Patch(
            facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.7, label=label.say(page.lang)
        )
        for label, colour, hatch in entries
    ]
    top = page.height_pt / (page.height_pt + page.band_pt)
    page.figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.0, top),
        ncols=columns,
        frameon=False,
        fontsize=10,
        handlelength=1.8,
        handleheight=1.1,
        borderaxespad=0.0,
        borderpad=0.0,
    )


def tick_text(measure: Column, lang: Lang, largest: float, step: float) -> FuncFormatter:
    """Return a tick formatter for a measure: short euros, percent, or a plain number."""

    def say(value: float, _: int | None = None) -> str:
        if measure.kind is Kind.EURO:
            return _euro_tick(value, largest, step, lang)
        if measure.kind is Kind.SHARE:
            return typo.percent(value, lang, _decimals(step * 100))
        if measure.kind is Kind.YEAR:
            return f"{value:.0f}"
        return typo.number(value, _decimals(step), lang)

    return FuncFormatter(say)


def scale_ticks(axes: Axes, which: str, measure: Column, lang: Lang, count: int = 6) -> None:
    """Give the `which` axis (`x` or `y`) about `count` ticks written in the reader's way."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
    axis.set_major_locator(
        MaxNLocator(
            nbins=count, steps=[1, 2, 2.5, 5, 10], integer=measure.kind in {Kind.INTEGER, Kind.YEAR}
        )
    )
    ticks = axis.get_ticklocs()
    step = float(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
    axis.set_major_formatter(tick_text(measure, lang, max(abs(low), abs(high)), step))
    axes.grid(visible=True, axis="x" if which == "x" else "y", color=GRID, linewidth=0.8)
    axes.tick_params(axis="x" if which == "x" else "y", length=0, pad=5)


def axis_title(measure: Column, lang: Lang) -> str:
    """Return the label of an axis; amounts and shares carry their unit on each tick already."""
    label = typo.spaced(measure.label.say(lang), lang)
    if measure.kind is Kind.EURO and measure.tax:
        return f"{label} ({typo.TAX_WORDS[measure.tax].say(lang)})"
    return label if measure.kind in {Kind.EURO, Kind.SHARE} else measure.heading(lang)


def brief(measure: Column, value: float, lang: Lang) -> str:
    """Return a value as a figure labels it: short euros, else as in a table."""
    if measure.kind is Kind.EURO:
        return typo.short_euros(value, lang)
    return measure.say(value, lang)


def brief_interval(measure: Column, low: float, high: float, lang: Lang) -> str:
    """Return `low à high` in the measure's unit, said once."""
    if measure.kind is Kind.EURO:
        return typo.interval(low, high, lang=lang, style="short_euros")
    if measure.kind is Kind.SHARE:
        decimals = 1 if measure.decimals is None else measure.decimals
        return typo.interval(low, high, decimals, lang, style="percent")
    default = 0 if measure.kind is Kind.INTEGER else 2
    decimals = default if measure.decimals is None else measure.decimals
    return typo.interval(low, high, decimals, lang, unit=measure.unit)


def both(fr: str, en: str) -> Text:
    """Return a text whose French spaces do not break."""
    return Text(typo.spaced(fr, Lang.FR), en)


def _decimals(step: float) -> int:
    for decimals in range(4):
        if abs(round(step, decimals) - step) < 1e-9 * max(step, 1.0):
            return decimals
    return 4


def _euro_tick(value: float, largest: float, step: float, lang: Lang) -> str:
    for size, prefix in ((1e6, "M"), (1e3, "k")):
        if largest >= 2 * size:
            return typo.money(typo.number(value / size, _decimals(step / size), lang), prefix, lang)
    return typo.euros(value, lang, _decimals(step))
