"""Reading a terrain profile a planner exports: distance (km) and height (m), one row a sample."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.cells import Cells, raise_all, read_cells, shorten
from twin.errors import Fault
from twin.lang import Text
from twin.tables import parse_number

LEAST_SAMPLES = 3
LONGEST_KM = 2_000.0
HEIGHTS_M = (-500.0, 9_000.0)

_NAMES = ("distance (km)", "dem height (m amsl)", "distance_km", "height_m", "distance", "height")
_METRES = re.compile(r"\(\s*m\s*\)|_m$")


def read_profile(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (distances_m, heights_m) of a CSV profile, both of shape (samples,).

    The first column is the distance in kilometres from the transmitter, strictly increasing from 0;
    the second the ground height in metres above sea level. Column names are free; further columns
    are ignored. Both CSV dialects are read (`,` and decimal point; `;` and decimal comma).

    Raises
    ------
    DataError
        With every fault found: file absent, empty, not UTF-8 or with another separator; one
        column, fewer than three samples, a cell that is not a number, a first distance that is not
        0, distances that do not increase, heights no ground on Earth has, metres for kilometres.
    """
    cells = read_cells(path, _NAMES)
    raise_all(_header_faults(cells))
    distance_name, height_name = list(cells.columns)[:2]
    km = _numbers(cells, distance_name)
    heights = _numbers(cells, height_name)
    faults = _number_faults(cells, distance_name, km) + _number_faults(cells, height_name, heights)
    faults += _distance_faults(cells, distance_name, km)
    faults += _height_faults(cells, height_name, heights)
    if len(cells) < LEAST_SAMPLES:
        faults.append(
            Fault(
                file=cells.file,
                value=str(len(cells)),
                expected=Text("au moins 3 échantillons", "at least 3 samples"),
                remedy=Text("exportez tout le profil", "export the whole profile"),
            )
        )
    raise_all(faults)
    return km * 1000.0, heights


def _numbers(cells: Cells, name: str) -> NDArray[np.float64]:
    """Return a column's numbers, NaN where a cell holds none."""
    comma = cells.decimal_comma
    texts = cells.columns[name]
    return np.array([parse_number(text, decimal_comma=comma) for text in texts], dtype=np.float64)


def _header_faults(cells: Cells) -> list[Fault]:
    """Return what is wrong with the column names."""
    names = list(cells.columns)
    if len(names) < 2:  # noqa: PLR2004 - a profile has two columns
        return [
            Fault(
                file=cells.file,
                value=shorten(names[0]),
                expected=Text(
                    "deux colonnes, distance (km) et altitude (m), séparées par « ; » ou « , »",
                    "two columns, distance (km) and height (m), separated by ';' or ','",
                ),
                remedy=Text("vérifiez le séparateur", "check the separator"),
            )
        ]
    comma = cells.decimal_comma
    if not np.isnan([parse_number(name, decimal_comma=comma) for name in names[:2]]).any():
        return [
            Fault(
                file=cells.file,
                key="l. 1",
                value=shorten(", ".join(names[:2])),
                expected=Text("une ligne d'en-tête", "a header line"),
                remedy=Text("ajoutez les noms de colonnes", "add the column names"),
            )
        ]
    if _METRES.search(names[0].lower()):
        return [
            Fault(
                file=cells.file,
                key=names[0],
                value="m",
                expected=Text("des distances en km", "distances in km"),
                remedy=Text("divisez par 1 000 et renommez", "divide by 1,000 and rename"),
            )
        ]
    return []


def _number_faults(cells: Cells, name: str, values: NDArray[np.float64]) -> list[Fault]:
    """Return a fault for each cell that is not a number."""
    return [
        Fault(
            file=cells.file,
            key=f"{cells.places[row]}, {name}",
            value=shorten(cells.columns[name][row]) or "∅",
            expected=Text("un nombre", "a number"),
            remedy=Text("corrigez cette cellule", "correct this cell"),
        )
        for row in np.flatnonzero(np.isnan(values))
    ]


def _distance_faults(cells: Cells, name: str, km: NDArray[np.float64]) -> list[Fault]:
    """Return a fault for each distance that does not increase from 0, or is no distance in km."""
    before = np.concatenate([[-np.inf], km[:-1]])
    with np.errstate(invalid="ignore"):
        stuck = km <= before
    faults = [
        Fault(
            file=cells.file,
            key=f"{cells.places[row]}, {name}",
            value=shorten(cells.columns[name][row]),
            expected=Text(
                "une distance plus grande qu'à la ligne d'avant", "an increasing distance"
            ),
            remedy=Text("triez le profil, ôtez les doublons", "sort, and drop repeated rows"),
        )
        for row in np.flatnonzero(stuck)
    ]
    if km[0] != 0.0 and not np.isnan(km[0]):
        faults.append(
            Fault(
                file=cells.file,
                key=f"{cells.places[0]}, {name}",
                value=shorten(cells.columns[name][0]),
                expected=Text("0 km sous l'émetteur", "0 km under the transmitter"),
                remedy=Text(
                    "comptez les distances depuis l'émetteur",
                    "count distances from the transmitter",
                ),
            )
        )
    if np.nanmax(km, initial=0.0) > LONGEST_KM:
        faults.append(
            Fault(
                file=cells.file,
                key=name,
                value=f"{np.nanmax(km):g}",
                expected=Text("des km, 2 000 au plus", "km, 2,000 at most"),
                remedy=Text("divisez les mètres par 1 000", "divide metres by 1,000"),
            )
        )
    return faults


def _height_faults(cells: Cells, name: str, heights: NDArray[np.float64]) -> list[Fault]:
    """Return a fault for each height no ground on Earth has (a void's code, mostly)."""
    low, high = HEIGHTS_M
    with np.errstate(invalid="ignore"):
        bad = (heights < low) | (heights > high)
    return [
        Fault(
            file=cells.file,
            key=f"{cells.places[row]}, {name}",
            value=shorten(cells.columns[name][row]),
            expected=Text("une altitude de −500 à 9 000 m", "a height of -500 to 9,000 m"),
            remedy=Text(
                "comblez les lacunes du relief avant l'export",
                "fill the terrain's voids before exporting",
            ),
        )
        for row in np.flatnonzero(bad)
    ]
