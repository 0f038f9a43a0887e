"""The maps of the answer: who can be heard where, by how many; for the page and for QGIS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from models.lora.answer.findings import Findings
from models.lora.answer.words import percents
from models.lora.answer.zone_tables import candidates_table, commune_table, sites_table
from models.lora.coverage_rasters import CoverageRasters, Gateways, coverage_rasters
from models.lora.levels import fixed_gain_db, placement_loss_db
from models.lora.meters import INDOOR, OUTDOOR, PIT, PLACEMENT_LABELS
from models.lora.nominal import mean_losses
from models.lora.sites import KIND_LABELS
from models.lora.sweep import RasterFrame, SweepSettings
from twin.lang import Lang, Text
from twin.report import maps as draw
from twin.report.blocks import FileLink
from twin.report.qml import LayerStyle, StyleClass
from twin.report.rasters import RasterBand, RasterStyle, write_raster
from twin.report.svg import Svg
from twin.report.vectors import Layer, write_geopackage
from twin.territory.areas import OUTSIDE, CommuneAreas
from twin.territory.ground import read_ground
from twin.territory.limits import territory_areas

MARKERS = {"mast": "^", "municipal": "o", "own": "s"}
COLOURS = {"mast": "#D55E00", "municipal": "#111111", "own": "#CC79A7"}

COUNT_EDGES = (1, 2, 3, 5)
COUNT_LABELS = (
    Text("aucune", "none"),
    Text("1 passerelle", "1 gateway"),
    Text("2", "2"),
    Text("3 ou 4", "3 or 4"),
    Text("5 ou plus", "5 or more"),
)

SHARE_EDGES = (0.80, 0.90, 0.95, 0.98)
SHARE_LABELS = (
    Text("moins de 80 %", "under 80 %"),
    Text("80 à 90 %", "80 to 90 %"),
    Text("90 à 95 %", "90 to 95 %"),
    Text("95 à 98 %", "95 to 98 %"),
    Text("98 % et plus", "98 % and more"),
)


@dataclass(frozen=True)
class Maps:
    """What the maps are drawn from: rasters of the recommended plan, limits of the communes.

    `need_db` is, per placement, how far above an outdoor meter's need the level must be, and
    `usual` the placement most meters are in; `inside` masks the territory, shape of the rasters.
    """

    findings: Findings
    areas: CommuneAreas
    outlines: tuple[shapely.Geometry, ...]
    rasters: CoverageRasters
    inside: NDArray[np.bool_]
    need_db: dict[int, float]
    usual: int

    def coverage(self, lang: Lang) -> Svg:
        """Show where a meter is heard, in a pit, indoors, outdoors."""
        order = sorted(self.need_db, key=lambda each: -self.need_db[each])
        edges = [self.need_db[each] for each in reversed(order)]
        classes = draw.class_indices(self.rasters.margin_db, edges)
        classes[~np.isfinite(self.rasters.margin_db)] = 0
        classes[~self.inside] = draw.NODATA
        share = percents(float(np.mean(self.rasters.margin_db[self.inside] >= edges[-1])))
        hardest = PLACEMENT_LABELS[order[0]]
        names = [Text("non entendu", "not heard")]
        names += [
            Text(f"entendu {PLACEMENT_LABELS[each].fr}", f"heard {PLACEMENT_LABELS[each].en}")
            for each in reversed(order)
        ]
        title = Text(
            f"Même {hardest.fr}, un compteur serait entendu sur {share.fr} du territoire",
            f"Even {hardest.en}, a meter would be heard over {share.en} of the territory",
        )
        key = Text("Meilleure passerelle, cas médian", "Best gateway, median case")
        return self._map("couverture", title, classes, tuple(names), key, lang)

    def redundancy(self, lang: Lang) -> Svg:
        """Show how many gateways hear the most common meter."""
        count = self.rasters.gateway_count
        classes = draw.class_indices(count, COUNT_EDGES)
        classes[~self.inside] = draw.NODATA
        share = percents(float(np.mean(count[self.inside] >= 2)))  # noqa: PLR2004 - two gateways
        place = PLACEMENT_LABELS[self.usual]
        title = Text(
            f"Deux passerelles ou plus entendent un compteur {place.fr} sur {share.fr} du "
            "territoire",
            f"Two gateways or more hear a meter {place.en} over {share.en} of the territory",
        )
        key = Text(
            f"Passerelles qui entendent un compteur {place.fr}, cas médian",
            f"Gateways that hear a meter {place.en}, median case",
        )
        return self._map("redondance", title, classes, COUNT_LABELS, key, lang)

    def communes(self, lang: Lang) -> Svg:
        """Show, per commune, the share of the meters heard by two gateways."""
        zones = self.findings.best.by_commune["share_2"]
        communes = self.findings.stage.communes
        shares = np.array(
            [zones[each.insee].mean if each.insee in zones else np.nan for each in communes]
        )
        known = shares[np.isfinite(shares)]
        target = self.findings.best.settings.target.share
        title = Text(
            f"{int((known >= target).sum())} communes sur {len(known)} atteignent "
            f"{percents(target).fr} en moyenne, plan seul",
            f"{int((known >= target).sum())} of {len(known)} communes reach "
            f"{percents(target).en} on average, plan alone",
        )
        return draw.territory_map(
            "communes",
            title,
            draw.Areas(self.outlines, draw.class_indices(shares, SHARE_EDGES)),
            draw.shades(SHARE_LABELS, first_hatched=True),
            Text("Compteurs entendus par deux passerelles", "Meters heard by two gateways"),
            self.source(),
            lang,
            towns=self.towns(),
            synthetic_terrain=self.rasters.synthetic,
            approximate_borders=self.areas.approximate,
            data=commune_table(self.findings),
        )

    def _map(
        self,
        name: str,
        title: Text,
        classes: NDArray[np.uint8],
        labels: tuple[Text, ...],
        key: Text,
        lang: Lang,
    ) -> Svg:
        raster = self.rasters
        return draw.territory_map(
            name,
            title,
            draw.Raster(classes, raster.west_m, raster.north_m, raster.resolution_m),
            draw.shades(labels, first_hatched=True),
            key,
            self.source(),
            lang,
            borders=self.outlines,
            points=self.sites(),
            towns=self.towns(),
            synthetic_terrain=raster.synthetic,
            approximate_borders=self.areas.approximate,
            data=sites_table(self.findings),
        )

    def sites(self) -> tuple[draw.Points, ...]:
        """Return the planned sites, one layer per kind of host."""
        sites, plan = self.findings.stage.sites, self.findings.best.plan
        kinds = [
            kind for kind in KIND_LABELS if any(sites.kind[each] == kind for each in plan.sites)
        ]
        layers = []
        for kind in kinds:
            chosen = plan.sites[sites.is_kind(kind)[plan.sites]]
            label = Text(
                f"{KIND_LABELS[kind].fr} ({len(chosen)})", f"{KIND_LABELS[kind].en} ({len(chosen)})"
            )
            layers.append(
                draw.Points(
                    label, sites.x_m[chosen], sites.y_m[chosen], MARKERS[kind], COLOURS[kind], 4.5
                )
            )
        return tuple(layers)

    def towns(self) -> tuple[draw.Town, ...]:
        """Return the communes by name, for the largest to be written."""
        return tuple(
            draw.Town(each.name, each.x_m, each.y_m, float(each.population))
            for each in self.findings.stage.communes
        )

    def source(self) -> Text:
        """Return where the map's ground and places come from."""
        ground = self.rasters.source
        return Text(
            f"Communes et populations : INSEE, IGN ; pylônes : ARCEP/ANFR 2018. Sol : {ground.fr}.",
            f"Communes and populations: INSEE, IGN; masts: ARCEP/ANFR 2018. Ground: {ground.en}.",
        )


