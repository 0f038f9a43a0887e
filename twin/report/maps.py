"""Department maps in Lambert-93: classed rasters or polygons, sites, towns, scale, north, source.

Classes are told apart by lightness and, where asked, by hatching; sites by the shape of their
marker: a map stays readable in grey. What is synthetic or approximate is written on the map
itself. Every map ships with a data table (RGAA 4.1: a map is exempt only if its essential data
is given accessibly).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from twin.lang import Lang, Text
from twin.report import canvas, map_frame
from twin.report import map_words as words
from twin.report.map_frame import MAP_PT, Extent
from twin.report.svg import Svg
from twin.report.tables import Table

NODATA = 255
MAX_PIXELS = 560
SIMPLIFY_M = 150.0
HATCH_PERIOD = 7
SEQUENTIAL = ("#ffffd9", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84")
WANTING = "#e8e4df"
MARKERS = ("o", "^", "s", "D", "P", "X", "v", "*")


@dataclass(frozen=True)
class MapClass:
    """One entry of the key: label, colour, and a hatch (`/` or `x`) beside lightness."""

    label: Text
    colour: str
    hatch: str = ""


@dataclass(frozen=True)
class Raster:
    """Class indices (rows from north to south), 255 where there is nothing to show."""

    classes: NDArray[np.uint8]
    west_m: float
    north_m: float
    resolution_m: float


@dataclass(frozen=True)
class Areas:
    """Polygons with a class index each; 255 leaves one blank."""

    polygons: Sequence[BaseGeometry]
    classes: NDArray[np.uint8]


@dataclass(frozen=True)
class Points:
    """Sites of one kind: one marker (see :data:`MARKERS`), one colour, one line in the key."""

    label: Text
    x_m: ArrayLike
    y_m: ArrayLike
    marker: str = "o"
    colour: str = canvas.VERMILLION
    size_pt: float = 6.0


@dataclass(frozen=True)
class Town:
    """A place name to write if there is room; larger towns are served first."""

    name: str
    x_m: float
    y_m: float
    population: float


def class_indices(values: ArrayLike, edges: Sequence[float]) -> NDArray[np.uint8]:
    """Return the class of each value: `edges` are the inner bounds, a bound opens the class above.

    Values that are not finite get 255 (nothing to show).
    """
    numbers = np.asarray(values, dtype=np.float64)
    found = np.searchsorted(np.asarray(edges, dtype=np.float64), numbers, side="right")
    return np.where(np.isfinite(numbers), found, NODATA).astype(np.uint8)


def shades(labels: Sequence[Text], *, first_hatched: bool = False) -> tuple[MapClass, ...]:
    """Return classes from light to dark, one per label; the lowest hatched grey when asked."""
    start = 1 if first_hatched else 0
    count = len(labels) - start
    picks = np.linspace(0, len(SEQUENTIAL) - 1, max(count, 2)).round().astype(int)
    tints = [SEQUENTIAL[pick] for pick in picks[:count]]
    kept = [MapClass(labels[0], WANTING, "/")] if first_hatched else []
    return (*kept, *(MapClass(*pair) for pair in zip(labels[start:], tints, strict=True)))


def territory_map(
    name: str,
    title: Text,
    layer: Raster | Areas,
    classes: Sequence[MapClass],
    key_title: Text,
    source: Text,
    lang: Lang = Lang.FR,
    *,
    borders: Sequence[BaseGeometry] = (),
    points: Sequence[Points] = (),
    towns: Sequence[Town] = (),
    town_count: int = 8,
    synthetic_terrain: bool = False,
    approximate_borders: bool = False,
    data: Table | None = None,
) -> Svg:
    """Draw one map of the territory.

    Parameters
    ----------
    layer
        What is shown: a raster of class indices, or polygons with a class index each.
    classes
        The key, by class index.
    borders
        Polygons whose limits are drawn thin, their common outline bold. With `Areas` and no
        `borders`, the areas' own limits.
    points
        Layers of sites, drawn above, in order.
    synthetic_terrain, approximate_borders
        Write `relief synthétique` and `limites approchées` on the map.
    data
        The accessible table; by default the surface or number of areas in each class.
    """
    lines = list(borders) or (list(layer.polygons) if isinstance(layer, Areas) else [])
    extent = _extent(layer, lines)
    height = max(map_frame.height_pt(extent), map_frame.key_height_pt(len(classes), len(points)))
    with canvas.style(name):
        page = canvas.sheet(name, title, height, lang)
        axes = page.axes(0.0, 0.0, MAP_PT, height)
        map_frame.frame(axes, extent, height)
        if isinstance(layer, Raster):
            _draw_raster(axes, layer, classes)
        else:
            _draw_areas(axes, layer, classes)
        _draw_borders(axes, lines, inner=bool(borders))
        for each in points:
            axes.plot(
                np.asarray(each.x_m), np.asarray(each.y_m), each.marker, color=each.colour,
                markersize=each.size_pt, markeredgecolor="white", markeredgewidth=0.7,
                linestyle="none",
            )  # fmt: skip
        largest = sorted(towns, key=lambda town: (-town.population, town.name))[:town_count]
        map_frame.name_towns(axes, [(each.name, each.x_m, each.y_m) for each in largest], extent)
        if synthetic_terrain:
            map_frame.stamp(axes, words.SYNTHETIC.say(lang))
        notes = [source]
        notes += [words.SYNTHETIC_NOTE] if synthetic_terrain else []
        notes += [words.APPROXIMATE_NOTE] if approximate_borders else []
        side = page.axes(MAP_PT, 0.0, canvas.WIDTH_PT - MAP_PT, height)
        swatches = [(each.label, each.colour, each.hatch) for each in classes]
        marks = [(each.label, each.marker, each.colour, each.size_pt) for each in points]
        map_frame.key(side, height, key_title, swatches, marks, notes, extent, lang)
        table = data or words.class_table(name, title, layer_sizes(layer, len(classes)), classes)
        alt = words.alt(title, classes, layer_sizes(layer, len(classes)), points,
                        synthetic=synthetic_terrain)  # fmt: skip
        return canvas.finish(page, alt, table)


def layer_sizes(layer: Raster | Areas, count: int) -> NDArray[np.float64]:
    """Return the surface of each class in km² (what is blank is left out)."""
    if isinstance(layer, Raster):
        shown = layer.classes[layer.classes != NODATA]
        cells = np.bincount(shown, minlength=count)[:count]
        return np.asarray(cells * (layer.resolution_m / 1000.0) ** 2, dtype=np.float64)
    surfaces = np.array([polygon.area for polygon in layer.polygons]) / 1e6
    return np.array([surfaces[layer.classes == index].sum() for index in range(count)])


def _extent(layer: Raster | Areas, lines: Sequence[BaseGeometry]) -> Extent:
    if lines:
        west, south, east, north = shapely.total_bounds(lines)
    else:
        raster = layer
        assert isinstance(raster, Raster)  # noqa: S101 - areas always bring their own lines
        rows, columns = raster.classes.shape
        west, north = raster.west_m, raster.north_m
        east, south = west + columns * raster.resolution_m, north - rows * raster.resolution_m
    room = 0.02 * max(east - west, north - south)
    return Extent(west - room, south - room, east + room, north + room)


def _draw_raster(axes: Axes, layer: Raster, classes: Sequence[MapClass]) -> None:
    step = max(1, -(-max(layer.classes.shape) // MAX_PIXELS))
    kept = layer.classes[step // 2 :: step, step // 2 :: step]
    colours = np.zeros((256, 4), dtype=np.uint8)
    inks = colours.copy()
    for index, each in enumerate(classes):
        rgb = np.array(to_rgb(each.colour))
        colours[index] = [*(rgb * 255).round(), 255]
        inks[index] = [*(rgb * 255 * 0.55).round(), 255]
    image = colours[kept]
    row, column = np.indices(kept.shape)
    for index, each in enumerate(classes):
        if each.hatch:
            pattern = (row + column) % HATCH_PERIOD == 0
            if each.hatch == "x":
                pattern |= (row - column) % HATCH_PERIOD == 0
            image[pattern & (kept == index)] = inks[index]
    pixel = layer.resolution_m * step
    rows, columns = kept.shape
    box = (
        layer.west_m,
        layer.west_m + columns * pixel,
        layer.north_m - rows * pixel,
        layer.north_m,
    )
    axes.imshow(image, extent=box, interpolation="none", origin="upper", aspect="auto", zorder=1)


def _draw_areas(axes: Axes, layer: Areas, classes: Sequence[MapClass]) -> None:
    kept = shapely.coverage_simplify(np.asarray(layer.polygons, dtype=object), SIMPLIFY_M)
    for index, each in enumerate(classes):
        outlines = [_outline(kept[row]) for row in np.flatnonzero(layer.classes == index)]
        if outlines:  # one path for the whole class keeps the file small
            axes.add_collection(
                PathCollection(
                    [Outline.make_compound_path(*outlines)],
                    facecolors=[each.colour], edgecolors="#8a97a3", linewidths=0.35,
                    hatch=each.hatch * 3 or None, zorder=1,
                ),
                autolim=False,
            )  # fmt: skip


def _draw_borders(axes: Axes, lines: Sequence[BaseGeometry], *, inner: bool) -> None:
    if not lines:
        return
    kept = shapely.coverage_simplify(np.asarray(lines, dtype=object), SIMPLIFY_M)
    drawn = [(shapely.boundary(shapely.union_all(kept)), canvas.INK, 1.4)]
    if inner:  # areas without borders of their own already show their limits
        thin = shapely.line_merge(shapely.union_all(shapely.boundary(kept)))
        drawn.insert(0, (thin, "#5b6875", 0.35))
    for geometry, colour, width in drawn:
        parts = [Outline(shapely.get_coordinates(part)) for part in shapely.get_parts(geometry)]
        axes.add_patch(
            PathPatch(Outline.make_compound_path(*parts), fill=False, edgecolor=colour, lw=width)
        )


def _outline(polygon: BaseGeometry) -> Outline:
    rings = shapely.get_rings(polygon)
    return Outline.make_compound_path(
        *(Outline(shapely.get_coordinates(ring), closed=True) for ring in rings)
    )
