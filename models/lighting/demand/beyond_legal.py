"""Hours lit after the latest the law allows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.lighting.schedules.clock_times import HOUR_S, of_night_s

Floats = NDArray[np.float64]

HALF_HOUR = 0.5


def beyond_h(on_share: NDArray[np.float32], hour: Floats, latest: float | None) -> float:
    """Return the hours of a year lit after the latest, to a half-hour.

    `on_share` is the share of each half-hour with light, `hour` its beginning by the local clock.
    """
    if latest is None:
        return 0.0
    late = np.array([of_night_s(HOUR_S * each) >= of_night_s(latest) for each in range(24)])
    half = np.array(
        [of_night_s(HOUR_S * (each + HALF_HOUR)) >= of_night_s(latest) for each in range(24)]
    )
    whole = hour.astype(np.int64)
    after = np.where(hour - whole < HALF_HOUR, late[whole], half[whole])
    return float(HALF_HOUR * on_share[after].sum(dtype=np.float64))
