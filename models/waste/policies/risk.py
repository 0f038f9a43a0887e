"""How likely a point is full before the next round, and for how long: normal beliefs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.waste.policies.outlook import Floats, Outlook

_LEAST_SD_L = 1e-9


def spread_l(outlook: Outlook) -> Floats:
    """Return the standard deviation of the level at the next round, if nobody goes today."""
    return np.asarray(np.hypot(outlook.level_sd_l, outlook.coming_sd_l))


def full_probability(outlook: Outlook) -> Floats:
    """Return P(full before the next round) if nobody goes today, shape (points,).

    The level then is taken as normal; without uncertainty it is 0 or 1.
    """
    from scipy.special import ndtr

    ahead = outlook.level_l + outlook.coming_l - outlook.capacity_l
    return np.asarray(ndtr(ahead / np.maximum(spread_l(outlook), _LEAST_SD_L)))


def full_days(outlook: Outlook) -> Floats:
    """Return the days a point is expected to be full before the next round.

    E[(X - capacity)+] of a normal level X, over what people bring a day; never more than the days
    there are.
    """
    from scipy.special import ndtr

    spread = np.maximum(spread_l(outlook), _LEAST_SD_L)
    ahead = outlook.level_l + outlook.coming_l - outlook.capacity_l
    z = np.clip(ahead / spread, -40.0, 40.0)
    excess_l = ahead * ndtr(z) + spread * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    per_day = np.maximum(outlook.coming_l, _LEAST_SD_L) / outlook.ahead_days
    return np.asarray(np.clip(excess_l / per_day, 0.0, outlook.ahead_days))


def expected_load_l(outlook: Outlook, points: NDArray[np.int64]) -> Floats:
    """Return what a truck should find today in `points`: never more than they hold."""
    return np.asarray(np.clip(outlook.level_l[points], 0.0, outlook.capacity_l[points]))
