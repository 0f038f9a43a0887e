"""Detectors of dark and silent devices against their closed forms, and the gate of gateways."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.lighting.detection.cabinet_power import mean_nights, night_tells
from models.lighting.detection.heartbeat import (
    beats_between_false_alarms,
    fewest_misses,
    mean_delay_beats,
)
from models.lighting.living.knowing import Failing, metered_nights
from models.lighting.policies.silence import SilenceRule, SilenceWatch, neighbours_of
from twin.device_keys import name_words


def alone(size: int, misses: int) -> SilenceWatch:
    """Return a watch of devices without neighbours, hence without gate."""
    return SilenceWatch(np.zeros((size, 1), dtype=np.int32), SilenceRule(misses, gated=False))


def test_sheet_s_heartbeats() -> None:
    """P = .9, k = 3: 1,110 beats between false alarms, 2.39 T of delay, 18,552 a year of 56,420."""
    beats = beats_between_false_alarms(0.9, 3)
    assert beats == pytest.approx(1_110.0)
    assert mean_delay_beats(0.9, 3) == pytest.approx(2.39)
    assert 56_420 * 365 / beats == pytest.approx(18_552.0, rel=1e-4)


def test_fewest_misses_keep_the_promise() -> None:
    """The misses asked for keep false alarms under the target, one fewer does not."""
    for p in (0.5, 0.9, 0.97, 0.999):
        k = fewest_misses(p, 365.25, 0.01)
        assert 365.25 / beats_between_false_alarms(p, k) <= 0.01
        assert k == 1 or 365.25 / beats_between_false_alarms(p, k - 1) > 0.01
    assert fewest_misses(1.0, 365.25, 0.01) == 1


def test_sheet_s_cabinet() -> None:
    """N = 20 lamps, 2 % of noise: 3.6 nights; in town, 80 lamps, a hundred."""
    assert mean_nights(20, 0.02) == pytest.approx(3.6, abs=0.03)
    assert mean_nights(20, 0.02, 0.5) == pytest.approx(2.0 * mean_nights(20, 0.02))
    assert mean_nights(80, 0.02) > 100.0
    assert float(night_tells(0.0, 0.02)) == pytest.approx(1e-3, rel=1e-3)


@pytest.mark.parametrize("lamps", [10, 20, 30])
def test_nights_of_a_meter_as_drawn(lamps: int) -> None:
    """The nights that the years draw for dead lamps have the closed form's mean, within 2 %."""
    count = 40_000
    keys = name_words([f"lamp/{number}" for number in range(count)])
    none = np.zeros(count, dtype=np.int64)
    failing = Failing(keys, none, none, np.zeros(count))
    nights = metered_nights(failing, np.full(count, 1.0 / lamps), 0.02)
    assert nights.mean() == pytest.approx(mean_nights(lamps, 0.02), rel=0.02)


def test_limits_are_those_of_the_closed_form() -> None:
    """A fleet's limits are the fewest misses that keep the promise, device by device."""
    watch = SilenceWatch(np.zeros((3, 1), dtype=np.int32), SilenceRule(0, 0.01, usual_share=0.93))
    assert (watch.limits() == fewest_misses(0.93, 365.25, 0.01)).all()


@pytest.mark.parametrize(("p", "misses"), [(0.9, 2), (0.8, 3), (0.6, 4)])
def test_false_alarms_of_the_watch(p: float, misses: int) -> None:
    """Devices that live raise false alarms as often as the closed form says, within 2 %.

    After an alarm a device counts again once it has been heard: a beat of 1/p more on average.
    """
    devices, beats = 20_000, 400
    dice, watch, alarms = np.random.default_rng(3), alone(devices, misses), 0
    watch.step(np.ones(devices, dtype=np.bool_))
    for _ in range(beats):
        alarms += len(watch.step(dice.random(devices) < p))
    # From one alarm to the next: until it is heard (1/p, that beat heard), then k misses.
    cycle = beats_between_false_alarms(p, misses) + 1.0 / p
    assert alarms / (devices * beats / cycle) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(("p", "misses"), [(0.9, 3), (0.7, 4)])
