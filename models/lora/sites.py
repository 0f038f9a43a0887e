"""Candidate high points: mobile masts, municipal water towers and churches, the planner's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.lora.meters import home_communes
from models.lora.settings import SitesSection
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.points import read_points
from twin.scenario.keys import nearest
from twin.tables import Column, Kind
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune

KIND_LABELS: dict[str, Text] = {
    "mast": Text("pylône existant", "existing mast"),
    "municipal": Text("point haut communal", "municipal high point"),
    "own": Text("point du planificateur", "planner's point"),
}

_HEIGHTS = {
    "height_low_m": Column(minimum=2.0, maximum=350.0),
    "height_mode_m": Column(minimum=2.0, maximum=350.0),
    "height_high_m": Column(minimum=2.0, maximum=350.0),
}

SITE_COLUMNS = {
    "id": Column(Kind.TEXT, unique=True, pattern=r"[A-Za-z0-9_.-]+"),
    "name": Column(Kind.TEXT, default=""),
    "insee": Column(Kind.TEXT, default=""),
    **_HEIGHTS,
}
"""What a table of high points must hold, beside positions."""


@dataclass(frozen=True)
class Sites:
    """High points as arrays of one entry each, in the order masts, municipal, own.

    `height_m` has shape (sites, 3): low, mode and high antenna height above ground; `kind` is a
    key of KIND_LABELS; `commune` is the index of each site's commune.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kind: tuple[str, ...]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    height_m: NDArray[np.float64]
    commune: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)

    def is_kind(self, *kinds: str) -> NDArray[np.bool_]:
        """Return which sites are of one of `kinds`, shape (sites,)."""
        return np.array([kind in kinds for kind in self.kind], dtype=np.bool_)

    def index_of(self, names: Sequence[str], key: str, file: Path) -> NDArray[np.int64]:
        """Return the indices of the sites named, or one fault per unknown name."""
        position = {site: index for index, site in enumerate(self.ids)}
        faults = [
            Fault(
                expected=Text("l'identifiant d'un site", "the id of a site"),
                remedy=Text(
                    f"écrire « {nearest(name, position) or self.ids[0]} » ?",
                    f"did you mean '{nearest(name, position) or self.ids[0]}'?",
                ),
                file=str(file),
                key=key,
                value=name,
            )
            for name in names
            if name not in position
        ]
        if faults:
            raise DataError(*faults)
        return np.array([position[name] for name in names], dtype=np.int64)


def read_sites(
    section: SitesSection, areas: CommuneAreas, communes: Sequence[Commune] = ()
) -> Sites:
    """Return every candidate the scenario names; which kinds may be used is decided later.

    A site belongs to the commune its row names in `insee` where `communes` are given, else to the
    one it stands in.

    Raises
    ------
    DataError
        As :func:`twin.points.read_points`; also heights out of order, an id met twice.
    """
    files = (
        ("mast", section.masts, None),
        ("municipal", section.municipal, None),
        ("own", section.own, section.own_layer),
    )
    groups = [
        _read_group(kind, file, layer, areas, communes)
        for kind, file, layer in files
        if file is not None
    ]
    ids = tuple(site for group in groups for site in group.ids)
    _check_unique(ids, section)
    return Sites(
        ids=ids,
        names=tuple(name for group in groups for name in group.names),
        kind=tuple(kind for group in groups for kind in group.kind),
        x_m=np.concatenate([group.x_m for group in groups]),
        y_m=np.concatenate([group.y_m for group in groups]),
        height_m=np.concatenate([group.height_m for group in groups]),
        commune=np.concatenate([group.commune for group in groups]),
    )


def _read_group(
    kind: str, file: Path, layer: str | None, areas: CommuneAreas, communes: Sequence[Commune]
) -> Sites:
    points = read_points(file, SITE_COLUMNS, layer=layer, inside=areas.contains)
    table = points.table
    low, mode, high = (table.numbers(name) for name in _HEIGHTS)
    disordered = np.flatnonzero((low > mode) | (mode > high))
    if len(disordered):
        raise DataError(
            *(
                table.fault(
                    int(row),
                    "height_mode_m",
                    f"{low[row]:g}, {mode[row]:g}, {high[row]:g}",
                    Text("trois hauteurs croissantes", "three ascending heights"),
                    Text("ordonner basse, usuelle, haute", "order low, mode, high"),
                )
                for row in disordered[:20]
            )
        )
    return Sites(
        ids=tuple(table.texts("id")),
        names=tuple(table.texts("name")),
        kind=(kind,) * len(points),
        x_m=points.x_m,
        y_m=points.y_m,
        height_m=np.column_stack([low, mode, high]),
        commune=home_communes(areas, points.x_m, points.y_m, table.texts("insee"), communes),
    )


def _check_unique(ids: tuple[str, ...], section: SitesSection) -> None:
    twice = sorted(site for site, times in Counter(ids).items() if times > 1)
    if twice:
        raise DataError(
            Fault(
                expected=Text("un identifiant par site", "one id per site"),
                remedy=Text("renommer l'un des deux", "rename one of the two"),
                file=", ".join(
                    str(file) for file in (section.masts, section.municipal, section.own) if file
                ),
                key="id",
                value=", ".join(twice[:5]),
            )
        )
