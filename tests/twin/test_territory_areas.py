"""Approximate areas: the published areas are reproduced, every view of a cell agrees."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import DataError
from twin.lang import Text
from twin.terrain.grid import Terrain
from twin.territory.communes import Commune
from twin.territory.power import RAYS, power_areas, solve_weights
from twin.territory.power_kernels import cell_areas
from twin.territory.territory import Territory, build_territory

X0_M, Y0_M = 600_000.0, 6_630_000.0


def commune(index: int, x_m: float, y_m: float, area_km2: float, population: int = 400) -> Commune:
    """Return a commune around the middle of Indre."""
    return Commune(
        f"36{index:03d}", f"C{index}", population, f"E{index % 2}", f"EPCI {index % 2}",
        area_km2, 100.0, 200.0, X0_M + x_m, Y0_M + y_m,
    )  # fmt: skip


@st.composite
def towns(draw: st.DrawFn) -> list[Commune]:
    """Return communes on a jittered 6 km lattice, of 5 to 60 km²."""
    count = draw(st.integers(1, 20))
    jitter = st.floats(-2_500.0, 2_500.0)
    return [
        commune(
            i,
            6_000.0 * (i % 5) + draw(jitter),
            6_000.0 * (i // 5) + draw(jitter),
            draw(st.floats(5.0, 60.0)),
        )
        for i in range(count)
    ]


def test_lone_commune_is_a_disc() -> None:
    """Alone, a commune is the disc of its area: w = A / π."""
    areas = power_areas([commune(0, 0.0, 0.0, 30.0)])
    np.testing.assert_allclose(areas.weight_m2, 30e6 / np.pi, rtol=1e-5)


def test_two_equal_communes() -> None:
    """Two equal overlapping communes are two discs without their caps, in closed form."""
    distance_m, area_m2 = 4_000.0, 30e6
    x = np.array([0.0, distance_m])
    weight = solve_weights(x, np.zeros(2), np.full(2, area_m2))
    np.testing.assert_allclose(weight[0], weight[1], rtol=1e-6)
    radius, half = np.sqrt(weight[0]), distance_m / 2.0
    segment = radius**2 * np.arccos(half / radius) - half * np.sqrt(radius**2 - half**2)
    np.testing.assert_allclose(np.pi * radius**2 - segment, area_m2, rtol=1e-4)


def test_jacobian_is_the_derivative() -> None:
    """The Jacobian equals central differences of the areas, and its rows sum the free arcs."""
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0.0, 20_000.0, (2, 12))
    weight = rng.uniform(5e6, 20e6, 12)
    _, jacobian = cell_areas(x, y, weight, RAYS)
    step = 10.0
    for j in range(12):
        bump = np.where(np.arange(12) == j, step, 0.0)
        up, _ = cell_areas(x, y, weight + bump, RAYS)
        down, _ = cell_areas(x, y, weight - bump, RAYS)
        np.testing.assert_allclose((up - down) / (2 * step), jacobian[:, j], atol=5e-3)
    assert np.all(jacobian.sum(axis=1) >= -1e-9)


@settings(max_examples=25, deadline=None)
@given(towns())
def test_areas_are_exact(communes: list[Commune]) -> None:
    """Whatever the communes, polygons have the published areas, and rasters to half a cell."""
    areas = power_areas(communes)
    wanted_km2 = np.array([c.area_km2 for c in communes])
    polygons = areas.outlines()
    polygons_km2 = np.array([p.area for p in polygons]) / 1e6
    np.testing.assert_allclose(polygons_km2, wanted_km2, rtol=3e-3)
    west, south, east, north = areas.bounds_m
    shape = round((north - south) / 50.0), round((east - west) / 50.0)
    owner = areas.owner_grid(west, north, *shape, 50.0)
    counted_km2 = np.bincount(owner[owner >= 0], minlength=len(communes)) * 0.0025
    # A cell is misjudged only within half a diagonal of the limit.
    strip_km2 = np.array([p.length for p in polygons]) * 50.0 * np.sqrt(0.5) / 1e6
    assert np.all(np.abs(counted_km2 - wanted_km2) <= strip_km2)


@settings(max_examples=15, deadline=None)
@given(towns())
def test_views_agree(communes: list[Commune]) -> None:
    """Grid, point query and polygons name the same owner; cells do not overlap."""
    areas = power_areas(communes)
    rows, columns = areas.owner.shape
    x = areas.west_m + (np.arange(columns) + 0.5) * areas.resolution_m
    y = areas.north_m - (np.arange(rows) + 0.5) * areas.resolution_m
    grid_x, grid_y = np.meshgrid(x, y)
    np.testing.assert_array_equal(areas.at(grid_x, grid_y), areas.owner)
    polygons = areas.outlines()
    union_m2 = shapely.union_all(polygons).area
    np.testing.assert_allclose(union_m2, sum(p.area for p in polygons), rtol=1e-3)
    for index, polygon in enumerate(polygons):
        inner = polygon.buffer(-20.0)
        mine = shapely.contains_xy(inner, grid_x, grid_y)
        assert np.all(areas.owner[mine] == index)
    _, distance_m = areas.nearest(grid_x.ravel(), grid_y.ravel())
    np.testing.assert_array_equal(distance_m == 0.0, areas.owner.ravel() >= 0)


def test_order_of_communes_does_not_matter() -> None:
    """Reversing the communes reverses the areas, to the last rounded digit."""
    communes = [commune(i, 5_000.0 * (i % 3), 5_000.0 * (i // 3), 20.0 + i) for i in range(9)]
    there, back = power_areas(communes), power_areas(communes[::-1])
    np.testing.assert_allclose(there.weight_m2, back.weight_m2[::-1], rtol=1e-6)


def test_coincident_points_are_refused() -> None:
    """Two communes at one point cannot share the plane."""
    with pytest.raises(DataError, match="do not coincide"):
        power_areas([commune(0, 0.0, 0.0, 20.0), commune(1, 0.0, 0.0, 30.0)])


def test_tolerance_outside() -> None:
    """A point just outside the approximate limits still counts as in the territory."""
    areas = power_areas([commune(0, 0.0, 0.0, np.pi * 9.0)])  # radius 3 km
    x = X0_M + np.array([0.0, 2_990.0, 3_010.0, 5_400.0, 5_600.0])
    y = np.full(5, Y0_M)
    assert areas.at(x, y).tolist() == [0, 0, -1, -1, -1]
    assert areas.contains(x, y).tolist() == [True, True, True, True, False]
    np.testing.assert_allclose(areas.nearest(x, y)[1], [0.0, 0.0, 10.0, 2_400.0, 2_600.0], atol=1.0)


def test_resampled_to_a_terrain() -> None:
    """Areas follow a terrain's own grid cell by cell."""
    areas = power_areas([commune(0, 0.0, 0.0, 12.0), commune(1, 3_000.0, 0.0, 12.0)])
    heights = np.zeros((7, 9), dtype=np.float32)
    ground = Terrain(heights, X0_M - 1_013.0, Y0_M + 900.0, 333.0, Text("", ""), synthetic=True)
    owner = areas.resampled(ground)
    assert owner.shape == (7, 9)
    x, y = X0_M - 1_013.0 + 4.5 * 333.0, Y0_M + 900.0 - 2.5 * 333.0
    assert owner[2, 4] == areas.at(np.array([x]), np.array([y]))[0]


