"""Vector layers a planner supplies: GeoJSON and GeoPackage, whatever their coordinate system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.cells import Cells, read_bytes, shorten
from twin.errors import DataError, Fault
from twin.lang import Text, same

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

LAMBERT_93 = "EPSG:2154"
GEOJSON_SUFFIXES = (".geojson", ".json")
LAYER_SUFFIXES = (*GEOJSON_SUFFIXES, ".gpkg")


@dataclass(frozen=True)
class Layer:
    """One vector layer as delivered.

    `geometries` are shapely objects (None where a feature has none) in the layer's own system
    `crs` (`EPSG:4326`); `cells` the attributes as text, in the same order; `geographic` says that
    coordinates are longitudes and latitudes.
    """

    geometries: list[BaseGeometry | None]
    cells: Cells
    crs: str
    geographic: bool

    def to_lambert(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return positions of this layer's system in Lambert-93, m."""
        return to_lambert(x, y, self.crs)

    def in_lambert(self) -> list[BaseGeometry | None]:
        """Return the geometries in Lambert-93, without heights; None where a feature has none."""
        import shapely

        flat = shapely.force_2d(np.array(self.geometries, dtype=object))
        if self.crs.upper() == LAMBERT_93:
            return list(flat.tolist())

        def moved(places: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(self.to_lambert(places[:, 0], places[:, 1]))

        return list(shapely.transform(flat, moved).tolist())


def to_lambert(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return positions of any coordinate system in Lambert-93, m.

    `x` is east or longitude, `y` north or latitude. Positions the projection cannot reach come
    out infinite.
    """
    from pyproj import Transformer

    transformer = Transformer.from_crs(crs, LAMBERT_93, always_xy=True)
    east, north = transformer.transform(x, y)
    return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)


def to_degrees(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitudes and latitudes (WGS84, degrees) of places in Lambert-93."""
    from pyproj import Transformer

    transformer = Transformer.from_crs(LAMBERT_93, "EPSG:4326", always_xy=True)
    lon_deg, lat_deg = transformer.transform(x_m, y_m)
    return np.asarray(lon_deg, dtype=np.float64), np.asarray(lat_deg, dtype=np.float64)


def _fault(file: str, value: str, expected: Text, remedy: Text) -> DataError:
    return DataError(Fault(file=file, value=shorten(value), expected=expected, remedy=remedy))


def _choose(file: str, names: Sequence[str], wanted: str | None) -> str:
    """Return the name of the layer to read."""
    listed = same(", ".join(names))
    if wanted is not None and wanted not in names:
        raise _fault(
            file,
            wanted,
            Text(f"l'une des couches {listed.fr}", f"one of the layers {listed.en}"),
            Text("corrigez le nom de la couche", "mend the layer's name"),
        )
    if not names:
        raise _fault(
            file,
            "",
            Text("une couche, le fichier n'en contient pas", "a layer, the file has none"),
            Text("exportez de nouveau la couche", "export the layer again"),
        )
    if wanted is None and len(names) > 1:
        raise _fault(
            file,
            ", ".join(names),
            Text("une seule couche, ou son nom", "a single layer, or its name"),
            Text("nommez la couche à lire", "name the layer to read"),
        )
    return wanted if wanted is not None else names[0]


def _text(value: Any) -> str:
    """Return an attribute as a text cell; nothing for null and NaN."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - exact integers
        return str(int(value))  # a null in an integer column makes GDAL deliver floats
    return str(value).strip()


def _is_geographic(crs: str) -> bool | None:
    """Return whether a system is in degrees, None where it is not a system on the Earth."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        known = CRS.from_user_input(crs)
    except CRSError:
        return None
    if known.is_geographic or known.is_projected:
        return bool(known.is_geographic)
    return None


def read_layer(path: Path | str, layer: str | None = None) -> Layer:
    """Read one layer of a GeoJSON or GeoPackage file.

    Parameters
    ----------
    path
        The file. GeoJSON is WGS84 unless it says otherwise; a GeoPackage must name its system.
    layer
        The layer's name; needed where there are several.

    Raises
    ------
    DataError
        Unreadable file, no or several layers, no coordinate system, no feature.
    """
    import pyogrio.raw
    import shapely
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

    path = Path(path)
    file = path.name
    read_bytes(path, file)
    try:
        with_geometry = [row for row in pyogrio.list_layers(path) if row[1] is not None]
        name = _choose(file, [str(row[0]) for row in with_geometry], layer)
        meta, fids, wkb, fields = pyogrio.raw.read(path, layer=name, return_fids=True)
        geometries = shapely.from_wkb(wkb).tolist()
    except (
        DataLayerError,
        DataSourceError,
        FieldError,
        GeometryError,
        ValueError,
        RuntimeError,
        shapely.errors.ShapelyError,
    ) as error:
        raise _fault(
            file,
            str(error),
            Text("un fichier GeoJSON ou GeoPackage lisible", "a readable GeoJSON or GeoPackage"),
            Text("exportez de nouveau la couche", "export the layer again"),
        ) from error
    if not geometries:
        raise _fault(
            file,
            name,
            Text("au moins un objet, la couche est vide", "at least one feature, it is empty"),
            Text("exportez de nouveau la couche", "export the layer again"),
        )
    crs = str(meta["crs"] or "")
    geographic = _is_geographic(crs)
    if geographic is None:
        raise _fault(
            file,
            crs or name,
            Text("un système de coordonnées déclaré", "a declared coordinate system"),
            Text(
                "déclarez-le dans QGIS (EPSG:2154 pour le Lambert-93)",
                "declare it in QGIS (EPSG:2154 for Lambert-93)",
            ),
        )
    columns = {
        str(field): [_text(value) for value in values.tolist()]
        for field, values in zip(meta["fields"], fields, strict=True)
    }
    # The feature's rank, not its fid: QGIS shows ranks, and a GeoJSON may carry any id.
    places = [f"n. {rank}" for rank in range(1, len(fids) + 1)]
    return Layer(
        geometries=geometries,
        cells=Cells(file=file, columns=columns, places=places),
        crs=crs,
        geographic=geographic,
    )
