"""Four candidate laws of what comes in, all with a given mean and coefficient of variation.

gamma, Weibull, lognormal, and the normal cut at zero, for amounts over their mean (unit mean). The
log likelihood of a piece is that of its density where the amount is known, of its upper tail where
it says "at least", of its lower one where it says "at most" (Tobin 1958; Kalbfleisch & Prentice,
*The Statistical Analysis of Failure Time Data*, ch. 3).
"""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from models.waste.filling.fit.pieces import AT_LEAST, EXACT
from twin.lang import Text, same

Floats = NDArray[np.float64]

_TINY = 1e-300
_IMPOSSIBLE = -1e4
"""Finite, so that differences of it are zero and not undefined."""

_LOG_ROOT_2PI = 0.5 * math.log(2.0 * math.pi)


class Candidate(StrEnum):
    """A law that may describe the amounts."""

    GAMMA = "gamma"
    WEIBULL = "weibull"
    LOGNORMAL = "lognormal"
    NORMAL = "truncated-normal"

    @property
    def label(self) -> Text:
        """Its name."""
        return {
            "gamma": same("gamma"),
            "weibull": same("Weibull"),
            "lognormal": Text("log-normale", "lognormal"),
            "truncated-normal": Text("normale tronquée à zéro", "normal cut at zero"),
        }[self.value]


def log_likelihood(
    law: Candidate, amount: Floats, log_mean: Floats, cv: Floats, known: NDArray[np.int64]
) -> Floats:
    """Return the log likelihood of each piece, shape (pieces,).

    `cv` is that of the piece's own amount. The normal cut at zero cannot reach a coefficient of
    variation of 1: its log likelihood is then -10,000 a piece.
    """
    y = amount * np.exp(-log_mean)
    log_density, above, below = {
        Candidate.GAMMA: _gamma,
        Candidate.WEIBULL: _weibull,
        Candidate.LOGNORMAL: _lognormal,
        Candidate.NORMAL: _truncated_normal,
    }[law](y, cv, known)
    with np.errstate(divide="ignore"):
        tails = np.log(np.maximum(np.where(known == AT_LEAST, above, below), _TINY))
    return np.where(known == EXACT, log_density - log_mean, tails)


def _gamma(y: Floats, cv: Floats, known: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    from scipy.special import gammainc, gammaincc, gammaln

    k = cv**-2
    density = k * np.log(k) + (k - 1.0) * np.log(y) - k * y - gammaln(k)
    above, below = np.ones_like(y), np.ones_like(y)
    # Incomplete gamma functions cost most, and only what is censored needs them.
    for tail, function, rows in (
        (above, gammaincc, known == AT_LEAST),
        (below, gammainc, (known != AT_LEAST) & (known != EXACT)),
    ):
        tail[rows] = function(k[rows], k[rows] * y[rows])
    return density, above, below


def _weibull(y: Floats, cv: Floats, known: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    del known
    from scipy.special import gammaln

    k = weibull_shapes(cv)
    # y over the scale that gives mean 1.
    ratio = y * np.exp(gammaln(1.0 + 1.0 / k))
    hazard = ratio**k
    density = np.log(k) + k * np.log(ratio) - np.log(y) - hazard
    return density, np.exp(-hazard), -np.expm1(-hazard)


def _lognormal(y: Floats, cv: Floats, known: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    del known
    from scipy.special import ndtr

    variance = np.log1p(cv**2)
    z = (np.log(y) + 0.5 * variance) / np.sqrt(variance)
    density = -0.5 * z**2 - _LOG_ROOT_2PI - np.log(y) - 0.5 * np.log(variance)
    return density, ndtr(-z), ndtr(z)


def _truncated_normal(
    y: Floats, cv: Floats, known: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    del known
    from scipy.special import log_ndtr, ndtr

    a, s = _normal_parameters(cv)
    z = y / s - a
    density = -0.5 * z**2 - _LOG_ROOT_2PI - np.log(s) - log_ndtr(a)
    above = np.exp(log_ndtr(-z) - log_ndtr(a))
    below = (ndtr(z) - ndtr(-a)) / np.exp(log_ndtr(a))
    possible = np.isfinite(a)
    return (
        np.where(possible, density, _IMPOSSIBLE),
        np.where(possible, above, 0.0),
        np.where(possible, below, 0.0),
    )


def weibull_shapes(cv: Floats) -> Floats:
    """Return the Weibull shapes of coefficients of variation, to 1e-5, for 0.001 to 30."""
    from scipy.special import gammaln

    log_k = np.linspace(math.log(0.12), math.log(1500.0), 3_000)
    inverse = np.exp(-log_k)
    log_cv = 0.5 * np.log(np.expm1(gammaln(1.0 + 2.0 * inverse) - 2.0 * gammaln(1.0 + inverse)))
    return np.asarray(np.exp(np.interp(np.log(cv), log_cv[::-1], log_k[::-1])))


def _normal_parameters(cv: Floats) -> tuple[Floats, Floats]:
    """Return mean over deviation and deviation of the normal that, cut at zero, has mean 1.

    NaN where the coefficient of variation is not below that of an exponential.
    """
    from scipy.special import log_ndtr

    a = np.concatenate([np.linspace(-30.0, 6.0, 2_400), np.geomspace(6.001, 1200.0, 1_200)])
    hazard = np.exp(-0.5 * a**2 - _LOG_ROOT_2PI - log_ndtr(a))
    mean = a + hazard
    log_cv = 0.5 * np.log1p(-hazard * mean) - np.log(mean)
    wanted = np.log(cv)
    found = np.interp(wanted, log_cv[::-1], a[::-1], left=np.nan, right=np.nan)
    scale = 1.0 / np.interp(found, a, mean)
    return np.asarray(found), np.asarray(scale)
