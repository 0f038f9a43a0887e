"""What is usual in each district: centre and spread of its last valid nights.

A new night is judged against nights before it, never against a centre taken for the truth: with
few nights both centre and spread are uncertain, and a CUSUM that ignores it cries wolf. The night
is therefore predicted: t = (x - centre) / (spread sqrt(1 + c/n)) is turned into a normal deviate
through Student's law, as in a self-starting CUSUM (Hawkins 1987, doi 10.2307/2348827; Lombard &
Hawkins, arXiv 1904.00340 [V]). There c is 1, because every night is learnt at once. Here nights
wait while a CUSUM is above zero (see :mod:`models.water.policies.watch`), the centre's error lasts
as long, and c is what keeps the false alarms those of known parameters: see `CARRIED`.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from scipy.special import ndtri, stdtr

from models.water.policies.cusum import Counts, Floats, Mask
from models.water.policies.refuse import refuse

Method = Literal["median", "winsorised", "mean"]

WINSORISED_SHARE = 0.1
"""Share of the nights drawn in at each end."""

CARRIED = {"median": 10.0, "winsorised": 13.0, "mean": 12.0}
"""c: the centre's variance is c/n of the spread squared, the time it lasts included. Found by
simulation of the watch, with 28 to 56 nights: see there [D]."""

EFFICIENCY = {"median": 0.15, "winsorised": 0.7, "mean": 1.0}
"""n nights tell the spread as well as this many times (n - 1) degrees of freedom: exact for the
standard deviation, found with `CARRIED` for the others [D]."""

MAD_TO_SD = float(1.0 / ndtri(0.75))
"""1.4826: what makes a median absolute deviation the standard deviation of a normal law."""


def _winsorised_spread(count: Counts, cut: Counts) -> Floats:
    """Return what makes a Winsorised standard deviation that of a normal law.

    `cut` of `count` numbers are drawn in at each end; both of shape (rows,).
    """
    share = np.maximum(cut, 1) / count
    z = -ndtri(share)
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    variance = (1.0 - 2.0 * share) - 2.0 * z * density + 2.0 * share * z * z
    return np.where(cut > 0, 1.0 / np.sqrt(variance), 1.0)


class Baseline:
    """The last valid nights of every district.

    Parameters
    ----------
    size
        Districts.
    nights
        How many nights are kept; older ones are forgotten, so that the season may drift.
    fewest
        Nights needed before anything is judged.
    method
        Centre and spread: median and MAD, Winsorised (10 % at each end), mean and standard
        deviation.
    floor
        Least spread, in the unit of the observations: what the meter's resolution alone scatters.

    Raises
    ------
    ValueError
        Unknown method, or not 3 <= `fewest` <= `nights`.
    """

    def __init__(
        self,
        size: int,
        nights: int = 42,
        fewest: int = 10,
        method: Method = "winsorised",
        floor: float = 0.0,
    ) -> None:
        right = 3 <= fewest <= nights  # noqa: PLR2004 - a spread needs three
        refuse(
            (
                ("method", method, method in get_args(Method), ", ".join(get_args(Method))),
                ("fewest", fewest, right, f"3 … nights ({nights})"),
            )
        )
        self.nights, self.fewest, self.method, self.floor = nights, fewest, method, floor
        self.count: Counts = np.zeros(size, dtype=np.int64)
        self.centre: Floats = np.full(size, np.nan)
        self.spread: Floats = np.full(size, np.nan)
        self.since_move: Counts = np.zeros(size, dtype=np.int64)
        """Nights that tell the centre: those kept since the level last moved."""
        self._kept: Floats = np.full((size, nights), np.nan)
        self._before: Mask = np.zeros((size, nights), dtype=np.bool_)
        self._next: Counts = np.zeros(size, dtype=np.int64)
        self._stale: Mask = np.zeros(size, dtype=np.bool_)

    def learn(self, values: Floats, who: Mask) -> None:
        """Keep one more night where the mask `who` says so; NaN is no night."""
        rows = np.flatnonzero(who & ~np.isnan(values))
        self._kept[rows, self._next[rows]] = values[rows]
        self._before[rows, self._next[rows]] = False
        self._next[rows] = (self._next[rows] + 1) % self.nights
        self.count[rows] = np.minimum(self.count[rows] + 1, self.nights)
        self.since_move[rows] = np.minimum(self.since_move[rows] + 1, self.nights)
        self._stale[rows] = True

    def standardise(self, values: Floats) -> Floats:
        """Return normal deviates of new nights, shape (size,); NaN where nothing can be said."""
        self.refresh()
        n, told = np.maximum(self.count, 2), np.maximum(self.since_move, 1)
        spread = np.maximum(self.spread, self.floor)
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (values - self.centre) / (spread * np.sqrt(1.0 + CARRIED[self.method] / told))
        # A level that has not moved says nothing, even where no night ever differed.
        t[values == self.centre] = 0.0
        t[self.count < self.fewest] = np.nan
        freedom = np.maximum(1.0, EFFICIENCY[self.method] * (n - 1))
        return np.asarray(-np.sign(t) * ndtri(stdtr(freedom, -np.abs(t))))

    def refresh(self) -> None:
        """Bring `centre` and `spread` up to date with the nights kept."""
        rows = np.flatnonzero(self._stale & (self.count >= self.fewest))
        if not len(rows):
            return
        kept, before = self._kept[rows], self._before[rows]
        centre = _centre(np.where(before, np.nan, kept), self.since_move[rows], self.method)
        level = np.where(before, kept + centre[:, None], kept)
        self.centre[rows] = centre
        self.spread[rows] = _spread(level, self.count[rows], self.method)
        self._stale[rows] = False

    def move(self, who: int, newest: int = 0) -> None:
        """Note that the level of district `who` has moved, `newest` nights learnt ago.

        Nights before tell the spread alone from now on; with none since, the next ones learnt make
        the centre.
        """
        newest = min(newest, int(self.since_move[who]))
        order = (int(self._next[who]) - 1 - np.arange(int(self.since_move[who]))) % self.nights
        old = order[newest:]
        if len(old):
            one = self._kept[who, old][None, :]
            self._kept[who, old] -= _centre(one, np.array([len(old)]), self.method)[0]
            self._before[who, old] = True
        self.since_move[who] = newest
        self._stale[who] = newest > 0

    def forget(self, who: int) -> None:
        """Begin again in district `who`."""
        self._kept[who] = np.nan
        self.centre[who] = self.spread[who] = np.nan
        self._before[who] = False
        self.count[who] = self.since_move[who] = self._next[who] = 0


def _centre(kept: Floats, count: Counts, method: str) -> Floats:
    """Return the centre of each row's `count` numbers, the others being NaN."""
    if method == "mean":
        return np.asarray(np.nansum(kept, axis=1) / count)
    if method == "median":
        return _middle(np.sort(kept, axis=1), count)
    drawn, _ = _drawn_in(kept, count)
    return np.asarray(np.nansum(drawn, axis=1) / count)


