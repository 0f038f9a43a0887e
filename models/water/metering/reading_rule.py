"""Without frames of its own: leaks found at a reading on foot, by car, or at the bill."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.water.metering.warsmann import TOLD_ABOVE


def found_by_reading_s(
    index_m3: NDArray[np.float64],
    read_s: NDArray[np.float64],
    usual_m3_s: NDArray[np.float64],
    told_after_s: float,
    ratio: float = TOLD_ABOVE,
    after_s: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return when each customer is told, seconds; NaN where no reading shows it.

    Parameters
    ----------
    index_m3
        Index at each reading, shape (meters, readings).
    read_s
        When it is read, shape (meters, readings); NaN where the round missed the meter: the next
        reading then tells of both periods at once, diluted.
    usual_m3_s
        Usual use, m3 a second, shape (meters,).
    told_after_s
        From reading to telling: some days for a round by radio, some weeks for a bill.
    ratio
        A period above `ratio` times the usual is told; 2 is the law's.
    after_s
        Readings before this do not count, shape (meters,): a leak's start. None: all count.
    """
    told = np.full(len(index_m3), np.nan)
    since_s = np.full(len(index_m3), -np.inf) if after_s is None else after_s
    for meter in range(len(index_m3)):
        seen = np.flatnonzero(~np.isnan(read_s[meter]))
        if len(seen) < 2:  # noqa: PLR2004 - a period has two ends
            continue
        volume = np.diff(index_m3[meter, seen])
        usual = usual_m3_s[meter] * np.diff(read_s[meter, seen])
        timely = read_s[meter, seen[1:]] >= since_s[meter]
        high = np.flatnonzero((volume > ratio * usual) & timely)
        if len(high):
            told[meter] = read_s[meter, seen[high[0] + 1]] + told_after_s
    return told
