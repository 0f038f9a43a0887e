"""Batch path losses: the scalar kernel's numbers, voids reported, the same bits on any threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.lora.diffraction import bullington_db, delta_bullington_db
from models.lora.free_space import free_space_db
from models.lora.path_kernel import smooth_bullington_db
from models.lora.profiles import path_losses_db, profile
from models.lora.propagation import PropagationModel, basic_loss_db
from twin.errors import InputError
from twin.lang import same
from twin.terrain.grid import Terrain

EARTH_M = 8.5e6
VERTICAL = FLAT = True
WEST_M, NORTH_M, CELL_M, SIDE = 590_000.0, 6_640_000.0, 80.0, 200

Points = tuple[NDArray[np.float64], ...]


def made_terrain(*, relief_m: float = 25.0, seed: int = 1) -> Terrain:
    """Return a rough 16 x 16 km terrain."""
    rng = np.random.default_rng(seed)
    rough = np.cumsum(np.cumsum(rng.standard_normal((SIDE, SIDE)), axis=0), axis=1)
    heights = 150.0 + relief_m * rough / rough.std() + rng.standard_normal((SIDE, SIDE))
    return Terrain(
        heights.astype(np.float32), WEST_M, NORTH_M, CELL_M, same("made by a test"), synthetic=True
    )


def made_points(n: int, seed: int = 2) -> Points:
    """Return (tx_x, tx_y, tx_h, rx_x, rx_y, rx_h) of `n` pairs inside the terrain."""
    rng = np.random.default_rng(seed)
    side_m = SIDE * CELL_M
    x = WEST_M + rng.uniform(0.0, side_m, (2, n))
    y = NORTH_M - rng.uniform(0.0, side_m, (2, n))
    return x[0], y[0], rng.uniform(5, 60, n), x[1], y[1], rng.uniform(0.2, 10, n)


@pytest.mark.parametrize("step_m", [50.0, 170.0])
@pytest.mark.parametrize("vertical", [True, False])
def test_batch_equals_scalar_kernel(step_m: float, vertical: bool) -> None:
    """Every batch loss is free space plus the scalar kernel on `profile`, to 1e-9 dB."""
    terrain = made_terrain()
    points = made_points(400)
    losses = path_losses_db(terrain, *points, step_m=step_m, vertical=vertical)
    assert losses.shape == (400,)
    for k, (tx, ty, th, rx, ry, rh) in enumerate(zip(*points, strict=True)):
        d, h = profile(terrain, (tx, ty), (rx, ry), step_m)
        assert np.diff(d).max() <= step_m * (1 + 1e-9)
        diffraction = delta_bullington_db(d, h, th, rh, 868.0, vertical, EARTH_M)[0]
        free = free_space_db(np.hypot(d[-1], h[-1] + rh - h[0] - th), 868.0)
        assert losses[k] == pytest.approx(float(free) + diffraction, abs=1e-9)


def test_profile_reads_the_terrain() -> None:
    """A profile's heights are Terrain.height_m at equally spaced points, ends included."""
    terrain = made_terrain()
    start, end = (WEST_M + 900.0, NORTH_M - 4_000.0), (WEST_M + 9_000.0, NORTH_M - 700.0)
    d, h = profile(terrain, start, end, 50.0)
    assert d[0] == 0.0
    assert d[-1] == pytest.approx(np.hypot(8_100.0, 3_300.0))
    assert d.size == np.ceil(d[-1] / 50.0) + 1
    t = np.linspace(0, 1, d.size)
    expected = terrain.height_m(start[0] + t * 8_100.0, start[1] + t * 3_300.0)
    np.testing.assert_array_equal(h, expected)


def test_same_bits_on_any_number_of_threads() -> None:
    """One, two or three threads, and any order of the pairs, give the same bits."""
    terrain = made_terrain()
    points = made_points(10_000)
    one = path_losses_db(terrain, *points, step_m=200.0, threads=1)
    for threads in (2, 3):
        again = path_losses_db(terrain, *points, step_m=200.0, threads=threads)
        np.testing.assert_array_equal(one, again)
    back = path_losses_db(terrain, *(p[::-1] for p in points), step_m=200.0)
    np.testing.assert_array_equal(one, back[::-1])


def test_reciprocal() -> None:
    """Swapping the antennas changes a delta-Bullington loss by rounding only."""
    terrain = made_terrain()
    tx, ty, th, rx, ry, rh = made_points(500)
    there = path_losses_db(terrain, tx, ty, th, rx, ry, rh)
    back = path_losses_db(terrain, rx, ry, rh, tx, ty, th)
    np.testing.assert_allclose(there, back, atol=1e-7)


def test_off_the_terrain_is_nan() -> None:
    """A terminal off the terrain or at an unknown place gives NaN; half a cell is inside."""
    terrain = made_terrain()
    west, south, east, north = terrain.bounds_m
    x = np.array([west, east, west - 0.01, east + 0.01, np.nan, west + 500.0])
    y = np.array([north, south, north - 10.0, south + 10.0, north - 10.0, south - 0.01])
    for model in PropagationModel:
        losses = path_losses_db(
            terrain, x, y, 10.0, west + 3_000.0, north - 3_000.0, 2.0, model=model
        )
        assert np.isnan(losses).tolist() == [False, False, True, True, True, True], model


