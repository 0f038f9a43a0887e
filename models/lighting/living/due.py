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

    Attributes
    ----------
    until_h : float64, shape (communes, days + 1)
        Hours due until each midnight.
    """

    def __init__(self, daily_h: Floats, days: int) -> None:
        repeats = -(-days // daily_h.shape[1])
        long = np.tile(daily_h, (1, repeats))[:, :days]
        self.until_h = np.zeros((daily_h.shape[0], days + 1))
        np.cumsum(long, axis=1, out=self.until_h[:, 1:])
        self.days = days

    def between(self, commune: Ints, from_s: Floats, to_s: Floats) -> Floats:
        """Return the hours due between two moments, spread evenly over each day."""
        return self._at(commune, to_s) - self._at(commune, from_s)

    def _at(self, commune: Ints, when_s: Floats) -> Floats:
        when = np.clip(np.asarray(when_s) / DAY_S, 0.0, self.days)
        day = np.minimum(when.astype(np.int64), self.days - 1)
        before = self.until_h[commune, day]
        return np.asarray(before + (when - day) * (self.until_h[commune, day + 1] - before))


def total_h(daily_h: Floats, days: int) -> Floats:
    """Return the hours due over a horizon, shape (communes,); the nights of one year repeat."""
    years, rest = divmod(days, daily_h.shape[1])
    return np.asarray(years * daily_h.sum(axis=1) + daily_h[:, :rest].sum(axis=1))
