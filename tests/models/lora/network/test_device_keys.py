"""Device keys: the same as those of the links without a radio."""

from __future__ import annotations

import numpy as np

from models.links.dice import mix
from models.lora.network.keys import device_keys, mixed, name_words
from twin.streams import Streams


def test_keys_are_those_of_the_other_links() -> None:
    """The key is mix(stream key of the fleet XOR mix(word of the name)), as in `models.links`."""
    streams = Streams(36, 4)
    words = name_words(["36044-0", "36044-1", "36088-0"])
    expected = mix(streams.key64("link", "fleet", "meters") ^ mix(words))
    assert np.array_equal(device_keys(streams, "meters", words), expected)


def test_the_mixing_is_splitmix64() -> None:
    """The mix of 0 is the first output of splitmix64 seeded with 0 [V]."""
    assert int(mixed(np.array([0], dtype=np.uint64))[0]) == 0xE220A8397B1DCDAF


def test_another_device_moves_no_key() -> None:
    """A device's key depends on its fleet's name and its own alone."""
    streams = Streams(36, 0)
    few = device_keys(streams, "bins", name_words(["a", "b"]))
    more = device_keys(streams, "bins", name_words(["z", "a", "b"]))
    assert np.array_equal(more[1:], few)
