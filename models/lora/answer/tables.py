"""The tables of the answer, each written as CSV, as a sheet and in the page."""

from __future__ import annotations

import numpy as np

from models.lora.answer.findings import Findings, Judged, kpis_of
from models.lora.link_budget import Direction, link_budget
from models.lora.sites import KIND_LABELS
from models.lora.use_cases import UseCase
from twin.decide.intervals import Interval
from twin.lang import Text
from twin.report.tables import Cell, Column, Kind, Table

OPTION = Column("option", Text("Option", "Option"))


def outcome_table(findings: Findings) -> Table:
    """Return every KPI of every option: mean, 90 % interval of the outcome, interval of the mean."""
    columns = (
        OPTION,
        Column("kpi", Text("Indicateur", "Indicator")),
        Column("unit", Text("Unité", "Unit")),
        Column("mean", Text("Moyenne", "Mean"), Kind.NUMBER, decimals=3),
        Column("low", Text("Bas (5 %)", "Low (5 %)"), Kind.NUMBER, decimals=3),
        Column("high", Text("Haut (95 %)", "High (95 %)"), Kind.NUMBER, decimals=3),
        Column(
            "mean_low", Text("Moyenne, bas (95 %)", "Mean, low (95 %)"), Kind.NUMBER, decimals=3
        ),
        Column(
            "mean_high", Text("Moyenne, haut (95 %)", "Mean, high (95 %)"), Kind.NUMBER, decimals=3
        ),
        Column("n", Text("Réplications", "Replications"), Kind.INTEGER),
    )
    rows = tuple(
        (
            judged.option.name,
            kpi.label,
            {"share": "1"}.get(kpi.unit, kpi.unit),
            judged.outcome[kpi.name].mean,
            judged.outcome[kpi.name].low,
            judged.outcome[kpi.name].high,
            judged.mean[kpi.name].low,
            judged.mean[kpi.name].high,
            judged.outcome[kpi.name].n,
        )
        for judged in findings.options.values()
        for kpi in kpis_of(findings.scenario)
        if kpi.name in judged.outcome
    )
    return Table(
        "resultats",
        Text("Tous les indicateurs, par option", "Every indicator, by option"),
        columns,
        rows,
    )


def options_table(findings: Findings) -> Table:
    """Return the options side by side, as a council reads them."""

    def row(judged: Judged) -> tuple[Cell, ...]:
        outcome, plan = judged.outcome, judged.plan
        own = judged.settings.network == "own"
        final = outcome["gateways_final"]
        return (
            judged.option.name,
            int(outcome["gateways_planned"].mean + 0.5),
            round(final.low),
            round(final.high),
            outcome["share_1"].mean,
            outcome["share_2"].mean,
            outcome["share_final"].mean if own else None,
            outcome["target_met_final"].mean if own else None,
            outcome["total_ht_eur"].mean,
            outcome["total_ht_eur"].low,
            outcome["total_ht_eur"].high,
            outcome["total_ttc_eur"].mean,
            outcome["total_net_eur"].mean,
            plan.gap if own else None,
        )

    euro = Kind.EURO
    columns = (
        OPTION,
        Column("gateways_planned", Text("Passerelles prévues", "Gateways planned"), Kind.INTEGER),
        Column("final_low", Text("une fois complété, de", "once completed, from"), Kind.INTEGER),
        Column("final_high", Text("à", "to"), Kind.INTEGER),
        Column(
            "share_1",
            Text("Entendus par 1 ou plus, plan seul", "Heard by 1 or more, plan alone"),
            Kind.SHARE,
        ),
        Column(
            "share_2",
            Text("Entendus par 2 ou plus, plan seul", "Heard by 2 or more, plan alone"),
            Kind.SHARE,
        ),
        Column(
            "share_final",
            Text("Part visée, une fois complété", "Targeted share, once completed"),
            Kind.SHARE,
        ),
        Column(
            "chance",
            Text("Chances d'atteindre la cible", "Chance of meeting the target"),
            Kind.SHARE,
            decimals=0,
        ),
        Column("total_ht_eur", Text("Coût sur 10 ans", "10-year cost"), euro, tax="HT"),
        Column("total_ht_low_eur", Text("de", "from"), euro, tax="HT"),
        Column("total_ht_high_eur", Text("à", "to"), euro, tax="HT"),
        Column("total_ttc_eur", Text("Coût sur 10 ans", "10-year cost"), euro, tax="TTC"),
        Column("total_net_eur", Text("net de FCTVA", "net of FCTVA"), euro, tax="TTC"),
        Column(
            "gap", Text("Écart prouvé du plan à l'optimum", "Proven gap of the plan"), Kind.SHARE
        ),
    )
    return Table(
        "options",
        Text("Les options côte à côte", "The options side by side"),
        columns,
        tuple(row(judged) for judged in findings.options.values()),
        note=Text(
            "« De … à … » : 9 mondes simulés sur 10. Coûts actualisés, sur 10 ans.",
            "'From … to …': 9 simulated worlds in 10. Discounted costs over 10 years.",
        ),
    )


