"""The tables of the answer that compare options, assumptions and link budgets."""

from __future__ import annotations

from models.lora.answer.findings import Findings, Judged, kpis_of
from models.lora.link_budget import Direction, link_budget
from models.lora.use_cases import UseCase
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
    """Return what each option reaches, side by side."""

    def row(judged: Judged) -> tuple[Cell, ...]:
        outcome = judged.outcome
        own = judged.settings.network == "own"
        final = outcome["gateways_final"]
        return (
            judged.option.name,
            round(outcome["gateways_planned"].mean),
            round(final.low),
            round(final.high),
            outcome["share_1"].mean,
            outcome["share_2"].mean,
            outcome["share_final"].mean if own else None,
            outcome["target_met_final"].mean if own else None,
            judged.plan.gap if own else None,
        )

    share = Kind.SHARE
    columns = (
        OPTION,
        Column("planned", Text("Prévues", "Planned"), Kind.INTEGER),
        Column("final_low", Text("complété : de", "completed: from"), Kind.INTEGER),
        Column("final_high", Text("à", "to"), Kind.INTEGER),
        Column("share_1", Text("Plan seul : par 1", "Plan alone: by 1"), share),
        Column("share_2", Text("par 2", "by 2"), share),
        Column("share_final", Text("Complété : part visée", "Completed: target"), share),
        Column("chance", Text("Cible atteinte", "Target met"), share, decimals=0),
        Column("gap", Text("Écart à l'optimum", "Gap to optimum"), share),
    )
    return Table(
        "options",
        Text("Ce que chaque option atteint", "What each option reaches"),
        columns,
        tuple(row(judged) for judged in findings.options.values()),
        note=Text(
            "« Plan seul » : compteurs entendus par au moins 1, 2 passerelles, refus de sites "
            "compris. « De … à … » : 9 mondes simulés sur 10. « Cible atteinte » : part des mondes. "
            "« Écart à l'optimum » : prouvé, pour le plan.",
            "'Plan alone': meters heard by at least 1, 2 gateways, site refusals included. "
            "'From … to …': 9 simulated worlds in 10. 'Target met': share of worlds. 'Gap to "
            "optimum': proven, for the plan.",
        ),
    )


def costs_table(findings: Findings) -> Table:
    """Return what each option costs over the horizon, side by side."""
    euro = Kind.EURO
    kpis = (
        ("gateways_ht_eur", Text("Passerelles", "Gateways"), "HT"),
        ("total_ht_eur", Text("Coût total", "Total cost"), "HT"),
        ("total_ttc_eur", Text("Coût total", "Total cost"), "TTC"),
        ("total_net_eur", Text("Net de FCTVA", "Net of FCTVA"), "TTC"),
    )

    def row(judged: Judged) -> tuple[Cell, ...]:
        total = judged.outcome["total_ht_eur"]
        means = [judged.outcome[name].mean for name, _, _ in kpis]
        return (judged.option.name, *means[:2], total.low, total.high, *means[2:])

    columns = [Column(name, label, euro, tax=tax) for name, label, tax in kpis]  # type: ignore[arg-type] # the two literals
    between = (
        Column("total_low_eur", Text("de", "from"), euro, tax="HT"),
        Column("total_high_eur", Text("à", "to"), euro, tax="HT"),
    )
    return Table(
        "couts",
        Text("Ce que chaque option coûte sur 10 ans", "What each option costs over 10 years"),
        (OPTION, *columns[:2], *between, *columns[2:]),
        tuple(row(judged) for judged in findings.options.values()),
        note=Text(
            "Coûts actualisés. « De … à … » : 9 mondes simulés sur 10.",
            "Discounted costs. 'From … to …': 9 simulated worlds in 10.",
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
