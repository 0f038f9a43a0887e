"""Euros as whole units where the figures allow it, so that sums are exact and bounds round up."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_CENTS = 100.0
_WHOLE = 1e-6
_EXACT = 2.0**50


def common_unit_eur(cost_eur: NDArray[np.float64]) -> float | None:
    """Return the greatest amount that divides every cost, or None when costs are not whole cents.

    A total cost is then a multiple of this amount: with equal costs, a lower bound of 36.06 sites
    proves 37.
    """
    cents = np.rint(cost_eur * _CENTS)
    whole = np.abs(cents - cost_eur * _CENTS) <= _WHOLE
    if not bool(whole.all()) or float(cents.sum()) > _EXACT:
        return None
    divisor = math.gcd(*(int(c) for c in np.unique(cents)))
    return divisor / _CENTS if divisor > 0 else None
