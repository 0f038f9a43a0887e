"""Fill sensors: what they see, how they fail, and who is fitted with one.

A sensor measures the distance to the heap with an ultrasonic or laser beam. Its reading is the
level, a constant error of its fitting, noise, and now and then an echo from something else. A
sensor that fails says nothing, says always the same, or says anything, until somebody comes.
Grenoble found 16 % of 498 sensors regularly failing or miscalibrated (Senate report r16-509) [V].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.waste.dice import normals, units
from twin.device_keys import U8, mix
from twin.splitmix import mix64
from twin.streams import Streams

Floats = NDArray[np.float64]
YEAR_S = 365.0 * 86_400.0

SILENT, STUCK, ERRATIC = 0, 1, 2
_S11 = np.uint64(11)


@dataclass(frozen=True)
class Quality:
    """How good the sensors are.

    Attributes
    ----------
    noise : float
        Standard deviation of a reading, share of the capacity (heaps are not flat) [U].
    fitting : float
        Standard deviation of a sensor's constant error, share of the capacity [U].
    odd_share : float
        Share of readings that are an echo of something else, uniform between empty and full [U].
    failing_share : float
        Share of the time that a sensor is out of order: 0.16 is the field's figure [V].
    repair_days : float
        Mean days from failure to repair [U].
    silent_share, stuck_share : float
        How failures split; the rest is erratic [U].
    """

    noise: float
    fitting: float
    odd_share: float
    failing_share: float
    repair_days: float
    silent_share: float = 0.6
    stuck_share: float = 0.2


class Faults(NamedTuple):
    """Failures of all sensors: device, begin and end in seconds, how it fails. By device, begin."""

    device: NDArray[np.int64]
    begin_s: Floats
    end_s: Floats
    manner: NDArray[np.int64]


def draw_faults(
    streams: Streams, names: tuple[str, ...], words: U8, quality: Quality, span_s: float
) -> Faults:
    """Return every failure of a renewal process that is stationary from the start.

    Up and down times are exponential: out of order for `repair_days` on average, in order for as
    long as makes the share `failing_share`. Each sensor has its own generator.
    """
    rows: list[tuple[int, float, float, int]] = []
    share = quality.failing_share
    if share > 0.0 and quality.repair_days > 0.0:
        down_s = quality.repair_days * 86_400.0
        up_s = down_s * (1.0 - share) / share if share < 1.0 else 0.0
        at_start = units(streams, "sensor down at the start", words) < share
        for device, name in enumerate(names):
            dice = streams.generator("waste", "sensor failures", name)
            now_s, down = 0.0, bool(at_start[device])
            while now_s < span_s:
                if down:
                    # A sensor that never works again is down to the end.
                    end_s = now_s + (dice.exponential(down_s) if share < 1.0 else span_s)
                    rows.append((device, now_s, end_s, _manner(dice.random(), quality)))
                else:
                    end_s = now_s + dice.exponential(up_s)
                now_s, down = end_s, not down
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return Faults(
        table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3].astype(np.int64)
    )


def _manner(u: float, quality: Quality) -> int:
    if u < quality.silent_share:
        return SILENT
    return STUCK if u < quality.silent_share + quality.stuck_share else ERRATIC


class FillSensors:
    """What a fleet of sensors says: a pure function of device and time.

    Parameters
    ----------
    points : NDArray[np.int64]
        The point each sensor sits in, shape (devices,).
    capacity_l : Floats
        Capacity of those points, shape (devices,).
    look : callable
        The litres in given points at given times (`Bins.sample_l`).
    """

    def __init__(
        self,
        streams: Streams,
        words: U8,
        points: NDArray[np.int64],
        capacity_l: Floats,
        look: Callable[[NDArray[np.int32], Floats], Floats],
        quality: Quality,
        faults: Faults,
    ) -> None:
        self._points = points.astype(np.int32)
        self._capacity_l = capacity_l
        self._look = look
        self._quality = quality
        self._keys = mix(streams.key64("waste", "sensor readings") ^ mix(words))
        self._offset = quality.fitting * normals(units(streams, "sensor fitting", words))
        self._faults = faults
        # Row of each device's first fault; faults are ordered by device, then time.
        self._first = np.searchsorted(faults.device, np.arange(len(points) + 1))

    def sample(self, devices: NDArray[np.int32], times_s: Floats) -> Floats:
        """Return the share of the capacity each device saw, at times not ahead of now."""
        quality = self._quality
        manner, seen_s = _state(self._faults, self._first, devices, times_s)
        level = self._look(self._points[devices], seen_s) / self._capacity_l[devices]
        draws = _draws(self._keys, devices, seen_s.view(np.uint64))
        # A sensor without fault says the level itself: no arithmetic may touch it.
        if quality.noise > 0.0 or quality.fitting > 0.0:
            level = level + self._offset[devices] + quality.noise * normals(draws[0])
            level = np.minimum(np.maximum(level, 0.0), 1.0)
        odd = (draws[1] < quality.odd_share) | (manner == ERRATIC)
        return np.asarray(np.where(odd, draws[2], level))


@njit(cache=True)
def _state(
    faults: Faults, first: NDArray[np.int64], devices: NDArray[np.int32], times_s: Floats
) -> tuple[NDArray[np.int64], Floats]:
    """Return how each device fails at each time (-1: it works), and when it saw what it says."""
    manner = np.full(len(devices), -1)
    seen_s = times_s.copy()
    for row in range(len(devices)):
        low, high = first[devices[row]], first[devices[row] + 1]
        place = low + np.searchsorted(faults.begin_s[low:high], times_s[row], side="right") - 1
        if place >= low and times_s[row] < faults.end_s[place]:
            manner[row] = faults.manner[place]
            if manner[row] == STUCK:
                # A stuck sensor repeats what it saw when it stuck.
                seen_s[row] = faults.begin_s[place]
    return manner, seen_s


@njit(cache=True)
def _draws(keys: U8, devices: NDArray[np.int32], moments: U8) -> Floats:
    """Return three draws in (0, 1) a reading, shape (3, readings): noise, whether odd, what."""
    out = np.empty((3, len(devices)))
    for row in range(len(devices)):
        key = mix64(keys[devices[row]] ^ moments[row])
        for purpose in range(3):
            salt: Any = np.uint64(purpose + 1)
            bits = mix64(key ^ salt)
            out[purpose, row] = np.float64(bits >> _S11) * 2.0**-53 + 2.0**-54
    return out
