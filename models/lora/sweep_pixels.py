"""What one radial says of each pixel of its wedge: nu and the effective antenna heights.

A pixel keeps its own distance, its own ground and its own last `OWN_SAMPLES` samples, d / segments
apart as in an exact profile; everything before those is borrowed from the radial. Near the receiver
a borrowed sample would be a step of ground that is not there, seen under a steep angle.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from models.lora.sweep_hull import grow, highest_vertex, tangent_slope
from models.lora.sweep_loss import NO_EDGE, NO_LOSS_NU, OWN_SAMPLES
from models.lora.sweep_radial import ground_at, least_clearance
from models.lora.sweep_state import Pixels, Quadrant, Radial, Radio, Relief, Wedge
from models.lora.sweep_wedge import across_m, along_m, column_of, row_of


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def own_samples(
    distance_m: float,
    segments: int,
    base: int,
    relief: Relief,
    row_per_m: float,
    column_per_m: float,
    radio: Radio,
    radial: Radial,
    rise: float,
    rx_ground_m: float,
) -> tuple[float, float, float, float, float, float, float, float, bool]:
    """Return what the samples on the pixel's own line add, and whether one of them is a void.

    In order: moments v1 and v2 from the radial's sample `base` to the receiver; steepest slopes
    over the straight line between the antennas, seen from the transmitter and from the receiver, of
    plain ground and of ground with the Earth's bulge; highest plain ground over that line; least
    clearance^2 / (x (d - x)). `rise` is the line's slope.
    """
    moment_1 = moment_2 = 0.0
    plain_tx = bent_tx = plain_rx = bent_rx = highest = -1.0e300
    least = 1.0e300
    void = False
    tx_amsl_m = radial.ground[0] + radio.tx_height_m
    half_curvature = 0.5 / radio.earth_radius_m
    before_x, before = base * radio.step_m, radial.ground[base]
    spacing = distance_m / segments
    for k in range(min(OWN_SAMPLES, segments - 1), 0, -1):
        left = k * spacing
        x = distance_m - left
        height = ground_at(
            relief.grid, relief.row + x * row_per_m, relief.column + x * column_per_m
        )
        void = void or math.isnan(height)
        width = x - before_x
        moment_1 += width * (height + before)
        moment_2 += width * (height * (2.0 * x + before_x) + before * (x + 2.0 * before_x))
        before_x, before = x, height
        above = height - tx_amsl_m - rise * x
        bulged = above + x * left * half_curvature
        inverse_left, inverse_x = 1.0 / left, 1.0 / x
        plain_tx = max(plain_tx, above * inverse_x)
        bent_tx = max(bent_tx, bulged * inverse_x)
        plain_rx = max(plain_rx, above * inverse_left)
        bent_rx = max(bent_rx, bulged * inverse_left)
        highest = max(highest, above)
        least = min(least, bulged * bulged * inverse_x * inverse_left)
    width = distance_m - before_x
    moment_1 += width * (rx_ground_m + before)
    moment_2 += width * (
        rx_ground_m * (2.0 * distance_m + before_x) + before * (distance_m + 2.0 * before_x)
    )
    return moment_1, moment_2, plain_tx, bent_tx, plain_rx, bent_rx, highest, least, void


@njit(cache=True, nogil=True, error_model="numpy")
def meet_pixels(  # noqa: C901, PLR0915 - one pass over the profile's answers, each a line or two
    count: int,
    sampled: int,
    relief: Relief,
    pixels: Pixels,
    radio: Radio,
    quadrant: Quadrant,
    radial: Radial,
    wedge: Wedge,
) -> int:
    """Reduce each pixel's profile to the four numbers of `wedge.found`; return how many stay.

    Pixels come by rising number of segments; those on or behind a void are dropped, the others move
    to the front of the wedge's lists. Only `sampled` samples of the radial are known. Hulls grow as
    far as a hidden pixel needs them.
    """
    ground, running, seen = radial.ground, radial.running, radial.seen
    step_m, half = radio.step_m, 0.5 / radio.earth_radius_m
    tx_amsl = ground[0] + radio.tx_height_m
    cells_per_m = 1.0 / relief.resolution_m
    free_per_m = 0.5 * NO_LOSS_NU * NO_LOSS_NU * radio.wavelength_m
    per_wavelength = 2.0 / radio.wavelength_m
    plain_x, plain_y, plain_s = radial.hulls[0], radial.hulls[1], radial.hulls[2]
    bent_x, bent_y, bent_s = radial.hulls[3], radial.hulls[4], radial.hulls[5]
    nus, tx_effs, rx_effs, slants = wedge.found[0], wedge.found[1], wedge.found[2], wedge.found[3]
    plain_size = bent_size = plain_last = bent_last = top = kept = 0
    for n in range(count):
        place = wedge.places[n]
        d = wedge.distance_m[n]
        whole = wedge.segments[n]
        rx_ground = float(
            pixels.ground[np.uint64(row_of(quadrant, place)), np.uint64(column_of(quadrant, place))]
        )
        base = max(whole - 1 - OWN_SAMPLES, 0)
        if base > sampled or math.isnan(rx_ground):
            continue
        rx_amsl = rx_ground + radio.rx_height_m
        inverse = 1.0 / d
        rise = (rx_amsl - tx_amsl) * inverse
        along = along_m(quadrant, place, pixels.resolution_m)
        across = across_m(quadrant, place, pixels.resolution_m)
        scale = inverse * cells_per_m
        added_1, added_2, plain_tx, bent_tx, plain_rx, bent_rx, highest, least, void = own_samples(
            d,
            whole,
            base,
            relief,
            -(along * quadrant.y_a + across * quadrant.x_a) * scale,
            (along * quadrant.x_a - across * quadrant.y_a) * scale,
            radio,
            radial,
            rise,
            rx_ground,
        )
        if void:
            continue

        # The ray over ground lowered by the bulge: slopes from the receiver change sign with it.
        ray = rise - d * half
        visible = seen[base]
        if visible > 0:
            bent_tx = max(bent_tx, radial.seen_slope[visible - 1] - ray)
        nu = NO_EDGE
        if whole > 1 and bent_tx < 0.0:
            free = free_per_m * inverse
            least = least_clearance(
                visible, d, ray, radial.seen_x, radial.seen_slope, min(least, free)
            )
            if least < free:
                nu = -math.sqrt(per_wavelength * d * least)
        elif whole > 1:
            if base > 0:
                bent_size = grow(
                    bent_x, bent_y, bent_s, bent_size, bent_last + 1, base, step_m, radial.curved
                )
                bent_last = base
                back = tangent_slope(bent_x, bent_y, bent_s, bent_size, d, rx_amsl - d * d * half)
                bent_rx = max(bent_rx, back + ray)
            nu = math.sqrt(per_wavelength * d * bent_tx * max(bent_rx, 0.0))

        moment_1 = running[base, 1] + added_1
        moment_2 = running[base, 2] + added_2
        square = inverse * inverse
        tx_surface = (2.0 * moment_1 * d - moment_2) * square
        rx_surface = (moment_2 - moment_1 * d) * square
        plain_tx = max(plain_tx, running[base, 0] - rise)
        if plain_tx > 0.0:
            if base > 0:
                plain_size = grow(
                    plain_x, plain_y, plain_s, plain_size, plain_last + 1, base, step_m, ground
                )
                plain_last = base
                back = tangent_slope(plain_x, plain_y, plain_s, plain_size, d, rx_amsl)
                plain_rx = max(plain_rx, back + rise)
                top = highest_vertex(plain_s, plain_size, rise, top)
                highest = max(highest, plain_y[top] - rise * plain_x[top] - tx_amsl)
            share = highest / (plain_tx + plain_rx)
            tx_surface -= plain_tx * share
            rx_surface -= plain_rx * share

        nus[kept] = nu
        tx_effs[kept] = tx_amsl - min(tx_surface, ground[0])
        rx_effs[kept] = rx_amsl - min(rx_surface, rx_ground)
        slants[kept] = d * d + (rx_amsl - tx_amsl) * (rx_amsl - tx_amsl)
        wedge.places[kept] = place
        wedge.segments[kept] = whole
        wedge.distance_m[kept] = d
        kept += 1
    return kept
