"""The mixing of 64 bits, compiled: what every counter-based die of a kernel is made of.

The same function as :func:`twin.device_keys.mix`, one word at a time, for compiled callers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31 = np.uint64(27), np.uint64(30), np.uint64(31)


@njit("uint64(uint64)", cache=True)
def mix64(value: int) -> int:
    """Return the splitmix64 finaliser of 64 bits (Steele, Lea & Flood, OOPSLA 2014) [V]."""
    bits: Any = value + _GOLDEN
    bits = (bits ^ (bits >> _S30)) * _MIX_1
    bits = (bits ^ (bits >> _S27)) * _MIX_2
    return bits ^ (bits >> _S31)  # type: ignore[no-any-return]
