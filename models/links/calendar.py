"""Which readings of a fleet are due when, in arrays, span after adjoining span.

The times are functions of the fleet and the dice alone: the same readings come out however time is
cut into spans.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.links.dice import ARRIVAL, PERIODIC, message_keys, units
from twin.device_keys import U8
from twin.signals import Fleet


class Due(NamedTuple):
    """Readings that are due: device (index into the fleet), number of the reading, time."""

    devices: NDArray[np.int32]
    numbers: NDArray[np.int64]
    due_s: NDArray[np.float64]

    def where(self, keep: NDArray[np.bool_]) -> Due:
        """Return the readings that a mask keeps."""
        if keep.all():
            return self
        return Due(self.devices[keep], self.numbers[keep], self.due_s[keep])

    def ordered(self) -> Due:
        """Return the readings by time, then by device."""
        # A span of a periodic fleet mostly comes ordered, and looking costs less than sorting.
        if not np.any(self.due_s[1:] <= self.due_s[:-1]):
            return self
        order = np.argsort(self.due_s)
        due_s = self.due_s[order]
        if np.any(due_s[1:] == due_s[:-1]):  # rare with jitter, and looking is cheap
            order = np.lexsort((self.devices, self.due_s))
        return Due(self.devices[order], self.numbers[order], self.due_s[order])


class PeriodicCalendar:
    """Reading m of a device is due at phase + m period + jitter u: no drift.

    Devices are kept in the order of their phase within the period, so that a span costs the
    readings it holds and not the size of the fleet.
    """

    def __init__(self, fleet: Fleet, keys: U8) -> None:
        self._phase_s = np.asarray(fleet.phase_s, dtype=np.float64)
        self._period_s = float(fleet.period_s)
        self._jitter_s = float(fleet.jitter_s)
        self._keys = keys
        cycles = np.floor(self._phase_s / self._period_s)
        offset_s = self._phase_s - cycles * self._period_s
        self._order = np.argsort(offset_s, kind="stable").astype(np.int32)
        self._offset_s = offset_s[self._order]
        self._cycle = cycles.astype(np.int64)[self._order]

    def due(self, from_s: float, to_s: float) -> Due:
        """Return the readings due in [from_s, to_s)."""
        earliest_s = from_s - self._jitter_s
        # A hair too many is looked at, then cut by the exact times below.
        slack_s = 1e-9 * (1.0 + abs(to_s) + self._period_s)
        first = int(np.floor((earliest_s - slack_s) / self._period_s)) - 1
        last = int(np.floor((to_s + slack_s) / self._period_s))
        turns = np.arange(first, last + 1)
        low = np.searchsorted(self._offset_s, earliest_s - slack_s - turns * self._period_s)
        high = np.searchsorted(self._offset_s, to_s + slack_s - turns * self._period_s)
        found = self._readings(turns, low, high - low)
        return found.where((found.numbers >= 0) & (found.due_s >= from_s) & (found.due_s < to_s))

    def _readings(
        self, turns: NDArray[np.int64], low: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> Due:
        """Return, for each turn of the period, the readings at `counts` places from `low` on."""
        busy = np.flatnonzero(counts)
        places: slice | NDArray[np.int64]
        if busy.size == 1:  # a window shorter than the period: no copy
            begin = int(low[busy[0]])
            places = slice(begin, begin + int(counts[busy[0]]))
            turn = turns[busy]
        else:
            begins = np.cumsum(counts) - counts
            places = np.arange(counts.sum()) + np.repeat(low - begins, counts)
            turn = np.repeat(turns, counts)
        devices = self._order[places]
        numbers = turn - self._cycle[places]
        due_s = self._phase_s[devices] + numbers * self._period_s
        if self._jitter_s > 0.0:
            keys = message_keys(self._keys[devices], PERIODIC, numbers)
            due_s = due_s + self._jitter_s * units(keys, ARRIVAL)
        return Due(devices, numbers, due_s)


class PoissonCalendar:
    """A device's readings are exponential times apart, the first after its phase.

    Spans must adjoin: each device's next reading is carried from one to the next.
    """

    def __init__(self, fleet: Fleet, keys: U8) -> None:
        self._period_s = float(fleet.period_s)
        self._keys = keys
        self._number = np.zeros(fleet.size, dtype=np.int64)
        self._next_s = np.asarray(fleet.phase_s, dtype=np.float64).copy()
        everyone = np.arange(fleet.size, dtype=np.int32)
        self._next_s += self._gaps_s(everyone)

    def due(self, from_s: float, to_s: float) -> Due:
        """Return the readings due in [from_s, to_s)."""
        parts: list[Due] = []
        devices = np.flatnonzero(self._next_s < to_s).astype(np.int32)
        while devices.size:
            parts.append(Due(devices, self._number[devices], self._next_s[devices]))
            self._number[devices] += 1
            self._next_s[devices] += self._gaps_s(devices)
            devices = devices[self._next_s[devices] < to_s]
        found = _joined(parts)
        return found.where(found.due_s >= from_s)

    def _gaps_s(self, devices: NDArray[np.int32]) -> NDArray[np.float64]:
        keys = message_keys(self._keys[devices], PERIODIC, self._number[devices])
        return -self._period_s * np.log(units(keys, ARRIVAL))


def calendar_of(fleet: Fleet, keys: U8) -> PeriodicCalendar | PoissonCalendar:
    """Return the calendar of a fleet whose devices have these keys."""
    return (PeriodicCalendar if fleet.arrival == "periodic" else PoissonCalendar)(fleet, keys)


def _joined(parts: list[Due]) -> Due:
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return Due(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0))
    return Due(*(np.concatenate(column) for column in zip(*parts, strict=True)))
