"""Path losses over a terrain for many pairs of antennas, and single profiles for figures.

A path is the straight Lambert-93 line between two points, cut into equal segments no longer than
`step_m` (equal, so that swapping the ends samples the same points), heights bilinear between cell
centres as `Terrain.height_m` reads them. Lambert-93 shrinks or stretches lengths in Indre by less
than 1 m per km [D], far under the spread of any propagation model.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lora.free_space import free_space_db
from models.lora.hata import Environment
from models.lora.log_distance import OULU, LogDistance
from models.lora.path_kernel import diffraction_losses_db, segments
from models.lora.propagation import PropagationModel, basic_loss_db, propagation_model
from models.lora.spherical_earth import EFFECTIVE_EARTH_RADIUS_M
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.terrain.grid import Terrain

Array = NDArray[np.float64]

BATCH = 4096
"""Pairs handed to a thread at a time: milliseconds of work, so no thread waits long for another."""
TILE_M = 5_000.0
SECTORS = 64


def path_losses_db(
    terrain: Terrain,
    tx_x_m: ArrayLike,
    tx_y_m: ArrayLike,
    tx_height_m: ArrayLike,
    rx_x_m: ArrayLike,
    rx_y_m: ArrayLike,
    rx_height_m: ArrayLike,
    frequency_mhz: float = 868.0,
    model: PropagationModel | str = PropagationModel.DELTA_BULLINGTON,
    step_m: float = 50.0,
    *,
    vertical: bool = True,
    effective_earth_radius_m: float = EFFECTIVE_EARTH_RADIUS_M,
    environment: Environment | str = Environment.OPEN,
    log_distance: LogDistance = OULU,
    threads: int | None = None,
) -> Array:
    """Return the median basic transmission loss of each pair, dB.

    Parameters
    ----------
    terrain
        Where the ground is.
    tx_x_m, tx_y_m, rx_x_m, rx_y_m
        Lambert-93 positions; with the heights, broadcast together to shape (n,). The transmitter
        is the gateway (it matters to Okumura-Hata only: the other models are reciprocal).
    tx_height_m, rx_height_m
        Antenna heights above the ground, >= 0.
    frequency_mhz, vertical, effective_earth_radius_m
        30 to 6,000 MHz; vertical polarisation (horizontal otherwise); effective Earth radius.
    model
        delta-bullington: free space over the antennas' straight-line distance plus diffraction
        (P.526-15); the other models see distances and antenna heights above ground only.
    step_m
        Longest distance between samples of a profile, > 0.
    environment, log_distance
        Options of Okumura-Hata and of log-distance.
    threads
        How many threads share the work; all the process may use by default. The result is the same
        bit for bit whatever their number.

    Returns
    -------
    NDArray
        Shape (n,). NaN where a terminal is off the terrain or the path crosses a void
        (delta-Bullington), or a terminal stands on a void (other models): callers must report them.

    Raises
    ------
    InputError
        Negative or undefined antenna height, frequency or step out of range, unknown model.
    """
    chosen = propagation_model(model)
    tx_x, tx_y, tx_h, rx_x, rx_y, rx_h = (
        np.ravel(a)
        for a in np.broadcast_arrays(
            *(
                np.asarray(a, dtype=np.float64)
                for a in (tx_x_m, tx_y_m, tx_height_m, rx_x_m, rx_y_m, rx_height_m)
            )
        )
    )
    _check(tx_h, rx_h, frequency_mhz, step_m)
    if chosen is not PropagationModel.DELTA_BULLINGTON:
        distance = np.hypot(rx_x - tx_x, rx_y - tx_y)
        loss = basic_loss_db(chosen, distance, tx_h, rx_h, frequency_mhz, environment, log_distance)
        ground = terrain.height_m(tx_x, tx_y) + terrain.height_m(rx_x, rx_y)
        return np.where(np.isnan(ground), np.nan, loss)
    ends = np.column_stack([*_grid_place(terrain, tx_x, tx_y), *_grid_place(terrain, rx_x, rx_y)])
    order = _near_order(ends, terrain.resolution_m)
    ends = np.ascontiguousarray(ends[order])
    antennas = np.column_stack([tx_h, rx_h])[order]
    losses, slants = np.empty(order.size), np.empty(order.size)
    grid = np.ascontiguousarray(terrain.heights_m, dtype=np.float32)

    def run(part: slice) -> None:
        diffraction_losses_db(
            grid,
            ends[part],
            antennas[part],
            float(terrain.resolution_m),
            float(step_m),
            float(frequency_mhz),
            bool(vertical),
            float(effective_earth_radius_m),
            losses[part],
            slants[part],
        )

    _in_threads(run, order.size, threads)
    result = np.empty(order.size)
    result[order] = losses + free_space_db(slants, frequency_mhz)
    return result


def profile(
    terrain: Terrain,
    from_xy: tuple[float, float],
    to_xy: tuple[float, float],
    step_m: float = 50.0,
) -> tuple[Array, Array]:
    """Return (distances_m, heights_m) along the line, sampled as `path_losses_db` samples it.

    Shape (segments + 1,) each, NaN where the ground is unknown. A path of no length has one sample.
    """
    length_m = float(np.hypot(to_xy[0] - from_xy[0], to_xy[1] - from_xy[1]))
    share = np.linspace(0.0, 1.0, segments(length_m, step_m) + 1)
    x_m = from_xy[0] + share * (to_xy[0] - from_xy[0])
    y_m = from_xy[1] + share * (to_xy[1] - from_xy[1])
    return share * length_m, terrain.height_m(x_m, y_m)


def _grid_place(terrain: Terrain, x_m: Array, y_m: Array) -> tuple[Array, Array]:
    """Return fractional (row, column) indices of cell centres, as `Terrain.height_m` counts."""
    return (
        (terrain.north_m - y_m) / terrain.resolution_m - 0.5,
        (x_m - terrain.west_m) / terrain.resolution_m - 0.5,
    )


def _near_order(ends: Array, resolution_m: float) -> NDArray[np.intp]:
    """Return an order that puts neighbouring paths together: the grid then stays in the cache.

    On a department at 25 m this is worth a factor of almost two [D]; outputs do not depend on it.
    """
    tile = np.floor(np.nan_to_num(ends[:, :2]) * (resolution_m / TILE_M))
    bearing = np.arctan2(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    sector = np.floor(bearing * (SECTORS / (2.0 * np.pi)))
    return np.lexsort((sector, tile[:, 1], tile[:, 0]))


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_threads(run: Callable[[slice], None], size: int, threads: int | None) -> None:
    """Call `run(slice)` over `size` items in batches.

    Plain threads rather than numba's own: the kernel releases the interpreter's lock, and a
    process that has used OpenMP cannot be forked safely by a study's executor.
    """
    parts = [slice(start, start + BATCH) for start in range(0, size, BATCH)]
    workers = min(threads or usable_cores(), len(parts))
    if workers <= 1:
        for part in parts:
            run(part)
        return
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(run, parts):
            pass


def _check(tx_height_m: Array, rx_height_m: Array, frequency_mhz: float, step_m: float) -> None:
    """Raise one InputError with every argument out of range."""
    faults = []
    for key, heights in (("tx_height_m", tx_height_m), ("rx_height_m", rx_height_m)):
        bad = ~(heights >= 0.0)
        if np.any(bad):
            faults.append(
                Fault(
                    key=key,
                    value=f"{heights[bad][0]:g}",
                    expected=Text("une hauteur d'antenne ≥ 0 m", "an antenna height >= 0 m"),
                    remedy=Text(
                        "donnez la hauteur au-dessus du sol", "give the height above ground"
                    ),
                )
            )
    if not 30.0 <= frequency_mhz <= 6_000.0:  # noqa: PLR2004 - domain of P.1812
        faults.append(
            Fault(
                key="frequency_mhz",
                value=f"{frequency_mhz:g}",
                expected=Text("de 30 à 6 000 MHz", "30 to 6,000 MHz"),
                remedy=Text("donnez la fréquence en MHz", "give the frequency in MHz"),
            )
        )
    if not step_m > 0.0:
        faults.append(
            Fault(
                key="step_m",
                value=f"{step_m:g}",
                expected=Text("un pas > 0 m", "a step > 0 m"),
                remedy=Text("prenez 50 m", "take 50 m"),
            )
        )
    if faults:
        raise InputError(*faults)
