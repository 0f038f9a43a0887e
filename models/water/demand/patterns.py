"""The shapes of a day: 24 shares of the day's volume by local hour, each summing to 1.

All [U]: two household peaks and the small hours fixed by the night use; milking and cleaning on
farms, with animals that drink at any hour; day shifts in workshops.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HOURS_A_DAY = 24
NIGHT_HOURS = (2, 3)
"""Local hours of the minimum night flow, 02:00 to 04:00 [V]."""

_WEEKDAY = (1.2, 0.6, 0, 0, 0.7, 1.8, 5.0, 8.2, 7.2, 5.4, 4.8, 5.0,
            6.2, 5.2, 3.8, 3.6, 4.0, 5.4, 7.4, 8.4, 7.0, 4.8, 3.2, 2.0)  # fmt: skip
_WEEKEND = (1.7, 0.9, 0, 0, 0.6, 0.9, 2.0, 4.2, 7.4, 9.0, 8.6, 7.6,
            7.2, 5.8, 4.4, 4.0, 4.2, 5.0, 6.4, 7.2, 6.4, 4.6, 3.2, 2.2)  # fmt: skip
_GARDEN = (0.5, 0, 0, 0, 0, 1, 4, 6, 6, 4, 2, 1, 1, 1, 1, 1, 2, 5, 12, 17, 17, 12, 5, 1.5)
_FARM = (1.5, 1.5, 1.5, 1.5, 2, 4, 9, 9, 6, 4, 4, 4, 4.5, 4, 4, 4, 5, 8, 8, 5, 3, 2.5, 2, 2)
_INDUSTRY = (1, 1, 1, 1, 1, 2, 5, 7, 9, 9, 9, 8, 5, 8, 9, 8, 6, 4, 2, 1, 1, 0.8, 0.6, 0.6)

INDUSTRY_IDLE = 0.15
"""What a workshop draws on a day off, as a part of a working day [U]."""


def household_shapes(night_share: float) -> NDArray[np.float64]:
    """Return weekday and weekend shapes, shape (2, 24).

    `night_share` is the part of the day's volume in each of :data:`NIGHT_HOURS`.
    """
    shapes = np.array([_WEEKDAY, _WEEKEND], dtype=np.float64)
    shapes *= (1.0 - night_share * len(NIGHT_HOURS)) / shapes.sum(axis=1, keepdims=True)
    shapes[:, list(NIGHT_HOURS)] = night_share
    return shapes


def garden_shape() -> NDArray[np.float64]:
    """Return the shape of outdoor use, evenings above all; shape (24,)."""
    return _shares(_GARDEN)


def farm_shape() -> NDArray[np.float64]:
    """Return the shape of a farm's day; shape (24,)."""
    return _shares(_FARM)


def industry_shape() -> NDArray[np.float64]:
    """Return the shape of a workshop's day; shape (24,)."""
    return _shares(_INDUSTRY)


def _shares(weights: tuple[float, ...]) -> NDArray[np.float64]:
    values = np.array(weights, dtype=np.float64)
    return np.asarray(values / values.sum())
