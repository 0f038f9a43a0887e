"""Synthetic relief: inside every commune's range, reaching both ends, and plausible between."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from twin.errors import InputError
from twin.streams import Streams
from twin.terrain.figures import relief_figures
from twin.terrain.grid import Terrain
from twin.terrain.ownership import claim, grid_shape, nearest_owner, thin
from twin.terrain.synthetic import synthetic_terrain

BOUNDS = (600_000.0, 6_600_000.0, 624_000.0, 6_618_000.0)

Tables = tuple[NDArray[np.float64], ...]


def dice(seed: int = 1) -> np.random.Generator:
    """Return the relief's own stream."""
    return Streams(seed, 0).generator("terrain", "relief")


def tessellation(seed: int, communes: int = 25) -> tuple[Tables, NDArray[np.int16]]:
    """Return made-up tables (x, y, area, zmin, zmax) and the Voronoi owner grid at 100 m.

    The ranges are those of a smooth country over the same cells, so neighbours agree.
    """
    from scipy import ndimage

    rng = np.random.default_rng(seed)
    x = rng.uniform(BOUNDS[0], BOUNDS[2], communes)
    y = rng.uniform(BOUNDS[1], BOUNDS[3], communes)
    area = np.full(communes, 24.0 * 18.0 / communes)
    owner = nearest_owner(x, y, area, BOUNDS, 100.0)
    ground = ndimage.gaussian_filter(rng.standard_normal(owner.shape), 12.0)
    ground = 150.0 + 30.0 * ground / ground.std() + np.linspace(60.0, 0.0, owner.shape[0])[:, None]
    zmin = np.array([np.floor(ground[owner == c].min()) for c in range(communes)])
    zmax = np.array([np.ceil(ground[owner == c].max()) for c in range(communes)])
    return (x, y, area, zmin, zmax), owner


def make(tables: Tables, owner: NDArray[np.int16] | None, seed: int = 1) -> Terrain:
    """Return the relief at 100 m over the tests' bounds."""
    return synthetic_terrain(*tables, dice(seed), BOUNDS, 100.0, owner)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_commune_keeps_its_range_and_reaches_both_ends(seed: int) -> None:
    """In any tessellation cut from a smooth country all communes reach zmin and zmax."""
    tables, owner = tessellation(seed)
    terrain = make(tables, owner, seed)
    figures = relief_figures(terrain, owner, tables[3], tables[4])
    assert (figures.communes, figures.inside, figures.touching) == (25, 25, 25)
    assert not np.isnan(terrain.heights_m).any()


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_ranges_hold_even_where_neighbours_disagree(seed: int) -> None:
    """Ranges drawn at random, many of them disjoint, are still never left."""
    (x, y, area, *_), owner = tessellation(seed)
    rng = np.random.default_rng(seed)
    zmin = np.round(rng.uniform(50.0, 400.0, 25), 1)
    zmax = zmin + np.round(rng.uniform(0.0, 200.0, 25), 1)
    terrain = make((x, y, area, zmin, zmax), owner)
    figures = relief_figures(terrain, owner, zmin, zmax)
    assert figures.inside == figures.communes


def test_borders_do_not_show() -> None:
    """Steps across borders are like those inside: no cliffs follow the communes."""
    tables, owner = tessellation(3)
    figures = relief_figures(make(tables, owner), owner, tables[3], tables[4])
    assert figures.border_step_median_m < 1.5 * figures.inner_step_median_m
    assert figures.border_step_p99_m < 1.5 * figures.inner_step_p99_m


def test_same_seed_same_bits_and_another_seed_another_country() -> None:
    """The relief is a function of its arguments and its dice alone."""
    tables, owner = tessellation(4)
    one, two, other = make(tables, owner, 7), make(tables, owner, 7), make(tables, owner, 8)
    assert one.heights_m.tobytes() == two.heights_m.tobytes()
    assert one.heights_m.tobytes() != other.heights_m.tobytes()


def test_label_and_frame() -> None:
    """The relief says in both languages that it is synthetic, and lies on the frame asked."""
    tables, owner = tessellation(4)
    terrain = make(tables, owner)
    assert terrain.synthetic
    assert "relief synthétique" in terrain.source.fr
    assert "synthetic relief" in terrain.source.en
    assert terrain.bounds_m == BOUNDS
    assert terrain.heights_m.dtype == np.float32


def test_points_alone_suffice() -> None:
    """Without an owner grid the nearest commune point owns, and its range holds there."""
    tables, _ = tessellation(5)
    owner = nearest_owner(*tables[:3], BOUNDS, 100.0)
    assert make(tables, None).heights_m.tobytes() == make(tables, owner).heights_m.tobytes()


def test_flat_commune_is_flat() -> None:
    """A commune whose lowest ground is its highest is level."""
    (x, y, area, zmin, zmax), owner = tessellation(6)
    zmin[:], zmax[:] = 120.0, 120.0
    heights = make((x, y, area, zmin, zmax), owner).heights_m
    np.testing.assert_array_equal(heights[owner >= 0], 120.0)


