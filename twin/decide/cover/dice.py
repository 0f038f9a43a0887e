"""A 64-bit generator small enough to live inside a compiled loop, equal on every machine."""

from __future__ import annotations

import numpy as np
from numba import njit

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S33 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(33)


@njit(cache=True, nogil=True)
def roll(state: np.ndarray, below: int) -> int:
    """Return an integer in [0, below) and advance `state`, a uint64 array of length 1.

    SplitMix64 (Steele, Lea & Flood, OOPSLA 2014, 10.1145/2660193.2660195). The remainder favours
    low values by less than below / 2^31, which a search direction does not feel.
    """
    state[0] = state[0] + _STEP
    mixed = state[0]
    mixed = (mixed ^ (mixed >> _S30)) * _MIX_A
    mixed = (mixed ^ (mixed >> _S27)) * _MIX_B
    mixed = mixed ^ (mixed >> _S31)
    return int(np.int64(mixed >> _S33) % below)
