"""The places where an object is looked at: itself, a grid inside it, a point every 100 m along it.

A line is cut into steps of 100 m from its start, each looked at in its middle; steps end at every
kilometre, and the last one at the line's end, so that the steps' lengths add up to the line's. A
polygon is looked at on a regular grid of round Lambert-93 coordinates, 100 m apart; the spacing is
halved for small polygons until some 25 points fit and doubled for large ones until at most some
2,500 do, so that a share is never read from a handful of points.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.lora.objects import Objects, Shape, ground_fault
from twin.cells import raise_all
from twin.errors import Fault
from twin.lang import Text
from twin.points import Inside
from twin.terrain.grid import Terrain

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

STEP_M = 100.0
KILOMETRE_M = 1000.0
SPACING_M = 100.0
FEWEST, MOST = 25, 2_500
FINEST_M = 1.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Samples:
    """Places of all objects one after another, shape (samples,).

    Those of object `o` are `start[o]:start[o + 1]`. `weight` is what each stands for: 1 for a
    point, metres along a line, square metres of a polygon. `along_m` is the middle of a line's step
    from its start (0 otherwise), `spacing_m` (objects,) the distance between places (0 for a
    point).
    """

    start: NDArray[np.int64]
    x_m: Floats
    y_m: Floats
    weight: Floats
    along_m: Floats
    spacing_m: Floats

    def owner(self) -> NDArray[np.int64]:
        """Return the object of each sample, shape (samples,)."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


def sample_objects(objects: Objects, terrain: Terrain, inside: Inside) -> Samples:
    """Return the places where the objects are looked at.

    Raises
    ------
    DataError
        A place without ground height; a polygon or a line wholly outside the territory.
    """
    cut = {Shape.POINT: _point, Shape.LINE: _line, Shape.POLYGON: _polygon}[objects.shape]
    parts = [cut(geometry) for geometry in objects.geometries]
    columns = np.concatenate([part for part, _ in parts])
    start = np.concatenate([[0], np.cumsum([len(part) for part, _ in parts])]).astype(np.int64)
    x_m, y_m, weight, along_m = (np.ascontiguousarray(column) for column in columns.T)
    samples = Samples(start, x_m, y_m, weight, along_m, np.array([spacing for _, spacing in parts]))
    _check(objects, samples, terrain, inside)
    return samples


def kilometres(line: BaseGeometry) -> Iterator[tuple[float, float, BaseGeometry]]:
    """Yield (from, to, geometry) of each kilometre of a line, metres from its start.

    The parts of a multiple line follow each other; geometries are multiple lines.
    """
    import shapely
    from shapely.ops import substring

    parts = _parts(line)
    starts = np.concatenate([[0.0], np.cumsum([part.length for part in parts])])
    total_m = float(starts[-1])
    count = kilometre_count(total_m)
    for number in range(count):
        low = number * KILOMETRE_M
        high = total_m if number == count - 1 else low + KILOMETRE_M
        pieces = []
        for part, first in zip(parts, starts[:-1], strict=True):
            here, there = max(low - first, 0.0), min(high - first, part.length)
            if there > here:
                pieces.append(substring(part, here, there))
        yield low, high, shapely.MultiLineString(pieces)


def kilometre_count(length_m: float) -> int:
    """Return how many kilometres a line has, the last one begun included."""
    return max(1, math.ceil(length_m / KILOMETRE_M - 1e-9))


def _parts(line: BaseGeometry) -> list[BaseGeometry]:
    """Return the parts of a line, touching ones joined."""
    import shapely

    merged = shapely.line_merge(line)
    return list(getattr(merged, "geoms", [merged]))


def _point(point: BaseGeometry) -> tuple[Floats, float]:
    return np.array([[point.x, point.y, 1.0, 0.0]]), 0.0


def _line(line: BaseGeometry) -> tuple[Floats, float]:
    """Return (x, y, length stood for, distance along) of each step of a line."""
    import shapely

    rows = []
    first_m = 0.0
    for part in _parts(line):
        last_m = first_m + float(part.length)
        # Steps end at multiples of 100 m of the whole line, hence at its kilometres.
        inner = np.arange(math.floor(first_m / STEP_M) + 1, math.ceil(last_m / STEP_M)) * STEP_M
        ends = np.concatenate([[first_m], inner, [last_m]])
        ends = ends[np.concatenate([[True], np.diff(ends) > 0.0])]
        middle = 0.5 * (ends[:-1] + ends[1:])
        places = shapely.get_coordinates(shapely.line_interpolate_point(part, middle - first_m))
        rows.append(np.column_stack([places, np.diff(ends), middle]))
        first_m = last_m
    return np.concatenate(rows), STEP_M


def _polygon(polygon: BaseGeometry) -> tuple[Floats, float]:
    """Return (x, y, area stood for, 0) of the grid points inside a polygon."""
    import shapely

    area_m2, spacing_m = float(polygon.area), SPACING_M
    while area_m2 < FEWEST * spacing_m**2 and spacing_m > FINEST_M:
        spacing_m *= 0.5
    while area_m2 > MOST * spacing_m**2:
        spacing_m *= 2.0
    west, south, east, north = polygon.bounds
    # Centres of the cells of a grid anchored at 0: neighbours look at different places.
    columns = np.arange(math.floor(west / spacing_m), math.ceil(east / spacing_m)) + 0.5
    rows = np.arange(math.floor(south / spacing_m), math.ceil(north / spacing_m)) + 0.5
    shapely.prepare(polygon)
    found = []
    for row in rows * spacing_m:  # a row at a time: a thin diagonal polygon has a wide box
        x_m = columns * spacing_m
        x_m = x_m[shapely.contains_xy(polygon, x_m, row)]
        found.append(np.column_stack([x_m, np.full(len(x_m), row)]))
    places = np.concatenate(found)
    if len(places) == 0:
        middle = polygon.representative_point()
        places = np.array([[middle.x, middle.y]])
    count = len(places)
    return (
        np.column_stack([places, np.full(count, area_m2 / count), np.zeros(count)]),
        spacing_m,
    )


def _check(objects: Objects, samples: Samples, terrain: Terrain, inside: Inside) -> None:
    """Raise one fault per object off the ground or the territory."""
    owner = samples.owner()
    bare = np.flatnonzero(np.isnan(terrain.height_m(samples.x_m, samples.y_m)))
    _, first = np.unique(owner[bare], return_index=True)
    faults = [
        ground_fault(
            objects.file,
            objects.places[owner[row]],
            float(samples.x_m[row]),
            float(samples.y_m[row]),
        )
        for row in bare[first]
    ]
    within = inside(samples.x_m, samples.y_m)
    outside = np.flatnonzero(np.bincount(owner[within], minlength=len(objects)) == 0)
    faults += [
        Fault(
            file=objects.file,
            key=f"{objects.places[row]}, geometry",
            value=objects.ids[row],
            expected=Text("un objet dans le territoire", "an object in the territory"),
            remedy=Text(
                "ôtez cet objet, ou étendez le territoire",
                "remove this object, or extend the territory",
            ),
        )
        for row in outside
    ]
    raise_all(faults)
