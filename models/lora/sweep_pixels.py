"""What one radial says of each pixel of its wedge: nu and the effective antenna heights.

A pixel keeps its own distance, its own ground and its own last `OWN_SAMPLES` samples, d / segments
apart as in an exact profile; everything before those is borrowed from the radial. Near the receiver
a borrowed sample would be a step of ground that is not there, seen under a steep angle.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lora.sweep_hull import grow, highest_over, tangent_slope
from models.lora.sweep_loss import NO_EDGE, OWN_SAMPLES
from models.lora.sweep_radial import ground_at, least_clearance

_NO_LOSS_NU = 0.78
"""J(nu) is zero at and below minus this."""


@njit(cache=True, nogil=True, error_model="numpy")
def own_samples(
    distance_m: float,
    segments: int,
    row: float,
    column: float,
    row_per_m: float,
    column_per_m: float,
    grid: NDArray[np.float32],
    tx_amsl_m: float,
    rx_ground_m: float,
    rise: float,
    ray: float,
    half_curvature: float,
    before_x: float,
    before: float,
) -> tuple[float, float, float, float, float, float, float, float, bool]:
    """Return what the samples on the pixel's own line add, and whether one of them is a void.

    In order: moments v1 and v2 from (`before_x`, `before`) to the receiver; steepest plain and
    curved slopes from the transmitter and from the receiver; highest ground over the straight line
    between the antennas; least clearance^2 / (x (d - x)).
    """
    moment_1 = moment_2 = 0.0
    plain_tx = bent_tx = plain_rx = bent_rx = highest = -1.0e300
    least = 1.0e300
    void = False
    spacing = distance_m / segments
    for k in range(min(OWN_SAMPLES, segments - 1), 0, -1):
        left = k * spacing
        x = distance_m - left
        height = ground_at(grid, row + x * row_per_m, column + x * column_per_m)
        void = void or math.isnan(height)
        width = x - before_x
        moment_1 += width * (height + before)
        moment_2 += width * (height * (2.0 * x + before_x) + before * (x + 2.0 * before_x))
        before_x, before = x, height
        above = height - tx_amsl_m - rise * x
        bulged = above + x * left * half_curvature
        inverse_left, inverse_x = 1.0 / left, 1.0 / x
        plain_tx = max(plain_tx, above * inverse_x + rise)
        bent_tx = max(bent_tx, bulged * inverse_x + ray)
        plain_rx = max(plain_rx, above * inverse_left - rise)
        bent_rx = max(bent_rx, bulged * inverse_left - ray)
        highest = max(highest, above)
        least = min(least, bulged * bulged * inverse_x * inverse_left)
    width = distance_m - before_x
    moment_1 += width * (rx_ground_m + before)
    moment_2 += width * (
        rx_ground_m * (2.0 * distance_m + before_x) + before * (distance_m + 2.0 * before_x)
    )
    return moment_1, moment_2, plain_tx, bent_tx, plain_rx, bent_rx, highest, least, void


@njit(cache=True, nogil=True, error_model="numpy")
def meet_pixels(
    count: int,
    sampled: int,
    places: NDArray[np.int64],
    segments: NDArray[np.int64],
    distance_m: NDArray[np.float64],
    frame: NDArray[np.int64],
    axes: NDArray[np.float64],
    grid: NDArray[np.float32],
    origin: NDArray[np.float64],
    pixel_ground: NDArray[np.float32],
    geometry: NDArray[np.float64],
    ground: NDArray[np.float64],
    curved: NDArray[np.float64],
    running: NDArray[np.float64],
    seen: NDArray[np.int64],
    seen_x: NDArray[np.float64],
    seen_slope: NDArray[np.float64],
    hulls: NDArray[np.float64],
    pixels: NDArray[np.float64],
) -> int:
    """Reduce each pixel's profile to four numbers; drop voids, return how many pixels stay.

    Pixels come by rising number of `segments`. Those kept move to the front of `places`, `segments`
    and `distance_m`; `pixels` gets rows nu, h'_t, h'_r and squared slant distance. `frame`, `axes`,
    `origin` and `geometry` are laid out in `sweep_window`; the rest is the radial's, as in
    `sweep_radial`. Hulls grow only as far as a hidden pixel needs them.
    """
    tx_row, tx_column, cells_per_m = origin[0], origin[1], origin[2]
    tx_amsl, rx_height, step_m, half, wavelength = (
        geometry[0],
        geometry[1],
        geometry[2],
        geometry[3],
        geometry[4],
    )
    plain_x, plain_y, plain_s = hulls[0], hulls[1], hulls[2]
    bent_x, bent_y, bent_s = hulls[3], hulls[4], hulls[5]
    nus, tx_effs, rx_effs, slants = pixels[0], pixels[1], pixels[2], pixels[3]
    plain_size = bent_size = plain_last = bent_last = kept = 0
    for n in range(count):
        place = places[n]
        a = place >> 32
        b = (place & 4294967295) - 2147483648
        d = distance_m[n]
        whole = segments[n]
        rx_ground = float(
            pixel_ground[
                np.uint64(frame[0] + frame[2] * a + frame[4] * b),
                np.uint64(frame[1] + frame[3] * a + frame[5] * b),
            ]
        )
        base = max(whole - 1 - OWN_SAMPLES, 0)
        if base > sampled or math.isnan(rx_ground):
            continue
        rx_amsl = rx_ground + rx_height
        inverse = 1.0 / d
        rise = (rx_amsl - tx_amsl) * inverse
        ray = rise - d * half
        along, across = axes[0] + a * axes[2], axes[1] + b * axes[2]
        scale = inverse * cells_per_m
        added_1, added_2, plain_tx, bent_tx, plain_rx, bent_rx, highest, least, void = own_samples(
            d,
            whole,
            tx_row,
            tx_column,
            -(along * axes[4] + across * axes[3]) * scale,
            (along * axes[3] - across * axes[4]) * scale,
            grid,
            tx_amsl,
            rx_ground,
            rise,
            ray,
            half,
            base * step_m,
            ground[base],
        )
        if void:
            continue
        moment_1 = running[base, 1] + added_1
        moment_2 = running[base, 2] + added_2
        nu = NO_EDGE
        visible = seen[base]
        if visible > 0:
            bent_tx = max(bent_tx, seen_slope[visible - 1])
        if whole > 1 and bent_tx < ray:
            free = 0.5 * _NO_LOSS_NU * _NO_LOSS_NU * wavelength * inverse
            least = least_clearance(visible, d, ray, seen_x, seen_slope, min(least, free))
            if least < free:
                nu = -math.sqrt(2.0 * d * least / wavelength)
        elif whole > 1:
            if base > 0:
                bent_size = grow(
                    bent_x, bent_y, bent_s, bent_size, bent_last + 1, base, step_m, curved
                )
                bent_last = base
                bent_rx = max(
                    bent_rx,
                    tangent_slope(bent_x, bent_y, bent_s, bent_size, d, rx_amsl - d * d * half),
                )
            product = (bent_tx - ray) * max(bent_rx + ray, 0.0)
            nu = math.sqrt(2.0 * d * product / wavelength)
        square = inverse * inverse
        tx_surface = (2.0 * moment_1 * d - moment_2) * square
        rx_surface = (moment_2 - moment_1 * d) * square
        tx_over = max(plain_tx, running[base, 0]) - rise
        if tx_over > 0.0:
            if base > 0:
                plain_size = grow(
                    plain_x, plain_y, plain_s, plain_size, plain_last + 1, base, step_m, ground
                )
                plain_last = base
                plain_rx = max(
                    plain_rx, tangent_slope(plain_x, plain_y, plain_s, plain_size, d, rx_amsl)
                )
                highest = max(
                    highest, highest_over(plain_x, plain_y, plain_s, plain_size, rise) - tx_amsl
                )
            rx_over = plain_rx + rise
            share = highest / (tx_over + rx_over)
            tx_surface -= tx_over * share
            rx_surface -= rx_over * share
        nus[kept] = nu
        tx_effs[kept] = tx_amsl - min(tx_surface, ground[0])
        rx_effs[kept] = rx_amsl - min(rx_surface, rx_ground)
        slants[kept] = d * d + (rx_amsl - tx_amsl) * (rx_amsl - tx_amsl)
        places[kept] = place
        segments[kept] = whole
        distance_m[kept] = d
        kept += 1
    return kept
