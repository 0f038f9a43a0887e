"""The reader of a planner's points: three formats, one answer, mistakes recognised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.errors import DataError
from twin.lang import Lang
from twin.layers import to_lambert
from twin.points import PointTable, read_points
from twin.tables import Column, Kind

COLUMNS = {"id": Column(Kind.TEXT), "height_m": Column(minimum=0.0, default=10.0)}
CHATEAUROUX_DEG = (1.6936, 46.8103)


def geojson(path: Path, points: list[Any], **properties: list[Any]) -> Path:
    """Write a GeoJSON of points (or of whole geometries) with one property list per name."""
    features = [
        {
            "type": "Feature",
            "properties": {name: values[i] for name, values in properties.items()},
            "geometry": p
            if p is None or isinstance(p, dict)
            else {"type": "Point", "coordinates": p},
        }
        for i, p in enumerate(points)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def geopackage(
    path: Path, geometries: list[Any], layer: str, crs: str | None, **keywords: Any
) -> Path:
    """Write a GeoPackage layer with an `id` field."""
    wkb = np.array([shapely.to_wkb(g) for g in geometries], dtype=object)
    kind = keywords.pop("geometry_type", "Point")
    ids = np.array([f"p{i}" for i in range(len(geometries))], dtype=object)
    pyogrio.raw.write(
        path,
        wkb,
        [ids],
        ["id"],
        layer=layer,
        crs=crs,
        geometry_type=kind,
        driver="GPKG",
        **keywords,
    )
    return path


def csv(path: Path, text: str) -> Path:
    """Write a CSV."""
    path.write_text(text)
    return path


def refused(path: Path, **keywords: Any) -> str:
    """Return the English message of a refusal; the French one must exist too."""
    with pytest.raises(DataError) as caught:
        read_points(path, COLUMNS, **keywords)
    assert caught.value.say(Lang.FR)
    return caught.value.say(Lang.EN)


def test_projection_oracle() -> None:
    """The origin of Lambert-93 (3° E, 46.5° N) is at (700,000, 6,600,000) by its definition."""
    x_m, y_m = to_lambert(np.array([3.0]), np.array([46.5]), "EPSG:4326")
    np.testing.assert_allclose([x_m[0], y_m[0]], [700_000.0, 6_600_000.0], atol=1e-3)


def test_three_formats_agree(tmp_path: Path) -> None:
    """CSV in metres, CSV in degrees, GeoJSON and GeoPackage give the same points."""
    lon, lat = CHATEAUROUX_DEG
    x, y = (float(v[0]) for v in to_lambert(np.array([lon]), np.array([lat]), "EPSG:4326"))
    ii, jj = (float(v[0]) for v in _lambert_ii(lon, lat))
    tables: list[PointTable] = [
        read_points(csv(tmp_path / "a.csv", f"id,x_m,y_m\np0,{x!r},{y!r}\n"), COLUMNS),
        read_points(
            csv(tmp_path / "b.csv", f"lon;lat;id\n{lon};{lat};p0\n".replace(".", ",")), COLUMNS
        ),
        read_points(geojson(tmp_path / "c.geojson", [[lon, lat]], id=["p0"]), COLUMNS),
        read_points(
            geopackage(tmp_path / "d.gpkg", [shapely.Point(x, y)], "sites", "EPSG:2154"), COLUMNS
        ),
        read_points(
            geopackage(tmp_path / "e.gpkg", [shapely.Point(ii, jj)], "sites", "EPSG:27572"), COLUMNS
        ),
    ]
    for table in tables:
        np.testing.assert_allclose([table.x_m[0], table.y_m[0]], [x, y], atol=0.01)
        assert table.table.texts("id") == ["p0"]
        assert table.table.numbers("height_m").tolist() == [10.0]


def _lambert_ii(lon: float, lat: float) -> tuple[Any, Any]:
    from pyproj import Transformer

    there = Transformer.from_crs("EPSG:4326", "EPSG:27572", always_xy=True)
    return there.transform([lon], [lat])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,lon,lat\na,46.8,1.69\n", "lon and lat look swapped"),
        ("id,lon,lat\na,600393,6634492\n", "look like Lambert-93 metres"),
        ("id,lon,lat\na,200,95\n", "lon in [-180, 180]"),
        ("id,x_m,y_m\na,1.69,46.8\n", "look like degrees"),
        ("id,x_m,y_m\na,6634492,600393\n", "x_m and y_m look swapped"),
        ("id,x_m,y_m\na,548000,2201000\n", "Lambert II étendu"),
        ("id,x_m,y_m,lon,lat\na,600393,6634492,1.69,46.8\n", "single pair"),
        ("id,lon\na,1.69\n", "col. lat"),
        ("id\na\n", "col. x_m"),
        ("id,x,y\na,600393,6634492\n", "rename to x_m"),
        ("id,x_m,y_m\na,here,6634492\n", "l. 2, col. x_m; found 'here'"),
        ("id,x_m,y_m,height_m\na,600393,6634492,-4\n", "l. 2, col. height_m; found '-4'"),
        ("id,x_m,y_m,height_cm\na,600393,6634492,400\n", "wrong or missing unit"),
    ],
)
def test_csv_mistakes(tmp_path: Path, text: str, says: str) -> None:
    """Each usual mistake of a coordinates table is recognised and named."""
    assert says in refused(csv(tmp_path / "p.csv", text))


def test_geometry_mistakes(tmp_path: Path) -> None:
    """Lines, polygons and absent geometries are refused by feature; a MultiPoint of one passes."""
    lon, lat = CHATEAUROUX_DEG
    line = {"type": "LineString", "coordinates": [[lon, lat], [lon, lat + 0.1]]}
    single = {"type": "MultiPoint", "coordinates": [[lon, lat]]}
    path = geojson(tmp_path / "p.geojson", [[lon, lat], line, None, single], id=list("abcd"))
    message = refused(path)
    assert "n. 2, geometry; found 'LineString'" in message
    assert "n. 3, geometry" in message
    assert "n. 4" not in message


def test_layer_mistakes(tmp_path: Path) -> None:
    """Several layers ask for a name, an empty layer and an unknown system are refused."""
    point = shapely.Point(600_393.0, 6_634_492.0)
    path = geopackage(tmp_path / "two.gpkg", [point], "masts", "EPSG:2154")
    geopackage(path, [point, point], "towers", "EPSG:2154", append=True)
    assert "name the layer" in refused(path)
    assert "one of the layers" in refused(path, layer="tower")
    assert len(read_points(path, COLUMNS, layer="towers")) == 2
    empty = geojson(tmp_path / "empty.geojson", [])
    assert "empty" in refused(empty) or "has none" in refused(empty)
    nowhere = geopackage(tmp_path / "nowhere.gpkg", [point], "masts", None)
    assert "coordinate system" in refused(nowhere)


@pytest.mark.parametrize("name", ["p.geojson", "p.gpkg", "p.csv", "p.docx"])
@pytest.mark.parametrize("content", [b"", b"{", b"not a layer", bytes(range(256)) * 8])
def test_broken_files(tmp_path: Path, name: str, content: bytes) -> None:
    """A file that is not what its name says is refused without a traceback."""
    path = tmp_path / name
    path.write_bytes(content)
    assert name in refused(path)


def test_geojson_mistaken_systems(tmp_path: Path) -> None:
    """A GeoJSON in swapped degrees or in metres is recognised."""
    lon, lat = CHATEAUROUX_DEG
    swapped = geojson(tmp_path / "s.geojson", [[lat, lon]], id=["a"])
    assert "swapped" in refused(swapped)
    metres = geojson(tmp_path / "m.geojson", [[600_393.0, 6_634_492.0]], id=["a"])
    assert "Lambert-93" in refused(metres)


def test_outside(tmp_path: Path) -> None:
    """Points outside the territory are listed, twenty at most, with their line."""
    rows = "".join(f"{i},{600_000 + 1000 * i},6634492\n" for i in range(60))
    path = csv(tmp_path / "p.csv", "id,x_m,y_m\n" + rows)
    message = refused(path, inside=lambda x_m, y_m: (x_m < 630_000.0) & np.isfinite(y_m))
    assert message.count("a point in the territory") == 20
    assert "l. 32" in message
    assert "l. 31," not in message
    assert "10 more faults" in message


def test_null_attributes(tmp_path: Path) -> None:
    """Null attributes take the default, whole numbers stay whole."""
    lon, lat = CHATEAUROUX_DEG
    path = geojson(tmp_path / "p.geojson", [[lon, lat]] * 3, id=[1, 2, 3], height_m=[None, 4, 5.5])
    table = read_points(path, COLUMNS).table
    assert table.texts("id") == ["1", "2", "3"]
    assert table.numbers("height_m").tolist() == [10.0, 4.0, 5.5]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.floats(-4.0, 9.0), st.floats(42.0, 51.0)), min_size=1, max_size=10))
def test_degrees_and_metres_law(tmp_path: Path, positions: list[tuple[float, float]]) -> None:
    """Anywhere in France, degrees and their Lambert-93 metres read to the same millimetre."""
    lon, lat = np.array(positions).T
    x_m, y_m = to_lambert(lon, lat, "EPSG:4326")
    rows = "".join(f"{i},{a!r},{b!r}\n" for i, (a, b) in enumerate(positions))
    table = read_points(csv(tmp_path / "p.csv", "id,lon,lat\n" + rows), COLUMNS)
    np.testing.assert_allclose(table.x_m, x_m, atol=1e-3)
    np.testing.assert_allclose(table.y_m, y_m, atol=1e-3)
