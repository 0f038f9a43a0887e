"""Renewal theory: failures and dark days to expect of one lamp over a finite time.

A lamp lives, is dark, lives again. The density of failures m solves the renewal equation

    m(t) = f1(t) + integral of (f * g)(s) m(t - s) ds

with f1 the density of the first life, f of the later ones, g of the time dark; the chance to be
dark at t is the integral of m(s) G(t - s), G the survival of the time dark (Cox, Renewal Theory,
1962) [V]. Solved on an even grid; exponential lives have a closed form to check it by.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting.failures.laws import Darkness, Life

Floats = NDArray[np.float64]


INSTANT = 1e-9
"""Days: where the survival drops at an edge (a night that tells), both sides of it count half."""


NOTHING = 1e-18
"""Chances below are none: numbers that small are slow to add."""


class Expected(NamedTuple):
    """What one lamp is expected to do within a horizon."""

    failures: float
    dark_days: float


def expected(
    life: Life, darkness: Darkness, days: float, *, steady: bool = False, step_days: float = 0.25
) -> Expected:
    """Return the failures and the dark days of a lamp over some days.

    The first life begins at day 0, or has gone on for long (`steady`: the excess life).
    """
    count = round(days / step_days)
    edges = np.arange(count + 1, dtype=np.float64) * step_days
    alive = life.survival(edges)
    if steady:
        first = step_days * 0.5 * (alive[:-1] + alive[1:]) / life.mean_days
    else:
        first = alive[:-1] - alive[1:]
    dark = darkness.survival(edges)
    back = dark[:-1] - dark[1:]
    cycle = np.convolve(alive[:-1] - alive[1:], back)[:count]
    failed = _renewals(first, cycle)
    # A failure anywhere within a step darkens half of it, and of the j-th step after it what is
    # still dark j steps later.
    still = 0.5 * (dark + darkness.survival(np.maximum(edges - INSTANT, 0.0)))[:-1]
    still[0] = 0.5
    share = np.convolve(failed, still)[:count]
    return Expected(float(failed.sum()), float(share.sum() * step_days))


def exponential_dark_share(rate_per_day: float, dark_days: float) -> float:
    """Return the share of time dark in the long run: D / (1/rate + D)."""
    return dark_days / (1.0 / rate_per_day + dark_days)


def _renewals(first: Floats, cycle: Floats) -> Floats:
    """Return the failures of each step: those of first lives, and one cycle after each."""
    from scipy.signal import lfilter

    # m = first + cycle * m is a recursive filter. Life and darkness both end within their steps:
    # a cycle takes on average one step more than its index says.
    told = np.where(cycle > NOTHING, cycle, 0.0)
    feedback = np.concatenate([[1.0, 0.0], -told[: len(first) - 2]])
    return np.asarray(lfilter([1.0], feedback, first))
