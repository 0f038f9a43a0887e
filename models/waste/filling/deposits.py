"""Deposits: a Poisson number a day, each with its own hour and volume.

Given how many come in a day, the hours of a Poisson process's deposits are independent draws from
the profile (order-statistics property; Kingman, *Poisson Processes*, 1993): the law is exactly that
of hourly Poisson numbers. The number is found by inversion of one uniform, so a larger mean keeps
every deposit of a smaller one and adds to it: options that differ by a factor meet the same people.
Deposit j of a day has its own draws, so nothing else moves.

Inversion costs as many steps as there are deposits, hence never more than drawing them; a mean
above 500 is cut in parts, sums of independent Poisson numbers being Poisson.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.waste.filling.dice import day_state, uniform

LARGEST_PART = 500.0
"""exp(-500) is far from underflow."""

_FIRST_PART = 1 << 40
"""Where the draws of further parts begin, beyond those of any deposit."""

_GUIDE = 64


@njit(cache=True)
def poisson(state: int, mean: float) -> int:
    """Return a Poisson number by inversion, never decreasing in its mean on the same draws."""
    total = 0
    part = 0
    left = mean
    while left > 0.0:
        piece = min(left, LARGEST_PART)
        left -= piece
        u = uniform(state, 0 if part == 0 else _FIRST_PART + part)
        part += 1
        chance = math.exp(-piece)
        below = chance
        count = 0
        # Beyond 60 standard deviations lies only the rounding of the sum.
        most = int(piece + 60.0 * math.sqrt(piece) + 60.0)
        while u > below and count < most:
            count += 1
            chance *= piece / count
            below += chance
        total += count
    return total


@njit(cache=True)
def triangular(u: float, low: float, mode: float, high: float) -> float:
    """Return the quantile `u` of the triangular law."""
    width = high - low
    if u * width < mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


@njit(cache=True)
def _guide_hours(
    share: NDArray[np.float64],
    start: int,
    rows: int,
    below: NDArray[np.float64],
    guide: NDArray[np.int64],
) -> None:
    """Write a day's cumulative shares, and the first hour of each 64th of them."""
    total = 0.0
    last = 0
    for row in range(rows):
        total += share[start + row]
        below[row] = total
        if share[start + row] > 0.0:
            last = row
    for row in range(last, rows):
        # Rounding of the sum must not open an hour that has no share.
        below[row] = 2.0
    row = 0
    for slot in range(_GUIDE):
        while below[row] <= slot / _GUIDE:
            row += 1
        guide[slot] = row


@njit(cache=True)
def add_deposits(
    out_l: NDArray[np.float32],
    keys: NDArray[np.uint64],
    ordinals: NDArray[np.int64],
    first_row: NDArray[np.int64],
    share: NDArray[np.float64],
    mean_l: NDArray[np.float64],
    low_l: float,
    mode_l: float,
    high_l: float,
) -> int:
    """Add every deposit to its hour and return how many there were.

    `out_l` has shape (rows, points), `mean_l` (days, points); the rest is `hours.Hours` and
    `law.Volume`.
    """
    days, points = mean_l.shape
    volume_l = (low_l + mode_l + high_l) / 3.0
    below = np.empty(32)
    guide = np.empty(_GUIDE, dtype=np.int64)
    deposits = 0
    for day in range(days):
        start = first_row[day]
        rows = first_row[day + 1] - start
        _guide_hours(share, start, rows, below, guide)
        for point in range(points):
            if mean_l[day, point] <= 0.0:
                continue
            state = day_state(keys[point], ordinals[day])
            count = poisson(state, mean_l[day, point] / volume_l)
            deposits += count
            for deposit in range(count):
                u = uniform(state, 2 * deposit + 1)
                row = guide[int(u * _GUIDE)]
                while below[row] <= u:
                    row += 1
                volume = triangular(uniform(state, 2 * deposit + 2), low_l, mode_l, high_l)
                out_l[start + row, point] += np.float32(volume)
    return deposits
