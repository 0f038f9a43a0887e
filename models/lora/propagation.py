"""The propagation models a planner may choose, under one name each."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lora.free_space import free_space_db
from models.lora.hata import Environment, okumura_hata_db
from models.lora.log_distance import OULU, LogDistance
from twin.errors import Fault, InputError
from twin.lang import Text


class PropagationModel(StrEnum):
    """Which law gives the median basic transmission loss."""

    DELTA_BULLINGTON = "delta-bullington"
    FREE_SPACE = "free-space"
    OKUMURA_HATA = "okumura-hata"
    LOG_DISTANCE = "log-distance"

    @property
    def label(self) -> Text:
        """Return the model's name for a reader."""
        return _LABELS[self]


_LABELS = {
    PropagationModel.DELTA_BULLINGTON: Text(
        "delta-Bullington (UIT-R P.526-15)", "delta-Bullington (ITU-R P.526-15)"
    ),
    PropagationModel.FREE_SPACE: Text("espace libre (UIT-R P.525)", "free space (ITU-R P.525)"),
    PropagationModel.OKUMURA_HATA: Text("Okumura-Hata", "Okumura-Hata"),
    PropagationModel.LOG_DISTANCE: Text("log-distance (Oulu 2015)", "log-distance (Oulu 2015)"),
}


def propagation_model(name: PropagationModel | str) -> PropagationModel:
    """Return the model called `name`.

    Raises
    ------
    InputError
        When there is none.
    """
    try:
        return PropagationModel(name)
    except ValueError:
        known = ", ".join(PropagationModel)
        raise InputError(
            Fault(
                key="model",
                value=str(name),
                expected=Text(f"un de : {known}", f"one of: {known}"),
                remedy=Text("choisissez un de ces modèles", "choose one of these models"),
            )
        ) from None


def basic_loss_db(
    model: PropagationModel | str,
    distance_m: ArrayLike,
    tx_height_m: ArrayLike,
    rx_height_m: ArrayLike,
    frequency_mhz: float = 868.0,
    environment: Environment | str = Environment.OPEN,
    log_distance: LogDistance = OULU,
) -> NDArray[np.float64]:
    """Return the median loss, dB, of a model that needs no terrain; arguments broadcast.

    The transmitter is the gateway (Hata's base antenna). Okumura-Hata and log-distance lines,
    extrapolated to short distances, would fall under free space: free space is then returned.

    Raises
    ------
    InputError
        Unknown model, or delta-Bullington, which needs a terrain (`profiles.path_losses_db`).
    """
    chosen = propagation_model(model)
    if chosen is PropagationModel.DELTA_BULLINGTON:
        raise InputError(
            Fault(
                key="model",
                value=chosen.value,
                expected=Text("un modèle sans relief", "a model without terrain"),
                remedy=Text("fournissez un relief", "supply a terrain"),
            )
        )
    # At a distance of zero the lines diverge to minus infinity: a centimetre is free space anyway.
    distance = np.maximum(np.asarray(distance_m, dtype=np.float64), 0.01)
    rise = np.asarray(tx_height_m, dtype=np.float64) - np.asarray(rx_height_m, dtype=np.float64)
    floor = free_space_db(np.hypot(distance, rise), frequency_mhz)
    if chosen is PropagationModel.FREE_SPACE:
        return floor
    if chosen is PropagationModel.LOG_DISTANCE:
        return np.maximum(log_distance.loss_db(distance), floor)
    loss = okumura_hata_db(distance, tx_height_m, rx_height_m, frequency_mhz, environment)
    return np.maximum(loss, floor)
