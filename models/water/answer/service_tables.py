"""The French indicators of each water service, today and with the option to take."""

from __future__ import annotations

import numpy as np

from models.water.answer.findings import Findings
from models.water.answer.judged import Judged
from models.water.answer.measures import noted
from models.water.answer.words import Style, cell, level, say, within
from models.water.indicators.threshold import ilp_ceiling
from twin.decide.intervals import mean_interval
from twin.lang import Text
from twin.report.phrases import named, worlds
from twin.report.tables import Cell, Column, Kind, Table
from twin.study.judged import gap

INDICATORS: dict[str, tuple[Text, Style, int]] = {
    "yield": (Text("Rendement P104.3", "Yield P104.3"), "share", 1),
    "threshold": (Text("Seuil", "Threshold"), "share", 1),
    "ilvnc": (Text("ILVNC P105.3", "ILVNC P105.3"), "number", 2),
    "ilp": (Text("ILP P106.3", "ILP P106.3"), "number", 2),
    "ilc": (Text("ILC", "ILC"), "number", 2),
    "ili": (Text("ILI", "ILI"), "number", 1),
}
FORMULAS = Text(
    "P104.3 = (consommé autorisé + vendu) / (produit + acheté) ; P105.3 = (mis en distribution − compté) / km / "
    "365 ; P106.3 = (mis en distribution − consommé autorisé) / km / 365 ; ILC = (consommé autorisé + vendu) / "
    "km / 365, en m³/km/j (arrêté du 2 mai 2007). Seuil : le moindre de 85 % et de 65 % + 0,2 × ILC (décret "
    "2012-97 du 27 janvier 2012). ILI = pertes / pertes inévitables (Lambert 1999), indicatif sous 3 000 "
    "branchements.",
    "P104.3 = (authorised use + sold) / (produced + bought); P105.3 = (put into supply − metered) / km / 365; "
    "P106.3 = (put into supply − authorised use) / km / 365; ILC = (authorised use + sold) / km / 365, in "
    "m³/km/day (order of 2 May 2007). Threshold: the lower of 85% and 65% + 0.2 × ILC (decree 2012-97 of 27 "
    "January 2012). ILI = losses / unavoidable losses (Lambert 1999), indicative under 3,000 connections.",
)


def passing(judged: Judged, zone: str) -> float | None:
    """Return the share of worlds in which a service reaches the decree's threshold."""
    met, least = judged.values("yield", zone), judged.values("threshold", zone)
    if met is None or least is None or met.shape != least.shape:
        return None
    return float(np.mean(met >= least))


def services_table(findings: Findings) -> Table:
    """Return the indicators of every service today."""
    rows: list[tuple[Cell, ...]] = []
    today = findings.current
    for zone in ("", *findings.services):
        passed = passing(today, zone)
        rows.append(
            (
                findings.service_named(zone),
                today.mean("km", zone),
                level(today.get("lost_m3", zone), "m3"),
                *(
                    level(today.get(kpi, zone), style, decimals)
                    for kpi, (_, style, decimals) in INDICATORS.items()
                ),
                None if passed is None else say(passed, "share"),
            )
        )
    return Table(
        "services_bref",
        Text(
            "Les indicateurs du décret, service par service, aujourd'hui",
            "The decree's indicators, service by service, today",
        ),
        (
            Column("service", Text("Service", "Service")),
            Column("km", Text("Conduites", "Mains"), Kind.NUMBER, "km", 0),
            Column("lost", Text("Perdu (m³/an)", "Lost (m³/year)")),
            *(Column(kpi, label) for kpi, (label, _, _) in INDICATORS.items()),
            Column("passes", Text("Mondes au seuil", "Worlds that pass")),
        ),
        tuple(rows),
        note=noted(findings, FORMULAS),
    )


def services_then(findings: Findings) -> Table:
    """Return what the option told changes of every service's indicators."""
    today, told = findings.current, findings.decision.told
    shown: tuple[tuple[str, Style, int], ...] = (("yield", "share", 1), ("ilp", "number", 2))
    rows: list[tuple[Cell, ...]] = []
    for zone in ("", *findings.services):
        cells: list[Cell] = []
        for kpi, style, decimals in shown:
            cells += [level(each.get(kpi, zone), style, decimals) for each in (today, told)]
        worlds_met = [passing(each, zone) for each in (today, told)]
        cells += [None if each is None else say(each, "share") for each in worlds_met]
        cells.append(cell(gap(told, today, "lost_m3", zone), "m3"))
        rows.append((findings.service_named(zone), *cells))
    name = named(told.option.name)
    now, then = Text("aujourd'hui", "today"), Text("alors", "then")
    pairs = (
        ("yield", Text("Rendement", "Yield")),
        ("ilp", Text("ILP", "ILP")),
        ("passes", Text("Mondes au seuil", "Worlds that pass")),
    )
    return Table(
        "services_alors",
        Text(f"Les mêmes avec {name.fr}", f"The same with {name.en}"),
        (
            Column("service", Text("Service", "Service")),
            *(
                Column(f"{kpi}_{when.en}", Text(f"{label.fr}, {when.fr}", f"{label.en}, {when.en}"))
                for kpi, label in pairs
                for when in (now, then)
            ),
            Column("lost_m3", Text("Écart : eau perdue (m³/an)", "Change: water lost (m³/year)")),
        ),
        tuple(rows),
        note=noted(findings, Text("", "")),
    )


