"""Supplied polygons: read, checked, and used as the approximate areas are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely

from twin.errors import DataError
from twin.lang import Text
from twin.territory.communes import Commune, Merger, read_communes
from twin.territory.polygons import areas_from_polygons
from twin.territory.power import power_areas
from twin.territory.territory import build_territory

X0_M, Y0_M, SIDE_M = 600_000.0, 6_630_000.0, 4_000.0


def squares(count: int) -> tuple[list[Commune], list[Any]]:
    """Return square communes in a row, side by side."""
    boxes = [
        shapely.box(X0_M + SIDE_M * i, Y0_M, X0_M + SIDE_M * (i + 1), Y0_M + SIDE_M)
        for i in range(count)
    ]
    communes = [
        Commune(f"3600{i}", f"C{i}", 100, "E", "E", 16.0, 1.0, 2.0, *box.centroid.coords[0])
        for i, box in enumerate(boxes)
    ]
    return communes, boxes


def geopackage(path: Path, geometries: list[Any], codes: list[str], field: str = "insee") -> Path:
    """Write polygons in Lambert-93 with their codes."""
    wkb = np.array([shapely.to_wkb(g) for g in geometries], dtype=object)
    pyogrio.raw.write(
        path, wkb, [np.array(codes, dtype=object)], [field], layer="communes", driver="GPKG",
        crs="EPSG:2154", geometry_type="Unknown",
    )  # fmt: skip
    return path


def test_squares(tmp_path: Path) -> None:
    """Square communes: owners, areas, neighbours, distances and limits are the squares'."""
    communes, boxes = squares(3)
    path = geopackage(tmp_path / "c.gpkg", boxes[::-1], [c.insee for c in communes][::-1])
    areas = areas_from_polygons(path, communes)
    assert not areas.approximate
    counted = np.bincount(areas.owner[areas.owner >= 0]) * areas.resolution_m**2
    np.testing.assert_allclose(counted, SIDE_M**2)
    x = X0_M + np.array([10.0, 4_500.0, 11_000.0, -300.0, -900.0])
    y = np.full(5, Y0_M + 100.0)
    assert areas.at(x, y).tolist() == [0, 1, 2, -1, -1]
    assert areas.contains(x, y).tolist() == [True, True, True, True, False]
    index, distance_m = areas.nearest(x, y)
    assert index.tolist() == [0, 1, 2, 0, 0]
    np.testing.assert_allclose(distance_m, [0.0, 0.0, 0.0, 300.0, 900.0])
    graph = build_territory(communes, areas).graph
    assert sorted(graph.edges()) == [("36000", "36001"), ("36001", "36002")]
    assert [p.area for p in areas.outlines()] == [SIDE_M**2] * 3


def test_parts_and_old_codes_are_united(tmp_path: Path) -> None:
    """Two parts of a commune, one under an old code, make one area and one notice."""
    communes, boxes = squares(2)
    west, east = shapely.box(*boxes[0].bounds), boxes[1]
    half = shapely.box(X0_M, Y0_M, X0_M + 2_000.0, Y0_M + SIDE_M)
    path = geopackage(
        tmp_path / "c.gpkg", [half, west.difference(half), east], ["36900", "36000", "36001"]
    )
    notices: list[Text] = []
    mergers = {"36900": Merger("36900", "Old", "36000", "C0", "2016-01-01")}
    areas = areas_from_polygons(path, communes, mergers=mergers, notices=notices)
    assert areas.polygons[0].equals(boxes[0])
    assert len(notices) == 1


def test_refusals(tmp_path: Path) -> None:
    """A missing field, commune or polygon, a line and a polygon far away are named."""
    communes, boxes = squares(2)
    codes = [c.insee for c in communes]
    path = tmp_path / "c.gpkg"
    cases: list[tuple[list[Any], list[str], str, str]] = [
        (boxes, codes, "inse", "did you mean 'insee'"),
        (boxes, ["36000", "36007"], "insee", "36007"),
        (boxes[:1], codes[:1], "insee", "a polygon for each commune"),
        ([boxes[0], boxes[1].boundary], codes, "insee", "LineString"),
        ([boxes[0], shapely.affinity.translate(boxes[1], 9e4, 0.0)], codes, "insee", "check the"),
        (boxes, ["36000", "6001"], "insee", "five-character"),
    ]
    for geometries, names, field, says in cases:
        path.unlink(missing_ok=True)
        with pytest.raises(DataError, match=says):
            areas_from_polygons(geopackage(path, geometries, names, field), communes)


def test_real_polygons(shared_data: Path, root: Path) -> None:
    """Against the real polygons, power cells give >= 80 % of the land to its commune."""
    communes = read_communes(root / "scenarios/indre/communes.csv")
    real = areas_from_polygons(shared_data / "indre/communes.geojson", communes)
    west, south, east, north = real.bounds_m
    shape = round((north - south) / 100.0), round((east - west) / 100.0)
    approximate = power_areas(communes).owner_grid(west, north, *shape, 100.0)
    land = real.owner >= 0
    assert np.mean(approximate[land] == real.owner[land]) == pytest.approx(0.8168, abs=0.001)
    assert np.mean(approximate[land] >= 0) == pytest.approx(0.9758, abs=0.001)
    areas_km2 = np.array([p.area for p in real.outlines()]) / 1e6
    np.testing.assert_allclose(areas_km2, [c.area_km2 for c in communes], rtol=2e-4)
    row, column = np.nonzero(land & (approximate < 0))
    cells = power_areas(communes)
    x, y = west + (column + 0.5) * 100.0, north - (row + 0.5) * 100.0
    assert cells.contains(x, y).all()


def test_real_geojson_is_wgs84(shared_data: Path) -> None:
    """The cross-check polygons are what the reader expects: WGS84 with an `insee` field."""
    content = json.loads((shared_data / "indre/communes.geojson").read_text())
    assert len(content["features"]) == 241
    assert all("insee" in f["properties"] for f in content["features"])
