"""Receive windows: the RX1 offset rule, and class-B timing that adds up."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.airtime import time_on_air_s
from models.lora.region import DATA_RATES
from models.lora.rx_windows import (
    ACK_TIMEOUT_S,
    ACK_TIMEOUT_SPREAD_S,
    ADR_ACK_DELAY,
    ADR_ACK_LIMIT,
    BEACON_BYTES,
    BEACON_DATA_RATE,
    BEACON_GUARD_S,
    BEACON_LESS_OPERATION_S,
    BEACON_PERIOD_S,
    BEACON_PREAMBLE_SYMBOLS,
    BEACON_RESERVED_S,
    BEACON_WINDOW_S,
    CLASS_C_RESPONSE_TIMEOUT_S,
    PING_SLOT_S,
    PING_SLOTS,
    ping_slot_period_s,
    rx1_data_rate,
)
from twin.errors import InputError


def test_rx1_table() -> None:
    """RX1 is the uplink's data rate less the offset, DR0 at least: RP002's table, row by row."""
    table = rx1_data_rate(np.arange(8)[:, None], np.arange(6))
    assert table.tolist() == [
        [0, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0],
        [2, 1, 0, 0, 0, 0],
        [3, 2, 1, 0, 0, 0],
        [4, 3, 2, 1, 0, 0],
        [5, 4, 3, 2, 1, 0],
        [6, 5, 4, 3, 2, 1],
        [7, 6, 5, 4, 3, 2],
    ]


@pytest.mark.parametrize(
    ("rate", "offset", "key"), [(8, 0, "uplink"), (5, 6, "offset"), (5, -1, "offset")]
)
def test_unknown_rate_or_offset(rate: int, offset: int, key: str) -> None:
    """A data rate over 7 or an offset over 5 is refused by name."""
    with pytest.raises(InputError, match=key):
        rx1_data_rate(rate, offset)


def test_beacon_period_adds_up() -> None:
    """Reserved + window + guard = 128 s, the window is 4096 slots, and the beacon fits its time."""
    parts_s = BEACON_RESERVED_S + BEACON_WINDOW_S + BEACON_GUARD_S
    assert parts_s == pytest.approx(BEACON_PERIOD_S)
    assert pytest.approx(BEACON_WINDOW_S) == PING_SLOTS * PING_SLOT_S
    beacon_s = time_on_air_s(
        BEACON_BYTES,
        DATA_RATES[BEACON_DATA_RATE].spreading_factor,
        preamble_symbols=BEACON_PREAMBLE_SYMBOLS,
        crc=False,
        implicit_header=True,
    )
    assert float(beacon_s) == pytest.approx(0.152576)
    assert beacon_s < BEACON_RESERVED_S


def test_ping_slots() -> None:
    """Periodicity 7 opens one slot a beacon window, 0 one every 0.96 s; 8 does not exist."""
    assert ping_slot_period_s() == pytest.approx(BEACON_WINDOW_S)
    assert ping_slot_period_s(0) == pytest.approx(0.96)
    with pytest.raises(InputError):
        ping_slot_period_s(8)


def test_published_constants() -> None:
    """Time-outs and counters are those of LoRaWAN: 2 +- 1 s, 8 s, two hours, 64 and 32 uplinks."""
    assert (ACK_TIMEOUT_S, ACK_TIMEOUT_SPREAD_S) == (2.0, 1.0)
    assert (CLASS_C_RESPONSE_TIMEOUT_S, BEACON_LESS_OPERATION_S) == (8.0, 7200.0)
    assert (ADR_ACK_LIMIT, ADR_ACK_DELAY) == (64, 32)
