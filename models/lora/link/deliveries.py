"""What an engine made known and nobody has been told yet: it waits for its time and the wake-up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lora.network.draws import ALARM, PERIODIC
from models.lora.network.fates import FrameLog
from twin.mailbox import Mailbox
from twin.signals import Delivered, Reading


class _Rows(NamedTuple):
    """Delivered readings: device in the network's tables, due, received, who decoded them."""

    device: NDArray[np.int32]
    due_s: NDArray[np.float64]
    received_s: NDArray[np.float64]
    gateways: NDArray[np.int16]

    def where(self, keep: NDArray[np.bool_]) -> _Rows:
        return _Rows(
            self.device[keep], self.due_s[keep], self.received_s[keep], self.gateways[keep]
        )


class Deliveries:
    """Deliveries on their way to the mailbox; `places` are those of each fleet in the network."""

    def __init__(self, mailbox: Mailbox, places: Mapping[str, slice], backhaul_s: float) -> None:
        self._mailbox = mailbox
        self._places = places
        self._backhaul_s = backhaul_s
        self._parts: list[_Rows] = []
        self._alarms: dict[tuple[int, int], Reading] = {}
        self._rung: list[tuple[int, Delivered]] = []

    def expect(self, device: int, number: int, reading: Reading) -> None:
        """Remember what the alarm of that number of a device says."""
        self._alarms[device, number] = reading

    def file(self, frames: FrameLog) -> None:
        """Take in frames whose fate became known; those that delivered a message count."""
        rows = np.flatnonzero(frames.first & (frames.kind == PERIODIC))
        if rows.size:
            received_s = frames.start_s[rows] + frames.airtime_s[rows] + self._backhaul_s
            self._parts.append(
                _Rows(frames.device[rows], frames.due_s[rows], received_s, frames.gateways[rows])
            )
        for row in np.flatnonzero(frames.first & (frames.kind == ALARM)):
            device = int(frames.device[row])
            reading = self._alarms.pop((device, int(frames.number[row])))
            at_s = float(frames.start_s[row] + frames.airtime_s[row] + self._backhaul_s)
            self._rung.append((device, Delivered(reading, at_s, int(frames.gateways[row]))))

    def hand_over(self, before_s: float) -> None:
        """Hand over what was received before `before_s`."""
        rows = self._joined()
        if rows is not None:
            here = rows.received_s < before_s
            self._parts = []
            if not here.all():
                self._parts = [rows.where(~here)]
                rows = rows.where(here)
            self._post(rows)
        rung = self._rung
        # Sorted out first: whoever is told may ask for the tally.
        self._rung = [each for each in rung if each[1].received_s >= before_s]
        for _, alarm in rung:
            if alarm.received_s < before_s:
                self._mailbox.deliver_reading(alarm)

    def not_received(self, now_s: float) -> dict[str, int]:
        """Return, by fleet, how many deliveries known to the network nobody could read by now."""
        late = [device for device, alarm in self._rung if alarm.received_s >= now_s]
        rows = self._joined()
        if rows is not None:
            late.extend(rows.device[rows.received_s >= now_s].tolist())
        return {
            name: sum(its.start <= device < its.stop for device in late)
            for name, its in self._places.items()
        }

    def _joined(self) -> _Rows | None:
        if len(self._parts) > 1:
            self._parts = [_Rows(*(np.concatenate(c) for c in zip(*self._parts, strict=True)))]
        return self._parts[0] if self._parts else None

    def _post(self, rows: _Rows) -> None:
        for name, its in self._places.items():
            of_fleet = rows
            if len(self._places) > 1:
                of_fleet = rows.where((rows.device >= its.start) & (rows.device < its.stop))
            if len(of_fleet.device):
                device = (of_fleet.device - its.start).astype(np.int32)
                self._mailbox.arrive(
                    name, device, of_fleet.due_s, of_fleet.received_s, of_fleet.gateways
                )
