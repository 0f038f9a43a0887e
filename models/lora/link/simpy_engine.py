"""The reference engine behind the link's face: its messages are counted from its logs."""

from __future__ import annotations

import numpy as np

from models.lora.link.engines import Known, MessageCounts
from models.lora.network.draws import ALARM, PERIODIC
from models.lora.network.reference.device import Device
from models.lora.network.reference.engine import ReferenceEngine
from models.lora.network.setup import Groups, Network, Orders

Message = tuple[int, int, int]
"""Device, kind and number."""


class SimpyEngine:
    """One SimPy process a device: slow, to be read, and the window engine's oracle.

    It remembers the last fate of every message it has played, hence is for short runs.
    """

    def __init__(self, network: Network, groups: Groups) -> None:
        self._engine = ReferenceEngine(network, groups)
        self._devices = len(network.devices.key)
        self._failed: dict[Message, int] = {}
        self._delivered: set[Message] = set()

    def run(self, until_s: float, orders: Orders) -> Known:
        """Live until `until_s` (not included) and return what became known meanwhile."""
        known = Known(*self._engine.run(until_s, orders)[:3])
        log = known.frames
        columns = (log.device, log.kind, log.number, log.fate, log.first)
        for device, kind, number, fate, first in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            message = (device, kind, number)
            if first:
                self._delivered.add(message)
                self._failed.pop(message, None)
            elif kind in {PERIODIC, ALARM} and message not in self._delivered:
                self._failed[message] = fate
        return known

    def counts(self) -> MessageCounts:
        """Return what became of messages up to now."""
        begun = np.zeros(self._devices, dtype=np.int64)
        delivered = np.zeros(self._devices, dtype=np.int64)
        lost = np.zeros((self._devices, 8), dtype=np.int64)
        pending: set[Message] = set()
        for device in self._engine.devices:
            pending |= _on_their_way(device)
        for message in self._delivered:
            if message[1] in {PERIODIC, ALARM}:
                delivered[message[0]] += 1
        for message in pending - self._delivered:
            begun[message[0]] += 1
        for message, fate in self._failed.items():
            if message not in pending:
                lost[message[0], fate] += 1
        return MessageCounts(begun + delivered + lost.sum(axis=1), delivered, lost)


def _on_their_way(device: Device) -> set[Message]:
    """Return the readings and alarms a device has in hand, in wait or on the air."""
    held = [device.hand, device.waiting, *device.queue]
    if device.sending is not None:
        held.append(device.sending.message)
    return {
        (device.index, message.kind, message.number)
        for message in held
        if message is not None and message.kind in {PERIODIC, ALARM}
    }
