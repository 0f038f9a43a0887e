"""A year of customers' meters: what each way of reading them hears, and what it is worth."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from models.water.customers.airing import Heard, heard_year
from models.water.customers.listeners import listener_of
from models.water.customers.played import Played, chosen_meters, leaks_of, played_zone
from models.water.customers.practice import Days
from models.water.customers.rounds import rounds_of
from models.water.customers.standstill import standstill_of
from models.water.customers.told import told_of
from models.water.customers.year import CustomersYear, customers_year
from models.water.demand.model import DemandModel
from models.water.demand.timetable import timetable
from models.water.metering.daily_rule import daily_alerts
from models.water.metering.figures import MeterFigures
from models.water.metering.hourly_rule import hourly_alerts, pulsed_l
from models.water.metering.index import index_m3
from models.water.metering.leaks import leak_steps_l
from models.water.metering.meters import Meters, meters_of
from models.water.metering.volumes import daily_m3, hourly_l
from models.water.settings import CustomersSection, Reading
from tests.models.water.customers.customers_case import (
    LITRES,
    PRACTICE,
    START,
    constant,
    figures,
    no_link,
    played_village,
    played_year,
    span,
    village,
)
from twin.streams import Streams
from twin.units import DAY_S

DICE = Streams(11, 0)
TWO = (village("36001", 14), village("36002", 14))


@pytest.fixture(scope="module")
def years() -> dict[str, CustomersYear]:
    """Return the same villages read in each way, by radio over an ideal link."""
    ideal = constant(DICE, 0.0)
    return {
        "manual": played_year(TWO, "manual", streams=DICE),
        "drive-by": played_year(TWO, "drive-by", streams=DICE, readings=2),
        "daily": played_year(TWO, "daily", ideal, streams=DICE),
        "hourly": played_year(TWO, "hourly", ideal, streams=DICE),
    }


def told_in(played: Played, days: Days, reading: Reading) -> tuple[Heard, np.ndarray, np.ndarray]:
    """Return what an ideal link hears, and of each leak its first alert and its end."""
    heard = heard_year([played], reading, PRACTICE, START, days, constant(DICE, 0.0))
    rounds = rounds_of(played, reading, 1, PRACTICE, days, heard)
    still = standstill_of(played, rounds, heard, PRACTICE, days)
    listener = listener_of(played, reading, heard, still, PRACTICE, days)
    told = told_of(played, rounds, still, listener, days)
    return heard, told.rung_s, told.end_s


def test_an_ideal_link_knows_every_index_but_those_of_dead_modules(
    years: dict[str, CustomersYear],
) -> None:
    """Everything sent arrives; a day is incomplete by the modules that are dead, no more."""
    for reading in ("daily", "hourly"):
        year = years[reading]
        assert year.delivered == year.sent > 0.0
        assert (year.zone_delivered == 1.0).all()
        dead = 1.0 - year.completeness
        assert dead.max() <= 0.05
        assert year.completeness[:, 0].tolist() == [1.0, 1.0]
        assert year.next_day == pytest.approx(1.0 - dead[:, 60:].mean())
        assert year.quarter > 0.98
    a_day = years["hourly"].sent / years["daily"].sent
    assert a_day == pytest.approx(4.0, rel=0.01)


def test_without_radio_nothing_is_known_the_next_day(years: dict[str, CustomersYear]) -> None:
    """On foot and by car no frame is sent; a quarter or a half of quarters have a reading."""
    for reading in ("manual", "drive-by"):
        year = years[reading]
        assert year.sent == year.next_day == year.completeness.max() == 0.0
        assert np.isnan(year.zone_delivered).all()
    for reading, readings in (("manual", 1), ("drive-by", 2)):
        full = played_year(TWO, reading, streams=DICE, readings=readings, days=(0, 365))
        assert full.readings_per_year == pytest.approx(readings * full.meters, rel=0.03)
        assert full.quarter == pytest.approx(readings / 4.0, abs=0.03)


def test_what_a_leak_loses_falls_with_how_soon_it_is_told(
    years: dict[str, CustomersYear],
) -> None:
    """Large leaks live longer from hourly indices to daily ones, a car, a yearly reading."""
    order = [years[name] for name in ("hourly", "daily", "drive-by", "manual")]
    for better, worse in pairwise(order):
        assert better.customer_days <= worse.customer_days
        assert better.customer_lost_m3 <= worse.customer_lost_m3
        assert better.unregistered_m3 <= worse.unregistered_m3
    assert order[0].forgiven_m3 < 0.2 * order[3].forgiven_m3
    for year in order:
        billed = year.forgiven_m3 + year.paid_by_customers_m3
        assert 0.0 < billed <= year.customer_lost_m3 * 1.05
        assert 0.0 <= year.false_alerts <= year.alerts


@pytest.mark.parametrize("reading", ["daily", "hourly"])
def test_a_dead_link_leaves_the_service_on_foot(
    reading: Reading, years: dict[str, CustomersYear]
) -> None:
    """When nothing arrives somebody walks: every figure is the manual one, bit for bit."""
    dead = played_year(TWO, reading, constant(DICE, 1.0), streams=DICE)
    manual = years["manual"]
    assert dead.sent > 0.0
    assert dead.delivered == 0.0
    for field in fields(CustomersYear):
        if field.name not in {"sent", "delivered", "zone_delivered"}:
            one, other = getattr(dead, field.name), getattr(manual, field.name)
            assert np.array_equal(one, other), field.name


def test_losses_cost_completeness_first(years: dict[str, CustomersYear]) -> None:
    """At 30 % loss a daily index misses its day 30 % of the time, an hourly one 1 %."""
    for reading, left in (("daily", 0.7), ("hourly", 1.0 - 0.3**4)):
        year = played_year(TWO, reading, constant(DICE, 0.3), streams=DICE)
        assert year.next_day == pytest.approx(left * years[reading].next_day, abs=0.01)
        assert year.zone_delivered == pytest.approx(0.7, abs=0.01)
        # A gap may make the daily rule compare other days, and ring by chance.
        least = 1.0 if reading == "hourly" else 0.85
        assert year.customer_days >= least * years[reading].customer_days
        assert year.readings_per_year <= 0.05 * year.meters


def test_other_zones_move_nothing() -> None:
    """A third zone, put first, leaves the two others as they were."""
    ideal = constant(DICE, 0.0)
    three, alone = (
        played_year(zones, "daily", ideal, streams=DICE, days=(30, 60))
        for zones in ((village("36003"), *TWO), TWO)
    )
    assert (three.completeness[1:] == alone.completeness).all()
    for name in ("zone_lost_m3", "zone_alerts", "zone_delivered", "zone_meters"):
        assert (getattr(three, name)[1:] == getattr(alone, name)).all()


def part_of_a_village() -> tuple[Played, Meters, np.ndarray, Days]:
    """Return a village of which a tenth is framed, all its meters, and what they all draw."""
    where, days = village("36005", 40), span(10, 30)
    demand = figures().demand(LITRES)
    table = timetable(START, days.end, demand, DICE)
    model = DemandModel(where, table, demand, DICE)
    meters = meters_of(where, model, MeterFigures(), DICE)
    part = played_zone(
        where, table, demand, figures().consumers(), DICE,
        share=0.1, leaks_per_frame=5.0, days=days,
    )  # fmt: skip
    return part, meters, daily_m3(meters, model, 0, model.daily(0, days.end)), days


def test_played_meters_draw_what_the_whole_zone_says() -> None:
    """Of a village of which a part is played, the played draw what they draw in the whole."""
    part, meters, whole_m3, days = part_of_a_village()
    rows = [meters.ids.index(name) for name in part.meters.ids]
    run = slice(days.beyond, days.beyond + days.end)
    assert (part.true_m3[:, run] == whole_m3[rows]).all()
    assert part.usual_m3[:, run].mean() == pytest.approx(whole_m3[rows].mean(), rel=0.3)
    framed = np.sort(chosen_meters(meters, 0.1))
    assert 10 <= len(framed) <= 35
    assert [rows[row] for row in np.flatnonzero(part.framed)] == framed.tolist()
    assert part.weight == len(meters) / len(framed)


def test_leaks_of_more_meters_share_the_luck_of_the_framed() -> None:
    """Half of the meters are followed; each played beyond the sample has a leak and a twin."""
    part, meters, _, days = part_of_a_village()
    assert part.followed == len(chosen_meters(meters, 0.5))
    assert part.leak_weight == len(meters) / part.followed
    beyond = np.flatnonzero(~part.framed)
    assert len(beyond) >= 3
    leaking = set(part.leaks.meter[days.follows(part.leaks.start_s)].tolist())
    stopping = set(np.flatnonzero(days.follows(part.meters.stops_day * DAY_S)).tolist())
    assert set(beyond.tolist()) <= leaking | stopping
    twins = np.flatnonzero(part.framed)[part.luck]
    assert (twins[part.framed] == np.flatnonzero(part.framed)).all()
    assert (part.meters.place[twins] == part.meters.place).all()


def test_at_least_three_meters_of_each_zone_are_played() -> None:
    """However small the share; a larger share keeps those of a smaller one."""
    model = DemandModel(TWO[0], timetable(START, 2, figures().demand(LITRES), DICE),
                        figures().demand(LITRES), DICE)  # fmt: skip
    meters = meters_of(TWO[0], model, MeterFigures(), DICE)
    few, some = chosen_meters(meters, 1e-6), chosen_meters(meters, 0.3)
    assert len(few) == 3
    assert set(few.tolist()) <= set(some.tolist())
    assert len(chosen_meters(meters, 1.0)) == len(meters)


def test_daily_alerts_are_those_of_the_full_data() -> None:
    """On an ideal link each leak rings when the rule, given every true index, says so."""
    days = span(60, 140)
    played = played_village(village("36001", 12), DICE, 60, 140)
    heard, rung_s, end_s = told_in(played, days, "daily")
    use = played.true_m3[:, days.beyond : days.beyond + days.end]
    leaks, meters = played.leaks, played.meters
    sound = (meters.stops_day[leaks.meter] > days.end) & (played.meters.customer[leaks.meter] == 0)
    sound &= np.isfinite(heard.midnight_s[leaks.meter]).all(axis=1)
    litres = leak_steps_l(leaks, played.leak_l_h, end_s, len(meters), days.end, DAY_S)
    moved = use * (1.0 + meters.error[:, np.newaxis]) + litres / 1000.0
    dial = index_m3(meters.start_m3, np.pad(moved, ((0, 0), (1, 0))), meters.pulse_l)
    sampled_s = np.tile(DAY_S * np.arange(days.end + 1), (len(meters), 1))
    checked = 0
    for leak in np.flatnonzero(sound & np.isfinite(rung_s)):
        row = leaks.meter[leak : leak + 1]
        full = daily_alerts(
            dial[row], sampled_s[row], np.ones((1, days.end + 1), bool), heard.midnight_s[row],
            PRACTICE.daily, leaks.start_s[leak : leak + 1],
        )  # fmt: skip
        assert full.first_s[0] == rung_s[leak]
        checked += 1
    assert checked >= 5


def test_hourly_alerts_are_those_of_the_full_data() -> None:
    """On an ideal link each leak rings when the rule, given every true hour, says so."""
    days = span(20, 60)
    played = played_village(village("36001", 12), DICE, 20, 60)
    heard, rung_s, end_s = told_in(played, days, "hourly")
    leaks, meters = played.leaks, played.meters
    use = np.ascontiguousarray(played.true_m3[:, days.beyond : days.beyond + days.end])
    hours = hourly_l(played.around, played.rows, played.demand, 0, use)
    hours *= 1.0 + meters.error[:, np.newaxis]
    hours += leak_steps_l(leaks, played.leak_l_h, end_s, len(meters), hours.shape[1], 3600.0)
    hours = pulsed_l(hours, meters.pulse_l)
    sound = (meters.stops_day > days.end) & np.isfinite(heard.received_s).all(axis=1)
    found = np.flatnonzero(sound[leaks.meter] & np.isfinite(rung_s))
    for leak in found:
        row = leaks.meter[leak : leak + 1]
        full = hourly_alerts(
            hours[row], heard.frame_hour[row], np.ones(heard.received_s[row].shape, bool),
            heard.received_s[row], PRACTICE.hourly, leaks.start_s[leak : leak + 1],
        )  # fmt: skip
        assert full.first_s[0] == rung_s[leak]
        late = (rung_s[leak] - leaks.start_s[leak]) / DAY_S
        assert late > 0.0
    assert len(found) >= 5
    large = found[played.leak_l_h[found] > 5.0]
    assert np.median((rung_s - leaks.start_s)[large] / DAY_S) == pytest.approx(2.2, abs=0.4)


def test_a_leak_told_by_radio_ends_sooner_than_by_itself() -> None:
    """No leak ever outlives the occupant's own notice and the repair."""
    days = span(20, 60)
    played = played_village(village("36001", 12), DICE, 20, 60)
    for reading in get_args(Reading)[2:]:
        _, _, end_s = told_in(played, days, reading)
        alone = played.leaks.noticed_s + played.leaks.repair_s
        assert (end_s <= alone).all()
        assert (end_s < alone).any()
        assert (end_s >= played.leaks.start_s).all()


