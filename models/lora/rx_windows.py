"""When a LoRaWAN device listens and at which data rate; how long each side waits for an answer.

LoRaWAN 1.0.x and RP002 for EU868 [V], except where a constant says otherwise. Delays of RX1 and
RX2 and the frequency of RX2 stand with the region (`models.lora.region`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lora.region import DATA_RATES
from twin.errors import Fault, InputError
from twin.lang import Text, same

RX1_OFFSETS = range(6)
"""Allowed RX1 data-rate offsets; 0 unless the network says otherwise [V]."""

ACK_TIMEOUT_S = 2.0
ACK_TIMEOUT_SPREAD_S = 1.0
"""A missing acknowledgement is waited for 2 +- 1 s after the second window [V]."""

ADR_ACK_LIMIT = 64
"""Uplinks without any downlink before a device asks for one [V]."""
ADR_ACK_DELAY = 32
"""Uplinks it then waits, and again after each step it takes back to a slower rate [V]."""

BEACON_PERIOD_S = 128.0
BEACON_RESERVED_S = 2.120
BEACON_GUARD_S = 3.000
BEACON_WINDOW_S = 122.880
"""The period is reserved + window + guard [V]."""
BEACON_DATA_RATE = 3
BEACON_FREQUENCY_HZ = 869_525_000
"""[U]"""
BEACON_BYTES = 17
BEACON_PREAMBLE_SYMBOLS = 10
"""Sent with an implicit header and no payload CRC: 152.576 ms at DR3 [V]."""
BEACON_LESS_OPERATION_S = 7_200.0
"""A device that hears no beacon leaves class B after two hours [V]."""

PING_SLOT_S = 0.030
PING_SLOTS = 4_096
"""Slots of one beacon window [V]."""
PING_PERIODICITY = 7
"""The default; periodicity p opens a slot every 0.96 x 2^p s: once in a beacon period at 7 [V]."""
PING_PERIODICITIES = range(8)

CLASS_C_RESPONSE_TIMEOUT_S = 8.0
"""How long a server waits for a class-C device's answer to a confirmed downlink [V]."""


def rx1_data_rate(uplink_data_rate: ArrayLike, offset: ArrayLike = 0) -> NDArray[np.int64]:
    """Return the data rate of RX1: the uplink's minus the offset, DR0 at least [V].

    Parameters
    ----------
    uplink_data_rate, offset
        0 to 7 and 0 to 5; they broadcast.

    Raises
    ------
    InputError
        Data rate or offset out of range.
    """
    rate = np.asarray(uplink_data_rate, dtype=np.int64)
    back = np.asarray(offset, dtype=np.int64)
    _check("uplink_data_rate", rate, len(DATA_RATES) - 1)
    _check("rx1_offset", back, RX1_OFFSETS[-1])
    return np.asarray(np.maximum(rate - back, 0), dtype=np.int64)


def ping_slot_period_s(periodicity: int = PING_PERIODICITY) -> float:
    """Return the time between two ping slots of a class-B device, 2^(5 + p) slots of 30 ms [V].

    Raises
    ------
    InputError
        Periodicity outside 0 to 7.
    """
    _check("ping_periodicity", np.asarray(periodicity), PING_PERIODICITIES[-1])
    return float(PING_SLOT_S * 2 ** (5 + periodicity))


def _check(key: str, values: NDArray[np.int64], high: int) -> None:
    """Raise an InputError where a value is outside [0, high]."""
    bad = (values < 0) | (values > high)
    if np.any(bad):
        remedy = Text("corrigez cette valeur", "correct this value")
        met = str(values[bad].flat[0])
        raise InputError(Fault(key=key, value=met, expected=same(f"0 … {high}"), remedy=remedy))
