"""Known truths of reception: correlated gateways, shadowing fields, levels learnt from misses."""

from __future__ import annotations

from twin.lang import Text
from twin.oracle import Oracle

_PLACES = 10_000
_FRAMES = 20_000
_THRESHOLD_DBM = -133.0
_DEVIATIONS = 3.0
_QUADRATURE = 1e-6
"""Largest error that `models.lora.reception` allows itself."""

_EXPONENT_ERROR = 0.0353
"""Standard error of the exponent, censored fit of `_FRAMES` frames, by the information matrix; its
estimates spread by 0.0348 over 200 other sets of dice [D]."""


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of reception by several gateways and of calibration.

    Returns
    -------
    tuple of Oracle
        A closed form, and two truths of the dice found again from what is drawn.
    """
    return (
        Oracle(
            "lora.reception.both",
            Text("entendu par deux passerelles sur deux, marges nulles, corrélation 1/2",
                 "heard by two gateways of two, no margin, correlation 1/2"),
            "Sheppard 1899; closed form: 1/4 + arcsin(rho)/(2 pi)", "1", 1.0 / 3.0, _QUADRATURE,
            _both,
        ),
        Oracle(
            "lora.shadowing.correlation",
            Text("corrélation de l'ombrage de deux passerelles, 10 000 lieux, trois erreurs types",
                 "correlation of two gateways' shadowing, 10,000 places, three standard errors"),
            "the field's own rho = 1/2; standard error (1 - rho²)/sqrt(n)", "1", 0.5,
            _DEVIATIONS * 0.75 / _PLACES**0.5, _correlation,
        ),
        Oracle(
            "lora.calibration.exponent",
            Text("exposant calé sur 20 000 trames, trois sur quatre perdues, trois erreurs types",
                 "exponent fitted to 20,000 frames, three in four missed, three standard errors"),
            "the truth of the dice: 3.3 (least squares on what is heard would say 1.74)", "1", 3.3,
            _DEVIATIONS * _EXPONENT_ERROR, _exponent,
        ),
    )  # fmt: skip


def _both() -> float:
    import numpy as np

    from models.lora.reception import probability_heard

    return float(probability_heard(np.array([0, 2]), np.zeros(2), 8.0, 0.5, 2)[0, 1])


def _correlation() -> float:
    import numpy as np

    from models.lora.shadowing import ShadowingField, shadowing_db
    from twin.streams import Streams

    streams = Streams(36, 0)
    # Hundreds of kilometres wide: no place is near enough to another to know of it.
    dice = streams.generator("lora", "oracle-places")
    x_m, y_m = (np.repeat(dice.uniform(0.0, 4e5, _PLACES), 2) for _ in range(2))
    gateway = np.tile(np.arange(2, dtype=np.int32), _PLACES)
    field = ShadowingField(7.8, rho=0.5)
    drawn = shadowing_db(field, streams, ["one", "other"], gateway, x_m, y_m)
    return float(np.asarray(np.corrcoef(drawn.reshape(_PLACES, 2).T))[0, 1])


def _exponent() -> float:
    import numpy as np

    from models.lora.calibration.fit import calibrate
    from models.lora.calibration.forms import decades_db, log_distance_form
    from models.lora.calibration.observations import observations
    from twin.streams import Streams

    dice = Streams(36, 0).generator("lora", "oracle-calibration")
    loss_db = decades_db(1_000.0 * np.sqrt(dice.uniform(0.3**2, 25.0**2, _FRAMES)))
    level_dbm = -100.0 - 3.3 * loss_db + dice.normal(0.0, 8.0, _FRAMES)
    seen = observations(np.where(level_dbm >= _THRESHOLD_DBM, level_dbm, np.nan), _THRESHOLD_DBM)
    form = log_distance_form(-100.0, 2.32)
    return calibrate(seen, loss_db, form, leave_one_out=False).value("exponent")
