"""The tables of the answer."""

from __future__ import annotations

import numpy as np

from models.lora.load.answer.curves import findings_devices
from models.lora.load.answer.figures import FACTORS
from models.lora.load.answer.findings import Findings, Judged, fleet_label, kpis_of
from models.lora.load.outcomes import CAUSES
from models.lora.load.verdict import years_held
from models.lora.network.eu868 import BAND_NAMES
from twin.lang import Lang, Text
from twin.report.tables import Cell, Column, Kind, Table
from twin.report.typography import number

OPTION = Column("option", Text("Option", "Option"))
SHARE = Kind.SHARE


def verdict_table(findings: Findings) -> Table:
    """Return which targets each option holds in the most expected world, and how often."""

    def chance(judged: Judged, kpi: str) -> Cell:
        return judged.value(kpi)

    def row(judged: Judged) -> tuple[Cell, ...]:
        return (
            judged.option.name,
            judged.value("collection"),
            chance(judged, "holds_collection"),
            _or_none(judged, "battery_p05"),
            chance(judged, "holds_battery"),
            judged.value("duty_most"),
            judged.value("refused"),
            chance(judged, "holds_duty"),
            chance(judged, "holds_all"),
        )

    return Table(
        "options",
        Text("Ce que chaque option tient", "What each option holds"),
        (
            OPTION,
            Column("collection", Text("Compteurs relevés à J+1", "Meters read at D+1"), SHARE),
            Column("holds_collection", Text("Relève tenue", "Reading held"), SHARE, decimals=0),
            Column(
                "battery_p05",
                Text("95 % des piles dépassent", "95 % of batteries exceed"),
                Kind.NUMBER,
                "ans",
                1,
            ),
            Column("holds_battery", Text("Piles tenues", "Batteries held"), SHARE, decimals=0),
            Column(
                "duty",
                Text("Émission, passerelle de pointe", "Airtime, busiest gateway"),
                SHARE,
                decimals=0,
            ),
            Column("refused", Text("Réponses refusées", "Answers refused"), SHARE),
            Column("holds_duty", Text("Émission tenue", "Airtime held"), SHARE, decimals=0),
            Column("holds_all", Text("Tout tenu", "All held"), SHARE, decimals=0),
        ),
        tuple(row(judged) for judged in findings.options.values()),
        note=Text(
            f"« Tenue » : part des {findings.n} mondes simulés où chaque parc atteint la cible. "
            "Piles des compteurs ; 20 ans est la durée la plus longue accordée à une pile.",
            f"'Held': share of the {findings.n} simulated worlds in which every fleet reaches the "
            "target. Batteries of the meters; 20 years is the longest life credited to a battery.",
        ),
    )


def fleets_table(findings: Findings) -> Table:
    """Return each fleet of the recommended option: how many, how often, what becomes of it."""
    best = findings.best
    devices = findings_devices(findings)
    lang = findings.run.lang
    later = best.outcome.get("devices_later", {})
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            fleet_label(name, fleet),
            devices[name],
            round(later[name].mean) if name in later else None,
            _period(fleet.period_s, lang),
            best.value("delivery", name) if best.get("delivery", name) else None,
            best.value("collection", name) if best.get("collection", name) else None,
            _zone_or_none(best, "gateways_per_frame", name),
            round(best.value("unheard", name)),
            _zone_or_none(best, "battery_p05", name),
            _zone_or_none(best, "battery_median", name),
        )
        for name, fleet in best.fleets.items()
    )
    return Table(
        "usages",
        Text("Les parcs d'objets de l'option retenue", "The fleets of the option retained"),
        (
            Column("fleet", Text("Usage", "Use")),
            Column("devices", Text("Objets", "Devices"), Kind.INTEGER),
            Column("devices_later", Text("dernière année", "last year"), Kind.INTEGER),
            Column("period", Text("Un relevé", "One reading")),
            Column("delivery", Text("Livrés", "Delivered"), SHARE),
            Column("collection", Text("Relevés à J+1", "Read at D+1"), SHARE),
            Column(
                "gateways",
                Text("Passerelles par trame", "Gateways per frame"),
                Kind.NUMBER,
                decimals=1,
            ),
            Column("unheard", Text("Hors de portée", "Out of reach"), Kind.INTEGER),
            Column(
                "battery_p05",
                Text("Pile : 95 % dépassent", "Battery: 95 % exceed"),
                Kind.NUMBER,
                "ans",
                1,
            ),
            Column("battery_median", Text("médiane", "median"), Kind.NUMBER, "ans", 1),
        ),
        rows,
        note=Text(
            "« Hors de portée » : niveau moyen sous la sensibilité de toutes les passerelles au "
            "débit le plus lent ; ils comptent dans toutes les parts, et passent parfois. Sans pile : secteur.",
            "'Out of reach': mean level under the sensitivity of every gateway at the slowest rate; "
            "they count in every share. No battery: mains.",
        ),
    )


