"""QGIS styles (`.qml`) for vector layers: categories or classes of one field, shapes and colours.

The XML follows what QGIS 3 writes (`renderer-v2` of type `categorizedSymbol` or
`graduatedSymbol`); whatever it leaves out takes QGIS's defaults.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from twin.lang import Lang, Text

Geometry = Literal["marker", "line", "fill"]
SHAPES = {"o": "circle", "^": "triangle", "s": "square", "D": "diamond", "P": "cross_fill",
          "X": "cross2", "v": "triangle", "*": "star"}  # fmt: skip
QGIS_VERSION = "3.34.0"


@dataclass(frozen=True)
class StyleClass:
    """One entry of a QGIS key: a value (categories) or bounds low <= x < high (graduated).

    `marker` is a matplotlib marker, so that map and layer show the same shapes; `hatched` draws
    polygons with diagonal lines.
    """

    label: Text
    colour: str
    value: str = ""
    low: float = 0.0
    high: float = 0.0
    marker: str = "o"
    hatched: bool = False


@dataclass(frozen=True)
class LayerStyle:
    """How a layer is drawn: by the values (`categories`) or the ranges (`graduated`) of a field."""

    field: str
    geometry: Geometry
    classes: Sequence[StyleClass]
    kind: Literal["categories", "graduated"] = "categories"
    size_mm: float = 3.0


def style_qml(style: LayerStyle, lang: Lang = Lang.FR) -> str:
    """Return the style as QML text."""
    root = ET.Element("qgis", version=QGIS_VERSION, styleCategories="Symbology")
    categorised = style.kind == "categories"
    renderer = ET.SubElement(
        root,
        "renderer-v2",
        type="categorizedSymbol" if categorised else "graduatedSymbol",
        attr=style.field,
        symbollevels="0",
        enableorderby="0",
        forceraster="0",
    )
    if not categorised:
        renderer.set("graduatedMethod", "GraduatedColor")
    entries = ET.SubElement(renderer, "categories" if categorised else "ranges")
    symbols = ET.SubElement(renderer, "symbols")
    for index, each in enumerate(style.classes):
        common = {"symbol": str(index), "label": each.label.say(lang), "render": "true"}
        if categorised:
            ET.SubElement(entries, "category", common | {"value": each.value, "type": "string"})
        else:
            bounds = {"lower": f"{each.low:.15g}", "upper": f"{each.high:.15g}"}
            ET.SubElement(entries, "range", common | bounds)
        _symbol(symbols, str(index), style, each)
    ET.indent(root)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )


def rgba(colour: str, alpha: int = 255) -> str:
    """Return `#rrggbb` as QGIS writes it: `r,g,b,a`."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _symbol(parent: ET.Element, name: str, style: LayerStyle, each: StyleClass) -> None:
    symbol = ET.SubElement(
        parent, "symbol", name=name, type=style.geometry, alpha="1", clip_to_extent="1",
        force_rhr="0",
    )  # fmt: skip
    if style.geometry == "marker":
        _layer(
            symbol,
            "SimpleMarker",
            name=SHAPES.get(each.marker, "circle"),
            color=rgba(each.colour),
            outline_color=rgba("#ffffff"),
            outline_width="0.2",
            outline_width_unit="MM",
            size=f"{style.size_mm:g}",
            size_unit="MM",
            angle="180" if each.marker == "v" else "0",
        )
    elif style.geometry == "line":
        _layer(symbol, "SimpleLine", line_color=rgba(each.colour), line_width="0.6",
               line_width_unit="MM", line_style="solid")  # fmt: skip
    else:
        edge = {"outline_color": rgba("#8a97a3"), "outline_width": "0.15"}
        _layer(symbol, "SimpleFill", color=rgba(each.colour), style="solid",
               outline_width_unit="MM", **edge)  # fmt: skip
        if each.hatched:
            _layer(symbol, "SimpleFill", color=rgba("#51606e"), style="b_diagonal",
                   outline_style="no")  # fmt: skip


def _layer(symbol: ET.Element, kind: str, **options: str) -> None:
    layer = ET.SubElement(
        symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"}
    )
    holder = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(holder, "Option", name=name, value=value, type="QString")
