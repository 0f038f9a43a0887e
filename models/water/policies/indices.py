"""Cumulative indices that arrived, by meter and by step (an hour), for the last few days.

A meter logs its index at each whole step and sends it later, with those of the steps before if its
frames carry a history: an index therefore stands for the last whole step at or before the frame's
sampling time. A meter that reads its index only when it sends is late by its phase, the same each
step, and its flows are those of hours shifted by it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.water.policies.cusum import Counts, Floats
from models.water.policies.district import District


class Indices:
    """Indices of `meters` meters over `width` steps from `first`; NaN: not arrived.

    Steps are counted from the start of the scenario, each of `step_s` seconds.
    """

    def __init__(self, meters: int, width: int, step_s: float) -> None:
        self.step_s = step_s
        self.first = 0
        self.values_m3: Floats = np.full((meters, width), np.nan)

    def steps_of(self, sampled_s: Floats) -> Counts:
        """Return the last whole step at or before each time."""
        # A time computed as phase + number x period may land a hair below its step.
        return np.floor(sampled_s / self.step_s + 1e-9).astype(np.int64)

    def take(self, meters: NDArray[np.integer], steps: Counts, values_m3: Floats) -> None:
        """Write indices; what is older than the first step, or NaN, is left out.

        One step's index is the same in whatever frame it comes.
        """
        places = steps - self.first
        width = self.values_m3.shape[1]
        right = (places >= 0) & (places < width) & ~np.isnan(values_m3)
        flat = np.asarray(meters[right], np.int64) * width + places[right]
        self.values_m3.reshape(-1)[flat] = values_m3[right]

    def take_history(self, meters: NDArray[np.integer], steps: Counts, contents_m3: Floats) -> None:
        """Write what frames carry: column j of `contents_m3` is the index j steps before."""
        for back in range(contents_m3.shape[1]):
            self.take(meters, steps - back, contents_m3[:, back])

    def roll(self, first: int) -> None:
        """Forget steps before `first` to make room for as many later ones."""
        by = first - self.first
        if by <= 0:
            return
        width = self.values_m3.shape[1]
        kept = max(0, width - by)
        self.values_m3[:, :kept] = self.values_m3[:, width - kept :]
        self.values_m3[:, kept:] = np.nan
        self.first = first


class Boundaries:
    """Which meters bound which districts: net index = sum of inflows - sum of outflows."""

    def __init__(self, districts: Sequence[District]) -> None:
        self.metered = np.array(
            [row for row, one in enumerate(districts) if one.inflow or one.outflow], dtype=np.int64
        )
        meters: list[int] = []
        signs: list[float] = []
        starts: list[int] = []
        for row in self.metered:
            starts.append(len(meters))
            for way, sign in ((districts[row].inflow, 1.0), (districts[row].outflow, -1.0)):
                meters += way
                signs += [sign] * len(way)
        self._size = len(districts)
        self._meters = np.array(meters, dtype=np.int64)
        self._signs = np.array(signs)
        self._starts = np.array(starts, dtype=np.int64)

    def net_m3(self, indices: Indices, steps: Counts) -> Floats:
        """Return net indices of all districts at `steps`, shape (districts, steps); NaN: unknown.

        A district's net index is known where those of all its meters are.
        """
        net = np.full((self._size, len(steps)), np.nan)
        places = steps - indices.first
        right = (places >= 0) & (places < indices.values_m3.shape[1])
        if len(self.metered) and right.any():
            each = indices.values_m3[np.ix_(self._meters, places[right])] * self._signs[:, None]
            net[np.ix_(self.metered, right)] = np.add.reduceat(each, self._starts, axis=0)
        return net
