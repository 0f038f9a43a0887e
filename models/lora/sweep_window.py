"""The compiled sweep: every pixel within a radius of one transmitter, one radial after another.

A quadrant is cut into wedges of equal angle, one radial down the middle of each. The pixels of a
wedge are listed column by column from the edges' tangents (no angle is computed per pixel, and
neighbours share an edge, so each pixel falls in one wedge), put in order of distance, and met while
the hulls of the radial grow.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lora.spherical_earth import LIGHT_SPEED_M_S
from models.lora.sweep_hull import highest_over, push, tangent_slope
from models.lora.sweep_loss import (
    NO_EDGE,
    OWN_SAMPLES,
    bullington_db,
    first_terms_db,
    smooth_nus,
    spherical_shares,
)
from models.lora.sweep_math import DB_PER_OCTAVE, log2
from models.lora.sweep_radial import (
    BLOCK,
    COARSE,
    accumulate,
    bound_blocks,
    ground_at,
    least_clearance,
    sample_radial,
)

_SEAM = 1.0 + 1.0e-9
"""Quadrants overlap by this much, so rounding can only visit a diagonal pixel twice, never skip it."""

_NO_LOSS_NU = 0.78


@njit(cache=True, nogil=True, error_model="numpy")
def list_wedge(
    tangent_low: float,
    tangent_high: float,
    axis_first_m: float,
    side_first_m: float,
    resolution_m: float,
    axis_low: int,
    axis_high: int,
    side_low: int,
    side_high: int,
    radius_m: float,
    step_m: float,
    steps: NDArray[np.int64],
    places: NDArray[np.int64],
    distance_m: NDArray[np.float64],
) -> int:
    """List a wedge's pixels by rising number of steps from the transmitter; return how many.

    A pixel is (a, b), at `axis_first + a res` along the quadrant's axis and `side_first + b res` to
    its left, within the given inclusive bounds; it belongs to the wedge if
    tangent_low <= side / axis < tangent_high. `places` gets (a, b) as a * 2^32 + b + 2^31.
    """
    count = 0
    per_pixel = 1.0 / resolution_m
    per_step = 1.0 / step_m
    side_offset = side_first_m * per_pixel
    limit = radius_m * radius_m
    for a in range(axis_low, axis_high + 1):
        along = axis_first_m + a * resolution_m
        first = max(math.ceil(tangent_low * along * per_pixel - side_offset), side_low)
        after = min(math.ceil(tangent_high * along * per_pixel - side_offset), side_high + 1)
        for b in range(first, after):
            across = side_first_m + b * resolution_m
            squared = along * along + across * across
            if squared > limit:
                continue
            d = math.sqrt(squared)
            # As `path_kernel.segments`: how many equal segments no longer than a step.
            whole = max(math.ceil(d * per_step - 1.0e-9), 1)
            at = count
            # Columns come nearly in order of distance: insertion moves a pixel a place or two.
            while at > 0 and steps[at - 1] > whole:
                steps[at] = steps[at - 1]
                places[at] = places[at - 1]
                distance_m[at] = distance_m[at - 1]
                at -= 1
            steps[at] = whole
            places[at] = (a << 32) + b + 2147483648
            distance_m[at] = d
            count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def meet_pixels(
    count: int,
    sampled: int,
    places: NDArray[np.int64],
    steps: NDArray[np.int64],
    distance_m: NDArray[np.float64],
    frame: NDArray[np.int64],
    axes: NDArray[np.float64],
    grid: NDArray[np.float32],
    grid_origin: NDArray[np.float64],
    pixel_ground: NDArray[np.float32],
    geometry: NDArray[np.float64],
    curved: NDArray[np.float64],
    ground: NDArray[np.float64],
    running: NDArray[np.float64],
    fine: NDArray[np.float64],
    coarse: NDArray[np.float64],
    hulls: NDArray[np.float64],
    pixels: NDArray[np.float64],
) -> int:
    """Reduce each pixel's profile to nu, effective heights and slant; drop voids, return how many stay.

    Kept pixels move to the front of `places`, `steps` and `distance_m`. `pixels` rows: nu, h'_t,
    h'_r, squared slant distance.
    """
    row_0, column_0, row_a, column_a, row_b, column_b = (
        frame[0],
        frame[1],
        frame[2],
        frame[3],
        frame[4],
        frame[5],
    )
    axis_first, side_first, resolution_m = axes[0], axes[1], axes[2]
    x_a, y_a = axes[3], axes[4]
    tx_row, tx_column, per_cell = grid_origin[0], grid_origin[1], grid_origin[2]
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
    tx_ground = ground[0]
    plain_size = bent_size = 0
    reached = 0
    kept = 0
    for n in range(count):
        place = places[n]
        a = place >> 32
        b = (place & 4294967295) - 2147483648
        row = row_0 + row_a * a + row_b * b
        column = column_0 + column_a * a + column_b * b
        d = distance_m[n]
        whole = steps[n]
        rx_ground = float(pixel_ground[row, column])
        base = max(whole - 1 - OWN_SAMPLES, 0)
        if base > sampled or math.isnan(rx_ground):
            continue
        for i in range(reached + 1, base + 1):
            x = i * step_m
            plain_size = push(plain_x, plain_y, plain_s, plain_size, x, ground[i])
            bent_size = push(bent_x, bent_y, bent_s, bent_size, x, curved[i])
        reached = max(reached, base)

        rx_amsl = rx_ground + rx_height
        rx_curved = rx_amsl - d * d * half
        inverse = 1.0 / d
        rise = (rx_amsl - tx_amsl) * inverse
        ray = (rx_curved - tx_amsl) * inverse
        plain_tx, bent_tx = running[base, 0], running[base, 1]
        moment_1, moment_2 = running[base, 2], running[base, 3]
        plain_rx = bent_rx = own_highest = -1.0e300
        least = 0.5 * _NO_LOSS_NU * _NO_LOSS_NU * wavelength * inverse
        own_least = least
        # The last samples stand on the pixel's own line, d / whole apart.
        spacing = d / whole
        along = axis_first + a * resolution_m
        across = side_first + b * resolution_m
        east = (along * x_a - across * y_a) * inverse * per_cell
        south = -(along * y_a + across * x_a) * inverse * per_cell
        before_x, before = base * step_m, ground[base]
        void = False
        for k in range(min(OWN_SAMPLES, whole - 1), 0, -1):
            left = k * spacing
            x = d - left
            height = ground_at(grid, tx_row + x * south, tx_column + x * east)
            void = void or math.isnan(height)
            width = x - before_x
            moment_1 += width * (height + before)
            moment_2 += width * (height * (2.0 * x + before_x) + before * (x + 2.0 * before_x))
            before_x, before = x, height
            above = height - tx_amsl - rise * x
            bulged = above + x * left * half
            inverse_left = 1.0 / left
            inverse_x = 1.0 / x
            plain_tx = max(plain_tx, (height - tx_amsl) * inverse_x)
            bent_tx = max(bent_tx, bulged * inverse_x + ray)
            plain_rx = max(plain_rx, above * inverse_left - rise)
            bent_rx = max(bent_rx, bulged * inverse_left - ray)
            own_highest = max(own_highest, above)
            own_least = min(own_least, bulged * bulged * inverse_x * inverse_left)
        if void:
            continue
        width = d - before_x
        moment_1 += width * (rx_ground + before)
        moment_2 += width * (rx_ground * (2.0 * d + before_x) + before * (d + 2.0 * before_x))

        nu = NO_EDGE
        if whole > 1:
            if bent_tx < ray:
                found = least_clearance(
                    base, d, tx_amsl, ray, step_m, curved, fine, coarse, own_least
                )
                if found < least:
                    nu = -math.sqrt(2.0 * d * found / wavelength)
            else:
                if base > 0:
                    bent_rx = max(
                        bent_rx, tangent_slope(bent_x, bent_y, bent_s, bent_size, d, rx_curved)
                    )
                product = (bent_tx - ray) * max(bent_rx + ray, 0.0)
                nu = math.sqrt(2.0 * d * product / wavelength)
        square = inverse * inverse
        tx_surface = (2.0 * moment_1 * d - moment_2) * square
        rx_surface = (moment_2 - moment_1 * d) * square
        tx_over = plain_tx - rise
        if tx_over > 0.0 and whole > 1:
            highest = own_highest
            if base > 0:
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
        tx_effs[kept] = tx_amsl - min(tx_surface, tx_ground)
        rx_effs[kept] = rx_amsl - min(rx_surface, rx_ground)
        slants[kept] = d * d + (rx_amsl - tx_amsl) ** 2
        places[kept] = place
        steps[kept] = whole
        distance_m[kept] = d
        kept += 1
    return kept


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
    running = np.empty((most_steps + 1, 4))
    fine = np.empty((most_steps // BLOCK + 1, 2))
    coarse = np.empty((most_steps // COARSE + 1, 2))
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
        axis_low, axis_high = _bounds(x_a, y_a, near_row, near_column, rows, columns)
        side_low, side_high = _bounds(x_b, y_b, near_row, near_column, rows, columns)
        # Pixels with axis > 0 only: the others belong to another quadrant.
        axis_low = max(axis_low, 0 if axis_first > 1.0e-9 else 1)
        axis_high = min(axis_high, np.int64(math.floor((radius_m - axis_first) / resolution_m)))
        if axis_low > axis_high:
            continue
        for wedge in range(wedges_per_quadrant):
            tangent_low = _edge(wedge, wedges_per_quadrant)
            tangent_high = _edge(wedge + 1, wedges_per_quadrant)
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
            accumulate(sampled, step_m, tx_amsl, half, inverse, ground, curved, running)
            bound_blocks(sampled, BLOCK, step_m, curved, fine)
            bound_blocks(sampled, COARSE, step_m, curved, coarse)
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
                curved,
                ground,
                running,
                fine,
                coarse,
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


@njit(cache=True, nogil=True, error_model="numpy")
def _edge(wedge: int, wedges: int) -> float:
    """Return the tangent of a wedge's lower edge; the quadrant's own edges lean out by the seam."""
    if wedge == 0:
        return -_SEAM
    if wedge == wedges:
        return _SEAM
    return math.tan((2.0 * wedge / wedges - 1.0) * 0.25 * math.pi)


@njit(cache=True, nogil=True, error_model="numpy")
def _bounds(
    x: int, y: int, near_row: int, near_column: int, rows: int, columns: int
) -> tuple[int, int]:
    """Return the least and greatest number of moves (x, y) from the near pixel that stay inside."""
    if x == 1:
        return -near_column, columns - 1 - near_column
    if x == -1:
        return near_column - (columns - 1), near_column
    if y == 1:
        return near_row - (rows - 1), near_row
    return -near_row, rows - 1 - near_row
