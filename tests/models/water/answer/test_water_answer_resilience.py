"""Networks under stress, on the small territory."""

from __future__ import annotations

import numpy as np
import pytest
from small_water import SmallYear, small_year

from models.water.answer.resilience import HORIZON_H, CommuneNetwork, hours_of, stress


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallYear:
    """Return the small territory."""
    return small_year(tmp_path_factory.mktemp("resilience"))


@pytest.fixture(scope="module")
def networks(small: SmallYear) -> tuple[CommuneNetwork, ...]:
    """Return its networks under stress."""
    return stress(small.stage)


def test_a_tower_lasts_what_it_holds_over_what_is_drawn(
    networks: tuple[CommuneNetwork, ...],
) -> None:
    """Constant draw: hours = stored / (demand + losses), and twenty days at most."""
    lost = np.array([np.full(len(networks), 8_760.0), np.zeros(len(networks))])
    hours = hours_of(networks, lost)
    for at, each in enumerate(networks):
        least = each.stored_m3 / (each.demand_m3h + 1.0)
        assert hours[0, at] == pytest.approx(min(least, HORIZON_H))
    assert (hours[1] >= hours[0]).all()


def test_a_shut_pipe_leaves_nobody_more_dry_than_live_there(
    networks: tuple[CommuneNetwork, ...],
) -> None:
    """The worst pipe cuts off at most everybody, the median one no more than the worst."""
    for each in networks:
        assert 0.0 <= each.cut_people <= each.cut_worst <= each.people + 1e-6
        assert each.cut_worst > 0.0


def test_a_hydrant_is_a_share_of_places(
    networks: tuple[CommuneNetwork, ...], small: SmallYear
) -> None:
    """The share of places that give 60 m3/h is a share; people and mains are those of the stage."""
    for each, zone in zip(networks, small.stage.zones, strict=True):
        assert 0.0 <= each.fire_share <= 1.0
        assert each.km == pytest.approx(zone.km)
        assert each.people == pytest.approx(float(zone.gravity.zone.people.sum()))
        assert each.stored_m3 == pytest.approx(zone.gravity.area_m2 * zone.gravity.starts_m)