def sites_table(findings: Findings) -> Table:
    """Return the list of sites of the recommended network."""
    stage, plan = findings.stage, findings.best.plan
    sites = stage.sites
    rows = tuple(
        (
            sites.ids[index],
            sites.names[index] or stage.communes[sites.commune[index]].name,
            KIND_LABELS[sites.kind[index]],
            stage.communes[sites.commune[index]].insee,
            stage.communes[sites.commune[index]].name,
            stage.communes[sites.commune[index]].epci_name,
            float(sites.height_m[index, 0]),
            float(sites.height_m[index, 1]),
            float(sites.height_m[index, 2]),
            round(float(sites.x_m[index])),
            round(float(sites.y_m[index])),
        )
        for index in plan.sites
    )
    height = Kind.NUMBER
    return Table(
        "sites",
        Text("Les points hauts du plan recommandé", "The high points of the recommended plan"),
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


def assumptions_table(findings: Findings) -> Table:
    """Return every uncertain figure with its status and source."""
    number = Kind.NUMBER
    return Table(
        "hypotheses",
        Text("Les hypothèses et leur statut", "The assumptions and their status"),
        (
            Column("id", Text("Identifiant", "Identifier")),
            Column("label", Text("Hypothèse", "Assumption")),
            Column("unit", Text("Unité", "Unit")),
            Column("low", Text("Bas", "Low"), number),
            Column("mode", Text("Usuel", "Mode"), number),
            Column("high", Text("Haut", "High"), number),
            Column("status", Text("Statut", "Status")),
            Column("source", Text("Source", "Source")),
        ),
        tuple(
            (
                name,
                prior.label,
                prior.unit,
                prior.low,
                prior.mode,
                prior.high,
                prior.status.label,
                prior.source,
            )
            for name, prior in sorted(findings.scenario.assumptions.items())
        ),
    )


def variance_table(findings: Findings) -> Table:
    """Return which assumption carries the spread of the cost: which quote to ask for first."""
    priors = findings.scenario.assumptions
    return Table(
        "devis",
        Text(
            "Quel devis, quelle mesure demander d'abord",
            "Which quote or measurement to ask for first",
        ),
        (
            Column("label", Text("Hypothèse", "Assumption")),
            Column("status", Text("Statut", "Status")),
            Column(
                "share",
                Text("Part de la dispersion du coût", "Share of the spread of the cost"),
                Kind.SHARE,
                decimals=0,
            ),
        ),
        tuple(
            (priors[row.name].label, priors[row.name].status.label, row.share)
            for row in findings.variance
        )[:10],
        note=Text(
            f"Carré de la corrélation des rangs, {findings.n} réplications ; une hypothèse sans "
            f"effet montre en moyenne {100 / max(findings.n - 1, 1):.0f} %.",
            f"Squared rank correlation, {findings.n} replications; an assumption without effect "
            f"shows {100 / max(findings.n - 1, 1):.0f} % on average.",
        ),
    )


def budget_table(spreading_factor: int) -> Table:
    """Return the link budget of each use case: the largest path loss borne in each direction."""
    decibels = Kind.NUMBER

    def row(case: UseCase) -> tuple[Cell, ...]:
        budget = link_budget(case)
        return (
            budget.place.label,
            -budget.place.entry_db,
            budget.max_path_loss_db(spreading_factor, Direction.UPLINK),
            budget.max_path_loss_db(spreading_factor, Direction.DOWNLINK),
            budget.weaker(spreading_factor).label,
        )

    return Table(
        "bilans",
        Text(
            f"Bilan de liaison par usage, SF{spreading_factor}, valeurs centrales",
            f"Link budget by use case, SF{spreading_factor}, central values",
        ),
        (
            Column("use_case", Text("Usage", "Use case")),
            Column("entry_db", Text("Entrée", "Entry"), decibels, "dB", 1),
            Column("uplink_db", Text("Perte admise, montant", "Loss borne, up"), decibels, "dB", 1),
            Column(
                "downlink_db",
                Text("Perte admise, descendant", "Loss borne, down"),
                decibels,
                "dB",
                1,
            ),
            Column("weaker", Text("Sens le plus faible", "Weaker direction")),
        ),
        tuple(row(case) for case in UseCase),
    )


def budget_lines_table(case: UseCase, spreading_factor: int) -> Table:
    """Return the uplink budget of one use case, line by line."""
    budget = link_budget(case)
    lines = budget.rows(spreading_factor, Direction.UPLINK)
    total = budget.max_path_loss_db(spreading_factor, Direction.UPLINK)
    rows: list[tuple[Cell, ...]] = [
        (line.label, line.value, line.unit, line.status.label) for line in lines
    ]
    rows.append((Text("perte de trajet admise", "path loss borne"), total, "dB", None))
    return Table(
        f"bilan-{case}",
        Text(
            f"{budget.place.label.fr}, voie montante, ligne par ligne",
            f"{budget.place.label.en}, uplink, line by line",
        ),
        (
            Column("line", Text("Ligne", "Line")),
            Column("value", Text("Valeur", "Value"), Kind.NUMBER, "", 1),
            Column("unit", Text("Unité", "Unit")),
            Column("status", Text("Statut", "Status")),
        ),
        tuple(rows),
        total=True,
    )


def comparison_table(findings: Findings) -> Table:
    """Return each option's total cost against scenario 0, on the same dice."""
    names = {option.id: option.name for option in findings.scenario.options}
    euro = Kind.EURO
    against = names[findings.versus_operator[0].b]
    return Table(
        "comparaison",
        Text(
            f"Coût total sur 10 ans, écart à « {against.fr} » sur les mêmes tirages",
            f"10-year total cost, difference from '{against.en}' on the same dice",
        ),
        (
            OPTION,
            Column("difference_eur", Text("Écart moyen", "Mean difference"), euro, tax="HT"),
            Column("low_eur", Text("de", "from"), euro, tax="HT"),
            Column("high_eur", Text("à", "to"), euro, tax="HT"),
            Column(
                "cheaper",
                Text("Moins chère dans", "Cheaper in"),
                Kind.SHARE,
                decimals=0,
            ),
            Column("settled", Text("Départagées", "Settled")),
        ),
        tuple(
            (
                names[each.a],
                each.difference.mean,
                each.difference.low,
                each.difference.high,
                each.share_a_better,
                Text("oui", "yes") if each.is_settled() else Text("non", "no"),
            )
            for each in findings.versus_operator
        ),
        note=Text(
            f"« De … à … » : intervalle à 95 % de l'écart moyen, {findings.n} réplications ; "
            "« départagées » : test apparié, correction de Holm.",
            f"'From … to …': 95 % interval of the mean difference, {findings.n} replications; "
            "'settled': paired test with Holm's correction.",
        ),
    )
