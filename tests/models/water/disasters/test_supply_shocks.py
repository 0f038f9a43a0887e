"""Fire, power cuts, lost boreholes, drought: closed forms and laws."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.water.disasters import (
    Catchment,
    DryYears,
    FireFlow,
    Restriction,
    dry_hours,
    fire_flow,
    hours_until_empty,
    relieve,
)
from models.water.disasters.drought import recession, restrictions
from twin.errors import InputError, UnreachableError
from twin.streams import Streams

LAW = settings(max_examples=40, deadline=None)


@LAW
@given(
    head_m=st.floats(11.0, 90.0),
    length_m=st.floats(10.0, 5_000.0),
    diameter_m=st.sampled_from([0.06, 0.1, 0.15]),
)
def test_fire_flow_of_one_pipe(head_m: float, length_m: float, diameter_m: float) -> None:
    """Behind one pipe the fire flow is Hazen-Williams solved for the head above 10 m."""
    resistance = 10.667 * length_m / (130.0**1.852 * diameter_m**4.871)
    found = fire_flow(lambda q: head_m - resistance * (q / 3600.0) ** 1.852, most_m3h=5_000.0)
    expected = ((head_m - 10.0) / resistance) ** (1.0 / 1.852) * 3600.0
    assert found.static_m == head_m
    assert found.flow_m3h == pytest.approx(min(expected, 5_000.0), abs=2e-6)
    assert found.at_most == (expected >= 5_000.0)


def test_fire_flow_at_its_ends() -> None:
    """No pressure gives no flow; a strong main gives at least what was asked at most."""
    assert fire_flow(lambda _: 8.0).flow_m3h == 0.0
    assert fire_flow(lambda _: 40.0) == FireFlow(240.0, 40.0, at_most=True)
    with pytest.raises(UnreachableError, match="pressure_m"):
        fire_flow(lambda _: math.nan)
    with pytest.raises(InputError, match="most_m3h"):
        fire_flow(lambda _: 40.0, most_m3h=0.0)


def test_a_hydrant_needs_flow_and_storage() -> None:
    """Ordinary risk asks for 60 m3/h and 120 m3 over two hours, stored or refilled."""
    strong = FireFlow(60.0, 40.0, at_most=False)
    assert strong.enough()
    assert not strong.enough(stored_m3=100.0)
    assert strong.enough(stored_m3=100.0, refill_m3h=10.0)
    assert not FireFlow(59.0, 40.0, at_most=False).enough()


def test_hours_until_towers_are_empty() -> None:
    """A tower lasts its volume over the draw, within the hour; one that is refilled for ever."""
    drawn = np.array([[10.0, 20.0, 5.0, 40.0]] * 4)
    hours = hours_until_empty([5.0, 20.0, 100.0, 0.0], drawn)
    assert hours.tolist() == [0.5, 1.5, math.inf, 0.0]
    assert hours_until_empty([10.0], [[10.0, 0.0, 10.0]]).tolist() == [1.0]
    assert hours_until_empty([5.0], [[10.0] * 4], inflow_m3h=[9.0])[0] == math.inf
    assert hours_until_empty([5.0], [[10.0] * 9], inflow_m3h=[9.0])[0] == 5.0
    with pytest.raises(InputError, match="drawn_m3h"):
        hours_until_empty([1.0], [1.0])
    with pytest.raises(InputError, match="stored_m3"):
        hours_until_empty([-1.0], [[1.0]])


@LAW
@given(
    stored=st.floats(0.0, 500.0),
    drawn=st.lists(st.floats(0.0, 50.0), min_size=1, max_size=30),
    inflow=st.floats(0.0, 20.0),
)
def test_a_tower_never_lasts_less_with_more(
    stored: float, drawn: list[float], inflow: float
) -> None:
    """More stored or flowing in lasts longer; nobody is dry before the tower is empty."""
    row = np.array([drawn])
    lasts = hours_until_empty([stored], row, inflow)[0]
    assert hours_until_empty([stored + 1.0], row, inflow)[0] >= lasts - 1e-9
    assert hours_until_empty([stored], row, inflow + 1.0)[0] >= lasts - 1e-9
    dry = dry_hours([stored], row, inflow)[0]
    assert 0.0 <= dry <= len(drawn)
    if lasts >= len(drawn):
        assert dry == pytest.approx(0.0, abs=1e-6)
    assert dry_hours([stored], row, inflow, capacity_m3=[stored])[0] >= dry - 1e-9


def test_neighbours_share_a_lost_borehole() -> None:
    """What is left is shared alike where pipes allow, and within what they carry where not."""
    demand = [10.0, 10.0, 10.0]
    wide = relieve(demand, [0.0, 12.0, 12.0], [0, 1], [1, 2], [99.0, 99.0])
    assert wide.short_share(demand) == pytest.approx([0.2, 0.2, 0.2], abs=1e-6)
    narrow = relieve(demand, [0.0, 12.0, 14.0], [0, 1], [1, 2], [3.0, 99.0])
    assert narrow.short_m3h == pytest.approx([7.0, 0.0, 0.0], abs=1e-6)
    assert abs(narrow.sent_m3h[0]) == pytest.approx(3.0, abs=1e-6)
    alone = relieve(demand, [0.0, 12.0, 12.0], [], [], [])
    assert alone.short_m3h == pytest.approx([10.0, 0.0, 0.0], abs=1e-6)
    with pytest.raises(InputError, match=r"first.*zone to 2"):
        relieve(demand, demand, [5], [0], [1.0])
    with pytest.raises(InputError, match="production_m3h"):
        relieve(demand, [1.0], [], [], [])


@LAW
@given(seed=st.integers(0, 2**32 - 1))
def test_sharing_wastes_nothing(seed: int) -> None:
    """Each zone's water balances, and no zone goes short while all could be served."""
    rng = np.random.default_rng(seed)
    zones, joins = int(rng.integers(1, 8)), int(rng.integers(0, 10))
    demand, production = rng.uniform(0, 20, zones), rng.uniform(0, 30, zones)
    one, other = rng.integers(0, zones, (2, joins))
    found = relieve(demand, production, one, other, rng.uniform(0, 15, joins))
    balance = found.produced_m3h + found.short_m3h - demand
    np.subtract.at(balance, one, found.sent_m3h)
    np.add.at(balance, other, found.sent_m3h)
    assert balance == pytest.approx(0.0, abs=1e-6)
    assert bool((found.produced_m3h <= production + 1e-7).all())
    alone = np.maximum(demand - production, 0.0)
    assert found.short_m3h.sum() <= alone.sum() + 1e-5 * max(1.0, demand.sum())


