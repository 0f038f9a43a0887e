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

_MOST_AT_ONCE = 65_536
"""Readings decided in one go: beyond, arrays leave the processor's cache."""

_AHEAD = 2.0
"""Each span decided is so many times the one before, up to the most: a short run decides little."""


class Arrivals(NamedTuple):
    """Periodic readings that arrive, ordered by reception; `received_s` may lie ahead."""

    devices: NDArray[np.int32]
    sampled_s: NDArray[np.float64]
    received_s: NDArray[np.float64]

    def part(self, begin: int, end: int) -> Arrivals:
        """Return the rows from `begin` to `end`, as views."""
        rows = slice(begin, end)
        return Arrivals(self.devices[rows], self.sampled_s[rows], self.received_s[rows])

    def where(self, keep: NDArray[np.bool_]) -> Arrivals:
        """Return the readings that a mask keeps."""
        return Arrivals(self.devices[keep], self.sampled_s[keep], self.received_s[keep])


class _Chunk(NamedTuple):
    """Readings decided ahead, ordered by due time.

    `devices` and `due_s` are all that are due; `arriving` those the dice let pass, whoever has
    power; `passed` counts those among the first 0, 1, 2, ... readings. `row` is the first reading
    not yet settled.
    """

    devices: NDArray[np.int32]
    due_s: NDArray[np.float64]
    arriving: Arrivals
    passed: NDArray[np.int64]
    row: int = 0


class Lane:
    """The traffic of one fleet from `from_s` on.

    The dice decide readings ahead, many at once; they are settled, with who has power, up to the
    time asked for, in any steps. Those that arrive wait until they are taken, which is never before
    their reception.
    """

    def __init__(self, fleet: Fleet, keys: U8, carriage: Carriage, from_s: float) -> None:
        self.fleet = fleet
        self._keys = keys
        self._carriage = carriage
        self._calendar = calendar_of(fleet, keys)
        self._decided_s = from_s
        self._span_s = 0.0
        self._chunk: _Chunk | None = None
        self._powered = np.ones(fleet.size, dtype=np.bool_)
        self._unpowered = 0
        self._counts = dict.fromkeys(Fate, 0)
        self._sent = 0
        self._arrivals: deque[Arrivals] = deque()
        self._alarms: deque[Delivered] = deque()

    def resolve(self, to_s: float) -> None:
        """Settle the fate of every periodic reading due before `to_s` and not yet settled."""
        while True:
            if self._chunk is not None:
                self._chunk = self._settle(self._chunk, to_s)
            if self._decided_s >= to_s:
                return
            self._decide(to_s)

    def power(self, device: int, *, on: bool, now_s: float) -> None:
        """Cut or restore a device's power at `now_s`; readings due from then on see it."""
        self.resolve(now_s)
        self._powered[device] = on
        self._unpowered = self.fleet.size - int(np.count_nonzero(self._powered))

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
                self._arrivals.appendleft(first.part(rows, len(first.devices)))
                first = first.part(0, rows)
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

    def _decide(self, to_s: float) -> None:
        """Throw the dice of readings from where they were last thrown, to `to_s` or beyond."""
        begin_s = self._decided_s
        hopeless = self._carriage.loss_share >= 1.0
        end_s = to_s if hopeless else max(to_s, begin_s + _AHEAD * self._span_s)
        end_s = min(end_s, begin_s + _MOST_AT_ONCE * self.fleet.period_s / max(1, self.fleet.size))
        if end_s <= begin_s:  # a step too small for a float
            end_s = to_s
        self._decided_s, self._span_s = end_s, end_s - begin_s
        due = self._calendar.due(begin_s, end_s)
        if hopeless:
            self._lose(due.devices)
            return
        due = due.ordered()
        passes = self._carriage.passing(due, self._keys)
        arriving = due.where(passes)
        received_s = arriving.due_s + self._carriage.delay_s
        self._chunk = _Chunk(
            due.devices,
            due.due_s,
            Arrivals(arriving.devices, arriving.due_s, received_s),
            np.concatenate([[0], np.cumsum(passes)]),
        )

    def _settle(self, chunk: _Chunk, to_s: float) -> _Chunk | None:
        """Settle the readings due before `to_s`; return what is left, None where nothing is."""
        rows = len(chunk.due_s)
        end = rows if to_s >= self._decided_s else int(chunk.due_s.searchsorted(to_s))
        begin = chunk.row
        if end > begin:
            first, last = int(chunk.passed[begin]), int(chunk.passed[end])
            arriving = chunk.arriving.part(first, last)
            if self._unpowered:
                self._lose(chunk.devices[begin:end])
                arriving = arriving.where(self._powered[arriving.devices])
                self._counts[self._carriage.cause] -= len(arriving.devices)
            else:
                self._sent += end - begin
                self._counts[self._carriage.cause] += end - begin - (last - first)
            if len(arriving.devices):
                self._arrivals.append(arriving)
        return chunk._replace(row=end) if end < rows else None

    def _lose(self, devices: NDArray[np.int32]) -> None:
        """Count readings of these devices as sent and lost, if they have power."""
        sent = len(devices)
        if self._unpowered:
            sent = int(np.count_nonzero(self._powered[devices]))
        self._sent += sent
        self._counts[self._carriage.cause] += sent
