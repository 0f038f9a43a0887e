"""What is believed of each point: its level and its daily rate, both uncertain, jointly normal.

A Kalman filter of two states a point. Between two observations the level grows by the rate and both
grow uncertain; an emptying sets the level to zero and leaves the rate. Whatever is told (a fill
reading, a driver's word, a weighbridge, a call) is an observation of the level with its variance.
A sensor that falls silent therefore needs no rule of its own: the belief drifts back to what would
be known without it. Kalman 1960 (doi 10.1115/1.3662552); the figures of noise are settings.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.waste.policies.outlook import Floats

FULL = 0.97
"""Share of the capacity from which a reading only says "at least": a full bin hides the rest."""

GATE = 16.0
"""Square of the number of deviations beyond which a reading is not believed at once."""

INSIST = 3
"""Odd readings in a row, agreeing with one another, after which the belief is at fault."""

ROUGH, SMOOTH, LATEST = 7.0, 2.5, 0.2
"""A sensor is set aside when the squared surprise from one reading to the next, in variances, runs
above the first, and heard again under the second; the last weighs `LATEST` of the running mean.
Readings that follow one another run at 1, an echo lifts that to 6.4, noise without a bin in it to 9
[D]."""

LOST = 0.25
"""Deviation, share of the capacity, that a belief gains when its sensor is set aside [U]: the last
words were taken in."""


class Belief(NamedTuple):
    """One entry a point: arrays of shape (points,).

    `level_l`, `rate_l` (a usual day) and their covariances; `usual_days` the time of the last
    update, in usual days since the start; `told_s` its instant; `emptied_s` the last emptying;
    `odd` readings not believed in a row, `odd_l` the last of them; `said_l` what the sensor said
    last and `said_days` when, in usual days (infinite: before the last emptying); `rough` its
    running surprise from one reading to the next; `aside` 1 where it is set aside, 0 elsewhere.
    """

    level_l: Floats
    rate_l: Floats
    var_level: Floats
    cov: Floats
    var_rate: Floats
    usual_days: Floats
    told_s: Floats
    emptied_s: Floats
    odd: NDArray[np.int64]
    odd_l: Floats
    said_l: Floats
    said_days: Floats
    rough: Floats
    aside: NDArray[np.int64]


class Noise(NamedTuple):
    """How the belief loosens and what observations are worth, arrays of shape (points,).

    `var_per_day` of what a usual day brings, litres squared; `drift_per_day` of the rate;
    `floor_l` the least rate thinkable; `capacity_l`; `var_sensor` of a fill reading.
    """

    var_per_day: Floats
    drift_per_day: Floats
    floor_l: Floats
    capacity_l: Floats
    var_sensor: Floats


def first_belief(rate_l: Floats, rate_sd_l: Floats, level_l: Floats, level_sd_l: Floats) -> Belief:
    """Return what is believed before the first day."""
    points = len(rate_l)
    return Belief(
        level_l=level_l.copy(),
        rate_l=rate_l.copy(),
        var_level=level_sd_l**2,
        cov=np.zeros(points),
        var_rate=rate_sd_l**2,
        usual_days=np.zeros(points),
        told_s=np.zeros(points),
        emptied_s=np.zeros(points),
        odd=np.zeros(points, dtype=np.int64),
        odd_l=np.zeros(points),
        said_l=np.full(points, -1.0),
        said_days=np.full(points, np.inf),
        rough=np.ones(points),
        aside=np.zeros(points, dtype=np.int64),
    )


@njit(cache=True)
def grow(belief: Belief, noise: Noise, i: int, usual_days: float) -> None:
    """Bring the belief of point `i` forward to `usual_days`."""
    days = usual_days - belief.usual_days[i]
    if days <= 0.0:
        return
    belief.level_l[i] += belief.rate_l[i] * days
    belief.var_level[i] += (
        2.0 * days * belief.cov[i] + days * days * belief.var_rate[i] + noise.var_per_day[i] * days
    )
    belief.cov[i] += days * belief.var_rate[i]
    belief.var_rate[i] += noise.drift_per_day[i] * days
    belief.usual_days[i] = usual_days


@njit(cache=True)
def believe(belief: Belief, noise: Noise, i: int, told_l: float, variance: float) -> None:
    """Take in one observation of the level of point `i`, now.

    One at full says no more than "at least": it never lowers the belief.
    """
    if told_l >= FULL * noise.capacity_l[i]:
        if belief.level_l[i] >= told_l:
            return
        told_l = noise.capacity_l[i]
    total = belief.var_level[i] + variance
    if total <= 0.0:
        return
    gap = told_l - belief.level_l[i]
    gain_level, gain_rate = belief.var_level[i] / total, belief.cov[i] / total
    belief.level_l[i] = max(0.0, belief.level_l[i] + gain_level * gap)
    belief.rate_l[i] = max(noise.floor_l[i], belief.rate_l[i] + gain_rate * gap)
    belief.var_rate[i] = max(0.0, belief.var_rate[i] - gain_rate * belief.cov[i])
    belief.cov[i] *= 1.0 - gain_level
    belief.var_level[i] *= 1.0 - gain_level


@njit(cache=True)
def forget_level(belief: Belief, i: int, now_s: float) -> None:
    """Point `i` has been emptied: nothing is in it, for certain."""
    belief.level_l[i] = 0.0
    belief.var_level[i] = 0.0
    belief.cov[i] = 0.0
    belief.emptied_s[i] = now_s
    belief.told_s[i] = now_s
    belief.odd[i] = 0
    belief.said_days[i] = np.inf


@njit(cache=True)
def found_and_emptied(
    belief: Belief,
    noise: Noise,
    i: int,
    usual_days: float,
    now_s: float,
    seen_l: float,
    variance: float,
) -> tuple[float, float, float]:
    """Point `i` has been emptied; `seen_l` was in it, as far as anybody looked (NaN: nobody).

    Return the level believed to have been in it, its variance and its covariance with the rate.
    """
    grow(belief, noise, i, usual_days)
    if not np.isnan(seen_l):
        believe(belief, noise, i, seen_l, variance)
    level_l = min(belief.level_l[i], noise.capacity_l[i])
    var_level, cov = belief.var_level[i], belief.cov[i]
    forget_level(belief, i, now_s)
    return level_l, var_level, cov


@njit(cache=True)
def take_readings(
    belief: Belief,
    noise: Noise,
    points: NDArray[np.int64],
    values_l: Floats,
    sampled_s: Floats,
    usual_days: Floats,
) -> int:
    """Take in fill readings in the order they arrived; return how many were not believed.

    A reading from before the last emptying, or older than one taken in already, says nothing any
    more. One far from what is believed is set aside: three in a row that agree with one another
    and with bins that only fill overrule the belief, unless they have been saying so since before
    the last emptying (a sensor that is stuck). One that says the very same again adds nothing, and
    sensors whose words do not follow one another are set aside: see :func:`_unheard`.
    """
    refused = 0
    for row in range(len(points)):
        i, when, value = points[row], sampled_s[row], values_l[row]
        if when < belief.told_s[i] or when <= belief.emptied_s[i] or np.isnan(value):
            continue
        grow(belief, noise, i, usual_days[row])
        belief.told_s[i] = when
        if _unheard(belief, noise, i, value, usual_days[row]):
            refused += 1
            continue
        variance = noise.var_sensor[i]
        gap = value - min(belief.level_l[i], noise.capacity_l[i])
        if gap * gap <= GATE * (belief.var_level[i] + variance):
            belief.odd[i] = 0
            believe(belief, noise, i, value, variance)
            continue
        refused += 1
        near = 3.0 * np.sqrt(variance) + 0.05 * noise.capacity_l[i]
        agrees = belief.odd[i] > 0 and abs(value - belief.odd_l[i]) <= near
        belief.odd[i] = belief.odd[i] + 1 if agrees else 1
        # The word of a stuck sensor does not change when its bin is emptied.
        stuck = not agrees and abs(value - belief.odd_l[i]) <= near
        if stuck:
            belief.odd[i] = -1_000_000
        belief.odd_l[i] = value
        if belief.odd[i] >= INSIST:
            belief.var_level[i] += gap * gap
            believe(belief, noise, i, value, variance)
            belief.odd[i] = 0
    return refused


@njit(cache=True)
def _unheard(belief: Belief, noise: Noise, i: int, told_l: float, usual_days: float) -> bool:
    """Judge a sensor by how its readings follow one another; return whether this one is unheard.

    Noise never repeats itself to the bit: a word said again is a stuck sensor's, or of one that
    rounds, and either way no new observation. A sensor that says anything at all is told by its
    leaps. One that the data sheet calls exact is always heard.
    """
    variance = noise.var_sensor[i]
    if variance <= 0.0:
        return False
    if told_l == belief.said_l[i]:
        return True
    days = usual_days - belief.said_days[i]
    if days >= 0.0:
        leap = told_l - belief.said_l[i] - belief.rate_l[i] * days
        spread = 2.0 * variance + noise.var_per_day[i] * days + belief.var_rate[i] * days * days
        surprise = min(leap * leap / spread, GATE)
        belief.rough[i] += LATEST * (surprise - belief.rough[i])
    belief.said_l[i], belief.said_days[i] = told_l, usual_days
    if belief.aside[i] == 0 and belief.rough[i] > ROUGH:
        belief.aside[i] = 1
        belief.odd[i] = 0
        belief.var_level[i] += (LOST * noise.capacity_l[i]) ** 2
    elif belief.aside[i] == 1 and belief.rough[i] < SMOOTH:
        belief.aside[i] = 0
    return bool(belief.aside[i])


@njit(cache=True)
def grown(
    belief: Belief, noise: Noise, now_days: float, next_days: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return level, its deviation, what comes until `next_days`, and its deviation, by point.

    The deviation of what comes is what it adds to the level's, the rate they share included.
    """
    points = len(belief.level_l)
    out = np.empty((4, points))
    ahead = next_days - now_days
    for i in range(points):
        days = max(0.0, now_days - belief.usual_days[i])
        rate, var_rate = belief.rate_l[i], belief.var_rate[i]
        noisy = noise.var_per_day[i]
        var_now = (
            belief.var_level[i] + 2.0 * days * belief.cov[i] + days**2 * var_rate + noisy * days
        )
        span = days + ahead
        var_next = (
            belief.var_level[i] + 2.0 * span * belief.cov[i] + span**2 * var_rate + noisy * span
        )
        out[0, i] = belief.level_l[i] + rate * days
        out[1, i] = np.sqrt(max(0.0, var_now))
        out[2, i] = rate * ahead
        out[3, i] = np.sqrt(max(0.0, var_next - var_now))
    return out[0], out[1], out[2], out[3]
