"""Speed of delta-Bullington paths per core, beside a plain numpy version of the same method."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

from models.lora.free_space import free_space_db
from models.lora.path_kernel import diffraction_losses_db
from models.lora.profiles import path_losses_db
from models.lora.spherical_earth import spherical_earth_db
from tests.bench.record import Bar, cpu_s, record
from twin.lang import same
from twin.terrain.grid import Terrain

PATHS, LENGTH_M, STEP_M, CELL_M, SIDE_M = 60_000, 10_000.0, 50.0, 100.0, 100_000.0
SAMPLES = 201
BAR_PER_S = 170_000.0
EARTH_M = 8.5e6
VERTICAL = True


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    """Return a rough terrain the size of a department: 1,000 x 1,000 cells of 100 m."""
    from scipy.ndimage import gaussian_filter

    rng = np.random.default_rng(36)
    side = int(SIDE_M / CELL_M)
    relief = gaussian_filter(rng.standard_normal((side, side)), 15)
    heights = 150.0 + 40.0 * relief / relief.std() + 2.0 * rng.standard_normal((side, side))
    return Terrain(heights.astype(np.float32), 0.0, SIDE_M, CELL_M, same("made"), synthetic=True)


@pytest.fixture(scope="module")
def ends() -> NDArray[np.float64]:
    """Return the ends of distinct 10 km paths all over the terrain, shape (4, paths)."""
    rng = np.random.default_rng(37)
    x, y = rng.uniform(11_000.0, SIDE_M - 11_000.0, (2, PATHS))
    bearing = rng.uniform(0.0, 2.0 * math.pi, PATHS)
    return np.stack([x, y, x + LENGTH_M * np.cos(bearing), y + LENGTH_M * np.sin(bearing)])


def numpy_loss_db(
    terrain: Terrain, a: tuple[float, float], b: tuple[float, float], htx: float, hrx: float
) -> float:
    """Return free space plus delta-Bullington of one path, vectorised over its samples."""
    t = np.linspace(0.0, 1.0, SAMPLES)
    d, d_i = LENGTH_M, t[1:-1] * LENGTH_M
    g = terrain.height_m(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))
    lam, hts, hrs = 3e8 / 868e6, g[0] + htx, g[-1] + hrx

    def bullington(ground: NDArray[np.float64], ts: float, rs: float) -> float:
        bulged = ground + d_i * (d - d_i) / (2 * EARTH_M)
        slope = (rs - ts) / d
        stim = ((bulged - ts) / d_i).max()
        if stim < slope:
            gap = bulged - (ts * (d - d_i) + rs * d_i) / d
            nu = (gap * np.sqrt(2 * d / (lam * d_i * (d - d_i)))).max()
        else:
            srim = ((bulged - rs) / (d - d_i)).max()
            db = (rs - ts + srim * d) / (stim + srim)
            rise = ts + stim * db - (ts * (d - db) + rs * db) / d
            nu = rise * math.sqrt(2 * d / (lam * db * (d - db)))
        j = 0.0 if nu <= -0.78 else 6.9 + 20 * math.log10(math.hypot(nu - 0.1, 1) + nu - 0.1)
        return j + (1 - math.exp(-j / 6)) * (10 + 0.02 * d / 1000)

    width, here, before = d / (SAMPLES - 1), t[1:] * d, t[:-1] * d
    v1 = (width * (g[1:] + g[:-1])).sum()
    v2 = (width * (g[1:] * (2 * here + before) + g[:-1] * (here + 2 * before))).sum()
    hst, hsr = (2 * v1 * d - v2) / d**2, (v2 - v1 * d) / d**2
    over = g[1:-1] - (hts * (d - d_i) + hrs * d_i) / d
    if over.max() > 0:
        left, right = (over / d_i).max(), (over / (d - d_i)).max()
        hst -= over.max() * left / (left + right)
        hsr -= over.max() * right / (left + right)
    ht, hr = hts - min(hst, g[0]), hrs - min(hsr, g[-1])
    smooth = bullington(np.zeros(SAMPLES - 2), ht, hr)
    spherical = spherical_earth_db(d, ht, hr, 868.0, VERTICAL, EARTH_M)
    slant = math.hypot(d, hrs - hts)
    actual = bullington(g[1:-1], hts, hrs)
    return float(free_space_db(slant, 868.0)) + actual + max(spherical - smooth, 0.0)


def losses(terrain: Terrain, ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the losses on one thread, 30 m to 1.5 m."""
    return path_losses_db(
        terrain, ends[0], ends[1], 30.0, ends[2], ends[3], 1.5, step_m=STEP_M, threads=1
    )


@pytest.mark.bench
def test_bench_delta_bullington_paths(
    benchmark: BenchmarkFixture, terrain: Terrain, ends: NDArray[np.float64]
) -> None:
    """At least 170,000 paths of 10 km and 201 samples a second and core, equal to numpy's."""
    losses(terrain, ends[:, :10])  # compile
    result = losses(terrain, ends)
    spent_s = cpu_s(lambda: losses(terrain, ends))
    rate = PATHS / spent_s

    few = 400
    start = time.process_time()
    slow = [
        numpy_loss_db(terrain, (x0, y0), (x1, y1), 30.0, 1.5) for x0, y0, x1, y1 in ends[:, :few].T
    ]
    slow_rate = few / (time.process_time() - start)

    assert result.shape == (PATHS,)
    assert np.isfinite(result).all()
    np.testing.assert_allclose(result[:few], slow, atol=1e-8)
    assert samples_read(terrain, ends) == PATHS * SAMPLES
    benchmark.pedantic(losses, args=(terrain, ends), rounds=2)
    record(
        benchmark,
        work=PATHS,
        unit=f"paths of 10 km and {SAMPLES} samples",
        spent_s=spent_s,
        reference=("plain numpy, 400 of the same paths, equal to 1e-8 dB", slow_rate),
        bars=(
            Bar("paths per CPU s", rate, at_least=BAR_PER_S),
            Bar("times the reference", rate / slow_rate, at_least=20.0),
        ),
        peers="paths",
    )


def samples_read(terrain: Terrain, ends: NDArray[np.float64]) -> int:
    """Return how many terrain samples the kernel reads for these paths."""
    to_row = np.column_stack(
        [
            (SIDE_M - ends[1]) / CELL_M - 0.5,
            ends[0] / CELL_M - 0.5,
            (SIDE_M - ends[3]) / CELL_M - 0.5,
            ends[2] / CELL_M - 0.5,
        ]
    )
    antennas = np.tile([30.0, 1.5], (PATHS, 1))
    out = np.empty((2, PATHS))
    return int(
        diffraction_losses_db(
            terrain.heights_m,
            to_row,
            antennas,
            CELL_M,
            STEP_M,
            868.0,
            VERTICAL,
            EARTH_M,
            out[0],
            out[1],
        )
    )
