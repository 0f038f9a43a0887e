"""The dice of meters: one draw a meter and purpose, whatever else is drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.device_keys import U8, mix, word_of

_S11 = np.uint64(11)


def units(key: U8, purpose: str, number: int = 0) -> NDArray[np.float64]:
    """Return one draw in (0, 1) a meter."""
    return np.asarray((mix(key ^ word_of(purpose, number)) >> _S11) * 2.0**-53 + 2.0**-54)


def exponentials(key: U8, purpose: str, number: int = 0) -> NDArray[np.float64]:
    """Return one exponential draw of mean 1 a meter."""
    return np.asarray(-np.log(units(key, purpose, number)))


def normals(key: U8, purpose: str, number: int = 0) -> NDArray[np.float64]:
    """Return one standard normal draw a meter."""
    from scipy.special import ndtri

    return np.asarray(ndtri(units(key, purpose, number)))