def test_void_on_the_path_is_nan() -> None:
    """A path that crosses a void is NaN; its neighbour that passes by is not."""
    terrain = made_terrain()
    heights = terrain.heights_m.copy()
    heights[100, 100] = np.nan
    holed = Terrain(heights, WEST_M, NORTH_M, CELL_M, terrain.source, synthetic=True)
    row_y = NORTH_M - (np.array([100.5, 104.5]) * CELL_M)
    losses = path_losses_db(
        holed, WEST_M + 2_000.0, row_y, 10.0, WEST_M + 14_000.0, row_y, 2.0, step_m=40.0
    )
    assert np.isnan(losses).tolist() == [True, False]
    whole = path_losses_db(
        terrain, WEST_M + 2_000.0, row_y, 10.0, WEST_M + 14_000.0, row_y, 2.0, step_m=40.0
    )
    assert losses[1] == whole[1]


def test_one_place_and_short_paths() -> None:
    """Terminals at one place, a step apart or closer give finite losses, free space at least."""
    terrain = made_terrain()
    x, y = WEST_M + 5_000.0, NORTH_M - 5_000.0
    offset = np.array([0.0, 0.001, 1.0, 49.0, 50.0, 51.0])
    losses = path_losses_db(terrain, x, y, 10.0, x + offset, y, 2.0)
    assert np.all(np.isfinite(losses))
    assert losses[0] == pytest.approx(float(free_space_db(8.0, 868.0)), abs=1e-9)


def test_no_pairs_no_losses() -> None:
    """An empty batch gives an empty result."""
    assert path_losses_db(made_terrain(), [], [], [], [], [], []).shape == (0,)


@pytest.mark.parametrize("rows", [1, 2])
def test_narrow_grids(rows: int) -> None:
    """A terrain of one or two rows is read as Terrain.height_m reads it."""
    terrain = Terrain(
        np.arange(rows * 40, dtype=np.float32).reshape(rows, 40), 0.0, rows * 50.0, 50.0,
        same("made by a test"), synthetic=True,
    )  # fmt: skip
    y = rows * 25.0
    loss = path_losses_db(terrain, 30.0, y, 10.0, 1_900.0, y + 3.0, 2.0)
    d, h = profile(terrain, (30.0, y), (1_900.0, y + 3.0), 50.0)
    diffraction = delta_bullington_db(d, h, 10.0, 2.0, 868.0, VERTICAL, EARTH_M)[0]
    free = float(free_space_db(np.hypot(d[-1], h[-1] + 2.0 - h[0] - 10.0), 868.0))
    assert loss[0] == pytest.approx(free + diffraction, abs=1e-9)


@pytest.mark.parametrize("model", ["free-space", "okumura-hata", "log-distance"])
def test_other_models_ignore_the_relief(model: str) -> None:
    """Without diffraction the loss depends on distance and antenna heights only."""
    tx, ty, th, rx, ry, rh = made_points(50)
    flat = path_losses_db(made_terrain(relief_m=1.0), tx, ty, th, rx, ry, rh, model=model)
    steep = path_losses_db(made_terrain(relief_m=90.0), tx, ty, th, rx, ry, rh, model=model)
    np.testing.assert_array_equal(flat, steep)
    np.testing.assert_array_equal(flat, basic_loss_db(model, np.hypot(rx - tx, ry - ty), th, rh))


def test_bad_arguments_are_all_named_at_once() -> None:
    """Negative or missing heights, frequency and step are reported together, before any work."""
    with pytest.raises(InputError) as caught:
        path_losses_db(
            made_terrain(), 0.0, 0.0, [-1.0, 2.0], 0.0, 0.0, np.nan, frequency_mhz=868e6, step_m=0.0
        )
    keys = [fault.key for fault in caught.value.faults]
    assert keys == ["tx_height_m", "rx_height_m", "frequency_mhz", "step_m"]
    with pytest.raises(InputError, match="one of"):
        path_losses_db(made_terrain(), 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, model="itm")


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 900),
    st.floats(5.0, 400.0),
    st.floats(0.0, 400.0),
    st.floats(0.0, 400.0),
    st.sampled_from([0.1, 0.35, 2.0]),
)
def test_smooth_search_equals_the_loop(
    count: int, step_m: float, htx_m: float, hrx_m: float, wavelength_m: float
) -> None:
    """The search over the smooth path finds the maximum a loop over all samples finds."""
    found = smooth_bullington_db(count, step_m, htx_m, hrx_m, wavelength_m, EARTH_M)
    d = np.arange(count + 1) * step_m
    looped = bullington_db(d, d, htx_m, hrx_m, 300.0 / wavelength_m, EARTH_M, FLAT)
    assert found == pytest.approx(looped, abs=1e-8)
