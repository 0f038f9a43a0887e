"""The figures of the answer; each title states what the figure shows."""

from __future__ import annotations

from collections.abc import Sequence

from models.lora.answer.curve import CurveStep
from models.lora.answer.findings import Findings, Judged
from models.lora.answer.words import interval_text, percent_text
from twin.decide.priors import Prior
from twin.lang import Lang, Text
from twin.report import figures as draw
from twin.report.curves import CurvePoint, cost_curve
from twin.report.figures import Bar, Part
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.study.outcomes import values
from twin.study.sensitivities import end_text, sensitivity_chart

GATEWAYS = Column("gateways", Text("Passerelles", "Gateways"), Kind.NUMBER, decimals=0)
COST_HT = Column("cost_ht_eur", Text("Coût sur 10 ans", "10-year cost"), Kind.EURO, tax="HT")
SHARE_2 = Column("share_2", Text("Compteurs entendus par deux", "Meters heard by two"), Kind.SHARE)
EXPECTED = Column(
    "expected_share",
    Text("Part des compteurs attendue", "Expected share of the meters"),
    Kind.SHARE,
)


def gateways_by_option(findings: Findings, lang: Lang) -> Svg:
    """Compare how many gateways each option ends with."""
    own = [judged for judged in findings.options.values() if judged.settings.network == "own"]
    best = findings.best
    final = best.outcome["gateways_final"]
    bars = [
        Bar(
            judged.option.name,
            judged.outcome["gateways_final"].mean,
            judged.outcome["gateways_final"].low,
            judged.outcome["gateways_final"].high,
            strong=judged is best,
        )
        for judged in own
    ]
    title = Text(
        f"Le réseau recommandé finit avec {interval_text(final, Lang.FR)} passerelles",
        f"The recommended network ends with {interval_text(final, Lang.EN)} gateways",
    )
    return draw.option_bars("passerelles-par-option", title, bars, GATEWAYS, lang)


def gateways_needed(findings: Findings, lang: Lang) -> Svg:
    """Show how many gateways the recommended option needs across the simulated worlds."""
    drawn = values(findings.run.table, findings.run.recommended, "gateways_final")
    planned = len(findings.best.plan.sites)
    title = Text(
        f"Selon le monde rencontré, le plan de {planned} passerelles s'allège ou se complète",
        f"Depending on the world met, the plan of {planned} gateways shrinks or grows",
    )
    return draw.histogram(
        "passerelles-selon-le-monde",
        title,
        drawn,
        GATEWAYS,
        lang,
        threshold=float(planned),
        threshold_label=Text("plan", "plan"),
        bins=min(24, max(6, findings.n // 3)),
    )


def costs_by_line(findings: Findings, lang: Lang) -> Svg:
    """Break each option's ten-year cost into what it pays."""
    lines = (
        ("gateways_ht_eur", Text("passerelles", "gateways")),
        ("server_ht_eur", Text("serveur de réseau", "network server")),
        ("operator_ht_eur", Text("abonnements opérateur", "operator subscriptions")),
        ("manual_ht_eur", Text("relève manuelle restante", "remaining manual reading")),
    )
    judged = list(findings.options.values())
    parts = [Part(label, tuple(each.outcome[kpi].mean for each in judged)) for kpi, label in lines]
    dearest = max(lines, key=lambda line: findings.best.outcome[line[0]].mean)[1]
    title = Text(
        f"Dans l'option recommandée, la première dépense est : {dearest.fr}",
        f"In the recommended option, the first expense is: {dearest.en}",
    )
    names = [each.option.name for each in judged]
    return draw.stacked_bars("cout-par-poste", title, names, parts, COST_HT, lang)


def cost_of_share(steps: Sequence[CurveStep], chosen: Judged, lang: Lang) -> Svg:
    """Show what each extra percent of the meters costs."""
    points = [
        CurvePoint(step.share, step.cost_eur, step.gateways, chosen=step.chosen) for step in steps
    ]
    last, before = steps[-1], steps[-2]
    marginal = (last.cost_eur - before.cost_eur) / max(100 * (last.share - before.share), 1e-9)
    from twin.report.typography import short_euros

    k = chosen.settings.target.redundancy
    title = Text(
        f"Le dernier pour-cent coûte {short_euros(marginal, Lang.FR)} : "
        f"{'deux passerelles' if k == 2 else f'{k} passerelle(s)'} par compteur",  # noqa: PLR2004 - the word for two
        f"The last percent costs {short_euros(marginal, Lang.EN)}: {k} gateways per meter",
    )
    return cost_curve(
        "cout-de-la-part", title, points, EXPECTED, COST_HT, Text("passerelles", "gateways"), lang
    )


def sensitivities(findings: Findings, kpi: str, lang: Lang) -> Svg:
    """Show the five assumptions that move the answer most."""
    measure = GATEWAYS if kpi == "gateways_final" else COST_HT
    what = (
        Text("le nombre de passerelles", "the number of gateways")
        if kpi == "gateways_final"
        else Text("le coût sur 10 ans", "the 10-year cost")
    )
    rows, priors = findings.tornados[kpi], findings.scenario.assumptions
    return sensitivity_chart(f"sensibilites-{kpi}", what, rows, priors, measure, lang, _end)


def redundancy_by_epci(findings: Findings, lang: Lang) -> Svg:
    """Compare the EPCI by the share of their meters heard by two gateways."""
    names = {commune.epci: commune.epci_name for commune in findings.stage.communes}
    zones = findings.best.by_epci["share_2"]
    target = findings.best.settings.target.share
    rows = [
        Bar(Text(names[epci], names[epci]), zone.mean, zone.low, zone.high)
        for epci, zone in sorted(zones.items(), key=lambda item: -item[1].mean)
    ]
    below = sum(row.value < target for row in rows)
    title = Text(
        f"Avec le plan seul, {below} EPCI sur {len(rows)} restent en moyenne sous "
        f"{percent_text(target, Lang.FR)}",
        f"With the plan alone, {below} of {len(rows)} EPCI stay on average below "
        f"{percent_text(target, Lang.EN)}",
    )
    return draw.interval_rows(
        "redondance-par-epci",
        title,
        rows,
        SHARE_2,
        lang,
        target=target,
        target_label=Text("cible", "target"),
    )


def _end(prior: Prior, value: float) -> Text:
    # The label has said what it is: "€ HT/compteur/mois" is cut to its currency.
    return end_text(value, prior.unit.partition(" HT")[0].partition("/")[0])
