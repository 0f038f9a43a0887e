"""Tables and sentences of Sobol's indices and Morris's effects."""

from __future__ import annotations

from twin.lang import Text
from twin.report.phrases import percents
from twin.report.tables import Column, Kind, Table
from twin.study.answer import told_interval
from twin.study.variance import Spread


def spread_table(spread: Spread) -> Table:
    """Return the table of what was found, the figure that weighs most first."""
    priors = spread.scenario.assumptions
    head = (
        Column("assumption", Text("Hypothèse", "Assumption")),
        Column("status", Text("Statut", "Status")),
    )
    what = Text(f"{spread.kpi}, {spread.option}", f"{spread.kpi}, {spread.option}")
    if spread.indices:
        share = Kind.SHARE
        return Table(
            f"sobol-{spread.option}-{spread.kpi}",
            Text(f"Indices de Sobol : {what.fr}", f"Sobol indices: {what.en}"),
            (
                *head,
                Column("first", Text("1er ordre", "First order"), share),
                Column("first_low", Text("bas (95 %)", "low (95%)"), share),
                Column("first_high", Text("haut (95 %)", "high (95%)"), share),
                Column("total", Text("Total", "Total"), share),
                Column("total_low", Text("total, bas", "total, low"), share),
                Column("total_high", Text("total, haut", "total, high"), share),
                Column("n", Text("Lignes", "Rows"), Kind.INTEGER),
            ),
            tuple(
                (
                    priors[each.name].label, priors[each.name].status.label, each.first.mean,
                    each.first.low, each.first.high, each.total.mean, each.total.low,
                    each.total.high, each.first.n,
                )
                for each in spread.indices
            ),
        )  # fmt: skip
    number = Kind.NUMBER
    return Table(
        f"morris-{spread.option}-{spread.kpi}",
        Text(f"Effets élémentaires de Morris : {what.fr}", f"Morris effects: {what.en}"),
        (
            *head,
            Column("mu_star", Text("µ*", "µ*"), number),
            Column("mu_star_low", Text("bas (95 %)", "low (95%)"), number),
            Column("mu_star_high", Text("haut (95 %)", "high (95%)"), number),
            Column("mu", Text("µ", "µ"), number),
            Column("sigma", Text("σ", "σ"), number),
            Column("n", Text("Trajectoires", "Trajectories"), Kind.INTEGER),
        ),
        tuple(
            (
                priors[each.name].label, priors[each.name].status.label, each.mu_star.mean,
                each.mu_star.low, each.mu_star.high, each.mu, each.sigma, each.mu_star.n,
            )
            for each in spread.effects
        ),
    )  # fmt: skip


def spread_text(spread: Spread) -> Text:
    """Return what the design says, in a sentence."""
    priors, runs = spread.scenario.assumptions, spread.runs
    if not spread.indices:
        first = priors[spread.effects[0].name].label
        return Text(
            f"{runs} simulations. L'hypothèse qui pèse le plus : {first.fr}.",
            f"{runs} runs. The assumption that weighs most: {first.en}.",
        )
    first = priors[spread.indices[0].name].label
    alone = max(0.0, 1.0 - sum(max(0.0, each.first.mean) for each in spread.indices))
    return Text(
        f"{runs} simulations. L'hypothèse qui pèse le plus : {first.fr}. Ce qui n'est à aucune "
        f"seule : {percents(alone).fr} (interactions et dés du monde).",
        f"{runs} runs. The assumption that weighs most: {first.en}. No single one's: "
        f"{percents(alone).en} (interactions and the dice of the world).",
    )


def spread_json(spread: Spread) -> dict[str, object]:
    """Return what was found, for programs."""
    return {
        "option": spread.option,
        "kpi": spread.kpi,
        "runs": spread.runs,
        "sobol": [
            {
                "assumption": each.name,
                "first": told_interval(each.first),
                "total": told_interval(each.total),
            }
            for each in spread.indices
        ],
        "morris": [
            {
                "assumption": each.name,
                "mu_star": told_interval(each.mu_star),
                "mu": each.mu,
                "sigma": each.sigma,
            }
            for each in spread.effects
        ],
    }
