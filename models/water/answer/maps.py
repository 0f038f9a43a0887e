"""The maps of the answer, for the page and for QGIS."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import shapely

from models.water.answer.findings import Findings, Ground
from models.water.answer.place_tables import communes_table, meters_list
from models.water.answer.words import say
from models.water.network.network import Floats
from twin.lang import Lang, Text
from twin.report import canvas
from twin.report import maps as draw
from twin.report.blocks import FileLink
from twin.report.phrases import listed, named
from twin.report.qml import LayerStyle, StyleClass
from twin.report.svg import Svg
from twin.report.vectors import Layer, write_geopackage
from twin.territory.areas import CommuneAreas
from twin.territory.limits import territory_areas

SOURCE = Text(
    "Réseaux et châteaux d'eau synthétiques, placés d'après la population et le relief. Communes : INSEE, IGN.",
    "Made-up networks and towers, placed by population and relief. Communes: INSEE, IGN.",
)
SHORTEST = 3
MOST_TIERS = 5
HOUR_EDGES = (12.0, 24.0, 36.0, 48.0)
HOUR_LABELS = (
    Text("moins de 12 h", "under 12 h"),
    Text("12 à 24 h", "12 to 24 h"),
    Text("24 à 36 h", "24 to 36 h"),
    Text("36 à 48 h", "36 to 48 h"),
    Text("48 h et plus", "48 h and more"),
)
RANK_COLOURS = ("#0c2c84", "#1d91c0", "#7fcdbb", "#c7e9b4")
HOUR_COLOURS = ("#d55e00", "#e69f00", "#f0e442", "#c7e9b4", "#41b6c4")


@dataclass(frozen=True)
class Maps:
    """What the maps are drawn from."""

    findings: Findings
    ground: Ground
    areas: CommuneAreas
    outlines: tuple[shapely.Geometry, ...]

    def first_meters(self, lang: Lang) -> Svg:
        """Show how soon each commune gets its first meter, and the meters of the option told."""
        taken = self.findings.taken
        ranks: dict[str, float] = {}
        for each in self.ground.meters:
            ranks.setdefault(each.insee, float(each.rank))
        # Turned round, so that the first are darkest: shades go from light to dark.
        counts = tiers(self.findings)
        first = self._by_commune({code: -ranks.get(code, np.inf) for code in self._codes})
        edges = tuple(-float(count) for count in reversed(counts))
        starts = (1, *(count + 1 for count in counts[:-1]))
        labels = [Text("plus tard, ou jamais", "later, or never")]
        labels += [
            Text(f"rang {start} à {count}", f"rank {start} to {count}")
            for start, count in reversed(list(zip(starts, counts, strict=True)))
        ]
        option = self.findings.metered or self.findings.current
        name, homes = named(option.option.name), {each.insee for each in taken}
        title = Text(
            f"{name.fr} : {len(taken)} compteurs dans {len(homes)} communes sur {len(self._codes)}",
            f"{name.en}: {len(taken)} meters in {len(homes)} of {len(self._codes)} communes",
        )
        points = [
            draw.Points(label, [e.x_m for e in kept], [e.y_m for e in kept], marker, colour, 4.5)
            for label, kept, marker, colour in (
                (Text("au pied d'un réservoir", "at the foot of a tower"),
                 [each for each in taken if each.opening], "o", canvas.VERMILLION),
                (Text("sur une branche", "on a branch"),
                 [each for each in taken if not each.opening], "^", canvas.PURPLE),
            )
            if kept
        ]  # fmt: skip
        return self._map(
            "premiers-compteurs", title, np.where(np.isinf(first), -1e9, first), edges, tuple(labels),
            Text("Rang du premier compteur", "Rank of the first meter"), lang, points,
        )  # fmt: skip

    def smallest_leak(self, lang: Lang) -> Svg:
        """Show the smallest leak seen within three days in each commune, the smallest darkest."""
        leak = self.findings.current.settings.leak_m3h
        option = self.findings.metered or self.findings.current
        told = self._by_commune(
            {
                each.insee: -(option.mean("smallest_m3h", each.insee) or 1e9)
                for each in self.ground.networks
            }
        )
        edges = (-1e6, -2.0 * leak, -leak, -0.5 * leak)
        seen = int((told >= -leak).sum())
        flow = say(leak, "number", 1)
        half, twice = say(0.5 * leak, "number", 1), say(2.0 * leak, "number", 1)
        labels = (
            Text("aucune, ou pas de compteur", "none, or no meter"),
            Text(f"plus de {twice.fr} m³/h", f"over {twice.en} m³/h"),
            Text(f"{flow.fr} à {twice.fr} m³/h", f"{flow.en} to {twice.en} m³/h"),
            Text(f"{half.fr} à {flow.fr} m³/h", f"{half.en} to {flow.en} m³/h"),
            Text(f"moins de {half.fr} m³/h", f"under {half.en} m³/h"),
        )
        name = named(option.option.name)
        title = Text(
            f"{name.fr} : dans {seen} communes sur {len(told)}, les secteurs entendus voient {flow.fr} m³/h ou moins",
            f"{name.en}: in {seen} of {len(told)} communes districts that are heard see {flow.en} m³/h or less",
        )
        return self._map(
            "plus-petite-fuite", title, told, edges, labels,
            Text("Plus petite fuite vue en 3 jours, le pire des secteurs entendus",
                 "Smallest leak seen in 3 days, worst of the districts heard"), lang, [],
        )  # fmt: skip

    def towers(self, lang: Lang) -> Svg:
        """Show how long each commune's tower lasts without power."""
        hours = self.findings.hours.mean(axis=0)
        told = self._by_commune(
            {each.insee: float(hours[at]) for at, each in enumerate(self.ground.networks)}
        )
        networks = self.ground.networks
        order = np.argsort(hours, kind="stable")[:SHORTEST].tolist()
        names = listed([Text(networks[at].commune, networks[at].commune) for at in order])
        low, high = say(float(hours[order[0]])), say(float(hours[order[-1]]))
        title = Text(
            f"Les réservoirs vides les premiers sans électricité : {names.fr}, en {low.fr} à {high.fr} heures",
            f"The first towers to be empty without power: {names.en}, within {low.en} to {high.en} hours",
        )
        classes = [
            draw.MapClass(label, colour, "/" if at == 0 else "")
            for at, (label, colour) in enumerate(zip(HOUR_LABELS, HOUR_COLOURS, strict=True))
        ]
        return self._map(
            "heures-des-reservoirs", title, told, HOUR_EDGES, HOUR_LABELS,
            Text("Le réservoir tient", "The tower lasts"), lang, [], classes,
        )  # fmt: skip

    @property
    def _codes(self) -> list[str]:
        return [each.insee for each in self.ground.communes]

    def _by_commune(self, values: dict[str, float]) -> Floats:
        """Return values in the order of the outlines; NaN for a commune without network."""
        return np.array([values.get(code, np.nan) for code in self._codes])

    def _map(
        self,
        name: str,
        title: Text,
        values: Floats,
        edges: tuple[float, ...],
        labels: tuple[Text, ...],
        key: Text,
        lang: Lang,
        points: list[draw.Points],
        classes: list[draw.MapClass] | None = None,
    ) -> Svg:
        return draw.territory_map(
            name,
            title,
            draw.Areas(self.outlines, draw.class_indices(values, edges)),
            classes or draw.shades(labels, first_hatched=True),
            key,
            SOURCE,
            lang,
            points=points,
            towns=tuple(
                draw.Town(each.name, each.x_m, each.y_m, float(each.population))
                for each in self.ground.communes
            ),
            approximate_borders=self.areas.approximate,
        )


