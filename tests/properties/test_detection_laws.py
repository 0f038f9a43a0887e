"""Laws of detection: what is lost is unknown, what is known is true, and no data is no alarm."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.links.constant import ConstantLink
from models.links.ideal import IdealLink
from models.links.none import NoLink
from models.water.policies.alarm import Alarm
from models.water.policies.desk import DISTRICT_METERS, WATER_INDEX, LeakDesk
from models.water.policies.district import District
from models.water.policies.night_flow import minimum_hour_m3h, window_flow_m3h
from models.water.policies.rules import DeskRules
from twin.clock import Calendar, Clock
from twin.ports import Link
from twin.signals import Fleet
from twin.streams import Streams

Floats = NDArray[np.float64]
HOUR_S, DAY_S = 3_600.0, 86_400.0
METERS, DAYS = 5, 40
DISTRICTS = (
    District("a", (0,), (1,), 100.0, 10.0, 0.5, 0.2),
    District("b", (1,), (), 80.0, 6.0, 0.3, 0.1),
    District("c", (2, 3), (4,), 60.0, 9.0, 0.2, 0.1),
)
FEW = settings(max_examples=6, deadline=None)


def true_flows(seed: int) -> Floats:
    """Return hourly flows of each meter, boundary meters backwards at times, leaks in some."""
    rng = np.random.default_rng(seed)
    flow = rng.normal(2.0, 0.3, (METERS, 24 * DAYS))
    flow[1] = rng.normal(0.2, 0.5, 24 * DAYS)
    flow[rng.integers(METERS), 24 * int(rng.integers(20, DAYS)) :] += rng.uniform(0.5, 3.0)
    return flow


def lived(
    link: Link,
    flow: Floats,
    *,
    history: int = 1,
    by_hand: bool = False,
    districts: tuple[District, ...] = DISTRICTS,
) -> tuple[LeakDesk, list[Alarm], Floats]:
    """Play the days; return the desk, its alarms and the night flows it knew, (days, districts)."""
    index = np.concatenate([np.zeros((METERS, 1)), np.cumsum(flow, axis=1)], axis=1)

    def contents(assets: NDArray[np.int32], sampled_s: Floats) -> Floats:
        back = (sampled_s // HOUR_S).astype(int)[:, None] - np.arange(history)
        return np.where(back >= 0, index[assets[:, None], np.maximum(back, 0)], np.nan)

    desk = LeakDesk(districts, METERS, DeskRules(history=history), contents)
    clock = Clock(Calendar(datetime(2026, 1, 1, tzinfo=UTC)))
    link.uplink.register(
        Fleet(
            DISTRICT_METERS,
            WATER_INDEX,
            *(np.zeros(METERS) for _ in range(3)),
            period_s=HOUR_S,
            phase_s=np.linspace(5.0, 700.0, METERS),
            payload_bytes=12,
            sample=lambda devices, times: index[devices, (times // HOUR_S).astype(int)],
        )
    )
    desk.attach(link.inbox, link.downlink)
    link.start(clock)
    alarms: list[Alarm] = []
    nights = []
    for day in range(DAYS):
        clock.run(until=day * DAY_S + 7.01 * HOUR_S)
        if by_hand:
            for row, one in enumerate(districts):
                desk.read_by_hand(one.id, day * DAY_S, float(index[row, 24 * day]))
        raised = desk.close_day(day)
        alarms += raised
        for alarm in raised[1:]:
            desk.searched(alarm.district, day * DAY_S + 12 * HOUR_S, found=False)
        nights.append(desk.flows.night_m3h(day))
    return desk, alarms, np.array(nights)


def truth(flow: Floats) -> Floats:
    """Return the true night flow of every day and district."""
    night = flow.reshape(METERS, DAYS, 24)[:, :, 2:4].mean(axis=2)
    return np.stack([night[0] - night[1], night[1], night[2] + night[3] - night[4]], axis=1)


@FEW
@given(seed=st.integers(0, 10_000))
def test_an_ideal_link_tells_the_truth(seed: int) -> None:
    """By an ideal link every night flow is known and is the true one."""
    flow = true_flows(seed)
    desk, _, nights = lived(IdealLink(Streams(seed, 0), 900.0), flow)
    np.testing.assert_allclose(nights, truth(flow), rtol=0, atol=1e-9)
    assert np.array_equal(desk.flows.known, desk.flows.asked)


@FEW
@given(
    seed=st.integers(0, 10_000),
    losses=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)).map(sorted),
    history=st.sampled_from([1, 3]),
)
def test_less_loss_never_knows_less(seed: int, losses: list[float], history: int) -> None:
    """On the same dice a night known at a higher loss is known at a lower, and is the true one."""
    flow = true_flows(seed)
    few, many = (
        lived(ConstantLink(Streams(seed, 0), loss, window_s=900.0), flow, history=history)[2]
        for loss in reversed(losses)
    )
    known = ~np.isnan(few)
    assert not np.isnan(many[known]).any()
    np.testing.assert_allclose(few[known], truth(flow)[known], rtol=0, atol=1e-9)


@FEW
@given(seed=st.integers(0, 10_000))
def test_a_dead_link_raises_nothing(seed: int) -> None:
    """With a dead link and no hand readings there is no alarm, whatever leaks."""
    desk, alarms, nights = lived(NoLink(Streams(seed, 0), 900.0), true_flows(seed))
    assert alarms == []
    assert np.isnan(nights).all()
    assert desk.flows.known.sum() == 0


@FEW
@given(seed=st.integers(0, 10_000))
def test_a_dead_link_is_no_meters(seed: int) -> None:
    """With a dead link the desk does, bit for bit, what one without district meters does."""
    flow = true_flows(seed)
    without = tuple(
        District(one.id, (), (), one.homes, one.km, one.legitimate_night_m3h, one.background_m3h)
        for one in DISTRICTS
    )
    dead = lived(NoLink(Streams(seed, 0), 900.0), flow, by_hand=True)
    none = lived(IdealLink(Streams(seed, 0), 900.0), flow, by_hand=True, districts=without)
    assert dead[1] == none[1]
    assert dead[0].hand.watch.baseline.count.min() > 0
    np.testing.assert_array_equal(dead[0].hand.watch.cusum.high, none[0].hand.watch.cusum.high)
    np.testing.assert_array_equal(dead[0].accepted_m3h, none[0].accepted_m3h)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), share=st.floats(0.01, 1.0))
def test_a_night_is_valid_or_undefined(data: st.DataObject, share: float) -> None:
    """Of a steady flow every defined night tells exactly that flow; knowing more undefines none."""
    flow = data.draw(st.floats(-5.0, 5.0))
    steps = data.draw(st.integers(4, 12))
    lost = np.array(data.draw(st.lists(st.booleans(), min_size=steps + 1, max_size=steps + 1)))
    full = 100.0 + 0.25 * flow * np.arange(steps + 1)
    some = np.where(lost, np.nan, full)
    for rule in (window_flow_m3h, minimum_hour_m3h):
        told = rule(np.stack([full, some]), 0.25, share)
        np.testing.assert_allclose(told[0], flow, atol=1e-9)
        if not np.isnan(told[1]):
            np.testing.assert_allclose(told[1], flow, atol=1e-9)


@FEW
@given(seed=st.integers(0, 10_000))
def test_one_alarm_a_district(seed: int) -> None:
    """A district in alarm raises no second one before its search is reported."""
    _, alarms, _ = lived(IdealLink(Streams(seed, 0), 3_600.0), true_flows(seed), by_hand=True)
    last: dict[str, float] = {}
    searched = {
        id(alarm)
        for morning in {alarm.raised_s for alarm in alarms}
        for alarm in [each for each in alarms if each.raised_s == morning][1:]
    }
    for alarm in alarms:
        assert alarm.since_s <= alarm.raised_s
        assert alarm.district not in last
        if id(alarm) not in searched:
            last[alarm.district] = alarm.raised_s
