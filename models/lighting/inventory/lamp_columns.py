"""What a planner's file of lamps may hold, and under which names.

A row or a point a lamp: `id`, `insee`, `cabinet`, and `type` (of the catalogue) or `lamp_w` with
`gear_w` and `technology`; optional `height_m` (6), `fed_by` (the lamp before it on its feeder;
empty: the cabinet), `street`, `lighting_class` (P4), `road_width_m` (5), `footway_width_m` (1.5),
`spacing_m` (32), `installed` (2000), `kva` subscribed for the cabinet. A file that calls them
otherwise, as those of the CNIG's EclExt do, is read through `[lighting.inventory.columns]`.
"""

from __future__ import annotations

import math
import unicodedata
from pathlib import Path

from models.lighting.en13201.classes import CLASSES
from models.lighting.lamp_types import Technology
from twin.errors import Fault
from twin.lang import Text
from twin.points import PointTable, read_points
from twin.scenario.schema import Section
from twin.tables import Column, Kind, Table
from twin.territory.communes import INSEE

WATTS = Column(
    minimum=0.0,
    maximum=5_000.0,
    default=math.nan,
    expected=Text("une puissance en watts, zéro ou plus", "a power in watts, zero or more"),
)
COLUMNS = {
    "id": Column(Kind.TEXT, unique=True),
    "insee": INSEE,
    "cabinet": Column(Kind.TEXT, default=""),
    "type": Column(Kind.TEXT, default=""),
    "lamp_w": WATTS,
    "gear_w": WATTS,
    "technology": Column(Kind.TEXT, default="hps"),
    "height_m": Column(minimum=1.0, maximum=40.0, default=6.0),
    "fed_by": Column(Kind.TEXT, default=""),
    "street": Column(Kind.TEXT, default=""),
    "lighting_class": Column(Kind.TEXT, choices=CLASSES, default="P4"),
    "road_width_m": Column(minimum=1.0, maximum=60.0, default=5.0),
    "footway_width_m": Column(minimum=0.0, maximum=40.0, default=1.5),
    "spacing_m": Column(minimum=3.0, maximum=200.0, default=32.0),
    "installed": Column(Kind.INTEGER, minimum=1900, maximum=2100, default=2000),
    "kva": Column(minimum=0.0, maximum=10_000.0, default=math.nan),
}
TECHNOLOGIES: dict[str, Technology] = {
    "hps": "hps", "shp": "hps", "sodium": "hps", "sodium haute pression": "hps",
    "mercury": "mercury", "mercure": "mercury", "bf": "mercury", "ballon fluorescent": "mercury",
    "vapeur de mercure": "mercury",
    "halide": "halide", "im": "halide", "iodures": "halide", "iodures metalliques": "halide",
    "iodure metallique": "halide", "halogenures metalliques": "halide",
    "led": "led", "leds": "led", "del": "led",
}  # fmt: skip
"""Words that inventories use, without accents, in small letters."""


class LampColumns(Section):
    """The names of the file's own columns, where they are not those of this project."""

    id: str | None = None
    insee: str | None = None
    cabinet: str | None = None
    type: str | None = None
    lamp_w: str | None = None
    gear_w: str | None = None
    technology: str | None = None
    height_m: str | None = None
    fed_by: str | None = None
    street: str | None = None
    lighting_class: str | None = None
    road_width_m: str | None = None
    footway_width_m: str | None = None
    spacing_m: str | None = None
    installed: str | None = None
    kva: str | None = None

    def named(self) -> dict[str, str]:
        """Return the file's name of each column that has one of its own."""
        return {own: str(name) for own, name in self.model_dump().items() if name is not None}


def read_rows(path: Path, columns: LampColumns, layer: str | None = None) -> PointTable:
    """Return the lamps of a CSV, GeoJSON or GeoPackage file as they stand there.

    Raises
    ------
    DataError
        With every fault of the file's form.
    """
    named = columns.named()
    declared = {named.get(own, own): column for own, column in COLUMNS.items()}
    found = read_points(path, declared, layer=layer, needed=tuple(named.values()))
    return PointTable(found.x_m, found.y_m, found.table.renamed(named))


def technologies(table: Table) -> tuple[list[Technology], list[Fault]]:
    """Return each row's technology, and the words nobody knows."""
    found: list[Technology] = []
    faults = []
    for row, word in enumerate(table.texts("technology")):
        known = TECHNOLOGIES.get(plain(word))
        if known is None:
            words = ", ".join(sorted(TECHNOLOGIES))
            faults.append(
                table.fault(
                    row, "technology", word,
                    Text(f"l'un de {words}", f"one of {words}"),
                    Text("corriger le mot", "mend the word"),
                )
            )  # fmt: skip
        found.append(known or "hps")
    return found, faults


def own_name(technology: str, lamp_w: float, gear_w: float) -> str:
    """Return the name of a lantern that is given by its powers alone."""
    return f"{technology}-{lamp_w:g}+{gear_w:g}"


def plain(word: str) -> str:
    """Return a word in small letters, without accents or doubled blanks."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())