def draw_maps(findings: Findings) -> Maps | None:
    """Return what the maps need, None without ground."""
    if findings.ground is None:
        return None
    areas = territory_areas(findings.scenario.territory, findings.ground.communes)
    return Maps(findings, findings.ground, areas, tuple(areas.outlines()))


def write_maps(findings: Findings, maps: Maps) -> list[FileLink]:
    """Write the GeoPackage of communes and meters with its QGIS styles."""
    meters, communes = meters_list(findings), communes_table(findings)
    outline = dict(zip([each.insee for each in maps.ground.communes], maps.outlines, strict=True))
    polygons = [outline[str(row[1])] for row in communes.rows]
    layers = [
        Layer(
            communes,
            polygons,
            LayerStyle(
                "hours",
                "fill",
                [
                    StyleClass(label, colour, low=low, high=high, hatched=at == 0)
                    for at, (label, colour, low, high) in enumerate(
                        zip(
                            HOUR_LABELS,
                            HOUR_COLOURS,
                            (0.0, *HOUR_EDGES),
                            (*HOUR_EDGES, 1e6),
                            strict=True,
                        )
                    )
                ],
                kind="graduated",
            ),
        )
    ]
    if meters.rows:
        count = len(meters.rows)
        edges = [1.0, *(min(each, count) + 0.5 for each in tiers(findings)[:3]), count + 1.0]
        labels = [
            Text(f"rangs {np.ceil(low):.0f} à {np.floor(high - 1e-9):.0f}",
                 f"ranks {np.ceil(low):.0f} to {np.floor(high - 1e-9):.0f}")
            for low, high in itertools.pairwise(edges)
        ]  # fmt: skip
        ranks = [
            StyleClass(label, RANK_COLOURS[min(at, len(RANK_COLOURS) - 1)], low=low, high=high)
            for at, (label, low, high) in enumerate(zip(labels, edges[:-1], edges[1:], strict=True))
            if high > low
        ]
        places = list(shapely.points([(each.x_m, each.y_m) for each in maps.ground.meters]))
        layers.append(Layer(meters, places, LayerStyle("rank", "marker", ranks, kind="graduated")))
    path = write_geopackage(findings.run.folder / "maps" / "eau.gpkg", layers, findings.run.lang)
    what = Text(
        "communes (heures de réserve, fuite vue, coupures) et compteurs avec leur rang ; Lambert-93, styles QGIS",
        "communes (hours of reserve, leak seen, cuts) and meters with their rank; Lambert-93, QGIS styles",
    )
    return [FileLink(f"maps/{path.name}", what)]


def tiers(findings: Findings) -> list[int]:
    """Return the numbers of meters tried, where colours change; one at least."""
    tried = sorted({each.meters for each in findings.options.values() if each.meters})
    return tried[:MOST_TIERS] or [1]
