"""Deployment: nothing before its time, working days only, and common dice by site and by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.lora.deployment import (
    SPREAD_AROUND_DRAW,
    Order,
    Pace,
    budget_opens,
    in_service,
    milestones,
    quarter_ends,
    service_days,
)
from twin.clock import Calendar
from twin.errors import ScenarioError
from twin.streams import Streams

START = date(2027, 1, 4)
CALENDAR = Calendar(datetime.combine(START, time()))
USUAL = Pace(
    agreement_public_days=75.0,
    agreement_private_days=150.0,
    delivery_days=50.0,
    crews=2,
    bad_weather_share=0.15,
    failed_acceptance_share=0.08,
)
CALM = replace(USUAL, bad_weather_share=0.0, failed_acceptance_share=0.0)
DAY_S = 86_400.0

orders_drawn = st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=14).map(
    lambda drawn: [Order(f"S{i}", year, private) for i, (year, private) in enumerate(drawn)]
)
paces = st.builds(
    Pace,
    agreement_public_days=st.floats(0.0, 200.0),
    agreement_private_days=st.floats(0.0, 365.0),
    delivery_days=st.floats(0.0, 150.0),
    crews=st.integers(1, 4),
    bad_weather_share=st.floats(0.0, 0.6),
    failed_acceptance_share=st.floats(0.0, 0.6),
)
dice = st.integers(0, 2**31).map(lambda seed: Streams(seed, 0))


def opening_days(order: Order) -> float:
    """Return the days from the start to the opening of an order's budget."""
    return CALENDAR.at(datetime.combine(budget_opens(START, order.year), time())) / DAY_S


@settings(max_examples=80, deadline=None)
@given(orders_drawn, paces, dice)
def test_none_before_its_time(orders: list[Order], pace: Pace, streams: Streams) -> None:
    """Every gateway enters service, after its budget, its agreement, delivery and a working day."""
    days = service_days(orders, START, pace, streams)
    assert days.shape == (len(orders),)
    for order, done in zip(orders, days, strict=True):
        typical = pace.agreement_private_days if order.private else pace.agreement_public_days
        signed = (1.0 - SPREAD_AROUND_DRAW) * typical
        delivered_s = DAY_S * (max(opening_days(order), signed) + pace.delivery_days)
        ready = CALENDAR.local(delivered_s).date()
        fitted = CALENDAR.local(done * DAY_S)
        assert fitted.date() > ready
        assert CALENDAR.is_working_day(fitted.date())
        assert fitted.time() == CALENDAR.closes


def test_by_hand() -> None:
    """Delivered on a Friday, fitted on the Monday; the queue of one crew moves a day at a time."""
    pace = replace(CALM, agreement_public_days=0.0, delivery_days=4.5, crews=1)
    days = service_days(
        [Order(f"S{i}", 0, private=False) for i in range(7)], START, pace, Streams(1, 0)
    )
    fitted = [CALENDAR.local(day * DAY_S).strftime("%a %d %H") for day in days]
    # The start is Monday 4 January 2027, the delivery Friday 8 at noon.
    assert fitted == [
        "Mon 11 18", "Tue 12 18", "Wed 13 18", "Thu 14 18", "Fri 15 18", "Mon 18 18", "Tue 19 18",
    ]  # fmt: skip


def test_never_on_a_sunday_nor_on_14_july() -> None:
    """With deliveries on every day of the year, no gateway is fitted on a day off."""
    fitted = []
    for delay in range(360):
        pace = replace(CALM, agreement_public_days=0.0, delivery_days=float(delay))
        (day,) = service_days([Order("S", 0, private=False)], START, pace, Streams(1, 0))
        fitted.append(CALENDAR.local(day * DAY_S).date())
    assert all(day.weekday() < 5 for day in fitted)
    off = {date(2027, 7, 14), date(2027, 5, 1), date(2027, 3, 29), date(2027, 11, 11)}
    assert not off & set(fitted)
    assert fitted == sorted(fitted)
    assert date(2027, 7, 13) in fitted
    assert date(2027, 7, 15) in fitted


@settings(max_examples=60, deadline=None)
@given(orders_drawn, paces, dice)
def test_more_crews_are_never_later(orders: list[Order], pace: Pace, streams: Streams) -> None:
    """On the same dice, one more crew delays no gateway."""
    few = service_days(orders, START, pace, streams)
    more = service_days(orders, START, replace(pace, crews=pace.crews + 1), streams)
    assert np.all(more <= few)


@settings(max_examples=60, deadline=None)
@given(orders_drawn, paces, dice, st.floats(0.0, 0.3))
def test_worse_luck_is_never_earlier(
    orders: list[Order], pace: Pace, streams: Streams, worse: float
) -> None:
    """On the same dice, worse weather, more failed acceptances or slower delivery speed up nothing.

    Weather is drawn by the day and acceptances by the site, each from dice of its own: otherwise a
    lost day would shift the acceptance draws and could bring a gateway forward.
    """
    usual = service_days(orders, START, pace, streams)
    for name in ("bad_weather_share", "failed_acceptance_share"):
        change = {name: getattr(pace, name) + worse}
        assert np.all(service_days(orders, START, replace(pace, **change), streams) >= usual)
    slower = replace(pace, delivery_days=pace.delivery_days + 100.0 * worse)
    assert np.all(service_days(orders, START, slower, streams) >= usual)


