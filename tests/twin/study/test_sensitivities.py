"""The assumptions that move an answer most, as every report draws them."""

from __future__ import annotations

import pytest

from twin.decide.intervals import Interval
from twin.decide.priors import Distribution, Prior
from twin.decide.sensitivity import TornadoRow
from twin.lang import Lang, Text
from twin.report.tables import Column, Kind
from twin.study.sensitivities import end_text, sensitivity_chart

COST = Column("cost_eur", Text("Coût", "Cost"), Kind.EURO)
WHAT = Text("le coût", "the cost")
PRIORS = {
    "diesel": Prior(
        "diesel", 1.0, 1.5, 2.0, Distribution.UNIFORM, "€ HT/L", Text("Gazole", "Diesel")
    ),
    "crew": Prior("crew", 20.0, 30.0, 60.0, Distribution.UNIFORM, "€/h", Text("Équipage", "Crew")),
}


def _at(mean: float) -> Interval:
    return Interval(mean, mean - 1.0, mean + 1.0, 0.9, 3)


ROWS = (
    TornadoRow("crew", 0.0, 1.0, _at(80.0), _at(130.0), _at(50.0), _at(100.0)),
    TornadoRow("diesel", 0.5, 1.0, _at(90.0), _at(110.0), _at(20.0), _at(100.0)),
)


def _drawn(lang: Lang) -> tuple[Text, tuple[tuple[object, ...], ...]]:
    figure = sensitivity_chart(
        "s", WHAT, ROWS, PRIORS, COST, lang,
        lambda prior, value: end_text(value, prior.unit.replace(" HT", "")),
    )  # fmt: skip
    return figure.title, figure.data.rows


def test_the_title_names_the_first_assumption() -> None:
    """The title says which assumption moves the answer most, in both languages."""
    title, _ = _drawn(Lang.FR)
    assert title.fr == "Ce qui change le plus le coût : équipage"
    assert title.en == "What changes the cost most: crew"


def test_each_end_is_the_quantile_the_runs_were_held_at() -> None:
    """Ends are the priors' own quantiles in the caller's words, beside the answer at each."""
    _, rows = _drawn(Lang.EN)
    assert [row[0] for row in rows] == [PRIORS["crew"].label, PRIORS["diesel"].label]
    assert rows[0][1:5] == (Text("20 €/h", "20 €/h"), 80.0, Text("60 €/h", "60 €/h"), 130.0)
    assert rows[1][1] == Text("1,5 €/L", "1.5 €/L")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(0.123, "1", "0.12"), (-3.14, "dB", "−3.1 dB"), (365.4, "j", "365 j")],
)
def test_an_end_keeps_what_a_reader_takes_in(value: float, unit: str, said: str) -> None:
    """Two decimals under one, one under twenty, none above; the unit 1 is not printed."""
    assert end_text(value, unit).en == said
