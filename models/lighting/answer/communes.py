"""Each commune: what the option to take changes there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from models.lighting.answer.findings import COST, Findings
from models.lighting.stage import communes_of, inventory_of
from twin.lang import Text
from twin.report.phrases import yes
from twin.report.tables import Column, Kind, Table
from twin.study.judged import Gap, gap
from twin.territory.communes import Commune

NUMBER, EURO, INTEGER = Kind.NUMBER, Kind.EURO, Kind.INTEGER


class CommuneRow(NamedTuple):
    """A commune, its lamps and cabinets, and the change of its yearly cost."""

    commune: Commune
    points: int
    cabinets: int
    change: Gap | None

    @property
    def change_eur_point(self) -> float:
        """Return the change of cost a point, NaN where there is none."""
        if self.change is None or not self.points:
            return float("nan")
        return self.change.difference.mean / self.points


@dataclass(frozen=True, eq=False)
class Communes:
    """Every commune, told by the table, the map and its layer."""

    findings: Findings

    @cached_property
    def rows(self) -> tuple[CommuneRow, ...]:
        """Return the communes in the order of their table."""
        findings, territory = self.findings, self.findings.scenario.territory
        inventory = inventory_of(territory, findings.chosen.settings.inventory)
        communes = communes_of(territory)
        points = np.bincount(inventory.lamp_commune, minlength=len(communes)).tolist()
        cabinets = np.bincount(inventory.cabinets.commune, minlength=len(communes)).tolist()
        return tuple(
            CommuneRow(
                each, points[row], cabinets[row],
                gap(findings.chosen, findings.current, COST, each.insee),
            )
            for row, each in enumerate(communes)
        )  # fmt: skip

    @cached_property
    def table(self) -> Table:
        """Return the table of communes, for the files and for the map's layer."""
        return _table(self)


def _table(communes: Communes) -> Table:
    """Return what each commune has today, and with the option to take."""
    findings = communes.findings
    now, then = findings.current, findings.chosen
    rows = []
    for each in communes.rows:
        code, change = each.commune.insee, each.change
        rows.append(
            (
                each.commune.name, code, each.points, each.cabinets,
                now.mean(COST, code), then.mean(COST, code),
                None if change is None else change.difference.mean,
                None if change is None else change.difference.low,
                None if change is None else change.difference.high,
                None if change is None else yes(change.settled),
                now.mean("kwh", code), then.mean("kwh", code),
                now.mean("outside_h", code), then.mean("outside_h", code),
                now.mean("dark_h", code), then.mean("dark_h", code),
            )
        )  # fmt: skip
    today, chosen = Text("aujourd'hui", "today"), Text("retenue", "to take")

    def both(name: str, fr: str, en: str, unit: str = "", kind: Kind = NUMBER) -> list[Column]:
        return [
            Column(f"{name}_{key}", Text(f"{fr}, {when.fr}", f"{en}, {when.en}"), kind, unit, 0)
            for key, when in (("now", today), ("then", chosen))
        ]

    return Table(
        "communes",
        Text("Chaque commune, aujourd'hui et avec l'option retenue",
             "Each commune, today and with the option to take"),
        (
            Column("commune", Text("Commune", "Commune")),
            Column("insee", Text("INSEE", "INSEE")),
            Column("points", Text("Points lumineux", "Light points"), INTEGER),
            Column("cabinets", Text("Armoires", "Cabinets"), INTEGER),
            *both("eur", "Coût par an", "Cost a year", "€", EURO),
            Column("change_eur", Text("Écart de coût par an", "Change of cost a year"), EURO, "€"),
            Column("low_eur", Text("Écart, au moins", "Change, at least"), EURO, "€"),
            Column("high_eur", Text("Écart, au plus", "Change, at most"), EURO, "€"),
            Column("settled", Text("Écart départagé", "Change settled")),
            *both("kwh", "Énergie", "Energy", "kWh"),
            *both("outside_h", "Heures hors classe par point", "Hours outside class a point", "h"),
            *both("dark_h", "Heures de lampe en panne", "Lamp-hours failed", "h"),
        ),
        tuple(rows),
        note=Text("Bornes : intervalle de confiance à 95 % de l'écart.",
                  "Ends: 95% confidence interval of the change."),
    )  # fmt: skip