def _spread(kept: Floats, count: Counts, method: str) -> Floats:
    """Return the spread of each row's `count` numbers, the others being NaN."""
    centre = _centre(kept, count, method)[:, None]
    if method == "median":
        return MAD_TO_SD * _middle(np.sort(np.abs(kept - centre), axis=1), count)
    factor: Floats = np.ones(len(kept))
    if method == "winsorised":
        kept, cut = _drawn_in(kept, count)
        factor = _winsorised_spread(count, cut)
    squares = np.nansum((kept - centre) ** 2, axis=1)
    return np.asarray(factor * np.sqrt(squares / (count - 1)))


def _drawn_in(kept: Floats, count: Counts) -> tuple[Floats, Counts]:
    """Return each row with its ends drawn in, and how many at each end."""
    ranked = np.sort(kept, axis=1)
    cut = (WINSORISED_SHARE * count).astype(np.int64)
    rows = np.arange(len(kept))
    least, most = ranked[rows, cut], ranked[rows, count - 1 - cut]
    return np.clip(kept, least[:, None], most[:, None]), cut


def _middle(ranked: Floats, count: Counts) -> Floats:
    """Return the median of each row's first `count` numbers, in ascending order."""
    rows = np.arange(len(ranked))
    return np.asarray(0.5 * (ranked[rows, (count - 1) // 2] + ranked[rows, count // 2]))
