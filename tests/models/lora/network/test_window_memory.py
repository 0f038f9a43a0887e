"""What an engine may be told of the time before its first window."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.lora.adr import HISTORY
from models.lora.network.window import WindowEngine
from tests.models.lora.network.little_network import little_network


def memory(f_cnt: int) -> dict[str, Any]:
    """Return the memory of one device that has sent so many frames."""
    return {
        "f_cnt": np.array([f_cnt]),
        "uplinks_since": np.array([5]),
        "history_f_cnt": np.zeros((1, HISTORY), dtype=np.int64),
        "history_snr_db": np.zeros((1, HISTORY)),
        "history_tx": np.zeros((1, HISTORY), dtype=np.int8),
        "history_count": np.zeros(1, dtype=np.int64),
    }


def test_counters_go_on_from_what_is_remembered() -> None:
    """A device that had sent 100 frames counts 101 after the next."""
    engine = WindowEngine(little_network(period_s=100.0))
    engine.remember(**memory(100))
    engine.run(150.0)
    assert engine.state.device["f_cnt"].tolist() == [101]


def test_memories_come_before_the_first_window() -> None:
    """Once the network has lived, memories are refused."""
    engine = WindowEngine(little_network(period_s=100.0))
    engine.run(1.0)
    with pytest.raises(ValueError, match="before the first window"):
        engine.remember(**memory(0))
