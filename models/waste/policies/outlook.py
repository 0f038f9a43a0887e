"""What the planning desk believes this morning, and what a policy answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Outlook:
    """Beliefs at the hour of planning, arrays of shape (points,).

    Attributes
    ----------
    day : int
        Days since the start, day 0 included.
    ahead_days : float
        Days until the round after today's could come.
    level_l, level_sd_l : Floats
        What is believed to be in the bins, and how far off that may be.
    coming_l, coming_sd_l : Floats
        What people should bring before the round after today's could come, and how far off that
        may be; the uncertainty of the rate is within it.
    rate_l : Floats
        What people bring on a usual day.
    capacity_l : Floats
        What the bins hold.
    age_days : Floats
        Days since the last emptying.
    reported : Mask
        Somebody called: full, and nobody has come since.
    visit_eur : Floats
        What a visit costs on average, its share of the way to the depot included.
    """

    day: int
    ahead_days: float
    level_l: Floats
    level_sd_l: Floats
    coming_l: Floats
    coming_sd_l: Floats
    rate_l: Floats
    capacity_l: Floats
    age_days: Floats
    reported: Mask
    visit_eur: Floats

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.level_l)


@dataclass(frozen=True, eq=False)
class Selection:
    """Whom to visit today: required points, and what each of the others is worth, euros.

    `prize_eur` is what is lost by not going today; zero means not even a candidate.
    """

    required: Mask
    prize_eur: Floats
