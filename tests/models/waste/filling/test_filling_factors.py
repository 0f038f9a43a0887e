"""Factors of the mean: what they do to a day and to a year, and what is refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from models.waste.filling.draw import expected_l, hourly_l
from models.waste.filling.factors import (
    PLAIN,
    Event,
    Factors,
    Harmonic,
    Market,
    Monthly,
    day_factors,
    yearly_effect,
)
from models.waste.filling.hours import HOUR_SHARES, hours_of
from models.waste.filling.law import Kind, Law, Volume
from models.waste.filling.neighbours import Neighbours
from models.waste.filling.places import Places
from twin.clock import Calendar
from twin.errors import InputError
from twin.streams import Streams

CALENDAR = Calendar(dt.datetime(2027, 1, 1))  # noqa: DTZ001 - read in Europe/Paris
TWO = Places(("a", "b"), np.array([0.0, 100.0]), np.array([0.0, 0.0]))


@pytest.mark.parametrize("year", [2027, 2028])
@pytest.mark.parametrize(
    "season", [Harmonic(0.4, 30.0), Monthly((1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3))]
)
def test_a_season_has_mean_one_in_every_year(season: Harmonic | Monthly, year: int) -> None:
    """Leap or not, the season's mean over the calendar year is 1 exactly."""
    assert yearly_effect(Factors(season=season), TWO, year).season == pytest.approx(1.0, abs=1e-12)


def test_a_season_peaks_on_its_day() -> None:
    """The wave is highest on its peak day, 1 + amplitude."""
    factors = Factors(weekday=(1,) * 7, season=Harmonic(0.15, 213.0))
    year = day_factors(factors, TWO, dt.date(2027, 1, 1), 365)[:, 0]
    assert int(np.argmax(year)) + 1 == 213
    assert year.max() == pytest.approx(1.15)


def test_weekdays_are_divided_by_their_mean() -> None:
    """A week written 2, 2, ... is a week of ones; the default week has mean 1."""
    double = Factors(weekday=(2,) * 7, season=None)
    assert day_factors(double, TWO, dt.date(2027, 1, 4), 7) == pytest.approx(1.0)
    usual = day_factors(Factors(season=None), TWO, dt.date(2027, 1, 4), 7)[:, 0]
    assert usual == pytest.approx([1.1, 0.9, 0.9, 0.9, 1.0, 1.2, 1.0])


def test_yearly_effects_are_told() -> None:
    """A double holiday adds 11/365; a market at 2 about 1/7 unless it keeps the mean; an event
    of 10 days at 3 adds 20/365."""  # noqa: D205, D209 - one sentence
    flat = {"weekday": (1.0,) * 7, "season": None}
    assert yearly_effect(Factors(holiday=2.0, **flat), TWO, 2027).holiday == pytest.approx(
        1.0 + 11.0 / 365.0
    )
    market = yearly_effect(Factors(markets=(Market(5, 2.0, ("a",)),), **flat), TWO, 2027)
    assert market.markets == pytest.approx([1.0 + 52.0 / 365.0, 1.0])
    kept = yearly_effect(
        Factors(markets=(Market(5, 2.0, ("a",), keep_mean=True),), **flat), TWO, 2027
    )
    assert kept.markets == pytest.approx([1.0, 1.0], abs=1e-3)
    event = Event(dt.date(2027, 7, 1), dt.date(2027, 7, 10), 3.0)
    assert yearly_effect(Factors(events=(event,), **flat), TWO, 2027).events == pytest.approx(
        1.0 + 20.0 / 365.0
    )


def test_days_of_23_and_25_hours_keep_their_litres() -> None:
    """The change of clock gives 23 and 25 rows and moves noon, not the day's total."""
    for day, rows in ((dt.date(2027, 3, 28), 23), (dt.date(2027, 10, 31), 25)):
        shares = (1.0 / 24.0,) * 24
        hours = hours_of(CALENDAR, day, 1, shares)
        assert len(hours.share) == rows
        assert hours.share.sum() == pytest.approx(1.0)
        assert hours.share[4:] == pytest.approx(1.0 / 24.0)
        law = Law(np.array([240.0, 10.0]), Kind.GAMMA, cv=0.0, factors=PLAIN)
        litres = hourly_l(law, TWO, Streams(1, 0), CALENDAR, day, 1)
        assert litres.sum(axis=0) == pytest.approx([240.0, 10.0], rel=1e-6)
    # In summer the row of local 10:00 is still the tenth after midnight.
    summer = hours_of(CALENDAR, dt.date(2027, 7, 1), 1, HOUR_SHARES)
    assert summer.share == pytest.approx(HOUR_SHARES)


def test_expectation_needs_as_many_means_as_points() -> None:
    """Three means for two points are refused."""
    with pytest.raises(InputError, match="mean_l_day"):
        expected_l(Law(np.ones(3)), TWO, CALENDAR, dt.date(2027, 1, 1), 1)


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: Law(np.array([1.0, -2.0])), "mean_l_day, n. 2"),
        (lambda: Law(np.array([np.nan])), "mean_l_day, n. 1"),
        (lambda: Law(np.ones(1), cv=-0.1), "cv"),
        (lambda: Law(np.ones(1), volume=Volume(30.0, 10.0, 60.0)), "volume"),
        (lambda: Factors(weekday=(1.0,) * 6), "weekday"),
        (lambda: Factors(weekday=(0.0,) * 7), "weekday"),
        (lambda: Factors(hour_shares=(1.0,) * 24), "hour_shares"),
        (lambda: Factors(season=Harmonic(1.5)), "season.amplitude"),
        (lambda: Factors(season=Monthly((1.0,) * 11)), "season"),
        (lambda: Factors(holiday=-1.0), "holiday"),
        (lambda: Factors(markets=(Market(7, 2.0),)), "markets[0].weekday"),
        (lambda: Factors(events=(Event(dt.date(2027, 2, 1), dt.date(2027, 1, 1), 2.0),)), "events"),
        (lambda: Neighbours(cv=0.0), "neighbours.cv"),
        (lambda: Neighbours(decorrelation_m=0.0), "neighbours.decorrelation_m"),
        (lambda: Neighbours(lag_1=0.6), "neighbours.lag_1"),
        (lambda: Places(("a", "a"), np.zeros(2), np.zeros(2)), "ids"),
        (lambda: Places(("a",), np.zeros(2), np.zeros(2)), "ids, x_m, y_m"),
        (lambda: Places(("a",), np.array([np.nan]), np.zeros(1)), "x_m"),
        (
            lambda: day_factors(
                Factors(markets=(Market(5, 2.0, ("z",)),)), TWO, dt.date(2027, 1, 1), 1
            ),
            "markets[0].points",
        ),
        (lambda: hours_of(CALENDAR, dt.date(2027, 1, 1), 0, HOUR_SHARES), "days"),
    ],
)
def test_what_cannot_be_is_refused_by_name(make: object, key: str) -> None:
    """Each impossible figure raises one InputError that names it and gives a remedy."""
    with pytest.raises(InputError) as caught:
        make()  # type: ignore[operator]
    assert any(key in fault.key and fault.remedy.fr for fault in caught.value.faults)