def draw_maps(findings: Findings) -> Maps:
    """Sweep the recommended plan and return what the maps need."""
    scenario, stage = findings.scenario, findings.stage
    settings, plan = findings.best.settings, findings.best.plan
    areas = territory_areas(scenario.territory, stage.communes)
    terrain = read_ground(scenario.territory, stage.communes, findings.run.workspace.cache)
    need = needs_db(findings)
    shares = {
        PIT: settings.meters.pit_share,
        INDOOR: settings.meters.indoor_share,
        OUTDOOR: settings.meters.outdoor_share,
    }
    usual = max(shares, key=lambda each: shares[each])
    frame = RasterFrame.over(areas.bounds_m, settings.map_resolution_m)
    sites = stage.sites
    # The level is told as a margin above the need of the most common meter: threshold 0.
    gain = fixed_gain_db(settings.radio) - need[usual]
    rasters = coverage_rasters(
        terrain,
        frame,
        Gateways.of(
            sites.x_m[plan.sites], sites.y_m[plan.sites], sites.height_m[plan.sites, 1], gain
        ),
        0.0,
        SweepSettings(
            radius_m=1000.0 * settings.radio.max_range_km,
            frequency_mhz=settings.radio.frequency_mhz,
            device_height_m=settings.meters.height_m,
            step_m=settings.radio.profile_step_m,
        ),
    )
    inside = (
        areas.owner_grid(frame.west_m, frame.north_m, frame.rows, frame.columns, frame.resolution_m)
        != OUTSIDE
    )
    return Maps(
        findings=findings,
        areas=areas,
        outlines=tuple(areas.outlines()),
        rasters=rasters,
        inside=inside,
        need_db={each: value - need[usual] for each, value in need.items()},
        usual=usual,
    )


