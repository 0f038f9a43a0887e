"""The compiled engine and the SimPy engine give every frame the same fate, on the same dice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.lora.network.reference.engine import ReferenceEngine
from models.lora.network.setup import Network
from models.lora.network.window import WindowEngine
from tests.models.lora.network.random_network import random_network, random_orders

CONFIGURATIONS = 24
EVERYDAY_FRAMES = 1_200
ALL_FRAMES = 42_000
"""24 x 42,000 frames are more than a million."""

SPAN_S = 600.0


def sorted_rows(log: Any) -> Any:
    """Return a frame log ordered by device, start and what was sent."""
    order = np.lexsort((log.attempt, log.number, log.kind, log.start_s, log.device))
    return type(log)(*(column[order] for column in log))


def play_both(seed: int, frames: int) -> tuple[WindowEngine, ReferenceEngine, int]:
    """Play one random network on both engines, span by span, and compare every row."""
    network, groups = random_network(seed)
    window, reference = WindowEngine(network, groups), ReferenceEngine(network, groups)
    played = 0
    until_s = 0.0
    while played < frames:
        orders = random_orders(seed, network, until_s, until_s + SPAN_S)
        until_s += SPAN_S
        ours = window.run(until_s, orders)
        theirs = reference.run(until_s, orders)
        for name, sort, *both in zip(
            ("frames", "commands", "hearings"),
            (sorted_rows, by_device, by_device),
            ours[:3],
            theirs,
            strict=True,
        ):
            mine, other = (sort(log) for log in both)
            for field in mine._fields:
                np.testing.assert_array_equal(
                    getattr(mine, field),
                    getattr(other, field),
                    err_msg=f"seed {seed}, {name}.{field}, until {until_s}",
                )
        played += len(ours.frames.device)
    return window, reference, played


def by_device(log: Any) -> Any:
    """Return a log ordered by time, device and number."""
    order = np.lexsort((log.number, log.device, log.at_s))
    return type(log)(*(column[order] for column in log))


def check_state(window: WindowEngine, reference: ReferenceEngine, network: Network) -> None:
    """Compare what the engines remember of each device and gateway."""
    state = window.state
    np.testing.assert_array_equal(state.device["rate"], reference.data_rate)
    np.testing.assert_array_equal(state.device["tx_index"], reference.tx_index)
    np.testing.assert_array_equal(state.device["nb_trans"], reference.nb_trans)
    np.testing.assert_array_equal(state.device["joined"], reference.joined)
    np.testing.assert_allclose(state.tally["tx_s"], reference.tx_s, rtol=1e-12)
    np.testing.assert_allclose(
        state.gateway_airtime_s, reference.gateway_airtime_s, rtol=1e-12, atol=1e-12
    )


@pytest.mark.parametrize("seed", range(CONFIGURATIONS))
def test_both_engines_give_every_frame_the_same_fate(seed: int) -> None:
    """Frames, commands, multicasts and memories are equal, bit for bit, in 24 random networks."""
    window, reference, _ = play_both(seed, EVERYDAY_FRAMES)
    check_state(window, reference, window.network)


@pytest.mark.slow
def test_no_fate_differs_in_a_million_frames() -> None:
    """Not one of more than 1,000,000 frames differs, over 24 random networks."""
    played = sum(play_both(seed, ALL_FRAMES)[2] for seed in range(CONFIGURATIONS))
    assert played >= 1_000_000