def test_wrong_tables_are_told_at_once() -> None:
    """A range upside down, no area, a bad cell and bounds too small are refused together."""
    (x, y, area, zmin, zmax), _ = tessellation(6)
    zmin[3] = zmax[3] + 1.0
    area[2] = 0.0
    with pytest.raises(InputError) as error:
        synthetic_terrain(x, y, area, zmin, zmax, dice(), (0.0, 0.0, 100.0, 100.0), -1.0)
    assert [fault.key for fault in error.value.faults] == [
        "resolution_m",
        "bounds_m",
        "x_m, y_m, area_km2 [2]",
        "zmin_m, zmax_m [3]",
    ]
    with pytest.raises(InputError, match="one row per commune"):
        synthetic_terrain(x, y, area, zmin[1:], zmax, dice(), BOUNDS)


@pytest.mark.parametrize(
    "owner", [np.zeros((3, 3)), np.full((180, 240), 25), np.full((180, 240), -1)]
)
def test_wrong_owner_grid(owner: NDArray[np.float64]) -> None:
    """An owner grid of another shape, of unknown communes or of none is refused."""
    tables, _ = tessellation(6)
    with pytest.raises(InputError) as error:
        make(tables, owner.astype(np.int16))
    assert error.value.faults[0].key == "owner"


def test_grid_shape_rounds_up() -> None:
    """Bounds that are whole cells but for rounding give no extra cell; others overhang."""
    assert grid_shape((0.0, 0.0, 0.3, 0.3), 0.1) == (3, 3)
    assert grid_shape((0.0, 0.0, 250.0, 101.0), 100.0) == (2, 3)


def test_claim_and_thin() -> None:
    """Cells of nobody go to the nearest commune; thinning keeps the cell at the centre."""
    owner = np.array([[0, -1, -1, -1, 1, 1]] * 3, dtype=np.int16)
    np.testing.assert_array_equal(claim(owner)[0, [1, 3]], [0, 1])
    np.testing.assert_array_equal(thin(owner, 3.0), [[-1, 1]])


def indre(shared_data: Path) -> tuple[Tables, NDArray[np.int16], tuple[float, float, float, float]]:
    """Return the real tables of Indre and its polygons on a 100 m grid."""
    from rasterio.features import rasterize
    from rasterio.transform import from_origin
    from rasterio.warp import transform_geom

    with (shared_data / "indre" / "communes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    keys = ("x_l93", "y_l93", "area_km2_polygon", "zmin_m", "zmax_m")
    tables = tuple(np.array([float(row[key]) for row in rows]) for key in keys)
    index = {row["insee"]: k for k, row in enumerate(rows)}
    shapes = json.loads((shared_data / "indre" / "communes.geojson").read_text(encoding="utf-8"))
    bounds = (537_000.0, 6_584_000.0, 639_000.0, 6_688_000.0)
    owner = rasterize(
        [
            (
                transform_geom("EPSG:4326", "EPSG:2154", shape["geometry"]),
                index[shape["properties"]["insee"]],
            )
            for shape in shapes["features"]
        ],
        out_shape=grid_shape(bounds, 100.0),
        transform=from_origin(bounds[0], bounds[3], 100.0, 100.0),
        fill=-1,
        dtype="int16",
    )
    return tables, owner, bounds


def test_indre(shared_data: Path, record_property: pytest.RecordProperty) -> None:
    """On the real ranges of Indre all 241 communes are kept and reached, and the trend is real."""
    tables, owner, bounds = indre(shared_data)
    terrain = synthetic_terrain(*tables, dice(), bounds, 100.0, owner)
    figures = relief_figures(terrain, owner, tables[3], tables[4])
    assert (figures.communes, figures.inside, figures.touching) == (241, 241, 241)
    assert figures.border_step_p99_m < 1.2 * figures.inner_step_p99_m
    assert 0.01 < figures.slope_median < 0.03
    correlation = against_srtm30(terrain, owner, shared_data)
    record_property("correlation_with_srtm30plus", correlation)
    assert correlation > 0.8


def against_srtm30(terrain: Terrain, owner: NDArray[np.int16], shared_data: Path) -> float:
    """Return the correlation of 1 km means with the SRTM30+ grid, inside the communes."""
    from twin.terrain.readers import read_terrain

    real = read_terrain(shared_data / "indre" / "srtm30plus_l93_1km.tif")
    rows, columns = (n // 10 for n in owner.shape)
    blocks = terrain.heights_m[: rows * 10, : columns * 10].reshape(rows, 10, columns, 10)
    whole = (owner[: rows * 10, : columns * 10] >= 0).reshape(rows, 10, columns, 10).all((1, 3))
    x = terrain.west_m + 500.0 + 1_000.0 * np.arange(columns)
    y = terrain.north_m - 500.0 - 1_000.0 * np.arange(rows)
    other = real.height_m(*np.meshgrid(x, y))
    return float(np.corrcoef(blocks.mean((1, 3))[whole], other[whole])[0, 1])
