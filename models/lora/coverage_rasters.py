"""Rasters of received level over a territory: best gateway, margin, redundancy.

Gateways are swept one after another (`models.lora.sweep`) and merged as they come, always in their
order, so memory does not grow with their number and the result is the same bit for bit whatever
the number of threads.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from models.lora.profiles import usable_cores
from models.lora.sweep import LossWindow, RasterFrame, SweepSettings, pixel_ground, sweep_losses_db
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.terrain.grid import Terrain

MOST_GATEWAYS = int(np.iinfo(np.uint16).max)
"""Best-server numbers are 16-bit, 0 kept for "none"."""


@dataclass(frozen=True)
class Gateways:
    """Antennas: positions (Lambert-93), heights above ground, link budgets; shape (n,) each.

    `offset_db` turns a loss into a level: received level (dBm) = offset - basic loss, so it is
    EIRP + gains - losses of the link looked at (uplink or downlink), in dBm.
    """

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    height_m: NDArray[np.float64]
    offset_db: NDArray[np.float64]

    @classmethod
    def of(
        cls, x_m: ArrayLike, y_m: ArrayLike, height_m: ArrayLike, offset_db: ArrayLike
    ) -> Gateways:
        """Return gateways from anything that broadcasts to one shape (n,)."""
        columns = np.broadcast_arrays(
            *(
                np.atleast_1d(np.asarray(a, dtype=np.float64))
                for a in (x_m, y_m, height_m, offset_db)
            )
        )
        return cls(*(np.ascontiguousarray(column) for column in columns))


@dataclass(frozen=True)
class CoverageRasters:
    """What a set of gateways gives each pixel; all of shape (rows, columns), row 0 in the north.

    `best_level_dbm`, `second_level_dbm` (float32) are NaN where no gateway, or only one, has a
    known level; `margin_db` = best level - `threshold_dbm`; `best_server` (uint16) is the number of
    the strongest gateway counted from 1 (lowest on ties), 0 for none, whatever the threshold;
    `gateway_count` (uint8) counts gateways at or above the threshold, 255 meaning 255 or more.
    """

    west_m: float
    north_m: float
    resolution_m: float
    threshold_dbm: float
    best_level_dbm: NDArray[np.float32]
    second_level_dbm: NDArray[np.float32]
    margin_db: NDArray[np.float32]
    best_server: NDArray[np.uint16]
    gateway_count: NDArray[np.uint8]
    source: Text
    synthetic: bool


def coverage_rasters(
    terrain: Terrain,
    frame: RasterFrame,
    gateways: Gateways,
    threshold_dbm: float,
    settings: SweepSettings,
    *,
    threads: int | None = None,
    each: Callable[[int, LossWindow], None] | None = None,
) -> CoverageRasters:
    """Return best level, second level, margin, best server and redundancy over a frame.

    Parameters
    ----------
    terrain, frame
        The ground, and the pixels to fill.
    gateways
        Who transmits; may be empty, and may stand outside the frame.
    threshold_dbm
        Level from which a gateway counts.
    settings
        Radius, frequency, device height, sampling.
    threads
        How many threads sweep; all the process may use by default.
    each
        Called with (gateway index, its losses) in order, e.g. to write one raster per gateway;
        the losses are dropped afterwards.

    Raises
    ------
    InputError
        Height not > 0, undefined position or budget, gateway off the terrain or on a void, or more
        than 65,535 gateways: every fault at once.
    """
    _check(terrain, gateways, threshold_dbm)
    shape = (frame.rows, frame.columns)
    best = np.full(shape, -np.inf, dtype=np.float32)
    second = np.full(shape, -np.inf, dtype=np.float32)
    server = np.zeros(shape, dtype=np.uint16)
    count = np.zeros(shape, dtype=np.uint8)
    for index, window in enumerate(_sweeps(terrain, frame, gateways, settings, threads)):
        _merge(
            window.losses_db,
            window.first_row,
            window.first_column,
            float(gateways.offset_db[index]),
            float(threshold_dbm),
            index + 1,
            best,
            second,
            server,
            count,
        )
        if each is not None:
            each(index, window)
    best[np.isneginf(best)] = np.nan
    second[np.isneginf(second)] = np.nan
    return CoverageRasters(
        frame.west_m,
        frame.north_m,
        frame.resolution_m,
        threshold_dbm,
        best,
        second,
        best - np.float32(threshold_dbm),
        server,
        count,
        terrain.source,
        terrain.synthetic,
    )


def level_raster_dbm(
    frame: RasterFrame, window: LossWindow, offset_db: float
) -> NDArray[np.float32]:
    """Return one gateway's received level on the whole frame, dBm; NaN where unknown or too far."""
    level = np.full((frame.rows, frame.columns), np.nan, dtype=np.float32)
    rows, columns = window.losses_db.shape
    part = (
        slice(window.first_row, window.first_row + rows),
        slice(window.first_column, window.first_column + columns),
    )
    level[part] = offset_db - window.losses_db.astype(np.float64)  # rounded as in the merge
    return level


