"""The report's page: what a council reads in a minute and an auditor in an hour."""

from __future__ import annotations

from collections.abc import Sequence

from models.lora.answer import sections
from models.lora.answer.curve import CurveStep
from models.lora.answer.findings import Findings
from models.lora.answer.maps import Maps
from models.lora.answer.programme import Programme
from models.lora.answer.words import interval_text, millions, numbers, percents
from twin.lang import Lang, Text
from twin.report.blocks import (
    Answer,
    Callout,
    Card,
    FileLink,
    Files,
)
from twin.report.document import Document, Section
from twin.report.typography import number
from twin.study.answer import colophon
from twin.study.assumptions import assumption_list, unverified


def document(
    findings: Findings,
    maps: Maps,
    steps: Sequence[CurveStep],
    programme: Programme,
    files: Sequence[FileLink],
) -> Document:
    """Return the whole report."""
    study = findings.scenario.study
    return Document(
        title=Text(study.question, study.question_en),
        subtitle=Text(
            f"{findings.scenario.territory.name} · {number(findings.meters, 0, Lang.FR)} compteurs "
            f"d'eau · {len(findings.stage.sites)} points hauts candidats",
            f"{findings.scenario.territory.name} · {number(findings.meters, 0, Lang.EN)} water "
            f"meters · {len(findings.stage.sites)} candidate high points",
        ),
        answer=answer(findings),
        notices=notices(findings),
        sections=(
            Section("ou", Text("Où", "Where"), sections.where(findings, maps)),
            Section(
                "combien",
                Text("Combien, à quel prix", "How many, at what price"),
                sections.price(findings, steps),
            ),
            Section(
                "et-si",
                Text("Et si les hypothèses sont fausses ?", "What if the assumptions are wrong?"),
                sections.what_if(findings),
            ),
            Section(
                "quand",
                Text("Dans quel ordre, et quand", "In what order, and when"),
                sections.when(findings, programme),
            ),
            Section(
                "confiance",
                Text("Jusqu'où s'y fier", "How far to trust it"),
                sections.trust(findings),
            ),
            Section(
                "hypotheses",
                Text("Les hypothèses", "The assumptions"),
                (assumption_list(findings.scenario.assumptions),),
            ),
            Section("fichiers", Text("Les fichiers", "The files"), (Files(tuple(files)),)),
        ),
        colophon=colophon(findings.run),
    )


def answer(findings: Findings) -> Answer:
    """Return the headline and its key figures."""
    best = findings.best
    plan, target = best.plan, best.settings.target
    final, cost = best.outcome["gateways_final"], best.outcome["total_ht_eur"]
    gateways = best.outcome["gateways_ht_eur"]
    share = percents(target.share)
    chance = findings.chance_target_as_planned
    k = target.redundancy
    met = best.outcome["target_met_final"].mean
    return Answer(
        headline=headline(findings),
        detail=Text(
            f"Le plan est le moins cher que l'on ait trouvé pour viser {share.fr} des compteurs "
            f"entendus par {k} passerelles dans le monde le plus attendu ; l'écart prouvé à "
            f"l'optimum, à cette marge de planification, est de {percents(plan.gap, 1).fr}. Le terrain et les propriétaires en "
            f"décideront autrement : « une fois complété » compte les refus et les passerelles "
            f"ajoutées après mesure, tant que chacune sert au moins "
            f"{target.least_gain_meters:.0f} compteurs de plus, dans {findings.n} mondes simulés.",
            f"The plan is the cheapest found to aim at {share.en} of the meters heard by {k} "
            f"gateways in the most expected world; its proven gap to the optimum, at this planning "
            f"margin, is {percents(plan.gap, 1).en}. Ground and owners will decide otherwise: 'once "
            f"completed' counts refusals and gateways added after measurement, as long as each serves "
            f"at least {target.least_gain_meters:.0f} more meters, in {findings.n} simulated worlds.",
        ),
        cards=(
            Card(
                Text("Passerelles à commander d'abord", "Gateways to order first"),
                numbers(len(plan.sites)),
                best.option.name,
            ),
            Card(
                Text("Une fois complété", "Once completed"),
                numbers(findings.median_final),
                Text(
                    f"médiane ; 9 mondes sur 10 : {interval_text(final, Lang.FR)}",
                    f"median; 9 worlds in 10: {interval_text(final, Lang.EN)}",
                ),
            ),
            Card(
                Text("Coût des passerelles, 10 ans, HT", "Gateways over 10 years, excl. VAT"),
                millions(gateways.mean),
                Text(
                    f"de {millions(gateways.low).fr} à {millions(gateways.high).fr}",
                    f"{millions(gateways.low).en} to {millions(gateways.high).en}",
                ),
            ),
            Card(
                Text("Coût total, 10 ans, HT", "Total cost over 10 years, excl. VAT"),
                millions(cost.mean),
                Text(
                    f"serveur et relève manuelle compris ; TTC net de FCTVA : "
                    f"{millions(best.outcome['total_net_eur'].mean).fr}",
                    f"with server and manual reading; incl. VAT net of FCTVA: "
                    f"{millions(best.outcome['total_net_eur'].mean).en}",
                ),
            ),
            Card(
                Text("Cible atteinte par le plan seul", "Target met by the plan alone"),
                percents(chance.mean),
                Text(
                    f"des mondes (90 % : {percents(chance.low).fr} à {percents(chance.high).fr})",
                    f"of worlds (90 %: {percents(chance.low).en} to {percents(chance.high).en})",
                ),
            ),
            Card(
                Text("Cible atteinte une fois complété", "Target met once completed"),
                percents(met),
                Text("des mondes", "of worlds"),
            ),
        ),
    )


