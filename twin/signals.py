"""What travels: readings up, commands down. Frozen, typed, with units.

The value of a reading is never altered on the way: a link may lose it or delay it, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

import numpy as np
from numpy.typing import NDArray

AssetId = NewType("AssetId", str)
"""The name of one asset: a meter, a gateway, a bin, a cabinet."""


@dataclass(frozen=True)
class Signal:
    """A measured quantity: its name and its unit (`Signal("water_index", "m3")`)."""

    name: str
    unit: str


@dataclass(frozen=True)
class Reading:
    """One value sampled by one asset at `sampled_s` (seconds since the scenario's start)."""

    asset: AssetId
    signal: Signal
    value: float
    sampled_s: float
    payload_bytes: int


@dataclass(frozen=True)
class Delivered:
    """A reading that arrived, at `received_s` >= its sampling time plus its airtime."""

    reading: Reading
    received_s: float
    gateways: int


@dataclass(frozen=True)
class DeliveredBatch:
    """Many deliveries of one signal, as arrays of equal length ordered by reception time."""

    signal: Signal
    assets: NDArray[np.int32]
    values: NDArray[np.float64]
    sampled_s: NDArray[np.float64]
    received_s: NDArray[np.float64]


class Fate(StrEnum):
    """What became of a frame. Every lost frame has exactly one cause."""

    DELIVERED = "delivered"
    OUT_OF_REACH = "out_of_reach"
    COLLISION = "collision"
    NO_DEMODULATOR = "no_demodulator"
    GATEWAY_DEAF = "gateway_deaf"
    GATEWAY_DOWN = "gateway_down"
    DUTY_CYCLE = "duty_cycle"
    IN_FLIGHT = "in_flight"


@dataclass(frozen=True)
class Command:
    """An order for one asset, sent at `sent_s`."""

    asset: AssetId
    name: str
    payload_bytes: int
    sent_s: float


@dataclass(frozen=True)
class Ack:
    """A command that the asset acknowledged, at `received_s`."""

    command: Command
    received_s: float


@dataclass(frozen=True)
class Lost:
    """A command given up at `given_up_s`, and why."""

    command: Command
    given_up_s: float
    cause: Fate


@dataclass(frozen=True)
class Fleet:
    """Devices of one kind that send periodically; arrays of equal length, one entry a device.

    Positions are Lambert-93 metres, heights metres above ground; `period_s` is the time between
    two uplinks of one device, `phase_s` the time of its first.
    """

    name: str
    signal: Signal
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    height_m: NDArray[np.float64]
    period_s: float
    phase_s: NDArray[np.float64]
    payload_bytes: int
    device_class: str = "A"
