"""Daily totals: a gamma or Weibull draw a day, spread over the hours by the profile.

The gamma is drawn by Marsaglia & Tsang's exact method, the Weibull by inversion of one uniform.
Both scale with their mean: a factor moves amounts and no draw.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.waste.filling.dice import day_state, gamma_of_mean_one, uniform

_LEAST_K, _MOST_K = 0.2, 1e3


def weibull_cv(k: float) -> float:
    """Return the coefficient of variation of a Weibull law of shape `k`: 0.511 for 2.05 [D]."""
    log_ratio = math.lgamma(1.0 + 2.0 / k) - 2.0 * math.lgamma(1.0 + 1.0 / k)
    return math.sqrt(math.expm1(log_ratio))


def weibull_k(cv: float) -> float:
    """Return the Weibull shape of a coefficient of variation, to 1e-12; from 0.0013 to 15."""
    low, high = math.log(_LEAST_K), math.log(_MOST_K)
    for _ in range(60):
        middle = 0.5 * (low + high)
        if weibull_cv(math.exp(middle)) > cv:
            low = middle
        else:
            high = middle
    return math.exp(0.5 * (low + high))


@njit(cache=True)
def spread_totals(
    out_l: NDArray[np.float32],
    keys: NDArray[np.uint64],
    ordinals: NDArray[np.int64],
    first_row: NDArray[np.int64],
    share: NDArray[np.float64],
    mean_l: NDArray[np.float64],
    shape: float,
    weibull: bool,
) -> int:
    """Write every day's total, spread over its hours, and return how many were drawn.

    `shape` is the gamma or Weibull shape; infinite for a total that is its mean. Arrays as in
    `deposits.add_deposits`.
    """
    days, points = mean_l.shape
    scale = 1.0
    if weibull and shape < math.inf:
        scale = math.exp(-math.lgamma(1.0 + 1.0 / shape))
    total = np.empty(points)
    drawn = 0
    for day in range(days):
        for point in range(points):
            mean = mean_l[day, point]
            ratio = 1.0
            if mean > 0.0 and shape < math.inf:
                state = day_state(keys[point], ordinals[day])
                drawn += 1
                if weibull:
                    ratio = scale * math.exp(math.log(-math.log(uniform(state, 0))) / shape)
                else:
                    ratio = gamma_of_mean_one(state, shape)
            total[point] = mean * ratio
        for row in range(first_row[day], first_row[day + 1]):
            part = share[row]
            for point in range(points):
                out_l[row, point] = np.float32(part * total[point])
    return drawn
