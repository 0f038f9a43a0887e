"""Loss of a water-meter pit: an honest prior, because nobody has published a figure.

No source gives the attenuation of a cast-iron lid over a buried meter at 868 MHz [U]. The prior is
10 to 30 dB with its mode at 20 dB, to be replaced by a local calibration (`run.py calibrate`);
every report must show it as an unverified assumption.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.decide.priors import Prior, Status
from twin.lang import Text

PIT_LOSS = Prior(
    name="pit_loss_db",
    low=10.0,
    mode=20.0,
    high=30.0,
    unit="dB",
    label=Text("Affaiblissement d'un regard en fonte", "Loss of a cast-iron meter pit"),
    status=Status.UNVERIFIED,
    source="aucune valeur publiée trouvée ; à calibrer par mesures",
)
"""The prior on the loss of a pit: beta-PERT 10, 20, 30 dB [U]."""


def pit_loss_db(probability: ArrayLike, prior: Prior = PIT_LOSS) -> NDArray[np.float64]:
    """Return the pit loss not exceeded with `probability` (in [0, 1]), elementwise, dB."""
    return prior.quantiles(probability)
