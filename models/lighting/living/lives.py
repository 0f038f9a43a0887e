"""When lamps fail: each one's life since it was last made good, and who is next.

A discharge lamp lives a Weibull number of hours burnt; an LED lantern fails at a constant rate by
hours burnt. A lamp that is made good begins a new life with a draw of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from twin.device_keys import U8
from twin.units import DAY_S, YEAR_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Lives:
    """The lamps' lives from time 0 to a horizon.

    Parameters
    ----------
    keys
        One a lamp, of the replication.
    first_shares
        See :func:`first_shares`.
    life_h, shape
        Weibull law of hours burnt to failure, shape (lamps,).
    burn_h_year
        Hours burnt a year, shape (lamps,).
    days
        The horizon.

    Attributes
    ----------
    number : int64, shape (lamps,)
        How many lives each lamp has ended.
    fails_s : float64, shape (lamps,)
        When the present life ends; infinite while dark.
    """

    def __init__(
        self,
        keys: U8,
        first_shares: Floats,
        life_h: Floats,
        shape: Floats,
        burn_h_year: Floats,
        days: int,
    ) -> None:
        self._keys = keys
        self._life_h, self._shape = life_h.copy(), shape.copy()
        self._h_per_s = burn_h_year / YEAR_S
        self._days = days
        self.number = np.zeros(len(keys), dtype=np.int64)
        self.fails_s = np.asarray(first_shares * self._life_h / self._h_per_s)
        self._by_day: list[list[int]] = [[] for _ in range(days)]
        self._file(np.arange(len(keys)))

    def failing(self, day: int) -> Ints:
        """Return the lamps that fail on a day, the first to fail first; each fails once."""
        waiting = np.array(self._by_day[day], dtype=np.int64)
        self._by_day[day] = []
        if not len(waiting):
            return waiting
        waiting = np.unique(waiting)
        fails_s = self.fails_s[waiting]
        mine = waiting[(fails_s >= day * DAY_S) & (fails_s < (day + 1) * DAY_S)]
        return np.asarray(mine[np.argsort(self.fails_s[mine], kind="stable")])

    def end(self, lamps: Ints) -> None:
        """Take the present lives as ended: these lamps are dark."""
        self.fails_s[lamps] = np.inf

    def begin(self, lamps: Ints, now_s: Floats | float) -> None:
        """Begin a new life of these lamps at a moment, or each at its own."""
        self.number[lamps] += 1
        drawn = dice.exponentials(self._keys[lamps], "life", self.number[lamps])
        hours = self._life_h[lamps] * drawn ** (1.0 / self._shape[lamps])
        self.fails_s[lamps] = now_s + hours / self._h_per_s[lamps]
        self._file(lamps)

    def change(
        self, lamps: Ints, life_h: Floats, shape: Floats, burn_h_year: Floats, now_s: float
    ) -> None:
        """Put other lanterns in the place of these lamps now: laws and lives are new."""
        self._life_h[lamps], self._shape[lamps] = life_h, shape
        self._h_per_s[lamps] = burn_h_year / YEAR_S
        self.begin(lamps, now_s)

    def _file(self, lamps: Ints) -> None:
        """Note the day each of these lamps fails, where it lies before the horizon."""
        days = np.floor(self.fails_s[lamps] / DAY_S)
        soon = days < self._days
        for lamp, day in zip(
            lamps[soon].tolist(), days[soon].astype(np.int64).tolist(), strict=True
        ):
            self._by_day[day].append(lamp)


def first_shares(keys: U8, shape: Floats) -> Floats:
    """Return what is left of lives that have gone on for long, in scales of their law.

    In equilibrium the life under way is drawn in proportion to its length (a Gamma variable of
    shape 1 + 1/k to the power 1/k for a Weibull law of shape k) and is a uniform share spent
    (Cox, Renewal Theory, 1962) [V].
    """
    from scipy.special import gammaincinv

    drawn = dice.units(keys, "first life")
    spent = dice.units(keys, "first age")
    whole = gammaincinv(1.0 + 1.0 / shape, drawn) ** (1.0 / shape)
    return np.asarray((1.0 - spent) * whole)
