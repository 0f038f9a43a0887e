"""What was heard, beat by beat, and what follows for a device that speaks or dies at some beat.

A record is as long as the link was played; years repeat it, from any beat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = np.iinfo(np.int64).max // 4
"""Beats until what never comes."""


@dataclass(frozen=True, eq=False)
class Hearing:
    """A fleet over a link for some beats, nobody failing.

    Attributes
    ----------
    period_s : float
    heard : bool, shape (devices, beats)
        Beats that arrived before the next one was due.
    held : bool, shape (devices, beats)
        Beats missed that the desk held back: the neighbourhood was silent.
    misses : int64, shape (devices,)
        After how many beats missed in a row each is in alarm.
    alarms : int64, shape (devices,)
        Alarms raised though nobody failed.
    sent, delivered : float
        Beats.
    """

    period_s: float
    heard: NDArray[np.bool_]
    held: NDArray[np.bool_]
    misses: Ints
    alarms: Ints
    sent: float
    delivered: float

    @property
    def share(self) -> float:
        """Return the share of beats that arrived."""
        return self.delivered / self.sent if self.sent else 0.0


def heard_after(hearing: Hearing, device: Ints, beat: Ints) -> Floats:
    """Return how many beats later, from 0 on, each device is first heard; infinite if never."""
    out = np.empty(len(device), dtype=np.int64)
    _heard_after(hearing.heard, device, beat, out)
    return np.where(out >= NEVER, np.inf, out.astype(np.float64))


def silence_after(hearing: Hearing, device: Ints, beat: Ints) -> Floats:
    """Return how many beats later each device, dead from its beat on, is in alarm.

    0 is the beat itself. Beats it missed before it died count, beats held back do not; infinite
    where it was never heard.
    """
    out = np.empty(len(device), dtype=np.int64)
    _silence_after(hearing.heard, hearing.held, device, beat, hearing.misses, out)
    return np.where(out >= NEVER, np.inf, out.astype(np.float64))


@njit(cache=True)
def heard_from(heard: Any, device: int, beat: int) -> int:
    """Return how many beats later one device is first heard; NEVER if never."""
    beats = heard.shape[1]
    for step in range(beats):
        if heard[device, (beat + step) % beats]:
            return step
    return NEVER


@njit(cache=True)
def silent_from(heard: Any, held: Any, device: int, beat: int, misses: int) -> int:
    """Return how many beats later one device, dead from a beat on, is in alarm; NEVER if never."""
    beats = heard.shape[1]
    missed, known = 0, False
    for back in range(1, beats + 1):
        at = (beat - back) % beats
        if heard[device, at]:
            known = True
            break
        if not held[device, at]:
            missed += 1
    if not known:
        return NEVER
    missed = min(missed, misses - 1)
    step = 0
    # A beat held back while others were silent stays held for a device that is dead too.
    while missed < misses:
        if step > beats * (misses + 1):
            return NEVER
        if not held[device, (beat + step) % beats]:
            missed += 1
        step += 1
    return step - 1


@njit(cache=True)
def _heard_after(heard: Any, device: Any, beat: Any, out: Any) -> None:
    for i in range(len(device)):
        out[i] = heard_from(heard, device[i], beat[i])


@njit(cache=True)
def _silence_after(heard: Any, held: Any, device: Any, beat: Any, misses: Any, out: Any) -> None:
    for i in range(len(device)):
        out[i] = silent_from(heard, held, device[i], beat[i], misses[device[i]])
