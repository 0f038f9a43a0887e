"""The section on a power cut, a shut pipe, a fire."""

from __future__ import annotations

from functools import partial

import numpy as np

from models.water.answer import place_tables, tables, tower_figure
from models.water.answer.findings import Findings
from models.water.answer.key_figures import people_dry
from models.water.answer.maps import Maps
from models.water.answer.words import level, say, within
from twin.decide.intervals import mean_interval
from twin.lang import Text
from twin.report.blocks import Block, Bullets, Callout, FigureBlock, Heading, Paragraph, TableBlock
from twin.report.phrases import worlds

TOWERS = (
    "commune", "people", "hours", "hours_low", "hours_high", "cut_people", "cut_worst", "fire_share",
)  # fmt: skip


def resilience(findings: Findings, maps: Maps | None) -> tuple[Block, ...]:
    """Return how long towers last, who is dry behind a shut pipe, and where a fire finds water."""
    ground = findings.ground
    if ground is None or not ground.networks:
        return (Paragraph(Text("Aucun réseau n'a été examiné.", "No network was examined.")),)
    blocks: list[Block] = [Bullets(tuple(tower_sentences(findings)))]
    blocks.append(FigureBlock(partial(tower_figure.tower_hours, findings)))
    if maps is not None:
        blocks.append(FigureBlock(maps.towers))
    if findings.struck:
        blocks.append(TableBlock(tables.struck_table(findings)))
    blocks += [
        Callout(
            Text("La même coupure rend la radio muette", "The same cut silences the radio"),
            silence(findings),
            "warning",
        ),
        Heading(Text("Une conduite fermée, un incendie", "A shut pipe, a fire")),
        Paragraph(shut_sentence(findings)),
        TableBlock(
            place_tables.brief(
                place_tables.communes_table(findings, place_tables.SHORT_TOWERS), TOWERS
            )
        ),
    ]
    return tuple(blocks)


def tower_sentences(findings: Findings) -> list[Text]:
    """Return how many communes and people are without water within 12 and 24 hours."""
    found = []
    for hours in (12.0, 24.0):
        people, communes = people_dry(findings, hours)
        if people.mean == 0.0:
            found.append(
                Text(
                    f"**Moins de {hours:.0f} h** : aucune commune ({worlds(people.n).fr})",
                    f"**Under {hours:.0f} h**: no commune ({worlds(people.n).en})",
                )
            )
            continue
        told = level(within(people, 0.0), "m3")
        count = level(within(communes, 0.0), "number")
        assert told is not None and count is not None  # noqa: PT018, S101 - intervals have words
        found.append(
            Text(
                f"**Moins de {hours:.0f} h** : {count.fr} communes, {told.fr} habitants ({worlds(people.n).fr})",
                f"**Under {hours:.0f} h**: {count.en} communes, {told.en} inhabitants ({worlds(people.n).en})",
            )
        )
    return found


def silence(findings: Findings) -> Text:
    """Return why the radio fails when towers empty, and what would help."""
    hours = say(float(findings.hours.mean(axis=0).min()))
    played = any(
        cut.gateways for each in findings.options.values() for cut in each.settings.hazards.cuts
    )
    status = (
        Text(
            "La table ci-dessus dit ce qu'une coupure jouée, passerelles comprises, change à l'année.",
            "The table above tells what a cut that was played, gateways included, changes in the year.",
        )
        if played and findings.struck
        else Text(
            "(Raisonnement : aucune coupure de passerelle n'est jouée, et leur secours n'est pas connu.)",
            "(Reasoning: no cut of gateways is played, and their backup is not known.)",
        )
    )
    return Text(
        "Les pompes qui remplissent les réservoirs et les passerelles radio vivent du même secteur : les compteurs de "
        "sectorisation, sur pile, parlent encore, mais personne ne les entend pendant que les réservoirs se vident. "
        f"Une passerelle secourue pendant {hours.fr} heures, ce que tient le réservoir le plus court, garde l'alerte. "
        f"{status.fr}",
        "Pumps that fill towers and radio gateways live on the same mains: district meters, on batteries, still "
        f"speak, but nobody hears them while towers empty. A gateway backed up for {hours.en} hours, what the "
        f"shortest tower lasts, keeps the warning. {status.en}",
    )


def shut_sentence(findings: Findings) -> Text:
    """Return who is dry behind one shut pipe, and where a fire finds 60 m3/h."""
    assert findings.ground is not None  # noqa: S101 - asked for with networks
    networks = findings.ground.networks
    share = np.array([each.cut_people / max(each.people, 1.0) for each in networks])
    worst = max(networks, key=lambda each: each.cut_worst)
    fire = mean_interval(np.array([each.fire_share for each in networks])).mean
    middle = say(float(np.median(share)), "share")
    people, count = say(worst.cut_worst, "m3"), len(networks)
    return Text(
        f"Fermer une conduite prise au hasard prive d'eau {middle.fr} des habitants de sa commune (médiane des {count} "
        f"communes) ; la pire, à {worst.commune}, {people.fr} habitants. En moyenne des communes, {say(fire, 'share').fr} "
        "des carrefours et bouts de conduite donnent 60 m³/h à 1 bar pendant deux heures : ailleurs, l'incendie demande "
        "une réserve. Vannes supposées à chaque branchement sauf un ; réseaux "
        "synthétiques.",
        f"Shutting a pipe at random leaves {middle.en} of its commune's people without water (median of {count} "
        f"communes); the worst, in {worst.commune}, {people.en} people. On average over communes {say(fire, 'share').en} "
        "of junctions and ends give 60 m³/h at 1 bar for two hours: elsewhere a fire needs a tank. Valves assumed on every branch but one; made-up networks.",
    )
