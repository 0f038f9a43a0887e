"""When leaks are frequent: the season of each material, a year's weather common to all zones."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
from numpy.typing import NDArray

from models.water.leaks.figures import (
    CONNECTION_MONTHS,
    PLASTIC_MONTHS,
    RIGID_MONTHS,
    LeakFigures,
)
from models.water.leaks.run_time import YEAR_DAYS, lognormal
from models.water.network.network import Floats
from twin.streams import Streams
from twin.units import DAY_S

_MONTHS = 12


def season(
    start_s: Floats,
    plastic: NDArray[np.bool_],
    figures: LeakFigures,
    first_day: dt.date,
    *,
    connection: bool,
) -> Floats:
    """Return the frequency at each time over its yearly mean; months are twelfths of the year."""
    day = (first_day.timetuple().tm_yday - 1 + start_s / DAY_S) % YEAR_DAYS
    month = np.minimum((day * _MONTHS / YEAR_DAYS).astype(np.int64), _MONTHS - 1)
    if connection:
        factor = np.array(CONNECTION_MONTHS)[month]
    else:
        factor = np.where(plastic, np.array(PLASTIC_MONTHS)[month], np.array(RIGID_MONTHS)[month])
    return np.asarray(1.0 + figures.season_strength * (factor - 1.0))


def peak(figures: LeakFigures) -> float:
    """Return the highest seasonal factor of all."""
    highest = max(*RIGID_MONTHS, *PLASTIC_MONTHS, *CONNECTION_MONTHS)
    return 1.0 + figures.season_strength * (highest - 1.0)


def weather(figures: LeakFigures, streams: Streams, block: int) -> float:
    """Return the factor that a year's weather puts on every zone: lognormal of mean 1."""
    log_sd = math.sqrt(math.log1p(figures.weather_cv**2))
    u = max(streams.uniform("water", "leaks-weather", str(block)), 1e-12)
    return float(lognormal(u, 1.0, log_sd))