def services_numbers(findings: Findings) -> Table:
    """Return every indicator of every service and option, for programs."""
    rows: list[tuple[Cell, ...]] = []
    for each in findings.options.values():
        for zone in ("", *findings.services):
            told = [each.get(kpi, zone) for kpi in ("km", "lost_m3", *INDICATORS)]
            if told[0] is None:
                continue
            rows.append(
                (
                    each.option.name,
                    findings.service_named(zone),
                    *(None if one is None else one.mean for one in told),
                    passing(each, zone),
                    told[0].n,
                )
            )
    return Table(
        "services",
        Text("Les indicateurs de chaque service, par option", "Each service's indicators, by option"),
        (
            Column("option", Text("Option", "Option")),
            Column("service", Text("Service", "Service")),
            Column("km", Text("Conduites", "Mains"), Kind.NUMBER, "km", 1),
            Column("lost_m3", Text("Eau perdue", "Water lost"), Kind.NUMBER, "m³/an", 0),
            *(
                Column(kpi, label, Kind.SHARE if style == "share" else Kind.NUMBER, decimals=decimals)
                for kpi, (label, style, decimals) in INDICATORS.items()
            ),
            Column("passes", Text("Mondes au-dessus du seuil", "Worlds above the threshold"), Kind.SHARE,
                   decimals=0),
            Column("n", Text("Mondes", "Worlds"), Kind.INTEGER),
        ),
        tuple(rows),
        note=FORMULAS,
    )  # fmt: skip


def verdict(findings: Findings) -> Text | None:
    """Return what the indicators say of the territory, beside what is lost in euros."""
    today = findings.current
    met, least, ilp = (today.mean(kpi) for kpi in ("yield", "threshold", "ilp"))
    lost, cost = today.get("lost_m3"), today.get("water_eur")
    km, meters = today.mean("km"), today.mean("customer_meters")
    if met is None or least is None or ilp is None or lost is None or cost is None:
        return None
    ceiling = float(ilp_ceiling(meters / km)) if km and meters else None
    legal = met >= least
    good = ceiling is not None and ilp <= ceiling
    share, floor, index = say(met, "share"), say(least, "share", 1), say(ilp, "number", 1)
    amount, money, n = say(lost.mean, "m3"), say(cost.mean, "eur"), worlds(lost.n)
    of = say(1.0 - met, "share")
    law = (
        Text(f"rendement de {share.fr}, au-dessus du seuil de {floor.fr} : rien à redire au décret",
             f"yield of {share.en}, above the threshold of {floor.en}: lawful")
        if legal
        else Text(f"rendement de {share.fr}, sous le seuil de {floor.fr} : la redevance peut être majorée",
                  f"yield of {share.en}, below the threshold of {floor.en}: the fee may be raised")
    )  # fmt: skip
    grade = (
        Text("", "")
        if ceiling is None
        else Text(
            f" ; ILP de {index.fr} m³/km/j, {'sous' if good else 'au-dessus de'} {say(ceiling, 'number', 1).fr}, le "
            "plafond usuel à cette densité",
            f"; ILP of {index.en} m³/km/day, {'under' if good else 'above'} {say(ceiling, 'number', 1).en}, the usual "
            "ceiling at this density",
        )
    )
    hinge = Text("Et pourtant", "And yet") if legal else Text("En clair", "Put plainly")
    return Text(
        f"En moyenne sur le territoire, {law.fr}{grade.fr}. {hinge.fr} **{of.fr} de l'eau se perd** : {amount.fr} m³ "
        f"par an, {money.fr} au seul coût marginal ({n.fr}). Un long réseau dilue ses pertes dans ses kilomètres : "
        "un indice par kilomètre ne voit pas la facture.",
        f"On average over the territory: {law.en}{grade.en}. {hinge.en} **{of.en} of the water is lost**: {amount.en} "
        f"m³ a year, {money.en} at marginal cost alone ({n.en}). A long network dilutes its losses in its "
        "kilometres: an index per kilometre does not see the bill.",
    )


def passing_title(findings: Findings) -> Text:
    """Return how many services reach the threshold today, on average over the worlds."""
    compliant = findings.current.values("compliant")
    count = len(findings.services)
    if compliant is None or not count:
        return Text("Que disent les indicateurs ?", "What do the indicators say?")
    met = within(mean_interval(compliant * count), 0.0, float(count))
    told = level(met, "number", 1)
    assert told is not None  # noqa: S101 - an interval has words
    return Text(
        f"Services au-dessus du seuil aujourd'hui : {told.fr} sur {count} ({worlds(met.n).fr}).",
        f"Services above the threshold today: {told.en} of {count} ({worlds(met.n).en}).",
    )
