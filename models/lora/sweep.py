"""Basic transmission loss at every pixel around a gateway, by one sweep of radials.

Free space over the antennas' straight-line distance plus full delta-Bullington diffraction (Rec.
ITU-R P.526-15 section 4.5), once per pixel, at the pixel's own distance and ground. A pixel borrows
its profile from the nearest radial except its last samples, which are its own; everything a profile
is asked (horizons from both ends, highest obstruction, least clearance, moments of the smooth
surface) is kept up while the radial advances, so a pixel costs O(log n) instead of n samples.

Against brute force on the same samples the difference is rounding (< 1e-3 dB); against exact
profiles of each pixel it is the lateral offset of the borrowed part, at most half the radials'
spacing: median <= 0.2 dB, 95th percentile <= 1.5 dB on real and synthetic relief, 50 m [D, tested].

A void makes unknown (NaN) every pixel whose profile meets it, so the pixels behind it as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.free_space import LIGHT_SPEED_M_S
from models.lora.spherical_earth import EFFECTIVE_EARTH_RADIUS_M
from models.lora.spherical_earth import LIGHT_SPEED_M_S as ROUNDED_LIGHT_SPEED_M_S
from models.lora.sweep_loss import OWN_SAMPLES
from models.lora.sweep_state import Pixels, Radio, Relief
from models.lora.sweep_window import sweep_window
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.terrain.grid import Terrain

_ROWS_AT_ONCE = 128
_FREQUENCIES_MHZ = (30.0, 6_000.0)


@dataclass(frozen=True)
class RasterFrame:
    """A north-up grid of square pixels in Lambert-93; row 0 in the north.

    `west_m`, `north_m` are the outer corner of the north-west pixel (GDAL's convention).
    """

    west_m: float
    north_m: float
    resolution_m: float
    rows: int
    columns: int

    def __post_init__(self) -> None:
        sound = self.resolution_m > 0.0 and self.rows > 0 and self.columns > 0
        if not (sound and math.isfinite(self.west_m) and math.isfinite(self.north_m)):
            raise InputError(
                Fault(
                    key="frame",
                    value=f"{self.rows} x {self.columns}, {self.resolution_m:g} m",
                    expected=Text(
                        "au moins un pixel et une résolution > 0 m",
                        "at least one pixel and a resolution > 0 m",
                    ),
                    remedy=Text(
                        "vérifiez l'emprise et la résolution", "check the bounds and resolution"
                    ),
                )
            )

    @classmethod
    def over(cls, bounds_m: tuple[float, float, float, float], resolution_m: float) -> RasterFrame:
        """Return the least frame over (west, south, east, north) on multiples of the pixel."""
        west, south, east, north = (edge / resolution_m for edge in bounds_m)
        left, top = math.floor(west + 1e-9), math.ceil(north - 1e-9)
        return cls(
            left * resolution_m,
            top * resolution_m,
            resolution_m,
            top - math.floor(south + 1e-9),
            math.ceil(east - 1e-9) - left,
        )

    def x_m(self) -> NDArray[np.float64]:
        """Return the columns' pixel centres, shape (columns,)."""
        return self.west_m + (np.arange(self.columns, dtype=np.float64) + 0.5) * self.resolution_m

    def y_m(self) -> NDArray[np.float64]:
        """Return the rows' pixel centres from north to south, shape (rows,)."""
        return self.north_m - (np.arange(self.rows, dtype=np.float64) + 0.5) * self.resolution_m


@dataclass(frozen=True)
class SweepSettings:
    """How a sweep is made.

    `radius_m` is where it stops; `device_height_m` the device's antenna above ground; `step_m` the
    longest distance between samples of a profile; `spacing_m` the radials' spacing at the radius
    (None: the pixel or the step, whichever is smaller).
    """

    radius_m: float = 25_000.0
    frequency_mhz: float = 868.0
    device_height_m: float = 1.5
    step_m: float = 50.0
    spacing_m: float | None = None
    vertical: bool = True
    effective_earth_radius_m: float = EFFECTIVE_EARTH_RADIUS_M

    def __post_init__(self) -> None:
        faults = [
            _fault(key, value, Text("une valeur > 0", "a value > 0"))
            for key, value in (
                ("radius_m", self.radius_m),
                ("device_height_m", self.device_height_m),
                ("step_m", self.step_m),
                ("spacing_m", 1.0 if self.spacing_m is None else self.spacing_m),
                ("effective_earth_radius_m", self.effective_earth_radius_m),
            )
            if not (value > 0.0 and math.isfinite(value))
        ]
        low, high = _FREQUENCIES_MHZ
        if not low <= self.frequency_mhz <= high:
            allowed = Text("de 30 à 6 000 MHz", "30 to 6,000 MHz")
            faults.append(_fault("frequency_mhz", self.frequency_mhz, allowed))
        if faults:
            raise InputError(*faults)

    def radio(self, tx_height_m: float) -> Radio:
        """Return what every path from an antenna at this height shares."""
        frequency_hz = 1.0e6 * self.frequency_mhz
        return Radio(
            float(tx_height_m),
            float(self.device_height_m),
            float(self.radius_m),
            float(self.step_m),
            float(self.frequency_mhz),
            # Diffraction takes ITU's rounded speed of light, free space the exact one.
            ROUNDED_LIGHT_SPEED_M_S / frequency_hz,
            LIGHT_SPEED_M_S / (4.0 * math.pi * frequency_hz),
            bool(self.vertical),
            float(self.effective_earth_radius_m),
        )


@dataclass(frozen=True)
class LossWindow:
    """Basic losses, dB, on the part of a frame that starts at (`first_row`, `first_column`).

    `losses_db` is float32, shape (rows, columns); NaN where unknown or beyond the radius. `pixels`
    counts those that are known.
    """

    losses_db: NDArray[np.float32]
    first_row: int
    first_column: int
    pixels: int


def pixel_ground(terrain: Terrain, frame: RasterFrame) -> NDArray[np.float32]:
    """Return the ground height at each pixel's centre, shape (rows, columns), NaN where unknown."""
    x_m, y_m = frame.x_m(), frame.y_m()
    ground = np.empty((frame.rows, frame.columns), dtype=np.float32)
    for start in range(0, frame.rows, _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        ground[part] = terrain.height_m(*np.meshgrid(x_m, y_m[part]))
    return ground


def wedges_per_quadrant(settings: SweepSettings, resolution_m: float) -> int:
    """Return how many radials each quadrant gets: 2 pi radius / spacing over four, rounded up."""
    spacing_m = settings.spacing_m or min(resolution_m, settings.step_m)
    return max(1, math.ceil(0.5 * math.pi * settings.radius_m / spacing_m))


def sweep_losses_db(
    terrain: Terrain,
    frame: RasterFrame,
    ground_m: NDArray[np.float32],
    x_m: float,
    y_m: float,
    height_m: float,
    settings: SweepSettings,
) -> LossWindow:
    """Return the basic transmission loss from an antenna to every pixel within the radius.

    Parameters
    ----------
    terrain
        Where the ground is.
    frame, ground_m
        The pixels, and `pixel_ground(terrain, frame)`: computed once, shared by all gateways.
    x_m, y_m, height_m
        The gateway's antenna: Lambert-93 position, height above ground > 0.
    settings
        Radius, frequency, sampling.

    Returns
    -------
    LossWindow
        The smallest part of the frame that holds the disc; all NaN if the gateway stands on a void
        or off the terrain (`coverage_rasters` refuses such a gateway).

    Raises
    ------
    InputError
        `height_m` is not > 0, or `ground_m` has not the frame's shape.
    """
    if not height_m > 0.0:
        raise InputError(_fault("height_m", height_m, Text("une hauteur > 0 m", "a height > 0 m")))
    if ground_m.shape != (frame.rows, frame.columns):
        shape = Text("le sol des pixels de ce cadre", "the ground of this frame's pixels")
        raise InputError(_fault("ground_m", float(ground_m.size), shape))
    resolution = frame.resolution_m
    first_row, rows = _cut(
        (frame.north_m - y_m) / resolution, settings.radius_m / resolution, frame.rows
    )
    first_column, columns = _cut(
        (x_m - frame.west_m) / resolution, settings.radius_m / resolution, frame.columns
    )
    losses = np.empty((rows, columns), dtype=np.float32)
    pixels = 0
    if losses.size:
        pixels = sweep_window(
            Relief(
                np.ascontiguousarray(terrain.heights_m, dtype=np.float32),
                float(terrain.resolution_m),
                float((terrain.north_m - y_m) / terrain.resolution_m - 0.5),
                float((x_m - terrain.west_m) / terrain.resolution_m - 0.5),
            ),
            Pixels(
                # Contiguous whatever the window: one compiled version instead of two.
                np.ascontiguousarray(
                    ground_m[first_row : first_row + rows, first_column : first_column + columns]
                ),
                float(frame.west_m + (first_column + 0.5) * resolution - x_m),
                float(frame.north_m - (first_row + 0.5) * resolution - y_m),
                float(resolution),
            ),
            settings.radio(height_m),
            wedges_per_quadrant(settings, resolution),
            losses,
        )
    return LossWindow(losses, first_row, first_column, int(pixels))


def borrowed_profile(
    terrain: Terrain,
    frame: RasterFrame,
    gateway_xy_m: tuple[float, float],
    pixel_xy_m: tuple[float, float],
    settings: SweepSettings,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (distances_m, heights_m) of the samples the sweep uses for one pixel.

    For checks: the sweep itself never makes this list. Distances rise from 0; the last sample is
    the pixel's own ground.
    """
    east, north = pixel_xy_m[0] - gateway_xy_m[0], pixel_xy_m[1] - gateway_xy_m[1]
    distance_m = math.hypot(east, north)
    segments = max(math.ceil(distance_m / settings.step_m - 1.0e-9), 1)
    wedge = 0.5 * math.pi / wedges_per_quadrant(settings, frame.resolution_m)
    bearing = math.atan2(north, east)
    radial = (math.floor((bearing + 0.25 * math.pi) / wedge) + 0.5) * wedge - 0.25 * math.pi
    along = np.arange(max(segments - OWN_SAMPLES, 1)) * settings.step_m
    left = np.arange(min(OWN_SAMPLES, segments - 1), -1, -1) * (distance_m / segments)
    own = distance_m - left
    x_m = np.concatenate([along * math.cos(radial), own * (east / distance_m)])
    y_m = np.concatenate([along * math.sin(radial), own * (north / distance_m)])
    heights_m = terrain.height_m(gateway_xy_m[0] + x_m, gateway_xy_m[1] + y_m)
    return np.concatenate([along, own]), heights_m


def _cut(centre: float, radius: float, size: int) -> tuple[int, int]:
    """Return the first index and the count of the `size` pixels within `radius` of `centre`."""
    first = min(max(math.floor(centre - radius), 0), size)
    after = min(max(math.ceil(centre + radius), first), size)
    return first, after - first


def _fault(key: str, value: float, expected: Text) -> Fault:
    """Return a fault about one number."""
    return Fault(
        key=key,
        value=f"{value:g}",
        expected=expected,
        remedy=Text("corrigez cette valeur", "correct this value"),
    )
