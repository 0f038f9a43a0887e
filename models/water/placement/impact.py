"""From leak signatures to what a sensor is worth: seen or not, after how long, how much lost.

A signature is the change of pressure dH that a leak makes at each place a sensor may stand. Arrays
have shape (places, leaks).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.water.network.network import Floats
from twin.errors import Fault, InputError
from twin.lang import Text

_HOURS = 24.0


def detection(dh_m: ArrayLike, threshold_m: ArrayLike) -> NDArray[np.bool_]:
    """Return which sensor sees which leak at once: |dH| at or above its threshold.

    Parameters
    ----------
    dh_m
        Signatures, metres; shape (places, leaks).
    threshold_m
        One, or by place; shape (places,).

    Raises
    ------
    InputError
        A signature that is no number, a threshold not above zero.
    """
    signature = _signatures(dh_m)
    threshold = _positive("threshold_m", threshold_m, signature.shape[0])
    return np.asarray(np.abs(signature) >= threshold[:, None])


def days_to_see(
    dh_m: ArrayLike, noise_m: ArrayLike, *, deviations: float = 3.0, most_days: int = 60
) -> Floats:
    """Return nights until a leak stands out of a sensor's noise; shape (places, leaks).

    The mean of n nights has deviation noise / sqrt(n): the least n with |dH| >= deviations x
    noise / sqrt(n), infinite above `most_days`. Independent nights [D]; a model error that does not
    average out belongs into the noise.

    Parameters
    ----------
    dh_m
        Signatures, metres; shape (places, leaks).
    noise_m
        Deviation of one night's residual: one, or by place.
    deviations
        How far a leak must stand out.
    most_days
        Nights after which the season has changed the pressures anyway.
    """
    signature = np.abs(_signatures(dh_m))
    noise = _positive("noise_m", noise_m, signature.shape[0])[:, None]
    with np.errstate(divide="ignore"):
        days = np.ceil((deviations * noise / signature) ** 2 * (1.0 - 1e-12))
    return np.where(days <= most_days, np.maximum(days, 1.0), np.inf)


def lost_m3(flow_m3h: ArrayLike, days: ArrayLike, survey_days: float) -> Floats:
    """Return cubic metres lost until a sensor sees a leak; shape (places, leaks).

    Parameters
    ----------
    flow_m3h
        By leak; shape (leaks,).
    days
        Until it is seen, infinite where it never is; shape (places, leaks).
    survey_days
        Until it is found without any sensor; a sensor is never slower.

    Raises
    ------
    InputError
        Shapes that do not fit, a flow or a delay below zero.
    """
    delays = np.asarray(days, dtype=np.float64)
    flow = np.asarray(flow_m3h, dtype=np.float64)
    if delays.ndim != 2 or flow.shape != delays.shape[1:]:  # noqa: PLR2004 - places and leaks
        raise InputError(
            Fault(
                Text("un débit par fuite", "one flow a leak"),
                Text("donner autant de débits que de colonnes", "give a flow for each column"),
                key="flow_m3h",
                value=f"{flow.shape} for {delays.shape}",
            )
        )
    for key, values in (("flow_m3h", flow), ("days", delays), ("survey_days", survey_days)):
        if not bool((np.asarray(values) >= 0.0).all()):
            raise InputError(
                Fault(
                    Text("une valeur positive ou nulle", "a value of zero or more"),
                    Text(f"corriger {key}", f"correct {key}"),
                    key=key,
                    value=str(np.asarray(values).min()),
                )
            )
    return np.asarray(flow * _HOURS * np.minimum(delays, survey_days))


def _signatures(dh_m: ArrayLike) -> Floats:
    signature = np.asarray(dh_m, dtype=np.float64)
    if signature.ndim != 2 or not bool(np.isfinite(signature).all()):  # noqa: PLR2004 - a matrix
        raise InputError(
            Fault(
                Text(
                    "une matrice (lieux, fuites) de nombres", "a matrix (places, leaks) of numbers"
                ),
                Text("recalculer les signatures", "compute the signatures again"),
                key="dh_m",
                value=f"shape {signature.shape}",
            )
        )
    return signature


def _positive(key: str, value: ArrayLike, count: int) -> Floats:
    given = np.asarray(value, dtype=np.float64)
    if given.shape not in {(), (count,)} or not bool((given > 0.0).all()):
        raise InputError(
            Fault(
                Text(f"un nombre positif, ou {count}", f"a number above zero, or {count} of them"),
                Text(f"corriger {key}", f"correct {key}"),
                key=key,
                value=str(given if given.ndim == 0 else given.shape),
            )
        )
    return np.broadcast_to(given, (count,))
