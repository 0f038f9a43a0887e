"""The keys of devices: what names each one's dice on every link, from names alone.

A key depends on the replication, the fleet's name and the device's name: never on its place among
others. Links that derive their keys here see the same readings at the same times.

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

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31 = (np.uint64(bits) for bits in (27, 30, 31))


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
    """Return one key a device of the fleet, shape (devices,)."""
    return keys_of(streams, fleet.name, name_words(fleet.ids))


def keys_of(streams: Streams, fleet: str, words: U8) -> U8:
    """Return the keys of devices of the fleet of that name, from the words that name them."""
    return mix(streams.key64("link", "fleet", fleet) ^ mix(words))


def name_words(names: Sequence[str]) -> U8:
    """Return 64 bits that name each device: 1 µs each, the same in every replication."""
    digests = b"".join([blake2b(name.encode(), digest_size=8).digest() for name in names])
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def word_of(*parts: object) -> np.uint64:
    """Return 64 bits that name an event-driven message by what it is (signal, time, ...)."""
    text = "".join(f"{len(part)}:{part};" for part in map(repr, parts))
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little"))
