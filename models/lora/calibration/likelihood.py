"""Maximum likelihood of a received level when weak frames are missed.

The level of a frame is Gaussian: mean `design @ beta`, standard deviation `sigma`. A frame is heard
when its level reaches the threshold `thr`. With r = (y - mu) / sigma::

    received                     log phi(r) - log sigma
    missed            (censored) log Phi((thr - mu) / sigma)                  Tobin 1958
    received only    (truncated) log phi(r) - log sigma - log Phi((mu - thr) / sigma)

Least squares on the receptions alone sees only the lucky frames of the far places: it reads an
exponent of 1.74 where the truth is 3.3 (coverage reference, section 6).

The maximum is found by Newton's method in gamma = beta / sigma, theta = 1 / sigma, where the
censored likelihood is concave (Olsen, Econometrica 46(5), 1978) and the truncated one has a single
maximum (Orme & Ruud, Econometric Reviews 21(4), 2002). Gradient and Hessian are analytic; Mills
ratios go through `scipy.special.log_ndtr` and never overflow. The covariance of (beta, log sigma)
is the inverse observed information or, where places hold several frames, the cluster-robust
sandwich by place (Huber 1967; Liang & Zeger 1986): shadowing is shared by the frames of a place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from twin.errors import Fault, InputError
from twin.lang import Text

STEPS = 200
TOLERANCE = 1e-9
"""Newton decrement, in log-likelihood units, at which the maximum is reached."""
FLATTEST = 1e-10
"""Smallest ratio of curvatures of the scaled Hessian for a parameter to count as determined."""

FLATTEST_THETA = 1e-4
"""Inverse of a sigma so large that the likelihood has no top."""

Array = NDArray[np.float64]


class Likelihood(StrEnum):
    """Which frames are known."""

    CENSORED = "censored"
    TRUNCATED = "truncated"


@dataclass(frozen=True)
class Sample:
    """Rows to fit; `design` has shape (rows, p), the other arrays (rows,).

    `level_dbm` is read where `heard` > 0, `threshold_dbm` where `missed` > 0 or the likelihood is
    truncated; `heard` and `missed` are counts; `cluster` numbers the places.
    """

    design: Array
    level_dbm: Array
    threshold_dbm: Array
    heard: Array
    missed: Array
    cluster: NDArray[np.int64]

    def take(self, keep: NDArray[np.bool_]) -> Sample:
        """Return the rows where `keep` is true."""
        return Sample(
            self.design[keep],
            self.level_dbm[keep],
            self.threshold_dbm[keep],
            self.heard[keep],
            self.missed[keep],
            self.cluster[keep],
        )


@dataclass(frozen=True)
class Fit:
    """A maximum of the likelihood.

    `covariance` is that of (beta, log sigma), shape (p + 1, p + 1); `clustered` says that it is
    the sandwich by place; `freedom` are the degrees of freedom of the intervals.
    """

    beta: Array
    sigma_db: float
    covariance: Array
    clustered: bool
    freedom: int
    log_likelihood: float

    def start(self) -> Array:
        """Return the maximum as a starting point for a fit on nearly the same rows."""
        return np.append(self.beta, 1.0) / self.sigma_db


def hazard(x: Array) -> Array:
    """Return phi(x) / Phi(x), accurate in both tails."""
    result: Array = np.exp(-0.5 * x * x - log_ndtr(x) - 0.5 * math.log(2.0 * math.pi))
    return result


def maximise(sample: Sample, likelihood: Likelihood, start: Array | None = None) -> Fit:
    """Return the maximum-likelihood fit of `sample`.

    Raises
    ------
    InputError
        If the rows cannot determine the parameters (no maximum, or a flat one).

    """
    point = _least_squares(sample) if start is None else start
    value = log_likelihood(sample, likelihood, point)
    for _ in range(STEPS):
        rows, hessian = scores(sample, likelihood, point)
        gradient = rows.sum(axis=0)
        direction = _ascent(gradient, hessian)
        slope = float(gradient @ direction)
        if slope < TOLERANCE:
            return _fit(sample, likelihood, point, value)
        point, value = _line_search(sample, likelihood, point, value, direction, slope)
        if point[-1] < FLATTEST_THETA:
            break
    raise _undetermined()


def log_likelihood(sample: Sample, likelihood: Likelihood, point: Array) -> float:
    """Return the log-likelihood at `point` = (beta, 1) / sigma."""
    theta = point[-1]
    mean = sample.design @ point[:-1]
    heard = sample.heard > 0.0
    count = sample.heard[heard]
    residual = theta * sample.level_dbm[heard] - mean[heard]
    constant = math.log(theta) - 0.5 * math.log(2.0 * math.pi)
    total = float(count @ (constant - 0.5 * residual * residual))
    if likelihood is Likelihood.TRUNCATED:
        return total - float(count @ log_ndtr(mean[heard] - theta * sample.threshold_dbm[heard]))
    missed = sample.missed > 0.0
    below = theta * sample.threshold_dbm[missed] - mean[missed]
    return total + float(sample.missed[missed] @ log_ndtr(below))


def scores(sample: Sample, likelihood: Likelihood, point: Array) -> tuple[Array, Array]:
    """Return the gradient of each row's log-likelihood, shape (rows, p + 1), and the Hessian."""
    theta = point[-1]
    heard = sample.heard > 0.0
    rows = np.zeros((sample.heard.size, point.size))
    count = sample.heard[heard]
    level = np.column_stack([-sample.design[heard], sample.level_dbm[heard]])
    residual = level @ point
    rows[heard] = -(count * residual)[:, None] * level
    rows[heard, -1] += count / theta
    hessian = -(level.T * count) @ level
    hessian[-1, -1] -= count.sum() / theta**2
    if likelihood is Likelihood.TRUNCATED:
        edge = np.column_stack([sample.design[heard], -sample.threshold_dbm[heard]])
        above = edge @ point
        mills = hazard(above)
        rows[heard] -= (count * mills)[:, None] * edge
        hessian += (edge.T * (count * mills * (above + mills))) @ edge
        return rows, hessian
    missed = sample.missed > 0.0
    edge = np.column_stack([-sample.design[missed], sample.threshold_dbm[missed]])
    below = edge @ point
    mills = hazard(below)
    rows[missed] += (sample.missed[missed] * mills)[:, None] * edge
    hessian -= (edge.T * (sample.missed[missed] * mills * (below + mills))) @ edge
    return rows, hessian


