"""Cloud-optimised GeoTIFF rasters in Lambert-93 with a QGIS style beside them.

A viewer reads only what it shows (tiles, DEFLATE with a predictor, overviews); the tags carry where
the numbers come from and whether the ground under them is synthetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.files import replacing, write_text
from twin.lang import Lang, Text
from twin.report.qml import QGIS_VERSION, StyleClass

CRS = "EPSG:2154"
TILE = 256
SYNTHETIC = Text("relief synthétique", "synthetic terrain")
MEASURED = Text("relief fourni", "supplied terrain")
_NAMES = ("float32", "uint8", "uint16")

Grid = NDArray[np.float32] | NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True)
class RasterBand:
    """One raster to be written: float32 (NaN = no data), uint8 or uint16 (`nodata` if any).

    `values` has shape (rows, columns), row 0 in the north; `description` names what it holds and
    `unit` its unit (`dBm`, `dB`, empty for numbers).
    """

    values: Grid
    description: Text
    unit: str = ""
    nodata: int | None = None


@dataclass(frozen=True)
class RasterStyle:
    """Colours of a raster in QGIS.

    `kind` "graduated" paints low <= value < high of each class (classes in rising order);
    "categories" paints the classes' `value`.
    """

    classes: Sequence[StyleClass]
    kind: Literal["categories", "graduated"] = "graduated"


def write_raster(
    path: Path,
    band: RasterBand,
    *,
    west_m: float,
    north_m: float,
    resolution_m: float,
    source: Text,
    synthetic: bool,
    style: RasterStyle | None = None,
    lang: Lang = Lang.FR,
) -> Path:
    """Write a GeoTIFF (EPSG:2154), and its `.qml` where a style is given; return `path`.

    Parameters
    ----------
    path
        The `.tif`; parents are made. Both files appear whole or not at all.
    band
        What to write.
    west_m, north_m, resolution_m
        Outer corner of the north-west pixel, and the pixel's side.
    source, synthetic
        Where the ground comes from; `synthetic` labels the file as drawn from made-up relief.
    style, lang
        Colours and labels for QGIS; language of everything written for a reader.

    Raises
    ------
    InputError
        Empty raster, other type than float32, uint8 or uint16, or resolution not > 0.
    """
    _check(path, band, resolution_m)
    import rasterio.shutil
    from rasterio.io import MemoryFile
    from rasterio.transform import Affine

    rows, columns = band.values.shape
    real = band.values.dtype == np.float32
    profile = {
        "driver": "GTiff",
        "dtype": band.values.dtype.name,
        "count": 1,
        "height": rows,
        "width": columns,
        "crs": CRS,
        "transform": Affine(resolution_m, 0.0, west_m, 0.0, -resolution_m, north_m),
        "nodata": math.nan if real else band.nodata,
    }
    # GDAL's COG driver only copies, hence the plain raster in memory first.
    with MemoryFile() as memory:
        with memory.open(**profile) as dataset:
            dataset.write(band.values, 1)
            dataset.set_band_description(1, band.description.say(lang))
            dataset.set_band_unit(1, band.unit)
            dataset.update_tags(
                TIFFTAG_IMAGEDESCRIPTION=band.description.say(lang),
                SOURCE=source.say(lang),
                TERRAIN=(SYNTHETIC if synthetic else MEASURED).say(lang),
                SYNTHETIC="YES" if synthetic else "NO",
            )
        with memory.open() as dataset, replacing(path) as scratch:
            rasterio.shutil.copy(
                dataset,
                scratch,
                driver="COG",
                COMPRESS="DEFLATE",
                # GDAL takes 3 for floating point and 2 for integers.
                PREDICTOR="YES",
                BLOCKSIZE=TILE,
                # Numbers of gateways and sites must not be averaged into others.
                OVERVIEW_RESAMPLING="AVERAGE" if real else "NEAREST",
                BIGTIFF="IF_SAFER",
            )
    if style is not None:
        write_text(path.with_suffix(".qml"), raster_qml(style, lang))
    return path


def raster_qml(style: RasterStyle, lang: Lang = Lang.FR) -> str:
    """Return the style as QGIS writes it: a paletted raster, or a discrete colour ramp.

    QGIS's discrete ramp paints values at or under an entry's own, so the bounds are written just
    under each class's `high`; values under the first class are left transparent.
    """
    root = ET.Element("qgis", version=QGIS_VERSION, styleCategories="Symbology")
    pipe = ET.SubElement(root, "pipe")
    if style.kind == "categories":
        renderer = ET.SubElement(
            pipe, "rasterrenderer", type="paletted", band="1", opacity="1", alphaBand="-1"
        )
        palette = ET.SubElement(renderer, "colorPalette")
        for each in style.classes:
            ET.SubElement(
                palette,
                "paletteEntry",
                value=each.value,
                color=each.colour,
                alpha="255",
                label=each.label.say(lang),
            )
    else:
        _pseudocolour(pipe, style, lang)
    ET.indent(root)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )


def _pseudocolour(pipe: ET.Element, style: RasterStyle, lang: Lang) -> None:
    """Add a discrete single-band pseudo-colour renderer."""
    low, high = style.classes[0].low, style.classes[-1].high
    renderer = ET.SubElement(
        pipe,
        "rasterrenderer",
        type="singlebandpseudocolor",
        band="1",
        opacity="1",
        alphaBand="-1",
        classificationMin=_number(low),
        classificationMax=_number(high),
    )
    shader = ET.SubElement(
        ET.SubElement(renderer, "rastershader"),
        "colorrampshader",
        colorRampType="DISCRETE",
        classificationMode="1",
        clip="0",
        minimumValue=_number(low),
        maximumValue=_number(high),
    )
    if math.isfinite(low):
        ET.SubElement(
            shader, "item", value=_under(low), color="#ffffff", alpha="0", label=f"< {low:g}"
        )
    for each in style.classes:
        ET.SubElement(
            shader,
            "item",
            value=_under(each.high),
            color=each.colour,
            alpha="255",
            label=each.label.say(lang),
        )


def _number(value: float) -> str:
    """Return a number as QGIS reads it; infinity is spelled `inf`."""
    return f"{value:.15g}"


def _under(bound: float) -> str:
    """Return the greatest float32 under a bound: what `value < bound` means in a float32 raster."""
    if not math.isfinite(bound):
        return _number(bound)
    return _number(float(np.nextafter(np.float32(bound), np.float32(-np.inf))))


def _check(path: Path, band: RasterBand, resolution_m: float) -> None:
    """Raise one InputError with all that is wrong with a raster."""
    faults = []
    if band.values.dtype.name not in _NAMES or band.values.ndim != 2 or band.values.size == 0:  # noqa: PLR2004 - rows and columns
        faults.append(
            Fault(
                file=str(path),
                value=f"{band.values.dtype.name} {band.values.shape}",
                expected=Text(
                    "une grille non vide, float32, uint8 ou uint16",
                    "a grid that is not empty, float32, uint8 or uint16",
                ),
                remedy=Text("convertissez la grille", "convert the grid"),
            )
        )
    if not (resolution_m > 0.0 and math.isfinite(resolution_m)):
        faults.append(
            Fault(
                file=str(path),
                key="resolution_m",
                value=f"{resolution_m:g}",
                expected=Text("une résolution > 0 m", "a resolution > 0 m"),
                remedy=Text("corrigez cette valeur", "correct this value"),
            )
        )
    if faults:
        raise InputError(*faults)
