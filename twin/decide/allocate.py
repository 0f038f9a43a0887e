"""Where the next runs help most: optimal computing budget allocation.

Options close to the best and options that vary get the runs; those plainly worse get few (Chen,
Lin, Yucesan and Chick 2000, *Simulation budget allocation for further enhancing the efficiency of
ordinal optimization*, DEDS 10). The rule supposes independent runs: on common random numbers it
stays a fair guide, and the probability it quotes is a lower bound by Bonferroni on the pairs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.recorder import Direction

_FEWEST = 2


def ocba_shares(
    means: ArrayLike, deviations: ArrayLike, direction: Direction = Direction.MIN
) -> NDArray[np.float64]:
    """Return the share of all runs that each option should have, shape (k,), summing to one.

    N_i is proportional to (sigma_i/delta_i)^2 with delta_i the gap to the best, and N_best =
    sigma_best sqrt(sum of N_i^2/sigma_i^2). Options equal to the best are given the smallest gap
    met; where all are equal, or nothing varies, shares are equal.

    Parameters
    ----------
    means, deviations : array, shape (k,), k >= 2
        Mean and standard deviation of one run of each option.
    """
    middle = np.asarray(means, dtype=np.float64)
    sigma = np.asarray(deviations, dtype=np.float64)
    if middle.shape != sigma.shape or middle.ndim != 1 or len(middle) < _FEWEST:
        raise ValueError("one mean and one deviation for each of two options or more")
    if not (np.isfinite(middle).all() and np.isfinite(sigma).all() and (sigma >= 0.0).all()):
        raise ValueError("means must be finite, deviations finite and not negative")
    best = int(np.argmax(middle) if direction is Direction.MAX else np.argmin(middle))
    gap = np.abs(middle - middle[best])
    apart = gap[gap > 0.0]
    # An option that never varies still takes part in the ratio: a hair of the largest spread.
    sigma = np.maximum(sigma, 1e-9 * sigma.max(initial=0.0))
    if not len(apart) or sigma.max() == 0.0:
        return np.full(len(middle), 1.0 / len(middle))
    gap[gap == 0.0] = apart.min()
    weight = (sigma / gap) ** 2
    others = np.arange(len(middle)) != best
    weight[best] = sigma[best] * math.sqrt(float(((weight[others] / sigma[others]) ** 2).sum()))
    return np.asarray(weight / weight.sum())


def ocba_next(
    series: Mapping[str, ArrayLike], step: int, direction: Direction = Direction.MIN
) -> dict[str, int]:
    """Return how many of the next `step` runs each option gets, those short of their share first.

    Parameters
    ----------
    series : mapping option -> array, shape (n_i,), n_i >= 2
    """
    names = list(series)
    told = [np.asarray(series[name], dtype=np.float64) for name in names]
    shares = ocba_shares(
        [each.mean() for each in told], [each.std(ddof=1) for each in told], direction
    )
    have = np.array([len(each) for each in told])
    short = np.maximum(shares * (have.sum() + step) - have, 0.0)
    return dict(zip(names, _whole(short / short.sum() * step, step), strict=True))


def chance_right(
    series: Mapping[str, ArrayLike], direction: Direction = Direction.MIN, *, slack: float = 0.0
) -> float:
    """Return a lower bound of the probability that the option best so far is the best.

    1 - sum over the others of P(it is better in truth by more than `slack`), normal, independent
    runs (Chen et al.).
    """
    told = {name: np.asarray(each, dtype=np.float64) for name, each in series.items()}
    sign = 1.0 if direction is Direction.MAX else -1.0
    best = max(told, key=lambda name: sign * float(told[name].mean()))
    error = {name: float(each.var(ddof=1)) / len(each) for name, each in told.items()}
    wrong = 0.0
    for name, each in told.items():
        if name != best:
            gap = sign * float(told[best].mean() - each.mean()) + slack
            spread = math.sqrt(2.0 * (error[best] + error[name]))
            wrong += 0.5 * math.erfc(gap / spread) if spread > 0.0 else 0.5 * (gap == 0.0)
    return max(0.0, 1.0 - wrong)


def _whole(parts: NDArray[np.float64], total: int) -> list[int]:
    """Return whole numbers that sum to `total`: the largest remainders are rounded up."""
    floor = np.floor(parts).astype(int)
    order = np.argsort(-(parts - floor), kind="stable")
    floor[order[: total - int(floor.sum())]] += 1
    return [int(each) for each in floor]
