"""The key of each device: what all its dice are named by, whatever its place in any array.

`key = mix(stream key of the fleet's name XOR hash of the device's name)`: the links that do without
a radio derive theirs likewise, so a reading falls due at the same time over any link.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from twin.streams import Streams

U8 = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31 = (np.uint64(bits) for bits in (27, 30, 31))


def name_words(names: Sequence[str]) -> U8:
    """Return 64 bits that name each device: costly (1 µs each), so kept with the device."""
    digests = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def device_keys(streams: Streams, fleet: str, words: U8) -> U8:
    """Return the key of each device of a fleet from the words of their names."""
    return mixed(streams.key64("link", "fleet", fleet) ^ mixed(words))


def mixed(words: U8) -> U8:
    """Return the splitmix64 finaliser of each word (Steele, Lea & Flood, OOPSLA 2014) [V]."""
    bits = np.asarray(words, dtype=np.uint64) + _GOLDEN
    bits = (bits ^ (bits >> _S30)) * _MIX_1
    bits = (bits ^ (bits >> _S27)) * _MIX_2
    return np.asarray(bits ^ (bits >> _S31), dtype=np.uint64)
