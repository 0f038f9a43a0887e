"""Options by two costs: what is drawn, what the table says, in both languages."""

from __future__ import annotations

from twin.lang import Lang, Text
from twin.report.front import FrontPoint, front_chart
from twin.report.tables import Column, Kind

COST = Column("eur", Text("Coût par an", "Cost a year"), Kind.EURO)
DARK = Column("h", Text("Heures dans le noir", "Hours in the dark"), Kind.NUMBER)
POINTS = (
    FrontPoint(
        Text("tout éteint", "all off"),
        4e6,
        3e6,
        (3.8e6, 4.2e6),
        (2.9e6, 3.1e6),
        on_front=True,
        strong=True,
    ),
    FrontPoint(Text("abaissé", "dimmed"), 5e6, 1e6, (4.8e6, 5.2e6), (0.9e6, 1.1e6), on_front=True),
    FrontPoint(Text("cher", "dear"), 6e6, 2e6, (5.8e6, 6.2e6), (1.9e6, 2.1e6), on_front=False),
)


def drawn(lang: Lang) -> str:
    """Return the figure's text."""
    title = Text("Moins cher, plus sombre", "Cheaper, darker")
    return front_chart("front", title, POINTS, COST, DARK, lang).svg


def test_each_option_is_numbered_and_named() -> None:
    """Every option has its number on the plot and its name beside it, in the reader's language."""
    french, english = drawn(Lang.FR), drawn(Lang.EN)
    for number, point in enumerate(POINTS):
        assert f"{number + 1}  {point.label.fr}" in french or point.label.fr in french
        assert point.label.en in english
    assert "all off" not in french
    assert french == drawn(Lang.FR)


def test_the_table_says_who_is_on_the_front() -> None:
    """The numbers drawn stand in the table, with their ends, and the text names the front."""
    told = front_chart("front", Text("a", "b"), POINTS, COST, DARK)
    assert [row[-1] for row in told.data.rows] == [
        Text("oui", "yes"), Text("oui", "yes"), Text("non", "no"),
    ]  # fmt: skip
    assert told.data.rows[0][1:4] == (4e6, 3.8e6, 4.2e6)
    assert "tout éteint" in told.alt.fr
    assert "cher" not in told.alt.fr.split("front :")[1]
