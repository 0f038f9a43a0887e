"""The hours of civil days: 24 rows a day, 23 and 25 on the two days of the change of clock.

Simulated time never jumps, people live by the clock: a row is an hour elapsed, its share that of
the local hour. The share of the hour skipped in March goes to the next one, that of the hour
played twice in October is split, so that every day's shares sum to 1.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.clock import Calendar
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.units import DAY_S, HOUR_S

HOURS_A_DAY = 24

HOUR_SHARES = tuple(
    percent / 100.0
    for percent in (0, 0, 0, 0, 0, 1, 2, 4, 6, 8, 9, 8, 6, 7, 8, 8, 8, 8, 8, 5, 3, 1, 0, 0)
)
"""Share of a day's deposits in each local hour, 0 to 23: daylight, a dip at noon [U]."""


@dataclass(frozen=True, eq=False)
class Hours:
    """Consecutive civil days and their hours.

    `ordinals`, shape (days,), are proleptic Gregorian day numbers; day d owns rows
    `first_row[d]` to `first_row[d + 1]`, and `share`, shape (rows,), sums to 1 over each.
    """

    ordinals: NDArray[np.int64]
    first_row: NDArray[np.int64]
    share: NDArray[np.float64]


def check_shares(shares: ArrayLike) -> list[Fault]:
    """Return a fault where 24 shares are not positive or zero with a sum of 1."""
    values = np.asarray(shares, dtype=np.float64)
    right = (
        values.shape == (HOURS_A_DAY,)
        and np.isfinite(values).all()
        and (values >= 0.0).all()
        and abs(float(values.sum()) - 1.0) < 1e-9  # noqa: PLR2004 - rounding of 24 decimals
    )
    if right:
        return []
    return [
        Fault(
            key="hour_shares",
            value=f"n = {values.size}, sum = {float(values.sum()):g}, min = {values.min():g}"
            if values.size
            else "∅",
            expected=Text("24 parts positives ou nulles, de somme 1",
                          "24 shares of zero or more that sum to 1"),
            remedy=Text("divisez chaque part par leur somme", "divide each share by their sum"),
        )
    ]  # fmt: skip


def hours_of(calendar: Calendar, first_day: date, days: int, shares: ArrayLike) -> Hours:
    """Return the hours of `days` civil days from local midnight of `first_day`.

    Raises
    ------
    InputError
        Fewer than one day.
    """
    if days < 1:
        raise InputError(
            Fault(
                key="days",
                value=str(days),
                expected=Text("au moins un jour", "at least one day"),
                remedy=Text("donnez un nombre de jours positif", "give a positive number of days"),
            )
        )
    plain = np.asarray(shares, dtype=np.float64)
    midnights = [
        calendar.at(datetime.combine(first_day + timedelta(days=day), time()))
        for day in range(days + 1)
    ]
    blocks = [
        plain if after_s - start_s == DAY_S else _changed(calendar, start_s, after_s, plain)
        for start_s, after_s in pairwise(midnights)
    ]
    return Hours(
        ordinals=first_day.toordinal() + np.arange(days, dtype=np.int64),
        first_row=np.concatenate([[0], np.cumsum([len(block) for block in blocks])]),
        share=np.concatenate(blocks),
    )


def _changed(
    calendar: Calendar, start_s: float, after_s: float, shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the shares of a day that has not 24 hours."""
    rows = round((after_s - start_s) / HOUR_S)
    local = [calendar.local(start_s + HOUR_S * row).hour for row in range(rows)]
    played = Counter(local)
    share = np.array([shares[hour] / played[hour] for hour in local])
    for skipped in set(range(HOURS_A_DAY)) - set(local):
        after = next((row for row, hour in enumerate(local) if hour > skipped), rows - 1)
        share[after] += shares[skipped]
    return share
