"""How long lamps live and how long they stay dark: the laws of the fleet."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Life:
    """Weibull law of the days until a lamp fails.

    `scale_days` is that of the law, `shape` 1 for no ageing. A sodium lamp of 20,000 h that burns
    4,290 h a year has scale 1,700 days; an LED lantern that fails once in a hundred years, shape 1
    and 36,500 days [U].
    """

    scale_days: float
    shape: float = 1.0

    @property
    def mean_days(self) -> float:
        """Return the mean life."""
        return self.scale_days * math.gamma(1.0 + 1.0 / self.shape)

    def density(self, days: Floats) -> Floats:
        """Return the density of the life at some ages, 1/day."""
        x = days / self.scale_days
        with np.errstate(divide="ignore"):
            rate = self.shape / self.scale_days * x ** (self.shape - 1.0)
        return np.asarray(rate * np.exp(-(x**self.shape)))

    def survival(self, days: Floats) -> Floats:
        """Return the share alive at some ages."""
        return np.asarray(np.exp(-((days / self.scale_days) ** self.shape)))


@dataclass(frozen=True)
class Darkness:
    """How a dark lamp becomes known, and then is repaired; the earliest channel counts.

    Attributes
    ----------
    call_days : float
        Mean of the exponential delay until somebody calls; infinite: nobody does.
    patrol_days : float
        A patrol passes every so many days, at a phase of its own; infinite: none.
    beat_days, heard_share, misses
        A node whose beats arrive with a probability, independently, raises an alarm after so many
        missed in a row; `misses` 0: no nodes.
    night_share : float
        Chance that a night of the cabinet's meter tells; 0: it is not metered.
    repair_days : float
        From known to lit again.
    """

    call_days: float = math.inf
    patrol_days: float = math.inf
    beat_days: float = 1.0
    heard_share: float = 1.0
    misses: int = 0
    night_share: float = 0.0
    repair_days: float = 5.0

    def known_survival(self, days: Floats) -> Floats:
        """Return the chance that a lamp dark for some days is not known yet."""
        left = np.exp(-days / self.call_days)
        left = left * np.clip(1.0 - days / self.patrol_days, 0.0, 1.0)
        if self.night_share > 0.0:
            left = left * (1.0 - self.night_share) ** np.floor(days)
        if self.misses:
            left = left * self._silent_survival(days)
        return np.asarray(left)

    def survival(self, days: Floats) -> Floats:
        """Return the chance that a lamp is still dark some days after it failed."""
        late = self.known_survival(np.maximum(days - self.repair_days, 0.0))
        return np.where(days < self.repair_days, 1.0, late)

    def mean_days(self, horizon_days: float = 4_000.0, steps: int = 400_000) -> float:
        """Return the mean time dark, the area under :meth:`survival`."""
        grid = (np.arange(steps) + 0.5) * horizon_days / steps
        return float(self.survival(grid).mean() * horizon_days)

    def _silent_survival(self, days: Floats) -> Floats:
        """Return the chance that k misses are not complete some days after a node died.

        J beats were missed just before (P(J >= j) = q^j, below k) and death falls anywhere between
        two beats: the k-th miss comes k - J - 1 + U beats later, U uniform in (0, 1).
        """
        q = 1.0 - self.heard_share
        beats = days / self.beat_days
        left = np.zeros_like(beats)
        for missed in range(self.misses):
            chance = q**missed * (self.heard_share if missed < self.misses - 1 else 1.0)
            first = self.misses - missed - 1
            left += chance * np.clip(1.0 - (beats - first), 0.0, 1.0)
        return left
