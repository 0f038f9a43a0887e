"""The map of the answer, for the page and for QGIS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from models.waste.answer.findings import Findings, Ground
from models.waste.answer.place_tables import FIRST, places_table, yards_table
from models.waste.answer.ranking import Place
from twin.lang import Lang, Text
from twin.report import canvas
from twin.report import maps as draw
from twin.report.blocks import FileLink
from twin.report.phrases import percents
from twin.report.qml import LayerStyle, StyleClass
from twin.report.svg import Svg
from twin.report.vectors import Layer, write_geopackage
from twin.territory.areas import CommuneAreas
from twin.territory.limits import territory_areas

LABELS = (
    Text("aucun", "none"),
    Text("1 point", "1 point"),
    Text("2 ou 3 points", "2 or 3 points"),
    Text("4 points et plus", "4 points and more"),
)
EDGES = (0.5, 1.5, 3.5)
STREAM_LOOKS = (
    ("o", canvas.GREEN), ("^", canvas.ORANGE), ("s", canvas.BLUE), ("D", canvas.PURPLE),
    ("v", canvas.SKY), ("P", canvas.VERMILLION),
)  # fmt: skip
RANK_COLOURS = ("#0c2c84", "#1d91c0", "#7fcdbb", "#c7e9b4")


@dataclass(frozen=True)
class Maps:
    """What the map is drawn from."""

    findings: Findings
    ground: Ground
    areas: CommuneAreas
    outlines: tuple[shapely.Geometry, ...]

    def first_points(self, lang: Lang) -> Svg:
        """Show the points to equip first, by stream, and how many each commune has."""
        findings, communes = self.findings, self.ground.communes
        share, kept = first_tier(findings)
        counts = np.bincount(
            [place.commune for place in kept if place.commune >= 0], minlength=len(communes)
        )
        title = Text(
            f"Les {len(kept)} premiers points à équiper ({percents(share).fr}) sont dans "
            f"{int((counts > 0).sum())} communes sur {len(communes)}",
            f"The first {len(kept)} points to equip ({percents(share).en}) lie in "
            f"{int((counts > 0).sum())} of {len(communes)} communes",
        )
        layers = [
            draw.Points(
                label,
                [place.x_m for place in kept if place.stream == stream],
                [place.y_m for place in kept if place.stream == stream],
                *STREAM_LOOKS[index % len(STREAM_LOOKS)],
                5.5,
            )
            for index, (stream, label) in enumerate(findings.streams.items())
        ]
        yards = self.ground.yards
        layers.append(
            draw.Points(
                Text("dépôts et lieux de vidage", "depots and dumps"),
                yards.x_m, yards.y_m, "*", canvas.INK, 10.0,
            )
        )  # fmt: skip
        return draw.territory_map(
            "premiers-points",
            title,
            draw.Areas(self.outlines, draw.class_indices(counts.astype(np.float64), EDGES)),
            draw.shades(LABELS, first_hatched=True),
            Text("Premiers points, par commune", "First points, by commune"),
            Text("Communes et populations : INSEE, IGN.", "Communes and populations: INSEE, IGN.")
            if findings.current.settings.points.table is not None
            else Text(
                "Points synthétiques, placés d'après la population : leur adresse est inventée. "
                "Communes : INSEE, IGN.",
                "Synthetic points, placed by population: their address is made up. Communes: INSEE, "
                "IGN.",
            ),
            lang,
            points=layers,
            towns=tuple(
                draw.Town(each.name, each.x_m, each.y_m, float(each.population))
                for each in communes
            ),
            approximate_borders=self.areas.approximate,
            data=places_table(findings, FIRST),
        )


def first_tier(findings: Findings) -> tuple[float, list[Place]]:
    """Return the share told as "first", and its points.

    The option's own share where it fits sensors; else the smallest share tried.
    """
    assert findings.ground is not None  # noqa: S101 - asked for with a map
    places = findings.ground.places
    chosen = findings.decision.chosen
    share = chosen.settings.sensors.share if chosen is not None else 0.0
    if share <= 0.0:
        share = min((each.settings.sensors.share for each in findings.fitted), default=0.1)
    kept = [
        place
        for place in places
        if place.fitted or (place.first_share is not None and place.first_share <= share)
    ]
    return share, kept or list(places[: max(1, round(share * len(places)))])


def draw_maps(findings: Findings) -> Maps | None:
    """Return what the map needs, None without ground."""
    if findings.ground is None:
        return None
    areas = territory_areas(findings.scenario.territory, findings.ground.communes)
    return Maps(findings, findings.ground, areas, tuple(areas.outlines()))


def write_maps(findings: Findings) -> list[FileLink]:
    """Write the GeoPackage of points and depots with its QGIS styles."""
    points, yards = places_table(findings), yards_table(findings)
    count = len(points.rows)
    edges = [
        1.0,
        *(max(2.0, round(share * count) + 1.0) for share in (0.1, 0.25, 0.5)),
        count + 1.0,
    ]
    labels = (
        Text("premiers 10 %", "first 10 %"),
        Text("10 à 25 %", "10 to 25 %"),
        Text("25 à 50 %", "25 to 50 %"),
        Text("les autres", "the others"),
    )
    ranks = [
        StyleClass(label, colour, low=low, high=high, marker="o")
        for label, colour, low, high in zip(
            labels, RANK_COLOURS, edges[:-1], edges[1:], strict=True
        )
    ]
    roles = [
        StyleClass(text, canvas.INK, value=text.say(findings.run.lang), marker=marker)
        for text, marker in (
            (Text("dépôt", "depot"), "s"),
            (Text("vidage", "dump"), "v"),
            (Text("dépôt et vidage", "depot and dump"), "*"),
        )
    ]
    path = write_geopackage(
        findings.run.folder / "maps" / "collecte.gpkg",
        (
            Layer(
                points, _points(points.rows), LayerStyle("rank", "marker", ranks, kind="graduated")
            ),
            Layer(yards, _points(yards.rows), LayerStyle("role", "marker", roles, size_mm=4.0)),
        ),
        findings.run.lang,
    )
    what = Text(
        "points avec leur rang, leur flux et leur commune ; dépôts ; style QGIS",
        "points with their rank, stream and commune; depots; QGIS style",
    )
    return [FileLink(f"maps/{path.name}", what)]


def _points(rows: tuple[tuple[object, ...], ...]) -> list[shapely.Geometry]:
    """Return the places of a table whose last two columns are Lambert-93 metres."""
    return list(
        shapely.points([float(str(row[-2])) for row in rows], [float(str(row[-1])) for row in rows])
    )
