"""One check for every number this package is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from twin.errors import Fault, InputError
from twin.lang import Text, same


def require(key: str, values: ArrayLike, low: float, high: float = np.inf) -> None:
    """Raise an InputError naming `key` and its first value outside [low, high] or not a number."""
    array = np.asarray(values, dtype=np.float64)
    bad = ~((array >= low) & (array <= high))
    if bad.any():
        span = f">= {low:g}" if np.isinf(high) else f"{low:g} … {high:g}"
        raise InputError(
            Fault(
                key=key,
                value=f"{array[bad].flat[0]:g}",
                expected=same(span),
                remedy=Text("corrigez cette valeur", "correct this value"),
            )
        )
