"""Silences of devices that live: who is sent to look, and what the desk learns from it.

A crew that finds nothing wrong doubles the misses that device is allowed: a device that is often
silent sends somebody once or twice, not every month.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting.hearing.record import Hearing

Ints = NDArray[np.int64]


class FalseAlarms(NamedTuple):
    """Alarms of assets that had not failed: which, where, when; equal lengths."""

    asset: Ints
    commune: Ints
    when_s: NDArray[np.float64]


def false_alarms(
    hearing: Hearing, device: Ints, commune: Ints, shift: Ints, days: float
) -> FalseAlarms:
    """Return the false alarms of a horizon, over a record that repeats.

    `device` is the played device of each asset, `shift` the beat it reads the record from.
    """
    beats = hearing.heard.shape[1]
    told: dict[int, list[int]] = {}
    for row in np.flatnonzero(longest_silence(hearing) >= hearing.misses).tolist():
        told[row] = _alarms(hearing.heard[row], hearing.held[row], int(hearing.misses[row]))
    assets = np.flatnonzero(np.isin(device, list(told)))
    found: list[tuple[int, float]] = []
    for asset in assets.tolist():
        for beat in told[int(device[asset])]:
            later = (beat - int(shift[asset])) % beats + beats * (beat // beats)
            found.append((asset, later * hearing.period_s))
    inside = [(asset, when) for asset, when in found if when < days * 86_400.0]
    rows = np.array([asset for asset, _ in inside], dtype=np.int64)
    return FalseAlarms(rows, commune[rows], np.array([when for _, when in inside]))


def longest_silence(hearing: Hearing) -> Ints:
    """Return the most misses in a row of each device, beats held back aside, over the seam too."""
    most = np.zeros(len(hearing.heard), dtype=np.int64)
    run = np.zeros(len(hearing.heard), dtype=np.int64)
    twice = range(2 * hearing.heard.shape[1])
    for beat in twice:
        at = beat % hearing.heard.shape[1]
        heard, held = hearing.heard[:, at], hearing.held[:, at]
        run = np.where(heard, 0, np.where(held, run, run + 1))
        np.maximum(most, run, out=most)
    never = ~hearing.heard.any(axis=1)
    return np.where(never, 0, most)


def _alarms(heard: NDArray[np.bool_], held: NDArray[np.bool_], misses: int) -> list[int]:
    """Return the beats at which one device raises alarms, its limit doubling each time."""
    beats, limit, run, found = len(heard), misses, 0, []
    for beat in range(4 * beats):
        at = beat % beats
        if heard[at]:
            run = 0
        elif not held[at]:
            run += 1
            if run == limit:
                found.append(beat)
                limit *= 2
    return found
