"""The tables of places: the next meters, and each commune's network."""

from __future__ import annotations

import numpy as np

from models.water.answer.findings import Findings
from models.water.answer.words import say
from twin.decide.intervals import outcome_interval
from twin.lang import Text
from twin.report.phrases import worlds
from twin.report.tables import Cell, Column, Kind, Table

FIRST = 20
"""Meters the page lists; the file has them all."""
SHORT_TOWERS = 15

NUMBER, INTEGER = Kind.NUMBER, Kind.INTEGER


def meters_list(findings: Findings, most: int | None = None) -> Table:
    """Return the meters in the order in which they are worth buying."""
    assert findings.ground is not None  # noqa: S101 - asked for with a ground
    ranked = findings.ground.meters[:most]
    count = findings.metered.meters if findings.metered is not None else 0
    price = say(findings.ground.meter_eur, "eur")
    return Table(
        "compteurs",
        Text("Où poser les compteurs, du premier au dernier", "Where to fit meters, first to last"),
        (
            Column("rank", Text("Rang", "Rank"), INTEGER),
            Column("commune", Text("Commune", "Commune")),
            Column("insee", Text("INSEE", "INSEE")),
            Column("link", Text("Conduite", "Pipe")),
            Column("where", Text("Où", "Where")),
            Column("km", Text("Surveille", "Watches"), NUMBER, "km", 1),
            Column("homes", Text("Logements", "Homes"), NUMBER, decimals=0),
            Column("yearly_eur", Text("Économie attendue par an", "Expected saving a year"), Kind.EURO),
            Column("bundle", Text("Lot", "Bundle"), INTEGER),
            Column("taken", Text("Dans l'option", "In the option")),
            Column("x_m", Text("X Lambert-93", "X Lambert-93"), NUMBER, "m", 0),
            Column("y_m", Text("Y Lambert-93", "Y Lambert-93"), NUMBER, "m", 0),
        ),
        tuple(
            (
                each.rank, each.commune, each.insee, each.link,
                Text("au pied du réservoir", "at the foot of the tower") if each.opening
                else Text("sur une branche", "on a branch"),
                each.km, each.homes, each.yearly_eur, each.bundle,
                Text("oui", "yes") if count in each.held else Text("non", "no"),
                each.x_m, each.y_m,
            )
            for each in ranked
        ),
        note=Text(
            f"Économie attendue en eau et en recherches, par le calcul et non par les mondes, face à des fuites "
            f"que seules une recherche systématique ou la surface révèlent ; un compteur coûte {price.fr} par an. "
            "Même lot : ne paient qu'ensemble. Réseaux synthétiques : la commune compte, pas la rue.",
            f"Expected saving in water and searches, computed and not played, against leaks that only a survey "
            f"or the surface reveals; a meter costs {price.en} a year. Same bundle: pay only together. Made-up "
            "networks: the commune matters, not the street.",
        ),
    )  # fmt: skip


def communes_table(findings: Findings, most: int | None = None) -> Table:
    """Return each commune's network, the shortest tower first."""
    assert findings.ground is not None  # noqa: S101 - asked for with a ground
    networks, hours = findings.ground.networks, findings.hours
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for each in findings.ground.meters:
        first.setdefault(each.insee, each.rank)
    for each in findings.taken:
        count[each.insee] = count.get(each.insee, 0) + 1
    told = findings.metered or findings.current
    order = np.argsort(hours.mean(axis=0), kind="stable")[:most]
    rows: list[tuple[Cell, ...]] = []
    for at in order.tolist():
        each = networks[at]
        lasts = outcome_interval(hours[:, at])
        rows.append(
            (
                each.commune, each.insee, each.service, each.people, each.km,
                findings.current.mean("lost_m3", each.insee),
                first.get(each.insee), count.get(each.insee, 0),
                told.mean("smallest_m3h", each.insee) if told.meters else None,
                lasts.mean, lasts.low, lasts.high, each.stored_m3, each.demand_m3h,
                each.cut_people, each.cut_worst, each.fire_share,
            )
        )  # fmt: skip
    return Table(
        "communes",
        Text("Commune par commune", "Commune by commune"),
        (
            Column("commune", Text("Commune", "Commune")),
            Column("insee", Text("INSEE", "INSEE")),
            Column("service", Text("Service", "Service")),
            Column("people", Text("Habitants", "Inhabitants"), NUMBER, decimals=0),
            Column("km", Text("Conduites", "Mains"), NUMBER, "km", 1),
            Column("lost_m3", Text("Perdu par an", "Lost a year"), NUMBER, "m³", 0),
            Column("first_rank", Text("Rang du premier compteur", "Rank of its first meter"), INTEGER),
            Column("meters", Text("Compteurs de l'option", "Meters of the option"), INTEGER),
            Column("smallest_m3h", Text("Plus petite fuite vue", "Smallest leak seen"), NUMBER, "m³/h", 2),
            Column("hours", Text("Tient sans électricité", "Lasts without power"), NUMBER, "h", 0),
            Column("hours_low", Text("bas (5 %)", "low (5%)"), NUMBER, "h", 0),
            Column("hours_high", Text("haut (95 %)", "high (95%)"), NUMBER, "h", 0),
            Column("stored_m3", Text("Réserve au seuil", "Stored at the threshold"), NUMBER, "m³", 0),
            Column("demand_m3h", Text("Demande moyenne", "Mean demand"), NUMBER, "m³/h", 1),
            Column("cut_people", Text("Sans eau, conduite médiane", "Without water, median pipe"), NUMBER,
                   decimals=0),
            Column("cut_worst", Text("Sans eau, pire conduite", "Without water, worst pipe"), NUMBER,
                   decimals=0),
            Column("fire_share", Text("Points à 60 m³/h", "Points with 60 m³/h"), Kind.SHARE, decimals=0),
        ),
        tuple(rows),
        note=Text(
            f"{worlds(len(hours)).fr}. Réserve : niveau où le remplissage se déclenche, le pire moment pour une "
            "coupure ; demande et fuites d'une heure moyenne. Points à 60 m³/h : carrefours et bouts de conduite "
            "qui donnent 60 m³/h à 1 bar pendant deux heures, sans autre incendie.",
            f"{worlds(len(hours)).en}. Stored: the level at which filling starts, the worst moment for a cut; demand "
            "and leaks of a mean hour. Points with 60 m³/h: junctions and ends of mains that give 60 m³/h at 1 "
            "bar for two hours, without another fire.",
        ),
    )  # fmt: skip


def brief(table: Table, names: tuple[str, ...], note: Text | None = None) -> Table:
    """Return a table with the columns a reader needs, a note of its own if given."""
    kept = [index for index, column in enumerate(table.columns) if column.name in names]
    return Table(
        f"{table.name}_bref",
        table.title,
        tuple(table.columns[index] for index in kept),
        tuple(tuple(row[index] for index in kept) for row in table.rows),
        note=note or table.note,
    )
