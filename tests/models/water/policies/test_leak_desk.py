"""The leak desk: what arrives becomes alarms, what searches find becomes the baseline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from leak_desk_case import (
    DAY_S,
    LEGITIMATE,
    NIGHT,
    NO_ECONOMY,
    districts,
    flows,
    frames,
    indices,
    live,
)

from models.water.policies.alarm import Alarm, Kind, priority
from models.water.policies.desk import LeakDesk
from models.water.policies.district import District
from models.water.policies.hand_readings import HandReadings
from models.water.policies.rules import DeskRules
from models.water.policies.watch import WatchRule

RARE = replace(NO_ECONOMY, night=WatchRule(h=8.0, floor=0.02))
"""A desk that raises next to no false alarm."""


def test_a_leak_is_seen() -> None:
    """A leak of ten deviations is seen by the third morning, measured, dated to its night."""
    flow = flows(3, 60)
    flow[1, 24 * 50 :] += 1.0
    alarms = live(LeakDesk(districts(3), 3, RARE), indices(flow), range(60))
    assert [alarm.district for alarm in alarms] == ["d1"]
    (alarm,) = alarms
    assert alarm.kind is Kind.NIGHT
    assert 51 * DAY_S < alarm.raised_s < 53 * DAY_S
    assert alarm.since_s == 50 * DAY_S + 2 * 3600.0
    assert alarm.excess_m3h == pytest.approx(1.0, abs=0.25)


def test_a_burst_is_seen_after_two_nights_and_an_odd_night_never() -> None:
    """One odd night, however high, raises nothing; the second one does."""
    flow = flows(2, 60)
    flow[:, 24 * 50 : 24 * 51] += 50.0
    flow[1, 24 * 51 : 24 * 52] += 50.0
    alarms = live(LeakDesk(districts(2), 2, NO_ECONOMY), indices(flow), range(54))
    fresh = [alarm for alarm in alarms if alarm.since_s >= 49 * DAY_S]
    assert [alarm.district for alarm in fresh] == ["d1"]


def test_net_flow_of_a_boundary() -> None:
    """What flows on to the next district, or back from it, is not this one's."""
    flow = flows(2, 60)
    inner = flow[1].copy()
    across = inner + 0.0
    across[::7] *= -1.0
    both = [
        District("upper", (0,), (1,), 150.0, 10.0, LEGITIMATE),
        District("lower", (1,), (), 150.0, 10.0, LEGITIMATE),
    ]
    index = indices(np.stack([flow[0] + across, across]))
    desk = LeakDesk(both, 2, NO_ECONOMY)
    live(desk, index, range(3))
    for day in (1, 2):
        night = slice(24 * day + 2, 24 * day + 4)
        true = [flow[0, night].mean(), across[night].mean()]
        assert desk.flows.night_m3h(day) == pytest.approx(true)
    assert desk.flows.inflow_m3(1) == pytest.approx([flow[0, 24:48].sum(), across[24:48].sum()])


def test_one_meter_missing_is_the_district_unknown() -> None:
    """A district of two meters of which one is silent has no night flow, not half of it."""
    one = [District("d", (0, 1), (), 150.0, 10.0, LEGITIMATE)]
    index = indices(flows(2, 4))
    lost = np.zeros((2, 24 * 4), bool)
    lost[1, 24 * 2 + 4] = True
    desk = LeakDesk(one, 2, NO_ECONOMY)
    live(desk, index, range(4), lost)
    assert np.isnan(desk.flows.night_m3h(2)[0])
    assert not np.isnan(desk.flows.night_m3h(3)[0])
    assert desk.flows.asked[0] == 4
    assert desk.flows.known[0] == 3


