"""The radial sweep against brute force, exact profiles, free space and the laws of the method."""

from __future__ import annotations

import gzip
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fractal_relief import NORTH_M, WEST_M, fractal
from numpy.typing import NDArray

from models.lora.diffraction import delta_bullington_db
from models.lora.free_space import free_space_db
from models.lora.profiles import path_losses_db
from models.lora.sweep import (
    RasterFrame,
    SweepSettings,
    borrowed_profile,
    pixel_ground,
    sweep_losses_db,
)
from twin.errors import InputError
from twin.lang import same
from twin.terrain.grid import Terrain

Floats = NDArray[np.float64]


def flat(size: int, height_m: float = 150.0, cell_m: float = 50.0) -> Terrain:
    """Return level ground."""
    heights = np.full((size, size), height_m, dtype=np.float32)
    return Terrain(heights, WEST_M, NORTH_M, cell_m, same("flat"), synthetic=True)


def jacksboro() -> Terrain:
    """Return the real elevation model shipped inside matplotlib (3", read as 80 m cells)."""
    from matplotlib import cbook

    file = cbook.get_sample_data("jacksboro_fault_dem.npz", asfileobj=False)
    heights = np.load(str(file))["elevation"].astype(np.float32)
    return Terrain(heights, WEST_M, NORTH_M, 80.0, same("Jacksboro fault"), synthetic=False)


def middle(terrain: Terrain) -> tuple[float, float]:
    """Return a point near the middle of a terrain, off every pixel centre."""
    west, south, east, north = terrain.bounds_m
    return 0.5 * (west + east) + 13.3, 0.5 * (south + north) + 7.7


def swept(
    terrain: Terrain,
    height_m: float = 30.0,
    resolution_m: float = 50.0,
    at: tuple[float, float] | None = None,
    **options: Any,
) -> tuple[RasterFrame, SweepSettings, Floats, Floats, Floats, tuple[float, float]]:
    """Sweep; return frame, settings, losses and positions of the known pixels, and the gateway."""
    frame = RasterFrame.over(terrain.bounds_m, resolution_m)
    chosen = SweepSettings(**{"radius_m": 10_000.0, **options})
    x_m, y_m = at or middle(terrain)
    window = sweep_losses_db(
        terrain, frame, pixel_ground(terrain, frame), x_m, y_m, height_m, chosen
    )
    row, column = np.nonzero(np.isfinite(window.losses_db))
    assert row.size == window.pixels
    return (
        frame,
        chosen,
        window.losses_db[row, column].astype(np.float64),
        frame.x_m()[column + window.first_column],
        frame.y_m()[row + window.first_row],
        (x_m, y_m),
    )


def brute_force(
    terrain: Terrain,
    frame: RasterFrame,
    chosen: SweepSettings,
    height_m: float,
    gateway: tuple[float, float],
    pixel: tuple[float, float],
) -> float:
    """Return the loss of one pixel from its listed samples, by the uncompressed method."""
    distances, heights = borrowed_profile(terrain, frame, gateway, pixel, chosen)
    diffraction = delta_bullington_db(
        distances,
        heights,
        height_m,
        chosen.device_height_m,
        chosen.frequency_mhz,
        chosen.vertical,
        chosen.effective_earth_radius_m,
    )[0]
    rise = heights[-1] + chosen.device_height_m - heights[0] - height_m
    slant = math.hypot(distances[-1], rise)
    return float(diffraction + free_space_db(slant, chosen.frequency_mhz))


@pytest.mark.parametrize(
    ("spread_m", "height_m", "options"),
    [
        (5.0, 30.0, {}),
        (40.0, 30.0, {}),
        (150.0, 60.0, {}),
        (40.0, 12.0, {"step_m": 120.0}),
        (40.0, 30.0, {"frequency_mhz": 169.0, "device_height_m": 0.3}),
    ],
)
def test_sweep_equals_brute_force_on_the_same_samples(
    spread_m: float, height_m: float, options: dict[str, Any]
) -> None:
    """On the very samples it borrows, the sweep equals uncompressed delta-Bullington to 1e-3 dB."""
    terrain = fractal(420, spread_m)
    frame, chosen, losses, x_m, y_m, gateway = swept(terrain, height_m, **options)
    some = np.random.default_rng(2).choice(losses.size, 400, replace=False)
    expected = [
        brute_force(terrain, frame, chosen, height_m, gateway, (x_m[k], y_m[k])) for k in some
    ]
    assert np.abs(losses[some] - expected).max() < 1e-3


@pytest.mark.parametrize("number", range(3))
def test_sweep_is_close_to_exact_profiles(number: int) -> None:
    """Against exact per-pixel profiles: median <= 0.2 dB and 95th percentile <= 1.5 dB."""
    terrain = (fractal(420, 20.0), fractal(420, 80.0), jacksboro())[number]
    frame, chosen, losses, x_m, y_m, gateway = swept(terrain)
    assert_close_to_exact(terrain, chosen, losses, x_m, y_m, gateway)
    assert frame.resolution_m == 50.0


