"""What the parts of a sweep hand to one another: named tuples, which numba passes at no cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray


class Relief(NamedTuple):
    """The elevation grid and the transmitter's place in it (fractional cell-centre indices)."""

    grid: NDArray[np.float32]
    resolution_m: float
    row: float
    column: float


class Pixels(NamedTuple):
    """A raster's ground; its first centre lies `west_m` east, `north_m` north of the antenna."""

    ground: NDArray[np.float32]
    west_m: float
    north_m: float
    resolution_m: float


class Radio(NamedTuple):
    """What every path shares; `free_m` = c / (4 pi f), the distance without free-space loss."""

    tx_height_m: float
    rx_height_m: float
    radius_m: float
    step_m: float
    frequency_mhz: float
    wavelength_m: float
    free_m: float
    vertical: bool
    earth_radius_m: float


class Quadrant(NamedTuple):
    """One quarter of the raster, turned so that its axis (a) points away and its side (b) left.

    Pixel (a, b) is at row `row + a row_a + b row_b`, column `column + a column_a + b column_b`,
    `axis_m + a res` along the axis and `side_m + b res` to its left. The axis points
    (`x_a`, `y_a`), east and north. Bounds are inclusive and keep (a, b) in the raster.
    """

    row: int
    column: int
    row_a: int
    column_a: int
    row_b: int
    column_b: int
    axis_m: float
    side_m: float
    x_a: float
    y_a: float
    axis_low: int
    axis_high: int
    side_low: int
    side_high: int


class Wedge(NamedTuple):
    """A wedge's pixels, by rising number of segments of their profile.

    `places` is (a, b) as a * 2^32 + b + 2^31. `found` has rows nu, h'_t, h'_r and squared slant
    distance; `loss_db` what they cost.
    """

    places: NDArray[np.int64]
    segments: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    found: NDArray[np.float64]
    loss_db: NDArray[np.float64]


class Obstructed(NamedTuple):
    """The pixels of a wedge whose smooth Earth obstructs: places, and seven rows of numbers."""

    at: NDArray[np.int64]
    segments: NDArray[np.int64]
    numbers: NDArray[np.float64]


class Radial(NamedTuple):
    """The samples of one radial, index i at i steps from the transmitter.

    `ground` and `curved` heights; `running[i]` = (steepest slope from the transmitter to plain
    ground, moment v1, moment v2) over samples 1 .. i; `seen[i]` counts those of 1 .. i the
    transmitter sees over the curved ground, listed in `seen_x`, `seen_slope`; `inverse_m[i]` =
    1 / (i step); `hulls` the plain and the curved ground's (x, y, slope).
    """

    ground: NDArray[np.float64]
    curved: NDArray[np.float64]
    running: NDArray[np.float64]
    seen: NDArray[np.int64]
    seen_x: NDArray[np.float64]
    seen_slope: NDArray[np.float64]
    inverse_m: NDArray[np.float64]
    hulls: NDArray[np.float64]


@njit(cache=True, nogil=True, error_model="numpy")
def room_for_wedge(capacity: int) -> tuple[Wedge, Obstructed]:
    """Return empty lists for up to `capacity` pixels."""
    wedge = Wedge(
        np.empty(capacity, np.int64),
        np.empty(capacity, np.int64),
        np.empty(capacity),
        np.empty((4, capacity)),
        np.empty(capacity),
    )
    few = Obstructed(
        np.empty(capacity, np.int64), np.empty(capacity, np.int64), np.empty((7, capacity))
    )
    return wedge, few


@njit(cache=True, nogil=True, error_model="numpy")
def room_for_radial(samples: int, step_m: float) -> Radial:
    """Return an empty radial of samples 0 .. `samples`."""
    inverse_m = np.zeros(samples + 1)
    for i in range(1, samples + 1):
        inverse_m[i] = 1.0 / (i * step_m)
    return Radial(
        np.empty(samples + 1),
        np.empty(samples + 1),
        np.empty((samples + 1, 3)),
        np.empty(samples + 1, np.int64),
        np.empty(samples + 1),
        np.empty(samples + 1),
        inverse_m,
        np.empty((6, samples + 1)),
    )
