"""Weekday and season, where the pieces can tell them.

A piece of one day shows its weekday, one of a week shows none: what each piece holds of each
weekday (or month) is its row of shares, and the factors are found by Fisher scoring with every
point's rate eliminated. They are given only where the worst contrast between them has a standard
error of at most 0.2; otherwise nothing is said and 1 is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.waste.filling.fit.laws import Candidate
from models.waste.filling.fit.pieces import Pieces
from models.waste.filling.fit.rates import Rates, piece_derivatives

Floats = NDArray[np.float64]

WORST_ERROR = 0.2
"""Largest standard error of a contrast of log factors that is still worth telling [U]."""

_MONDAY = 4.0
"""1970-01-05 was a Monday: days to add to the epoch."""

_STEPS = 12


@dataclass(frozen=True, eq=False)
class Effect:
    """Factors of mean 1 and the standard errors of their logarithms; both of shape (classes,)."""

    factors: Floats
    standard_errors: Floats


def weekday_shares(pieces: Pieces) -> Floats:
    """Return what part of each piece lies on each weekday, Monday first, (pieces, 7)."""

    def until(at: Floats) -> Floats:
        weeks = (at - _MONDAY) / 7.0
        whole = np.floor(weeks)
        rest = 7.0 * (weeks - whole)
        return np.asarray(whole[:, None] + np.clip(rest[:, None] - np.arange(7.0), 0.0, 1.0))

    return np.asarray((until(pieces.end) - until(pieces.start)) / pieces.days[:, None])


def month_shares(pieces: Pieces) -> Floats:
    """Return what part of each piece lies in each month, January first, (pieces, 12)."""
    first = np.datetime64(int(np.floor(pieces.start.min())), "D").astype("datetime64[M]")
    last = np.datetime64(int(np.ceil(pieces.end.max())), "D").astype("datetime64[M]")
    months = np.arange(first, last + 2)
    edges = months.astype("datetime64[D]").astype(np.int64).astype(np.float64)
    number = months[:-1].astype(np.int64) % 12
    length = np.diff(edges)
    shares = np.empty((len(pieces), 12))
    for month in range(12):
        spent = np.concatenate([[0.0], np.cumsum(np.where(number == month, length, 0.0))])
        until = np.interp(pieces.end, edges, spent) - np.interp(pieces.start, edges, spent)
        shares[:, month] = until / pieces.days
    return shares


def fit_effect(pieces: Pieces, shares: Floats, other: Floats, rates: Rates) -> Effect | None:
    """Return the factors of one grouping of days, or None where the pieces cannot tell them.

    `other`, shape (pieces,), is what another grouping already multiplies each mean by. Rates move
    along: only contrasts between factors matter.
    """
    used = rates.seen[pieces.point]
    kept, rows, gain = pieces.only(used), shares[used], other[used]
    log_factor = np.zeros(shares.shape[1])
    theta = rates.log_rate.copy()
    points = len(pieces.ids)
    information = np.zeros((1, 1))
    for step in range(_STEPS):
        weighted = rows * np.exp(log_factor)
        mix = weighted.sum(axis=1)
        lean = weighted / mix[:, None]
        _, slope, weight = piece_derivatives(kept, Candidate.GAMMA, gain * mix, theta, rates.cv)
        weight = np.maximum(weight, 0.0)
        own = np.maximum(np.bincount(kept.point, weight, minlength=points), 1e-12)
        pull = np.bincount(kept.point, slope, minlength=points)
        cross = np.column_stack(
            [np.bincount(kept.point, weight * column, minlength=points) for column in lean.T]
        )
        information = (lean * weight[:, None]).T @ lean - (cross / own[:, None]).T @ cross
        score = lean.T @ slope - cross.T @ (pull / own)
        if step == 0 and np.linalg.eigvalsh(information)[1] < WORST_ERROR**-2:
            return None
        move = np.clip(np.linalg.pinv(information, rcond=1e-10) @ score, -0.5, 0.5)
        log_factor += move
        theta += (pull - cross @ move) / own
        if np.abs(move).max() < 1e-7:  # noqa: PLR2004 - well below any error
            break
    factors = np.exp(log_factor)
    covariance = np.linalg.pinv(information, rcond=1e-10)
    return Effect(factors / factors.mean(), np.sqrt(np.diag(covariance)))