def test_history_brings_a_night_back() -> None:
    """A lost index comes in the next frames' history: no night is lost, and none taken twice."""
    index = indices(flows(2, 30))
    lost = np.random.default_rng(3).random((2, 24 * 30)) < 0.3
    asked: list[int] = []

    def contents(assets: np.ndarray, sampled_s: np.ndarray) -> np.ndarray:
        hour = (sampled_s // 3600.0).astype(int)
        assert not lost[assets, hour].any(), "contents of a frame that never arrived"
        asked.append(len(assets))
        back = hour[:, None] - np.arange(12)
        return np.where(back >= 0, index[assets[:, None], np.maximum(back, 0)], np.nan)

    desk = LeakDesk(districts(2), 2, replace(NO_ECONOMY, history=12), contents)
    live(desk, index, range(30), lost)
    assert asked
    assert desk.flows.known.tolist() == [30, 30]
    plain = LeakDesk(districts(2), 2, NO_ECONOMY)
    live(plain, index, range(30), lost)
    assert (plain.flows.known < 22).all()


def test_what_comes_after_seven_waits_for_tomorrow() -> None:
    """A frame received after the desk has spoken is used the next morning."""
    index = indices(flows(1, 3))
    desk = LeakDesk(districts(1), 1, NO_ECONOMY)
    batch = frames(index, range(24 + 7))
    late = replace(batch, received_s=np.maximum(batch.received_s, DAY_S + 7 * 3600.0))
    desk.read(late)
    desk.close_day(0)
    desk.close_day(1)
    assert desk.flows.known[0] == 0
    desk.close_day(2)
    assert desk.flows.known[0] == 1
    assert not np.isnan(desk.flows.night_m3h(1)[0])


def test_one_alarm_at_a_time() -> None:
    """A district in alarm raises no other until its search is reported, and none five nights on."""
    flow = flows(1, 90)
    flow[0, 24 * 40 :] += 1.0
    index = indices(flow)
    desk = LeakDesk(districts(1), 1, RARE)
    assert len(live(desk, index, range(70))) == 1
    desk.searched("d0", 69.5 * DAY_S, found=False)
    assert live(desk, index, range(70, 90)) == []


def test_found_nothing_is_accepted_and_counted() -> None:
    """A leak that a search misses becomes usual, is counted, and its growth signals again."""
    flow = flows(1, 110)
    flow[0, 24 * 40 :] += 1.0
    flow[0, 24 * 80 :] += 1.0
    index = indices(flow)
    desk = LeakDesk(districts(1), 1, RARE)
    (first,) = live(desk, index, range(50))
    desk.searched(first.district, 49.5 * DAY_S, found=False)
    assert live(desk, index, range(50, 80)) == []
    assert desk.accepted_m3h[0] == pytest.approx(NIGHT - LEGITIMATE - 0.3 + 1.0, abs=0.15)
    (second,) = live(desk, index, range(80, 110))
    assert second.excess_m3h == pytest.approx(1.0, abs=0.25)


def test_a_repair_lowers_nothing_but_what_was_repaired() -> None:
    """After a repair the old baseline holds: a second leak of the same size signals again."""
    flow = flows(1, 100)
    flow[0, 24 * 40 : 24 * 50] += 1.0
    flow[0, 24 * 70 :] += 1.0
    index = indices(flow)
    desk = LeakDesk(districts(1), 1, RARE)
    assert len(live(desk, index, range(50))) == 1
    desk.searched("d0", 50.2 * DAY_S, found=True, repaired_m3h=1.0)
    (second,) = live(desk, index, range(50, 100))
    assert second.since_s == 70 * DAY_S + 2 * 3600.0
    assert second.excess_m3h == pytest.approx(1.0, abs=0.25)
    assert desk.repaired_m3h[0] == 1.0


def test_half_a_repair_signals_again() -> None:
    """If two leaks ran and one was repaired, the other raises a new alarm."""
    flow = flows(1, 70)
    flow[0, 24 * 40 :] += 2.0
    flow[0, 24 * 50 :] -= 1.0
    index = indices(flow)
    desk = LeakDesk(districts(1), 1, RARE)
    live(desk, index, range(50))
    desk.searched("d0", 50.0 * DAY_S, found=True, repaired_m3h=1.0)
    (again,) = live(desk, index, range(50, 70))
    assert again.excess_m3h == pytest.approx(1.0, abs=0.25)


def test_a_standing_leak_at_commissioning() -> None:
    """A district that leaks when its meter is laid is in alarm as soon as ten nights are known."""
    flow = flows(2, 40)
    flow[1] += 2.0
    index = indices(flow)
    desk = LeakDesk(districts(2), 2, DeskRules(economic_m3h=1.0, night=RARE.night))
    (alarm,) = live(desk, index, range(20))
    assert (alarm.district, alarm.kind) == ("d1", Kind.STANDING)
    assert alarm.raised_s == 9 * DAY_S + 7 * 3600.0
    assert alarm.excess_m3h == pytest.approx(NIGHT - LEGITIMATE - 0.3 + 2.0, abs=0.1)
    # Repaired: the baseline falls with it, and a leak a fifth as large is then seen.
    flow[1, 24 * 20 :] -= 2.0
    flow[1, 24 * 32 :] += 0.8
    desk.searched("d1", 20.0 * DAY_S, found=True, repaired_m3h=2.0)
    (fresh,) = live(desk, indices(flow), range(20, 40))
    assert (fresh.district, fresh.kind) == ("d1", Kind.NIGHT)


def test_a_standing_leak_that_is_not_found_is_not_searched_twice() -> None:
    """A standing level that a search could not explain is accepted until it grows."""
    flow = flows(1, 60)
    flow += 2.0
    desk = LeakDesk(districts(1), 1, DeskRules(economic_m3h=1.0, night=RARE.night))
    index = indices(flow)
    live(desk, index, range(12))
    desk.searched("d0", 12.0 * DAY_S, found=False)
    assert live(desk, index, range(12, 60)) == []
    assert desk.accepted_m3h[0] == pytest.approx(2.5, abs=0.15)


def test_balance_sees_what_the_night_hides() -> None:
    """Where customers' meters tell the use, the balance sees a leak lost in the night's noise."""
    flow = flows(1, 80, sigma=1.0)
    flow[0, 24 * 60 :] += 0.5
    used = flow.reshape(1, 80, 24).sum(axis=2)[0] - np.where(np.arange(80) >= 60, 12.0, 0.0) - 6.0
    noise = np.random.default_rng(5).normal(0.0, 1.0, 80)
    desk = LeakDesk(districts(1), 1, RARE)
    alarms: list[Alarm] = []
    for day in range(80):
        if day:
            desk.consumption("d0", day - 1, 0.95 * (used[day - 1] + noise[day]), 0.95)
        alarms += live(desk, indices(flow), range(day, day + 1))
    assert [alarm.kind for alarm in alarms] == [Kind.BALANCE]
    assert 60 * DAY_S <= alarms[0].since_s <= alarms[0].raised_s <= 64 * DAY_S
    assert alarms[0].excess_m3h == pytest.approx(0.5, abs=0.1)


def test_an_incomplete_balance_is_none() -> None:
    """With fewer meters read than the rules ask for, the day is undefined."""
    flow = flows(1, 40)
    desk = LeakDesk(districts(1), 1, RARE)
    for day in range(40):
        live(desk, indices(flow), range(day, day + 1))
        desk.consumption("d0", day, 10.0, 0.89)
    assert desk.balance.baseline.count[0] == 0


def test_hand_readings_alone() -> None:
    """A service without telemetry sees a leak from weekly readings, weeks later."""
    flow = flows(1, 300)
    flow[0, 24 * 200 :] += 1.5
    index = indices(flow)
    nobody = [District("d0", (), (), 150.0, 10.0, LEGITIMATE)]
    desk = LeakDesk(nobody, 0)
    alarms: list[Alarm] = []
    for day in range(300):
        if day % 7 == 0:
            desk.read_by_hand("d0", day * DAY_S + 10 * 3600.0, index[0, 24 * day + 10])
        alarms += desk.close_day(day)
    late = [alarm for alarm in alarms if alarm.raised_s > 200 * DAY_S]
    assert late[0].kind is Kind.HAND
    assert late[0].raised_s < 235 * DAY_S


def test_a_repair_between_two_readings() -> None:
    """A hand reading from before the repair makes no interval with one from after it."""
    readings = HandReadings(1)
    nobody = np.array([False])
    for at_s, index in ((0.0, 0.0), (DAY_S, 24.0)):
        readings.read(0, at_s, index)
    readings.close_day(2, 2 * DAY_S, nobody)
    assert readings.watch.baseline.count[0] == 1
    readings.read(0, 2.1 * DAY_S, 60.0)
    readings.break_off(0, 2.5 * DAY_S)
    readings.read(0, 3.0 * DAY_S, 80.0)
    readings.close_day(4, 4 * DAY_S, nobody)
    assert readings.watch.baseline.count[0] == 1
    readings.read(0, 4.5 * DAY_S, 116.0)
    readings.close_day(5, 5 * DAY_S, nobody)
    assert readings.watch.baseline.count[0] == 2


def test_the_season_is_no_leak() -> None:
    """A summer's night use told to the desk raises nothing; untold it does."""
    flow = flows(1, 120)
    use = np.where((np.arange(120) >= 60) & (np.arange(120) < 90), 1.0, 0.0)
    flow += np.repeat(use, 24)
    told = LeakDesk(districts(1), 1, RARE, night_use=lambda day: np.array([LEGITIMATE + use[day]]))
    assert live(told, indices(flow), range(120)) == []
    assert live(LeakDesk(districts(1), 1, RARE), indices(flow), range(120))


def test_most_pressing_first() -> None:
    """Alarms come by what a kilometre of search may save."""
    flow = flows(3, 10) + np.array([1.0, 3.0, 2.0])[:, None]
    many = districts(3)
    many[1] = replace(many[1], km=100.0)
    alarms = live(LeakDesk(many, 3), indices(flow), range(10))
    assert [alarm.district for alarm in alarms] == ["d2", "d0", "d1"]
    assert alarms == sorted(alarms, key=priority, reverse=True)
    assert priority(alarms[0]) == alarms[0].excess_m3h / 5.0


def test_days_of_23_hours() -> None:
    """The window follows the clock on the wall where days are said to begin."""
    starts = np.concatenate([[0.0], np.cumsum([86_400.0] * 3 + [82_800.0] + [86_400.0] * 4)])
    flow = np.full((1, 24 * 8), 3.0)
    for day in range(8):
        hour = int(starts[day] // 3600.0)
        flow[0, hour + 2 : hour + 4] = 1.0
    desk = LeakDesk(districts(1), 1, NO_ECONOMY, midnight_s=lambda day: float(starts[day]))
    index = indices(flow)
    for day in range(7):
        desk.read(frames(index, range(24 * (day + 1))))
        desk.close_day(day)
        assert desk.flows.night_m3h(day)[0] == pytest.approx(1.0)


def test_bad_input_is_named() -> None:
    """Districts, rules and reports that cannot be are refused by name."""
    wrong = [
        District("a", (0, 0), (), 1.0, 1.0, 0.0),
        District("a", (7,), (), 1.0, 0.0, 0.0),
    ]
    with pytest.raises(ValueError, match=r"a meters.*district.id.*a.km.*a meters"):
        LeakDesk(wrong, 2)
    with pytest.raises(ValueError, match=r"step_s.*night_to_h.*valid_share.*history"):
        DeskRules(step_s=7.0, valid_share=0.0, history=0, night_to_h=9.0)
    desk = LeakDesk(districts(1), 1)
    for call in (
        lambda: desk.searched("d0", 0.0, found=False),
        lambda: desk.searched("nowhere", 0.0, found=False),
        lambda: desk.read_by_hand("nowhere", 0.0, 0.0),
    ):
        with pytest.raises(ValueError, match=r"found '(d0|nowhere)'"):
            call()