def _least_squares(sample: Sample) -> Array:
    """Return (beta, 1) / sigma of least squares on the receptions: the naive fit."""
    heard = sample.heard > 0.0
    root = np.sqrt(sample.heard[heard])
    beta = np.linalg.lstsq(
        sample.design[heard] * root[:, None], sample.level_dbm[heard] * root, rcond=None
    )[0]
    residual = (sample.level_dbm[heard] - sample.design[heard] @ beta) * root
    sigma = math.sqrt(float(residual @ residual) / float(root @ root))
    start: Array = np.append(beta, 1.0) / max(sigma, 1e-3)
    return start


def naive(sample: Sample) -> tuple[Array, float]:
    """Return beta and sigma of least squares on the receptions, which ignores the misses."""
    point = _least_squares(sample)
    return point[:-1] / point[-1], 1.0 / float(point[-1])


def _ascent(gradient: Array, hessian: Array) -> Array:
    """Return Newton's direction, ridged until the curvature is that of a hill."""
    scale = 1.0 / np.sqrt(np.maximum(np.abs(np.diag(hessian)), 1e-12))
    curvature = -hessian * np.outer(scale, scale)
    ridge = 0.0
    while True:
        try:
            lower = np.linalg.cholesky(curvature + ridge * np.eye(gradient.size))
        except np.linalg.LinAlgError:
            ridge = max(1e-6, 10.0 * ridge)
            continue
        half = np.linalg.solve(lower, scale * gradient)
        direction: Array = scale * np.linalg.solve(lower.T, half)
        return direction


def _line_search(
    sample: Sample,
    likelihood: Likelihood,
    point: Array,
    value: float,
    direction: Array,
    slope: float,
) -> tuple[Array, float]:
    """Halve the step until the likelihood rises enough and sigma stays positive."""
    step = 1.0
    for _ in range(60):
        trial = point + step * direction
        if trial[-1] > 0.0:
            reached = log_likelihood(sample, likelihood, trial)
            if reached >= value + 1e-4 * step * slope - 1e-12 * abs(value):
                return trial, reached
        step *= 0.5
    raise _undetermined()


def _fit(sample: Sample, likelihood: Likelihood, point: Array, value: float) -> Fit:
    rows, hessian = scores(sample, likelihood, point)
    information = -hessian
    scale = 1.0 / np.sqrt(np.maximum(np.diag(information), 1e-300))
    curvatures = np.linalg.eigvalsh(information * np.outer(scale, scale))
    if not (np.diag(information) > 0.0).all() or curvatures[0] < FLATTEST * curvatures[-1]:
        raise _undetermined()
    covariance = np.linalg.inv(information)
    frames = float(sample.heard.sum())
    if likelihood is Likelihood.CENSORED:
        frames += float(sample.missed.sum())
        used = (sample.heard > 0.0) | (sample.missed > 0.0)
    else:
        used = sample.heard > 0.0
    _, cluster = np.unique(sample.cluster[used], return_inverse=True)
    places = int(cluster.max()) + 1
    clustered = places < frames
    if clustered:
        by_place = np.zeros((places, point.size))
        np.add.at(by_place, cluster, rows[used])
        covariance = covariance @ (by_place.T @ by_place) @ covariance
        covariance *= places / max(1, places - 1)
    theta = float(point[-1])
    freedom = (places if clustered else int(frames)) - point.size
    jacobian = _jacobian(point)
    return Fit(
        beta=point[:-1] / theta,
        sigma_db=1.0 / theta,
        covariance=jacobian @ covariance @ jacobian.T,
        clustered=clustered,
        freedom=max(1, freedom),
        log_likelihood=value,
    )


def _jacobian(point: Array) -> Array:
    """Return the derivative of (beta, log sigma) with respect to (gamma, theta)."""
    theta = point[-1]
    jacobian: Array = np.eye(point.size) / theta
    jacobian[:-1, -1] = -point[:-1] / theta**2
    jacobian[-1, -1] = -1.0 / theta
    return jacobian


def _undetermined() -> InputError:
    return InputError(
        Fault(
            Text(
                "des mesures qui déterminent chaque paramètre",
                "measurements that determine every parameter",
            ),
            Text(
                "mesurer à des distances plus variées, noter les trames perdues (frames_sent,"
                " frames_heard), ou fixer la pente",
                "measure at more varied distances, record the missed frames (frames_sent,"
                " frames_heard), or fix the slope",
            ),
            key="calibration",
        )
    )
