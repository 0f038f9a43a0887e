"""What years of a department came to, whichever way they were worked out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Lived(NamedTuple):
    """Sums over the years.

    `dark_h`, `dark_kwh`, `stuck_kwh` and time on site `site_s` by commune; `faults` by
    :class:`Fault`; `done` by :class:`Work` and commune, `known` by :class:`Channel` and commune;
    lamp failures and repairs of either kind; the crews' trips, stops, kilometres and time.
    """

    dark_h: Floats
    dark_kwh: Floats
    stuck_kwh: Floats
    faults: NDArray[np.int64]
    done: NDArray[np.int64]
    site_s: Floats
    known: Floats
    lamp_failures: float
    lantern_failures: float
    known_days: float
    repaired_days: float
    repaired: float
    trips: float
    stops: float
    km: float
    worked_s: float
