"""The dice of the control links: hashes of what a draw is for, many at once.

A draw is addressed by (fleet, device's name, message) and a purpose, never by when it is asked:
adding a fleet or a device, changing the window or the loss moves no other draw. The hash and the
addressing of messages are those of docs/method/network.md, so that a link which derives its device
keys likewise sees its readings at the same times.

The mixing function and the keys of devices stand in `twin.device_keys`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.device_keys import U8, mix

PERIODIC, ALARM, COMMAND = 0, 1, 4
"""Kinds of messages."""

ARRIVAL, LOSS = 0, 100
"""Purposes of a draw: when a reading is due; whether it is lost."""

_KINDS = np.uint64(8)
_ATTEMPTS = np.uint64(64)
_PURPOSE = 0xD6E8FEB86659FD93
_S11 = np.uint64(11)
_WORD = 2**64


def message_keys(keys: U8, kind: int, numbers: ArrayLike) -> U8:
    """Return the key of message `numbers` of the devices with `keys`, broadcast together."""
    place = np.asarray(numbers).astype(np.uint64) * _KINDS + np.uint64(kind)
    return mix(keys ^ mix(place * _ATTEMPTS))


def units(keys: U8, purpose: int) -> NDArray[np.float64]:
    """Return a draw in (0, 1) for each message key."""
    return np.asarray((mix(keys ^ _SALTS[purpose]) >> _S11) * 2.0**-53 + 2.0**-54)


_SALTS = {purpose: np.uint64(mix(purpose * _PURPOSE % _WORD)[0]) for purpose in (ARRIVAL, LOSS)}
