"""Random numbers inside compiled loops, equal on every machine: xorshift64*."""

from __future__ import annotations

import math

import numpy as np

from twin.routing.kernel.compiled import inlined

_A, _B, _C, _S32, _S11 = (np.uint64(k) for k in (12, 25, 27, 32, 11))
_STAR = np.uint64(0x2545F4914F6CDD1D)
_LOW = np.uint64(0xFFFFFFFF)
_UNIT = 1.0 / (1 << 53)


@inlined
def _next(state: np.ndarray) -> np.uint64:
    """Advance `state` (uint64, shape (1,), never zero) and return 64 bits.

    Vigna, *An experimental exploration of Marsaglia's xorshift generators, scrambled*, ACM TOMS
    42 (2016), 10.1145/2845077.
    """
    x = state[0]
    x ^= x >> _A
    x ^= x << _B
    x ^= x >> _C
    state[0] = x
    return np.uint64(x * _STAR)


@inlined
def below(state: np.ndarray, n: int) -> int:
    """Return a whole number in [0, n), n < 2^31."""
    return int(np.int64((_next(state) >> _S32) * np.uint64(n) >> _S32))


@inlined
def unit(state: np.ndarray) -> float:
    """Return a number in [0, 1)."""
    return np.float64(np.int64(_next(state) >> _S11)) * _UNIT


@inlined
def exponential(state: np.ndarray) -> float:
    """Return a draw of the exponential law of mean 1."""
    return -math.log(1.0 - unit(state))
