"""Night flow against sums done by hand and published rules."""

from __future__ import annotations

import numpy as np
import pytest

from models.water.policies.district import expected_background_m3h
from models.water.policies.leakdb import LeakDbRule
from models.water.policies.night_flow import (
    I2O_SHARE,
    ReportedLevel,
    daily_leakage_m3,
    leakage_night_m3h,
    minimum_hour_m3h,
    night_day_factor_h,
    window_flow_m3h,
)

NAN = np.nan


def test_window_flow_by_hand() -> None:
    """From 02 to 04 h the index goes from 100 to 103.4 m3: 1.7 m3/h, whatever lies between."""
    net = np.array([[100.0, 101.0, 103.4], [100.0, NAN, 103.4], [100.0, 101.0, NAN]])
    assert window_flow_m3h(net, 1.0)[:2].tolist() == pytest.approx([1.7, 1.7])
    assert np.isnan(window_flow_m3h(net, 1.0)[2])
    assert window_flow_m3h(net, 1.0, valid_share=0.5)[2] == pytest.approx(1.0)


def test_nothing_known_is_not_zero() -> None:
    """A night of which no index, or one, is known is undefined, not zero."""
    net = np.array([[NAN, NAN, NAN], [NAN, 5.0, NAN]])
    assert np.isnan(window_flow_m3h(net, 1.0, valid_share=0.01)).all()
    assert np.isnan(minimum_hour_m3h(net, 1.0, valid_share=0.01)).all()
    assert np.isnan(leakage_night_m3h([NAN], [0.3])).all()


def test_minimum_over_four_quarter_hours() -> None:
    """The least rolling hour of quarter-hours is the least sum of four in a row."""
    quarters = np.array([2.0, 1.0, 0.5, 0.25, 0.25, 0.5, 3.0, 3.0])
    net = np.concatenate([[0.0], np.cumsum(quarters)])[None, :]
    assert minimum_hour_m3h(net, 0.25)[0] == pytest.approx(0.5 + 0.25 + 0.25 + 0.5)


@pytest.mark.parametrize(("lost", "valid"), [(4, True), (5, False)])
def test_i2o_rule(lost: int, valid: bool) -> None:
    """A day with 92 of its 96 quarter-hours is valid; with 91 it is undefined."""
    net = np.arange(97.0)[None, :]
    # The first indices of the day: each takes one quarter-hour's flow with it.
    net[0, :lost] = NAN
    assert np.isnan(minimum_hour_m3h(net, 0.25, I2O_SHARE)[0]) != valid


def test_ukwir_percentile() -> None:
    """Of minima 1 to 7 the 20th percentile is 2.2; with a day missing the week is undefined."""
    level = ReportedLevel(2)
    for day in range(1, 8):
        told = level.feed(np.array([float(day), NAN if day == 3 else 1.0]))
    assert told[0] == pytest.approx(2.2)
    assert np.isnan(told[1])


def test_night_day_factor() -> None:
    """At constant pressure a day is 24 hours of night; at half of it by day, N1 1, 14."""
    assert night_day_factor_h(np.full(24, 40.0), 40.0) == pytest.approx(24.0)
    pressure = np.array([40.0] * 4 + [20.0] * 20)
    assert night_day_factor_h(pressure, 40.0) == pytest.approx(14.0)
    assert night_day_factor_h(pressure, 40.0, 0.5) == pytest.approx(4.0 + 20.0 * np.sqrt(0.5))
    assert daily_leakage_m3(2.0, 14.0) == pytest.approx(28.0)


def test_background() -> None:
    """10 km and 200 connections at 50 m lose 0.45 m3/h unseen; at 100 m 2.83 times as much."""
    assert expected_background_m3h(10.0, 200.0, 50.0) == pytest.approx(0.45)
    assert expected_background_m3h(10.0, 200.0, 100.0) == pytest.approx(0.45 * 2.0**1.5)


def test_background_is_that_of_the_unavoidable_losses() -> None:
    """The two figures are UARL's background: 9.6 L/km/d and 0.6 L/connection/d a metre, at 50 m."""
    per_km = expected_background_m3h(1.0, 0.0, 50.0) * 24.0 * 1000.0 / 50.0
    per_connection = expected_background_m3h(0.0, 1.0, 50.0) * 24.0 * 1000.0 / 50.0
    assert (per_km, per_connection) == pytest.approx((9.6, 0.6))


def test_leakdb_saturates() -> None:
    """LeakDB's rule stays in alarm for good once a leak is not repaired, and waits ten nights."""
    rule = LeakDbRule(1, gamma=0.1)
    alarms = [bool(rule.feed(np.array([5.0]))[0]) for _ in range(20)]
    assert not any(alarms)
    assert all(bool(rule.feed(np.array([5.6]))[0]) for _ in range(300))
    assert not rule.feed(np.array([5.4]))[0]
    assert not rule.feed(np.array([NAN]))[0]
