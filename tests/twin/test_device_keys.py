"""A device's dice are named by what it is called, and by nothing else."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from twin.device_keys import device_keys, keys_of, mix, name_words, word_of
from twin.signals import AssetId, Fleet, Signal
from twin.streams import Streams

GOLDEN = 0x9E3779B97F4A7C15


def fleet(size: int, name: str = "meters") -> Fleet:
    """Return a fleet of a size."""
    zero = np.zeros(size)
    return Fleet(name, Signal("water_index", "m3"), zero, zero, zero, 86_400.0, zero, 12)


def test_splitmix64() -> None:
    """The first three outputs of splitmix64 seeded with 0 are the published ones."""
    states = [0, GOLDEN, 2 * GOLDEN % 2**64]
    expected = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert [int(word) for word in mix(states)] == expected


def test_device_keys_follow_names() -> None:
    """A device's key depends on the names of its fleet and itself and on the replication only."""
    streams = Streams(1, 0)
    keys = device_keys(streams, fleet(5))
    assert np.array_equal(keys[:3], device_keys(streams, fleet(3)))
    moved = replace(fleet(5), asset_ids=tuple(AssetId(f"meters/{i}") for i in (4, 3, 2, 1, 0)))
    assert np.array_equal(keys[::-1], device_keys(streams, moved))
    renamed = replace(fleet(5), name="bins", asset_ids=fleet(5).ids)
    others = (device_keys(streams, renamed), device_keys(Streams(1, 1), fleet(5)))
    assert len({int(key) for some in (keys, *others) for key in some}) == 15


def test_device_keys_keep_their_bits() -> None:
    """The keys are those every earlier result was drawn with."""
    keys = device_keys(Streams(36, 2), fleet(3))
    assert [int(key) for key in keys] == KEPT
    assert np.array_equal(keys, keys_of(Streams(36, 2), "meters", name_words(fleet(3).ids)))


KEPT = [1650831417145387945, 2614473306806314015, 8352721854359230248]


def test_a_department_is_named_quickly() -> None:
    """120,000 devices take well under a second of processor time."""
    department = fleet(120_000)
    assert len(department.ids) == 120_000
    begin_s = time.process_time()
    keys = device_keys(Streams(1, 0), department)
    assert time.process_time() - begin_s < 0.9
    assert len(np.unique(keys)) == 120_000


def test_words_tell_parts_apart() -> None:
    """An event is named by all its parts, in order."""
    words = {int(word_of(*parts)) for parts in (("a", 1.0), ("a", 1.5), ("a1", 0.0), (1.0, "a"))}
    assert len(words) == 4
    assert word_of("a", 1.0) == word_of("a", 1.0)
