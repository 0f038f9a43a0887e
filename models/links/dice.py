"""The dice of the control links: hashes of what a draw is for, many at once.

A draw is addressed by (fleet, device's name, message) and a purpose, never by when it is asked:
adding a fleet or a device, changing the window or the loss moves no other draw. The hash and the
addressing of messages are those of docs/method/network.md, so that a link which derives its device
keys likewise sees its readings at the same times.

The mixing function is splitmix64's finaliser (Steele, Lea & Flood, OOPSLA 2014) [V].
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.signals import Fleet
from twin.streams import Streams

U8 = NDArray[np.uint64]

PERIODIC, ALARM, COMMAND = 0, 1, 4
"""Kinds of messages."""

ARRIVAL, LOSS = 0, 100
"""Purposes of a draw: when a reading is due; whether it is lost."""

_KINDS = np.uint64(8)
_ATTEMPTS = np.uint64(64)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_PURPOSE = 0xD6E8FEB86659FD93
_S11, _S27, _S30, _S31 = (np.uint64(bits) for bits in (11, 27, 30, 31))
_WORD = 2**64


def mix(values: ArrayLike) -> U8:
    """Return the splitmix64 finaliser of each 64-bit word: mix(0) is 0xE220A8397B1DCDAF [V]."""
    word = np.atleast_1d(np.asarray(values, dtype=np.uint64)) + _GOLDEN
    word ^= word >> _S30
    word *= _MIX_1
    word ^= word >> _S27
    word *= _MIX_2
    word ^= word >> _S31
    return word


def device_keys(streams: Streams, fleet: Fleet) -> U8:
    """Return one key a device, from the names of its fleet and of itself."""
    return mix(streams.key64("link", "fleet", fleet.name) ^ mix(_name_words(fleet.ids)))


def message_keys(keys: U8, kind: int, numbers: ArrayLike) -> U8:
    """Return the key of message `numbers` of the devices with `keys`, broadcast together."""
    place = np.asarray(numbers).astype(np.uint64) * _KINDS + np.uint64(kind)
    return mix(keys ^ mix(place * _ATTEMPTS))


def units(keys: U8, purpose: int) -> NDArray[np.float64]:
    """Return a draw in (0, 1) for each message key."""
    return np.asarray((mix(keys ^ _SALTS[purpose]) >> _S11) * 2.0**-53 + 2.0**-54)


_SALTS = {purpose: np.uint64(mix(purpose * _PURPOSE % _WORD)[0]) for purpose in (ARRIVAL, LOSS)}


def word_of(*parts: object) -> np.uint64:
    """Return 64 bits that name an event-driven message by what it is (signal, time, ...)."""
    text = "".join(f"{len(part)}:{part};" for part in map(repr, parts))
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little"))


def _name_words(names: Sequence[str]) -> U8:
    digests = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)
