"""One rate a point, censoring included, and one coefficient of variation for all.

The mean of a piece is rate x days x factor; its coefficient of variation cv / sqrt(days), as if
days were independent. Rates are found together by Newton on their logarithms. The coefficient of
variation maximises the likelihood less half the log of each rate's information (Cox & Reid, JRSS B
49, 1987): without that correction it would be too small where points have few pieces.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.waste.filling.fit.laws import Candidate, log_likelihood
from models.waste.filling.fit.pieces import EXACT, Pieces

Floats = NDArray[np.float64]

_STEP = 1e-4
_LONGEST_MOVE = 1.0
_CLOSE = 1e-8
_LOWEST_CV, _HIGHEST_CV = 0.02, 8.0
_ROUNDS = 40


@dataclass(frozen=True, eq=False)
class Rates:
    """Rates under one law.

    `log_rate` and `information` (minus the curvature of the log likelihood) have shape (points,);
    `seen` tells which points have at least one exact piece: the others have no rate of their own,
    and the law's likelihood leaves them out. `cv` is that of one day.
    """

    law: Candidate
    log_rate: Floats
    information: Floats
    seen: NDArray[np.bool_]
    cv: float
    log_likelihood: float

    @property
    def standard_error(self) -> Floats:
        """The standard error of each log rate; NaN where the point has none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.seen, self.information**-0.5, np.nan)


def naive_rates(pieces: Pieces) -> Floats:
    """Return what came in over the days it took, as if every piece were exact; NaN where none."""
    points = len(pieces.ids)
    came = np.bincount(pieces.point, pieces.amount, minlength=points)
    days = np.bincount(pieces.point, pieces.days, minlength=points)
    return np.where(days > 0.0, came / np.where(days > 0.0, days, 1.0), np.nan)


def fit_rates(pieces: Pieces, law: Candidate, factor: Floats, cv: float | None = None) -> Rates:
    """Return the rates that maximise the likelihood of `law`.

    `factor`, shape (pieces,), multiplies each piece's mean. The coefficient of variation is fitted
    unless given.
    """
    seen = np.bincount(pieces.point[pieces.known == EXACT], minlength=len(pieces.ids)) > 0
    used = seen[pieces.point]
    kept, gain = pieces.only(used), factor[used]
    theta = np.log(np.maximum(naive_rates(kept), 1e-12), where=seen, out=np.zeros(len(seen)))
    spread = 0.65 if cv is None else cv
    for _ in range(_ROUNDS):
        theta = newton(kept, law, gain, theta, spread, seen)
        if cv is not None:
            break
        better = _best_cv(kept, law, gain, theta, seen)
        moved = abs(math.log(better / spread))
        spread = better
        if moved < 1e-3:  # noqa: PLR2004 - a thousandth of the coefficient
            theta = newton(kept, law, gain, theta, spread, seen)
            break
    total, _, information = derivatives(kept, law, gain, theta, spread)
    return Rates(law, theta, np.where(seen, information, 0.0), seen, spread, float(total.sum()))


def derivatives(
    pieces: Pieces, law: Candidate, factor: Floats, theta: Floats, cv: float
) -> tuple[Floats, Floats, Floats]:
    """Return per point the log likelihood, its slope and minus its curvature in the log rate."""
    values, slope, curvature = piece_derivatives(pieces, law, factor, theta, cv)
    points = len(pieces.ids)

    def of_points(column: Floats) -> Floats:
        return np.asarray(np.bincount(pieces.point, column, minlength=points), dtype=np.float64)

    return of_points(values), of_points(slope), of_points(curvature)


def piece_derivatives(
    pieces: Pieces, law: Candidate, factor: Floats, theta: Floats, cv: float
) -> tuple[Floats, Floats, Floats]:
    """Return per piece the log likelihood, its slope and minus its curvature in the log mean.

    Central differences of step 1e-4: exact to about 1e-7.
    """
    own_cv = cv / np.sqrt(pieces.days)
    log_mean = theta[pieces.point] + np.log(pieces.days * factor)

    def at(shift: float) -> Floats:
        return log_likelihood(law, pieces.amount, log_mean + shift, own_cv, pieces.known)

    low, here, high = at(-_STEP), at(0.0), at(_STEP)
    return here, (high - low) / (2.0 * _STEP), (2.0 * here - low - high) / _STEP**2


def newton(
    pieces: Pieces,
    law: Candidate,
    factor: Floats,
    theta: Floats,
    cv: float,
    free: NDArray[np.bool_],
    prior: tuple[float, float] | None = None,
) -> Floats:
    """Return the log rates of `free` points at the maximum; `prior` is (mean, variance) of them.

    Where the likelihood is not concave the step follows its slope, at most one unit at a time.
    """
    theta = theta.copy()
    days = np.bincount(pieces.point, minlength=len(pieces.ids))
    for _ in range(_ROUNDS):
        _, slope, curvature = derivatives(pieces, law, factor, theta, cv)
        if prior is not None:
            slope = slope - (theta - prior[0]) / prior[1]
            curvature = curvature + 1.0 / prior[1]
        floor = np.maximum(1e-3 * days / cv**2, 1e-9)
        step = np.clip(slope / np.maximum(curvature, floor), -_LONGEST_MOVE, _LONGEST_MOVE)
        step[~free] = 0.0
        theta += step
        if np.abs(step).max(initial=0.0) < _CLOSE:
            break
    return theta


def _best_cv(
    pieces: Pieces, law: Candidate, factor: Floats, theta: Floats, seen: NDArray[np.bool_]
) -> float:
    """Return the coefficient of variation of the highest adjusted likelihood, rates held."""
    from scipy.optimize import minimize_scalar

    def cost(log_cv: float) -> float:
        total, _, information = derivatives(pieces, law, factor, theta, math.exp(log_cv))
        value = float(total.sum()) - 0.5 * float(np.log(np.maximum(information[seen], 1e-9)).sum())
        return -value if math.isfinite(value) else 1e300

    found = minimize_scalar(
        cost,
        bounds=(math.log(_LOWEST_CV), math.log(_HIGHEST_CV)),
        method="bounded",
        options={"xatol": 1e-4},
    )
    return math.exp(float(found.x))
