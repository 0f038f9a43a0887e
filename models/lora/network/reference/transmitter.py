"""Which channel a device may use now, by its duty cycle in each sub-band (2.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.lora.duty import free_at_s
from models.lora.network.draws import CHANNEL
from models.lora.network.reference.dice import unit
from models.lora.network.setup import Network


class ChannelPlan:
    """Channels a frame may use: `bands` of each, and `distinct` ones with their duty cycles."""

    __slots__ = ("bands", "distinct")

    def __init__(self, network: Network, channels: int) -> None:
        self.bands = [int(x) for x in network.channels.band[:channels]]
        self.distinct = [
            (band, float(network.bands.device_duty[band])) for band in sorted(set(self.bands))
        ]


class Transmitter:
    """What a device remembers of its last frame in each sub-band; None: never used."""

    __slots__ = ("_last",)

    def __init__(self, bands: int) -> None:
        self._last: list[tuple[float, float] | None] = [None] * bands

    def choose(
        self, plan: ChannelPlan, t_s: float, airtime_s: float, key: int
    ) -> tuple[int, float]:
        """Return a channel free at `t_s`, or -1 and the earliest time one is."""
        last = self._last
        earliest_s = math.inf
        taken = []
        for band, duty in plan.distinct:
            before = last[band]
            if before is not None:
                free_s = free_at_s(before[0], before[1], airtime_s, duty)
                if t_s < free_s:
                    taken.append(band)
                    earliest_s = min(earliest_s, free_s)
        candidates: Sequence[int] = range(len(plan.bands))
        if taken:
            candidates = [c for c, band in enumerate(plan.bands) if band not in taken]
            if not candidates:
                return -1, earliest_s
        return candidates[int(unit(key, CHANNEL, 0) * len(candidates))], t_s

    def note(self, band: int, end_s: float, airtime_s: float) -> None:
        """Remember the last frame of a sub-band."""
        self._last[band] = (end_s, airtime_s)