def test_a_silent_module_is_missed_and_replaced() -> None:
    """A dead module sends nothing for 40 days; where frames never came nobody misses it."""
    days = span(30, 130)
    played = played_village(village("36001", 12), DICE, 30, 130)
    dead = played.meters.module_fails_day
    dead[:] = np.inf
    dead[4] = 60.0
    whole = heard_year([played], "daily", PRACTICE, START, days, constant(DICE, 0.0))
    silent = ~whole.sent[4]
    assert silent.sum() in {40, 41}
    assert (np.isfinite(whole.received_s[4]) == whole.sent[4]).all()
    assert whole.sent[np.arange(len(dead)) != 4].all()
    deaf = heard_year([played], "daily", PRACTICE, START, days, constant(DICE, 0.9))
    assert (~deaf.sent[4]).sum() in {100, 101}


def test_a_year_is_the_same_twice_and_no_link_is_asked_without_radio() -> None:
    """Same dice, same bits; the settings' link is not made for readings on foot."""
    settings = CustomersSection(reading="manual", sampled_share=0.3)
    one, two = (
        customers_year(TWO, settings, figures(), LITRES, DICE, START, 30, 60, no_link)
        for _ in range(2)
    )
    assert one.customer_lost_m3 == two.customer_lost_m3
    assert one.played == two.played < one.meters


def test_leaks_keep_their_columns() -> None:
    """Taking all leaks under their own meters changes nothing."""
    leaks = played_village(village("36001", 12), DICE, 20, 60).leaks
    same = leaks_of(leaks, np.arange(len(leaks)), leaks.meter)
    assert (same.repair_s == leaks.repair_s).all()
    assert (same.start_s == leaks.start_s).all()
