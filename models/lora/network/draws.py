"""The dice of the network: every draw is a hash of what it is for, never of when it is asked.

A draw is addressed by the device's key, the message (kind, number, attempt), a purpose and where
that matters a gateway. Two engines that ask in different orders therefore throw the same dice,
and adding a device, a gateway or an option moves no other draw.

Signatures are explicit because a key may or may not fit 63 bits: left to guess, the compiler would
read small keys as signed and turn their sums into floats.

The mixing function is splitmix64's finaliser (Steele, Lea & Flood, OOPSLA 2014); the normal
quantile is Wichura's AS241 PPND16 (Applied Statistics 37, 1988), accurate to 1e-15.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from twin.splitmix import mix64

PERIODIC, ALARM, ANSWER, JOIN, COMMAND = 0, 1, 2, 3, 4
"""Kinds of messages: a periodic reading, an event-driven one, the answer to a command of a
class-C device, a join-request, a command (downlink)."""

ARRIVAL, CHANNEL, FADING, BACK_OFF, OUTSIDE, OUTSIDE_LEVEL, DOWN_FADING, SLOW_PHASE, SLOW = range(9)
SURVIVAL, ANSWERED = 9, 10
"""Purposes of a draw; the last two are the surrogate's."""

MOST_ATTEMPTS = 64
"""Attempts of one message that have draws of their own."""

_PURPOSE = np.uint64(0xD6E8FEB86659FD93)
_S11 = np.uint64(11)
_HALF_STEP = 2.0**-54
_STEP = 2.0**-53


@njit("uint64(uint64, int64, int64, int64)", cache=True)
def message_key(device_key: int, kind: int, number: int, attempt: int) -> int:
    """Return the key of one attempt of one message of a device; its draws derive from it."""
    place: Any = (np.uint64(number) * np.uint64(8) + np.uint64(kind)) * np.uint64(MOST_ATTEMPTS)
    attempt_bits: Any = np.uint64(attempt)
    return mix64(device_key ^ mix64(place + attempt_bits))


@njit("uint64(int64, uint64)", cache=True)
def place_of(purpose: int, other: int) -> int:
    """Return the half of a draw's hash that concerns its purpose and a gateway, a node or 0."""
    of: Any = np.uint64(purpose) * _PURPOSE
    return mix64(other + of)


@njit("float64(uint64, uint64)", cache=True)
def drawn(key: int, place: int) -> float:
    """Return the draw in (0, 1) of a key at a place (`place_of`)."""
    bits: Any = mix64(key ^ place)
    return float(bits >> _S11) * _STEP + _HALF_STEP


@njit("float64(uint64, int64, uint64)", cache=True)
def unit(key: int, purpose: int, other: int) -> float:
    """Return a draw in (0, 1) for a key and a purpose; `other` is a gateway's key, a node, or 0."""
    return drawn(key, place_of(purpose, other))


@njit("float64(float64)", cache=True)
def quantile(p: float) -> float:
    """Return the standard normal quantile of p in (0, 1) (AS241, PPND16)."""
    q = p - 0.5
    if abs(q) <= 0.425:  # noqa: PLR2004 - AS241's own border between its approximations
        r = 0.180625 - q * q
        top = (
            (
                (
                    (
                        (
                            (2509.0809287301226727 * r + 33430.575583588128105) * r
                            + 67265.770927008700853
                        )
                        * r
                        + 45921.953931549871457
                    )
                    * r
                    + 13731.693765509461125
                )
                * r
                + 1971.5909503065514427
            )
            * r
            + 133.14166789178437745
        ) * r + 3.387132872796366608
        bottom = (
            (
                (
                    (
                        (
                            (5226.495278852545925 * r + 28729.085735721942674) * r
                            + 39307.89580009271061
                        )
                        * r
                        + 21213.794301586595867
                    )
                    * r
                    + 5394.1960214247511077
                )
                * r
                + 687.1870074920579083
            )
            * r
            + 42.313330701600911252
        ) * r + 1.0
        return q * top / bottom
    r = p if q < 0.0 else 1.0 - p
    r = math.sqrt(-math.log(r))
    if r <= 5.0:  # noqa: PLR2004 - AS241's second border
        r -= 1.6
        top = (
            (
                (
                    (
                        (
                            (7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r
                            + 0.24178072517745061177
                        )
                        * r
                        + 1.27045825245236838258
                    )
                    * r
                    + 3.64784832476320460504
                )
                * r
                + 5.7694972214606914055
            )
            * r
            + 4.6303378461565452959
        ) * r + 1.42343711074968357734
        bottom = (
            (
                (
                    (
                        (
                            (1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
                            + 0.0151986665636164571966
                        )
                        * r
                        + 0.14810397642748007459
                    )
                    * r
                    + 0.68976733498510000455
                )
                * r
                + 1.6763848301838038494
            )
            * r
            + 2.05319162663775882187
        ) * r + 1.0
    else:
        r -= 5.0
        top = (
            (
                (
                    (
                        (
                            (2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                            + 0.0012426609473880784386
                        )
                        * r
                        + 0.026532189526576123093
                    )
                    * r
                    + 0.29656057182850489123
                )
                * r
                + 1.7848265399172913358
            )
            * r
            + 5.4637849111641143699
        ) * r + 6.6579046435011037772
        bottom = (
            (
                (
                    (
                        (
                            (2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                            + 1.8463183175100546818e-5
                        )
                        * r
                        + 7.868691311456132591e-4
                    )
                    * r
                    + 0.0148753612908506148525
                )
                * r
                + 0.13692988092273580531
            )
            * r
            + 0.59983220655588793769
        ) * r + 1.0
    return -top / bottom if q < 0.0 else top / bottom


@njit("float64(uint64, int64, uint64)", cache=True)
def normal(key: int, purpose: int, other: int) -> float:
    """Return a standard normal draw for a key and a purpose."""
    return quantile(unit(key, purpose, other))


@njit("float64(uint64, int64, uint64)", cache=True)
def exponential(key: int, purpose: int, other: int) -> float:
    """Return an exponential draw of mean 1 for a key and a purpose."""
    return -math.log(unit(key, purpose, other))
