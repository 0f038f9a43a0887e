"""The dice of the control links are splitmix64's, named, and those of the network's method page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.links.dice import (
    ARRIVAL,
    COMMAND,
    LOSS,
    PERIODIC,
    device_keys,
    message_keys,
    mix,
    units,
    word_of,
)
from models.lora.network import draws
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


def test_the_arrival_dice_are_those_of_the_radio_engines() -> None:
    """Same device key, same reading, same draw, bit for bit: swapping the link moves no reading."""
    keys = mix(np.arange(50))
    here = units(message_keys(keys, PERIODIC, np.arange(50) * 37), ARRIVAL)
    there = [
        draws.unit(
            draws.message_key(key, draws.PERIODIC, number * 37, 0), draws.ARRIVAL, np.uint64(0)
        )
        for number, key in enumerate(keys)
    ]
    assert here.tolist() == there


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


def test_draws_are_uniform_and_apart() -> None:
    """200,000 draws fill twenty bins evenly; kinds, purposes and numbers are uncorrelated."""
    keys = device_keys(Streams(2, 0), fleet(200))[:, None]
    numbers = np.arange(1_000)
    drawn = units(message_keys(keys, PERIODIC, numbers), LOSS)
    counts = np.bincount((drawn * 20).astype(int).ravel(), minlength=20)
    assert np.sum((counts - 10_000) ** 2 / 10_000) < 43.8  # chi-square, 19 degrees, 0.1 %
    others = (
        units(message_keys(keys, PERIODIC, numbers), ARRIVAL),
        units(message_keys(keys, COMMAND, numbers), LOSS),
        np.roll(drawn, 1, axis=1),
        np.roll(drawn, 1, axis=0),
    )
    for other in others:
        assert abs(np.corrcoef(drawn.ravel(), other.ravel())[0, 1]) < 0.008  # 3.6 sigma


def test_words_tell_parts_apart() -> None:
    """An event is named by all its parts, in order."""
    words = {int(word_of(*parts)) for parts in (("a", 1.0), ("a", 1.5), ("a1", 0.0), (1.0, "a"))}
    assert len(words) == 4
    assert word_of("a", 1.0) == word_of("a", 1.0)
