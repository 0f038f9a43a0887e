"""One link between two places: its profile, its loss, and what each use case has left."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.diffraction import delta_bullington_db
from models.lora.free_space import LIGHT_SPEED_M_S, free_space_db
from models.lora.link_budget import Direction, LinkBudget, link_budget
from models.lora.profiles import profile
from models.lora.spherical_earth import EFFECTIVE_EARTH_RADIUS_M
from models.lora.use_cases import UseCase
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.terrain.grid import Terrain

SHORTEST_M = 1.0
FRESNEL_SHARE = 0.6
"""Share of the first Fresnel zone that must be clear for free-space propagation (P.530) [V]."""


@dataclass(frozen=True)
class Place:
    """A point with its antenna: WGS84 degrees, Lambert-93 metres, antenna height above ground."""

    lon_deg: float
    lat_deg: float
    height_m: float
    x_m: float
    y_m: float


@dataclass(frozen=True)
class Link:
    """The median loss between a gateway and a device, dB, and the profile it was computed on.

    `distances_m` and `heights_m` have shape (samples,); `clearance_share` is the least clearance of
    the direct ray in radii of the first Fresnel zone, negative where the ground cuts the ray.
    """

    gateway: Place
    device: Place
    frequency_mhz: float
    distances_m: NDArray[np.float64]
    heights_m: NDArray[np.float64]
    delta_bullington_db: float
    bullington_actual_db: float
    bullington_smooth_db: float
    spherical_earth_db: float
    free_space_db: float
    clearance_share: float

    @property
    def total_db(self) -> float:
        """Return free space plus diffraction."""
        return self.free_space_db + self.delta_bullington_db

    @property
    def bulged_m(self) -> NDArray[np.float64]:
        """Return the ground with the Earth's curvature added, over the line of zero height."""
        d = self.distances_m
        bulge_m = d * (d[-1] - d) / (2.0 * EFFECTIVE_EARTH_RADIUS_M)
        return np.asarray(self.heights_m + bulge_m, dtype=np.float64)

    @property
    def fresnel_m(self) -> NDArray[np.float64]:
        """Return the radius of the first Fresnel zone at every sample."""
        return fresnel_radius_m(self.distances_m, self.frequency_mhz)


def fresnel_radius_m(distances_m: NDArray[np.float64], frequency_mhz: float) -> NDArray[np.float64]:
    """Return sqrt(lambda d1 d2 / d) at each sample of a path, metres; 0 at both ends."""
    wavelength_m = LIGHT_SPEED_M_S / (frequency_mhz * 1.0e6)
    total_m = distances_m[-1]
    between = distances_m * (total_m - distances_m) / total_m
    return np.asarray(np.sqrt(np.maximum(wavelength_m * between, 0.0)), dtype=np.float64)


def compute_link(
    terrain: Terrain, gateway: Place, device: Place, frequency_mhz: float, step_m: float = 50.0
) -> Link:
    """Return the link between two places over a terrain, vertical polarisation.

    Raises
    ------
    DataError
        Places closer than 1 m, off the terrain, or a void on the path.
    """
    start, end = (gateway.x_m, gateway.y_m), (device.x_m, device.y_m)
    distances_m, heights_m = profile(terrain, start, end, step_m)
    _check(terrain, gateway, device, distances_m, heights_m)
    loss_db, actual_db, smooth_db, spherical_db = delta_bullington_db(
        distances_m,
        heights_m,
        gateway.height_m,
        device.height_m,
        frequency_mhz,
        True,  # noqa: FBT003 - numba calls are positional
        EFFECTIVE_EARTH_RADIUS_M,
    )
    tops = (heights_m[0] + gateway.height_m, heights_m[-1] + device.height_m)
    slant_m = math.hypot(distances_m[-1], tops[1] - tops[0])
    return Link(
        gateway=gateway,
        device=device,
        frequency_mhz=frequency_mhz,
        distances_m=distances_m,
        heights_m=heights_m,
        delta_bullington_db=loss_db,
        bullington_actual_db=actual_db,
        bullington_smooth_db=smooth_db,
        spherical_earth_db=spherical_db,
        free_space_db=float(free_space_db(slant_m, frequency_mhz)),
        clearance_share=_clearance_share(distances_m, heights_m, tops, frequency_mhz),
    )