def needs_db(findings: Findings) -> dict[int, float]:
    """Return, per placement, the meter-side losses with every assumption at its mean."""
    places = np.array([OUTDOOR, INDOOR, PIT], dtype=np.uint8)
    radio = findings.best.settings.radio
    loss = placement_loss_db(radio, places, mean_losses(findings.scenario))
    return {int(place): float(value) for place, value in zip(places, loss, strict=True)}


def write_maps(findings: Findings, maps: Maps) -> list[FileLink]:
    """Write the GeoTIFFs and the GeoPackage, each with its QGIS style."""
    folder = findings.run.folder / "maps"
    raster = maps.rasters
    margin = np.where(maps.inside, raster.margin_db, np.float32(np.nan)).astype(np.float32)
    count = np.where(maps.inside, raster.gateway_count, draw.NODATA).astype(np.uint8)
    server = np.where(maps.inside, raster.best_server, 0).astype(np.uint16)
    place = PLACEMENT_LABELS[maps.usual]
    bands = (
        (
            "marge",
            RasterBand(
                margin,
                Text(
                    f"marge d'un compteur {place.fr}, meilleure passerelle, cas médian",
                    f"margin of a meter {place.en}, best gateway, median case",
                ),
                "dB",
            ),
            RasterStyle(_margin_classes()),
        ),
        (
            "passerelles",
            RasterBand(
                count,
                Text(
                    f"nombre de passerelles qui entendent un compteur {place.fr}",
                    f"number of gateways that hear a meter {place.en}",
                ),
                nodata=draw.NODATA,
            ),
            RasterStyle(_count_classes()),
        ),
        (
            "meilleure_passerelle",
            RasterBand(
                server,
                Text("rang de la meilleure passerelle dans sites.csv", "rank in sites.csv"),
                nodata=0,
            ),
            None,
        ),
    )
    links = []
    for name, band, style in bands:
        path = write_raster(
            folder / f"{name}.tif",
            band,
            west_m=raster.west_m,
            north_m=raster.north_m,
            resolution_m=raster.resolution_m,
            source=raster.source,
            synthetic=raster.synthetic,
            style=style,
            lang=findings.run.lang,
        )
        links.append(FileLink(f"maps/{path.name}", band.description))
    path = write_geopackage(folder / "reseau.gpkg", layers(maps), findings.run.lang)
    what = Text(
        "sites prévus, sites candidats et communes, avec leur style QGIS",
        "planned sites, candidate sites and communes, with their QGIS style",
    )
    return [*links, FileLink(f"maps/{path.name}", what)]


def layers(maps: Maps) -> tuple[Layer, ...]:
    """Return the layers of the GeoPackage."""
    findings = maps.findings
    sites, plan = findings.stage.sites, findings.best.plan
    share_bounds = (0.0, *SHARE_EDGES, 1.0001)
    tints = draw.shades(SHARE_LABELS, first_hatched=True)
    shares = [
        StyleClass(label, tint.colour, low=low, high=high)
        for label, tint, low, high in zip(
            SHARE_LABELS, tints, share_bounds[:-1], share_bounds[1:], strict=True
        )
    ]
    hosts = [
        StyleClass(label, COLOURS[kind], value=label.say(findings.run.lang), marker=MARKERS[kind])
        for kind, label in KIND_LABELS.items()
    ]
    places = shapely.points(sites.x_m, sites.y_m)
    return (
        Layer(
            commune_table(findings),
            maps.outlines,
            LayerStyle("share_2", "fill", shares, kind="graduated"),
        ),
        Layer(candidates_table(findings), list(places), LayerStyle("kind", "marker", hosts)),
        Layer(
            sites_table(findings),
            list(places[plan.sites]),
            LayerStyle("kind", "marker", hosts, size_mm=4.0),
        ),
    )


def _margin_classes() -> list[StyleClass]:
    edges = (-30.0, -10.0, 0.0, 10.0, 20.0, 80.0)
    tints = ("#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#0c2c84")
    return [
        StyleClass(
            Text(f"{low:.0f} à {high:.0f} dB", f"{low:.0f} to {high:.0f} dB"),
            tint,
            low=low,
            high=high,
        )
        for low, high, tint in zip(edges[:-1], edges[1:], tints, strict=True)
    ]


def _count_classes() -> list[StyleClass]:
    edges = (0.0, *map(float, COUNT_EDGES), 255.0)
    tints = draw.shades(COUNT_LABELS, first_hatched=True)
    return [
        StyleClass(label, tint.colour, low=low, high=high)
        for label, tint, low, high in zip(COUNT_LABELS, tints, edges[:-1], edges[1:], strict=True)
    ]
