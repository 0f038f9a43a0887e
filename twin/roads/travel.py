"""How far and how long from every point to every other, by road."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Travel:
    """Road travel between points, asymmetric where streets are one-way.

    Attributes
    ----------
    distance_m : NDArray[np.float64]
        Shape (points, points): length of the *fastest* path from row to column, walk from the
        point to the road and back included.
    time_s : NDArray[np.float64]
        Shape (points, points): its duration.
    snapped_m : NDArray[np.float64]
        Shape (points,): how far each point lies from the road it was put on.
    source : str
        Where the roads come from: "osm", "graphml" or "synthetic".
    """

    distance_m: NDArray[np.float64]
    time_s: NDArray[np.float64]
    snapped_m: NDArray[np.float64]
    source: str

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.snapped_m)