def _clearance_share(
    distances_m: NDArray[np.float64],
    heights_m: NDArray[np.float64],
    tops_m: tuple[float, float],
    frequency_mhz: float,
) -> float:
    """Return the least clearance of the ray, in radii of the first Fresnel zone."""
    d = distances_m[1:-1]
    if d.size == 0:
        return math.inf
    ray_m = np.interp(d, distances_m[[0, -1]], tops_m)
    bulge_m = d * (distances_m[-1] - d) / (2.0 * EFFECTIVE_EARTH_RADIUS_M)
    above_m = ray_m - heights_m[1:-1] - bulge_m
    return float(np.min(above_m / fresnel_radius_m(distances_m, frequency_mhz)[1:-1]))


def _check(
    terrain: Terrain,
    gateway: Place,
    device: Place,
    distances_m: NDArray[np.float64],
    heights_m: NDArray[np.float64],
) -> None:
    """Raise one DataError with everything that leaves the link without a loss."""
    source = terrain.source.fr
    remedy = Text(
        "fournissez un relief qui couvre la liaison", "give a terrain that covers the link"
    )
    faults = [
        Fault(
            file=source,
            key=name,
            value=f"{place.lon_deg:g},{place.lat_deg:g}",
            expected=Text("un point dans l'emprise du relief", "a point inside the terrain"),
            remedy=remedy,
        )
        for name, place, height in (
            ("--from", gateway, heights_m[0]),
            ("--to", device, heights_m[-1]),
        )
        if np.isnan(height)
    ]
    unknown = int(np.isnan(heights_m).sum())
    if unknown and not faults:
        first_km = distances_m[np.flatnonzero(np.isnan(heights_m))[0]] / 1000.0
        faults.append(
            Fault(
                file=source,
                value=f"{unknown} / {heights_m.size} NaN, {first_km:.2f} km",
                expected=Text("un relief sans lacune sous la liaison", "no void under the link"),
                remedy=remedy,
            )
        )
    if distances_m[-1] < SHORTEST_M:
        faults.append(
            Fault(
                key="--to",
                value=f"{device.lon_deg:g},{device.lat_deg:g}",
                expected=Text("deux points distincts", "two distinct points"),
                remedy=Text("éloignez les deux points", "move the two points apart"),
            )
        )
    if faults:
        raise DataError(*faults)


def budgets(frequency_mhz: float) -> list[LinkBudget]:
    """Return the budget of every use case with its central losses."""
    return [link_budget(case, frequency_mhz) for case in UseCase]


def use_case_report(budget: LinkBudget, path_loss_db: float) -> dict[str, object]:
    """Return what a program needs of one use case on one link: levels, margins at SF12, lines."""
    slowest = 12
    report: dict[str, object] = {
        "use_case": budget.use_case.value,
        "spreading_factor": budget.fastest_factor(path_loss_db),
        "margin_db": budget.margin_db(path_loss_db, slowest),
        "weaker": budget.weaker(slowest).value,
    }
    for way in Direction:
        report[way.value] = {
            "level_dbm": budget.level_dbm(path_loss_db, way),
            "max_path_loss_db": budget.max_path_loss_db(slowest, way),
            "margin_db": budget.margin_db(path_loss_db, slowest, way),
            "lines": [
                {
                    "label_fr": line.label.fr,
                    "label_en": line.label.en,
                    "value": line.value,
                    "unit": line.unit,
                    "status": line.status.value,
                }
                for line in budget.rows(slowest, way)
            ],
        }
    return report
