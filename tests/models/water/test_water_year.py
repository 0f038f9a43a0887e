"""A year of the mains: what nobody hears changes nothing, and water adds up."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from small_water import SmallYear, dead, ideal, losing, small_year

from models.water.left import YearLeft, left_of
from models.water.zone_flow import HOURS

METERS = 8
BOUGHT = {
    "zone_meters", "district_zone", "district_km", "smallest_m3h", "nights_asked", "nights_known",
    "meters", "meter_repairs", "sent", "delivered",
}  # fmt: skip
"""What tells of meters, not of water."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallYear:
    """Return the small territory."""
    return small_year(tmp_path_factory.mktemp("water"))


def _alike(one: YearLeft, other: YearLeft, but: frozenset[str] | set[str] = frozenset()) -> None:
    for each in fields(YearLeft):
        if each.name not in but:
            np.testing.assert_array_equal(
                getattr(one, each.name), getattr(other, each.name), err_msg=each.name
            )


@pytest.mark.parametrize("replication", [0, 1, 2])
def test_a_dead_link_is_as_no_meters(small: SmallYear, replication: int) -> None:
    """With nothing delivered, water, searches and repairs are those without meters, bit for bit."""
    bare = left_of(small.live(0, ideal, replication))
    deaf = left_of(small.live(METERS, dead, replication))
    assert deaf.meters > 0
    assert deaf.sent > 0
    assert deaf.delivered == 0
    _alike(bare, deaf, BOUGHT)


def test_an_ideal_link_tells_the_truth(small: SmallYear) -> None:
    """Every night is known, and it is what passed the meters, to the steps of their indices."""
    year = small.live(METERS, ideal, failures_per_year=0.0, resolution_m3=1e-6)
    metered = slice(len(small.stage.zones), None)
    flows = year.desk.flows
    assert (flows.known[metered] == flows.asked[metered]).all()
    day = 55
    night = flows.night_m3h(day)[metered]
    index = year.mains.index_m3
    passed = (index[:, HOURS * day + 4] - index[:, HOURS * day + 2]) / 2.0
    districts = year.desk.districts[metered]
    truth = [passed[list(one.inflow)].sum() - passed[list(one.outflow)].sum() for one in districts]
    np.testing.assert_allclose(night, truth, atol=4e-6)


@pytest.mark.parametrize("meters", [0, METERS])
@pytest.mark.parametrize("replication", [0, 1])
def test_water_adds_up(small: SmallYear, meters: int, replication: int) -> None:
    """Produced = consumed + lost + stored, within 1e-6 of what was produced."""
    left = left_of(small.live(meters, losing(0.2), replication))
    produced = left.produced_m3.sum() + left.opening_m3.sum()
    went = left.consumed_m3.sum() + left.lost_m3.sum() + left.stored_m3.sum()
    assert abs(produced - went) <= 1e-6 * produced
    assert (left.background_m3 >= 0.0).all()


def test_the_same_dice_give_the_same_bits(small: SmallYear) -> None:
    """A world lived twice leaves the same year."""
    _alike(left_of(small.live(METERS, losing(0.3))), left_of(small.live(METERS, losing(0.3))))


def test_less_loss_never_knows_fewer_nights(small: SmallYear) -> None:
    """On the same dice, each night known under more loss is known under less."""
    known = [small.live(METERS, losing(share)).desk.flows.known for share in (0.5, 0.2, 0.05, 0.0)]
    for more, less in pairwise(known):
        assert (more <= less).all()
    assert known[0].sum() < known[-1].sum()


def test_a_history_brings_nights_back(small: SmallYear) -> None:
    """Frames that carry the last six indices know nights that single ones have lost."""
    single = small.live(METERS, losing(0.4), history=1).desk.flows.known.sum()
    several = small.live(METERS, losing(0.4), history=6).desk.flows.known.sum()
    assert several > 1.3 * single


def test_a_leak_closed_flows_no_more_and_yesterday_stands(small: SmallYear) -> None:
    """After a repair the rest of the day is solved anew; what was measured before is untouched."""
    day = 55
    years = (small.live(METERS, ideal, replication) for replication in range(20))
    mains, zone, leak = next(
        (year.mains, zone, int(found.rows[place]))
        for year in years
        for zone, found in enumerate(year.mains.today)
        for place in np.flatnonzero(found.leaks_m3[:, 20] > 0.0)
        if year.mains.leaks.end_s[found.rows[place]] == np.inf
    )
    before = mains.index_m3.copy()
    found = mains.today[zone]
    old = found.leaks_m3[np.searchsorted(found.rows, leak)].copy()
    mains.leaks.end_s[leak] = day * 86_400.0 + 11.5 * 3600.0
    mains.flows[zone].level_m = float(found.levels_m[0])
    mains.again(zone, day, 12)
    after = mains.today[zone]
    place = np.searchsorted(after.rows, leak)
    np.testing.assert_array_equal(after.leaks_m3[place, :12], old[:12])
    assert (after.leaks_m3[place, 12:] == 0.0).all()
    stands = HOURS * day + 12
    np.testing.assert_array_equal(mains.index_m3[:, : stands + 1], before[:, : stands + 1])


def test_meters_find_leaks_sooner(small: SmallYear) -> None:
    """In leaky worlds, hidden leaks let go less water under meters than without."""
    bare = [left_of(small.live(0, ideal, r, leaky=0.7)).hidden_m3.sum() for r in range(5)]
    watched = [left_of(small.live(METERS, ideal, r, leaky=0.7)).hidden_m3.sum() for r in range(5)]
    assert sum(watched) < 0.9 * sum(bare), (watched, bare)


def test_a_world_loses_what_it_was_drawn_to_lose(small: SmallYear) -> None:
    """The figures of a world are those whose expected losses are its share of what is produced."""
    from models.water.leaks.balance import expected_balance
    from models.water.world_leaks import expected_use_m3_day, fitted

    zones = [each.gravity.zone for each in small.stage.zones]
    for replication in range(8):
        figures = small.dice(replication).figures
        used = expected_use_m3_day(small.stage) * figures.demand_factor
        losses = used * figures.loss_share / (1.0 - figures.loss_share)
        found = fitted(small.stage, figures.leaks(), losses, 2027)
        balance = expected_balance(zones, found, 2027, small.stage.pressure_m)
        assert balance.total_m3_day == pytest.approx(losses, rel=1e-9)
        assert found.background_condition >= 0.2


def test_years_kept_are_read_back_to_the_bit(small: SmallYear, tmp_path: Path) -> None:
    """What is kept comes back whole; a damaged file is made again."""
    from twin.study.kept import kept

    left = left_of(small.live(METERS, ideal))
    made: list[int] = []

    def make() -> YearLeft:
        made.append(1)
        return left

    _alike(kept(tmp_path, "year", YearLeft, make), left)
    _alike(kept(tmp_path, "year", YearLeft, make), left)
    assert len(made) == 1
    (tmp_path / "year.npz").write_bytes(b"torn")
    _alike(kept(tmp_path, "year", YearLeft, make), left)
    assert len(made) == 2
