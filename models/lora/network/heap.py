"""A binary heap of (time, code) in two arrays; equal times come out by code."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.lora.network.compiled import compiled


@compiled
def push(
    times: NDArray[np.float64], codes: NDArray[np.int64], size: int, at_s: float, code: int
) -> int:
    """Add an entry; return the new size. The caller has made sure there is room."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if times[parent] < at_s or (times[parent] == at_s and codes[parent] <= code):
            break
        times[i] = times[parent]
        codes[i] = codes[parent]
        i = parent
    times[i] = at_s
    codes[i] = code
    return size + 1


@compiled
def drop_first(times: NDArray[np.float64], codes: NDArray[np.int64], size: int) -> int:
    """Remove the first entry (times[0], codes[0]); return the new size."""
    size -= 1
    at_s = times[size]
    code = codes[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        right = child + 1
        if right < size and (
            times[right] < times[child]
            or (times[right] == times[child] and codes[right] < codes[child])
        ):
            child = right
        if at_s < times[child] or (at_s == times[child] and code <= codes[child]):
            break
        times[i] = times[child]
        codes[i] = codes[child]
        i = child
    times[i] = at_s
    codes[i] = code
    return size
