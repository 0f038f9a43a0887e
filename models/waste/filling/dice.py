"""The dice of filling: every draw is a hash of the point, the day and what it is for.

No draw depends on when it is asked nor on how many points there are, so a year drawn at once and a
year drawn week by week are the same bits, and adding a point moves nothing else.

The mixing function is splitmix64's finaliser (Steele, Lea & Flood, OOPSLA 2014) [V], the same as in
`twin.device_keys`; the normal comes from Box & Muller (1958), the gamma from Marsaglia & Tsang
(ACM TOMS 26, 2000), whose rejections walk along the hash's own counter.

Signatures are explicit because a key may or may not fit 63 bits: left to guess, the compiler would
read small keys as signed and turn their sums into floats.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.waste.filling.places import Places
from twin.device_keys import mix, name_words
from twin.splitmix import mix64
from twin.streams import Streams

MODEL, PURPOSE, SHARED = "waste", "filling", "filling-shared"

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_S12 = np.uint64(12)
_STEP = 2.0**-52
_TWO_PI = 2.0 * math.pi
_LEAST_SHAPE = 1.0
"""Marsaglia & Tsang's method holds from this shape on; below, a power of a uniform is added."""


def point_keys(places: Places, streams: Streams, stream: str) -> NDArray[np.uint64]:
    """Return one key a point for a waste stream, shape (points,), from names alone."""
    return mix(streams.key64(MODEL, PURPOSE, stream) ^ mix(name_words(places.ids)))


@njit("uint64(uint64, int64)", cache=True)
def day_state(key: int, ordinal: int) -> int:
    """Return the state that a point's draws of one day derive from."""
    day: Any = np.uint64(ordinal)
    return mix64(key ^ mix64(day))


@njit("float64(uint64, int64)", cache=True)
def uniform(state: int, number: int) -> float:
    """Return draw `number` of a state, strictly between 0 and 1, on 52 bits."""
    place: Any = np.uint64(number) * _GOLDEN
    bits: Any = mix64(state + place)
    return (float(bits >> _S12) + 0.5) * _STEP


@njit("float64(uint64, int64)", cache=True)
def normal(state: int, number: int) -> float:
    """Return standard normal `number` of a state; it takes uniforms 2 n and 2 n + 1."""
    radius = math.sqrt(-2.0 * math.log(uniform(state, 2 * number)))
    return radius * math.cos(_TWO_PI * uniform(state, 2 * number + 1))


@njit("float64(uint64, float64)", cache=True)
def gamma_of_mean_one(state: int, shape: float) -> float:
    """Return a gamma draw of mean 1 and coefficient of variation 1/sqrt(shape), exact in law."""
    lifted = shape if shape >= _LEAST_SHAPE else shape + 1.0
    d = lifted - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    turn = 0
    while True:
        x = normal(state, 2 * turn)
        v = 1.0 + c * x
        u = uniform(state, 4 * turn + 2)
        turn += 1
        if v <= 0.0:
            continue
        v = v * v * v
        if math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
            break
    value = d * v
    if shape < _LEAST_SHAPE:
        # Uniform 4 n + 3 is taken by no attempt.
        value *= math.exp(math.log(uniform(state, 3)) / shape)
    return value / shape
