"""Reads services' years from a CSV file, in French or English column names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.water.indicators.volumes import Floats, Volumes, volumes_of
from twin.cells import Cells, raise_all, read_cells
from twin.errors import Fault
from twin.lang import Text
from twin.tables import Column, Kind, Table, check_cells

FRENCH = {
    "service": "service",
    "annee": "year",
    "volume_produit_m3": "produced_m3",
    "volume_importe_m3": "imported_m3",
    "volume_exporte_m3": "exported_m3",
    "volume_comptabilise_m3": "metered_m3",
    "volume_sans_comptage_m3": "unmetered_m3",
    "volume_de_service_m3": "service_m3",
    "lineaire_hors_branchements_km": "mains_km",
    "abonnes": "subscribers",
    "prelevement_en_zre_m3": "zre_withdrawn_m3",
    "branchements": "connections",
    "pression_moyenne_m": "pressure_m",
    "lineaire_prive_km": "private_pipe_km",
}
"""French column names and the English ones they stand for."""

_LARGEST_YEAR = 9999.0
_VOLUME = Column(minimum=0.0, expected=Text("un volume en m³, zéro ou plus",
                                            "a volume in m³, zero or more"))  # fmt: skip
_OTHER_VOLUME = Column(minimum=0.0, default=0.0, expected=_VOLUME.expected)
COLUMNS = {
    "service": Column(Kind.TEXT),
    "year": Column(Kind.INTEGER, minimum=1.0, maximum=_LARGEST_YEAR),
    "produced_m3": _VOLUME,
    "imported_m3": _OTHER_VOLUME,
    "exported_m3": _OTHER_VOLUME,
    "metered_m3": _VOLUME,
    "unmetered_m3": _OTHER_VOLUME,
    "service_m3": _OTHER_VOLUME,
    "mains_km": Column(
        minimum=math.ulp(0.0),
        expected=Text("une longueur de plus de 0 km", "a length above 0 km"),
    ),
    "subscribers": Column(minimum=0.0, default=math.nan),
    "zre_withdrawn_m3": _OTHER_VOLUME,
    "connections": Column(minimum=0.0, default=math.nan),
    "pressure_m": Column(minimum=0.0, maximum=1000.0, default=math.nan),
    "private_pipe_km": Column(minimum=0.0, default=0.0),
}


@dataclass(frozen=True, eq=False)
class Services:
    """Services' years; arrays of shape (rows,). Unknown counts and pressures are NaN."""

    names: tuple[str, ...]
    years: NDArray[np.int64]
    volumes: Volumes
    zre_withdrawn_m3: Floats
    subscribers: Floats
    connections: Floats
    pressure_m: Floats
    private_pipe_km: Floats

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.names)


def read_services(path: Path) -> Services:
    """Return the rows of a CSV file, one a service and year.

    Raises
    ------
    DataError
        With every fault: columns missing, unknown or given twice, cells that are no volume, a
        service and year met before, nothing put into supply.
    """
    names = {*COLUMNS, *FRENCH}
    cells = read_cells(path, names)
    table = check_cells(_in_english(cells), COLUMNS)
    raise_all([*_repeated(table), *_nothing_supplied(table)])
    return Services(
        names=tuple(table.texts("service")),
        years=table.integers("year"),
        volumes=volumes_of(
            produced_m3=table.numbers("produced_m3"),
            imported_m3=table.numbers("imported_m3"),
            exported_m3=table.numbers("exported_m3"),
            metered_m3=table.numbers("metered_m3"),
            unmetered_m3=table.numbers("unmetered_m3"),
            service_m3=table.numbers("service_m3"),
            mains_km=table.numbers("mains_km"),
        ),
        zre_withdrawn_m3=table.numbers("zre_withdrawn_m3"),
        subscribers=table.numbers("subscribers"),
        connections=table.numbers("connections"),
        pressure_m=table.numbers("pressure_m"),
        private_pipe_km=table.numbers("private_pipe_km"),
    )


def _in_english(cells: Cells) -> Cells:
    """Return the cells under English names; a column given in both languages is a fault."""
    columns: dict[str, list[str]] = {}
    faults = []
    for name, values in cells.columns.items():
        english = FRENCH.get(name.strip().lower(), name)
        if english in columns:
            faults.append(
                Fault(
                    file=cells.file,
                    key=f"col. {name}",
                    value=name,
                    expected=Text(
                        f"une seule colonne pour {english}", f"a single column for {english}"
                    ),
                    remedy=Text("ôtez l'une des deux", "remove one of the two"),
                )
            )
        columns[english] = values
    raise_all(faults)
    return Cells(cells.file, columns, cells.places, cells.decimal_comma)


def _repeated(table: Table) -> list[Fault]:
    """Return a fault for each service and year met before."""
    seen: dict[tuple[str, int], int] = {}
    faults = []
    pairs = zip(table.texts("service"), table.integers("year").tolist(), strict=True)
    for row, pair in enumerate(pairs):
        before = seen.setdefault(pair, row)
        if before != row:
            place = table.places[before]
            faults.append(
                table.fault(
                    row,
                    "service",
                    f"{pair[0]} {pair[1]}",
                    Text(f"une ligne par service et année, déjà vue {place}",
                         f"one row a service and year, already seen at {place}"),
                    Text("ôtez ou corrigez l'une des deux", "remove or mend one of the two"),
                )
            )  # fmt: skip
    return faults


def _nothing_supplied(table: Table) -> list[Fault]:
    """Return a fault for each row that sells all it has, or has nothing."""
    supplied = (
        table.numbers("produced_m3") + table.numbers("imported_m3") - table.numbers("exported_m3")
    )
    return [
        table.fault(
            row,
            "produced_m3",
            f"{supplied[row]:g}",
            Text(
                "produit + importé - exporté supérieur à 0 m³",
                "produced + imported - exported above 0 m³",
            ),
            Text("vérifiez ces trois volumes", "check these three volumes"),
        )
        for row in np.flatnonzero(~(supplied > 0.0)).tolist()
    ]
