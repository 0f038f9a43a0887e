"""GeoTIFFs read back by rasterio, and their QGIS styles read back as XML."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import rasterio

from twin.errors import InputError
from twin.lang import Lang, Text, same
from twin.report.qml import StyleClass
from twin.report.rasters import (
    RasterBand,
    RasterStyle,
    raster_qml,
    write_raster,
)

LEVEL = Text("niveau reçu", "received level")
CLASSES = (
    StyleClass(Text("inaudible", "not heard"), "#e8e4df", low=-200.0, high=-137.0),
    StyleClass(Text("faible", "weak"), "#41b6c4", low=-137.0, high=-120.0),
    StyleClass(Text("bon", "good"), "#0c2c84", low=-120.0, high=0.0),
)


def write(path: Path, band: RasterBand, style: RasterStyle | None = None) -> Path:
    """Write a raster with a usual frame."""
    return write_raster(
        path,
        band,
        west_m=600_000.0,
        north_m=6_640_000.0,
        resolution_m=50.0,
        source=Text("relief fractal", "fractal relief"),
        synthetic=True,
        style=style,
        lang=Lang.FR,
    )


def test_a_float_raster_reads_back(tmp_path: Path) -> None:
    """Values, place, projection, layout, nodata, description and labels survive the file."""
    rng = np.random.default_rng(1)
    values = rng.uniform(-140.0, -60.0, (700, 900)).astype(np.float32)
    values[:30, :40] = np.nan
    path = write(tmp_path / "maps" / "best.tif", RasterBand(values, LEVEL, "dBm"))
    with rasterio.open(path) as dataset:
        np.testing.assert_array_equal(dataset.read(1), values)
        assert dataset.crs.to_epsg() == 2154
        assert dataset.transform.to_gdal() == (600_000.0, 50.0, 0.0, 6_640_000.0, 0.0, -50.0)
        assert np.isnan(dataset.nodata)
        assert dataset.profile["tiled"]
        assert dataset.profile["compress"] == "deflate"
        assert dataset.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "3"
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.block_shapes == [(256, 256)]
        assert dataset.overviews(1) == [2, 4]
        assert dataset.descriptions == ("niveau reçu",)
        assert dataset.units == ("dBm",)
        assert dataset.tags()["SOURCE"] == "relief fractal"
        assert dataset.tags()["SYNTHETIC"] == "YES"
        assert dataset.tags()["TERRAIN"] == "relief synthétique"
    assert [file.name for file in path.parent.iterdir()] == ["best.tif"]


@pytest.mark.parametrize("kind", ["uint8", "uint16"])
def test_an_integer_raster_keeps_its_numbers_in_overviews(tmp_path: Path, kind: str) -> None:
    """Overviews of numbers hold only numbers that were there, never an average."""
    values: Any = np.where(np.indices((600, 600)).sum(axis=0) % 2 == 0, 1, 200).astype(kind)
    path = write(tmp_path / "count.tif", RasterBand(values, same("n"), nodata=0))
    with rasterio.open(path) as dataset:
        np.testing.assert_array_equal(dataset.read(1), values)
        assert dataset.nodata == 0
        assert dataset.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "2"
        assert dataset.overviews(1) == [2, 4]
        small = dataset.read(1, out_shape=(300, 300))
    assert set(np.unique(small)) <= {1, 200}


def test_a_small_raster_needs_no_overview(tmp_path: Path) -> None:
    """A raster that fits one tile has no overview."""
    values = np.zeros((200, 256), dtype=np.float32)
    with rasterio.open(write(tmp_path / "small.tif", RasterBand(values, LEVEL))) as dataset:
        assert dataset.overviews(1) == []


def test_a_style_is_written_beside_the_raster(tmp_path: Path) -> None:
    """The style is a discrete ramp with each class's colour, label and bound, in French."""
    values = np.full((10, 10), -130.0, dtype=np.float32)
    path = write(tmp_path / "best.tif", RasterBand(values, LEVEL, "dBm"), RasterStyle(CLASSES))
    root = ET.fromstring(path.with_suffix(".qml").read_text("utf-8"))  # noqa: S314 - our own file
    renderer = root.find("pipe/rasterrenderer")
    assert renderer is not None
    assert renderer.get("type") == "singlebandpseudocolor"
    items = root.findall("pipe/rasterrenderer/rastershader/colorrampshader/item")
    assert [item.get("label") for item in items] == ["< -200", "inaudible", "faible", "bon"]
    assert [item.get("color") for item in items[1:]] == [each.colour for each in CLASSES]
    bounds = [float(item.get("value", "nan")) for item in items]
    assert bounds == sorted(bounds)
    np.testing.assert_allclose(bounds, [-200.0, -137.0, -120.0, 0.0], atol=1e-4)
    assert bounds[1] < -137.0


def test_categories_become_a_palette() -> None:
    """Numbered classes become a palette, one entry each, in the language asked for."""
    style = RasterStyle(
        (
            StyleClass(Text("aucune", "none"), "#e8e4df", value="0"),
            StyleClass(Text("une", "one"), "#225ea8", value="1"),
        ),
        kind="categories",
    )
    root = ET.fromstring(raster_qml(style, Lang.EN))  # noqa: S314 - our own text
    entries = root.findall("pipe/rasterrenderer/colorPalette/paletteEntry")
    assert [(e.get("value"), e.get("label")) for e in entries] == [("0", "none"), ("1", "one")]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """A raster that cannot be written is refused, and the file already there is untouched."""
    path = tmp_path / "best.tif"
    write(path, RasterBand(np.zeros((4, 4), dtype=np.float32), LEVEL))
    before = path.read_bytes()
    with pytest.raises(InputError, match="float32"):
        write(path, RasterBand(np.zeros((4, 4)), LEVEL))  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
