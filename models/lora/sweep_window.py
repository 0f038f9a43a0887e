"""The compiled sweep: every pixel within a radius of one transmitter, one radial after another."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lora.sweep_loss import (
    OWN_SAMPLES,
    bullington_db,
    first_terms_db,
    smooth_nus,
    spherical_shares,
)
from models.lora.sweep_math import DB_PER_OCTAVE, log2
from models.lora.sweep_pixels import meet_pixels
from models.lora.sweep_radial import accumulate, ground_at, sample_radial
from models.lora.sweep_state import (
    Obstructed,
    Pixels,
    Quadrant,
    Radial,
    Radio,
    Relief,
    Wedge,
    room_for_radial,
    room_for_wedge,
)
from models.lora.sweep_wedge import column_of, edge_tangent, list_wedge, quadrant_of, row_of

_SAME_PLACE_M2 = 1.0e-12


@njit(cache=True, nogil=True, error_model="numpy")
def sweep_window(
    relief: Relief, pixels: Pixels, radio: Radio, wedges: int, out_db: NDArray[np.float32]
) -> int:
    """Fill `out_db` with the basic loss, dB, of every pixel within the radius; return how many.

    `out_db` has the shape of `pixels.ground`; `wedges` is the number of radials per quadrant. NaN
    where nothing is known: beyond the radius, off the grid, behind a void.
    """
    out_db[:, :] = np.nan
    tx_ground = ground_at(relief.grid, relief.row, relief.column)
    if math.isnan(tx_ground):
        return 0
    reach = math.ceil(radio.radius_m / pixels.resolution_m) + 2
    # A column of a wedge is at most twice the wedge's angle wide (at 45 degrees), and two pixels.
    capacity = int(reach * (2.0 + 0.5 * reach * math.pi / wedges)) + 16
    wedge, few = room_for_wedge(capacity)
    radial = room_for_radial(math.ceil(radio.radius_m / radio.step_m) + 2, radio.step_m)
    radial.ground[0] = tx_ground
    filled = _fill_own_pixel(tx_ground, pixels, radio, out_db)
    for number in range(4):
        quadrant = quadrant_of(number, pixels, radio.radius_m)
        if quadrant.axis_low > quadrant.axis_high:
            continue
        for k in range(wedges):
            count = list_wedge(
                edge_tangent(k, wedges),
                edge_tangent(k + 1, wedges),
                quadrant,
                pixels.resolution_m,
                radio.radius_m,
                radio.step_m,
                wedge,
            )
            if count > 0:
                bearing = ((k + 0.5) / wedges - 0.5) * (0.5 * math.pi)
                sampled = _run_out(
                    bearing, wedge.segments[count - 1], relief, radio, quadrant, radial
                )
                kept = meet_pixels(count, sampled, relief, pixels, radio, quadrant, radial, wedge)
                _add_up(kept, radio, wedge, few)
                filled += _write(kept, quadrant, wedge, out_db)
    return filled


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_own_pixel(
    tx_ground: float, pixels: Pixels, radio: Radio, out_db: NDArray[np.float32]
) -> int:
    """Fill the pixel whose centre is the transmitter's place, if any; it has no bearing."""
    rows, columns = pixels.ground.shape
    quadrant = quadrant_of(0, pixels, radio.radius_m)
    row, column = quadrant.row, quadrant.column
    if not (0 <= row < rows and 0 <= column < columns):
        return 0
    apart = float(pixels.ground[row, column]) + radio.rx_height_m - tx_ground - radio.tx_height_m
    beside = quadrant.axis_m * quadrant.axis_m + quadrant.side_m * quadrant.side_m
    if beside > _SAME_PLACE_M2 or math.isnan(apart):
        return 0
    units = apart / radio.free_m
    out_db[row, column] = DB_PER_OCTAVE * log2(max(units * units, 1.0))
    return 1


@njit(cache=True, nogil=True, error_model="numpy")
def _run_out(
    bearing: float, segments: int, relief: Relief, radio: Radio, quadrant: Quadrant, radial: Radial
) -> int:
    """Sample a radial as far as its last pixel borrows from it; return how many samples it has.

    `bearing` is counted from the quadrant's axis to its left.
    """
    cells = radio.step_m / relief.resolution_m
    ahead, aside = math.cos(bearing) * cells, math.sin(bearing) * cells
    sampled = sample_radial(
        relief,
        -(ahead * quadrant.y_a + aside * quadrant.x_a),
        ahead * quadrant.x_a - aside * quadrant.y_a,
        max(segments - 1 - OWN_SAMPLES, 0),
        radial.ground,
    )
    tx_amsl = radial.ground[0] + radio.tx_height_m
    accumulate(sampled, radio.step_m, tx_amsl, 0.5 / radio.earth_radius_m, radial)
    return sampled


@njit(cache=True, nogil=True, error_model="numpy")
def _add_up(kept: int, radio: Radio, wedge: Wedge, few: Obstructed) -> None:
    """Fill `wedge.loss_db`: free space + Bullington actual + max(L_sph - Bullington smooth, 0)."""
    found, loss_db, distance_m = wedge.found, wedge.loss_db, wedge.distance_m
    per_unit = 1.0 / (radio.free_m * radio.free_m)
    for n in range(kept):
        free_db = DB_PER_OCTAVE * log2(max(found[3, n] * per_unit, 1.0))
        loss_db[n] = free_db + bullington_db(found[0, n], 0.001 * distance_m[n])
    share, radius_m = few.numbers[0], few.numbers[1]
    wavelength_m, earth_m = radio.wavelength_m, radio.earth_radius_m
    spherical_shares(kept, distance_m, found[1], found[2], wavelength_m, earth_m, share, radius_m)
    some_d, some_tx, some_rx = few.numbers[2], few.numbers[3], few.numbers[4]
    count = 0
    for n in range(kept):
        # Written whether obstructed or not, and overwritten if not: no branch to guess wrong.
        few.at[count] = n
        few.segments[count] = wedge.segments[n]
        share[count] = share[n]
        radius_m[count] = radius_m[n]
        some_d[count] = distance_m[n]
        some_tx[count] = found[1, n]
        some_rx[count] = found[2, n]
        count += 1 if share[n] > 0.0 else 0
    first_db, nu = few.numbers[5], few.numbers[6]
    first_terms_db(
        count, some_d, some_tx, some_rx, radius_m, radio.frequency_mhz, radio.vertical, first_db
    )
    smooth_nus(
        count,
        some_d,
        some_tx,
        some_rx,
        few.segments,
        radio.step_m,
        wavelength_m,
        earth_m,
        nu,
    )
    for n in range(count):
        first_db[n] = max(share[n] * first_db[n] - bullington_db(nu[n], 0.001 * some_d[n]), 0.0)
    for n in range(count):
        loss_db[few.at[n]] += first_db[n]


@njit(cache=True, nogil=True, error_model="numpy")
def _write(kept: int, quadrant: Quadrant, wedge: Wedge, out_db: NDArray[np.float32]) -> int:
    """Put the losses in their pixels; return how many were empty."""
    filled = 0
    for n in range(kept):
        place = wedge.places[n]
        row, column = np.uint64(row_of(quadrant, place)), np.uint64(column_of(quadrant, place))
        filled += 1 if math.isnan(out_db[row, column]) else 0
        out_db[row, column] = wedge.loss_db[n]
    return filled