def test_sweep_is_close_to_exact_profiles_on_srtm(shared_data: Path) -> None:
    """On a real SRTM tile in Lambert-93, 25 km around a summit, the same bars hold."""
    from rasterio.transform import Affine
    from rasterio.warp import Resampling, reproject

    with gzip.open(shared_data / "terrain" / "N50E010.hgt.gz") as file:
        raw = np.frombuffer(file.read(), ">i2").reshape(1201, 1201).astype(np.float32)
    heights = np.full((1300, 900), np.nan, dtype=np.float32)
    west_m, north_m = 1_205_000.0, 7_110_000.0
    reproject(
        raw,
        heights,
        src_transform=Affine(1 / 1200, 0, 10 - 1 / 2400, 0, -1 / 1200, 51 + 1 / 2400),
        src_crs="EPSG:4326",
        src_nodata=-32768.0,
        dst_transform=Affine(75.0, 0, west_m, 0, -75.0, north_m),
        dst_crs="EPSG:2154",
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
    )
    terrain = Terrain(heights, west_m, north_m, 75.0, same("SRTM"), synthetic=False)
    _, chosen, losses, x_m, y_m, gateway = swept(terrain, radius_m=25_000.0)
    assert losses.size > 600_000
    assert_close_to_exact(terrain, chosen, losses, x_m, y_m, gateway)


def assert_close_to_exact(
    terrain: Terrain,
    chosen: SweepSettings,
    losses: Floats,
    x_m: Floats,
    y_m: Floats,
    gateway: tuple[float, float],
) -> None:
    """Hold the sweep to the bars on 5,000 random pixels."""
    some = np.random.default_rng(3).choice(losses.size, 5_000, replace=False)
    exact = path_losses_db(
        terrain,
        gateway[0],
        gateway[1],
        30.0,
        x_m[some],
        y_m[some],
        chosen.device_height_m,
        chosen.frequency_mhz,
        step_m=chosen.step_m,
    )
    error = np.abs(losses[some] - exact)[np.isfinite(exact)]
    assert error.size > 4_900
    median, high = np.percentile(error, [50, 95])
    assert median <= 0.2
    assert high <= 1.5


@pytest.mark.parametrize("offset", [(0.0, 0.0), (25.0, 25.0), (12.5, -3.0), (24.999999, 25.0)])
@pytest.mark.parametrize("radius_m", [40.0, 777.0, 3_000.0])
def test_every_pixel_in_the_disc_is_filled_once(
    offset: tuple[float, float], radius_m: float
) -> None:
    """Every pixel whose centre lies in the disc is known, no other, wherever the gateway stands."""
    terrain = fractal(160, 10.0)
    x_m, y_m = WEST_M + 4_000.0 + offset[0], NORTH_M - 4_000.0 + offset[1]
    frame = RasterFrame.over(terrain.bounds_m, 50.0)
    window = sweep_losses_db(
        terrain,
        frame,
        pixel_ground(terrain, frame),
        x_m,
        y_m,
        20.0,
        SweepSettings(radius_m=radius_m),
    )
    distance = np.hypot(frame.x_m()[None, :] - x_m, frame.y_m()[:, None] - y_m)
    known = np.zeros(distance.shape, dtype=bool)
    rows, columns = window.losses_db.shape
    known[
        window.first_row : window.first_row + rows,
        window.first_column : window.first_column + columns,
    ] = np.isfinite(window.losses_db)
    assert np.array_equal(known, distance <= radius_m)
    assert window.pixels == known.sum()