@pytest.fixture(scope="module")
def row_of_three() -> Territory:
    """Return three communes in a row, 5 km apart, each touching the next only."""
    return build_territory([commune(i, 5_000.0 * i, 0.0, 30.0) for i in range(3)])


def test_graph(row_of_three: Territory) -> None:
    """A row of three communes is a path; the shared limit is the chord of the two discs."""
    graph = row_of_three.graph
    assert nx.utils.graphs_equal(
        nx.Graph(graph.edges()), nx.Graph([("36000", "36001"), ("36001", "36002")])
    )
    edge = graph.edges["36000", "36001"]
    assert edge["kind"] == "border"
    assert edge["distance_m"] == 5_000.0
    assert graph.nodes["36001"]["index"] == 1
    shared = shapely.intersection(*row_of_three.areas.outlines()[:2]).length
    # A straight north-south limit is exact in cells, and the 4/π correction then understates it.
    assert edge["border_m"] == pytest.approx(shared * np.pi / 4.0, rel=0.05)


def test_territory_arrays(row_of_three: Territory) -> None:
    """Arrays, indices and bounds speak of the same communes."""
    assert row_of_three.commune_index("36002") == 2
    assert row_of_three.locate(X0_M + 10_000.0, Y0_M) == 2
    assert row_of_three.locate(X0_M + 10_000.0, Y0_M + 50_000.0) == -1
    assert [row_of_three.epcis[i].code for i in row_of_three.epci] == ["E0", "E1", "E0"]
    assert row_of_three.area_km2.tolist() == [30.0] * 3
    west, south, east, north = row_of_three.bounds_m
    assert west < X0_M < X0_M + 10_000.0 < east
    assert south < Y0_M < north
    with pytest.raises(DataError, match="36999"):
        row_of_three.commune_index("36999")


def test_label(row_of_three: Territory) -> None:
    """Power cells say that they are approximate, in both languages."""
    assert row_of_three.areas.approximate
    assert row_of_three.areas.label.fr.startswith("limites approchées")
    assert "approximate" in row_of_three.areas.label.en


def test_real_territory_bounds(root: Path) -> None:
    """The Indre's approximate areas stay within 3 km of its published bounding box."""
    from twin.territory.communes import read_communes

    territory = build_territory(read_communes(root / "scenarios/indre/communes.csv"))
    published = (537_221.0, 6_584_250.0, 638_974.0, 6_687_253.0)
    np.testing.assert_allclose(territory.bounds_m, published, atol=3_000.0)
    assert nx.is_connected(territory.graph)
    counted = np.bincount(territory.areas.owner[territory.areas.owner >= 0], minlength=241) / 100.0
    np.testing.assert_allclose(counted, territory.area_km2, rtol=0.01)
