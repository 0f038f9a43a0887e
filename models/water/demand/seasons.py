"""What a day's date does: season, dry weeks, holidays, who is away.

Whole calendar years, one value a day.
"""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from models.water.demand.figures import DemandFigures
from models.water.demand.patterns import INDUSTRY_IDLE
from twin.clock import french_holidays
from twin.streams import Streams

_FRIDAY = 4
_PEAK_DAY = 205.0
"""24 July: the middle of the warm season [U]."""
_WARM = ((5, 1), (9, 30))
_AUGUST = ((8, 1), (8, 21))
_AUGUST_INDUSTRY = 0.6
"""Workshops in the first three weeks of August [U]."""
_SUMMER_INDOOR = 0.04
"""Showers: indoor use 4 % above its mean at the peak, 4 % below in January [U]."""
_HOT_FARM = 0.1
"""Share of a dry week's excess that animals drink [U]."""
_AWAY_SUMMER = ((7, 15), (8, 20))
_SECOND = (
    ((1, 1), (12, 31), 0.05),
    ((4, 10), (5, 31), 0.12),
    ((7, 1), (7, 31), 0.30),
    ((8, 1), (8, 24), 0.45),
    ((10, 20), (11, 4), 0.12),
    ((12, 20), (12, 31), 0.15),
)
"""Share of second homes in use, the last line that holds [U]."""


@dataclass(frozen=True, eq=False)
class Seasons:
    """Days of whole calendar years; arrays of shape (days,).

    `indoor` has, times the homes present, a mean of 1 over each calendar year; `garden` a mean of
    1 over the years' dice; `farm` and `industry` a mean of 1 over each year but for dry weeks.
    """

    first: date
    weekend: NDArray[np.bool_]
    indoor: NDArray[np.float64]
    garden: NDArray[np.float64]
    farm: NDArray[np.float64]
    industry: NDArray[np.float64]
    absent_share: NDArray[np.float64]
    second_share: NDArray[np.float64]


def seasons(first_year: int, last_year: int, figures: DemandFigures, streams: Streams) -> Seasons:
    """Return the days of calendar years, both included."""
    years = [_year(year, figures, streams) for year in range(first_year, last_year + 1)]
    joined = {
        name: np.concatenate([getattr(year, name) for year in years])
        for name in ("weekend", "indoor", "garden", "farm", "industry", "absent_share",
                     "second_share")
    }  # fmt: skip
    return Seasons(first=date(first_year, 1, 1), **joined)


def _year(year: int, figures: DemandFigures, streams: Streams) -> Seasons:
    first = date(year, 1, 1)
    count = 366 if calendar.isleap(year) else 365
    days = [first + timedelta(days=day) for day in range(count)]
    holidays = french_holidays(year)
    off = np.array([day.weekday() > _FRIDAY or day in holidays for day in days])
    wave = np.cos(2.0 * math.pi * (np.arange(1, count + 1) - _PEAK_DAY) / count)
    absent = np.full(count, figures.absent_share)
    absent[_between(year, *_AWAY_SUMMER)] = figures.absent_summer_share
    second = np.empty(count)
    for begin, end, share in _SECOND:
        second[_between(year, begin, end)] = share
    indoor = 1.0 + _SUMMER_INDOOR * wave
    dry = _dry(year, count, figures, streams)
    warm = np.zeros(count)
    span = _between(year, *_WARM)
    warm[span] = np.sin(
        math.pi * (np.arange(span.stop - span.start) + 0.5) / (span.stop - span.start)
    )
    farm = 1.0 + figures.farm_summer_amplitude * wave
    work = np.where(off, INDUSTRY_IDLE, 1.0)
    work[_between(year, *_AUGUST)] *= _AUGUST_INDUSTRY
    return Seasons(
        first=first,
        weekend=off,
        indoor=indoor / np.mean(indoor * (1.0 - absent)),
        garden=warm / warm.mean() * dry,
        farm=farm / farm.mean() * (1.0 + _HOT_FARM * warm * (dry - 1.0)),
        industry=work / work.mean(),
        absent_share=absent,
        second_share=second,
    )


def _dry(year: int, days: int, figures: DemandFigures, streams: Streams) -> NDArray[np.float64]:
    """Return the year's dryness by day, of mean 1 over the dice; three weeks hang together."""
    dice = streams.generator("water", "weather", str(year))
    whole = figures.dry_year_sigma * dice.standard_normal()
    weeks = dice.standard_normal(days // 7 + 4)
    smooth = np.convolve(weeks, np.full(3, 1.0 / math.sqrt(3.0)), mode="valid")
    log = whole + figures.dry_week_sigma * smooth[np.arange(days) // 7]
    half = 0.5 * (figures.dry_year_sigma**2 + figures.dry_week_sigma**2)
    return np.exp(log - half)


def _between(year: int, begin: tuple[int, int], end: tuple[int, int]) -> slice:
    first = date(year, 1, 1)
    return slice((date(year, *begin) - first).days, (date(year, *end) - first).days + 1)
