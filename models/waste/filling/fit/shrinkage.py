"""Points with few observations lean on the others: empirical Bayes, normal on log rates.

Log rates are taken as normal around a common mean, with the variance between points found by
moments (DerSimonian & Laird 1986). Each point's rate is then the mode of its own likelihood times
that prior: a point seen often keeps its rate, one never seen exactly takes what its "at least" and
the others say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.waste.filling.fit.pieces import Pieces
from models.waste.filling.fit.rates import Rates, derivatives, newton

Floats = NDArray[np.float64]

_LEAST_VARIANCE = 1e-4
"""Points never count as identical: one in a hundred apart at least."""


@dataclass(frozen=True, eq=False)
class Shrunk:
    """Pooled rates.

    `log_rate` and its standard error have shape (points,); `centre` and `spread` are the mean and
    the standard deviation of log rates between points.
    """

    log_rate: Floats
    standard_error: Floats
    centre: float
    spread: float


def shrink(pieces: Pieces, rates: Rates, factor: Floats) -> Shrunk:
    """Return the pooled rate of every point, those without an exact piece too."""
    error2 = rates.standard_error[rates.seen] ** 2
    centre, variance = between(rates.log_rate[rates.seen], error2)
    prior = (centre, max(variance, _LEAST_VARIANCE))
    start = np.where(rates.seen, rates.log_rate, centre)
    everyone = np.ones(len(pieces.ids), dtype=np.bool_)
    theta = newton(pieces, rates.law, factor, start, rates.cv, everyone, prior)
    _, _, information = derivatives(pieces, rates.law, factor, theta, rates.cv)
    error = 1.0 / np.sqrt(np.maximum(information, 0.0) + 1.0 / prior[1])
    return Shrunk(theta, error, centre, math.sqrt(prior[1]))


def between(values: Floats, error2: Floats) -> tuple[float, float]:
    """Return the mean of values known to within `error2`, and their variance beyond it.

    DerSimonian & Laird: Q = sum w (x - mean)², variance = (Q - (n - 1)) / (W - W2 / W), zero where
    negative; then the mean is taken again with weights 1 / (error2 + variance).
    """
    weight = 1.0 / error2
    total = float(weight.sum())
    mean = float(weight @ values) / total
    freedom = len(values) - 1
    scale = total - float(weight @ weight) / total
    variance = 0.0
    if freedom > 0 and scale > 0.0:
        variance = max(0.0, (float(weight @ (values - mean) ** 2) - freedom) / scale)
    weight = 1.0 / (error2 + variance)
    return float(weight @ values) / float(weight.sum()), variance
