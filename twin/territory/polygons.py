"""Commune areas from polygons a planner supplies (IGN Admin Express, cadastre)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.cells import raise_all
from twin.errors import Fault
from twin.lang import Text
from twin.layers import Layer, read_layer
from twin.tables import Table, check_cells
from twin.territory.areas import OUTSIDE, OWNER_RESOLUTION_M, CommuneAreas, covering_grid
from twin.territory.communes import INSEE, Commune, Merger, map_codes

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

BORDER_TOLERANCE_M = 500.0  # simplified official limits stray by a few hundred metres at most [U]
POINT_TOLERANCE_M = 5_000.0


@dataclass(frozen=True)
class PolygonAreas(CommuneAreas):
    """Areas as supplied polygons, `polygons[i]` for commune i, in Lambert-93."""

    polygons: tuple[Any, ...]

    @cached_property
    def _tree(self) -> Any:
        import shapely

        shapely.prepare(list(self.polygons))
        return shapely.STRtree(self.polygons)

    def at(self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> NDArray[np.int16]:
        """Return the index of the commune that owns each point, -1 outside; shape of `x_m`.

        Where polygons overlap, the first commune owns the point.
        """
        import shapely

        px = np.asarray(x_m, dtype=np.float64)
        points = shapely.points(px.ravel(), np.asarray(y_m, dtype=np.float64).ravel())
        which, commune = self._tree.query(points, predicate="intersects")
        owner = np.full(px.size, len(self.polygons), dtype=np.int64)
        np.minimum.at(owner, which, commune)
        owner[owner == len(self.polygons)] = OUTSIDE
        return owner.astype(np.int16).reshape(px.shape)

    def nearest(
        self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]
    ) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
        """Return the nearest commune of each point and the distance to its limit (0 inside), m."""
        import shapely

        px, py = (
            np.asarray(x_m, dtype=np.float64).ravel(),
            np.asarray(y_m, dtype=np.float64).ravel(),
        )
        (which, commune), distance = self._tree.query_nearest(
            shapely.points(px, py), return_distance=True, all_matches=False
        )
        index, distance_m = np.zeros(px.size, dtype=np.int16), np.zeros(px.size)
        index[which], distance_m[which] = commune, distance
        inside = self.at(px, py)
        return np.where(inside == OUTSIDE, index, inside).astype(np.int16), distance_m

    def owner_grid(
        self, west_m: float, north_m: float, rows: int, columns: int, resolution_m: float
    ) -> NDArray[np.int16]:
        """Return the owner of each cell centre of any north-up grid; -1 outside."""
        return burn(self.polygons, west_m, north_m, rows, columns, resolution_m)

    def outlines(self) -> list[BaseGeometry]:
        """Return the supplied polygons."""
        return list(self.polygons)


def burn(
    polygons: Sequence[Any],
    west_m: float,
    north_m: float,
    rows: int,
    columns: int,
    resolution_m: float,
) -> NDArray[np.int16]:
    """Return the index of the polygon under each cell centre, -1 where there is none."""
    from rasterio.features import rasterize
    from rasterio.transform import from_origin

    # Burnt from the last to the first, so the first polygon wins an overlap, as in `at`.
    shapes = [(polygon, index) for index, polygon in reversed(list(enumerate(polygons)))]
    grid = rasterize(
        shapes,
        out_shape=(rows, columns),
        transform=from_origin(west_m, north_m, resolution_m, resolution_m),
        fill=OUTSIDE,
        dtype="int16",
    )
    return np.asarray(grid, dtype=np.int16)


def areas_from_polygons(
    path: Path | str,
    communes: Sequence[Commune],
    *,
    layer: str | None = None,
    mergers: Mapping[str, Merger] | None = None,
    notices: list[Text] | None = None,
    resolution_m: float = OWNER_RESOLUTION_M,
) -> PolygonAreas:
    """Return the areas drawn by a GeoJSON or GeoPackage with an `insee` field.

    Several polygons of one commune (parts, or old communes named in `mergers`) are united; each
    old code met adds a sentence to `notices`.

    Raises
    ------
    DataError
        As :func:`twin.layers.read_layer`; also no `insee` field, a geometry that is not a polygon,
        a code that is not in the communes table, a commune without polygon, or a polygon far from
        its commune's point (wrong coordinate system).
    """
    import shapely

    found = read_layer(path, layer)
    table = check_cells(found.cells, {"insee": INSEE}, allow_extra=True)
    codes = map_codes(table.texts("insee"), mergers or {}, [] if notices is None else notices)
    parts = _polygons(found, table, codes, communes)
    missing = [c for c in communes if c.insee not in parts]
    raise_all(
        [
            Fault(
                file=table.file,
                key=c.insee,
                value=c.name,
                expected=Text("un polygone pour chaque commune", "a polygon for each commune"),
                remedy=Text("ajoutez le polygone", "add the polygon"),
            )
            for c in missing
        ]
    )
    polygons = tuple(shapely.union_all(parts[c.insee]) for c in communes)
    _check_points(polygons, communes, table)
    box = shapely.total_bounds(polygons).tolist()
    west, north, rows, columns = covering_grid(box[0], box[1], box[2], box[3], resolution_m)
    return PolygonAreas(
        owner=burn(polygons, west, north, rows, columns, resolution_m),
        west_m=west,
        north_m=north,
        resolution_m=resolution_m,
        label=Text(f"limites fournies ({table.file})", f"supplied limits ({table.file})"),
        approximate=False,
        tolerance_m=BORDER_TOLERANCE_M,
        polygons=polygons,
    )


def _polygons(
    found: Layer, table: Table, codes: Sequence[str], communes: Sequence[Commune]
) -> dict[str, list[Any]]:
    """Return valid Lambert-93 polygons by present code."""
    import shapely

    known = {c.insee for c in communes}
    parts: dict[str, list[Any]] = {}
    faults: list[Fault] = []
    for row, (code, geometry) in enumerate(zip(codes, found.geometries, strict=True)):
        if code not in known:
            faults.append(
                table.fault(
                    row,
                    "insee",
                    code,
                    Text("un code de la table des communes", "a code of the communes table"),
                    Text("ôtez ce polygone ou ajoutez la commune",
                         "remove this polygon or add the commune"),
                )
            )  # fmt: skip
        elif geometry is None or geometry.geom_type not in ("Polygon", "MultiPolygon"):
            faults.append(
                table.fault(
                    row,
                    "geometry",
                    "∅" if geometry is None else geometry.geom_type,
                    Text("un polygone", "a polygon"),
                    Text("remplacez la géométrie", "replace the geometry"),
                )
            )
        else:
            projected = shapely.transform(
                geometry, lambda xy: np.stack(found.to_lambert(xy[:, 0], xy[:, 1]), axis=1)
            )
            parts.setdefault(code, []).append(shapely.make_valid(projected))
    raise_all(faults)
    return parts


def _check_points(polygons: Sequence[Any], communes: Sequence[Commune], table: Table) -> None:
    """Raise where a polygon is nowhere near its commune's point."""
    import shapely

    points = shapely.points([c.x_m for c in communes], [c.y_m for c in communes])
    distance_m = shapely.distance(np.array(polygons), points)
    raise_all(
        [
            Fault(
                file=table.file,
                key=communes[i].insee,
                value=f"{distance_m[i]:.0f} m",
                expected=Text(
                    "un polygone autour du point de la commune",
                    "a polygon around the commune's point",
                ),
                remedy=Text(
                    "vérifiez le système de coordonnées et le code",
                    "check the coordinate system and the code",
                ),
            )
            for i in np.flatnonzero(~(distance_m <= POINT_TOLERANCE_M)).tolist()
        ]
    )
