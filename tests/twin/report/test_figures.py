"""Comparisons read in ten seconds."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest

from twin.lang import Lang, Text, same
from twin.report import canvas, curves, figures, lines
from twin.report.profile import profile
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.report.yearly import yearly_bars

COST = Column("cost_eur", Text("Coût sur 10 ans", "10-year cost"), Kind.EURO, tax="HT")
COUNT = Column("units", Text("Unités", "Units"), Kind.INTEGER)
SHARE = Column("share", Text("Part servie", "Share served"), Kind.SHARE, decimals=0)
YEAR = Column("year", Text("Année", "Year"), Kind.YEAR)
TITLE = Text("L'option B coûte 1,12 M€", "Option B costs €1.12M")
BARS = (
    figures.Bar(Text("Option A", "Option A"), 1.95e6, 1.5e6, 2.6e6),
    figures.Bar(
        Text("Option B, la plus sûre", "Option B, the safest"), 1.12e6, 0.84e6, 1.43e6, strong=True
    ),
)
ITEMS = (
    figures.Sensitivity(same("small"), 99, 101, same("0"), same("1")),
    figures.Sensitivity(same("large"), 150, 60, same("10 dB"), same("30 dB")),
)
POINTS = tuple(
    curves.CurvePoint(share, cost, units, chosen=share == 0.95)
    for share, cost, units in ((0.9, 690e3, 88), (0.95, 1.12e6, 143), (0.99, 3.2e6, 410))
)
WAYS = (
    lines.Line(Text("Option A", "Option A"), (1e6, 2e6, 3e6), (9e5, 1e6, 2e6), (2e6, 3e6, 4e6)),
    lines.Line(Text("Option B", "Option B"), (1e6, 1.1e6, 1.12e6)),
)

DRAWERS: dict[str, Callable[[Lang], Svg]] = {
    "bars": lambda lang: figures.option_bars("bars", TITLE, BARS, COST, lang, target=1e6),
    "rows": lambda lang: figures.interval_rows(
        "rows", TITLE, [figures.Bar(same("X"), 0.97, 0.9, 0.99), figures.Bar(same("Y"), 0.9)],
        SHARE, lang, target=0.95,
    ),
    "tornado": lambda lang: figures.tornado("tornado", TITLE, ITEMS, 100.0, COUNT, lang),
    "stacked": lambda lang: figures.stacked_bars(
        "stacked", TITLE, [same("A"), same("B")],
        [figures.Part(Text("Matériel", "Hardware"), (1e6, 2e6)),
         figures.Part(Text("Pose", "Fitting"), (3e5, 1e5))], COST, lang,
    ),
    "histogram": lambda lang: figures.histogram(
        "histogram", TITLE, np.linspace(10e6, 30e6, 501), COST, lang, threshold=25e6
    ),
    "curve": lambda lang: curves.cost_curve(
        "curve", TITLE, POINTS, SHARE, COST, Text("unités", "units"), lang
    ),
    "fan": lambda lang: curves.fan(
        "fan", TITLE, [2026, 2027, 2028], np.outer([1, 2, 3, 4, 5], [1e3, 2e3, 3e3]), YEAR, COUNT,
        lang, threshold=9e3,
    ),
    "lines": lambda lang: lines.line_chart(
        "lines", TITLE, [0, 1, 2], WAYS, YEAR, COST, lang, level=lines.Limit(1e6, same("budget")),
        from_zero=True, dots=True, stepped=True,
    ),
    "yearly": lambda lang: yearly_bars("yearly", TITLE, [1, 2, 3], WAYS, YEAR, COST, lang),
    "profile": lambda lang: profile(
        "profile", TITLE, [0, 1000, 2000], [100, 180, 100], (30, 2), (same("A"), same("B")), lang,
        clearance_m=[0, 9, 0],
    ),
}  # fmt: skip


@pytest.fixture(params=sorted(DRAWERS))
def drawer(request: pytest.FixtureRequest) -> Callable[[Lang], Svg]:
    """Return each kind of figure in turn."""
    return DRAWERS[request.param]


def words(figure: Svg) -> list[str]:
    """Return every piece of text drawn."""
    root = ET.fromstring(figure.svg)  # noqa: S314 - our own file
    return [node.text or "" for node in root.iter() if node.tag.endswith("text")]


def test_same_bytes_and_no_trace_left(drawer: Callable[[Lang], Svg]) -> None:
    """Drawn twice, a figure is byte-identical, and matplotlib's global settings are untouched."""
    before = dict(mpl.rcParams)
    assert drawer(Lang.FR) == drawer(Lang.FR)
    assert dict(mpl.rcParams) == before


