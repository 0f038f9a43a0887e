"""The before/after table of a calibration: how far predictions fall from receptions.

Two ways to read a residual. *Raw*: level minus predicted median; on receptions alone its mean is
positive even for the true model, because unlucky frames were not heard. *Given heard*: level minus
the mean level of a frame that is heard, mu + sigma hazard((mu - thr) / sigma); its mean is zero for
the true model. Where misses are known the predicted share of frames heard stands beside the share
observed. The row "before" takes the uncalibrated median with the calibrated sigma.

Leave-one-out refits the parameters without the frames of a place (or of a gateway) and predicts
them: what the model is worth where nothing was measured.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from models.lora.calibration.likelihood import Fit, Likelihood, Sample, hazard, maximise
from twin.lang import Text

Array = NDArray[np.float64]

MOST_FOLDS = 50


@dataclass(frozen=True)
class TableRow:
    """One line of the table; shares are None where misses are unknown.

    `n` counts the frames heard; `bias_db` and `rmse_db` are raw, `*_heard_db` given heard.
    """

    key: str
    label: Text
    n: int
    bias_db: float
    rmse_db: float
    bias_heard_db: float
    rmse_heard_db: float
    predicted_share: float | None
    observed_share: float | None


def score(
    key: str, label: Text, sample: Sample, median_dbm: Array, sigma_db: Array, *, misses_known: bool
) -> TableRow:
    """Return the line of predictions `median_dbm`, `sigma_db`, each of shape (rows,)."""
    heard = sample.heard > 0.0
    weight = sample.heard[heard]
    level, median, sigma = sample.level_dbm[heard], median_dbm[heard], sigma_db[heard]
    raw = level - median
    given = raw - sigma * hazard((median - sample.threshold_dbm[heard]) / sigma)
    predicted = observed = None
    if misses_known:
        frames = sample.heard + sample.missed
        chance = ndtr((median_dbm - sample.threshold_dbm) / sigma_db)
        predicted = float(frames @ chance / frames.sum())
        observed = float(sample.heard.sum() / frames.sum())
    return TableRow(
        key=key,
        label=label,
        n=round(float(weight.sum())),
        bias_db=_mean(raw, weight),
        rmse_db=math.sqrt(_mean(raw * raw, weight)),
        bias_heard_db=_mean(given, weight),
        rmse_heard_db=math.sqrt(_mean(given * given, weight)),
        predicted_share=predicted,
        observed_share=observed,
    )


def _mean(values: Array, weight: Array) -> float:
    return float(values @ weight / weight.sum())


def folds(groups: NDArray[np.int64], most: int = MOST_FOLDS) -> NDArray[np.int64]:
    """Return the fold of each row: one per group, or `most` folds of whole groups."""
    _, number = np.unique(groups, return_inverse=True)
    return np.asarray(number % most, dtype=np.int64)


def leave_out(
    sample: Sample,
    likelihood: Likelihood,
    fit: Fit,
    fold: NDArray[np.int64],
) -> tuple[Array, Array]:
    """Return medians and sigmas, shape (rows,), predicted for each fold without its own rows.

    Raises
    ------
    InputError
        If the rows that remain cannot determine the parameters.

    """
    median = np.empty(fold.size)
    sigma = np.empty(fold.size)
    for number in np.unique(fold):
        out = fold == number
        refit = maximise(sample.take(~out), likelihood, fit.start())
        median[out] = sample.design[out] @ refit.beta
        sigma[out] = refit.sigma_db
    return median, sigma
