"""A quarter of a made-up Groningen: the benchmark's case, small enough for every day."""

from __future__ import annotations

import numpy as np
import pytest

from models.waste.crews import Day
from models.waste.policies.fixed_number import FixedNumber
from models.waste.policies.outlook import Outlook
from models.waste.stream import _from
from tests.bench.groningen import (
    City,
    Found,
    Length,
    mean,
    number,
    overflow,
    played,
    saved,
    stage_of,
)

CITY = City().scaled(0.24)
LENGTH = Length(days=28, settling_days=28, effort=2.0, replications=2)


@pytest.fixture(scope="module")
def found() -> dict[str, list[Found]]:
    """Return a small city under both rules, told counts or levels."""
    stage = stage_of(CITY)
    return {
        "number": played(CITY, stage, number(CITY), "counts", LENGTH),
        "overflow": played(CITY, stage, overflow(), "counts", LENGTH),
        "overflow, levels": played(CITY, stage, overflow(), "levels", LENGTH),
    }


def test_planning_saves_far_more_than_information(found: dict[str, list[Found]]) -> None:
    """Prizes save a quarter of the kilometres or more; exact levels then less than a tenth."""
    planning, _ = saved(found["number"], found["overflow"])
    information, _ = saved(found["overflow"], found["overflow, levels"])
    assert planning > 0.25
    assert abs(information) < 0.10
    assert planning > 4.0 * information


def test_service_is_kept(found: dict[str, list[Found]]) -> None:
    """Under either rule more than 99 % of emptyings come in time and next to nothing is refused."""
    for each in found.values():
        assert mean(each, "service") > 0.99
        assert mean(each, "housed") > 0.999


def test_what_is_brought_is_emptied(found: dict[str, list[Found]]) -> None:
    """Fewer emptyings are fuller ones: their product is what is brought a day, whoever decides."""
    for each in found.values():
        emptied = mean(each, "stops") * mean(each, "fill")
        assert emptied == pytest.approx(CITY.fulls_a_day, rel=0.05)


def test_the_same_world_twice(found: dict[str, list[Found]]) -> None:
    """Played again, a replication is the same to the last bit, CPU time aside."""
    again = played(CITY, stage_of(CITY), overflow(), "counts", LENGTH)
    for one, other in zip(found["overflow"], again, strict=True):
        assert (one.km, one.stops, one.service, one.fill) == (
            other.km,
            other.stops,
            other.service,
            other.fill,
        )


def test_crews_come_home_for_their_breaks(found: dict[str, list[Found]]) -> None:
    """One truck drives up to three rounds a day, one in each part of its shift of 6 h."""
    assert CITY.trucks == 1
    (depot,) = stage_of(CITY).streams[0].depots
    assert [each.work_s / 3600.0 for each in depot.vehicles] == pytest.approx([3.0, 1.5, 1.5])
    assert 2.0 < mean(found["number"], "rounds") <= 3.0
    assert mean(found["number"], "hours") <= 6.0


def test_a_breakdown_falls_in_one_part() -> None:
    """A truck that fails an hour into its shift has done with it when a later part begins."""
    luck = Day(0.0, 1.0, np.ones(1), np.array([3600.0, 18_000.0, np.inf]), 1_800.0)
    assert _from(luck, 0.0).breakdown_s.tolist() == [3600.0, 18_000.0, np.inf]
    assert _from(luck, 12_600.0).breakdown_s.tolist() == [np.inf, 5_400.0, np.inf]


def outlook(level_l: list[float], rate_l: list[float], reported: list[bool]) -> Outlook:
    """Return beliefs of points of 1,000 L."""
    zero = np.zeros(len(level_l))
    return Outlook(
        day=0,
        ahead_days=1.0,
        level_l=np.array(level_l),
        level_sd_l=zero,
        coming_l=np.array(rate_l),
        coming_sd_l=zero,
        rate_l=np.array(rate_l),
        capacity_l=np.full(len(level_l), 1_000.0),
        age_days=zero,
        reported=np.array(reported),
        visit_eur=zero,
    )


def test_a_fixed_number_takes_the_soonest_full() -> None:
    """Half full and fast comes before nearly full and slow; whoever is called about comes too."""
    view = outlook([900.0, 500.0, 100.0, 0.0], [10.0, 400.0, 100.0, 0.0], [False] * 3 + [True])
    assert FixedNumber(2).select(view).required.tolist() == [False, True, True, True]
    assert FixedNumber(9).select(view).required.all()