def _sweeps(
    terrain: Terrain,
    frame: RasterFrame,
    gateways: Gateways,
    settings: SweepSettings,
    threads: int | None,
) -> Iterator[LossWindow]:
    """Yield each gateway's losses in order, a few being computed ahead on threads.

    Plain threads: the kernel releases the interpreter's lock, and a process that has used OpenMP
    cannot be forked safely by a study's executor.
    """
    ground = pixel_ground(terrain, frame)
    workers = max(1, min(threads or usable_cores(), gateways.x_m.size))

    def sweep(index: int) -> LossWindow:
        return sweep_losses_db(
            terrain,
            frame,
            ground,
            float(gateways.x_m[index]),
            float(gateways.y_m[index]),
            float(gateways.height_m[index]),
            settings,
        )

    ahead: deque[Future[LossWindow]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for index in range(gateways.x_m.size):
                ahead.append(pool.submit(sweep, index))
                if len(ahead) > workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()


@njit(cache=True, nogil=True)
def _merge(
    losses_db: NDArray[np.float32],
    first_row: int,
    first_column: int,
    offset_db: float,
    threshold_dbm: float,
    number: int,
    best: NDArray[np.float32],
    second: NDArray[np.float32],
    server: NDArray[np.uint16],
    count: NDArray[np.uint8],
) -> None:
    """Merge one gateway into the rasters; levels start at minus infinity."""
    full = 255
    rows, columns = losses_db.shape
    for i in range(rows):
        row = first_row + i
        for j in range(columns):
            loss = losses_db[i, j]
            if np.isnan(loss):
                continue
            column = first_column + j
            level = np.float32(offset_db - loss)
            # A tie goes to the earlier gateway: only a strictly higher level takes over.
            if level > best[row, column]:
                second[row, column] = best[row, column]
                best[row, column] = level
                server[row, column] = number
            elif level > second[row, column]:
                second[row, column] = level
            if level >= threshold_dbm and count[row, column] < full:
                count[row, column] += 1


def _check(terrain: Terrain, gateways: Gateways, threshold_dbm: float) -> None:
    """Raise one InputError with every gateway that cannot be swept."""
    faults = []
    if not np.isfinite(threshold_dbm):
        faults.append(
            _fault("threshold_dbm", threshold_dbm, Text("un niveau en dBm", "a level in dBm"))
        )
    if gateways.x_m.size > MOST_GATEWAYS:
        most = Text(f"au plus {MOST_GATEWAYS} passerelles", f"at most {MOST_GATEWAYS} gateways")
        faults.append(_fault("gateways", gateways.x_m.size, most))
    ground = terrain.height_m(gateways.x_m, gateways.y_m)
    for key, values, sound, expected in (
        (
            "height_m",
            gateways.height_m,
            np.isfinite(gateways.height_m) & (gateways.height_m > 0.0),
            Text("une hauteur d'antenne > 0 m", "an antenna height > 0 m"),
        ),
        (
            "offset_db",
            gateways.offset_db,
            np.isfinite(gateways.offset_db),
            Text("un bilan de liaison en dBm", "a link budget in dBm"),
        ),
        (
            "x_m, y_m",
            gateways.x_m,
            np.isfinite(ground),
            Text(
                "une position où l'altitude du sol est connue",
                "a position where the ground height is known",
            ),
        ),
    ):
        faults += [
            _fault(f"gateways[{index}].{key}", values[index], expected)
            for index in np.flatnonzero(~sound)
        ]
    if faults:
        raise InputError(*faults)


def _fault(key: str, value: float, expected: Text) -> Fault:
    """Return a fault about one number."""
    return Fault(
        key=key,
        value=f"{value:g}",
        expected=expected,
        remedy=Text(
            "corrigez la valeur, ou fournissez un relief qui couvre le site",
            "correct the value, or give a terrain that covers the site",
        ),
    )
