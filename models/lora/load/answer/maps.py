"""The map of the answer, for the page and for QGIS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from models.lora.answer.words import percents
from models.lora.load.answer.findings import Findings
from models.lora.load.answer.tables import commune_table, gateways_table
from twin.lang import Lang, Text
from twin.report import maps as draw
from twin.report.blocks import FileLink
from twin.report.qml import LayerStyle, StyleClass
from twin.report.svg import Svg
from twin.report.vectors import Layer, write_geopackage
from twin.territory.areas import CommuneAreas
from twin.territory.limits import territory_areas

EDGES = (0.90, 0.95, 0.98, 0.995)
LABELS = (
    Text("moins de 90 %", "under 90 %"),
    Text("90 à 95 %", "90 to 95 %"),
    Text("95 à 98 %", "95 to 98 %"),
    Text("98 à 99,5 %", "98 to 99.5 %"),
    Text("99,5 % et plus", "99.5 % and more"),
)
LATER = Text("Compteurs relevés à J+1", "Meters read at D+1")


@dataclass(frozen=True)
class Maps:
    """What the map is drawn from."""

    findings: Findings
    areas: CommuneAreas
    outlines: tuple[shapely.Geometry, ...]

    def communes(self, lang: Lang) -> Svg:
        """Show, per commune, the share of the meters read at D+1."""
        findings, best = self.findings, self.findings.best
        zones = best.outcome["collection"]
        shares = np.array(
            [
                zones[each.insee].mean if each.insee in zones else np.nan
                for each in findings.stage.communes
            ]
        )
        known = shares[np.isfinite(shares)]
        target = best.load.targets.collection
        sites = findings.stage.sites
        title = Text(
            f"{int((known >= target).sum())} communes sur {len(known)} relèvent en moyenne au moins "
            f"{percents(target).fr} de leurs compteurs à J+1",
            f"{int((known >= target).sum())} of {len(known)} communes read on average at least "
            f"{percents(target).en} of their meters at D+1",
        )
        return draw.territory_map(
            "releve-par-commune",
            title,
            draw.Areas(self.outlines, draw.class_indices(shares, EDGES)),
            draw.shades(LABELS, first_hatched=True),
            LATER,
            Text(
                "Communes et populations : INSEE, IGN ; pylônes : ARCEP/ANFR 2018.",
                "Communes and populations: INSEE, IGN; masts: ARCEP/ANFR 2018.",
            ),
            lang,
            points=(
                draw.Points(
                    Text(f"passerelles ({len(sites)})", f"gateways ({len(sites)})"),
                    sites.x_m, sites.y_m, "o", "#111111", 4.0,
                ),
            ),
            towns=tuple(
                draw.Town(each.name, each.x_m, each.y_m, float(each.population))
                for each in findings.stage.communes
            ),
            synthetic_terrain=not findings.scenario.territory.terrain,
            approximate_borders=self.areas.approximate,
            data=commune_table(findings),
        )  # fmt: skip


def draw_maps(findings: Findings) -> Maps:
    """Return what the map needs."""
    areas = territory_areas(findings.scenario.territory, findings.stage.communes)
    return Maps(findings, areas, tuple(areas.outlines()))


def write_maps(maps: Maps) -> list[FileLink]:
    """Write the GeoPackage with its QGIS styles."""
    findings = maps.findings
    tints = draw.shades(LABELS, first_hatched=True)
    bounds = (0.0, *EDGES, 1.0001)
    shares = [
        StyleClass(label, tint.colour, low=low, high=high)
        for label, tint, low, high in zip(LABELS, tints, bounds[:-1], bounds[1:], strict=True)
    ]
    duty_bounds = (0.0, 0.25, 0.5, 0.75, 1.0001)
    colours = ("#b9c7d4", "#56b4e9", "#e69f00", "#d55e00")
    duties = [
        StyleClass(
            Text(f"{100 * low:.0f} à {100 * high:.0f} %", f"{100 * low:.0f} to {100 * high:.0f} %"),
            colour,
            low=low,
            high=high,
            marker="o",
        )
        for colour, low, high in zip(colours, duty_bounds[:-1], duty_bounds[1:], strict=True)
    ]
    table = gateways_table(findings)
    places = shapely.points(
        [float(str(row[3])) for row in table.rows], [float(str(row[4])) for row in table.rows]
    )
    path = write_geopackage(
        findings.run.folder / "maps" / "charge.gpkg",
        (
            Layer(
                commune_table(findings),
                maps.outlines,
                LayerStyle("collection", "fill", shares, kind="graduated"),
            ),
            Layer(
                table,
                list(places),
                LayerStyle("duty", "marker", duties, kind="graduated", size_mm=3.0),
            ),
        ),
        findings.run.lang,
    )
    what = Text(
        "relève par commune et charge par passerelle, avec leur style QGIS",
        "reading by commune and load by gateway, with their QGIS style",
    )
    return [FileLink(f"maps/{path.name}", what)]
