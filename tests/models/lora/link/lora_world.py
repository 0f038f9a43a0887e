"""A small LoRaWAN world to live in: one or two gateways, a few devices, levels as given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import simpy

from models.lora.link.gateways import GatewaySites
from models.lora.link.level_model import PairLevels
from models.lora.link.link import LoraLink
from models.lora.link.network_settings import NetworkSettings
from twin.clock import Calendar, Clock
from twin.signals import AssetId, DeliveredBatch, Fleet, Reading, Signal
from twin.streams import Streams

LEVEL = Signal("level", "m")
ALARM = Signal("alarm", "1")
STILL: dict[str, Any] = {
    "fading_sigma_db": 0.0,
    "slow_sigma_db": 0.0,
    "adr": False,
    "data_rate": 5,
    "window_s": 60.0,
}
"""No chance and no adaptation: what arrives follows from the levels."""


@dataclass(frozen=True)
class GivenLevels:
    """The same level from every device to every gateway, or one a device."""

    level_dbm: float | Sequence[float] = -90.0

    def links(self, fleet: Fleet, gateways: GatewaySites) -> PairLevels:
        """Return every pair."""
        level_dbm = np.broadcast_to(np.asarray(self.level_dbm, dtype=np.float64), (fleet.size,))
        device = np.repeat(np.arange(fleet.size), len(gateways))
        gateway = np.tile(np.arange(len(gateways)), fleet.size)
        return device, gateway, level_dbm[device]


def masts(count: int = 1) -> GatewaySites:
    """Return gateways called mast/0, mast/1, ..."""
    zero = np.zeros(count)
    names = tuple(AssetId(f"mast/{i}") for i in range(count))
    return GatewaySites(names, zero, zero, zero + 20.0)


def meters(size: int = 1, name: str = "meters", period_s: float = 600.0, **keys: Any) -> Fleet:
    """Return devices 20 s apart, the first reading at 100 s, 12 bytes; keys replace fields."""
    zero = np.zeros(size)
    fields: dict[str, Any] = {
        "x_m": zero,
        "y_m": zero,
        "height_m": zero + 1.0,
        "phase_s": 100.0 + 20.0 * np.arange(size),
        "payload_bytes": 12,
        "sample": lambda devices, times_s: devices + times_s,
    } | keys
    return Fleet(name=name, signal=LEVEL, period_s=period_s, **fields)


@dataclass
class Life:
    """A started link, its clock and what it handed over: (asset, value, sampled, received)."""

    link: LoraLink
    clock: Clock
    rows: list[tuple[str, float, float, float]] = field(default_factory=list)
    handed_s: list[float] = field(default_factory=list)

    def note(self, batch: DeliveredBatch) -> None:
        """Keep a batch."""
        for row in range(len(batch)):
            values = (batch.values[row], batch.sampled_s[row], batch.received_s[row])
            self.rows.append((batch.asset(row), *map(float, values)))
            self.handed_s.append(float(self.clock.now))

    def ring(self, asset: str, value: float = 1.0, payload_bytes: int = 3) -> None:
        """Send an alarm now."""
        now_s = self.clock.now
        self.link.uplink.send(Reading(AssetId(asset), ALARM, value, now_s, payload_bytes))

    def at(self, at_s: float, act: Any, *args: Any, **keys: Any) -> None:
        """Do something at a time."""

        def wait() -> simpy.events.ProcessGenerator:
            yield self.clock.until(at_s)
            act(*args, **keys)

        self.clock.process(wait())


def living(
    *fleets: Fleet,
    gateways: int = 1,
    levels: Any = None,
    groups: dict[str, Sequence[str]] | None = None,
    seed: int = 1,
    **settings: Any,
) -> Life:
    """Return a started link with these fleets; settings replace those of `STILL`."""
    link = LoraLink(
        Streams(seed, 0),
        masts(gateways),
        levels or GivenLevels(),
        NetworkSettings(**(STILL | settings)),
    )
    clock = Clock(Calendar(datetime(2025, 1, 1)))  # noqa: DTZ001 - local time
    for fleet in fleets:
        link.uplink.register(fleet)
    for name, members in (groups or {}).items():
        link.group(name, [AssetId(member) for member in members])
    life = Life(link, clock)
    link.inbox.subscribe(LEVEL, life.note)
    link.inbox.subscribe(ALARM, life.note)
    link.start(clock)
    return life
