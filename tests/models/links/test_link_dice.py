"""The dice of the control links are splitmix64's, named, and those of the network's method page."""

from __future__ import annotations

import numpy as np

from models.links.dice import (
    ARRIVAL,
    COMMAND,
    LOSS,
    PERIODIC,
    message_keys,
    units,
)
from models.lora.network import draws
from twin.device_keys import device_keys, mix
from twin.signals import Fleet, Signal
from twin.streams import Streams


def fleet(size: int, name: str = "meters") -> Fleet:
    """Return a fleet of a size."""
    zero = np.zeros(size)
    return Fleet(name, Signal("water_index", "m3"), zero, zero, zero, 86_400.0, zero, 12)


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
