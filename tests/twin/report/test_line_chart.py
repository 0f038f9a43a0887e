"""Lines over one axis, and bars year by year."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from twin.lang import Lang, Text, same
from twin.report.lines import Limit, Line, Shade, line_chart
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.report.yearly import yearly_bars

TITLE = Text("Le prix décide", "The price decides")
PRICE = Column("price_eur", Text("Prix", "Price"), Kind.EURO)
SHARE = Column("share", Text("Part", "Share"), Kind.SHARE, decimals=0)
COST = Column("cost_eur", Text("Coût", "Cost"), Kind.EURO, tax="HT")
YEAR = Column("year", Text("Année", "Year"), Kind.INTEGER)
FREE = Limit(0.0, Text("gratuit", "free"))
LINES = (
    Line(Text("verre", "glass"), (0.9, 0.5, 0.1), (0.8, 0.4, 0.0), (1.0, 0.6, 0.2)),
    Line(Text("papier", "paper"), (0.8, 0.4, 0.2)),
)


def _words(figure: Svg) -> list[str]:
    root = ET.fromstring(figure.svg)  # noqa: S314 - our own file
    return [node.text or "" for node in root.iter() if node.tag.endswith("text")]


def _chart(x: tuple[float, ...] = (0.0, 50.0, 100.0), *, key: bool = True) -> Svg:
    return line_chart(
        "lines", TITLE, x, LINES, PRICE, SHARE, Lang.EN,
        level=Limit(0.5, Text("la moitié", "half")), upright=FREE,
        shade=Shade(60.0, 90.0, 70.0, Text("le marché", "the market")), key=key, top=1.0,
    )  # fmt: skip


def test_each_line_has_its_column_and_a_band_two_more() -> None:
    """The table holds every value drawn: x, each line, and the ends of a band."""
    data = _chart().data
    assert [column.label.en for column in data.columns] == [
        "Price", "glass", "glass, low", "glass, high", "paper",
    ]  # fmt: skip
    assert data.rows[1] == (50.0, 0.5, 0.4, 0.6, 0.4)


def test_columns_keep_the_tax_of_the_measure() -> None:
    """A cost excluding tax stays so in the table, band included."""
    figure = line_chart("taxed", TITLE, (1, 2, 3), LINES, YEAR, COST)
    assert {column.tax for column in figure.data.columns[1:]} == {"HT"}
    assert [row[0] for row in figure.data.rows] == [1, 2, 3]
    assert all(isinstance(row[0], int) for row in figure.data.rows)


def test_the_alternative_tells_where_each_line_goes() -> None:
    """The words that stand for the figure give both ends of each line."""
    assert _chart().alt.en == "The price decides. glass: 90% → 10%; paper: 80% → 20%."


def test_limits_and_ranges_are_named() -> None:
    """The level and the shaded range carry their names; the key names the lines, if asked."""
    assert {"half", "the market", "glass", "paper"} <= set(_words(_chart()))
    assert "glass" not in _words(_chart(key=False))


@pytest.mark.parametrize(("first", "named"), [(0.0, False), (-10.0, True)])
def test_an_upright_is_ruled_where_the_axis_goes_past_it(first: float, *, named: bool) -> None:
    """An upright at the very edge of the axis would divide nothing, and is left out."""
    assert ("free" in _words(_chart((first, 50.0, 100.0)))) is named


def test_a_year_has_its_bar_and_its_row() -> None:
    """Years are whole numbers in the table, and the limit past a year is named."""
    figure = yearly_bars(
        "years", TITLE, [1, 2, 3], LINES[1:], YEAR, COST, after=Limit(2, same("2 ans"))
    )
    assert [row[0] for row in figure.data.rows] == [1, 2, 3]
    assert "2 ans" in _words(figure)