def test_delay_of_the_watch(p: float, misses: int) -> None:
    """Devices that die are told of after the mean delay of the closed form, within 2 %."""
    devices = 40_000
    dice, watch = np.random.default_rng(4), alone(devices, misses)
    watch.step(np.ones(devices, dtype=np.bool_))
    for _ in range(60):
        watch.step(dice.random(devices) < p)
    in_alarm = watch._alarmed.copy()
    told = np.full(devices, np.nan)
    for beat in range(misses):
        told[watch.step(np.zeros(devices, dtype=np.bool_))] = beat
    # Death falls anywhere before the first missed beat: half a beat on average.
    delays = told[~in_alarm] + 0.5
    assert np.isfinite(delays).all()
    assert delays.mean() == pytest.approx(mean_delay_beats(p, misses), rel=0.02)


def town(cabinets: int, lamps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places and cabinets of a territory's lamps."""
    dice = np.random.default_rng(36)
    x, y = dice.uniform(0.0, 80e3, (2, cabinets))
    cabinet = np.repeat(np.arange(cabinets), lamps)
    jitter = dice.normal(0.0, 200.0, (2, cabinets * lamps))
    return x[cabinet] + jitter[0], y[cabinet] + jitter[1], cabinet


@pytest.mark.parametrize("silent_beats", [3, 10])
def test_a_gateway_s_outage_is_gated(silent_beats: int) -> None:
    """Of the 940 nodes of one gateway 95 % and more raise no alarm while it is down."""
    x, y, cabinet = town(2_820, 20)
    around = neighbours_of(x, y, cabinet)
    behind = np.hypot(x - 40e3, y - 40e3) < 5_650.0
    assert 800 < behind.sum() < 1_100  # as one gateway of sixty
    alarms = {}
    for gated in (True, False):
        watch = SilenceWatch(around, SilenceRule(3, gated=gated))
        dice = np.random.default_rng(5)
        watch.step(np.ones(len(x), dtype=np.bool_))
        for _ in range(30):
            watch.step(dice.random(len(x)) < 0.95)
        fired = 0
        for _ in range(silent_beats):
            heard = (dice.random(len(x)) < 0.95) & ~behind
            found = watch.step(heard)
            fired += int(behind[found].sum())
        alarms[gated] = fired
    assert alarms[False] > 0.95 * behind.sum()
    assert alarms[True] <= 0.05 * alarms[False]


def test_failures_are_found_after_an_outage() -> None:
    """A node that dies while its gateway is down is told of within its misses once it is back."""
    x, y, cabinet = town(600, 3)
    behind = np.hypot(x - 40e3, y - 40e3) < 15e3
    dead = int(np.flatnonzero(behind)[0])
    watch = SilenceWatch(neighbours_of(x, y, cabinet), SilenceRule(3))
    everybody = np.ones(len(x), dtype=np.bool_)
    for _ in range(10):
        watch.step(everybody)
    for _ in range(6):
        watch.step(~behind)
    back = everybody.copy()
    back[dead] = False
    found = [dead in watch.step(back).tolist() for _ in range(3)]
    assert found[-1]


def test_a_dark_cabinet_is_no_outage() -> None:
    """All lamps of one cabinet silent at once are in alarm: neighbours are other cabinets'."""
    x, y, cabinet = town(600, 20)
    watch = SilenceWatch(neighbours_of(x, y, cabinet), SilenceRule(3))
    everybody = np.ones(len(x), dtype=np.bool_)
    for _ in range(10):
        watch.step(everybody)
    dark = cabinet == 17
    alarms = np.concatenate([watch.step(~dark) for _ in range(3)])
    assert set(alarms.tolist()) == set(np.flatnonzero(dark).tolist())
    assert watch.held == 0


def test_never_heard_never_in_alarm() -> None:
    """A fleet whose link is dead raises no alarm: patrols and calls alone are left."""
    watch = alone(100, 3)
    for _ in range(50):
        assert len(watch.step(np.zeros(100, dtype=np.bool_))) == 0


def test_each_device_has_its_own_limit() -> None:
    """Devices heard 99 % and 60 % of the time both stay under the target of false alarms."""
    p = np.repeat([0.99, 0.6], 2_000)
    rule = SilenceRule(0, 0.5, 365.25, gated=False)
    watch = SilenceWatch(np.zeros((4_000, 1), dtype=np.int32), rule)
    dice, alarms = np.random.default_rng(6), np.zeros(4_000)
    for beat in range(800):
        found = watch.step(dice.random(4_000) < p)
        if beat >= 435:
            alarms[found] += 1
    assert alarms[:2_000].mean() < 0.5
    assert alarms[2_000:].mean() < 0.5
    limits = watch.limits()
    assert limits[:2_000].mean() < limits[2_000:].mean()
    assert math.isfinite(float(limits.max()))
