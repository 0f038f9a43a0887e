"""How complete the indices are: each day's by the next evening, each quarter's for its bill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.metering.delivery import nearest_index, received_or_never
from twin.units import DAY_S


@dataclass(frozen=True, eq=False)
class QuarterBills:
    """Bills at the ends of periods; arrays of shape (meters, ends - 1) unless said otherwise.

    Attributes
    ----------
    complete : NDArray[np.bool_]
        An index within the tolerance of each end; shape (meters, ends).
    estimated : NDArray[np.bool_]
        One of the period's two ends had none.
    billed_m3 : NDArray[np.float64]
        Difference of the two ends' indices, true or estimated; NaN before any index.
    """

    complete: NDArray[np.bool_]
    estimated: NDArray[np.bool_]
    billed_m3: NDArray[np.float64]


def daily_completeness(
    sampled_s: NDArray[np.float64],
    delivered: NDArray[np.bool_],
    received_s: NDArray[np.float64],
    days: int,
) -> NDArray[np.float64]:
    """Return the share of meters whose index of day D was there by the end of D + 1; shape (days,).

    Index of day D: one sampled within it, 24 h from second 86,400 D. Arrays have shape (meters,
    frames).

    Raises
    ------
    DataError
        See :func:`models.water.metering.delivery.received_or_never`.
    """
    heard = received_or_never(delivered, received_s)
    day = np.floor(sampled_s / DAY_S).astype(np.int64)
    timely = (heard < (day + 2) * DAY_S) & (day >= 0) & (day < days)
    meter = np.broadcast_to(np.arange(len(day))[:, np.newaxis], day.shape)
    have = np.zeros((len(day), days), dtype=np.bool_)
    have[meter[timely], day[timely]] = True
    return np.asarray(have.mean(axis=0))


def quarter_bills(
    index_m3: NDArray[np.float64],
    sampled_s: NDArray[np.float64],
    delivered: NDArray[np.bool_],
    received_s: NDArray[np.float64],
    ends_s: NDArray[np.float64],
    within_s: float,
    issued_after_s: float,
) -> QuarterBills:
    """Return who can be billed on a true index, and what is billed.

    An end takes the delivered index sampled nearest to it, within `within_s`, and received before
    the bill is made `issued_after_s` after the end. Failing that the last two indices at least a
    day apart are prolonged in a straight line; with one, it stands as it is.

    Parameters
    ----------
    index_m3, sampled_s, delivered, received_s
        Frames, rising in time; shape (meters, frames).
    ends_s
        Ends of periods, rising, the first one being the start of the first period; shape (ends,).

    Raises
    ------
    DataError
        See :func:`models.water.metering.delivery.received_or_never`.
    """
    heard = received_or_never(delivered, received_s)
    meters = len(heard)
    complete = np.zeros((meters, len(ends_s)), dtype=np.bool_)
    value = np.full((meters, len(ends_s)), np.nan)
    for column, end_s in enumerate(ends_s):
        had = heard < end_s + issued_after_s
        value[:, column], _, away = nearest_index(index_m3, sampled_s, had, float(end_s))
        complete[:, column] = away <= within_s
        for meter in np.flatnonzero(~complete[:, column]):
            value[meter, column] = _prolonged(
                index_m3[meter, had[meter]], sampled_s[meter, had[meter]], float(end_s)
            )
    return QuarterBills(
        complete=complete,
        estimated=~(complete[:, 1:] & complete[:, :-1]),
        billed_m3=np.diff(value, axis=1),
    )


def _prolonged(index_m3: NDArray[np.float64], sampled_s: NDArray[np.float64], at_s: float) -> float:
    """Return the index at `at_s` by a straight line through what was heard."""
    before = np.flatnonzero(sampled_s <= at_s)
    if len(before) == 0:
        return float(index_m3[0]) if len(index_m3) else np.nan
    last = before[-1]
    earlier = before[sampled_s[before] <= sampled_s[last] - DAY_S]
    if len(earlier) == 0:
        return float(index_m3[last])
    first = earlier[0]
    slope = (index_m3[last] - index_m3[first]) / (sampled_s[last] - sampled_s[first])
    return float(index_m3[last] + slope * (at_s - sampled_s[last]))
