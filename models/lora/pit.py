"""Loss of a water-meter pit: an honest prior, because nobody has published a figure.

No source gives the attenuation of a cast-iron lid over a buried meter at 868 MHz [U]. The prior is
10 to 30 dB with its mode at 20 dB (beta-PERT, shape 4), to be replaced by a local calibration
(`run.py calibrate`); every report must show it as an unverified assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Status = Literal["sourced", "derived", "unverified"]

PERT_SHAPE = 4.0
"""Weight of the mode in the beta-PERT law (Malcolm et al. 1959) [V]."""


@dataclass(frozen=True)
class PitLoss:
    """The prior on the loss of a pit, dB: low, mode and high of a beta-PERT law."""

    low_db: float = 10.0
    mode_db: float = 20.0
    high_db: float = 30.0
    status: Status = "unverified"

    def __post_init__(self) -> None:
        """Refuse bounds out of order."""
        if not self.low_db < self.high_db or not self.low_db <= self.mode_db <= self.high_db:
            raise ValueError("pit loss: low <= mode <= high and low < high")

    @property
    def mean_db(self) -> float:
        """Return the mean of the law."""
        return (self.low_db + PERT_SHAPE * self.mode_db + self.high_db) / (PERT_SHAPE + 2.0)

    def _shapes(self) -> tuple[float, float]:
        """Return the two shapes of the beta law on [low, high]."""
        width = self.high_db - self.low_db
        return (
            1.0 + PERT_SHAPE * (self.mode_db - self.low_db) / width,
            1.0 + PERT_SHAPE * (self.high_db - self.mode_db) / width,
        )

    def quantile_db(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Return the loss not exceeded with `probability` (in [0, 1]), elementwise, dB."""
        from scipy.special import betaincinv  # noqa: PLC0415 - scipy is slow to import

        first, second = self._shapes()
        share = betaincinv(first, second, np.asarray(probability, dtype=np.float64))
        return np.asarray(self.low_db + (self.high_db - self.low_db) * share, dtype=np.float64)

    def draw_db(self, generator: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Return `size` losses drawn from the prior, dB."""
        first, second = self._shapes()
        share = generator.beta(first, second, size)
        return np.asarray(self.low_db + (self.high_db - self.low_db) * share, dtype=np.float64)
