"""Points a planner supplies: CSV, GeoJSON or GeoPackage in, Lambert-93 arrays out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.cells import Cells, raise_all, read_cells
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.layers import LAYER_SUFFIXES, read_layer, to_lambert
from twin.tables import Column, Table, check_cells

Floats: TypeAlias = NDArray[np.float64]
Inside: TypeAlias = Callable[[Floats, Floats], NDArray[np.bool_]]

WGS84 = "EPSG:4326"
METRES = ("x_m", "y_m")
DEGREES = ("lon", "lat")
CSV_SUFFIXES = (".csv", ".txt")
# Boxes (west, south, east, north) of mainland France and Corsica, to recognise a mistaken system.
FRANCE_LAMBERT_93_M = (0.0, 6_000_000.0, 1_300_000.0, 7_200_000.0)
FRANCE_LAMBERT_II_M = (0.0, 1_600_000.0, 1_250_000.0, 2_750_000.0)
FRANCE_DEG = (-6.0, 41.0, 10.0, 52.0)
WORLD_DEG = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True)
class PointTable:
    """Checked points: `x_m`, `y_m` in Lambert-93, shape (n,), and their attributes in `table`."""

    x_m: Floats
    y_m: Floats
    table: Table

    def __len__(self) -> int:
        return len(self.x_m)


def read_points(
    path: Path | str,
    columns: Mapping[str, Column],
    *,
    layer: str | None = None,
    inside: Inside | None = None,
    allow_extra: bool = True,
    needed: Collection[str] = (),
) -> PointTable:
    """Read points with their attributes from CSV, GeoJSON or GeoPackage.

    Parameters
    ----------
    path
        A CSV with the columns `x_m`, `y_m` (Lambert-93) or `lon`, `lat` (WGS84); a GeoJSON; a
        GeoPackage in any system that names its EPSG code.
    columns
        The declared attributes, as in :func:`twin.tables.read_table`; positions are not among
        them.
    layer
        Which layer of a GeoPackage; needed where there are several.
    inside
        Says which positions lie in the territory (`areas.contains`); the others are refused.
    allow_extra
        Let undeclared attributes pass unread.
    needed
        Declared attributes that must be there though they have a default: somebody named them.

    Raises
    ------
    DataError
        Once, with every fault found: unreadable file, wrong columns or cells, geometry that is not
        a point, longitude and latitude swapped, metres given as degrees or the reverse, points
        outside the territory.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in CSV_SUFFIXES:
        x, y, crs, cells, names = _from_csv(path, columns)
        declared = {name: Column() for name in names} | dict(columns)
    elif suffix in LAYER_SUFFIXES:
        x, y, crs, cells = _from_layer(path, layer)
        names, declared = ("geometry", "geometry"), dict(columns)
    else:
        raise DataError(
            Fault(
                file=path.name,
                value=suffix,
                expected=Text("un fichier .csv, .geojson ou .gpkg", "a .csv, .geojson or .gpkg"),
                remedy=Text("exportez la couche dans l'un de ces formats",
                            "export the layer to one of these formats"),
            )
        )  # fmt: skip
    raise_all([_not_there(cells, name) for name in needed if name not in cells.columns])
    table = check_cells(cells, declared, allow_extra=allow_extra)
    _check_system(x, y, crs, names, table)
    if crs != METRES:
        x, y = to_lambert(x, y, WGS84 if crs == DEGREES else crs[0])
    _check_inside(x, y, inside, names, table)
    return PointTable(x_m=x, y_m=y, table=table)


def _not_there(cells: Cells, name: str) -> Fault:
    there = ", ".join(cells.columns)
    return Fault(
        file=cells.file,
        key=f"col. {name}",
        expected=Text(f"une colonne du fichier : {there}", f"a column of the file: {there}"),
        remedy=Text("corrigez le nom donné à cette colonne", "mend the name given to this column"),
    )


def _from_csv(
    path: Path, columns: Mapping[str, Column]
) -> tuple[Floats, Floats, tuple[str, str], Cells, tuple[str, str]]:
    """Return raw positions, their system, the cells and the two position columns of a CSV."""
    known = {name.lower() for name in (*columns, *METRES, *DEGREES)}
    cells = read_cells(path, known)
    metres = all(name in cells.columns for name in METRES)
    degrees = all(name in cells.columns for name in DEGREES)
    if metres and degrees:
        raise DataError(
            Fault(
                file=cells.file,
                key="col. x_m, y_m, lon, lat",
                expected=Text("une seule paire de coordonnées", "a single pair of coordinates"),
                remedy=Text("ôtez l'autre paire", "remove the other pair"),
            )
        )
    names = DEGREES if degrees or "lon" in cells.columns or "lat" in cells.columns else METRES
    positions = check_cells(
        Cells(
            file=cells.file,
            columns={n: cells.columns[n] for n in cells.columns if n not in columns},
            places=cells.places,
            decimal_comma=cells.decimal_comma,
        ),
        {name: Column(expected=_position(name)) for name in names},
        allow_extra=True,
    )
    return positions.numbers(names[0]), positions.numbers(names[1]), names, cells, names


def _position(name: str) -> Text:
    if name in METRES:
        return Text("un nombre de mètres en Lambert-93", "a number of Lambert-93 metres")
    return Text("un nombre de degrés WGS84", "a number of WGS84 degrees")


