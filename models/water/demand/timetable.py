"""What every zone shares: rates hour by hour from the start, seasons, holidays, drought orders.

Hours are elapsed ones; people live by the clock in Paris, so a rate is that of its local hour. A
*day* is 24 elapsed hours from local midnight of the start: it begins at 01:00 of summer time when
the start is in winter, as the days of a meter that knows no summer time do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.water.demand.figures import DemandFigures
from models.water.demand.patterns import (
    HOURS_A_DAY,
    NIGHT_HOURS,
    farm_shape,
    garden_shape,
    household_shapes,
    industry_shape,
)
from models.water.demand.seasons import seasons
from twin.clock import PARIS
from twin.device_keys import U8, mix
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.streams import Streams

PERSON, GARDEN, FARM, INDUSTRY = 0, 1, 2, 3
"""Rows of :attr:`Timetable.rates`."""

DAYS_A_WEEK = 7
_FIRST_NIGHT_EVENT, _LAST_NIGHT_EVENT = 0, 5
"""Local hours, both included, whose uses are night uses [U]."""


@dataclass(frozen=True, eq=False)
class Timetable:
    """Rates of every hour from a start; built once for all zones.

    Attributes
    ----------
    start : date
        Its local midnight is hour 0.
    rates : NDArray[np.float64]
        Shape (4, hours): L/h of a person at home; L/h outdoors of a person with a garden; factor
        of mean 1 of farms; of industry.
    event_l : NDArray[np.float64]
        Mean volume of a household use; shape (hours,).
    local_hour : NDArray[np.int8]
        Hour on the clock in Paris; shape (hours,).
    absent_share, second_share : NDArray[np.float64]
        Main homes away, second homes in use; shape (days,).
    restricted : NDArray[np.bool_]
        Days of a drought order; shape (days,).
    """

    start: date
    rates: NDArray[np.float64]
    event_l: NDArray[np.float64]
    local_hour: NDArray[np.int8]
    absent_share: NDArray[np.float64]
    second_share: NDArray[np.float64]
    restricted: NDArray[np.bool_]

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.restricted)

    @property
    def hours(self) -> int:
        """Number of hours."""
        return len(self.event_l)

    @cached_property
    def hour_words(self) -> U8:
        """What names each hour in dice, whatever the start; shape (hours,)."""
        first = np.uint64(HOURS_A_DAY * self.start.toordinal())
        return mix(first + np.arange(self.hours, dtype=np.uint64))

    @cached_property
    def day_words(self) -> U8:
        """What names each day in dice; shape (days,)."""
        return mix(np.uint64(self.start.toordinal()) + np.arange(self.days, dtype=np.uint64))

    @cached_property
    def week_words(self) -> U8:
        """What names each day's week, Monday to Sunday, in dice; shape (days,)."""
        ordinals = np.uint64(self.start.toordinal()) + np.arange(self.days, dtype=np.uint64)
        return mix((ordinals - np.uint64(1)) // np.uint64(DAYS_A_WEEK))

    @property
    def at_night(self) -> NDArray[np.bool_]:
        """Which hours are local 02:00 to 04:00; shape (hours,)."""
        return np.isin(self.local_hour, NIGHT_HOURS)

    def daily(self, row: int) -> NDArray[np.float64]:
        """Return the sum of a row's 24 rates by day, shape (days,)."""
        return np.asarray(self.rates[row].reshape(self.days, HOURS_A_DAY).sum(axis=1))


def timetable(
    start: date,
    days: int,
    figures: DemandFigures,
    streams: Streams,
    restricted: ArrayLike | None = None,
) -> Timetable:
    """Return the timetable of `days` days from local midnight of `start`.

    Parameters
    ----------
    restricted
        Whether a drought order holds, shape (days,); never if None.

    Raises
    ------
    InputError
        Fewer than one day, or orders of another length.
    """
    orders = (
        np.zeros(max(days, 0), np.bool_) if restricted is None else np.asarray(restricted, bool)
    )
    if days < 1 or orders.shape != (days,):
        raise InputError(
            Fault(
                key="days, restricted",
                value=f"{days}, {orders.shape}",
                expected=Text("au moins un jour, et un arrêté ou non par jour",
                              "at least one day, and an order or none a day"),
                remedy=Text("donnez une valeur par jour simulé", "give one value a simulated day"),
            )
        )  # fmt: skip
    begin = datetime.combine(start, time(), PARIS).astimezone(UTC)
    hours = HOURS_A_DAY * days
    local = [(begin + timedelta(hours=hour)).astimezone(PARIS) for hour in range(hours)]
    last = local[-1].date()
    known = seasons(start.year, last.year, figures, streams)
    day = np.array([moment.date().toordinal() for moment in local]) - known.first.toordinal()
    clock = np.array([moment.hour for moment in local], dtype=np.int8)
    rates = np.empty((4, hours))
    shapes = household_shapes(figures.night_l_per_person_h / figures.l_per_person_day)
    indoor_l = figures.l_per_person_day * (1.0 - figures.garden_share)
    # The night use is given for a resident at home, all uses counted: the garden sleeps then.
    night = np.isin(clock, NIGHT_HOURS)
    rates[PERSON] = indoor_l * known.indoor[day] * shapes[known.weekend[day].astype(int), clock]
    rates[PERSON, night] = figures.night_l_per_person_h
    rates[GARDEN] = (
        figures.l_per_person_day * figures.garden_share * known.garden[day] * garden_shape()[clock]
    )
    rates[FARM] = HOURS_A_DAY * known.farm[day] * farm_shape()[clock]
    rates[INDUSTRY] = HOURS_A_DAY * known.industry[day] * industry_shape()[clock]
    rates[PERSON, np.repeat(orders, HOURS_A_DAY)] *= figures.restricted_indoor
    early = (clock >= _FIRST_NIGHT_EVENT) & (clock <= _LAST_NIGHT_EVENT)
    first = (start - known.first).days
    return Timetable(
        start=start,
        rates=rates,
        event_l=np.where(early, figures.night_event_l, figures.day_event_l),
        local_hour=clock,
        absent_share=known.absent_share[first : first + days],
        second_share=known.second_share[first : first + days],
        restricted=orders,
    )
