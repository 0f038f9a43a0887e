"""Laws of demand: names decide the dice, blocks and company do not; more people draw no less."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.water.demand.figures import DemandFigures
from models.water.demand.model import DemandModel
from tests.models.water.demand.small_zone import START, year, zone
from twin.streams import Streams

FIGURES = DemandFigures()
PEOPLE = np.array([0.0, 1.0, 2.1, 9.0, 40.0, 250.0])
HOMES = np.array([3.0, 1.0, 2.0, 6.0, 25.0, 130.0])
FARM = np.array([0.0, 4.0, 0.0, 0.5, 0.0, 0.0])
INDUSTRY = np.array([0.0, 0.0, 12.0, 0.0, 0.0, 3.0])
LONG = year(40)
SEEDS = st.integers(0, 2**31)


def model(seed: int, scale: float = 1.0) -> DemandModel:
    """Return a zone of six nodes."""
    return DemandModel(zone(scale * PEOPLE, HOMES, FARM, INDUSTRY), LONG, FIGURES, Streams(seed, 0))


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(0, 400), st.integers(1, 120), st.integers(1, 120))
def test_hours_may_be_drawn_in_any_block(seed: int, first: int, before: int, after: int) -> None:
    """Two blocks side by side are the same bits as the whole, within days and across them."""
    demand = model(seed)
    whole = demand.hours(first, before + after)
    assert (whole[:, :before] == demand.hours(first, before)).all()
    assert (whole[:, before:] == demand.hours(first + before, after)).all()


def test_the_second_day_of_two_is_the_second_day() -> None:
    """The last 24 of 48 hours are, bit for bit, the 24 hours from hour 24."""
    demand = model(7)
    assert (demand.hours(0, 48)[:, 24:] == demand.hours(24, 24)).all()


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(0, 37), st.integers(1, 3))
def test_days_are_the_sums_of_hours(seed: int, first: int, days: int) -> None:
    """A day's volume over all kinds is the sum of its hours, to rounding."""
    demand = model(seed)
    hours = demand.hours(24 * first, 24 * days).reshape(6, days, 24).sum(axis=2) * 3600.0
    assert np.allclose(demand.daily(first, days).total, hours, rtol=1e-12, atol=1e-15)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(0, 5))
def test_nothing_negative_and_neighbours_move_nothing(seed: int, changed: int) -> None:
    """Every hour is finite and not negative, and dwellings of one node move no other node."""
    hours = model(seed).hours(0, 240)
    assert np.isfinite(hours).all()
    assert (hours >= 0.0).all()
    alone = zone(PEOPLE, np.where(np.arange(6) == changed, 0.0, HOMES), FARM, INDUSTRY)
    other = DemandModel(alone, LONG, FIGURES, Streams(seed, 0)).hours(0, 240)
    rest = np.arange(6) != changed
    assert (other[rest] == hours[rest]).all()


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(1, 9))
def test_the_start_moves_no_dice(seed: int, later: int) -> None:
    """The same civil days drawn from a later start are the same bits."""
    shifted = year(40 - later, START + timedelta(days=later))
    demand = DemandModel(zone(PEOPLE, HOMES, FARM, INDUSTRY), shifted, FIGURES, Streams(seed, 0))
    assert (demand.hours(0, 96) == model(seed).hours(24 * later, 96)).all()


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_expected_is_the_mean_over_dice(seed: int) -> None:
    """Forty days of a large node stay within five standard deviations of their expectation."""
    demand = model(seed)
    drawn, mean = demand.hours(0, 960)[5].sum(), demand.expected(0, 960)[5].sum()
    assert abs(drawn / mean - 1.0) < 0.08


def test_other_zones_and_replications_have_other_dice() -> None:
    """Two zones of the same people, and two replications of one, draw different hours."""
    first = model(1).hours(0, 24)
    other = DemandModel(zone(PEOPLE, HOMES, name="36002"), LONG, FIGURES, Streams(1, 0))
    assert (other.hours(0, 24)[5] != first[5]).all()
    again = DemandModel(zone(PEOPLE, HOMES), LONG, FIGURES, Streams(1, 1))
    assert (again.hours(0, 24)[4] != first[4]).any()


def test_weeks_start_on_mondays() -> None:
    """Homes leave and come back on Mondays: a week's presence has one word."""
    words = year(14, date(2027, 1, 4)).week_words
    assert len(set(words[:7].tolist())) == 1
    assert words[6] != words[7]
