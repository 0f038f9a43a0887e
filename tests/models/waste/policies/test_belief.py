"""The belief is the Kalman filter of a level that grows at an uncertain rate."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.waste.policies.belief import (
    Belief,
    Noise,
    believe,
    first_belief,
    forget_level,
    grow,
    grown,
    take_readings,
)

Floats = NDArray[np.float64]


def one(rate_l: float = 10.0, sd_l: float = 3.0, level_l: float = 0.0) -> Belief:
    """Return the belief of one point."""
    return first_belief(np.array([rate_l]), np.array([sd_l]), np.array([level_l]), np.array([0.0]))


def noise(var_day: float = 4.0, sensor: float = 9.0, capacity_l: float = 1000.0) -> Noise:
    """Return the noise of one point, without drift."""
    return Noise(
        np.array([var_day]),
        np.array([0.0]),
        np.array([0.01]),
        np.array([capacity_l]),
        np.array([sensor]),
    )


def test_the_filter_is_bayes_on_a_line() -> None:
    """Readings of a level r t + noise give the rate a weighted regression through zero gives."""
    days = np.array([1.0, 3.0, 4.5, 7.0])
    told = np.array([12.0, 27.0, 50.0, 66.0])
    belief, quiet = one(), noise(var_day=0.0)
    for day, value in zip(days, told, strict=True):
        grow(belief, quiet, 0, day)
        believe(belief, quiet, 0, value, 9.0)
    # Posterior of r with prior N(10, 9) and likelihoods N(r t, 9).
    precision = 1.0 / 9.0 + np.sum(days**2) / 9.0
    mean = (10.0 / 9.0 + np.sum(days * told) / 9.0) / precision
    assert belief.rate_l[0] == pytest.approx(mean, rel=1e-12)
    assert belief.var_rate[0] == pytest.approx(1.0 / precision, rel=1e-10)
    assert belief.level_l[0] == pytest.approx(mean * 7.0, rel=1e-12)


def test_time_may_be_cut_anywhere() -> None:
    """Growing by two steps is growing by their sum."""
    twice, once = one(), one()
    grow(twice, noise(), 0, 2.5)
    grow(twice, noise(), 0, 6.0)
    grow(once, noise(), 0, 6.0)
    for a, b in zip(twice, once, strict=True):
        assert a[0] == pytest.approx(b[0], rel=1e-12)


def test_a_silent_sensor_leaves_the_belief_without_it() -> None:
    """Long after the last reading and an emptying, only the rate remembers the sensor."""
    fitted, bare = one(), one()
    quiet = noise(var_day=4.0)
    take_readings(
        fitted, quiet, np.array([0]), np.array([24.0]), np.array([172_800.0]), np.array([2.0])
    )
    for belief in (fitted, bare):
        grow(belief, quiet, 0, 3.0)
        forget_level(belief, 0, 259_200.0)
    assert fitted.level_l[0] == bare.level_l[0] == 0.0
    assert fitted.var_level[0] == bare.var_level[0] == 0.0
    assert bare.rate_l[0] == 10.0
    assert 10.0 < fitted.rate_l[0] < 12.0


def test_a_reading_from_before_the_emptying_says_nothing() -> None:
    """What was sampled before the last emptying is not taken for what is in the bin now."""
    belief = one()
    forget_level(belief, 0, 100_000.0)
    take_readings(
        belief, noise(), np.array([0]), np.array([500.0]), np.array([99_999.0]), np.array([1.1])
    )
    assert belief.level_l[0] == 0.0


def test_full_only_says_at_least() -> None:
    """A reading at full raises a belief below it and never lowers one above."""
    low, high = one(level_l=300.0), one(level_l=1500.0)
    wide = noise(capacity_l=1000.0)
    for belief in (low, high):
        belief.var_level[0] = 200.0**2
        believe(belief, wide, 0, 990.0, 9.0)
    assert low.level_l[0] > 900.0
    assert high.level_l[0] == 1500.0


def test_one_odd_reading_is_set_aside_and_three_are_believed() -> None:
    """An echo does not move the belief; three readings that agree do."""
    belief = one(level_l=100.0)
    wide = noise(sensor=25.0)
    days = np.array([0.1, 0.2, 0.3])
    refused = take_readings(
        belief, wide, np.array([0]), np.array([700.0]), 86_400.0 * days[:1], days[:1]
    )
    assert refused == 1
    assert belief.level_l[0] == pytest.approx(101.0)
    refused = take_readings(
        belief, wide, np.array([0, 0]), np.array([702.0, 705.0]), 86_400.0 * days[1:], days[1:]
    )
    assert refused == 2
    assert belief.level_l[0] == pytest.approx(705.0, abs=5.0)


def test_looking_ahead_changes_nothing() -> None:
    """The outlook is what growing would give, and leaves the belief as it was."""
    belief, quiet = one(), noise()
    level, level_sd, coming, coming_sd = grown(belief, quiet, 4.0, 6.0)
    assert belief.usual_days[0] == 0.0
    later = one()
    grow(later, quiet, 0, 4.0)
    assert level[0] == pytest.approx(later.level_l[0])
    assert level_sd[0] ** 2 == pytest.approx(later.var_level[0])
    grow(later, quiet, 0, 6.0)
    assert level[0] + coming[0] == pytest.approx(later.level_l[0])
    assert level_sd[0] ** 2 + coming_sd[0] ** 2 == pytest.approx(later.var_level[0])


def test_perfect_readings_are_believed_to_the_bit() -> None:
    """A sensor without noise makes the belief the reading itself."""
    belief, exact = one(), noise(sensor=0.0)
    take_readings(
        belief, exact, np.array([0]), np.array([31.25]), np.array([259_200.0]), np.array([3.0])
    )
    assert belief.level_l[0] == 31.25
    assert belief.var_level[0] == 0.0
