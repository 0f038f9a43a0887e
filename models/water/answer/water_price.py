"""From what price of a cubic metre on district meters pay: the ratio of two means, by Fieller.

Over worlds, meters save s cubic metres and add c euros of meters, searches, repairs and the rest,
water aside. They pay where p mean(s) = mean(c). The bounds are the prices at which the paired 95 %
interval of p s - c just holds nought (Fieller 1954): a quadratic in p. Searches were decided at the
prices drawn; a service whose water is dearer would search more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.answer.judged import Judged
from twin.decide.intervals import student_quantile
from twin.study.judged import LEVEL

Floats = NDArray[np.float64]
_NEEDED = ("total_eur", "water_eur", "lost_m3")


@dataclass(frozen=True)
class WaterPrice:
    """The price of a cubic metre from which an option pays, EUR; `high` infinite where none may."""

    mean: float
    low: float
    high: float
    n: int


def water_price(told: Judged, current: Judged) -> WaterPrice | None:
    """Return the price from which an option pays against another on the same worlds.

    None where figures lack, worlds are fewer than three, or no water is saved on average.
    """
    own = [told.values(kpi) for kpi in _NEEDED]
    bare = [current.values(kpi) for kpi in _NEEDED]
    less = [a - b for a, b in zip(own, bare, strict=True) if a is not None and b is not None]
    if len(less) < len(_NEEDED):
        return None
    total, water, lost = less
    return fieller(total - water, -lost)


def fieller(cost: Floats, saved: Floats) -> WaterPrice | None:
    """Return mean(cost) / mean(saved) with its bounds; see the module."""
    n = len(cost)
    if n < 3 or float(saved.mean()) <= 0.0:  # noqa: PLR2004 - a covariance of means needs three
        return None
    c, s = float(cost.mean()), float(saved.mean())
    v = np.cov(np.stack([cost, saved])) / n
    t2 = student_quantile(n - 1, LEVEL) ** 2
    a, b, k = s * s - t2 * v[1, 1], s * c - t2 * v[0, 1], c * c - t2 * v[0, 0]
    if a <= 0.0 or b * b < a * k:
        return WaterPrice(c / s, -math.inf, math.inf, n)
    root = math.sqrt(b * b - a * k)
    return WaterPrice(c / s, float((b - root) / a), float((b + root) / a), n)
