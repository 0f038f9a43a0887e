"""How sure: two intervals that answer two questions and are never confused.

* *Confidence of the mean*: had we played many more replications, where would the average settle?
  It shrinks as replications are added (Student, bootstrap, Wilson).
* *Outcome*: where will the one real outcome fall? It is the spread of the replications and does
  not shrink. This is what a planner reads as "the 90 % interval".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.lang import Text

Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Reduces the last axis: shape (resamples, n) -> (resamples,)."""


class Kind(StrEnum):
    """Which question an interval answers."""

    MEAN = "mean"
    OUTCOME = "outcome"
    STATISTIC = "statistic"
    RATE = "rate"


_LABELS = {
    Kind.MEAN: Text(
        "intervalle de confiance à {level} % de la moyenne",
        "{level} % confidence interval of the mean",
    ),
    Kind.OUTCOME: Text("intervalle à {level} % du résultat", "{level} % interval of the outcome"),
    Kind.STATISTIC: Text(
        "intervalle de confiance à {level} % (bootstrap)",
        "{level} % confidence interval (bootstrap)",
    ),
    Kind.RATE: Text(
        "intervalle de confiance à {level} % du taux (Wilson)",
        "{level} % confidence interval of the rate (Wilson)",
    ),
}


@dataclass(frozen=True)
class Interval:
    """A point and the interval around it.

    Attributes
    ----------
    mean : float
        The point: the average, the statistic or the rate, according to `kind`.
    low, high : float
        Infinite where one observation cannot bound anything.
    level : float
        In (0, 1).
    n : int
        Number of replications (of trials, for a rate).
    """

    mean: float
    low: float
    high: float
    level: float
    n: int
    kind: Kind = Kind.MEAN

    @property
    def half_width(self) -> float:
        """Half the distance from low to high."""
        return (self.high - self.low) / 2.0

    @property
    def label(self) -> Text:
        """What the interval is, in words."""
        french = f"{100 * self.level:g}".replace(".", ",")
        return Text(
            _LABELS[self.kind].fr.replace("{level} %", f"{french}\N{NO-BREAK SPACE}%"),
            _LABELS[self.kind].en.replace("{level} %", f"{100 * self.level:g}%"),
        )

    def __contains__(self, value: float) -> bool:
        """Tell whether `value` lies inside, ends included."""
        return self.low <= value <= self.high


def mean_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """Return Student's interval of the mean, mean ± t(n-1) s/sqrt(n).

    Exact for independent normal replications (Law, Simulation Modeling and Analysis, ch. 4). One
    replication gives an infinite interval: it says nothing of its own spread.

    Raises
    ------
    ValueError
        No value, a value that is not finite, or a level outside (0, 1).
    """
    sample = _sample(values, level)
    mean = _mean(sample)
    if len(sample) == 1:
        return Interval(mean, -math.inf, math.inf, level, 1)
    half = student_quantile(len(sample) - 1, level) * standard_error(sample)
    return Interval(mean, mean - half, mean + half, level, len(sample))


def outcome_interval(values: ArrayLike, level: float = 0.90) -> Interval:
    """Return the central interval that one more replication falls into with probability `level`.

    Quantiles at rank p (n + 1) (Hyndman & Fan 1996, type 6), whose expected coverage is exactly
    `level` for any continuous distribution once n >= 2/(1 - level) - 1 (19 for 90 %). With fewer
    replications the extremes are returned and the true coverage is (n - 1)/(n + 1).
    """
    sample = _sample(values, level)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(sample, [tail, 1.0 - tail], method="weibull")
    return Interval(_mean(sample), float(low), float(high), level, len(sample), Kind.OUTCOME)


def bootstrap_interval(
    values: ArrayLike,
    statistic: Statistic,
    generator: np.random.Generator,
    *,
    level: float = 0.95,
    resamples: int = 2000,
) -> Interval:
    """Return the percentile bootstrap interval of any statistic (Efron & Tibshirani 1993, ch. 13).

    `generator` comes from a named stream, so the interval is the same at every reading.
    """
    sample = _sample(values, level)
    picks = generator.integers(0, len(sample), size=(resamples, len(sample)))
    replayed = statistic(sample[picks])
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(replayed, [tail, 1.0 - tail])
    point = float(statistic(sample[np.newaxis, :])[0])
    return Interval(point, float(low), float(high), level, len(sample), Kind.STATISTIC)


def bootstrap_quantile(
    values: ArrayLike,
    share: float,
    generator: np.random.Generator,
    *,
    level: float = 0.95,
    resamples: int = 2000,
) -> Interval:
    """Return the bootstrap interval of the quantile at `share` (0.95: the bad year in twenty)."""

    def quantile(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.quantile(rows, share, axis=-1), dtype=np.float64)

    return bootstrap_interval(values, quantile, generator, level=level, resamples=resamples)


def wilson_interval(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Return Wilson's score interval of a rate (Wilson 1927); sound at 0 and at 1.

    Raises
    ------
    ValueError
        No trial, or more successes than trials.
    """
    _check_level(level)
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials: not a rate")
    z2 = NormalDist().inv_cdf(0.5 + level / 2.0) ** 2
    rate = successes / trials
    centre = (rate + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (rate * (1 - rate) + z2 / (4 * trials)) / trials) / (1 + z2 / trials)
    # At 0 and at n the bound is exactly the rate; rounding must not push it past.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return Interval(rate, low, high, level, trials, Kind.RATE)


def student_quantile(freedom: int, level: float) -> float:
    """Return t such that |T| <= t with probability `level`, T Student with `freedom` degrees."""
    from scipy.special import stdtrit  # scipy.stats would cost 1.6 s, this 0.2

    return float(stdtrit(freedom, 0.5 + level / 2.0))


def standard_error(sample: NDArray[np.float64]) -> float:
    """Return s/sqrt(n), s with n - 1 in its denominator."""
    return float(np.std(sample, ddof=1)) / math.sqrt(len(sample))


def _mean(sample: NDArray[np.float64]) -> float:
    # fsum is exact, so the mean does not depend on the order in which workers finished.
    return math.fsum(sample.tolist()) / len(sample)


def _sample(values: ArrayLike, level: float) -> NDArray[np.float64]:
    _check_level(level)
    sample = np.asarray(values, dtype=np.float64).ravel()
    if len(sample) == 0:
        raise ValueError("no value: nothing can be said of an empty sample")
    if not np.isfinite(sample).all():
        raise ValueError("a value is missing or infinite: leaving it out would bias the interval")
    return sample


def _check_level(level: float) -> None:
    if not 0.0 < level < 1.0:
        raise ValueError(f"level {level} is not between 0 and 1")