@settings(max_examples=60, deadline=None)
@given(orders_drawn, paces, dice)
def test_one_order_more_changes_the_others_only_by_their_wait(
    orders: list[Order], pace: Pace, streams: Streams
) -> None:
    """With a crew for each order, an added order or another sequence moves no other date a bit."""
    plenty = replace(pace, crews=2 * len(orders) + 1)
    alone = service_days(orders, START, plenty, streams)
    more = service_days([Order("new", 0, private=True), *orders], START, plenty, streams)
    np.testing.assert_array_equal(more[1:], alone)
    np.testing.assert_array_equal(service_days(orders[::-1], START, plenty, streams)[::-1], alone)
    for index, order in enumerate(orders):
        assert service_days([order], START, plenty, streams)[0] == alone[index]


def test_same_seed_same_bits() -> None:
    """The same key gives the same bits, another replication other dates."""
    orders = [Order(f"S{i}", i // 40, i % 3 == 0) for i in range(120)]
    first = service_days(orders, START, USUAL, Streams(36, 4))
    np.testing.assert_array_equal(first, service_days(orders, START, USUAL, Streams(36, 4)))
    assert np.mean(first == service_days(orders, START, USUAL, Streams(36, 5))) < 0.5


def test_shares_are_met_in_the_long_run() -> None:
    """Of 600 working days with one crew, the lost ones and the failed ones are as assumed."""
    orders = [Order(f"S{i}", 0, private=False) for i in range(600)]
    quick = replace(CALM, agreement_public_days=0.0, delivery_days=0.0, crews=1)
    calm = service_days(orders, START, quick, Streams(36, 0)).max()
    lost = service_days(orders, START, replace(quick, bad_weather_share=0.3), Streams(36, 0))
    failed = service_days(
        orders, START, replace(quick, failed_acceptance_share=0.3), Streams(36, 0)
    )
    assert lost.max() / calm == pytest.approx(1.0 / 0.7, rel=0.07)
    assert failed.max() / calm == pytest.approx(1.0 / 0.7, rel=0.07)


def test_a_start_on_29_february() -> None:
    """A budget that opens on 29 February opens on 1 March of an ordinary year."""
    leap = date(2028, 2, 29)
    assert [budget_opens(leap, year) for year in (0, 1, 4)] == [
        leap, date(2029, 3, 1), date(2032, 2, 29),
    ]  # fmt: skip
    days = service_days([Order("S", 1, private=False)], leap, CALM, Streams(1, 0))
    assert days[0] > 366.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bad_weather_share", 1.0),
        ("failed_acceptance_share", -0.1),
        ("delivery_days", -1.0),
        ("agreement_public_days", float("nan")),
        ("crews", 0),
    ],
)
def test_a_pace_that_never_ends_is_refused(name: str, value: float) -> None:
    """A share of lost days near one, or a negative delay, is refused by the assumption's name."""
    with pytest.raises(ScenarioError) as caught:
        replace(USUAL, **{name: value})
    assert [fault.key for fault in caught.value.faults] == [f"assumptions.{name}"]


def arrays(*values: float) -> NDArray[np.float64]:
    """Return the values as an array."""
    return np.array(values, dtype=np.float64)


def test_milestones() -> None:
    """Half of the meters are in service when the gateways fitted so far serve half of them."""
    days, meters = arrays(30.0, 10.0, 20.0, 40.0), arrays(10.0, 10.0, 60.0, 20.0)
    assert milestones(days, meters) == {"first_days": 10.0, "half_days": 20.0, "last_days": 40.0}
    assert milestones(days, np.zeros(4))["half_days"] == 20.0
    nothing = milestones(arrays(), arrays())
    assert all(np.isnan(value) for value in nothing.values())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 2_000.0), st.floats(0.0, 500.0)), min_size=1, max_size=30))
def test_curve_and_milestones_agree(drawn: list[tuple[float, float]]) -> None:
    """The curve rises from nothing to all, and stands at half or more on the half-way day."""
    days, meters = arrays(*(day for day, _ in drawn)), arrays(*(weight for _, weight in drawn))
    grid = np.concatenate([[-1.0], np.sort(days), [3_000.0]])
    curve = in_service(days, meters, grid)
    assert curve[0] == 0.0
    assert curve[-1] == pytest.approx(meters.sum())
    assert np.all(np.diff(curve) >= 0.0)
    expected = [meters[days <= day].sum() for day in grid]
    np.testing.assert_allclose(curve, expected, rtol=1e-9, atol=1e-9)
    if meters.sum() > 1e-6:
        half = arrays(milestones(days, meters)["half_days"])
        assert in_service(days, meters, half)[0] >= 0.5 * meters.sum() * (1.0 - 1e-9)


def test_quarter_ends() -> None:
    """The grid holds the midnights that end calendar quarters, in days of local time."""
    ends = quarter_ends(START, 5)
    # From 4 January 2027: 87 days to 1 April, of which one hour was lost to summer time.
    np.testing.assert_allclose(ends, [87 - 1 / 24, 178 - 1 / 24, 270 - 1 / 24, 362, 453 - 1 / 24])
    assert [CALENDAR.local(end * DAY_S).strftime("%d/%m/%Y %H:%M") for end in ends[:2]] == [
        "01/04/2027 00:00", "01/07/2027 00:00",
    ]  # fmt: skip
    assert quarter_ends(date(2027, 12, 31), 1)[0] == 1.0
    assert quarter_ends(date(2027, 12, 1), 1)[0] == 31.0
    assert len(quarter_ends(START, 0)) == 0