def headline(findings: Findings) -> Text:
    """Return the answer in one sentence."""
    best = findings.best
    final = best.outcome["gateways_final"]
    target = best.settings.target
    gateways = best.outcome["gateways_ht_eur"]
    share = percents(target.share)
    if not best.plan.reaches_target:
        reach = percents(best.plan.reachable_share, 1)
        return Text(
            f"La cible de {share.fr} est hors d'atteinte avec ces points hauts : tous ensemble "
            f"n'en donnent que {reach.fr}",
            f"The target of {share.en} is out of reach with these high points: all together give "
            f"{reach.en} only",
        )
    median = numbers(findings.median_final)
    return Text(
        f"Commander d'abord **{len(best.plan.sites)} passerelles** et s'attendre à **{median.fr}** "
        f"une fois le réseau complété (9 chances sur 10 : {interval_text(final, Lang.FR)}), pour "
        f"que {share.fr} des compteurs soient entendus par {target.redundancy} passerelles : "
        f"**{millions(gateways.mean).fr} HT** de passerelles sur 10 ans",
        f"Order **{len(best.plan.sites)} gateways** first and expect **{median.en}** once the "
        f"network is completed (9 chances in 10: {interval_text(final, Lang.EN)}), for {share.en} "
        f"of the meters to be heard by {target.redundancy} gateways: "
        f"**{millions(gateways.mean).en} excl. VAT** of gateways over 10 years",
    )


def notices(findings: Findings) -> tuple[Callout, ...]:
    """Return what must be known before the numbers are used."""
    boxes = []
    if not findings.scenario.territory.terrain:
        boxes.append(
            Callout(
                Text("Relief synthétique", "Synthetic relief"),
                Text(
                    "Le sol de cette étude est inventé entre l'altitude la plus basse et la plus "
                    "haute de chaque commune : bon pour un ordre de grandeur, pas pour choisir un "
                    "site. Une étude à engager se fait avec la BD ALTI (voir `territory.terrain`).",
                    "The ground of this study is made up between each commune's lowest and highest "
                    "point: fit for an order of magnitude, not for choosing a site. A study to act "
                    "on uses BD ALTI (see `territory.terrain`).",
                ),
                "warning",
            )
        )
    boxes.append(
        unverified(
            findings.scenario.assumptions,
            Text(
                "La section « Et si les hypothèses sont fausses ? » dit lesquelles demander d'abord.",
                "The section 'What if the assumptions are wrong?' says which to ask for first.",
            ),
            on=Text("aucun devis ni aucune mesure", "no quote or measurement"),
        )
    )
    model = findings.best.settings.radio.model
    if model != "delta-bullington":
        boxes.append(
            Callout(
                Text("Cartes et chiffres", "Maps and figures"),
                Text(
                    f"Les chiffres suivent le modèle `{model}` du scénario ; les cartes restent "
                    "tracées en delta-Bullington.",
                    f"Figures follow the scenario's model `{model}`; maps are still drawn with "
                    "delta-Bullington.",
                ),
                "warning",
            )
        )
    lost = findings.stage.links.void_paths
    if lost:
        boxes.append(
            Callout(
                Text("Lacunes du terrain", "Voids in the terrain"),
                Text(
                    f"{number(lost, 0, Lang.FR)} trajets traversent une lacune du terrain : ils "
                    "sont tenus pour non entendus.",
                    f"{number(lost, 0, Lang.EN)} paths cross a void of the terrain: they are taken "
                    "as not heard.",
                ),
                "warning",
            )
        )
    if findings.run.quick:
        boxes.append(
            Callout(
                Text("Étude rapide", "Quick study"),
                Text(
                    f"Un compteur sur dix et {findings.n} réplications : les intervalles sont "
                    "larges. Sans `--quick`, l'étude complète prend quelques minutes.",
                    f"One meter in ten and {findings.n} replications: intervals are wide. Without "
                    "`--quick`, the full study takes a few minutes.",
                ),
                "warning",
            )
        )
    return tuple(boxes)
