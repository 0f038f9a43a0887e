"""What the numbers rest on: worlds, intervals, limits, assumptions."""

from __future__ import annotations

from models.waste.answer import tables
from models.waste.answer.findings import Findings
from twin.lang import Text
from twin.report.blocks import (
    Block,
    Bullets,
    Callout,
    Paragraph,
    TableBlock,
)
from twin.study.assumptions import unverified
from twin.study.comparison import quick_notice

NOT_MODELLED: tuple[Text, ...] = (
    Text(
        "les équipages partagés entre flux : un camion ne prend qu'un flux, et les camions ne "
        "s'entraident pas",
        "crews shared between streams: a truck takes one stream, and trucks do not help each other",
    ),
    Text(
        "un arrêt ajouté en route : les tournées sont décidées une fois, le matin",
        "a stop added on the way: rounds are decided once, in the morning",
    ),
    Text(
        "la circulation rue par rue : un facteur par jour et par dépôt",
        "traffic street by street: one factor a day and depot",
    ),
    Text(
        "les erreurs de pesée, les faux appels et les chauffeurs qui se trompent d'un quart",
        "errors of the weighbridge, wrong calls, and drivers who misjudge a quarter",
    ),
    Text(
        "l'achat et l'amortissement des camions : ils ne changent que si l'on en rend un",
        "the purchase and depreciation of trucks: they change only if one is given up",
    ),
    Text(
        "le temps de bureau pour planifier chaque matin, et le logiciel qui le fait",
        "the office time to plan every morning, and the software that does it",
    ),
)


def trust(findings: Findings) -> tuple[Block, ...]:
    """Return how worlds and intervals are to be read, and what is left out."""
    service = findings.current.settings.service
    return (
        Paragraph(
            Text(
                f"**Les mondes.** {findings.n} mondes tirés au sort : tonnages, débits des points, apports "
                "de chaque jour, appels, pannes, prix. Toutes les options rencontrent les mêmes : un écart "
                "entre deux options vient des options.",
                f"**The worlds.** {findings.n} worlds drawn: tonnages, rates of points, deposits of each "
                "day, calls, failures, prices. All options meet the same ones: a gap between two options "
                "comes from the options.",
            )
        ),
        Paragraph(
            Text(
                "**Deux intervalles.** L'intervalle de confiance (IC) d'un écart dit où sa moyenne se "
                "fixerait avec plus de mondes ; « de façon établie » veut dire qu'il laisse zéro dehors. « 9 mondes sur 10 » dit où tomberait le seul monde qui sera "
                "vécu.",
                "**Two intervals.** The confidence interval (CI) of a gap says where its mean would settle "
                "with more worlds; 'clearly' means that it leaves nought out. '9 worlds in 10' says where the "
                "one world to be lived would fall.",
            )
        ),
        Paragraph(
            Text(
                f"**La durée.** {service.settling_days} jours de mise en route ne comptent pas ; "
                f"{service.days} jours comptent, ramenés à un an"
                + (" (étude rapide : 28 et 91 au plus)." if findings.run.quick else "."),
                f"**The span.** {service.settling_days} days of settling do not count; {service.days} days "
                "do, scaled to a year"
                + (" (quick study: 28 and 91 at most)." if findings.run.quick else "."),
            )
        ),
        TableBlock(tables.outcome_table(findings), folded=True),
        Paragraph(Text("**Ce qui n'est pas modélisé :**", "**What is not modelled:**")),
        Bullets(NOT_MODELLED),
    )


def notices(findings: Findings) -> tuple[Callout, ...]:
    """Return what must be known before the numbers are used."""
    boxes = []
    settings = findings.current.settings
    made = [
        part
        for part, own in (
            (Text("les points de collecte", "the drop-off points"), settings.points.table),
            (Text("les routes", "the roads"), settings.roads),
        )
        if own is None
    ]
    if made:
        boxes.append(
            Callout(
                Text("Territoire en partie inventé", "A partly made-up territory"),
                Text(
                    f"Sont synthétiques : {' et '.join(part.fr for part in made)}. Bon pour un ordre de "
                    "grandeur et pour comparer des options, pas pour désigner une rue.",
                    f"Synthetic: {' and '.join(part.en for part in made)}. Fit for an order of magnitude "
                    "and to compare options, not to point at a street.",
                ),
                "warning",
            )
        )
    boxes.append(
        unverified(
            findings.scenario.assumptions,
            Text(
                "Le calendrier actuel, les camions et les points sont des suppositions du scénario, à "
                "remplacer par les vôtres.",
                "Today's calendar, the trucks and the points are suppositions of the scenario, to be "
                "replaced by yours.",
            ),
        )
    )
    if findings.run.quick:
        quarter = Text("un trimestre", "a quarter of a year")
        boxes.append(quick_notice(findings.n, quarter))
    return tuple(boxes)
