"""The dice of a stream's year: tables of draws by day and by what they are for.

A draw is addressed by (purpose, thing, day): another option, another point or another truck moves
none of the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.device_keys import U8, mix
from twin.streams import Streams

_S11 = np.uint64(11)
_DAY = np.uint64(0x9E3779B97F4A7C15)


def daily_units(streams: Streams, purpose: str, words: U8, days: int) -> NDArray[np.float64]:
    """Return draws in (0, 1), shape (days, things); `words` name the things."""
    keys = mix(streams.key64("waste", purpose) ^ mix(words))
    steps = mix(np.arange(days, dtype=np.uint64) * _DAY)
    bits = mix((keys[np.newaxis, :] ^ steps[:, np.newaxis]).ravel())
    table = (bits >> _S11) * 2.0**-53 + 2.0**-54
    return np.asarray(table, dtype=np.float64).reshape(days, len(words))


def units(streams: Streams, purpose: str, words: U8) -> NDArray[np.float64]:
    """Return one draw in (0, 1) per thing, for the whole year."""
    return np.asarray(daily_units(streams, purpose, words, 1)[0])


def normals(units_: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return standard normal draws from draws in (0, 1)."""
    from scipy.special import ndtri

    return np.asarray(ndtri(units_))


def lognormals(units_: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Return lognormal draws of mean 1 and log-deviation `sigma`."""
    return np.exp(sigma * normals(units_) - 0.5 * sigma * sigma)
