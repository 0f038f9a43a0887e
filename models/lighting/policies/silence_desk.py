"""A desk that listens to heartbeats: it sees what arrived, beat after beat, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.lighting.policies.silence import SilenceRule, SilenceWatch
from twin.ports import Downlink, Inbox
from twin.signals import DeliveredBatch, Signal

HEARTBEAT = Signal("lighting_heartbeat", "1")


class SilenceDesk:
    """A policy over one fleet; satisfies :class:`twin.ports.Policy`.

    Parameters
    ----------
    fleet
        The name of the fleet it listens to.
    neighbours, rule
        Of :class:`models.lighting.policies.silence.SilenceWatch`.
    period_s
        Between beats; beat b was sampled in [b, b + 1) periods.
    """

    def __init__(
        self,
        fleet: str,
        neighbours: NDArray[np.int32],
        period_s: float,
        rule: SilenceRule | None = None,
    ) -> None:
        self._fleet, self._period_s = fleet, period_s
        self.watch = SilenceWatch(neighbours, rule)
        self._arrived: dict[int, NDArray[np.bool_]] = {}
        self._size = len(neighbours)
        self._closed = 0

    def attach(self, inbox: Inbox, downlink: Downlink) -> None:  # noqa: ARG002 - it gives no orders
        """Listen."""
        inbox.subscribe(HEARTBEAT, self.read)

    def read(self, batch: DeliveredBatch) -> None:
        """Take in beats; those of other fleets, and of beats closed already, are not for it."""
        if batch.fleet != self._fleet:
            return
        beats = np.floor(batch.sampled_s / self._period_s).astype(np.int64)
        for beat in np.unique(beats).tolist():
            if beat >= self._closed:
                heard = self._arrived.setdefault(beat, np.zeros(self._size, dtype=np.bool_))
                heard[batch.assets[beats == beat]] = True

    def arrived(self, beat: int) -> NDArray[np.bool_]:
        """Return who has been heard in a beat, so far."""
        return self._arrived.get(beat, np.zeros(self._size, dtype=np.bool_)).copy()

    def close_beat(self, beat: int) -> Sequence[int]:
        """Return the devices in alarm after a beat; called once a beat, in order."""
        heard = self._arrived.pop(beat, np.zeros(self._size, dtype=np.bool_))
        self._closed = beat + 1
        alarms: list[int] = self.watch.step(heard).tolist()
        return alarms
