"""The map of the answer, for the page and for QGIS."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import shapely

from models.lighting.answer.communes import Communes
from twin.lang import Lang, Text
from twin.report import maps as draw
from twin.report.blocks import FileLink
from twin.report.phrases import euros, named
from twin.report.qml import LayerStyle, StyleClass
from twin.report.svg import Svg
from twin.report.vectors import Layer, write_geopackage
from twin.territory.areas import CommuneAreas
from twin.territory.limits import territory_areas

EDGES = (-40.0, -25.0, -10.0, 0.0)
LABELS = (
    Text("plus de 40 € de moins", "over €40 less"),
    Text("25 à 40 € de moins", "€25 to 40 less"),
    Text("10 à 25 € de moins", "€10 to 25 less"),
    Text("moins de 10 € de moins", "under €10 less"),
    Text("plus cher", "dearer"),
)
COLOURS = ("#0c2c84", "#1d91c0", "#7fcdbb", "#ffffd9", "#d55e00")
FAR = 1e6
MADE_UP = Text(
    "Lampes et armoires synthétiques, d'après la population. Communes : INSEE, IGN.",
    "Made-up lamps and cabinets, by population. Communes: INSEE, IGN.",
)
GIVEN = Text("Communes : INSEE, IGN.", "Communes: INSEE, IGN.")


@dataclass(frozen=True)
class Maps:
    """What the map is drawn from."""

    communes: Communes
    areas: CommuneAreas
    outlines: tuple[shapely.Geometry, ...]

    def changes(self, lang: Lang) -> Svg:
        """Show what the option to take changes in each commune's cost, by light point."""
        rows = self.communes.rows
        values = np.array([each.change_eur_point for each in rows])
        known = values[np.isfinite(values)]
        less = int((known < 0.0).sum())
        sure = sum(each.change is not None and each.change.is_less for each in rows)
        name, middle = named(self.communes.findings.chosen.option.name), float(np.median(known))
        amount = euros(abs(middle))
        title = Text(
            f"{name.fr} : {less} communes sur {len(known)} paient moins ({sure} à coup sûr), la médiane {amount.fr} par point et par an",
            f"{name.en}: {less} of {len(known)} communes pay less ({sure} for sure), the median {amount.en} a point and year",
        )
        classes = [
            draw.MapClass(label, colour, "/" if at == len(LABELS) - 1 else "")
            for at, (label, colour) in enumerate(zip(LABELS, COLOURS, strict=True))
        ]
        settings = self.communes.findings.chosen.settings
        return draw.territory_map(
            "ecart-par-commune",
            title,
            draw.Areas(self.outlines, draw.class_indices(values, EDGES)),
            classes,
            Text("Coût par point et par an", "Cost a point and year"),
            MADE_UP if settings.inventory.table is None else GIVEN,
            lang,
            towns=tuple(
                draw.Town(
                    each.commune.name, each.commune.x_m, each.commune.y_m,
                    float(each.commune.population),
                )
                for each in rows
            ),
            approximate_borders=self.areas.approximate,
        )  # fmt: skip


def draw_maps(communes: Communes) -> Maps:
    """Return what the map needs."""
    places = tuple(each.commune for each in communes.rows)
    areas = territory_areas(communes.findings.scenario.territory, places)
    return Maps(communes, areas, tuple(areas.outlines()))


def write_maps(maps: Maps) -> list[FileLink]:
    """Write the GeoPackage of communes with its QGIS style."""
    table, run = maps.communes.table, maps.communes.findings.run
    ends = (-FAR, *EDGES, FAR)
    style = [
        StyleClass(label, colour, low=low, high=high, hatched=colour == COLOURS[-1])
        for label, colour, (low, high) in zip(
            LABELS, COLOURS, itertools.pairwise(ends), strict=True
        )
    ]
    layer = Layer(
        table, list(maps.outlines), LayerStyle("change_eur", "fill", style, kind="graduated")
    )
    path = write_geopackage(run.folder / "maps" / "eclairage.gpkg", [layer],
                            run.lang)  # fmt: skip
    what = Text(
        "communes : coût, énergie, heures hors classe, aujourd'hui et avec l'option retenue ; Lambert-93, style QGIS",
        "communes: cost, energy, hours outside class, today and with the option to take; Lambert-93, QGIS style",
    )
    return [FileLink(f"maps/{path.name}", what)]
