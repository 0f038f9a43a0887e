"""What people bring, hour by hour and point by point, before saturation."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.waste.filling.daily import spread_totals, weibull_k
from models.waste.filling.deposits import add_deposits
from models.waste.filling.dice import point_keys
from models.waste.filling.factors import day_factors
from models.waste.filling.hours import hours_of
from models.waste.filling.law import Kind, Law
from models.waste.filling.neighbours import shared_factor
from models.waste.filling.places import Places
from twin.clock import Calendar
from twin.streams import Streams

_LEAST_CV = 1e-3
"""Below this a total is its mean."""


def expected_l(
    law: Law, places: Places, calendar: Calendar, first_day: date, days: int
) -> NDArray[np.float64]:
    """Return the mean of each day and point, litres, shape (days, points).

    It is what a planner who knew the law, and no draw, would expect: the common factor of
    neighbours has mean 1 and is not in it. `calendar` is here for its likeness to
    :func:`hourly_l`; a day of 23 or 25 hours receives as much as another.

    Raises
    ------
    InputError
        The law and the points differ in number, or a factor names an unknown point.
    """
    del calendar
    law.check(places)
    return day_factors(law.factors, places, first_day, days) * law.mean_l_day


def hourly_l(
    law: Law,
    places: Places,
    streams: Streams,
    calendar: Calendar,
    first_day: date,
    days: int,
) -> NDArray[np.float32]:
    """Return what people bring to each point in each hour, litres, shape (rows, points).

    Rows are elapsed hours from local midnight of `first_day`: 24 a day, 23 and 25 on the days of
    the change of clock. Days may be drawn in any cut: the pieces, one under the other, are the
    same bits as the whole. Neither another point, nor another order of points, nor an option moves
    a draw.

    Raises
    ------
    InputError
        The law and the points differ in number, a factor names an unknown point, or no day.
    """
    hours = hours_of(calendar, first_day, days, law.factors.hour_shares)
    mean_l = expected_l(law, places, calendar, first_day, days)
    if law.neighbours is not None:
        mean_l *= shared_factor(
            law.neighbours, places, streams, law.stream, first_day.toordinal(), days
        )
    keys = point_keys(places, streams, law.stream)
    out_l = np.zeros((len(hours.share), len(places)), dtype=np.float32)
    if law.kind is Kind.DEPOSITS:
        v = law.volume
        add_deposits(
            out_l, keys, hours.ordinals, hours.first_row, hours.share, mean_l,
            v.low_l, v.mode_l, v.high_l,
        )  # fmt: skip
        return out_l
    weibull = law.kind is Kind.WEIBULL
    cv = law.daily_cv
    shape = math.inf if cv < _LEAST_CV else weibull_k(cv) if weibull else cv**-2
    spread_totals(
        out_l, keys, hours.ordinals, hours.first_row, hours.share, mean_l, shape, weibull
    )  # fmt: skip
    return out_l
