"""Approximate commune areas: cells of a capped power diagram with the published areas.

No official limits are shipped. What is known of each commune is its point c_i and its area A_i.
Among all ways to share the plane that give each commune its area, the one that keeps places
nearest to their commune's point (least mean squared distance) is a power diagram capped by discs:

    cell_i = { p : |p - c_i|^2 - w_i = min_j (|p - c_j|^2 - w_j) < 0 }

(semi-discrete partial optimal transport: Aurenhammer, Hoffmann & Aronov 1998,
10.1007/PL00009187). The weights are found by damped Newton (Kitagawa, Mérigot & Thibert 2019,
10.4171/JEMS/889) on areas integrated along rays, whose derivatives are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, Fault
from twin.lang import Text
from twin.territory.areas import OUTSIDE, OWNER_RESOLUTION_M, CommuneAreas, covering_grid
from twin.territory.communes import Commune
from twin.units import KM2_M2

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

POWER_LABEL = Text(
    "limites approchées (cellules de puissance reproduisant les surfaces publiées)",
    "approximate limits (power cells that reproduce the published areas)",
)
RAYS = 720
TOLERANCE_SHARE = 1e-6
MAX_STEPS = 100
SMALLEST_DAMPING = 1e-6
BORDER_TOLERANCE_M = 2_500.0  # [D] measured on Indre: no true place lies more than 1,861 m outside
ARC_SEGMENTS = 32


@dataclass(frozen=True)
class PowerAreas(CommuneAreas):
    """Areas as a capped power diagram: sites `x_m`, `y_m` and weights `weight_m2`, shape (n,)."""

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    weight_m2: NDArray[np.float64]

    def at(self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> NDArray[np.int16]:
        """Return the index of the commune that owns each point, -1 outside; shape of `x_m`."""
        from twin.territory.power_kernels import owners

        px = np.ascontiguousarray(x_m, dtype=np.float64)
        py = np.ascontiguousarray(y_m, dtype=np.float64)
        found = owners(px.ravel(), py.ravel(), self.x_m, self.y_m, self.weight_m2)
        return np.asarray(found, dtype=np.int16).reshape(px.shape)

    def nearest(
        self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]
    ) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
        """Return the nearest commune of each point and the distance to its limit (0 inside), m.

        Outside every cap the union of cells is the union of discs, so the distance is that to the
        nearest disc.
        """
        px = np.asarray(x_m, dtype=np.float64).ravel()
        py = np.asarray(y_m, dtype=np.float64).ravel()
        gap = np.hypot(px[:, None] - self.x_m, py[:, None] - self.y_m) - np.sqrt(self.weight_m2)
        index = gap.argmin(axis=1).astype(np.int16)
        distance = np.maximum(gap.min(axis=1), 0.0)
        inside = self.at(px, py)
        return np.where(inside == OUTSIDE, index, inside).astype(np.int16), distance

    def owner_grid(
        self, west_m: float, north_m: float, rows: int, columns: int, resolution_m: float
    ) -> NDArray[np.int16]:
        """Return the owner of each cell centre of any north-up grid; -1 outside."""
        from twin.territory.power_kernels import stamp

        return np.asarray(
            stamp(
                float(west_m),
                float(north_m),
                rows,
                columns,
                float(resolution_m),
                self.x_m,
                self.y_m,
                self.weight_m2,
            )
        )

    def outlines(self) -> list[BaseGeometry]:
        """Return one convex polygon per commune; neighbours share their straight limit."""
        import shapely

        radius = np.sqrt(self.weight_m2)
        discs = shapely.buffer(shapely.points(self.x_m, self.y_m), radius, quad_segs=ARC_SEGMENTS)
        return [self._clipped(i, discs[i], radius) for i in range(len(self.x_m))]

    def _clipped(self, i: int, disc: BaseGeometry, radius: NDArray[np.float64]) -> BaseGeometry:
        """Return a disc cut by the half-plane of each neighbour."""
        import shapely

        dx, dy = self.x_m - self.x_m[i], self.y_m - self.y_m[i]
        distance = np.hypot(dx, dy)
        cell = disc
        for j in np.flatnonzero((distance > 0.0) & (distance < radius + radius[i])):
            ux, uy = dx[j] / distance[j], dy[j] / distance[j]
            t = (distance[j] ** 2 + self.weight_m2[i] - self.weight_m2[j]) / (2.0 * distance[j])
            far = 4.0 * (radius[i] + abs(t))
            corners = [(t, -far), (t, far), (t - far, far), (t - far, -far)]
            x0, y0 = self.x_m[i], self.y_m[i]
            half = shapely.Polygon(
                [(x0 + a * ux - b * uy, y0 + a * uy + b * ux) for a, b in corners]
            )
            cell = shapely.intersection(cell, half)
        return cell


def solve_weights(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], area_m2: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the weights (m2) that give every cell its area.

    Damped Newton from equal weights: a step is halved until no cell falls below half the smallest
    of the starting and wanted areas and the error shrinks, which keeps the iteration convergent
    (Kitagawa et al. 2019). Areas are met to 1e-6 of themselves along 720 rays.

    Raises
    ------
    DataError
        Where the iteration stalls: two sites are almost at the same point.
    """
    from twin.territory.power_kernels import cell_areas

    weight = np.full(len(x_m), float(area_m2.min()) / np.pi)
    areas, jacobian = cell_areas(x_m, y_m, weight, RAYS)
    floor = 0.5 * min(float(areas.min()), float(area_m2.min()))
    for _ in range(MAX_STEPS):
        error = area_m2 - areas
        if np.max(np.abs(error) / area_m2) <= TOLERANCE_SHARE:
            # Decimetres squared: the last bits of a linear solver must not tell machines apart.
            return np.round(weight, 2)
        step = np.linalg.solve(jacobian, error)
        damping = 1.0
        while damping > SMALLEST_DAMPING:
            trial = weight + damping * step
            if trial.min() > 0.0:
                trial_areas, trial_jacobian = cell_areas(x_m, y_m, trial, RAYS)
                shrunk = np.linalg.norm(area_m2 - trial_areas) <= (
                    (1.0 - 0.5 * damping) * np.linalg.norm(error)
                )
                if trial_areas.min() >= floor and shrunk:
                    weight, areas, jacobian = trial, trial_areas, trial_jacobian
                    break
            damping *= 0.5
        else:
            break
    worst = int(np.argmax(np.abs(area_m2 - areas) / area_m2))
    raise DataError(
        Fault(
            key=f"n. {worst + 1}",
            value=f"{x_m[worst]:.0f}, {y_m[worst]:.0f}",
            expected=Text(
                "des communes dont les points ne se confondent pas",
                "communes whose points do not coincide",
            ),
            remedy=Text(
                "vérifiez les points et les surfaces des communes voisines, ou fournissez des "
                "polygones",
                "check the points and areas of the communes around, or supply polygons",
            ),
        )
    )


def power_areas(
    communes: Sequence[Commune], resolution_m: float = OWNER_RESOLUTION_M
) -> PowerAreas:
    """Return areas that reproduce the published area of every commune.

    Raises
    ------
    DataError
        Where two communes' points coincide.
    """
    x_m = np.array([c.x_m for c in communes])
    y_m = np.array([c.y_m for c in communes])
    weight = solve_weights(x_m, y_m, np.array([c.area_km2 for c in communes]) * KM2_M2)
    radius = np.sqrt(weight)
    west, north, rows, columns = covering_grid(
        float((x_m - radius).min()),
        float((y_m - radius).min()),
        float((x_m + radius).max()),
        float((y_m + radius).max()),
        resolution_m,
    )
    from twin.territory.power_kernels import stamp

    return PowerAreas(
        owner=stamp(west, north, rows, columns, resolution_m, x_m, y_m, weight),
        west_m=west,
        north_m=north,
        resolution_m=resolution_m,
        label=POWER_LABEL,
        approximate=True,
        tolerance_m=BORDER_TOLERANCE_M,
        x_m=x_m,
        y_m=y_m,
        weight_m2=weight,
    )