def test_a_frame_that_cuts_the_disc_changes_no_value() -> None:
    """A small frame beside the gateway holds, bit for bit, the values of the whole frame."""
    terrain = fractal(300, 30.0)
    x_m, y_m = middle(terrain)
    chosen = SweepSettings(radius_m=6_000.0)
    whole = RasterFrame.over(terrain.bounds_m, 50.0)
    part = RasterFrame(x_m // 50 * 50 + 1_000.0, y_m // 50 * 50 + 3_500.0, 50.0, 90, 60)
    one = sweep_losses_db(terrain, whole, pixel_ground(terrain, whole), x_m, y_m, 30.0, chosen)
    other = sweep_losses_db(terrain, part, pixel_ground(terrain, part), x_m, y_m, 30.0, chosen)
    row = round((whole.north_m - part.north_m) / 50.0) + other.first_row - one.first_row
    column = round((part.west_m - whole.west_m) / 50.0) + other.first_column - one.first_column
    rows, columns = other.losses_db.shape
    np.testing.assert_array_equal(
        other.losses_db, one.losses_db[row : row + rows, column : column + columns]
    )
    assert other.pixels > 1_000


def test_a_disc_outside_the_frame_is_empty() -> None:
    """A gateway farther than the radius from the frame gives no pixel and no error."""
    terrain = flat(200)
    frame = RasterFrame(WEST_M + 8_000.0, NORTH_M, 50.0, 20, 20)
    window = sweep_losses_db(
        terrain,
        frame,
        pixel_ground(terrain, frame),
        WEST_M + 500.0,
        NORTH_M - 500.0,
        20.0,
        SweepSettings(radius_m=2_000.0),
    )
    assert window.pixels == 0
    assert window.losses_db.size == 0


def test_near_a_high_antenna_on_flat_ground_the_loss_is_free_space() -> None:
    """High antennas over level ground leave the first Fresnel zone clear: free space remains."""
    terrain = flat(120)
    _, _, losses, x_m, y_m, gateway = swept(terrain, 120.0, radius_m=1_500.0, device_height_m=60.0)
    slant = np.hypot(np.hypot(x_m - gateway[0], y_m - gateway[1]), 60.0)
    np.testing.assert_allclose(losses, free_space_db(slant, 868.0), atol=2e-5)


def test_flat_earth_losses_depend_on_distance_alone() -> None:
    """On level ground two pixels at the same distance in mirrored directions lose the same."""
    terrain = flat(401)
    x_m, y_m = WEST_M + 200.5 * 50.0, NORTH_M - 200.5 * 50.0
    frame = RasterFrame.over(terrain.bounds_m, 50.0)
    window = sweep_losses_db(
        terrain,
        frame,
        pixel_ground(terrain, frame),
        x_m,
        y_m,
        30.0,
        SweepSettings(radius_m=9_000.0),
    )
    losses = window.losses_db
    for mirrored in (losses[::-1], losses[:, ::-1], losses.T):
        np.testing.assert_allclose(losses, mirrored, atol=1e-4)


def test_behind_a_void_nothing_is_known() -> None:
    """A wall of voids hides what lies behind it and leaves what lies before it unchanged."""
    terrain = fractal(300, 20.0)
    x_m, y_m = middle(terrain)
    holed = terrain.heights_m.copy()
    wall = 200
    holed[:, wall] = np.nan
    broken = Terrain(holed, WEST_M, NORTH_M, 50.0, same("holed"), synthetic=True)
    frame = RasterFrame.over(terrain.bounds_m, 50.0)
    chosen = SweepSettings(radius_m=5_000.0)
    whole = sweep_losses_db(terrain, frame, pixel_ground(terrain, frame), x_m, y_m, 30.0, chosen)
    cut = sweep_losses_db(broken, frame, pixel_ground(broken, frame), x_m, y_m, 30.0, chosen)
    here = wall - whole.first_column
    assert np.isnan(cut.losses_db[:, here:]).all()
    np.testing.assert_array_equal(cut.losses_db[:, : here - 1], whole.losses_db[:, : here - 1])


def test_a_gateway_on_a_void_knows_nothing() -> None:
    """With no ground under the gateway no loss is known."""
    terrain = flat(100)
    terrain.heights_m[40:60, 40:60] = np.nan
    frame = RasterFrame.over(terrain.bounds_m, 50.0)
    window = sweep_losses_db(
        terrain,
        frame,
        pixel_ground(terrain, frame),
        WEST_M + 2_500.0,
        NORTH_M - 2_500.0,
        30.0,
        SweepSettings(radius_m=1_000.0),
    )
    assert window.pixels == 0
    assert np.isnan(window.losses_db).all()


@pytest.mark.parametrize(
    "options",
    [{"radius_m": 0.0}, {"step_m": -1.0}, {"frequency_mhz": 5.0}, {"spacing_m": math.nan}],
)
def test_bad_settings_are_refused(options: dict[str, Any]) -> None:
    """A setting out of its range is refused and named."""
    with pytest.raises(InputError, match=next(iter(options))):
        SweepSettings(**options)


def test_bad_arguments_are_refused() -> None:
    """An empty frame, a height of zero and a ground of another shape are refused."""
    terrain = flat(10)
    with pytest.raises(InputError, match="frame"):
        RasterFrame(0.0, 0.0, 50.0, 0, 3)
    frame = RasterFrame.over(terrain.bounds_m, 50.0)
    ground = pixel_ground(terrain, frame)
    with pytest.raises(InputError, match="height_m"):
        sweep_losses_db(terrain, frame, ground, WEST_M, NORTH_M, 0.0, SweepSettings())
    with pytest.raises(InputError, match="ground_m"):
        sweep_losses_db(terrain, frame, ground[1:], WEST_M, NORTH_M, 9.0, SweepSettings())
