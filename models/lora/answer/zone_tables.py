"""The tables of the answer that speak of places: sites, EPCI, communes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.lora.answer.findings import Findings, Judged
from models.lora.sites import KIND_LABELS
from twin.decide.intervals import Interval
from twin.lang import Text
from twin.report.tables import Cell, Column, Kind, Table


def sites_table(findings: Findings) -> Table:
    """Return the list of sites of the recommended network."""
    return _site_table(
        findings,
        findings.best.plan.sites,
        "sites",
        Text("Les points hauts du plan recommandé", "The high points of the recommended plan"),
    )


def candidates_table(findings: Findings) -> Table:
    """Return every candidate site."""
    return _site_table(
        findings,
        np.arange(len(findings.stage.sites)),
        "candidats",
        Text("Tous les points hauts candidats", "Every candidate high point"),
    )


def _site_table(findings: Findings, chosen: NDArray[np.int64], name: str, title: Text) -> Table:
    stage = findings.stage
    sites = stage.sites
    lang = findings.run.lang
    homes = [stage.communes[each] for each in sites.commune]
    rows = tuple(
        (
            sites.ids[each],
            sites.names[each] or homes[each].name,
            KIND_LABELS[sites.kind[each]].say(lang),
            homes[each].insee,
            homes[each].name,
            homes[each].epci_name,
            *(float(height) for height in sites.height_m[each]),
            round(float(sites.x_m[each])),
            round(float(sites.y_m[each])),
        )
        for each in chosen
    )
    height = Kind.NUMBER
    return Table(
        name,
        title,
        (
            Column("id", Text("Site", "Site")),
            Column("name", Text("Nom", "Name")),
            Column("kind", Text("Nature", "Kind")),
            Column("insee", Text("INSEE", "INSEE")),
            Column("commune", Text("Commune", "Commune")),
            Column("epci", Text("EPCI", "EPCI")),
            Column("height_low_m", Text("Hauteur basse", "Low height"), height, "m", 0),
            Column("height_mode_m", Text("Hauteur retenue", "Height used"), height, "m", 0),
            Column("height_high_m", Text("Hauteur haute", "High height"), height, "m", 0),
            Column("x_m", Text("X Lambert-93", "X Lambert-93"), Kind.INTEGER),
            Column("y_m", Text("Y Lambert-93", "Y Lambert-93"), Kind.INTEGER),
        ),
        rows,
        note=Text(
            "Hauteurs et points communaux sont des hypothèses à vérifier sur place.",
            "Heights and municipal points are assumptions to be checked on site.",
        ),
    )


def _zone_cells(judged: Judged, by: str, zone: str) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for kpi in ("share_1", "share_2"):
        zones = judged.by_epci if by == "epci" else judged.by_commune
        interval: Interval | None = zones[kpi].get(zone)
        cells += [interval.mean, interval.low, interval.high] if interval else [None, None, None]
    return tuple(cells)


def _zone_columns() -> tuple[Column, ...]:
    share = Kind.SHARE
    return (
        Column("share_1", Text("Entendus par 1 ou plus", "Heard by 1 or more"), share),
        Column("share_1_low", Text("de", "from"), share),
        Column("share_1_high", Text("à", "to"), share),
        Column("share_2", Text("Entendus par 2 ou plus", "Heard by 2 or more"), share),
        Column("share_2_low", Text("de", "from"), share),
        Column("share_2_high", Text("à", "to"), share),
    )


def epci_table(findings: Findings) -> Table:
    """Return coverage and redundancy per EPCI, with 90 % intervals, for the recommended plan."""
    stage, judged = findings.stage, findings.best
    planned = np.bincount(stage.sites.commune[judged.plan.sites], minlength=len(stage.communes))
    meters = np.bincount(stage.meters.commune, minlength=len(stage.communes))
    names = {commune.epci: commune.epci_name for commune in stage.communes}
    scale = findings.meters / len(stage.meters)
    rows = tuple(
        (
            names[epci],
            int(planned[[commune.epci == epci for commune in stage.communes]].sum()),
            round(scale * meters[[commune.epci == epci for commune in stage.communes]].sum()),
            *_zone_cells(judged, "epci", epci),
        )
        for epci in sorted(names, key=lambda code: names[code])
    )
    return Table(
        "epci",
        Text(
            "Couverture et redondance par EPCI, plan seul",
            "Coverage and redundancy by EPCI, plan alone",
        ),
        (
            Column("epci", Text("EPCI", "EPCI")),
            Column("gateways", Text("Passerelles", "Gateways"), Kind.INTEGER),
            Column("meters", Text("Compteurs", "Meters"), Kind.INTEGER),
            *_zone_columns(),
        ),
        rows,
    )


def commune_table(findings: Findings) -> Table:
    """Return the same per commune."""
    stage, judged = findings.stage, findings.best
    planned = np.bincount(stage.sites.commune[judged.plan.sites], minlength=len(stage.communes))
    meters = np.bincount(stage.meters.commune, minlength=len(stage.communes))
    scale = findings.meters / len(stage.meters)
    rows = tuple(
        (
            commune.insee,
            commune.name,
            commune.epci_name,
            int(planned[index]),
            round(scale * meters[index]),
            *_zone_cells(judged, "commune", commune.insee),
        )
        for index, commune in enumerate(stage.communes)
    )
    return Table(
        "communes",
        Text(
            "Couverture et redondance par commune, plan seul",
            "Coverage and redundancy by commune, plan alone",
        ),
        (
            Column("insee", Text("INSEE", "INSEE")),
            Column("commune", Text("Commune", "Commune")),
            Column("epci", Text("EPCI", "EPCI")),
            Column("gateways", Text("Passerelles", "Gateways"), Kind.INTEGER),
            Column("meters", Text("Compteurs", "Meters"), Kind.INTEGER),
            *_zone_columns(),
        ),
        rows,
    )
