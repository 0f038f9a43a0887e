"""The planned gateways: a table of site ids, looked up among the candidate sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from models.lora.settings import SitesSection
from models.lora.sites import Sites, read_sites
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.tables import Column, Kind, read_table
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune


def planned_sites(
    file: Path, candidates: SitesSection, areas: CommuneAreas, communes: Sequence[Commune] = ()
) -> Sites:
    """Return the candidates that carry a gateway, in their order; `file` is the table of their ids.

    Raises
    ------
    DataError
        As :func:`models.lora.sites.read_sites`; also an id that is no candidate's, an empty table.
    """
    table = read_table(file, {"id": Column(Kind.TEXT, unique=True)})
    known = read_sites(candidates, areas, communes)
    chosen = sorted(known.index_of(table.texts("id"), "id", file).tolist())
    if not chosen:
        raise DataError(
            Fault(
                Text("au moins une passerelle", "at least one gateway"),
                Text("ajoutez l'identifiant d'un site", "add the id of a site"),
                file=str(file),
                key="id",
            )
        )
    return replace(
        known,
        ids=tuple(known.ids[row] for row in chosen),
        names=tuple(known.names[row] for row in chosen),
        kind=tuple(known.kind[row] for row in chosen),
        x_m=known.x_m[chosen],
        y_m=known.y_m[chosen],
        height_m=known.height_m[chosen],
        commune=known.commune[chosen],
    )
