"""Which commune owns each place: the common face of approximate and official areas."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from twin.lang import Text

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

OWNER_RESOLUTION_M = 100.0
OUTSIDE = -1


class Frame(Protocol):
    """A north-up grid to evaluate areas on; a terrain is one."""

    @property
    def west_m(self) -> float:
        """Return the outer edge in the west."""

    @property
    def north_m(self) -> float:
        """Return the outer edge in the north."""

    @property
    def resolution_m(self) -> float:
        """Return the side of a cell."""

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Return (west, south, east, north)."""


@dataclass(frozen=True)
class CommuneAreas(ABC):
    """The area of each commune, in the order of the communes they were built from.

    `owner` is int16, shape (rows, columns), row 0 in the north: the index of the commune that owns
    each cell's centre, -1 outside the territory. `west_m`, `north_m` are the outer corner of the
    north-west cell. `label` says on every map where the limits come from, `approximate` that
    nobody drew them: they were derived. `tolerance_m` is how far outside the limits a real place of
    the territory may fall because the limits are not the true ones.
    """

    owner: NDArray[np.int16]
    west_m: float
    north_m: float
    resolution_m: float
    label: Text
    approximate: bool
    tolerance_m: float

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Return (west, south, east, north) of the owner grid's outer edge."""
        rows, columns = self.owner.shape
        return (
            self.west_m,
            self.north_m - rows * self.resolution_m,
            self.west_m + columns * self.resolution_m,
            self.north_m,
        )

    @abstractmethod
    def at(self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> NDArray[np.int16]:
        """Return the index of the commune that owns each point, -1 outside; shape of `x_m`."""

    @abstractmethod
    def nearest(
        self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]
    ) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
        """Return the nearest commune of each point and the distance to its limit (0 inside), m."""

    @abstractmethod
    def owner_grid(
        self, west_m: float, north_m: float, rows: int, columns: int, resolution_m: float
    ) -> NDArray[np.int16]:
        """Return the owner of each cell centre of any north-up grid; -1 outside."""

    @abstractmethod
    def outlines(self) -> list[BaseGeometry]:
        """Return one polygon per commune in Lambert-93; neighbours share their limit."""

    def resampled(self, frame: Frame) -> NDArray[np.int16]:
        """Return the owner of each cell centre of `frame` (a terrain, a coverage raster)."""
        west, south, east, north = frame.bounds_m
        rows = round((north - south) / frame.resolution_m)
        columns = round((east - west) / frame.resolution_m)
        return self.owner_grid(west, north, rows, columns, frame.resolution_m)

    def contains(self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return whether each point lies in the territory, or within `tolerance_m` of it."""
        inside: NDArray[np.bool_] = self.at(x_m, y_m) != OUTSIDE
        far = ~inside
        if far.any():
            _, distance_m = self.nearest(x_m[far], y_m[far])
            inside[far] = distance_m <= self.tolerance_m
        return inside

    def borders_m(self) -> dict[tuple[int, int], float]:
        """Return the length of the limit between each pair of touching communes, i < j.

        Counted on the owner grid: a limit shorter than half a cell may be missed. Cell edges
        overstate a random line by 4/π, which is corrected.
        """
        lengths: dict[tuple[int, int], float] = {}
        for a, b in (
            (self.owner[:, :-1], self.owner[:, 1:]),
            (self.owner[:-1, :], self.owner[1:, :]),
        ):
            touch = (a != b) & (a != OUTSIDE) & (b != OUTSIDE)
            low, high = np.minimum(a[touch], b[touch]), np.maximum(a[touch], b[touch])
            pairs, counts = np.unique(np.stack([low, high], axis=1), axis=0, return_counts=True)
            for (i, j), count in zip(pairs.tolist(), counts.tolist(), strict=True):
                edge_m = count * self.resolution_m * np.pi / 4.0
                lengths[i, j] = lengths.get((i, j), 0.0) + float(edge_m)
        return dict(sorted(lengths.items()))


def covering_grid(
    west_m: float, south_m: float, east_m: float, north_m: float, resolution_m: float
) -> tuple[float, float, int, int]:
    """Return (west, north, rows, columns) of the grid on round coordinates that covers a box."""
    west = np.floor(west_m / resolution_m) * resolution_m
    north = np.ceil(north_m / resolution_m) * resolution_m
    columns = int(np.ceil((east_m - west) / resolution_m))
    rows = int(np.ceil((north - south_m) / resolution_m))
    return float(west), float(north), max(rows, 1), max(columns, 1)
