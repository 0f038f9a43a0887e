"""How long a drop-off point may wait: the probability that it is full, and the longest interval.

What is brought in `t` days is taken for a gamma variable of mean `rate t` and variance::

    (cv rate)^2 [ t + 2 sum_{k=1}^{t-1} (t - k) rho^k ] + (sd rate t)^2

The first term is the renewal sum of daily amounts (rho is their lag-1 correlation, 0.06 in
Amsterdam's residual waste [D]), the second what is not known of the rate itself. Without the last
two terms and with cv = 1 it is the sum of t exponential days, an exact law [D]. A gamma law of the
totals is [U] otherwise: none of the usual laws was accepted on 649,366 weighings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Fault, InputError
from twin.lang import Text, same


def full_probability(
    days: ArrayLike,
    rate_l: ArrayLike,
    cv: ArrayLike,
    capacity_l: ArrayLike,
    *,
    rate_sd: ArrayLike = 0.0,
    correlation: float = 0.0,
) -> NDArray[np.float64]:
    """Return the probability that a point emptied `days` ago is full; arguments broadcast.

    Parameters
    ----------
    days
        Whole days since it was emptied, >= 0, Saturdays and Sundays included.
    rate_l
        Mean litres brought a day, >= 0.
    cv
        Coefficient of variation of one day's litres, >= 0.
    capacity_l
        Litres it holds, > 0.
    rate_sd
        Relative standard deviation of what is known of `rate_l`.
    correlation
        Lag-1 correlation of daily amounts, in [0, 1).

    Raises
    ------
    InputError
        A value out of those ranges.
    """
    from scipy.special import gammaincc

    t = _checked("days", days, 0.0)
    rate = _checked("rate_l", rate_l, 0.0)
    spread = _checked("cv", cv, 0.0)
    doubt = _checked("rate_sd", rate_sd, 0.0)
    room = _checked("capacity_l", capacity_l, np.nextafter(0.0, 1.0))
    rho = float(_checked("correlation", correlation, 0.0, np.nextafter(1.0, 0.0)))
    # Closed form of the double sum of rho^|i - j| over t days.
    weight = t * (1.0 + rho) / (1.0 - rho) - 2.0 * rho * (1.0 - rho**t) / (1.0 - rho) ** 2
    relative = (spread**2 * weight + (doubt * t) ** 2) / np.maximum(t, 1.0) ** 2
    mean = rate * t
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        shape = 1.0 / relative
        found = gammaincc(shape, room / mean * shape)
    # A constant fill has no gamma law, an empty point no mean.
    sure = np.where(mean >= room, 1.0, 0.0)
    known = (relative > 0.0) & (mean > 0.0) & np.isfinite(found)
    return np.asarray(np.where(known, found, sure), dtype=np.float64)


def full_by_day(
    max_days: int,
    rate_l: NDArray[np.float64],
    cv: NDArray[np.float64],
    capacity_l: NDArray[np.float64],
    *,
    rate_sd: float = 0.0,
    correlation: float = 0.0,
) -> NDArray[np.float64]:
    """Return P(full) by point and days waited, shape (points, max_days + 1), never decreasing."""
    table = full_probability(
        np.arange(max_days + 1)[None, :],
        rate_l[:, None],
        cv[:, None],
        capacity_l[:, None],
        rate_sd=rate_sd,
        correlation=correlation,
    )
    return np.asarray(np.maximum.accumulate(table, axis=1), dtype=np.float64)


def longest_wait_days(full: NDArray[np.float64], risk: float) -> NDArray[np.int64]:
    """Return the most days a point may wait with P(full) <= `risk`, shape (points,).

    `full` is :func:`full_by_day`'s table; its last column bounds the answer, and 0 means that one
    day is already too long.

    Raises
    ------
    InputError
        `risk` is not in ]0, 1[.
    """
    if not 0.0 < risk < 1.0:
        raise InputError(
            Fault(
                key="risk",
                value=f"{risk:g}",
                expected=Text("une probabilité entre 0 et 1", "a probability between 0 and 1"),
                remedy=Text("0,05 est usuel", "0.05 is usual"),
            )
        )
    return np.asarray((full[:, 1:] <= risk).sum(axis=1), dtype=np.int64)


def _checked(key: str, values: ArrayLike, low: float, high: float = np.inf) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    wrong = ~((array >= low) & (array <= high) & np.isfinite(array))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            Fault(
                key=f"{key}[{row}]" if array.ndim else key,
                value=f"{array.ravel()[row]:g}",
                expected=same(f"[{low:g}, {high:g}]"),
                remedy=Text("corrigez cette valeur", "mend this value"),
            )
        )
    return array