def test_a_catchment_without_rain_falls_exponentially() -> None:
    """Without recharge the flow after t days is exp(-t / K); constant recharge is its limit."""
    flow = recession(2.0, np.zeros(100), 40.0)
    assert flow == pytest.approx(2.0 * np.exp(-np.arange(1, 101) / 40.0))
    assert recession(0.0, np.full(2_000, 3.0), 40.0)[-1] == pytest.approx(3.0)


def test_levels_rise_at_once_and_ease_step_by_step() -> None:
    """A crisis is declared at the next review; easing goes down one level a review."""
    flow = np.r_[np.full(14, 1.0), np.full(14, 0.05), np.full(42, 1.0)]
    level = restrictions(flow, Catchment())
    assert level[::7].tolist() == [0, 0, 0, 4, 4, 3, 2, 1, 0, 0]
    assert level[20] == Restriction.NONE


def test_a_longer_drought_study_changes_no_earlier_day() -> None:
    """The first year of two is the year alone, bit for bit; catchments differ."""
    years = DryYears(Streams(1, 0))
    one = years.play("Creuse", date(2026, 1, 1), 365)
    two = years.play("Creuse", date(2026, 1, 1), 730)
    assert bool((two.flow[:365] == one.flow).all())
    assert bool((two.level[:365] == one.level).all())
    assert not bool((years.play("Indre amont", date(2026, 1, 1), 365).flow == one.flow).all())
    assert one.factor == pytest.approx(np.array(Catchment().demand_factor)[one.level])


def test_restrictions_come_in_summer() -> None:
    """Over forty years restrictions fall between June and December, and some years reach crisis."""
    worst = []
    for replication in range(40):
        drought = DryYears(Streams(7, replication)).play("Creuse", date(2026, 1, 1), 365)
        worst.append(int(drought.level.max()))
        assert drought.level[90:120].max() <= Restriction.VIGILANCE
    assert 0 < sum(level == Restriction.CRISIS for level in worst) < 20
    assert min(worst) < Restriction.ALERT


def test_figures_that_make_no_catchment() -> None:
    """A catchment with impossible figures is refused, each named."""
    with pytest.raises(InputError, match=r"recession_days.*\n.*thresholds"):
        Catchment(recession_days=0.0, thresholds=(0.1, 0.2, 0.3, 0.4))
    with pytest.raises(InputError, match="days"):
        DryYears(Streams(1, 0)).play("Creuse", date(2026, 1, 1), 0)
