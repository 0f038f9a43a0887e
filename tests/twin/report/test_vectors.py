"""A GeoPackage of styled layers."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pyogrio
import pytest
import shapely
from pyogrio.raw import read

from twin.lang import Lang, Text
from twin.report.qml import LayerStyle, StyleClass, rgba, style_qml
from twin.report.tables import Column, Kind, Table
from twin.report.vectors import Layer, write_geopackage, write_qml

SQUARE = shapely.box(600_000, 6_600_000, 610_000, 6_610_000)
AREAS = Layer(
    Table(
        "communes",
        Text("Communes", "Communes"),
        (
            Column("insee", Text("Code", "Code")),
            Column("covered_share", Text("Couverts", "Covered"), Kind.SHARE),
            Column("sites", Text("Sites", "Sites"), Kind.INTEGER),
            Column("opened", Text("Date", "Date"), Kind.DATE),
            Column("note", Text("Note", "Note")),
        ),
        (
            ("01044", 0.9, 3, dt.date(2026, 3, 9), Text("reçu", "received")),
            ("36002", None, None, None, None),
        ),
    ),
    (SQUARE, shapely.MultiPolygon([SQUARE])),
    LayerStyle(
        "covered_share",
        "fill",
        (
            StyleClass(Text("faible", "low"), "#e8e4df", low=0, high=0.95, hatched=True),
            StyleClass(Text("bon", "good"), "#0c2c84", low=0.95, high=1),
        ),
        "graduated",
    ),
)
SITES = Layer(
    Table(
        "sites",
        Text("Sites", "Sites"),
        (Column("kind", Text("Type", "Kind")),),
        (("mast",), ("tower",)),
    ),
    (shapely.Point(605_000, 6_605_000), shapely.Point(606_000, 6_606_000)),
    LayerStyle(
        "kind", "marker", (StyleClass(Text("Pylône", "Mast"), "#d55e00", "mast", marker="^"),)
    ),
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a GeoPackage of two layers."""
    return write_geopackage(tmp_path / "study.gpkg", [AREAS, SITES])


def test_reopens_in_lambert_93(package: Path) -> None:
    """Both layers reopen in EPSG:2154 with their geometry types and typed fields."""
    areas = pyogrio.read_info(package, layer="communes")
    assert areas["crs"] == "EPSG:2154"
    assert areas["geometry_type"] == "MultiPolygon"
    assert areas["features"] == 2
    assert dict(zip(areas["fields"], areas["ogr_types"], strict=True)) == {
        "insee": "OFTString",
        "covered_share": "OFTReal",
        "sites": "OFTInteger64",
        "opened": "OFTDate",
        "note": "OFTString",
    }
    assert pyogrio.read_info(package, layer="sites")["geometry_type"] == "Point"


def test_values_and_missing(package: Path) -> None:
    """Values come back, INSEE codes with their zero, and what is missing stays missing."""
    with closing(sqlite3.connect(package)) as base:
        rows = base.execute("SELECT insee, covered_share, sites, opened, note FROM communes")
        assert rows.fetchall() == [
            ("01044", 0.9, 3, "2026-03-09", "reçu"),
            ("36002", None, None, None, None),
        ]
    geometry = read(package, layer="communes")[2]
    assert shapely.from_wkb(geometry[0]).area == pytest.approx(1e8)


def test_qgis_finds_the_styles(package: Path) -> None:
    """`layer_styles` is registered and holds one default style per styled layer."""
    with closing(sqlite3.connect(package)) as base:
        listed = base.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchall()
        styles = base.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        ).fetchall()
    assert listed == [("attributes",)]
    assert [row[:3] for row in styles] == [("communes", "geom", 1), ("sites", "geom", 1)]
    root = ET.fromstring(styles[0][3].split("\n", 1)[1])  # noqa: S314 - our own file
    ranges = root.findall("renderer-v2/ranges/range")
    assert [(each.get("lower"), each.get("upper")) for each in ranges] == [
        ("0", "0.95"),
        ("0.95", "1"),
    ]
    assert len(root.findall("renderer-v2/symbols/symbol/layer")) == 3  # the hatch is a second layer


def test_categories_carry_shape_and_colour() -> None:
    """A category keeps the map's marker shape and its label in the language asked."""
    assert SITES.style is not None
    text = style_qml(SITES.style, Lang.EN)
    assert 'label="Mast"' in text
    assert 'name="name" value="triangle"' in text
    assert rgba("#d55e00") == "213,94,0,255"


def test_same_layers_same_bytes(package: Path, tmp_path: Path) -> None:
    """The same layers give the same bytes."""
    again = write_geopackage(tmp_path / "again" / "study.gpkg", [AREAS, SITES])
    assert again.read_bytes() == package.read_bytes()


def test_refusals_leave_nothing(tmp_path: Path) -> None:
    """Mixed geometries or a missing row are refused and nothing is left half-written."""
    mixed = Layer(SITES.table, (SQUARE, shapely.Point(0, 0)))
    with pytest.raises(ValueError, match="mixed geometries"):
        write_geopackage(tmp_path / "m.gpkg", [AREAS, mixed])
    with pytest.raises(ValueError, match="1 geometries for 2 rows"):
        Layer(SITES.table, (SQUARE,))
    assert list(tmp_path.iterdir()) == []


def test_qml_beside(tmp_path: Path) -> None:
    """A style may be written beside as a .qml file; a layer without style says so."""
    assert (
        write_qml(AREAS, tmp_path / "communes.qml").read_text("utf-8").startswith("<!DOCTYPE qgis")
    )
    with pytest.raises(ValueError, match="no style"):
        write_qml(Layer(SITES.table, SITES.geometries), tmp_path / "x.qml")
