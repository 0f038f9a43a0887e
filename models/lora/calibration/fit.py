"""Calibrate a propagation model: offset, slope, sigma and use-case losses, with their errors.

The straight line that is fitted is in `forms`, the likelihood in `likelihood`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from models.lora.calibration.forms import Form
from models.lora.calibration.likelihood import Fit, Likelihood, Sample, maximise, naive
from models.lora.calibration.observations import Observations
from models.lora.calibration.table import MOST_FOLDS, TableRow, folds, leave_out, score
from twin.errors import Fault, InputError
from twin.lang import Text

Array = NDArray[np.float64]

CONFIDENCE = 0.90
FEWEST_PLACES = 3
LEAST_SPREAD_DB = 1.0
"""Standard deviation of the predicted losses under which a slope means nothing."""


@dataclass(frozen=True)
class Parameter:
    """An estimate, its standard error and its 90 % interval, in `unit`."""

    key: str
    label: Text
    unit: str
    estimate: float
    standard_error: float
    low: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """A calibrated model.

    `clustered` says that errors allow for frames of one place sharing their shadowing;
    `naive_slope` and `naive_sigma_db` are what least squares on the receptions alone would say.
    """

    form: Form
    likelihood: Likelihood
    parameters: tuple[Parameter, ...]
    clustered: bool
    reference_use_case: str
    frames_heard: int
    frames_missed: int
    places: int
    naive_slope: float
    naive_sigma_db: float
    log_likelihood: float
    table: tuple[TableRow, ...]
    notices: tuple[Text, ...]

    def value(self, key: str) -> float:
        """Return the estimate called `key`."""
        return next(p.estimate for p in self.parameters if p.key == key)


def calibrate(
    observations: Observations,
    predicted_loss_db: Array,
    form: Form,
    *,
    fit_slope: bool = True,
    likelihood: Likelihood | None = None,
    leave_one_out: bool = True,
) -> Calibration:
    """Fit a level model to measured receptions, missed frames included.

    Parameters
    ----------
    observations
        The measurements.
    predicted_loss_db : shape (rows,)
        The model's loss of each row; `forms.decades_db` for the log-distance form.
    form
        `forms.terrain_form` or `forms.log_distance_form`.
    fit_slope
        Fit the slope too; otherwise it keeps its uncalibrated value.
    likelihood
        Censored where misses are known and truncated otherwise, unless stated.
    leave_one_out
        Fill the leave-one-out lines of the table (up to fifty refits each).

    Raises
    ------
    InputError
        If nothing was heard, fewer than three places were, all losses are alike, a use case was
        never heard, or the likelihood has no single maximum.

    """
    kind = likelihood or (
        Likelihood.CENSORED if observations.misses_known else Likelihood.TRUNCATED
    )
    _check(observations, predicted_loss_db, fit_slope=fit_slope)
    pivot = _pivot(observations, predicted_loss_db, form)
    reference, others = _use_cases(observations)
    sample, fixed = _sample(observations, predicted_loss_db - pivot, form, others, kind, fit_slope)
    fit = maximise(sample, kind)
    notices: list[Text] = []
    table = _table(observations, sample, fit, kind, fixed, predicted_loss_db, form, pivot)
    if leave_one_out:
        table += _left_out(observations, sample, fit, kind, notices)
    bare, naive_sigma = naive(sample)
    keys = [form.slope_key] if fit_slope else []
    return Calibration(
        form=replace(form, pivot_db=pivot),
        likelihood=kind,
        parameters=_parameters(fit, form, pivot, keys, [observations.use_cases[i] for i in others]),
        clustered=fit.clustered,
        reference_use_case=observations.use_cases[reference],
        frames_heard=round(float(observations.heard.sum())),
        frames_missed=round(float(observations.missed.sum())),
        places=observations.places,
        naive_slope=float(bare[1]) if fit_slope else form.slope_before,
        naive_sigma_db=naive_sigma,
        log_likelihood=fit.log_likelihood,
        table=tuple(table),
        notices=tuple(notices),
    )


def _check(observations: Observations, loss_db: Array, *, fit_slope: bool) -> None:
    """Raise one InputError with everything that keeps the parameters from being determined."""
    heard = observations.heard > 0.0
    faults: list[Fault] = []
    if not heard.any():
        faults.append(
            Fault(
                Text("au moins une trame reçue", "at least one frame heard"),
                Text(
                    "mesurez plus près des passerelles ou avec un facteur d'étalement plus grand",
                    "measure nearer the gateways or with a larger spreading factor",
                ),
                key="frames",
                value=f"{observations.missed.sum():.0f} perdues / missed",
            )
        )
        raise InputError(*faults)
    if not np.isfinite(loss_db).all():
        faults.append(
            Fault(
                Text("un affaiblissement prédit par ligne", "a predicted loss for each row"),
                Text(
                    "étendez le relief jusqu'à ces points ou ôtez-les",
                    "extend the terrain to these points or remove them",
                ),
                key="predicted_loss_db",
                value=f"{int((~np.isfinite(loss_db)).sum())} NaN",
            )
        )
    if observations.places < FEWEST_PLACES:
        faults.append(
            Fault(
                Text("au moins trois lieux entendus", "at least three places heard"),
                Text("mesurez d'autres lieux", "measure more places"),
                key="place",
                value=str(observations.places),
            )
        )
    spread = float(np.std(loss_db[heard]))
    if fit_slope and spread < LEAST_SPREAD_DB:
        faults.append(
            Fault(
                Text("des distances variées", "varied distances"),
                Text(
                    "mesurez près et loin des passerelles, ou fixez la pente (--fixed-slope)",
                    "measure near and far from the gateways, or fix the slope (--fixed-slope)",
                ),
                key="distance",
                value=f"{spread:.2f} dB",
            )
        )
    counts = np.bincount(observations.use_case, observations.heard, len(observations.use_cases))
    faults.extend(
        Fault(
            Text("au moins une trame reçue par usage", "at least one frame heard per use case"),
            Text("mesurez cet usage ou ôtez ses lignes", "measure this use case or drop its rows"),
            key="use_case",
            value=name,
        )
        for name, count in zip(observations.use_cases, counts, strict=True)
        if count == 0.0
    )
    if faults:
        raise InputError(*faults)


def _pivot(observations: Observations, loss_db: Array, form: Form) -> float:
    if form.pivot_db is not None:
        return form.pivot_db
    return float(loss_db @ observations.heard / observations.heard.sum())


def _use_cases(observations: Observations) -> tuple[int, list[int]]:
    """Return the use case most often heard, the reference, and the others."""
    counts = np.bincount(observations.use_case, observations.heard, len(observations.use_cases))
    reference = int(np.argmax(counts))
    return reference, [i for i in range(len(observations.use_cases)) if i != reference]


def _sample(
    observations: Observations,
    centred_db: Array,
    form: Form,
    others: Sequence[int],
    kind: Likelihood,
    fit_slope: bool,
) -> tuple[Sample, Array]:
    """Return the rows to fit and what was added to their levels for a fixed slope."""
    columns = [np.ones(len(observations))]
    fixed = np.zeros(len(observations))
    if fit_slope:
        columns.append(-centred_db)
    else:
        fixed = form.slope_before * centred_db
    columns.extend(-(observations.use_case == i).astype(np.float64) for i in others)
    threshold = observations.threshold_dbm
    if kind is Likelihood.TRUNCATED:
        # A frame read below the sensitivity (RSSI is good to a dB or two) was heard all the same.
        threshold = np.fmin(threshold, observations.level_dbm)
    sample = Sample(
        design=np.column_stack(columns),
        level_dbm=observations.level_dbm + fixed,
        threshold_dbm=threshold + fixed,
        heard=observations.heard,
        missed=observations.missed if kind is Likelihood.CENSORED else 0.0 * observations.missed,
        cluster=observations.place,
    )
    return sample, fixed


def _parameters(
    fit: Fit, form: Form, pivot: float, slope_keys: list[str], use_cases: list[str]
) -> tuple[Parameter, ...]:
    quantile = float(stdtrit(fit.freedom, 0.5 + 0.5 * CONFIDENCE))
    errors = np.sqrt(np.diag(fit.covariance))
    labels: list[tuple[str, Text, str, float]] = [
        (form.offset_key, form.offset_label, form.offset_unit, pivot - form.gain_dbm)
    ]
    labels.extend((key, form.slope_label, "", 0.0) for key in slope_keys)
    labels.extend(
        (
            f"use_case_{name}_db",
            Text("perte de l'usage « {name} »", "loss of use case '{name}'").format(name=name),
            "dB",
            0.0,
        )
        for name in use_cases
    )
    found = [
        Parameter(
            key, label, unit, b + shift, e, b + shift - quantile * e, b + shift + quantile * e
        )
        for (key, label, unit, shift), b, e in zip(
            labels, fit.beta.tolist(), errors[:-1].tolist(), strict=True
        )
    ]
    error = float(errors[-1])  # of log sigma: its interval is taken on the logarithm
    spread = float(np.exp(quantile * error))
    found.append(
        Parameter(
            "sigma_db",
            Text("écart type de l'ombrage", "standard deviation of the shadowing"),
            "dB",
            fit.sigma_db,
            fit.sigma_db * error,
            fit.sigma_db / spread,
            fit.sigma_db * spread,
        )
    )
    return tuple(found)


def _table(
    observations: Observations,
    sample: Sample,
    fit: Fit,
    kind: Likelihood,
    fixed: Array,
    loss_db: Array,
    form: Form,
    pivot: float,
) -> list[TableRow]:
    """Return the lines before and after."""
    median = form.gain_dbm + form.offset_before - pivot - form.slope_before * (loss_db - pivot)
    sigma = np.full(len(observations), fit.sigma_db)
    known = kind is Likelihood.CENSORED
    before, after = Text("avant calibration", "before"), Text("après calibration", "after")
    return [
        score("before", before, sample, median + fixed, sigma, misses_known=known),
        score("after", after, sample, sample.design @ fit.beta, sigma, misses_known=known),
    ]


def _left_out(
    observations: Observations,
    sample: Sample,
    fit: Fit,
    kind: Likelihood,
    notices: list[Text],
) -> list[TableRow]:
    """Return the leave-one-out lines by place and, with several gateways, by gateway."""
    many = np.unique(observations.place).size > MOST_FOLDS
    by_place = Text("lieux laissés de côté par cinquantièmes", "places left out by fiftieths")
    if not many:
        by_place = Text("chaque lieu laissé de côté", "each place left out")
    kinds = [("leave_one_place_out", by_place, observations.place)]
    if np.unique(observations.gateway[observations.heard > 0.0]).size > 1:
        by_gateway = Text("chaque passerelle laissée de côté", "each gateway left out")
        kinds.append(("leave_one_gateway_out", by_gateway, observations.gateway))
    rows = []
    for key, label, groups in kinds:
        try:
            median, sigma = leave_out(sample, kind, fit, folds(groups))
        except InputError:
            notices.append(
                Text(
                    "{what} : impossible, trop peu de mesures restent",
                    "{what}: impossible, too few measurements remain",
                ).format(what="leave-one-out")
            )
            continue
        known = kind is Likelihood.CENSORED
        rows.append(score(key, label, sample, median, sigma, misses_known=known))
    return rows
