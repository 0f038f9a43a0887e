"""How a sum of independent uses varies: the quantiles of a compound Poisson law, in a table.

Uses come as a Poisson number of mean lambda, each of gamma volume (shape 2, cv 0.71): the sum has
mean lambda volumes and squared coefficient of variation (1 + 1/2)/lambda, with nothing at all in
exp(-lambda) of the cases [D]. Many uses tend to a gamma law, which measured nodal demands follow
(Magini, Boniforti & Guercio, Water 11(3), 2019) [V].

A draw is one row (by lambda), one place (by 64 bits), one interpolation: no logarithm, no
rejection, hence a few nanoseconds. Each row's mean is 1 exactly; the last of its 1,024 cells is
straightened.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

VOLUME_SHAPE = 2.0
"""Shape of the gamma law of one use's volume [U]."""

CELLS = 1024
_LOW_EXPONENT, _HIGH_EXPONENT = -6, 16
_PER_OCTAVE = 8
ROWS = (_HIGH_EXPONENT - _LOW_EXPONENT) * _PER_OCTAVE
_SUMMED = 24.0
"""Above this lambda the gamma law of the same mean and variance stands for the sum."""

_FIRST_ROW = np.int64((1023 + _LOW_EXPONENT) * _PER_OCTAVE)
_MANTISSA = np.int64(49)
_S54, _S22 = np.uint64(54), np.uint64(22)
_LOW32 = np.uint64(0xFFFFFFFF)
_STEP = 2.0**-32


def squared_cv(uses: float) -> float:
    """Return the squared coefficient of variation of a sum of `uses` expected uses."""
    return (1.0 + 1.0 / VOLUME_SHAPE) / uses


@lru_cache(maxsize=1)  # a constant of the law, built once
def spread_table() -> NDArray[np.float32]:
    """Return the quantiles of the sum over its mean, shape (rows, cells + 1); read-only."""
    from scipy.special import gammainc, gammaincinv

    octave, part = np.divmod(np.arange(ROWS), _PER_OCTAVE)
    uses = np.exp2(octave + float(_LOW_EXPONENT)) * (1.0 + (part + 0.5) / _PER_OCTAVE)
    u = np.arange(1, CELLS) / CELLS
    table = np.zeros((ROWS, CELLS + 1))
    for row, mean in enumerate(uses):
        if mean > _SUMMED:
            shape = 1.0 / squared_cv(mean)
            table[row, 1:-1] = gammaincinv(shape, u) / shape
            # The first cell is straight too, of the mean that the law has in it.
            lowest = CELLS * gammainc(shape + 1.0, shape * table[row, 1])
            table[row, 0] = max(0.0, 2.0 * lowest - table[row, 1])
        else:
            table[row, 1:-1] = _quantiles(mean, u)
        # Trapezes of all cells together must have mean 1: the last point makes it so.
        rest = table[row, :-1].sum() - 0.5 * table[row, 0]
        table[row, -1] = 2.0 * (CELLS - rest)
    short = table.astype(np.float32)
    short.setflags(write=False)
    return short


def _quantiles(mean: float, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return quantiles of the compound law over its mean."""
    from scipy.special import gammainc, gammaln

    deviation = np.sqrt(mean * (1.0 + 1.0 / VOLUME_SHAPE))
    x = np.linspace(0.0, mean + 9.0 * deviation + 9.0, 1500)
    count = np.arange(1, int(mean + 9.0 * np.sqrt(mean) + 12.0))
    weight = np.exp(count * np.log(mean) - mean - gammaln(count + 1.0))
    below = np.exp(-mean) + weight @ gammainc(VOLUME_SHAPE * count[:, None], VOLUME_SHAPE * x)
    rising = np.concatenate([[True], np.diff(below) > 1e-15])  # noqa: PLR2004 - rounding
    values = np.interp(u, below[rising], x[rising])
    values[u <= below[0]] = 0.0
    return np.asarray(values / mean)


@njit(cache=True, inline="always")
def row_of(bits: Any) -> int:
    """Return the row of the float64 lambda whose bits, read as int64, are given.

    Rows are eighths of an octave, so exponent and three bits of mantissa are the row.
    """
    row: int = (bits >> _MANTISSA) - _FIRST_ROW
    return min(max(row, 0), ROWS - 1)


@njit(cache=True, inline="always")
def quantile(table: NDArray[np.float32], row: int, state: Any) -> float:
    """Return the row's quantile at a 64-bit state: a draw of mean 1."""
    cell = np.int64(state >> _S54)
    part = float((state >> _S22) & _LOW32) * _STEP
    low = float(table[row, cell])
    return low + part * (float(table[row, cell + 1]) - low)


@njit(cache=True)
def draw(table: NDArray[np.float32], uses: NDArray[np.float64], states: NDArray[np.uint64]) -> None:
    """Replace each expected number of uses by a draw of mean 1 at its 64-bit state.

    For tests and small samples: the kernels inline the same two functions.
    """
    bits = uses.view(np.int64)
    for i in range(len(uses)):
        uses[i] = quantile(table, row_of(bits[i]), states[i])
