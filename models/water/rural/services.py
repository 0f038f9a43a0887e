"""Which water service runs each commune's network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from twin.cells import raise_all
from twin.errors import Fault
from twin.lang import Text
from twin.tables import Column, Kind, read_table
from twin.territory.communes import INSEE_EXPECTED, INSEE_PATTERN, Commune

COLUMNS = {
    "insee": Column(Kind.TEXT, pattern=INSEE_PATTERN, expected=INSEE_EXPECTED, unique=True),
    "service": Column(Kind.TEXT),
}


def services_of(communes: Sequence[Commune], table: Path | None = None) -> dict[str, str]:
    """Return the name of the service of each commune, by INSEE code.

    Without a table, the group of communes (EPCI) runs the water: an assumption, since syndicates
    cut across them. `table` is a planner's CSV of `insee,service`; other columns pass unread.

    Raises
    ------
    DataError
        As :func:`twin.tables.read_table`; also a code that is no commune's, a commune left out.
    """
    if table is None:
        return {commune.insee: commune.epci_name for commune in communes}
    read = read_table(table, COLUMNS, allow_extra=True)
    given = dict(zip(read.texts("insee"), read.texts("service"), strict=True))
    known = {commune.insee for commune in communes}
    faults = [
        read.fault(
            row,
            "insee",
            code,
            Text("le code d'une commune du territoire", "the code of a commune of the territory"),
            Text("corriger le code, ou ôter la ligne", "mend the code, or remove the row"),
        )
        for row, code in enumerate(read.texts("insee"))
        if code not in known
    ]
    faults += [
        Fault(
            file=table.name,
            key="col. insee",
            value=f"{commune.name} ({commune.insee})",
            expected=Text("une ligne pour chaque commune", "a row for each commune"),
            remedy=Text("ajouter la commune et son service", "add the commune and its service"),
        )
        for commune in communes
        if commune.insee not in given
    ]
    raise_all(faults)
    return {commune.insee: given[commune.insee] for commune in communes}
