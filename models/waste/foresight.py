"""Looks into the bins that nobody has, for bounds; and counted deposits, which some cities have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.waste.bins import Bins
from models.waste.dice import normals

Floats = NDArray[np.float64]


class TrueLevels:
    """Every level is known at the hour of planning; what comes is not."""

    def __init__(self, bins: Bins) -> None:
        self._bins = bins

    def levels_l(self, now_s: float) -> Floats:
        """Return what is in every bin now."""
        self._bins.advance(now_s)
        return self._bins.level_l.copy()

    def levels_sd_l(self) -> Floats:
        """Return zeros: nothing is in doubt."""
        return np.zeros(len(self._bins.level_l))

    def coming_l(self, now_s: float, next_s: float) -> Floats | None:  # noqa: ARG002 - unknown to all
        """Return None: the future stays unknown."""
        return None


class PerfectForesight(TrueLevels):
    """Levels and all that people will bring until the next round are known."""

    def coming_l(self, now_s: float, next_s: float) -> Floats | None:
        """Return what people will bring to each point."""
        return self._bins.ahead_l(now_s, next_s)


class DepositCounts(TrueLevels):
    """Deposits are counted by a card reader; what each one holds is not known.

    After N deposits of mean m and deviation s a level is N m, off by s sqrt(N): told here from the
    true level, with one standard normal draw for each point and cycle.

    Parameters
    ----------
    cycles : NDArray[np.float64]
        Draws in (0, 1), shape (cycles, points); they are taken in turn.
    """

    def __init__(self, bins: Bins, mean_l: float, sd_l: float, cycles: Floats) -> None:
        super().__init__(bins)
        self._mean_l, self._sd_l = mean_l, sd_l
        self._normal = normals(cycles)
        self._told_l = np.zeros(len(bins.level_l))

    def levels_l(self, now_s: float) -> Floats:
        """Return the levels that counting deposits tells."""
        level = super().levels_l(now_s)
        points = np.arange(len(level))
        normal = self._normal[self._bins.cycle % len(self._normal), points]
        self._told_l = np.maximum(0.0, level - self._off_l(level) * normal)
        return self._told_l

    def levels_sd_l(self) -> Floats:
        """Return how far off the last levels told may be."""
        return self._off_l(self._told_l)

    def _off_l(self, level_l: Floats) -> Floats:
        return self._sd_l * np.sqrt(level_l / self._mean_l)
