"""Log-distance loss: a straight line in lg d, with the published lines of LoRa campaigns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class LogDistance:
    """L = reference + 10 n lg(d / reference distance), decimal logarithm.

    Two forks of lorasim take the natural logarithm, which turns n = 2.08 into 4.79: the base is
    stated here on purpose. `sigma_db` is the log-normal spread the campaign reports around the
    line (0 where none is reported); it is never added to the loss.
    """

    reference_db: float
    exponent: float
    reference_distance_m: float = 1_000.0
    sigma_db: float = 0.0

    def loss_db(self, distance_m: ArrayLike) -> NDArray[np.float64]:
        """Return the median loss, dB, at each distance (> 0, metres), elementwise."""
        decades = np.log10(np.asarray(distance_m, dtype=np.float64) / self.reference_distance_m)
        return np.asarray(self.reference_db + 10.0 * self.exponent * decades, dtype=np.float64)


OULU = LogDistance(reference_db=128.95, exponent=2.32, sigma_db=7.8)
"""Oulu on the ground, 868 MHz: 128.95 + 23.2 lg d_km, sigma 7.8 dB; Petajajarvi, ITST 2015 [V]."""

LORASIM = LogDistance(reference_db=127.41, exponent=2.08, reference_distance_m=40.0)
"""LoRaSim's default: 127.41 dB at 40 m, n = 2.08; Bor et al., MSWiM 2016 [V]."""


def log_distance_db(distance_m: ArrayLike, line: LogDistance = OULU) -> NDArray[np.float64]:
    """Return the median loss of a log-distance line, dB; Oulu's by default."""
    return line.loss_db(distance_m)
