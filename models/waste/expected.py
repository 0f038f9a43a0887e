"""What a planner reckons with before anything is measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.waste.filling.law import GAMMA_CV, WEIBULL_CV, Volume
from models.waste.settings import Settings

Floats = NDArray[np.float64]


def expected_cv(settings: Settings, rate_l: Floats) -> Floats:
    """Return the daily variation a planner reckons with, common factor included."""
    filling = settings.filling
    if filling.law == "deposits":
        volume = Volume()
        mean_square = volume.variance_l2 + volume.mean_l**2
        own = mean_square / (volume.mean_l * np.maximum(rate_l, 1.0))
    else:
        cv = GAMMA_CV if filling.law == "gamma" else WEIBULL_CV
        own = np.full(len(rate_l), cv * cv)
    return np.asarray(np.sqrt((1.0 + own) * (1.0 + filling.common_cv**2) - 1.0))
