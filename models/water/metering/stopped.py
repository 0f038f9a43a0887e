"""Meters that stopped: when it is noticed, and what went unregistered until then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.water.metering.delivery import received_or_never
from twin.units import DAY_S


def noticed_s(
    index_m3: NDArray[np.float64],
    sampled_s: NDArray[np.float64],
    delivered: NDArray[np.bool_],
    received_s: NDArray[np.float64],
    still_days: float,
) -> NDArray[np.float64]:
    """Return when each meter's index is first seen to have stood still for `still_days`; (meters,).

    NaN where it never does. An empty home stands still too: on a sound meter this is a false alert.
    Arrays have shape (meters, frames), rising in time.

    Raises
    ------
    DataError
        See :func:`models.water.metering.delivery.received_or_never`.
    """
    heard = received_or_never(delivered, received_s)
    found = np.full(len(heard), np.nan)
    for meter in range(len(heard)):
        came = np.flatnonzero(np.isfinite(heard[meter]))
        if len(came) == 0:
            continue
        index, when = index_m3[meter, came], sampled_s[meter, came]
        moved = np.concatenate([[True], np.diff(index) > 0.0])
        since = when[np.maximum.accumulate(np.where(moved, np.arange(len(came)), 0))]
        still = np.flatnonzero(when - since >= still_days * DAY_S)
        if len(still):
            found[meter] = heard[meter, came[still[0]]]
    return found


def unregistered_m3(
    true_m3: NDArray[np.float64],
    stops_day: NDArray[np.float64],
    noticed: NDArray[np.float64],
    replaced_after_days: float,
) -> NDArray[np.float64]:
    """Return the true use of days from the stop to the meter's replacement, m3; shape (meters,).

    `true_m3` has shape (meters, days); to the end of it where nobody noticed. Notice before the
    stop (a false alert) does not count: the meter was found sound.
    """
    days = true_m3.shape[1]
    told = noticed / DAY_S
    told = np.where(np.isnan(told) | (told < stops_day), np.inf, told)
    begin = np.arange(days)
    end = (told + replaced_after_days)[:, np.newaxis]
    lost = np.minimum(begin + 1, end) - np.maximum(begin, stops_day[:, np.newaxis])
    return np.asarray((true_m3 * np.clip(lost, 0.0, 1.0)).sum(axis=1))
