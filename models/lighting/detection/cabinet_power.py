"""A cabinet's meter: one dead lamp among n, under the noise of a night's reading."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FALSE_ALARM_QUANTILE = 3.0902
"""Deviations that leave one false alarm in a thousand nights."""


def night_tells(power_share: ArrayLike, noise_share: float) -> NDArray[np.float64]:
    """Return the chance that a night's reading tells of lamps that are a share of the power.

    One lamp among n is 1/n; the reading has a standard deviation of `noise_share` of the power:
    Phi(share / noise - 3.09) (sheet A6 [D]).
    """
    from scipy.special import ndtr

    return np.asarray(ndtr(np.asarray(power_share) / noise_share - FALSE_ALARM_QUANTILE))


def mean_nights(lamps: float, noise_share: float, heard_share: float = 1.0) -> float:
    """Return the mean nights until a dead lamp is told of; nights not heard tell nothing."""
    return 1.0 / (heard_share * float(night_tells(1.0 / lamps, noise_share)))
