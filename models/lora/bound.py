"""The proven bound of a plan, raised to a sum that prices can make."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def attainable(bound_eur: float, prices_eur: NDArray[np.float64]) -> float:
    """Return the least sum of prices that is no less than a bound: no network costs less.

    Exact for one or two prices, which is what sites of two kinds have; the bound itself otherwise.
    """
    prices = np.unique(prices_eur[prices_eur > 0.0])
    if not 1 <= len(prices) <= 2 or bound_eur <= 0.0:  # noqa: PLR2004 - see the docstring
        return bound_eur
    cheap, dear = float(prices[0]), float(prices[-1])
    return min(
        number * dear + max(0, math.ceil((bound_eur - number * dear) / cheap - 1e-9)) * cheap
        for number in range(math.ceil(bound_eur / dear) + 1)
    )


def gap_of(cost_eur: float, bound_eur: float) -> float:
    """Return the relative distance of a cost from its bound."""
    return max(0.0, 1.0 - bound_eur / cost_eur) if cost_eur > 0.0 else 0.0
