"""The dice of lamps and cabinets: one draw a thing, purpose and time it is drawn.

A draw is named by the thing's own key and how often it has been asked before: another lamp, another
option or another order of events moves no other draw.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.device_keys import U8, mix, name_words, word_of
from twin.streams import Streams

Floats = NDArray[np.float64]

_S11 = np.uint64(11)


def keys_of(streams: Streams, fleet: str, words: U8) -> U8:
    """Return the keys of things of one kind in one replication; `words` name them."""
    return keys_from(streams.key64("lighting", fleet), words)


def keys_from(key: np.uint64, words: U8) -> U8:
    """Return the keys of things from the one of their kind in a replication."""
    return mix(key ^ mix(words))


def words_of(names: Sequence[str]) -> U8:
    """Return 64 bits that name each thing, the same in every replication."""
    return name_words(names)


def units(keys: U8, purpose: str, number: NDArray[np.int64] | int = 0) -> Floats:
    """Return one draw in (0, 1) a key; `number` counts earlier draws of the same purpose."""
    counted = mix(np.asarray(number, dtype=np.uint64))
    bits = mix(keys ^ word_of(purpose) ^ counted)
    return np.asarray((bits >> _S11) * 2.0**-53 + 2.0**-54)


def exponentials(keys: U8, purpose: str, number: NDArray[np.int64] | int = 0) -> Floats:
    """Return one exponential draw of mean 1 a key."""
    return np.asarray(-np.log(units(keys, purpose, number)))
