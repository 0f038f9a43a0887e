"""Which points deserve a sensor first."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from models.waste.answer.ranking import Place, rank_places
from models.waste.figures import WorldDice, nominal_dice
from models.waste.points import StreamPoints
from models.waste.settings import Settings
from models.waste.stage import WasteStage
from tests.models.waste.answer.waste_answer_case import made_option
from twin.scenario import Scenario

SHARES = (0.25, 0.5)


def _stage() -> WasteStage:
    """Return two streams of four points; only what the ranking reads."""

    def stream(name: str, rate_l: list[float], visit_eur: list[float]) -> SimpleNamespace:
        count = len(rate_l)
        points = StreamPoints(
            tuple(f"{name}/{row}" for row in range(count)),
            np.arange(count, dtype=np.float64),
            np.zeros(count),
            np.zeros(count, dtype=np.int64),
            np.ones(count, dtype=np.int64),
            np.full(count, 4_000.0),
            np.array(rate_l),
        )
        return SimpleNamespace(name=name, points=points, visit_eur=np.array(visit_eur))

    return cast(
        "WasteStage",
        SimpleNamespace(
            streams=(
                stream("glass", [10.0, 40.0, 20.0, 30.0], [20.0, 20.0, 20.0, 20.0]),
                stream("paper", [80.0, 5.0, 5.0, 5.0], [90.0, 5.0, 6.0, 7.0]),
            )
        ),
    )


def _ranked(scenario: Scenario, **sensors: Any) -> tuple[Place, ...]:
    settings = made_option("any").settings["waste"]
    assert isinstance(settings, Settings)
    chosen = settings.model_copy(update={"sensors": settings.sensors.model_copy(update=sensors)})
    dice: WorldDice = nominal_dice(scenario)
    return rank_places(_stage(), chosen, chosen, SHARES, dice)


def test_points_rank_by_what_emptying_them_costs_a_year(waste_scenario: Scenario) -> None:
    """By value the dearest point of all streams comes first; visits follow rate over 80 %."""
    places = _ranked(waste_scenario, choice="value", share=0.25)
    costs = [place.yearly_eur for place in places]
    assert costs == sorted(costs, reverse=True)
    assert [place.rank for place in places] == list(range(1, 9))
    assert places[0].id == "paper/0"
    assert abs(places[0].visits - 365.0 * 80.0 / 3_200.0) < 1e-9


def test_a_share_fits_the_first_of_all_points(waste_scenario: Scenario) -> None:
    """A quarter of eight points are the two first in rank, whatever their streams."""
    places = _ranked(waste_scenario, choice="value", share=0.25)
    assert {place.rank for place in places if place.fitted} == {1, 2}
    assert {place.rank for place in places if place.first_share == 0.25} == {1, 2}
    assert sum(place.first_share == 0.5 for place in places) == 2
    assert sum(place.first_share is None for place in places) == 4


def test_a_larger_share_drops_no_point(waste_scenario: Scenario) -> None:
    """Points already fitted stay fitted as the share grows, even at random."""
    for choice in ("random", "busy", "costly", "value"):
        few = _ranked(waste_scenario, choice=choice, share=0.25)
        many = _ranked(waste_scenario, choice=choice, share=0.5)
        fitted = [{place.id for place in places if place.fitted} for places in (few, many)]
        assert len(fitted[0]) == 2
        assert len(fitted[1]) == 4
        assert fitted[0] < fitted[1]
        assert {place.rank for place in many if place.fitted} == {1, 2, 3, 4}
