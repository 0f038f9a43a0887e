"""In what order the zones are fitted, and when: words, figure and table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.lora.answer.findings import Findings
from models.lora.answer.words import numbers, percents
from models.lora.plan import investment_eur
from models.lora.programme import Step
from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.report.curves import fan
from twin.report.svg import Svg
from twin.report.tables import Column, Kind, Table
from twin.study.outcomes import values


@dataclass(frozen=True)
class ZoneLine:
    """One zone of the programme: gateways, years, meters it brings, meters per thousand euros."""

    epci: str
    gateways: int
    first_year: int
    last_year: int
    meters: float
    meters_per_keur: float


@dataclass(frozen=True)
class Programme:
    """The programme of the recommended network; `milestones` are days from the study's start."""

    lines: tuple[ZoneLine, ...]
    years: int
    budget_eur: float
    milestones: dict[str, Interval]
    chance_first_by_autumn: float

    def sentences(self, findings: Findings) -> tuple[Text, ...]:
        """Return what a council needs to know of the dates."""
        start = findings.scenario.study.start
        first, last = self.milestones["first_gateway_days"], self.milestones["last_gateway_days"]
        budget = numbers(self.budget_eur)
        chance = percents(self.chance_first_by_autumn)
        return (
            Text(
                f"Avec {budget.fr} € HT d'investissement par an à partir de {start.year}, le réseau "
                f"prévu s'achète en {self.years} an(s). Première passerelle en service : "
                f"{first.mean / 30.4:.0f} mois après le départ (de {first.low / 30.4:.0f} à "
                f"{first.high / 30.4:.0f}) ; dernière : {last.mean / 30.4:.0f} mois (de "
                f"{last.low / 30.4:.0f} à {last.high / 30.4:.0f}). Chances d'une première "
                f"passerelle avant le 30 septembre {start.year} : **{chance.fr}**.",
                f"With {budget.en} € excl. VAT of investment a year from {start.year}, the planned "
                f"network takes {self.years} year(s) to buy. First gateway in service: "
                f"{first.mean / 30.4:.0f} months after the start ({first.low / 30.4:.0f} to "
                f"{first.high / 30.4:.0f}); last: {last.mean / 30.4:.0f} months "
                f"({last.low / 30.4:.0f} to {last.high / 30.4:.0f}). Chance of a first gateway "
                f"before 30 September {start.year}: **{chance.en}**.",
            ),
        )

    def figure(self, findings: Findings, lang: Lang) -> Svg:
        """Show how many planned gateways are in service as months pass."""
        table = findings.run.table
        months = sorted(findings.best.in_service)
        drawn = np.array(
            [values(table, findings.run.recommended, "in_service", month) for month in months]
        )
        levels = np.quantile(drawn, [0.05, 0.25, 0.5, 0.75, 0.95], axis=1)
        planned = len(findings.best.plan.sites)
        done = np.flatnonzero(levels[2] >= planned)
        # Two quarters after the last gateway of the median world nothing more is to be seen.
        last = min(len(months), (int(done[0]) if len(done) else len(months)) + 3)
        time = np.array([int(month[1:]) for month in months[:last]], dtype=np.float64)
        half = int(np.argmax(levels[2] >= planned / 2))
        title = Text(
            f"La moitié des passerelles prévues sert au bout de {int(months[half][1:])} mois",
            f"Half of the planned gateways serve after {int(months[half][1:])} months",
        )
        return fan(
            "mise-en-service",
            title,
            time,
            levels[:, :last],
            Column(
                "months",
                Text("Mois depuis le départ", "Months since the start"),
                Kind.NUMBER,
                decimals=0,
            ),
            Column(
                "gateways",
                Text("Passerelles en service", "Gateways in service"),
                Kind.NUMBER,
                decimals=0,
            ),
            lang,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the programme for `summary.json`."""
        return {
            "yearly_budget_eur": self.budget_eur,
            "years": self.years,
            "chance_first_by_30_september": self.chance_first_by_autumn,
            "milestones_days": {
                name: {"mean": each.mean, "low": each.low, "high": each.high, "n": each.n}
                for name, each in self.milestones.items()
            },
            "zones": [
                {
                    "epci": line.epci,
                    "gateways": line.gateways,
                    "first_year": line.first_year,
                    "last_year": line.last_year,
                    "meters": line.meters,
                    "meters_per_keur": line.meters_per_keur,
                }
                for line in self.lines
            ],
        }


def plan_programme(findings: Findings) -> Programme:
    """Return the programme of the recommended network."""
    best, start = findings.best, findings.scenario.study.start
    steps = best.plan.programme
    autumn = (start.replace(month=9, day=30) - start).days
    first = np.array(values(findings.run.table, findings.run.recommended, "first_gateway_days"))
    return Programme(
        lines=_lines(findings, steps),
        years=steps[-1].year + 1,
        budget_eur=best.settings.programme.yearly_budget_eur,
        milestones={
            name: best.outcome[name]
            for name in ("first_gateway_days", "half_network_days", "last_gateway_days")
        },
        chance_first_by_autumn=float(np.mean(first <= autumn)),
    )


def _lines(findings: Findings, steps: tuple[Step, ...]) -> tuple[ZoneLine, ...]:
    """Return the zones in the order they are fitted."""
    names = sorted({commune.epci_name for commune in findings.stage.communes})
    price_keur = investment_eur(findings.scenario) / 1000.0
    scale = findings.meters / len(findings.stage.meters)
    start = findings.scenario.study.start.year
    lines: list[ZoneLine] = []
    before = 0.0
    for zone in dict.fromkeys(step.zone for step in steps):
        own = [step for step in steps if step.zone == zone]
        meters = scale * (own[-1].reached - before)
        before = own[-1].reached
        lines.append(
            ZoneLine(
                epci=names[zone],
                gateways=len(own),
                first_year=start + own[0].year,
                last_year=start + own[-1].year,
                meters=meters,
                meters_per_keur=meters / (price_keur * len(own)),
            )
        )
    return tuple(lines)


def programme_table(findings: Findings, programme: Programme) -> Table:
    """Return the zones in order, with their years and what they bring."""
    k = findings.best.settings.target.redundancy
    return Table(
        "programme",
        Text("Programme de déploiement, zone par zone", "Deployment programme, zone by zone"),
        (
            Column("rank", Text("Rang", "Rank"), Kind.INTEGER),
            Column("epci", Text("EPCI", "EPCI")),
            Column("gateways", Text("Passerelles", "Gateways"), Kind.INTEGER),
            Column("first_year", Text("De", "From"), Kind.YEAR),
            Column("last_year", Text("À", "To"), Kind.YEAR),
            Column(
                "meters",
                Text(f"Compteurs servis par {k}, en plus", f"Meters served by {k}, added"),
                Kind.INTEGER,
            ),
            Column(
                "meters_per_keur",
                Text("Compteurs par k€ investi", "Meters per k€ invested"),
                Kind.NUMBER,
                decimals=1,
            ),
        ),
        tuple(
            (
                rank,
                line.epci,
                line.gateways,
                line.first_year,
                line.last_year,
                round(line.meters),
                line.meters_per_keur,
            )
            for rank, line in enumerate(programme.lines, 1)
        ),
        note=Text(
            "Une zone compte les compteurs que ses passerelles servent avec celles déjà posées.",
            "A zone counts the meters its gateways serve together with those already fitted.",
        ),
    )
