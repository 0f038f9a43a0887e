"""True volumes of each meter: a node's day shared among meters, a meter's day among hours.

A node's household day is shared in the ratio of independent draws whose shape goes with each home's
expected use. For gamma laws of one scale that is exact: shares of a gamma total are such that the
parts are independent gammas (Lukacs 1955) [V]. So meters add up to what the network carried, each
with its own expected use and dice. Farms and workshops have a meter each and take their whole part.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.demand.kernel import HOURS, is_in
from models.water.demand.model import DailyDemand, DemandModel
from models.water.demand.spread import quantile, row_of, spread_table
from models.water.demand.timetable import FARM, GARDEN, INDUSTRY, PERSON
from models.water.metering.meters import Customer, Meters
from twin.splitmix import mix64

SHARE_EVENT_L = 42.0
"""Volume that gives a home of 310 L a day a cv of 0.45 from day to day [U]."""

_DAY = np.uint64(0xD1B54A32D192ED03)
_HOUR = np.uint64(0xABC98388FB8FAC03)


def daily_m3(
    meters: Meters, demand: DemandModel, first_day: int, drawn: DailyDemand
) -> NDArray[np.float64]:
    """Return true volumes of whole days, m3; shape (meters, days).

    `drawn` is `demand.daily(first_day, days)`: each node's meters sum to it.
    """
    table = demand.timetable
    days = drawn.household.shape[1]
    span = slice(first_day, first_day + days)
    out = np.empty((len(meters), days))
    homes = demand.homes
    _share_days(
        out,
        np.ascontiguousarray(drawn.household),
        table.day_words[span],
        table.week_words[span],
        homes.first,
        homes.key,
        homes.values,
        np.stack(
            [
                table.daily(PERSON)[span],
                table.daily(GARDEN)[span],
                table.absent_share[span],
                table.second_share[span],
                table.restricted[span].astype(np.float64),
            ],
            axis=1,
        ),
        spread_table(),
    )
    for customer, volumes in ((Customer.FARM, drawn.farm), (Customer.INDUSTRY, drawn.industry)):
        mine = meters.customer == customer
        out[mine] = volumes[meters.node[mine]]
    return out


def hourly_l(
    meters: Meters,
    rows: NDArray[np.int64],
    demand: DemandModel,
    first_day: int,
    days_m3: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return true hourly volumes of some meters, L; shape (rows, 24 days).

    `days_m3`, shape (rows, days), are those meters' days from :func:`daily_m3`; the hours of a day
    add up to it, uses falling where the habits of that hour put them.
    """
    table = demand.timetable
    days = days_m3.shape[1]
    span = slice(HOURS * first_day, HOURS * (first_day + days))
    customer = meters.customer[rows]
    profile = np.where(customer == Customer.FARM, FARM, INDUSTRY)
    profile[customer <= Customer.SECOND] = PERSON
    homes = demand.homes
    garden_part = np.zeros(len(rows))
    is_home = customer <= Customer.SECOND
    own = rows[is_home]  # homes come first among meters, in the same order
    garden_part[is_home] = homes.garden[own] / homes.people[own]
    events_l = np.tile(table.event_l[span], (4, 1))
    events_l[FARM] = demand.figures.farm_event_l
    events_l[INDUSTRY] = demand.figures.industry_event_l
    out = np.empty((len(rows), HOURS * days))
    _share_hours(
        out,
        np.ascontiguousarray(days_m3),
        meters.key[rows],
        profile.astype(np.int64),
        garden_part,
        np.ascontiguousarray(table.rates[:, span]),
        events_l,
        table.hour_words[span],
        spread_table(),
    )
    return out


@njit(cache=True, inline="always")
def _home_l(
    home: int,
    week_word: Any,
    day: NDArray[np.float64],
    keys: NDArray[np.uint64],
    values: NDArray[np.float64],
) -> float:
    """Return a home's expected use of a day, L; rows as in :func:`_share_days`."""
    share = day[3] if values[0, home] > 0.0 else 1.0 - day[2]
    mean: float = 0.0
    if is_in(keys[home], week_word, share):
        mean = values[1, home] * day[0]
    mean += values[3 if day[4] > 0.0 else 2, home] * day[1]
    return mean


@njit(cache=True)
def _share_days(
    out: NDArray[np.float64],
    node_m3: NDArray[np.float64],
    day_words: NDArray[np.uint64],
    week_words: NDArray[np.uint64],
    first: NDArray[np.int64],
    keys: NDArray[np.uint64],
    values: NDArray[np.float64],
    daily: NDArray[np.float64],
    table: NDArray[np.float32],
) -> None:
    """Fill the rows of homes with their part of the node's day.

    `values` has rows second, people, garden, garden of who disobeys; `daily`, shape (days, 5), has
    columns L of a person, of a garden, absent share, second share, restricted.
    """
    lam = np.empty(1)
    bits = lam.view(np.int64)
    for node in range(len(first) - 1):
        homes = range(first[node], first[node + 1])
        for day in range(node_m3.shape[1]):
            word = day_words[day] ^ _DAY
            total = 0.0
            likely = 0.0
            for home in homes:
                mean = _home_l(home, week_words[day], daily[day], keys, values)
                lam[0] = mean / SHARE_EVENT_L
                weight = mean * quantile(table, row_of(bits[0]), mix64(keys[home] ^ word))
                out[home, day] = weight
                total += weight
                likely += mean
            if total > 0.0:
                for home in homes:
                    out[home, day] *= node_m3[node, day] / total
            elif likely > 0.0:
                # Nobody drew by these dice, yet the node did: by expected use.
                for home in homes:
                    mean = _home_l(home, week_words[day], daily[day], keys, values)
                    out[home, day] = node_m3[node, day] * mean / likely


@njit(cache=True)
def _share_hours(
    out: NDArray[np.float64],
    days_m3: NDArray[np.float64],
    keys: NDArray[np.uint64],
    profile: NDArray[np.int64],
    garden: NDArray[np.float64],
    rates: NDArray[np.float64],
    event_l: NDArray[np.float64],
    hour_words: NDArray[np.uint64],
    table: NDArray[np.float32],
) -> None:
    """Fill hours: compound draws of the hour's expected use, scaled to the day.

    `event_l` has the rows of `rates`; `garden` is 0 for all but homes.
    """
    lam = np.empty(1)
    bits = lam.view(np.int64)
    habit = np.empty(HOURS)
    for meter in range(len(days_m3)):
        row = profile[meter]
        for day in range(days_m3.shape[1]):
            begin = HOURS * day
            volume_l = 1000.0 * days_m3[meter, day]
            for i in range(HOURS):
                habit[i] = rates[row, begin + i] + garden[meter] * rates[GARDEN, begin + i]
            habit *= volume_l / habit.sum()
            total = 0.0
            for i in range(HOURS):
                lam[0] = habit[i] / event_l[row, begin + i]
                state = mix64(keys[meter] ^ _HOUR ^ hour_words[begin + i])
                value = habit[i] * quantile(table, row_of(bits[0]), state)
                out[meter, begin + i] = value
                total += value
            for i in range(HOURS):
                if total > 0.0:
                    out[meter, begin + i] *= volume_l / total
                else:
                    out[meter, begin + i] = habit[i]