def _from_layer(path: Path, layer: str | None) -> tuple[Floats, Floats, tuple[str, str], Cells]:
    """Return raw positions, their system and the attributes of a vector layer."""
    found = read_layer(path, layer)
    x, y = np.full(len(found.geometries), np.nan), np.full(len(found.geometries), np.nan)
    faults: list[Fault] = []
    for row, geometry in enumerate(found.geometries):
        kind = "∅" if geometry is None or geometry.is_empty else str(geometry.geom_type)
        if geometry is not None and kind == "MultiPoint" and len(geometry.geoms) == 1:
            geometry, kind = geometry.geoms[0], "Point"  # noqa: PLW2901 - QGIS exports so
        if geometry is not None and kind == "Point":
            x[row], y[row] = geometry.x, geometry.y
        else:
            faults.append(
                Fault(
                    file=found.cells.file,
                    key=f"{found.cells.places[row]}, geometry",
                    value=kind,
                    expected=Text("un point", "a point"),
                    remedy=Text(
                        "remplacez l'objet par un point (QGIS : centroïdes)",
                        "replace the feature by a point (QGIS: centroids)",
                    ),
                )
            )
    raise_all(faults)
    if found.geographic:
        return x, y, DEGREES, found.cells
    if found.crs.upper() == "EPSG:2154":
        return x, y, METRES, found.cells
    return x, y, (found.crs, found.crs), found.cells


def _in_box(x: Floats, y: Floats, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    return (x >= box[0]) & (y >= box[1]) & (x <= box[2]) & (y <= box[3])


def _check_system(
    x: Floats, y: Floats, crs: tuple[str, str], names: tuple[str, str], table: Table
) -> None:
    """Raise one fault for each way positions betray another system than the one declared."""
    world = _in_box(x, y, WORLD_DEG)
    swapped = Text("les deux coordonnées semblent inversées", "lon and lat look swapped")
    tests: list[tuple[NDArray[np.bool_], Text, Text]] = []
    if crs == DEGREES:
        tests = [
            (
                _in_box(y, x, FRANCE_DEG) & ~_in_box(x, y, FRANCE_DEG),
                Text("lon puis lat en degrés", "lon then lat in degrees"),
                Text(f"{swapped.fr} : échangez-les", f"{swapped.en}: swap them"),
            ),
            (
                _in_box(x, y, FRANCE_LAMBERT_93_M) & ~world,
                Text("des degrés WGS84, ceci ressemble à des mètres Lambert-93",
                     "WGS84 degrees, these look like Lambert-93 metres"),
                Text("nommez les colonnes x_m et y_m, ou déclarez EPSG:2154",
                     "name the columns x_m and y_m, or declare EPSG:2154"),
            ),
            (
                ~world & ~_in_box(x, y, FRANCE_LAMBERT_93_M),
                Text("lon dans [-180, 180] et lat dans [-90, 90]",
                     "lon in [-180, 180] and lat in [-90, 90]"),
                Text("vérifiez le système de coordonnées", "check the coordinate system"),
            ),
        ]  # fmt: skip
    elif crs == METRES:
        tests = [
            (
                world,
                Text("des mètres Lambert-93, ceci ressemble à des degrés",
                     "Lambert-93 metres, these look like degrees"),
                Text("nommez les colonnes lon et lat", "name the columns lon and lat"),
            ),
            (
                _in_box(y, x, FRANCE_LAMBERT_93_M),
                Text("x_m (est) puis y_m (nord)", "x_m (east) then y_m (north)"),
                Text("x_m et y_m semblent inversés : échangez-les",
                     "x_m and y_m look swapped: swap them"),
            ),
            (
                _in_box(x, y, FRANCE_LAMBERT_II_M),
                Text("du Lambert-93, ceci ressemble à du Lambert II étendu (EPSG:27572)",
                     "Lambert-93, these look like Lambert II étendu (EPSG:27572)"),
                Text("reprojetez en Lambert-93 (EPSG:2154)", "reproject to EPSG:2154"),
            ),
        ]  # fmt: skip
    faults = [
        _mass_fault(x, y, bad, names, table, expected, remedy)
        for bad, expected, remedy in tests
        if bad.any()
    ]
    raise_all(faults)


def _mass_fault(
    x: Floats,
    y: Floats,
    bad: NDArray[np.bool_],
    names: tuple[str, str],
    table: Table,
    expected: Text,
    remedy: Text,
) -> Fault:
    """Return one fault for all the rows that share a mistake, showing the first."""
    rows = np.flatnonzero(bad)
    where = ", ".join(dict.fromkeys(names))
    return Fault(
        file=table.file,
        key=f"{table.places[int(rows[0])]} (n = {len(rows)}/{len(bad)}), col. {where}",
        value=f"{x[rows[0]]:.10g}, {y[rows[0]]:.10g}",
        expected=expected,
        remedy=remedy,
    )


def _check_inside(
    x_m: Floats, y_m: Floats, inside: Inside | None, names: tuple[str, str], table: Table
) -> None:
    """Raise a fault for each point outside the territory."""
    within = np.isfinite(x_m) & np.isfinite(y_m)
    if inside is not None and within.any():
        within[within] = inside(x_m[within], y_m[within])
    where = ", ".join(dict.fromkeys(names))
    raise_all(
        [
            Fault(
                file=table.file,
                key=f"{table.places[row]}, {where}",
                value=f"x_m {x_m[row]:.0f}, y_m {y_m[row]:.0f}",
                expected=Text("un point dans le territoire", "a point in the territory"),
                remedy=Text(
                    "corrigez ou ôtez ce point, ou étendez le territoire",
                    "mend or remove this point, or extend the territory",
                ),
            )
            for row in np.flatnonzero(~within)
        ]
    )
