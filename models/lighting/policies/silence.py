"""Who has been silent for too long, beat after beat, over a whole fleet.

A device is in alarm after so many beats missed in a row, once a silence. A beat in which a device's
neighbourhood falls silent too says something of a gateway, not of the device: it is held, neither
counted nor forgiven. A device that was never heard is not in service yet, and never in alarm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

LEARNING_BEATS = 20.0
"""A device is taken for usual (`usual_share`) until so many beats have told of it."""


@dataclass(frozen=True)
class SilenceRule:
    """When a silence is an alarm.

    Attributes
    ----------
    misses : int
        Beats missed in a row; 0: by each device's own share heard, so that it raises no more than
        `false_alarms_a_year`.
    false_alarms_a_year, beats_a_year : float
    gated : bool
    gate_share : float
        A neighbourhood is silent when less than this share of what it usually delivers arrives.
    gate_deviations : float
        And so many binomial deviations less.
    usual_share : float
        Of beats heard, before a device has a record of its own.
    """

    misses: int = 0
    false_alarms_a_year: float = 0.01
    beats_a_year: float = 365.25
    gated: bool = True
    gate_share: float = 0.7
    gate_deviations: float = 3.0
    usual_share: float = 0.9


class SilenceWatch:
    """The fleet's silences.

    Parameters
    ----------
    neighbours : int, shape (devices, n)
        Devices around each, of other cabinets: a cabinet without power silences its own lamps.
    rule

    Attributes
    ----------
    held : int
        Misses held back by the gate, up to now.
    """

    def __init__(self, neighbours: NDArray[np.int32], rule: SilenceRule | None = None) -> None:
        self.rule = rule or SilenceRule()
        size = len(neighbours)
        self._neighbours = neighbours
        self._heard: Floats = np.full(size, LEARNING_BEATS * self.rule.usual_share)
        self._beats: Floats = np.full(size, LEARNING_BEATS)
        self._missed: Ints = np.zeros(size, dtype=np.int64)
        self._known: Mask = np.zeros(size, dtype=np.bool_)
        self._alarmed: Mask = np.zeros(size, dtype=np.bool_)
        self.held = 0

    @property
    def share(self) -> Floats:
        """Return what share of its beats each device usually delivers."""
        return np.asarray(self._heard / self._beats)

    def limits(self) -> Ints:
        """Return after how many misses each device is in alarm."""
        if self.rule.misses:
            return np.full(len(self._missed), self.rule.misses, dtype=np.int64)
        p = np.clip(self.share, 1e-3, 1.0 - 1e-6)
        wanted = self.rule.beats_a_year / self.rule.false_alarms_a_year
        beats = np.log1p(p * wanted) / -np.log1p(-p)
        return np.maximum(1, np.ceil(beats - 1e-9)).astype(np.int64)

    def step(self, heard: Mask) -> Ints:
        """Take one beat, heard or not by device; return who is in alarm anew."""
        limits = self.limits()
        self._known |= heard
        counts = self._known & ~self._alarmed
        silent = ~heard & counts
        held = silent & self.gate(heard) if self.rule.gated else np.zeros_like(silent)
        self.held += int(np.count_nonzero(held))
        counted = silent & ~held
        self._missed[counted] += 1
        self._missed[heard] = 0
        self._alarmed[heard] = False
        told = (heard & self._known) | counted
        self._beats[told] += 1.0
        self._heard[heard] += 1.0
        fired = counted & (self._missed >= limits)
        self._alarmed |= fired
        return np.flatnonzero(fired)

    def gate(self, heard: Mask) -> Mask:
        """Return whose neighbourhood is silent in a beat."""
        p = np.where(self._known, self.share, 0.0)
        counted = self._known & ~self._alarmed
        usual = np.where(counted, p, 0.0)[self._neighbours].sum(axis=1)
        spread = np.where(counted, p * (1.0 - p), 0.0)[self._neighbours].sum(axis=1)
        arrived = (heard & counted)[self._neighbours].sum(axis=1)
        rule = self.rule
        few = arrived < rule.gate_share * usual
        return np.asarray(few & (arrived < usual - rule.gate_deviations * np.sqrt(spread)))


def neighbours_of(x_m: Floats, y_m: Floats, cabinet: Ints, count: int = 24) -> NDArray[np.int32]:
    """Return the nearest devices of other cabinets, one a cabinet, shape (devices, count).

    Each cabinet stands at its devices' mean place, and its first device stands for it.

    Raises
    ------
    ValueError
        Fewer than `count` other cabinets.
    """
    from scipy.spatial import cKDTree

    names, first, of_cabinet = np.unique(cabinet, return_index=True, return_inverse=True)
    if len(names) <= count:
        raise ValueError(f"{len(names)} cabinets: more than {count} are needed")
    lamps = np.bincount(of_cabinet)
    place = np.stack(
        [np.bincount(of_cabinet, x_m) / lamps, np.bincount(of_cabinet, y_m) / lamps], axis=1
    )
    _, nearest = cKDTree(place).query(place, count + 1)
    others = np.array([row[row != own][:count] for own, row in enumerate(nearest)])
    return np.asarray(first[others][of_cabinet], dtype=np.int32)
