"""The order of meters, on real orders of cuts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from models.water.answer.ranking import alike, rank_meters, worth_buying
from models.water.sectors.order import Cut, CutOrder
from models.water.sectors.programme import spread
from models.water.stage import WaterStage


def _stage(*orders: tuple[Cut, ...]) -> WaterStage:
    def zone(number: int, cuts: tuple[Cut, ...]) -> SimpleNamespace:
        network = SimpleNamespace(
            links=SimpleNamespace(ids=("a", "b", "c", "d"), start=np.array([0, 1, 2, 3])),
            nodes=SimpleNamespace(x_m=np.arange(4.0), y_m=np.arange(4.0) + 10.0),
        )
        gravity = SimpleNamespace(zone=SimpleNamespace(name=f"C{number}", network=network))
        return SimpleNamespace(id=f"3600{number}", gravity=gravity, order=CutOrder(cuts, 1_000.0))

    zones = tuple(zone(number, cuts) for number, cuts in enumerate(orders, start=1))
    return cast("WaterStage", SimpleNamespace(zones=zones))


STAGE = _stage(
    (Cut((0,), 90.0, 9.0, 100.0), Cut((1,), 20.0, 3.0, 30.0)),
    (Cut((0,), -10.0, 20.0, 900.0), Cut((1, 2), 190.0, 8.0, 400.0), Cut((3,), 50.0, 2.0, 90.0)),
)


def test_meters_follow_the_blocks_they_are_bought_in() -> None:
    """The best block by meter comes first; its meters share one number and one saving."""
    ranked = rank_meters(STAGE, [])
    assert [each.insee for each in ranked] == ["36001", *["36002"] * 3, "36002", "36001"]
    assert [each.rank for each in ranked] == [1, 2, 3, 4, 5, 6]
    assert [each.bundle for each in ranked] == [1, 2, 2, 2, 3, 4]
    assert [each.yearly_eur for each in ranked] == pytest.approx([90, 60, 60, 60, 50, 20])
    assert [each.link for each in ranked[1:4]] == ["a", "b", "c"]
    assert [each.opening for each in ranked] == [True, True, False, False, False, False]
    assert (ranked[2].x_m, ranked[2].y_m) == (1.0, 11.0)


def test_what_an_option_holds_is_what_the_study_played() -> None:
    """The meters an option holds are those that `spread` gives it, no more."""
    for count in range(1, 7):
        ranked = rank_meters(STAGE, [count, 0])
        made = spread([zone.order for zone in STAGE.zones], count)
        played = {
            (zone.id, zone.gravity.zone.network.links.ids[link])
            for zone, cuts in zip(STAGE.zones, made, strict=True)
            for link in zone.order.metered(cuts)
        }
        assert {(each.insee, each.link) for each in ranked if count in each.held} == played


def test_meters_are_worth_it_while_they_save_more_than_they_cost() -> None:
    """Those above the yearly cost are counted, and those worth the same as the first."""
    ranked = rank_meters(STAGE, [])
    assert worth_buying(ranked, 55.0) == 4
    assert worth_buying(ranked, 100.0) == 0
    assert alike(ranked) == 1
    assert alike(ranked, 0.5) == 5
    assert alike(()) == 0
