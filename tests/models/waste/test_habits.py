"""Markets and events reach the points they name, and no other."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from models.waste.filling.factors import day_factors
from models.waste.filling.places import Places
from models.waste.habits import check_names, common_factors, factors_of
from models.waste.settings import EventSection, FillingSection, MarketSection
from twin.errors import ScenarioError

FILLING = FillingSection(
    season=0.0,
    markets=(MarketSection(weekday=2, factor=2.0, points=("glass/a",)),),
    events=(
        EventSection(first=date(2027, 7, 10), last=date(2027, 7, 11), factor=3.0),
        EventSection(first=date(2027, 7, 10), last=date(2027, 7, 10), factor=5.0,
                     points=("paper/b",)),
    ),
)  # fmt: skip


def table(ids: tuple[str, ...], first: date, days: int) -> np.ndarray:
    """Return the factors of points by day, over those of a plain stream."""
    places = Places(ids, np.zeros(len(ids)), np.zeros(len(ids)))
    plain = day_factors(common_factors(FillingSection(season=0.0)), places, first, days)
    return np.asarray(day_factors(factors_of(FILLING, set(ids)), places, first, days) / plain)


def test_a_market_is_its_points_own() -> None:
    """A Wednesday market doubles the Wednesdays of the point it names."""
    found = table(("glass/a", "glass/c"), date(2027, 3, 1), 7)
    assert found[:, 0] == pytest.approx([1, 1, 2, 1, 1, 1, 1])
    assert found[:, 1] == pytest.approx(np.ones(7))


def test_an_event_of_all_reaches_every_stream() -> None:
    """An event that names no point is everybody's; one of another stream is not met."""
    assert table(("glass/a",), date(2027, 7, 9), 4)[:, 0] == pytest.approx([1, 3, 3, 1])
    assert table(("paper/b",), date(2027, 7, 9), 4)[:, 0] == pytest.approx([1, 15, 3, 1])


def test_a_planner_knows_what_holds_for_all() -> None:
    """Common factors hold the events of all points and none of a few."""
    common = common_factors(FILLING)
    assert common.markets == ()
    assert [event.factor for event in common.events] == [3.0]


def test_a_point_that_is_nowhere_is_refused() -> None:
    """A misspelled point is named with its section."""
    with pytest.raises(ScenarioError) as caught:
        check_names(FILLING, ["glass/a", "paper/c"])
    (fault,) = caught.value.faults
    assert fault.key == "waste.filling.events[1].points"
    assert fault.value == "paper/b"
    check_names(FILLING, ["glass/a", "paper/b"])
