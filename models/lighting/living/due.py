"""Hours of light that were due between two moments, commune by commune."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.units import DAY_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class DueHours:
    """Cumulated hours of light due, from time 0 to a horizon; the nights of one year repeat.

    Parameters
    ----------
    daily_h
        Hours due each day of a year, shape (communes, days of that year).
    days
        The horizon.
    """

    def __init__(self, daily_h: Floats, days: int) -> None:
        repeats = -(-days // daily_h.shape[1])
        long = np.tile(daily_h, (1, repeats))[:, :days]
        self._until = np.zeros((daily_h.shape[0], days + 1))
        np.cumsum(long, axis=1, out=self._until[:, 1:])
        self.days = days

    def between(self, commune: Ints, from_s: Floats, to_s: Floats) -> Floats:
        """Return the hours due between two moments, spread evenly over each day."""
        return self._at(commune, to_s) - self._at(commune, from_s)

    def total_h(self) -> Floats:
        """Return the hours due over the horizon, shape (communes,)."""
        return np.asarray(self._until[:, -1])

    def _at(self, commune: Ints, when_s: Floats) -> Floats:
        when = np.clip(np.asarray(when_s) / DAY_S, 0.0, self.days)
        day = np.minimum(when.astype(np.int64), self.days - 1)
        before = self._until[commune, day]
        return np.asarray(before + (when - day) * (self._until[commune, day + 1] - before))
