"""Long runs: what to throw away at the start, and the interval of one run's mean.

A run that starts empty tells of its start for a while. MSER-5 finds how long from the run itself;
batch means then give an interval from a single run, whose observations are not independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.decide.intervals import Interval, mean_interval

MSER_BATCH = 5
BATCHES = 20
_FEWEST_BATCHES = 2


@dataclass(frozen=True)
class SteadyMean:
    """The mean of one run once its start is thrown away.

    Attributes
    ----------
    interval : Interval
        Student's interval over the means of `interval.n` batches.
    warm_up : int
        Observations thrown away.
    lag_1 : float
        Correlation of successive batch means, in [-1, 1]: far from 0, the batches are too short
        for the interval to be believed.
    """

    interval: Interval
    warm_up: int
    lag_1: float


def mser5(observations: ArrayLike) -> int:
    """Return how many observations to throw away, a multiple of 5, at most half of them.

    The truncation that minimises the standard error of what is left, over means of five (White,
    Cobb and Spratt 2000, *A comparison of five steady-state truncation heuristics*, WSC). Among
    equals the shortest.

    Raises
    ------
    ValueError
        Fewer than ten observations, or one that is not finite.
    """
    values = _sound(observations, 2 * MSER_BATCH)
    count = len(values) // MSER_BATCH
    means = values[: count * MSER_BATCH].reshape(count, MSER_BATCH).mean(axis=1)
    # Sums over what is left at each truncation d: one pass from the end.
    left = np.arange(count, 0, -1, dtype=np.float64)
    centred = means - means.mean()
    total = np.cumsum(centred[::-1])[::-1]
    squares = np.cumsum((centred**2)[::-1])[::-1]
    statistic = np.maximum(squares - total**2 / left, 0.0) / left**2
    return int(np.argmin(statistic[: count // 2 + 1])) * MSER_BATCH


def batch_means(observations: ArrayLike, batches: int = BATCHES) -> NDArray[np.float64]:
    """Return the means of `batches` equal batches, shape (batches,); the first few that do not
    fill one are left out.

    Raises
    ------
    ValueError
        Fewer than two batches, or fewer observations than batches.
    """  # noqa: D205 - one sentence
    if batches < _FEWEST_BATCHES:
        raise ValueError(f"{batches} batches: at least two make a spread")
    values = _sound(observations, batches)
    size = len(values) // batches
    rows = values[len(values) - size * batches :].reshape(batches, size)
    return np.asarray(rows.mean(axis=1))


def steady_mean(
    observations: ArrayLike, *, level: float = 0.95, batches: int = BATCHES
) -> SteadyMean:
    """Return the steady-state mean of one run: MSER-5, then batch means (Law, ch. 9.5.3)."""
    values = np.asarray(observations, dtype=np.float64)
    warm_up = mser5(values)
    means = batch_means(values[warm_up:], batches)
    return SteadyMean(mean_interval(means, level), warm_up, _lag_1(means))


def _lag_1(means: NDArray[np.float64]) -> float:
    gap = means - means.mean()
    scale = float(gap @ gap)
    return float(gap[1:] @ gap[:-1]) / scale if scale > 0.0 else 0.0


def _sound(observations: ArrayLike, fewest: int) -> NDArray[np.float64]:
    values = np.asarray(observations, dtype=np.float64).ravel()
    if len(values) < fewest:
        raise ValueError(f"{len(values)} observations: at least {fewest} are needed")
    if not np.isfinite(values).all():
        raise ValueError("an observation is missing or infinite")
    return values
