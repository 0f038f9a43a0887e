"""The straight line a calibration fits to a propagation model.

The median level of a frame is ::

    level = gain + offset - (pivot + slope (loss - pivot)) - loss of the use case

with `loss` the model's prediction. For a terrain model `gain` is the ERP in EIRP plus antenna and
cable, `pivot` the mean predicted loss of the receptions (so that offset is the error there and is
hardly correlated with slope), and offset 0, slope 1 is the uncalibrated model. For the log-distance
form `loss` is 10 lg d_km, gain and pivot are 0: offset is the level at 1 km and slope the exponent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.lang import Text

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Form:
    """What the two parameters of the straight line are called, and their uncalibrated values."""

    offset_key: str
    offset_label: Text
    offset_unit: str
    slope_key: str
    slope_label: Text
    gain_dbm: float
    pivot_db: float | None
    offset_before: float
    slope_before: float


def terrain_form(gain_dbm: float) -> Form:
    """Return the form of a model that predicts a loss; `gain_dbm` is the level at a loss of 0 dB.

    The pivot is the mean predicted loss of the receptions.
    """
    return Form(
        offset_key="offset_db",
        offset_label=Text("écart moyen du modèle", "mean error of the model"),
        offset_unit="dB",
        slope_key="slope",
        slope_label=Text("pente sur l'affaiblissement prédit", "slope on the predicted loss"),
        gain_dbm=gain_dbm,
        pivot_db=None,
        offset_before=0.0,
        slope_before=1.0,
    )


def log_distance_form(level_1km_before_dbm: float, exponent_before: float) -> Form:
    """Return the form whose predicted loss is :func:`decades_db`."""
    return Form(
        offset_key="level_1km_dbm",
        offset_label=Text("niveau à 1 km", "level at 1 km"),
        offset_unit="dBm",
        slope_key="exponent",
        slope_label=Text("exposant de la distance", "path-loss exponent"),
        gain_dbm=0.0,
        pivot_db=0.0,
        offset_before=level_1km_before_dbm,
        slope_before=exponent_before,
    )


def decades_db(distance_m: Array) -> Array:
    """Return 10 lg of the distance in kilometres, what a log-distance exponent multiplies."""
    return np.asarray(10.0 * np.log10(np.maximum(distance_m, 1.0) / 1000.0), dtype=np.float64)
