"""Leaks behind meters, and the rules that find them from what arrived."""

from __future__ import annotations

import numpy as np
import pytest

from models.water.demand.figures import DemandFigures
from models.water.demand.model import DemandModel
from models.water.metering.daily_rule import DailyRule, daily_alerts, detectable_share
from models.water.metering.figures import LeakFigures, MeterFigures
from models.water.metering.hourly_rule import HourlyRule, hourly_alerts, pulsed_l
from models.water.metering.index import index_m3, registered_leak_l_h, registered_m3
from models.water.metering.leaks import (
    ConsumerLeaks,
    consumer_leaks,
    ends_s,
    leak_steps_l,
    lost_m3,
)
from models.water.metering.meters import Customer, Meters, meters_of
from models.water.metering.reading_rule import found_by_reading_s
from models.water.metering.volumes import daily_m3, hourly_l
from tests.models.water.demand.small_zone import year, zone
from twin.errors import DataError, InputError
from twin.streams import Streams

DAY_S = 86_400.0
DAYS = 200


def perfect(meters: int, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Return fates and times of one frame a day that all arrive at midnight."""
    times = np.tile(DAY_S * np.arange(1.0, frames + 1), (meters, 1))
    return np.ones((meters, frames), dtype=bool), times


@pytest.fixture(scope="module")
def village() -> tuple[DemandModel, Meters, np.ndarray]:
    """Return 300 homes and what they truly drew in 200 days from January."""
    figures = DemandFigures()
    where = zone(np.full(60, 10.5), 5.0, np.where(np.arange(60) < 10, 4.0, 0.0))
    demand = DemandModel(where, year(DAYS, figures=figures), figures, Streams(2, 0))
    meters = meters_of(where, demand, MeterFigures(stopped_per_year=0.0), Streams(2, 0))
    return demand, meters, daily_m3(meters, demand, 0, demand.daily(0, DAYS))


def test_leaks_come_at_their_rate_and_flow(village: tuple[DemandModel, Meters, np.ndarray]) -> None:
    """Homes spring 0.12 leaks a year of 19 L/h at the median; a longer period keeps them."""
    meters = village[1]
    leaks = consumer_leaks(meters, LeakFigures(), 100 * 365.25)
    homes = meters.housing.sum()
    assert len(leaks) / homes / 100.0 == pytest.approx(0.12, rel=0.05)
    assert np.median(leaks.flow_l_h) == pytest.approx(19.0, rel=0.1)
    assert leaks.flow_l_h.mean() == pytest.approx(41.0, rel=0.15)
    assert leaks.on_pipe.mean() == pytest.approx(0.25, abs=0.03)
    short = consumer_leaks(meters, LeakFigures(), 10 * 365.25)
    kept = leaks.start_s < 10 * 365.25 * DAY_S
    assert (leaks.start_s[kept] == short.start_s).all()
    assert (leaks.flow_l_h[kept] == short.flow_l_h).all()
    assert set(meters.customer[leaks.meter].tolist()) <= {Customer.HOME, Customer.SECOND}


def test_unalerted_leaks_last_and_alerts_shorten_them(
    village: tuple[DemandModel, Meters, np.ndarray],
) -> None:
    """About 8 % of homes leak at any time if nobody tells them; a three-day alert makes it 1 %."""
    meters = village[1]
    leaks = consumer_leaks(meters, LeakFigures(), 100 * 365.25)
    never = ends_s(leaks, np.full(len(leaks), np.nan))
    told = ends_s(leaks, leaks.start_s + 3 * DAY_S)
    years = 100 * 365.25 * DAY_S * meters.housing.sum()
    assert (never - leaks.start_s).sum() / years == pytest.approx(0.08, abs=0.015)
    assert (told - leaks.start_s).sum() / years < 0.01
    assert (told <= never).all()


def test_lost_water_is_flow_times_time() -> None:
    """20 L/h for ten days lets 4.8 m3 go; what runs past the horizon does not count."""
    leak = ConsumerLeaks(
        np.array([0, 1]), np.array([0.0, 5 * DAY_S]), np.array([20.0, 20.0]),
        np.array([True, True]), np.array([8 * DAY_S, np.inf]), np.array([2 * DAY_S, 0.0]),
    )  # fmt: skip
    end = ends_s(leak, np.array([np.nan, np.nan]))
    assert lost_m3(leak, end, 100 * DAY_S) == pytest.approx([4.8, 0.48 * 95])
    steps = leak_steps_l(leak, leak.flow_l_h, end, 2, 100, DAY_S)
    assert steps.sum(axis=1) / 1000.0 == pytest.approx([4.8, 0.48 * 95])
    assert steps[0, 3] == pytest.approx(480.0)


def test_no_leak_at_all() -> None:
    """At a rate of zero there are no leaks, and their arrays are empty."""
    where = zone([4.0], 2.0)
    demand = DemandModel(where, year(2), DemandFigures(), Streams(1, 0))
    meters = meters_of(where, demand, MeterFigures(), Streams(1, 0))
    leaks = consumer_leaks(meters, LeakFigures(per_home_year=0.0), 365.0)
    assert len(leaks) == 0
    assert len(lost_m3(leaks, ends_s(leaks, np.zeros(0)), DAY_S)) == 0


def test_the_hourly_rule_counts_hours_that_arrived() -> None:
    """Flow from hour 30 alerts 48 h later at the next frame; a lost frame restarts the count."""
    flow = np.zeros((3, 240))
    flow[:, 30:] = 5.0
    frames = np.tile(np.arange(24, 241, 24), (3, 1))
    delivered, received = np.ones(frames.shape, dtype=bool), frames * 3600.0 + 2.0
    delivered[1, 2] = False
    delivered[2, :] = False
    found = hourly_alerts(flow, frames, delivered, received, HourlyRule(48, 24))
    assert found.first_s[:2].tolist() == [96 * 3600.0 + 2.0, 120 * 3600.0 + 2.0]
    assert np.isnan(found.first_s[2])
    assert found.count.tolist() == [1, 1, 0]


def test_an_earlier_false_alert_hides_no_leak() -> None:
    """Asked for alerts from a leak's start on, both rules pass over what they said before."""
    flow = np.zeros((1, 24 * 40))
    flow[:, 48:96] = 5.0
    flow[:, 24 * 20 :] = 5.0
    frames = np.arange(24, 24 * 40 + 1, 24)[np.newaxis]
    fate, received = np.ones(frames.shape, dtype=bool), frames * 3600.0
    since = np.array([20 * DAY_S])
    found = hourly_alerts(flow, frames, fate, received, HourlyRule(48), since)
    assert found.first_s.tolist() == [22 * DAY_S]
    assert found.count.tolist() == [2]
    use = np.full((1, 40), 0.3)
    use[0, 15:17] = 3.0
    use[0, 30:] = 3.0
    rule = DailyRule(recent_days=(2,), reference_days=10)
    dial = index_m3(np.zeros(1), use, 1.0)
    assert daily_alerts(dial, received, fate, received, rule).first_s[0] <= 17 * DAY_S
    later = daily_alerts(dial, received, fate, received, rule, np.array([30 * DAY_S]))
    assert 30 * DAY_S < later.first_s[0] <= 33 * DAY_S


def test_redundant_hours_bridge_a_lost_frame() -> None:
    """Frames that carry two days of hours lose nothing by one loss, and a day by two."""
    flow = np.full((2, 240), 5.0)
    frames = np.tile(np.arange(24, 241, 24), (2, 1))
    delivered = np.ones(frames.shape, dtype=bool)
    delivered[0, 1] = False
    delivered[1, 1:3] = False
    found = hourly_alerts(flow, frames, delivered, frames * 3600.0, HourlyRule(72, 48))
    assert found.first_s.tolist() == [72 * 3600.0, 120 * 3600.0]


def test_pulses_hide_the_smallest_leaks() -> None:
    """Half a litre an hour shows every other hour through 1 L pulses, hence never alerts."""
    hours = pulsed_l(np.full((1, 200), 0.5), np.array([1.0]))
    assert hours.sum() == pytest.approx(100.0)
    frames = np.arange(24, 201, 24)[np.newaxis]
    found = hourly_alerts(
        hours, frames, np.ones(frames.shape, bool), frames * 3600.0, HourlyRule(24, 24)
    )
    assert np.isnan(found.first_s[0])


def test_honest_homes_hardly_trip_the_hourly_rule(
    village: tuple[DemandModel, Meters, np.ndarray],
) -> None:
    """Two days without a dry hour happen to fewer than one honest home in 50 a year; farms do."""
    demand, meters, days = village
    rows = np.arange(len(meters))
    hours = pulsed_l(hourly_l(meters, rows, demand, 0, days), meters.pulse_l)
    delivered, received = perfect(len(rows), DAYS)
    frames = np.tile(np.arange(24, 24 * DAYS + 1, 24), (len(rows), 1))
    counts = {
        hours_: hourly_alerts(hours, frames, delivered, received, HourlyRule(hours_)).count
        for hours_ in (24, 48, 72)
    }
    years = DAYS / 365.0
    home = meters.customer == Customer.HOME
    assert counts[24][home].mean() / years < 0.3
    assert counts[48][home].mean() / years < 0.02
    assert counts[72][home].sum() == 0
    assert (counts[24][meters.customer == Customer.FARM] > 0).mean() > 0.3


def test_a_leak_behind_a_home_is_found_within_three_days(
    village: tuple[DemandModel, Meters, np.ndarray],
) -> None:
    """Leaks of 20 L/h from day 100 ring the 48 h rule within three days and a reception."""
    demand, meters, days = village
    rows = np.flatnonzero(meters.customer == Customer.HOME)
    hours = hourly_l(meters, rows, demand, 0, days[rows])
    hours[:, 24 * 100 :] += registered_leak_l_h(meters, 20.0)[rows][:, np.newaxis]
    delivered, received = perfect(len(rows), DAYS)
    frames = np.tile(np.arange(24, 24 * DAYS + 1, 24), (len(rows), 1))
    pulses = pulsed_l(hours, meters.pulse_l[rows])
    found = hourly_alerts(pulses, frames, delivered, received, HourlyRule())
    late = found.first_s / DAY_S - 100.0
    assert np.mean((late > 0.0) & (late <= 3.0)) > 0.95


def test_what_rise_shows_in_how_many_days() -> None:
    """At z = 5 and a cv of 45 %, a rise must be 1.3 times usual use in 3 days, 0.5 in 28."""
    rises = detectable_share([3, 7, 28], DailyRule())
    assert rises == pytest.approx([1.333, 0.902, 0.521], abs=1e-3)


def test_the_daily_rule_finds_what_it_can_detect(
    village: tuple[DemandModel, Meters, np.ndarray],
) -> None:
    """A leak of twice the usual use is told within a week in most homes; honest ones keep quiet."""
    _, meters, days = village
    homes = meters.customer == Customer.HOME
    rows = np.flatnonzero(homes)
    delivered, received = perfect(len(rows), DAYS)
    pulse = meters.pulse_l[rows]
    done = registered_m3(meters, days)[rows]
    quiet = daily_alerts(
        index_m3(meters.start_m3[rows], done, pulse), received, delivered, received, DailyRule()
    )
    assert quiet.count.mean() / (DAYS / 365.0) < 0.25
    done[:, 120:] += 2.0 * meters.mean_m3_day[rows][:, np.newaxis]
    dial = index_m3(meters.start_m3[rows], done, pulse)
    found = daily_alerts(dial, received, delivered, received, DailyRule())
    sane = ~(quiet.first_s <= 120 * DAY_S)
    late = found.first_s[sane] / DAY_S - 120.0
    assert np.nanmean(late <= 7.5) > 0.7
    delivered[:, 100:160:2] = False
    half = daily_alerts(dial, received, delivered, received, DailyRule())
    assert np.nanmedian(half.first_s[sane]) >= np.nanmedian(found.first_s[sane])


def test_a_dead_link_tells_nothing(village: tuple[DemandModel, Meters, np.ndarray]) -> None:
    """Without a delivered frame no rule says anything."""
    meters = village[1]
    n = len(meters)
    none = np.zeros((n, 5), dtype=bool)
    times = np.full((n, 5), np.nan)
    frames = np.tile(np.arange(24, 121, 24), (n, 1))
    hourly = hourly_alerts(np.ones((n, 120)), frames, none, times, HourlyRule(24))
    daily = daily_alerts(
        np.zeros((n, 5)), frames * 3600.0, none, times, DailyRule(recent_days=(1,))
    )
    assert np.isnan(hourly.first_s).all()
    assert np.isnan(daily.first_s).all()


def test_readings_and_bills_find_leaks_late() -> None:
    """A half-yearly reading that doubles the usual tells at once; a missed one dilutes it."""
    half = 182.5 * DAY_S
    usual = np.full(3, 0.3 / DAY_S)
    index = np.cumsum([[54.75, 54.75, 130.0, 54.75]] * 3, axis=1)
    read = np.tile(half * np.arange(1.0, 5.0), (3, 1))
    read[1, 2] = np.nan
    read[2, 1:] = np.nan
    told = found_by_reading_s(index, read, usual, 20 * DAY_S)
    assert told[0] == pytest.approx(3 * half + 20 * DAY_S)
    assert np.isnan(told[1:]).all()
    later = found_by_reading_s(index, read, usual, 20 * DAY_S, after_s=np.full(3, 3.5 * half))
    assert np.isnan(later).all()


def test_wrong_fates_are_refused() -> None:
    """Fates of another shape, or a delivery without a time, are refused."""
    with pytest.raises(DataError):
        hourly_alerts(
            np.ones((1, 24)),
            np.array([[24]]),
            np.array([[True]]),
            np.array([[np.nan]]),
            HourlyRule(),
        )
    with pytest.raises(InputError):
        HourlyRule(hours=0)
    with pytest.raises(InputError):
        DailyRule(recent_days=())
