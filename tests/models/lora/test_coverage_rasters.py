"""Coverage rasters against one gateway at a time, and for any number of threads."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.coverage_rasters import (
    CoverageRasters,
    Gateways,
    coverage_rasters,
    level_raster_dbm,
)
from models.lora.sweep import LossWindow, RasterFrame, SweepSettings
from twin.errors import InputError
from twin.lang import same
from twin.terrain.grid import Terrain

WEST_M, NORTH_M = 600_000.0, 6_640_000.0
THRESHOLD_DBM = -120.0
SETTINGS = SweepSettings(radius_m=4_000.0)


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    """Return rolling ground, 10 km square."""
    y, x = np.mgrid[0:200, 0:200] * 50.0
    heights = 150.0 + 40.0 * np.sin(x / 900.0) * np.cos(y / 700.0) + 15.0 * np.sin((x + y) / 260.0)
    return Terrain(heights.astype(np.float32), WEST_M, NORTH_M, 50.0, same("waves"), synthetic=True)


@pytest.fixture(scope="module")
def frame(terrain: Terrain) -> RasterFrame:
    """Return 100 m pixels over the whole ground."""
    return RasterFrame.over(terrain.bounds_m, 100.0)


@pytest.fixture(scope="module")
def gateways() -> Gateways:
    """Return seven gateways, the second and the fourth being twins."""
    rng = np.random.default_rng(5)
    x_m = WEST_M + rng.uniform(1_000.0, 9_000.0, 7)
    y_m = NORTH_M - rng.uniform(1_000.0, 9_000.0, 7)
    x_m[3], y_m[3] = x_m[1], y_m[1]
    height = np.array([20.0, 30.0, 25.0, 30.0, 12.0, 40.0, 18.0])
    return Gateways.of(x_m, y_m, height, [15.0, 14.0, 16.0, 14.0, 10.0, 14.0, 15.0])


@pytest.fixture(scope="module")
def swept(
    terrain: Terrain, frame: RasterFrame, gateways: Gateways
) -> tuple[CoverageRasters, list[LossWindow]]:
    """Return the rasters and each gateway's losses."""
    windows: list[LossWindow] = []
    rasters = coverage_rasters(
        terrain,
        frame,
        gateways,
        THRESHOLD_DBM,
        SETTINGS,
        threads=2,
        each=windows.insert,
    )
    return rasters, windows


def test_rasters_are_the_extremes_of_the_gateways(
    swept: tuple[CoverageRasters, list[LossWindow]], frame: RasterFrame, gateways: Gateways
) -> None:
    """Best, second, server, margin and count are those of the stack of single-gateway levels."""
    rasters, windows = swept
    levels = np.stack(
        [
            level_raster_dbm(frame, window, offset)
            for window, offset in zip(windows, gateways.offset_db, strict=True)
        ]
    )
    filled = np.where(np.isnan(levels), -np.inf, levels)
    order = np.sort(filled, axis=0)
    known = np.isfinite(filled)
    best = np.where(known.any(axis=0), order[-1], np.nan)
    second = np.where(known.sum(axis=0) > 1, order[-2], np.nan)
    np.testing.assert_array_equal(rasters.best_level_dbm, best.astype(np.float32))
    np.testing.assert_array_equal(rasters.second_level_dbm, second.astype(np.float32))
    server = np.where(known.any(axis=0), np.argmax(filled, axis=0) + 1, 0)
    np.testing.assert_array_equal(rasters.best_server, server)
    np.testing.assert_array_equal(rasters.gateway_count, (filled >= THRESHOLD_DBM).sum(axis=0))
    np.testing.assert_allclose(rasters.margin_db, best - THRESHOLD_DBM, atol=1e-4)
    assert (rasters.best_server == 0).any()
    assert rasters.gateway_count.max() >= 3


def test_a_tie_goes_to_the_first_gateway(
    swept: tuple[CoverageRasters, list[LossWindow]],
) -> None:
    """Twin gateways share levels exactly; the server shown is the one listed first."""
    rasters, windows = swept
    np.testing.assert_array_equal(windows[1].losses_db, windows[3].losses_db)
    assert (rasters.best_server == 2).any()
    assert not (rasters.best_server == 4).any()
    twin = rasters.best_server == 2
    np.testing.assert_array_equal(rasters.best_level_dbm[twin], rasters.second_level_dbm[twin])


def test_types_and_frame_are_kept(
    swept: tuple[CoverageRasters, list[LossWindow]], frame: RasterFrame
) -> None:
    """Rasters carry their frame, their ground's label, and the documented types."""
    rasters, _ = swept
    assert (rasters.west_m, rasters.north_m) == (frame.west_m, frame.north_m)
    assert rasters.resolution_m == frame.resolution_m
    assert rasters.synthetic
    assert rasters.best_level_dbm.dtype == rasters.second_level_dbm.dtype == np.float32
    assert rasters.margin_db.dtype == np.float32
    assert rasters.best_server.dtype == np.uint16
    assert rasters.gateway_count.dtype == np.uint8


@pytest.mark.parametrize("threads", [1, 4])
def test_threads_change_no_bit(
    swept: tuple[CoverageRasters, list[LossWindow]],
    terrain: Terrain,
    frame: RasterFrame,
    gateways: Gateways,
    threads: int,
) -> None:
    """One, two or four threads give the same rasters bit for bit."""
    again = coverage_rasters(terrain, frame, gateways, THRESHOLD_DBM, SETTINGS, threads=threads)
    for name in ("best_level_dbm", "second_level_dbm", "margin_db", "best_server", "gateway_count"):
        np.testing.assert_array_equal(getattr(again, name), getattr(swept[0], name))


def test_one_more_gateway_never_lowers_anything(
    swept: tuple[CoverageRasters, list[LossWindow]],
    terrain: Terrain,
    frame: RasterFrame,
    gateways: Gateways,
) -> None:
    """With one gateway fewer, no pixel has a better level or a greater count."""
    fewer = Gateways(
        gateways.x_m[:-1], gateways.y_m[:-1], gateways.height_m[:-1], gateways.offset_db[:-1]
    )
    less = coverage_rasters(terrain, frame, fewer, THRESHOLD_DBM, SETTINGS)
    more = swept[0]
    assert np.all(
        np.nan_to_num(less.best_level_dbm, nan=-999) <= np.nan_to_num(more.best_level_dbm, nan=-999)
    )
    assert np.all(less.gateway_count <= more.gateway_count)


def test_no_gateway_covers_nothing(terrain: Terrain, frame: RasterFrame) -> None:
    """Without gateways every level is unknown and every count zero."""
    nothing = coverage_rasters(terrain, frame, Gateways.of([], [], [], []), THRESHOLD_DBM, SETTINGS)
    assert np.isnan(nothing.best_level_dbm).all()
    assert not nothing.gateway_count.any()
    assert not nothing.best_server.any()


def test_bad_gateways_are_all_named(terrain: Terrain, frame: RasterFrame) -> None:
    """A height of zero, an unknown budget and a site off the terrain are reported in one go."""
    bad = Gateways.of(
        [WEST_M + 500.0, WEST_M + 600.0, WEST_M - 9_000.0],
        NORTH_M - 500.0,
        [0.0, 10.0, 10.0],
        [14.0, np.nan, 14.0],
    )
    with pytest.raises(InputError) as caught:
        coverage_rasters(terrain, frame, bad, THRESHOLD_DBM, SETTINGS)
    assert [fault.key for fault in caught.value.faults] == [
        "gateways[0].height_m",
        "gateways[1].offset_db",
        "gateways[2].x_m, y_m",
    ]