def test_fits_inline(drawer: Callable[[Lang], Svg]) -> None:
    """A figure is well-formed, small, undated and free of scripts, styles and outside links."""
    figure = drawer(Lang.FR)
    for text in (figure.svg, figure.headless):
        ET.fromstring(text)  # noqa: S314 - our own file
        assert len(text) < 100_000
        assert "<style" not in text
        assert "<script" not in text
        assert not re.search(r"<dc:date|DOCTYPE|figure-title", text)
    ids = re.findall(r' id="([^"]+)"', figure.svg)
    assert len(ids) == len(set(ids))


def test_title_states_the_finding(drawer: Callable[[Lang], Svg]) -> None:
    """The title is drawn in the file and left to the page in the headless version."""
    figure = drawer(Lang.FR)
    assert "L'option B coûte 1,12\u00a0M€" in words(figure)
    assert "L'option B" not in figure.headless


def test_speaks_both_languages(drawer: Callable[[Lang], Svg]) -> None:
    """English figures hold English numbers and text alternatives, French ones French."""
    assert "Option B costs €1.12M" in words(drawer(Lang.EN))
    alt = drawer(Lang.EN).alt
    assert "Option B costs" in alt.en
    assert "L'option B" in alt.fr


def test_has_its_numbers(drawer: Callable[[Lang], Svg]) -> None:
    """Every figure carries a data table that is not empty."""
    figure = drawer(Lang.FR)
    assert figure.data.rows
    assert figure.data.title == TITLE


def test_values_and_intervals_are_written() -> None:
    """Bars carry their value and interval in French short euros, ticks too."""
    drawn = words(DRAWERS["bars"](Lang.FR))
    assert "1,12\u00a0M€" in drawn
    assert "0,84\u00a0à 1,43\u00a0M€" in drawn
    assert "Coût sur 10 ans (HT)" in drawn
    assert "€1.12M" in words(DRAWERS["bars"](Lang.EN))


def test_tornado_sorts_and_cuts() -> None:
    """The widest swing comes first and only the top ones are kept."""
    figure = figures.tornado("t", TITLE, ITEMS, 100.0, COUNT, top=1)
    assert [row[0] for row in figure.data.rows] == [same("large")]
    assert figure.data.rows[0][-1] == 90


def test_totals_are_sums() -> None:
    """A stacked figure's table ends with the sum of its lines."""
    data = DRAWERS["stacked"](Lang.FR).data
    assert data.total
    assert data.rows[-1][1:] == (1.3e6, 2.1e6)


def test_marginal_price() -> None:
    """The price of the last point is the cost difference over the points gained."""
    steps = curves.marginal_eur(POINTS)
    assert steps[0] is None
    assert steps[1] == pytest.approx((1.12e6 - 690e3) / 5)
    assert steps[2] == pytest.approx((3.2e6 - 1.12e6) / 4)


def test_hollow_below_target() -> None:
    """A place under the target is hollow: shape, not colour alone, says it."""
    text = DRAWERS["rows"](Lang.FR).svg
    assert re.search(r"fill: #ffffff; stroke: #d55e00", text)


def test_years_have_no_thousands() -> None:
    """Years are written bare."""
    assert "2026" in words(DRAWERS["fan"](Lang.FR))


def test_profile_says_how_much_is_cut() -> None:
    """A profile's text alternative says the share of the line that the ground cuts."""
    assert "33\u00a0%" in DRAWERS["profile"](Lang.FR).alt.fr


def test_an_axis_of_euros_under_nought_puts_the_minus_first() -> None:
    """English ticks read −€400k at every scale, French ones −400 k€."""
    for largest, step, value, english, french in (
        (1e6, 2e5, -4e5, "−€400k", "−400\u00a0k€"),
        (4e6, 5e5, -1.5e6, "−€1.5M", "−1,5\u00a0M€"),
        (900.0, 100.0, -400.0, "−€400", "−400\u00a0€"),
    ):
        assert canvas.tick_text(COST, Lang.EN, largest, step)(value) == english
        assert canvas.tick_text(COST, Lang.FR, largest, step)(value) == french
