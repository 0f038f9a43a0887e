"""The bins of one stream: what is in them hour by hour, and what they could not take.

What people bring in an hour lands at its end. A full point takes nothing: part of what it refuses
is carried to the nearest points that have room, part is left beside it, the rest goes elsewhere
(home, residual waste). In any order and at any hour: brought = in bins + beside + elsewhere +
emptied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

HOUR_S = 3600.0
Floats = NDArray[np.float64]
EMPTYINGS = 64
"""Emptyings of a point that there is room to remember at first."""


@dataclass(frozen=True)
class Manners:
    """What people do before a full point: shares that sum to at most 1, the rest goes elsewhere.

    `carried` walk or drive on to a neighbouring point (what finds no room there is left beside the
    first one), `beside` put it down. Both are assumptions [U].
    """

    carried: float
    beside: float


class Emptied(NamedTuple):
    """What a crew took from one point: litres inside and litres picked up beside."""

    inside_l: float
    beside_l: float


class Flows(NamedTuple):
    """Litres and hours by point since the start, arrays of shape (points,).

    `brought_l` to a point as first choice; `carried_l` on to neighbours; `received_l` from them;
    `left_l` beside; `elsewhere_l` lost to the service; `full_h` hours at whose end it was full;
    `refused_l` all that found it full.
    """

    brought_l: Floats
    carried_l: Floats
    received_l: Floats
    left_l: Floats
    elsewhere_l: Floats
    refused_l: Floats
    full_h: Floats

    @classmethod
    def zero(cls, points: int) -> Flows:
        """Return flows of nothing."""
        return cls(*(np.zeros(points) for _ in cls._fields))


class Bins:
    """The points of one stream, lived hour by hour.

    Parameters
    ----------
    capacity_l : NDArray[np.float64]
        Shape (points,).
    hourly_l : NDArray[np.float32]
        What people bring, shape (hours, points).
    neighbours : NDArray[np.int32]
        Shape (points, k): where people carry on to, nearest first; -1 where there is none.
    manners : Manners
        What they do before a full point.
    level_l : NDArray[np.float64]
        What is in the bins at the start, shape (points,).
    """

    def __init__(
        self,
        capacity_l: Floats,
        hourly_l: NDArray[np.float32],
        neighbours: NDArray[np.int32],
        manners: Manners,
        level_l: Floats,
    ) -> None:
        hours, points = hourly_l.shape
        self.capacity_l = np.asarray(capacity_l, dtype=np.float64)
        self.level_l = np.array(level_l, dtype=np.float64)
        self.beside_l = np.zeros(points)
        self.flows = Flows.zero(points)
        self._hourly_l = hourly_l
        self._neighbours = neighbours
        self._manners = manners
        self._hour = 0
        self._next_s = HOUR_S
        # Row h: levels from the start of hour h on, before any emptying of that hour.
        self._history_l = np.zeros((hours + 1, points))
        self._history_l[0] = self.level_l
        # Row i: when point i was emptied, the first `cycle[i]` entries.
        self._emptied_s = np.full((points, EMPTYINGS), np.inf)
        self.cycle = np.zeros(points, dtype=np.int64)

    @property
    def hours(self) -> int:
        """Return how many hours can be lived."""
        return len(self._hourly_l)

    def advance(self, now_s: float) -> None:
        """Live every hour that has ended by `now_s`."""
        if now_s < self._next_s:
            return
        hour = min(int(now_s // HOUR_S), self.hours)
        if hour > self._hour:
            _live(
                self.level_l,
                self.beside_l,
                self.capacity_l,
                self._hourly_l,
                self._neighbours,
                self._manners.carried,
                self._manners.beside,
                self._hour,
                hour,
                self._history_l,
                self.flows,
            )
            self._hour = hour
            self._next_s = (hour + 1) * HOUR_S

    def empty(self, point: int, now_s: float) -> Emptied:
        """Empty one point now, and pick up what lies beside it."""
        self.advance(now_s)
        taken = Emptied(float(self.level_l[point]), float(self.beside_l[point]))
        self.level_l[point] = 0.0
        self.beside_l[point] = 0.0
        turn = self.cycle[point]
        if turn == self._emptied_s.shape[1]:
            wider = np.full_like(self._emptied_s, np.inf)
            self._emptied_s = np.concatenate([self._emptied_s, wider], axis=1)
        self._emptied_s[point, turn] = now_s
        self.cycle[point] += 1
        return taken

    def sample_l(self, points: NDArray[np.int32], times_s: Floats) -> Floats:
        """Return the litres that were in `points` at `times_s`, none of them ahead of now.

        A pure function of point and time, however late it is asked.
        """
        if len(times_s):
            self.advance(float(np.max(times_s)))
        return _look(self._history_l, self._emptied_s, self.cycle, points, times_s)

    def ahead_l(self, from_s: float, to_s: float) -> Floats:
        """Return what people will bring to each point between two instants, shape (points,).

        Nobody in the world may know it: it is for the bound of perfect foresight.
        """
        first, last = int(from_s // HOUR_S), min(int(to_s // HOUR_S), self.hours)
        return np.asarray(self._hourly_l[first:last].sum(axis=0, dtype=np.float64))


@njit(cache=True)
def _live(  # noqa: PLR0917 - a kernel takes arrays
    level_l: Floats,
    beside_l: Floats,
    capacity_l: Floats,
    hourly_l: NDArray[np.float32],
    neighbours: NDArray[np.int32],
    carried: float,
    beside: float,
    from_hour: int,
    to_hour: int,
    history_l: Floats,
    flows: Flows,
) -> None:
    """Let people bring what they bring in hours [from_hour, to_hour)."""
    points = len(level_l)
    for hour in range(from_hour, to_hour):
        for i in range(points):
            brought = np.float64(hourly_l[hour, i])
            flows.brought_l[i] += brought
            room = capacity_l[i] - level_l[i]
            if brought <= room:
                level_l[i] += brought
                continue
            level_l[i] = capacity_l[i]
            refused = brought - room
            flows.refused_l[i] += refused
            wanted = refused * carried
            moved = _carry(wanted, i, level_l, capacity_l, neighbours, flows)
            flows.carried_l[i] += moved
            # Never more than there is: shares that sum to 1 do so to a rounding only.
            rest = refused - moved
            left = min(refused * beside + (wanted - moved), rest)
            beside_l[i] += left
            flows.left_l[i] += left
            flows.elsewhere_l[i] += rest - left
        for i in range(points):
            if level_l[i] >= capacity_l[i]:
                flows.full_h[i] += 1.0
            history_l[hour + 1, i] = level_l[i]


@njit(cache=True)
def _look(
    history_l: Floats,
    emptied_s: Floats,
    emptyings: NDArray[np.int64],
    points: NDArray[np.int32],
    times_s: Floats,
) -> Floats:
    """Return what was in `points` at `times_s`: the hour's level, nothing once emptied in it."""
    level_l = np.empty(len(points))
    for row in range(len(points)):
        i, at_s = points[row], times_s[row]
        hour = min(int(at_s // HOUR_S), len(history_l) - 1)
        before = np.searchsorted(emptied_s[i, : emptyings[i]], at_s, side="right")
        gone = before > 0 and emptied_s[i, before - 1] >= hour * HOUR_S
        level_l[row] = 0.0 if gone else history_l[hour, i]
    return level_l


@njit(cache=True)
def _carry(
    wanted: float,
    point: int,
    level_l: Floats,
    capacity_l: Floats,
    neighbours: NDArray[np.int32],
    flows: Flows,
) -> float:
    """Put what can be put into the neighbours, nearest first; return how much that was."""
    left = wanted
    for k in range(neighbours.shape[1]):
        other = neighbours[point, k]
        if other < 0 or left <= 0.0:
            break
        moved = min(left, capacity_l[other] - level_l[other])
        if moved > 0.0:
            level_l[other] += moved
            flows.received_l[other] += moved
            left -= moved
    return wanted - left
