"""The compiled sweep: every pixel within a radius of one transmitter, one radial after another."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lora.spherical_earth import LIGHT_SPEED_M_S
from models.lora.sweep_loss import OWN_SAMPLES, bullington_db, first_terms_db, smooth_nus, spherical_shares
from models.lora.sweep_math import DB_PER_OCTAVE, log2
from models.lora.sweep_pixels import meet_pixels
from models.lora.sweep_radial import (
    accumulate,
    ground_at,
    sample_radial,
)
from models.lora.sweep_wedge import edge_tangent, list_wedge, moves_inside


@njit(cache=True, nogil=True, error_model="numpy")
def add_spherical(
    kept: int,
    steps: NDArray[np.int64],
    distance_m: NDArray[np.float64],
    pixels: NDArray[np.float64],
    geometry: NDArray[np.float64],
    frequency_mhz: float,
    vertical: bool,
    some: NDArray[np.float64],
    some_steps: NDArray[np.int64],
    some_at: NDArray[np.int64],
    loss_db: NDArray[np.float64],
) -> None:
    """Add max(L_sph - L_bs, 0) to the pixels where the smooth Earth obstructs at all."""
    step_m, radius_m, wavelength_m = geometry[2], 0.5 / geometry[3], geometry[4]
    share, radii = some[0], some[1]
    spherical_shares(
        kept, distance_m, pixels[1], pixels[2], wavelength_m, radius_m, share, radii
    )
    few = 0
    for n in range(kept):
        if share[n] > 0.0:
            some_at[few] = n
            some_steps[few] = steps[n]
            some[0, few] = share[n]
            some[1, few] = radii[n]
            some[2, few] = distance_m[n]
            some[3, few] = pixels[1, n]
            some[4, few] = pixels[2, n]
            few += 1
    first_terms_db(few, some[2], some[3], some[4], some[1], frequency_mhz, vertical, some[5])
    smooth_nus(
        few, some[2], some[3], some[4], some_steps, step_m, wavelength_m, radius_m, some[6]
    )
    for n in range(few):
        smooth_db = bullington_db(some[6, n], 0.001 * some[2, n])
        some[5, n] = max(some[0, n] * some[5, n] - smooth_db, 0.0)
    for n in range(few):
        loss_db[some_at[n]] += some[5, n]


@njit(cache=True, nogil=True, error_model="numpy")
def sweep_window(
    grid: NDArray[np.float32],
    grid_resolution_m: float,
    tx_row: float,
    tx_column: float,
    tx_height_m: float,
    rx_height_m: float,
    pixel_ground: NDArray[np.float32],
    pixel_west_m: float,
    pixel_north_m: float,
    resolution_m: float,
    radius_m: float,
    step_m: float,
    wedges_per_quadrant: int,
    frequency_mhz: float,
    vertical: bool,
    effective_earth_radius_m: float,
    out_db: NDArray[np.float32],
) -> int:
    """Fill `out_db` with the basic loss, dB, of every pixel within `radius_m`; return how many.

    `tx_row`, `tx_column` are fractional cell-centre indices in `grid`. `pixel_ground` and `out_db`
    have the same shape; their pixel centres start `pixel_west_m` east and `pixel_north_m` north of
    the transmitter. NaN where nothing is known: beyond the radius, off the grid, behind a void.
    """
    rows, columns = pixel_ground.shape
    out_db[:, :] = np.nan
    tx_ground = ground_at(grid, tx_row, tx_column)
    if math.isnan(tx_ground):
        return 0
    wavelength = LIGHT_SPEED_M_S / (frequency_mhz * 1.0e6)
    half = 0.5 / effective_earth_radius_m
    tx_amsl = tx_ground + tx_height_m
    fixed_db = 20.0 * math.log10(4.0 * math.pi / wavelength)
    most_steps = math.ceil(radius_m / step_m) + 2
    reach = math.ceil(radius_m / resolution_m) + 2
    widest = math.pi / wedges_per_quadrant
    capacity = int(reach * (2.0 + 0.5 * reach * widest)) + 16

    steps = np.empty(capacity, np.int64)
    places = np.empty(capacity, np.int64)
    some_steps = np.empty(capacity, np.int64)
    some_at = np.empty(capacity, np.int64)
    distance = np.empty(capacity)
    pixels = np.empty((4, capacity))
    some = np.empty((7, capacity))
    loss = np.empty(capacity)
    ground = np.empty(most_steps + 1)
    curved = np.empty(most_steps + 1)
    running = np.empty((most_steps + 1, 3))
    seen = np.empty(most_steps + 1, np.int64)
    seen_x = np.empty(most_steps + 1)
    seen_slope = np.empty(most_steps + 1)
    hulls = np.empty((6, most_steps + 1))
    inverse = np.empty(most_steps + 1)
    inverse[0] = 0.0
    for i in range(1, most_steps + 1):
        inverse[i] = 1.0 / (i * step_m)
    geometry = np.array([tx_amsl, rx_height_m, step_m, half, wavelength])
    origin = np.array([tx_row, tx_column, 1.0 / grid_resolution_m])
    frame = np.empty(6, np.int64)
    axes = np.empty(5)
    ground[0] = tx_ground
    filled = 0

    # Pixel (0, 0) of every quadrant: the one whose centre is nearest the transmitter.
    near_row = np.int64(math.floor(pixel_north_m / resolution_m + 0.5))
    near_column = np.int64(math.floor(-pixel_west_m / resolution_m + 0.5))
    near_x = pixel_west_m + near_column * resolution_m
    near_y = pixel_north_m - near_row * resolution_m

    if 0 <= near_row < rows and 0 <= near_column < columns:
        d2 = near_x * near_x + near_y * near_y
        here = float(pixel_ground[near_row, near_column])
        if d2 < 1.0e-12 and not math.isnan(here):
            apart = here + rx_height_m - tx_amsl
            slant = max(apart * apart, 1.0)
            out_db[near_row, near_column] = fixed_db + DB_PER_OCTAVE * log2(slant)
            filled += 1

    for quadrant in range(4):
        # Axis a and the side b to its left, as unit moves east/north and column/row.
        x_a = 1 - quadrant if quadrant in (0, 2) else 0
        y_a = 2 - quadrant if quadrant in (1, 3) else 0
        x_b, y_b = -y_a, x_a
        frame[0], frame[1] = near_row, near_column
        frame[2], frame[3] = -y_a, x_a
        frame[4], frame[5] = -y_b, x_b
        axis_first = near_x * x_a + near_y * y_a
        side_first = near_x * x_b + near_y * y_b
        axes[0], axes[1], axes[2], axes[3], axes[4] = (
            axis_first,
            side_first,
            resolution_m,
            x_a,
            y_a,
        )
        axis_low, axis_high = moves_inside(x_a, y_a, near_row, near_column, rows, columns)
        side_low, side_high = moves_inside(x_b, y_b, near_row, near_column, rows, columns)
        # Pixels with axis > 0 only: the others belong to another quadrant.
        axis_low = max(axis_low, 0 if axis_first > 1.0e-9 else 1)
        axis_high = min(axis_high, np.int64(math.floor((radius_m - axis_first) / resolution_m)))
        if axis_low > axis_high:
            continue
        for wedge in range(wedges_per_quadrant):
            tangent_low = edge_tangent(wedge, wedges_per_quadrant)
            tangent_high = edge_tangent(wedge + 1, wedges_per_quadrant)
            count = list_wedge(
                tangent_low,
                tangent_high,
                axis_first,
                side_first,
                resolution_m,
                axis_low,
                axis_high,
                side_low,
                side_high,
                radius_m,
                step_m,
                steps,
                places,
                distance,
            )
            if count == 0:
                continue
            angle = (wedge + 0.5) / wedges_per_quadrant * (0.5 * math.pi) - 0.25 * math.pi
            cosine, sine = math.cos(angle), math.sin(angle)
            east = (cosine * x_a - sine * y_a) * step_m / grid_resolution_m
            south = -(cosine * y_a + sine * x_a) * step_m / grid_resolution_m
            wanted = max(steps[count - 1] - 1 - OWN_SAMPLES, 0)
            sampled = sample_radial(grid, tx_row, tx_column, south, east, wanted, ground)
            accumulate(
                sampled,
                step_m,
                tx_amsl,
                half,
                inverse,
                ground,
                curved,
                running,
                seen,
                seen_x,
                seen_slope,
            )
            kept = meet_pixels(
                count,
                sampled,
                places,
                steps,
                distance,
                frame,
                axes,
                grid,
                origin,
                pixel_ground,
                geometry,
                ground,
                curved,
                running,
                seen,
                seen_x,
                seen_slope,
                hulls,
                pixels,
            )
            for n in range(kept):
                loss[n] = (
                    fixed_db
                    + DB_PER_OCTAVE * log2(max(pixels[3, n], 1.0))
                    + bullington_db(pixels[0, n], 0.001 * distance[n])
                )
            add_spherical(
                kept,
                steps,
                distance,
                pixels,
                geometry,
                frequency_mhz,
                vertical,
                some,
                some_steps,
                some_at,
                loss,
            )
            for n in range(kept):
                a = places[n] >> 32
                b = (places[n] & 4294967295) - 2147483648
                row = frame[0] + frame[2] * a + frame[4] * b
                column = frame[1] + frame[3] * a + frame[5] * b
                if math.isnan(out_db[row, column]):
                    filled += 1
                out_db[row, column] = loss[n]
    return filled