def losses_table(findings: Findings) -> Table:
    """Return the share of messages lost to each cause, by option."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (judged.option.name, *(judged.value("loss", cause) for cause in CAUSES))
        for judged in findings.options.values()
    )
    return Table(
        "pertes",
        Text("Messages perdus, par cause", "Messages lost, by cause"),
        (
            OPTION,
            *(
                Column(cause.replace("-", "_"), label, SHARE, decimals=2)
                for cause, label in CAUSES.items()
            ),
        ),
        rows,
    )


def epci_table(findings: Findings) -> Table:
    """Return reading, delivery and years held per EPCI in the recommended option."""
    best = findings.best
    target, horizon = best.load.targets.collection, best.load.horizon_years
    rows: list[tuple[Cell, ...]] = []
    for code, name in findings.epcis.items():
        first, last = best.get("collection", code), best.get("collection_later", code)
        if first is None:
            continue
        held = years_held(first.mean, last.mean, target, horizon) if last else None
        rows.append(
            (
                name,
                first.mean, first.low, first.high,
                _zone_or_none(best, "delivery", code),
                last.mean if last else None,
                _failing(held, horizon),
            )
        )  # fmt: skip
    return Table(
        "epci",
        Text(
            "Relève des compteurs par EPCI, option retenue",
            "Reading of the meters by EPCI, option retained",
        ),
        (
            Column("epci", Text("EPCI", "EPCI")),
            Column("collection", Text("Relevés à J+1", "Read at D+1"), SHARE),
            Column("low", Text("de", "from"), SHARE),
            Column("high", Text("à", "to"), SHARE),
            Column("delivery", Text("Messages livrés", "Messages delivered"), SHARE),
            Column("collection_later", Text("Relevés, dernière année", "Read, last year"), SHARE),
            Column("failing", Text("Sous la cible", "Under the target")),
        ),
        tuple(rows),
        note=Text(
            "« Sous la cible » : première année où la part moyenne passe sous la cible ; entre les "
            "deux années simulées, la part manquée varie d'un même facteur chaque année.",
            "'Under the target': first year in which the mean share falls under the target; between "
            "the two years simulated the share missed changes by the same factor each year.",
        ),
    )


def _failing(held: float | None, horizon: int) -> Cell:
    if held is None:
        return None
    if held <= 0.0:
        return Text("dès la première année", "from the first year")
    if held >= horizon:
        return Text("jamais", "never")
    return Text(f"année {int(held) + 1}", f"year {int(held) + 1}")


def commune_table(findings: Findings) -> Table:
    """Return reading and delivery per commune in the recommended option."""
    best = findings.best
    rows = tuple(
        (
            commune.insee,
            commune.name,
            commune.epci_name,
            _zone_or_none(best, "collection", commune.insee),
            _zone_or_none(best, "delivery", commune.insee),
            _zone_or_none(best, "collection_later", commune.insee),
        )
        for commune in findings.stage.communes
    )
    return Table(
        "communes",
        Text(
            "Relève des compteurs par commune, option retenue",
            "Reading of the meters by commune, option retained",
        ),
        (
            Column("insee", Text("INSEE", "INSEE")),
            Column("commune", Text("Commune", "Commune")),
            Column("epci", Text("EPCI", "EPCI")),
            Column("collection", Text("Relevés à J+1", "Read at D+1"), SHARE),
            Column("delivery", Text("Messages livrés", "Messages delivered"), SHARE),
            Column("collection_later", Text("Relevés, dernière année", "Read, last year"), SHARE),
        ),
        rows,
    )


def gateways_table(findings: Findings) -> Table:
    """Return the airtime each gateway uses in its busiest hour, busiest first."""
    best, stage = findings.best, findings.stage
    order = np.argsort(
        [-best.value("duty_gateway", site) for site in stage.sites.ids], kind="stable"
    )
    rows = tuple(
        (
            stage.sites.ids[row],
            stage.communes[stage.sites.commune[row]].name,
            best.value("duty_gateway", stage.sites.ids[row]),
            round(float(stage.sites.x_m[row])),
            round(float(stage.sites.y_m[row])),
        )
        for row in order
    )
    return Table(
        "passerelles",
        Text(
            "Charge de chaque passerelle en heure de pointe",
            "Load of each gateway in its busiest hour",
        ),
        (
            Column("id", Text("Site", "Site")),
            Column("commune", Text("Commune", "Commune")),
            Column("duty", Text("Temps d'émission légal utilisé", "Legal airtime used"), SHARE),
            Column("x_m", Text("X Lambert-93", "X Lambert-93"), Kind.INTEGER),
            Column("y_m", Text("Y Lambert-93", "Y Lambert-93"), Kind.INTEGER),
        ),
        rows,
    )


def wave_table(findings: Findings) -> Table:
    """Return the batteries replaced each year, by option."""
    judged = [each for each in findings.options.values() if each.get("replaced_in", "y01")]
    years = (
        sorted(zone for zone in judged[0].outcome["replaced_in"] if "/" not in zone)
        if judged
        else []
    )
    columns = tuple(
        Column(each.option.id.replace("-", "_"), each.option.name, Kind.NUMBER, decimals=0)
        for each in judged
    )
    rows = tuple(
        (int(year[1:]), *(each.value("replaced_in", year) for each in judged)) for year in years
    )
    return Table(
        "remplacements",
        Text(
            "Piles remplacées chaque année, tous parcs de la première année",
            "Batteries replaced each year, fleets of the first year",
        ),
        (Column("year", Text("Année", "Year"), Kind.INTEGER), *columns),
        rows,
    )


def outcome_table(findings: Findings) -> Table:
    """Return every KPI of every option over the whole: mean, intervals."""
    number3 = Kind.NUMBER
    rows = tuple(
        (
            judged.option.name, kpi.label, {"share": "1"}.get(kpi.unit, kpi.unit), zone,
            told.mean, told.low, told.high, told.n,
        )
        for judged in findings.options.values()
        for kpi in kpis_of(findings.scenario)
        for zone, told in judged.outcome.get(kpi.name, {}).items()
        if _told(zone, judged)
    )  # fmt: skip
    return Table(
        "resultats",
        Text(
            "Tous les indicateurs, par option et par parc", "Every indicator, by option and fleet"
        ),
        (
            OPTION,
            Column("kpi", Text("Indicateur", "Indicator")),
            Column("unit", Text("Unité", "Unit")),
            Column("zone", Text("Zone", "Zone")),
            Column("mean", Text("Moyenne", "Mean"), number3, decimals=4),
            Column("low", Text("Bas (5 %)", "Low (5 %)"), number3, decimals=4),
            Column("high", Text("Haut (95 %)", "High (95 %)"), number3, decimals=4),
            Column("n", Text("Réplications", "Replications"), Kind.INTEGER),
        ),
        rows,
    )


def _told(zone: str, judged: Judged) -> bool:
    """Return whether a zone stands in the table of results: places have tables of their own."""
    known = {"", "pit", "indoor", "outdoor", *judged.fleets, *CAUSES, *FACTORS, *BAND_NAMES}
    return zone in known


def _or_none(judged: Judged, kpi: str) -> float | None:
    return _zone_or_none(judged, kpi, "")


def _zone_or_none(judged: Judged, kpi: str, zone: str) -> float | None:
    told = judged.get(kpi, zone)
    return told.mean if told is not None else None


def _period(seconds: float, lang: Lang) -> str:
    for size, fr, en in (
        (86_400.0, "jour(s)", "day(s)"),
        (3_600.0, "h", "h"),
        (60.0, "min", "min"),
    ):
        if seconds >= size:
            told = number(seconds / size, 0 if seconds % size == 0 else 1, lang)
            return f"{told} {fr if lang is Lang.FR else en}"
    return f"{seconds:g} s"
