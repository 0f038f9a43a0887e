"""The watch: nights that wait, falls that re-base, searches that are measured."""

from __future__ import annotations

import numpy as np
import pytest

from models.water.policies.run_length import smallest_leak_m3h
from models.water.policies.watch import Watch, WatchRule

NOBODY = np.array([False])
CALM = WatchRule(method="mean")


def settled(nights: int = 29, rule: WatchRule = CALM) -> Watch:
    """Return a watch of one district whose level is 1 and deviation 0.1, its sums at zero."""
    watch = Watch(1, rule)
    for day in range(nights):
        watch.feed(day, np.array([1.0 + (0.1 if day % 2 else -0.1)]), NOBODY)
    return watch


def test_nights_wait_while_the_sum_is_up() -> None:
    """Nights of a rise are not learnt while it is noticed, and are when it proves to be nothing."""
    watch = settled()
    learnt = int(watch.baseline.count[0])
    watch.feed(30, np.array([1.25]), NOBODY)
    assert watch.cusum.high[0] > 0.0
    assert watch.baseline.count[0] == learnt
    for day in range(31, 36):
        watch.feed(day, np.array([0.95]), NOBODY)
    assert watch.cusum.high[0] == 0.0
    assert watch.baseline.count[0] == learnt + 6


def test_no_more_than_seven_wait() -> None:
    """An excess that lasts without signalling is learnt from its eighth night on."""
    watch = settled(rule=WatchRule(method="mean", h=50.0))
    learnt = int(watch.baseline.count[0])
    for night in range(10):
        watch.feed(30 + night, np.array([1.2]), NOBODY)
    assert watch.baseline.count[0] == learnt + 3


def test_a_rise_is_dated_and_measured() -> None:
    """The rise is dated to its first night, though the sum was up before, and measured since."""
    watch = settled()
    watch.feed(30, np.array([1.12]), NOBODY)
    fired = False
    day = 31
    while not fired:
        fired = bool(watch.feed(day, np.array([1.5]), NOBODY)[0])
        day += 1
    since, excess = watch.rise(0)
    assert since == 31
    assert excess == pytest.approx(0.5, abs=0.05)


def test_a_fall_lowers_the_baseline() -> None:
    """A fall tells nobody; the baseline is then the new level, and a leak there is seen."""
    watch = settled()
    for day in range(30, 45):
        assert not watch.feed(day, np.array([0.4 + (0.1 if day % 2 else -0.1)]), NOBODY)[0]
    watch.baseline.refresh()
    assert watch.baseline.centre[0] == pytest.approx(0.4, abs=0.1)
    assert any(watch.feed(day, np.array([1.0]), NOBODY)[0] for day in range(45, 50))


@pytest.mark.parametrize(
    ("found", "level", "centre"),
    [(True, 0.4, 0.4), (True, 1.6, 1.0), (False, 1.6, 1.6), (False, 0.4, 0.4), (True, 1.0, 1.0)],
)
def test_a_search_is_measured(found: bool, level: float, centre: float) -> None:
    """Five nights after a search the baseline falls to it, or rises to it if none was found."""
    watch = settled()
    watch.searched(0, found=found)
    for day in range(30, 35):
        assert not watch.settled[0]
        noisy = level + (0.05 if day % 2 else -0.05)
        assert not watch.feed(day, np.array([noisy]), NOBODY)[0]
    assert watch.settled[0]
    watch.baseline.refresh()
    assert watch.baseline.centre[0] == pytest.approx(centre, abs=0.06)


def test_nothing_is_learnt_under_an_alarm() -> None:
    """While an alarm is open nothing is judged and nothing becomes usual."""
    watch = settled()
    watch.baseline.refresh()
    learnt, centre = int(watch.baseline.count[0]), float(watch.baseline.centre[0])
    for day in range(30, 60):
        assert not watch.feed(day, np.array([9.0]), np.array([True]))[0]
    watch.baseline.refresh()
    assert (int(watch.baseline.count[0]), float(watch.baseline.centre[0])) == (learnt, centre)


def test_false_alarms_are_those_of_known_parameters() -> None:
    """Without leaks, searches included, alarms are as far apart as the table says, within 15 %."""
    size, days = 1_500, 300
    rng = np.random.default_rng(11)
    watch, held = Watch(size, WatchRule()), np.zeros(size, bool)
    open_since = np.full(size, days)
    judged = alarms = 0
    for day in range(days):
        free = ~held & ~np.array([watch.waits(who) for who in range(size)])
        up = watch.feed(day, rng.standard_normal(size), held)
        if day >= 20:
            judged += int(free.sum())
            alarms += int(up.sum())
        open_since[up] = day
        held |= up
        for who in np.flatnonzero(held & (day - open_since >= 3)).tolist():
            watch.searched(who, found=False)
            held[who] = False
    assert judged / alarms == pytest.approx(346.0, rel=0.15)


@pytest.mark.parametrize("nights", [3, 7])
def test_the_smallest_leak_with_a_learnt_baseline(nights: int) -> None:
    """The closed form, learning counted, gives the watch's own chance of seeing a leak in time."""
    size, rule = 2_500, WatchRule()
    leak = smallest_leak_m3h(1.0, nights, 0.9, cap=rule.cap, learnt=rule.nights)
    rng = np.random.default_rng(4)
    watch, nobody = Watch(size, rule), np.zeros(size, bool)
    seen = np.zeros(size, bool)
    for day in range(80 + nights):
        up = watch.feed(day, rng.standard_normal(size) + leak * (day >= 80), nobody)
        if day >= 80:
            seen |= up
        else:
            watch.cusum.reset(up)
    assert seen.mean() == pytest.approx(0.9, abs=0.04)
