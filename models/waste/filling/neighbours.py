"""What neighbouring points have in common: a daily factor, correlated in space and in time.

The factor is exp(sigma Z - sigma² / 2), of mean 1. Z is a standard normal field: each point sums
the draws of the 36 nearest nodes of a square grid laid on Lambert-93, weighted by
exp(-2 r² / D²) and scaled to unit variance, so that two points d apart have a correlation of Z of
exp(-d² / D²) within 0.012 [D]. In time Z is a moving average of two days: the correlation reaches
one day back, none further, and a year can be started anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.waste.filling.dice import MODEL, SHARED, day_state, normal
from models.waste.filling.places import Places
from twin.device_keys import mix
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.streams import Streams

Floats = NDArray[np.float64]

_CELLS_A_DISTANCE = 2.0
_REACH = 3
"""Nodes taken on each side of a point: three steps, one and a half decorrelation distances."""
_HIGHEST_LAG = 0.5
"""A moving average of two terms cannot go beyond."""


@dataclass(frozen=True)
class Neighbours:
    """The common factor of neighbouring points.

    Parameters
    ----------
    cv
        Its coefficient of variation from day to day; 0.2 [U].
    decorrelation_m
        Distance at which the correlation has fallen to 1/e; 2,000 m [U].
    lag_1
        Its correlation with the day before; 0.06, seen between successive weighings in
        Amsterdam [D], taken for days here [U].

    Raises
    ------
    InputError
        A figure out of bounds.
    """

    cv: float = 0.2
    decorrelation_m: float = 2_000.0
    lag_1: float = 0.06

    def __post_init__(self) -> None:
        checks = (
            (
                "neighbours.cv",
                self.cv,
                0.0 < self.cv <= 3.0,  # noqa: PLR2004
                Text("de 0 (exclu) à 3", "above 0, up to 3"),
            ),
            (
                "neighbours.decorrelation_m",
                self.decorrelation_m,
                1.0 <= self.decorrelation_m <= 1e6,  # noqa: PLR2004
                Text("de 1 à 1 000 000 m", "1 to 1,000,000 m"),
            ),
        )
        faults = [
            Fault(
                key=key,
                value=f"{value:g}",
                expected=expected,
                remedy=Text("corrigez, ou retirez les voisins", "mend it, or leave neighbours out"),
            )
            for key, value, right, expected in checks
            if not right
        ]
        if not faults and not (self.lag_1 >= 0.0 and self.normal_lag <= _HIGHEST_LAG):
            faults.append(
                Fault(
                    key="neighbours.lag_1",
                    value=f"{self.lag_1:g}",
                    expected=Text("de 0 à 0,5 (moins si cv est grand)",
                                  "0 to 0.5 (less where cv is large)"),
                    remedy=Text("0,06 est la valeur d'Amsterdam", "0.06 is Amsterdam's value"),
                )
            )  # fmt: skip
        if faults:
            raise InputError(*faults)

    @property
    def sigma(self) -> float:
        """The standard deviation of the factor's logarithm."""
        return math.sqrt(math.log1p(self.cv**2))

    @property
    def normal_lag(self) -> float:
        """The lag-1 correlation of Z that gives the factor its own."""
        if self.lag_1 * self.cv**2 <= -1.0:
            return -math.inf
        return math.log1p(self.lag_1 * self.cv**2) / self.sigma**2

    @property
    def yesterday(self) -> float:
        """The weight of yesterday's draw beside 1 for today's: lag = w / (1 + w²)."""
        lag = self.normal_lag
        return 0.0 if lag == 0.0 else (1.0 - math.sqrt(1.0 - 4.0 * lag * lag)) / (2.0 * lag)


def shared_factor(
    neighbours: Neighbours,
    places: Places,
    streams: Streams,
    stream: str,
    first_ordinal: int,
    days: int,
) -> Floats:
    """Return the common factor of each day and point, shape (days, points), mean 1.

    `first_ordinal` is the proleptic Gregorian number of the first day.
    """
    cells, index, weight = stencil(neighbours, places)
    root = streams.key64(MODEL, SHARED, stream)
    # Cell numbers may be negative; their bits are what names them.
    words = cells.astype(np.int64).view(np.uint64)
    keys = mix(root ^ mix(mix(words[:, 0]) + words[:, 1]))
    return np.asarray(
        _field(keys, index, weight, first_ordinal, days, neighbours.yesterday, neighbours.sigma)
    )


def correlation(neighbours: Neighbours, places: Places) -> Floats:
    """Return the exact correlation of the factor between points, same day, (points, points)."""
    cells, index, weight = stencil(neighbours, places)
    dense = np.zeros((len(places), len(cells)))
    np.put_along_axis(dense, index, weight, axis=1)
    variance = neighbours.sigma**2
    return np.asarray(np.expm1(variance * (dense @ dense.T)) / math.expm1(variance))


def stencil(
    neighbours: Neighbours, places: Places
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return the grid nodes in use (nodes, 2), and per point their rows and weights (points, 36).

    The squares of a point's weights sum to 1.
    """
    step_m = neighbours.decorrelation_m / _CELLS_A_DISTANCE
    at = np.column_stack([places.x_m, places.y_m]) / step_m
    near = np.arange(1 - _REACH, 1 + _REACH)
    offsets = np.stack(np.meshgrid(near, near, indexing="ij"), axis=-1).reshape(-1, 2)
    nodes = np.floor(at).astype(np.int64)[:, np.newaxis, :] + offsets
    squared = ((nodes - at[:, np.newaxis, :]) ** 2).sum(axis=2)
    weight = np.exp(-2.0 * squared / _CELLS_A_DISTANCE**2)
    weight /= np.sqrt((weight**2).sum(axis=1, keepdims=True))
    cells, inverse = np.unique(nodes.reshape(-1, 2), axis=0, return_inverse=True)
    return cells, inverse.reshape(len(places), -1).astype(np.int64), weight


@njit(cache=True)
def _field(
    keys: NDArray[np.uint64],
    index: NDArray[np.int64],
    weight: Floats,
    first_ordinal: int,
    days: int,
    yesterday: float,
    sigma: float,
) -> Floats:
    """Return exp(sigma Z - sigma²/2) per day and point."""
    points, reach = index.shape
    out = np.empty((days, points))
    scale = sigma / math.sqrt(1.0 + yesterday * yesterday)
    before = np.empty(keys.size)
    today = np.empty(keys.size)
    for node in range(keys.size):
        before[node] = normal(day_state(keys[node], first_ordinal - 1), 0)
    for day in range(days):
        for node in range(keys.size):
            fresh = normal(day_state(keys[node], first_ordinal + day), 0)
            today[node] = fresh + yesterday * before[node]
            before[node] = fresh
        for point in range(points):
            total = 0.0
            for k in range(reach):
                total += weight[point, k] * today[index[point, k]]
            out[day, point] = math.exp(scale * total - 0.5 * sigma * sigma)
    return out
