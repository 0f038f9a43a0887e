"""What travels: readings up, commands down. Frozen, typed, with units.

The value of a reading is never altered on the way: a link may lose it or delay it, nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal, NewType, get_args

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text, same

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
    """Many deliveries of one signal from one fleet: arrays of equal length, by reception time.

    `assets` are indices into the fleet called `fleet`, whose names are `asset_ids` (one a device,
    not one a delivery); `gateways` counts who heard each. `values` are NaN where the fleet samples
    nothing.
    """

    signal: Signal
    assets: NDArray[np.int32]
    values: NDArray[np.float64]
    sampled_s: NDArray[np.float64]
    received_s: NDArray[np.float64]
    gateways: NDArray[np.int16]
    fleet: str
    asset_ids: Sequence[AssetId]

    def __len__(self) -> int:
        """Return the number of deliveries."""
        return len(self.assets)

    def asset(self, row: int) -> AssetId:
        """Return the name of the asset of one delivery."""
        return self.asset_ids[int(self.assets[row])]


class Fate(StrEnum):
    """What became of a frame. Every lost frame has exactly one cause.

    UNEXPLAINED is the loss of a link that knows a rate and no physics. A frame that was not sent at
    all (no duty cycle left, device busy, joining or without power) counts under DUTY_CYCLE.
    """

    DELIVERED = "delivered"
    OUT_OF_REACH = "out_of_reach"
    COLLISION = "collision"
    NO_DEMODULATOR = "no_demodulator"
    GATEWAY_DEAF = "gateway_deaf"
    GATEWAY_DOWN = "gateway_down"
    DUTY_CYCLE = "duty_cycle"
    UNEXPLAINED = "unexplained"
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


DeviceClass = Literal["A", "B", "C"]
"""LoRaWAN's device classes: A listens after it has sent, B at agreed times too, C always."""

Arrival = Literal["periodic", "poisson"]
"""Readings a fixed time apart, or at random with that time as the mean."""

Sampler = Callable[[NDArray[np.int32], NDArray[np.float64]], NDArray[np.float64]]
"""The values that devices (indices into the fleet) measured at given times: equal lengths.

A pure function of device and time. It is asked late: up to a window after the sampling time, and
for older times when a policy asks for the latest value of a signal that nobody had read before.
"""


@dataclass(frozen=True)
class Fleet:
    """Devices of one kind that send periodically; arrays of equal length, one entry a device.

    Positions are Lambert-93 metres, heights metres above ground. Reading m = 0, 1, ... of a
    periodic device is due at `phase_s` + m `period_s`, plus a delay drawn uniformly from
    [0, `jitter_s`); a Poisson device starts at `phase_s` and sends every `period_s` on average.
    `use_case` is what stands between a device and the sky, one for all or one a device.
    `asset_ids` default to "name/0", "name/1", ... (see `ids`). `sample` gives the values, which are
    computed only for frames that arrive and that somebody reads; without it they are NaN.
    `confirmed` readings are repeated until the network acknowledges them.

    Raises
    ------
    InputError
        With every fault: lengths that differ, a period that is not positive, a number that is not
        finite, an unknown class or arrival, a negative payload, two devices of one name.
    """

    name: str
    signal: Signal
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    height_m: NDArray[np.float64]
    period_s: float
    phase_s: NDArray[np.float64]
    payload_bytes: int
    device_class: DeviceClass = "A"
    sample: Sampler | None = None
    confirmed: bool = False
    use_case: str | Sequence[str] = "meter-outdoor"
    asset_ids: Sequence[AssetId] | None = None
    arrival: Arrival = "periodic"
    jitter_s: float = 0.0

    def __post_init__(self) -> None:
        faults = [*self._array_faults(), *self._number_faults(), *self._name_faults()]
        if faults:
            raise InputError(*faults)

    @property
    def size(self) -> int:
        """Return the number of devices."""
        return len(self.phase_s)

    @cached_property
    def ids(self) -> Sequence[AssetId]:
        """Return the name of each device."""
        if self.asset_ids is not None:
            return self.asset_ids
        return tuple(AssetId(f"{self.name}/{i}") for i in range(self.size))

    def _array_faults(self) -> Iterator[Fault]:
        for key in ("x_m", "y_m", "height_m", "phase_s"):
            values: NDArray[np.float64] = getattr(self, key)
            if np.shape(values) != (self.size,):
                yield self._length_fault(key, str(np.shape(values)))
            elif not np.all(np.isfinite(values)):
                row = int(np.flatnonzero(~np.isfinite(values))[0])
                finite = Text("un nombre fini", "a finite number")
                yield self._fault(f"{key}[{row}]", str(values[row]), finite)

    def _number_faults(self) -> Iterator[Fault]:
        if not (np.isfinite(self.period_s) and self.period_s > 0.0):
            positive = Text("une durée positive, en secondes", "a positive duration, in seconds")
            yield self._fault("period_s", str(self.period_s), positive)
        if not (np.isfinite(self.jitter_s) and self.jitter_s >= 0.0):
            yield self._fault("jitter_s", str(self.jitter_s), same(">= 0"))
        if self.payload_bytes < 0:
            yield self._fault("payload_bytes", str(self.payload_bytes), same(">= 0"))
        for key, allowed in (("device_class", DeviceClass), ("arrival", Arrival)):
            if getattr(self, key) not in get_args(allowed):
                words = same(", ".join(get_args(allowed)))
                yield self._fault(key, str(getattr(self, key)), words)

    def _name_faults(self) -> Iterator[Fault]:
        if not isinstance(self.use_case, str) and len(self.use_case) != self.size:
            yield self._length_fault("use_case", str(len(self.use_case)))
        if self.asset_ids is None:
            return
        if len(self.asset_ids) != self.size:
            yield self._length_fault("asset_ids", str(len(self.asset_ids)))
        if len(set(self.asset_ids)) != len(self.asset_ids):
            twice = Counter(self.asset_ids).most_common(1)[0][0]
            yield self._fault(
                "asset_ids", twice, Text("des noms tous différents", "names that all differ")
            )

    def _length_fault(self, key: str, value: str) -> Fault:
        return self._fault(
            key,
            value,
            Text(
                f"{self.size} valeurs, une par capteur, comme phase_s",
                f"{self.size} values, one a device, as phase_s has",
            ),
        )

    def _fault(self, key: str, value: str, expected: Text) -> Fault:
        remedy = Text(f"corriger la flotte « {self.name} »", f"correct the fleet '{self.name}'")
        return Fault(key=f"{self.name}.{key}", value=value, expected=expected, remedy=remedy)
