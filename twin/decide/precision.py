"""When to stop: a study is played until what it publishes is known as closely as was asked.

The sizes looked at depend on the values alone, never on workers or on interruptions, so a study
taken up again stops at the same replication. Stopping at the first lucky look makes intervals too
short: a floor of replications, sizes predicted from the spread rather than tried one by one, and a
second look at a fifth more replications, which must hold too, keep the coverage near its level
(`tests/oracles/test_precision_coverage.py`; docs/method/study.md says where it is lost).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from twin.decide.intervals import (
    Interval,
    bootstrap_quantile,
    mean_interval,
    wilson_interval,
)
from twin.streams import Streams

_BOOTSTRAP_SEED = 7
_LEAST_GROWTH = 1.1
_CONFIRMATION = 1.2
_MOST_GROWTH = 2.0


class Of(StrEnum):
    """What of an outcome must be known closely."""

    MEAN = "mean"
    QUANTILE = "quantile"
    RATE = "rate"


class Why(StrEnum):
    """Which rule stopped a study."""

    FIXED = "fixed"
    REACHED = "reached"
    CEILING = "ceiling"


@dataclass(frozen=True)
class Target:
    """How closely one outcome must be known.

    Attributes
    ----------
    kpi, zone : str
        The outcome; zone "" is the whole territory.
    half_width : float
        Largest half-width of the interval: in the KPI's unit, or a share of the point if
        `relative`.
    of : Of
        The mean (Student), the quantile at `share` (bootstrap), or the rate of a KPI that is 0 or 1
        in each replication (Wilson).
    """

    kpi: str
    half_width: float
    relative: bool = False
    zone: str = ""
    of: Of = Of.MEAN
    share: float = 0.5
    level: float = 0.95

    def interval(self, values: ArrayLike) -> Interval:
        """Return the interval of what is asked, from one value a replication.

        Raises
        ------
        ValueError
            A rate of values other than 0 and 1; or as :func:`twin.decide.intervals.mean_interval`.
        """
        match self.of:
            case Of.MEAN:
                return mean_interval(values, self.level)
            case Of.QUANTILE:
                dice = Streams(_BOOTSTRAP_SEED, 0).generator("precision", self.kpi, self.zone)
                return bootstrap_quantile(values, self.share, dice, level=self.level)
            case Of.RATE:
                return _rate(values, self.level)

    def allowed(self, interval: Interval) -> float:
        """Return the half-width allowed, in the KPI's unit.

        A relative target g is met at g/(1 + g) of the *estimated* point, so that the error relative
        to the *true* one stays under g (Law, Simulation Modeling and Analysis, 5th ed., 9.4.1).
        """
        if not self.relative:
            return self.half_width
        return self.half_width / (1.0 + self.half_width) * abs(interval.mean)


@dataclass(frozen=True)
class Reached:
    """How closely one outcome of one option is known."""

    option: str
    target: Target
    interval: Interval

    @property
    def allowed(self) -> float:
        """Return the half-width allowed, in the KPI's unit."""
        return self.target.allowed(self.interval)

    @property
    def holds(self) -> bool:
        """Tell whether the interval is as short as asked."""
        return self.interval.half_width <= self.allowed

    @property
    def needed(self) -> int:
        """Return the replications that the spread met so far asks for: n (h/allowed)^2."""
        if self.holds:
            return self.interval.n
        if self.allowed <= 0.0 or not math.isfinite(self.interval.half_width):
            return math.ceil(self.interval.n * _MOST_GROWTH)
        return math.ceil(self.interval.n * (self.interval.half_width / self.allowed) ** 2)


@dataclass(frozen=True)
class Stop:
    """Where a study stopped and why; `reached` is empty where no precision was asked."""

    why: Why
    replications: int
    reached: tuple[Reached, ...] = ()


def look(
    targets: Sequence[Target], values: Mapping[tuple[str, str, str], ArrayLike]
) -> tuple[Reached, ...]:
    """Return how closely each target is known in each option.

    Parameters
    ----------
    values : mapping (option, kpi, zone) -> array, shape (n,)
        One value a replication.
    """
    return tuple(
        Reached(option, target, target.interval(told))
        for target in targets
        for (option, kpi, zone), told in values.items()
        if (kpi, zone) == (target.kpi, target.zone)
    )


def precise(
    look_at: Callable[[int], tuple[Reached, ...]], floor: int, ceiling: int
) -> Generator[int, None, Stop]:
    """Yield how many replications every option should have next; return where and why to stop.

    Parameters
    ----------
    look_at : callable
        Gives how closely each target is known from the first so many replications; called once
        they are played. Where it gives nothing, no precision is asked and the floor is enough.
    floor, ceiling : int
        Fewest and most replications.
    """
    played, held_before = floor, False
    while True:
        yield played
        reached = look_at(played)
        if not reached:
            return Stop(Why.FIXED, played)
        holds = all(each.holds for each in reached)
        if (holds and held_before) or played >= ceiling:
            return Stop(Why.REACHED if holds else Why.CEILING, played, reached)
        played = min(ceiling, _confirming(played) if holds else _asked(reached, played))
        held_before = holds


def _asked(reached: Sequence[Reached], played: int) -> int:
    """Return the size the spread asks for, between a tenth more than now and twice as many.

    A spread guessed from few replications is not trusted further.
    """
    asked = max(each.needed for each in reached if not each.holds)
    least, most = math.ceil(played * _LEAST_GROWTH), math.floor(played * _MOST_GROWTH)
    return min(max(asked, least), most)


def _confirming(played: int) -> int:
    return math.ceil(played * _CONFIRMATION)


def _rate(values: ArrayLike, level: float) -> Interval:
    told = np.asarray(values, dtype=np.float64).tolist()
    if any(each not in (0.0, 1.0) for each in told):
        raise ValueError("a rate needs one outcome a replication, 0 or 1")
    return wilson_interval(int(sum(told)), len(told), level)
