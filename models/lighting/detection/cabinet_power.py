"""A cabinet's meter: one dead lamp among n, under the noise of a night's reading."""

from __future__ import annotations

import math

FALSE_ALARM_QUANTILE = 3.0902
"""Deviations that leave one false alarm in a thousand nights."""


def night_tells(lamps: float, noise_share: float, quantile: float = FALSE_ALARM_QUANTILE) -> float:
    """Return the chance that a night's reading tells of one dead lamp among so many.

    The lamp is 1/n of the power, the reading has a standard deviation of `noise_share` of it:
    Phi(1/(n s) - 3.09) (sheet A6 [D]).
    """
    return 0.5 * math.erfc(-(1.0 / (lamps * noise_share) - quantile) / math.sqrt(2.0))


def mean_nights(lamps: float, noise_share: float, heard_share: float = 1.0) -> float:
    """Return the mean nights until a dead lamp is told of; nights not heard tell nothing."""
    return 1.0 / (heard_share * night_tells(lamps, noise_share))
