"""The planned gateways: a table of site ids, looked up among the candidate sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.lora.settings import Settings
from models.lora.sites import Sites, read_sites
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.tables import Column, Kind, read_table
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune


def planned_sites(
    settings: Settings, areas: CommuneAreas, communes: Sequence[Commune] = ()
) -> Sites:
    """Return the sites that carry a gateway, in the order of the candidates.

    Raises
    ------
    DataError
        As :func:`models.lora.sites.read_sites`; also an id that is no candidate's, an empty table.
    """
    assert settings.load is not None  # noqa: S101 - the settings ask for it
    file = settings.load.gateways
    table = read_table(file, {"id": Column(Kind.TEXT, unique=True)})
    candidates = read_sites(settings.sites, areas, communes)
    chosen = sorted(candidates.index_of(table.texts("id"), "id", file).tolist())
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
        candidates,
        ids=tuple(candidates.ids[row] for row in chosen),
        names=tuple(candidates.names[row] for row in chosen),
        kind=tuple(candidates.kind[row] for row in chosen),
        x_m=candidates.x_m[chosen],
        y_m=candidates.y_m[chosen],
        height_m=candidates.height_m[chosen],
        commune=candidates.commune[chosen],
    )
