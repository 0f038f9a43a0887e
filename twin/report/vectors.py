"""A GeoPackage in Lambert-93 (EPSG:2154) of several layers that QGIS opens already styled.

Attributes are a :class:`~twin.report.tables.Table`, one row per geometry. Each layer's style is
stored in the file's `layer_styles` table as QGIS itself does, and may be written as `.qml` too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from shapely import to_wkb
from shapely.geometry.base import BaseGeometry

from twin.files import replacing, write_text
from twin.lang import Lang, Text
from twin.report.qml import LayerStyle, style_qml
from twin.report.tables import Cell, Column, Formula, Kind, Table

CRS = "EPSG:2154"
STAMP = "2000-01-01T00:00:00.000Z"  # fixed: the same layers give the same bytes
STYLES_SQL = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""


@dataclass(frozen=True)
class Layer:
    """Geometries in Lambert-93 with their attributes (row i describes geometry i) and a style.

    The layer is named after the table. All geometries are of one kind (points, lines, polygons;
    single and multiple polygons may mix).
    """

    table: Table
    geometries: Sequence[BaseGeometry]
    style: LayerStyle | None = None

    def __post_init__(self) -> None:
        if len(self.geometries) != len(self.table.rows):
            raise ValueError(
                f"layer {self.table.name}: {len(self.geometries)} geometries for "
                f"{len(self.table.rows)} rows"
            )


def write_geopackage(path: Path, layers: Sequence[Layer], lang: Lang = Lang.FR) -> Path:
    """Write the layers to one GeoPackage, atomically; return `path`."""
    import pyogrio

    names = [layer.table.name for layer in layers]
    if len(set(names)) != len(names):
        raise ValueError(f"two layers share a name: {names}")
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    with replacing(path) as scratch:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": STAMP})
        try:
            for layer in layers:
                _write_layer(scratch, layer, lang)
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
        _write_styles(scratch, layers, lang)
    return path


def write_qml(layer: Layer, path: Path, lang: Lang = Lang.FR) -> Path:
    """Write a layer's style as a `.qml` file; return `path`.

    Raises
    ------
    ValueError
        If the layer has no style.
    """
    if layer.style is None:
        raise ValueError(f"layer {layer.table.name} has no style")
    return write_text(path, style_qml(layer.style, lang))


def _write_layer(path: Path, layer: Layer, lang: Lang) -> None:
    from pyogrio.raw import write

    columns = layer.table.columns
    values, masks = [], []
    for index, column in enumerate(columns):
        value, mask = _field(column, [row[index] for row in layer.table.rows], lang)
        values.append(value)
        masks.append(mask)
    shapes = list(layer.geometries)
    kinds = sorted({shape.geom_type for shape in shapes})
    if kinds == ["MultiPolygon", "Polygon"]:
        kinds = ["MultiPolygon"]
    if len(kinds) > 1:
        raise ValueError(f"layer {layer.table.name}: mixed geometries {kinds}")
    write(
        path,
        geometry=np.array([to_wkb(shape) for shape in shapes], dtype=object),
        field_data=values,
        fields=np.array([column.name for column in columns], dtype=object),
        field_mask=masks,
        layer=layer.table.name,
        driver="GPKG",
        geometry_type=kinds[0] if kinds else "Point",
        promote_to_multi=kinds == ["MultiPolygon"],
        crs=CRS,
        encoding="UTF-8",
        layer_metadata=None,
        layer_options={"GEOMETRY_NAME": "geom", "DESCRIPTION": layer.table.title.say(lang)},
    )


def _field(column: Column, cells: list[Cell], lang: Lang) -> tuple[Any, Any]:
    """Return one attribute as an array with its mask of missing values (None if none)."""
    plain = [cell.value if isinstance(cell, Formula) else cell for cell in cells]
    missing = np.array([cell is None for cell in plain], dtype=bool)
    mask = missing if missing.any() else None
    if column.kind is Kind.TEXT:
        said = [cell.say(lang) if isinstance(cell, Text) else cell for cell in plain]
        return np.array(said, dtype=object), None
    if column.kind is Kind.DATE:
        days = [
            np.datetime64("NaT") if cell is None else np.datetime64(str(cell)) for cell in plain
        ]
        return np.array(days, dtype="datetime64[D]"), None
    kind = np.int64 if column.kind in {Kind.INTEGER, Kind.YEAR} else np.float64
    return np.array([0 if cell is None else cell for cell in plain], dtype=kind), mask


def _write_styles(path: Path, layers: Sequence[Layer], lang: Lang) -> None:
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(STYLES_SQL)
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description,"
            " last_change) VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
            (STAMP,),
        )
        for layer in layers:
            if layer.style is None:
                continue
            base.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
                " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description,"
                " owner, update_time) VALUES ('', '', ?, 'geom', 'default', ?, '', 1, ?, '', ?)",
                (
                    layer.table.name,
                    style_qml(layer.style, lang),
                    layer.table.title.say(lang),
                    STAMP,
                ),
            )
