"""What a planner wants heard: points, polygons or lines, each with its use case and antenna."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.lora.use_cases import UseCase
from twin.cells import raise_all
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.layers import LAYER_SUFFIXES, Layer, read_layer
from twin.points import Inside, read_points
from twin.tables import Column, Kind, Table, check_cells
from twin.terrain.grid import Terrain

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

TALLEST_M = 350.0


class Shape(StrEnum):
    """What the objects of a file are."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"


_SHAPES = {
    "Point": Shape.POINT,
    "MultiPoint": Shape.POINT,
    "LineString": Shape.LINE,
    "MultiLineString": Shape.LINE,
    "Polygon": Shape.POLYGON,
    "MultiPolygon": Shape.POLYGON,
}


@dataclass(frozen=True)
class Objects:
    """Objects of one shape in Lambert-93; every tuple has one entry per object.

    `places` says where each stands in `file`, for faults; `height_m` (antenna above ground) has
    shape (objects,).
    """

    file: str
    shape: Shape
    places: tuple[str, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    cases: tuple[UseCase, ...]
    height_m: NDArray[np.float64]
    geometries: tuple[BaseGeometry, ...]

    def __len__(self) -> int:
        return len(self.ids)


def read_objects(
    path: Path,
    layer: str | None,
    usual: UseCase,
    height_of: Callable[[UseCase], float],
    inside: Inside,
    terrain: Terrain,
) -> Objects:
    """Read points (CSV, GeoJSON, GeoPackage), polygons or lines (GeoJSON, GeoPackage).

    Columns, all optional: `id` (unique; the rank without one), `name`, `use_case` (`usual` without
    one) and `height_m` (`height_of` the use case without one).

    Parameters
    ----------
    inside
        Says which places lie in the territory. A point must; polygons and lines are checked once
        sampled (`object_samples`).
    terrain
        The ground: an object that is not wholly within its bounds is refused.

    Raises
    ------
    DataError
        Unreadable or empty file, shapes that mix or are missing or invalid, unknown use case,
        height out of range, objects off the territory or the ground: every fault at once.
    """
    columns = {
        "id": Column(Kind.TEXT, default="", unique=True),
        "name": Column(Kind.TEXT, default=""),
        "use_case": Column(Kind.TEXT, default=usual.value, choices=tuple(UseCase)),
        "height_m": Column(default=float("nan"), minimum=0.0, maximum=TALLEST_M),
    }
    found = read_layer(path, layer) if path.suffix.lower() in LAYER_SUFFIXES else None
    if found is None or _shape_of(found) is Shape.POINT:
        import shapely

        points = read_points(path, columns, layer=layer, inside=inside)
        shape, table = Shape.POINT, points.table
        geometries = list(shapely.points(points.x_m, points.y_m))
        _check_ground(table, points.x_m, points.y_m, terrain)
    else:
        shape, table = _shape_of(found), check_cells(found.cells, columns, allow_extra=True)
        geometries = _sound_geometries(found, terrain)
    cases = tuple(UseCase(word) for word in table.texts("use_case"))
    told = table.numbers("height_m")
    usual_m = np.array([height_of(case) for case in cases])
    ids = [given or str(rank) for rank, given in enumerate(table.texts("id"), start=1)]
    _check_ids(ids, table)
    return Objects(
        file=table.file,
        shape=shape,
        places=tuple(table.places),
        ids=tuple(ids),
        names=tuple(table.texts("name")),
        cases=cases,
        height_m=np.where(np.isnan(told), usual_m, told),
        geometries=tuple(geometries),
    )


def _shape_of(layer: Layer) -> Shape:
    """Return the one shape of a layer's features."""
    kinds = Counter(
        "∅" if each is None or each.is_empty else str(each.geom_type) for each in layer.geometries
    )
    shapes = {_SHAPES.get(kind) for kind in kinds if kind != "∅"}
    only = next(iter(shapes), None)
    if len(shapes) == 1 and only is not None:
        return only
    raise DataError(
        Fault(
            file=layer.cells.file,
            key="geometry",
            value=", ".join(f"{kind} x {count}" for kind, count in sorted(kinds.items())),
            expected=Text(
                "des points, des lignes ou des polygones, une seule sorte par couche",
                "points, lines or polygons, one sort a layer",
            ),
            remedy=Text(
                "séparez la couche par type de géométrie, puis une commande par couche",
                "split the layer by geometry type, then run one command a layer",
            ),
        )
    )


def _sound_geometries(layer: Layer, terrain: Terrain) -> list[BaseGeometry]:
    """Return the geometries in Lambert-93, all present, valid and within the terrain's bounds."""
    import shapely

    bounds = shapely.box(*terrain.bounds_m)
    faults: list[Fault] = []
    moved = layer.in_lambert()

    def fault(row: int, value: str, expected: Text, remedy: Text) -> None:
        key = f"{layer.cells.places[row]}, geometry"
        faults.append(Fault(expected, remedy, file=layer.cells.file, key=key, value=value))

    for row, geometry in enumerate(moved):
        if geometry is None or geometry.is_empty:
            fault(
                row,
                "∅",
                Text("une géométrie", "a geometry"),
                Text("dessinez ou ôtez cet objet", "draw or remove this feature"),
            )
        elif not np.isfinite(geometry.bounds).all() or not bounds.covers(geometry):
            west, south, east, north = geometry.bounds
            fault(
                row,
                f"x_m {west:.0f} … {east:.0f}, y_m {south:.0f} … {north:.0f}",
                Text("un objet dans le territoire et son relief",
                     "a feature in the territory and its terrain"),
                Text("découpez l'objet au territoire, ou vérifiez le système de coordonnées",
                     "clip the feature to the territory, or check the coordinate system"),
            )  # fmt: skip
        elif not geometry.is_valid or geometry.length == 0.0:
            fault(
                row,
                str(shapely.is_valid_reason(geometry)),
                Text("une géométrie valide", "a valid geometry"),
                Text("QGIS : « Réparer les géométries »", "QGIS: 'Fix geometries'"),
            )
    raise_all(faults)
    return [geometry for geometry in moved if geometry is not None]


def _check_ground(
    table: Table, x_m: NDArray[np.float64], y_m: NDArray[np.float64], terrain: Terrain
) -> None:
    """Raise a fault for each point under which no ground height is known."""
    raise_all(
        [
            ground_fault(table.file, table.places[row], float(x_m[row]), float(y_m[row]))
            for row in np.flatnonzero(np.isnan(terrain.height_m(x_m, y_m)))
        ]
    )


def ground_fault(file: str, place: str, x_m: float, y_m: float) -> Fault:
    """Return the fault of an object under which no ground height is known."""
    return Fault(
        file=file,
        key=f"{place}, geometry",
        value=f"x_m {x_m:.0f}, y_m {y_m:.0f}",
        expected=Text("une altitude du sol sous l'objet", "a ground height under the object"),
        remedy=Text(
            "fournissez un relief qui couvre l'objet, ou comblez ses lacunes",
            "give a terrain that covers the object, or fill its voids",
        ),
    )


def _check_ids(ids: list[str], table: Table) -> None:
    """Refuse a rank, given to an object without id, that is also another's id."""
    twice = {each for each, times in Counter(ids).items() if times > 1}
    raise_all(
        [
            table.fault(
                row,
                "id",
                each,
                Text("un identifiant par objet", "one id per object"),
                Text("donnez un id à chaque objet", "give every object an id"),
            )
            for row, each in enumerate(ids)
            if each in twice
        ]
    )
