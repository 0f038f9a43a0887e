"""The grid: where its cells lie, and what lies between them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from twin.lang import same
from twin.terrain.grid import Terrain

HEIGHTS = st.floats(-500.0, 5000.0, width=32)
GRIDS = arrays(np.float32, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=HEIGHTS)


def terrain(heights: NDArray[np.float32], resolution_m: float = 10.0) -> Terrain:
    """Return a grid whose north-west corner is at (600 km, 6600 km)."""
    return Terrain(heights, 600_000.0, 6_600_000.0, resolution_m, same("test"), synthetic=True)


def at(grid: Terrain, x: float, y: float) -> float:
    """Return the height at one point."""
    return float(grid.height_m(np.array([x]), np.array([y]))[0])


def test_centres_give_the_cells_themselves() -> None:
    """At the centre of a cell the height is that cell's, row 0 in the north."""
    grid = terrain(np.arange(12, dtype=np.float32).reshape(3, 4))
    assert at(grid, 600_005.0, 6_599_995.0) == 0.0
    assert at(grid, 600_035.0, 6_599_975.0) == 11.0
    assert grid.bounds_m == (600_000.0, 6_599_970.0, 600_040.0, 6_600_000.0)


def test_edges_hold_and_beyond_is_nan() -> None:
    """The outermost half cell keeps its height; past the outer edge there is none."""
    grid = terrain(np.arange(12, dtype=np.float32).reshape(3, 4))
    assert at(grid, 600_000.0, 6_600_000.0) == 0.0
    assert at(grid, 600_040.0, 6_599_970.0) == 11.0
    assert np.isnan(at(grid, 599_999.9, 6_599_995.0))
    assert np.isnan(at(grid, 600_005.0, 6_599_969.9))


def test_void_spreads_to_its_neighbours_only() -> None:
    """A height read beside a void is NaN, one read a cell further is not."""
    heights = np.ones((3, 5), dtype=np.float32)
    heights[1, 1] = np.nan
    grid = terrain(heights)
    assert np.isnan(at(grid, 600_018.0, 6_599_985.0))
    assert at(grid, 600_028.0, 6_599_985.0) == 1.0


@given(
    slope_x=st.floats(-0.5, 0.5),
    slope_y=st.floats(-0.5, 0.5),
    u=st.floats(0.0, 1.0),
    v=st.floats(0.0, 1.0),
)
def test_planes_are_reproduced(slope_x: float, slope_y: float, u: float, v: float) -> None:
    """Bilinear interpolation reproduces a plane, to single precision, among the centres."""
    columns, rows = np.meshgrid(np.arange(8), np.arange(6))
    plane = (100.0 + 10.0 * slope_x * columns - 10.0 * slope_y * rows).astype(np.float32)
    x, y = 600_005.0 + 70.0 * u, 6_599_995.0 - 50.0 * v
    expected = 100.0 + slope_x * (x - 600_005.0) + slope_y * (y - 6_599_995.0)
    assert abs(at(terrain(plane), x, y) - expected) < 1e-4


@given(heights=GRIDS, u=st.floats(0.0, 1.0), v=st.floats(0.0, 1.0))
def test_heights_stay_within_the_grid(heights: NDArray[np.float32], u: float, v: float) -> None:
    """A height read anywhere inside lies between the four cells around it."""
    grid = terrain(heights)
    west, south, east, north = grid.bounds_m
    x, y = west + u * (east - west), south + v * (north - south)
    column, row = (x - west) / 10.0 - 0.5, (north - y) / 10.0 - 0.5
    i, j = int(max(np.floor(row), 0)), int(max(np.floor(column), 0))
    around = heights[i : i + 2, j : j + 2]
    height = at(grid, x, y)
    assert around.min() - 1e-3 <= height <= around.max() + 1e-3
