"""One fleet's traffic on a control link: what was sent, what is on its way, what became of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.links.calendar import calendar_of
from models.links.carriage import Carriage
from models.links.dice import ALARM, message_keys
from twin.device_keys import U8, word_of
from twin.signals import Delivered, Fate, Fleet, Reading

_MOST_AT_ONCE = 250_000
"""Readings resolved in one go: beyond, arrays leave the processor's cache."""


class Arrivals(NamedTuple):
    """Periodic readings that arrive, ordered by reception; `received_s` may lie ahead."""

    devices: NDArray[np.int32]
    sampled_s: NDArray[np.float64]
    received_s: NDArray[np.float64]

    def split(self, rows: int) -> tuple[Arrivals, Arrivals]:
        """Return the first rows and the others."""
        head = Arrivals(self.devices[:rows], self.sampled_s[:rows], self.received_s[:rows])
        tail = Arrivals(self.devices[rows:], self.sampled_s[rows:], self.received_s[rows:])
        return head, tail


class Lane:
    """The traffic of one fleet from `from_s` on.

    Readings are resolved up to `resolved_s`, in any steps; those that arrive wait until they are
    taken, which is never before their reception.
    """

    def __init__(self, fleet: Fleet, keys: U8, carriage: Carriage, from_s: float) -> None:
        self.fleet = fleet
        self._keys = keys
        self._carriage = carriage
        self._calendar = calendar_of(fleet, keys)
        self._resolved_s = from_s
        self._powered = np.ones(fleet.size, dtype=np.bool_)
        self._counts = dict.fromkeys(Fate, 0)
        self._sent = 0
        self._arrivals: deque[Arrivals] = deque()
        self._alarms: deque[Delivered] = deque()

    def resolve(self, to_s: float) -> None:
        """Decide the fate of every periodic reading due before `to_s` and not yet decided."""
        step_s = _MOST_AT_ONCE * self.fleet.period_s / max(1, self.fleet.size)
        while self._resolved_s < to_s:
            end_s = min(to_s, self._resolved_s + step_s)
            if end_s <= self._resolved_s:  # a step too small for a float
                end_s = to_s
            self._resolve(self._resolved_s, end_s)
            self._resolved_s = end_s

    def power(self, device: int, *, on: bool, now_s: float) -> None:
        """Cut or restore a device's power at `now_s`; readings due from then on see it."""
        self.resolve(now_s)
        self._powered[device] = on

    def alarm(self, reading: Reading, device: int, now_s: float) -> None:
        """Send an event-driven reading at `now_s`."""
        self._sent += 1
        if not self._powered[device]:
            self._counts[Fate.DUTY_CYCLE] += 1
            return
        # Named by what it is: one alarm more or less in a world moves no other's dice.
        name = word_of(reading.signal.name, float(reading.sampled_s))
        key = message_keys(self._keys[[device]] ^ name, ALARM, 0)
        if self._carriage.passes(key)[0]:
            self._alarms.append(Delivered(reading, now_s + self._carriage.delay_s, 1))
        else:
            self._counts[self._carriage.cause] += 1

    def take(self, before_s: float) -> Iterator[Arrivals | Delivered]:
        """Yield and forget what was received before `before_s`."""
        parts: list[Arrivals] = []
        while self._arrivals and self._arrivals[0].received_s[0] < before_s:
            first = self._arrivals.popleft()
            rows = int(np.searchsorted(first.received_s, before_s))
            self._counts[Fate.DELIVERED] += rows
            if rows < len(first.devices):
                first, rest = first.split(rows)
                self._arrivals.appendleft(rest)
            parts.append(first)
        if len(parts) == 1:
            yield parts[0]
        elif parts:
            yield Arrivals(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        while self._alarms and self._alarms[0].received_s < before_s:
            self._counts[Fate.DELIVERED] += 1
            yield self._alarms.popleft()

    def tally(self, now_s: float) -> dict[Fate, int]:
        """Return how many frames sent before `now_s` met each fate."""
        self.resolve(now_s)
        counts = dict(self._counts)
        for part in self._arrivals:
            counts[Fate.DELIVERED] += int(np.searchsorted(part.received_s, now_s))
        counts[Fate.DELIVERED] += sum(alarm.received_s < now_s for alarm in self._alarms)
        counts[Fate.IN_FLIGHT] = self._sent - sum(counts.values())
        return counts

    def _resolve(self, from_s: float, to_s: float) -> None:
        due = self._calendar.due(from_s, to_s)
        if not self._powered.all():
            due = due.where(self._powered[due.devices])
        sent = len(due.devices)
        if not sent:
            return
        self._sent += sent
        arriving = self._carriage.passing(due, self._keys)
        rows = len(arriving.devices)
        self._counts[self._carriage.cause] += sent - rows
        if rows:
            arriving = arriving.ordered()
            received_s = arriving.due_s + self._carriage.delay_s
            self._arrivals.append(Arrivals(arriving.devices, arriving.due_s, received_s))
