"""The sections of the report, in the order in which a council asks."""

from __future__ import annotations

from functools import partial

import numpy as np

from models.water.answer import customer_figures, figures, place_tables, service_tables, tables
from models.water.answer.findings import Findings
from models.water.answer.headline import lost_today
from models.water.answer.judged import WITH_CUSTOMERS, gap
from models.water.answer.key_figures import people_dry
from models.water.answer.maps import Maps
from models.water.answer.ranking import worth_buying
from models.water.answer.words import (
    coarse,
    doubt,
    level,
    named,
    opposite,
    say,
    span,
    within,
    worlds,
)
from twin.decide.intervals import mean_interval
from twin.lang import Text
from twin.report.blocks import Block, Bullets, Callout, FigureBlock, Heading, Paragraph, TableBlock

LISTED = ("rank", "commune", "where", "km", "homes", "yearly_eur", "taken")
TOWERS = (
    "commune",
    "people",
    "hours",
    "hours_low",
    "hours_high",
    "cut_people",
    "cut_worst",
    "fire_share",
)


def how_many(findings: Findings) -> tuple[Block, ...]:
    """Return what more and more meters change."""
    today = lost_today(findings)
    blocks: list[Block] = (
        [] if today is None else [Paragraph(Text(f"{today.fr}.", f"{today.en}."), lead=True)]
    )
    if len(findings.family) < 2:  # noqa: PLR2004 - a curve has two ends
        return (*blocks, _no_meter())
    blocks += [
        FigureBlock(partial(figures.saving_by_meters, findings)),
        FigureBlock(partial(figures.water_by_meters, findings)),
        FigureBlock(partial(figures.seen_by_meters, findings), _leak_words(findings)),
        FigureBlock(partial(figures.days_by_meters, findings)),
        FigureBlock(partial(figures.searches_by_meters, findings)),
        TableBlock(tables.meters_table(findings)),
        FigureBlock(partial(figures.cost_by_line, findings)),
    ]
    return tuple(blocks)


def _leak_words(findings: Findings) -> Text:
    flow = findings.current.settings.leak_m3h
    people = say(flow * 24_000.0 / 148.0)
    told, year = say(flow, "number", 1), say(flow * 8760.0, "m3")
    return Text(
        f"{told.fr} m³/h : la fuite cachée de référence du guide de la Gironde, {year.fr} m³ si elle dure un an, ce "
        f"que boivent et lavent {people.fr} habitants. Vue : neuf fois sur dix, d'après le bruit des nuits et les "
        "messages reçus.",
        f"{told.en} m³/h: the reference hidden leak of the Gironde guide, {year.en} m³ if it lasts a year, what "
        f"{people.en} people use. Seen: nine times in ten, by the noise of nights and the messages received.",
    )


def where(findings: Findings, maps: Maps | None) -> tuple[Block, ...]:
    """Return where the next meters go."""
    if findings.ground is None or not findings.ground.meters:
        return (_no_meter(),)
    worth = worth_buying(findings.ground.meters, findings.ground.meter_eur)
    whole = sum(each.yearly_eur for each in findings.ground.meters[:worth])
    blocks: list[Block] = [
        FigureBlock(
            partial(figures.gain_by_rank, findings),
            Text(
                f"Calcul d'avance, un monde moyen : les {worth} premiers rapporteraient {say(whole, 'eur').fr} par "
                "an avant leur coût. Les mondes joués ci-dessus disent ce qu'il en reste quand les messages se "
                "perdent et que les équipes sont occupées.",
                f"Computed beforehand, a mean world: the first {worth} would bring {say(whole, 'eur').en} a year "
                "before their cost. The worlds played above tell what is left of it when messages get lost and "
                "crews are busy.",
            ),
        )
    ]
    if maps is not None:
        if findings.taken:
            blocks.append(FigureBlock(maps.first_meters))
        if findings.metered is not None:
            blocks.append(FigureBlock(maps.smallest_leak))
    blocks.append(
        TableBlock(
            place_tables.brief(place_tables.meters_list(findings, place_tables.FIRST), LISTED)
        )
    )
    return tuple(blocks)


def customers(findings: Findings) -> tuple[Block, ...]:
    """Return what each way of reading customers' meters is worth, to the service and to them."""
    if len(findings.readings) < 2:  # noqa: PLR2004 - a comparison has two sides
        return (
            Paragraph(
                Text(
                    "Aucune option ne relève les abonnés autrement qu'à pied.",
                    "No option reads customers otherwise than on foot.",
                )
            ),
        )
    sentence = radio_sentence(findings)
    blocks: list[Block] = [] if sentence is None else [Paragraph(sentence, lead=True)]
    return (
        *blocks,
        FigureBlock(partial(customer_figures.reading_cost, findings)),
        FigureBlock(partial(customer_figures.behind_meters, findings)),
        FigureBlock(partial(customer_figures.paid_for_leaks, findings)),
        TableBlock(tables.readings_table(findings)),
        TableBlock(tables.reading_steps_table(findings)),
    )


def radio_sentence(findings: Findings) -> Text | None:
    """Return what radio brings over reading from a car: to the service, to customers, to both."""
    radio = findings.readings.get("daily") or findings.readings.get("hourly")
    other = findings.readings.get("drive-by") or findings.current
    if radio is None:
        return None
    service, spared, both = (
        gap(radio, other, kpi) for kpi in ("total_eur", "paid_eur", WITH_CUSTOMERS)
    )
    if service is None or spared is None or both is None:
        return None
    car = other is not findings.current
    against = (
        Text("la relève en voiture", "reading from a car")
        if car
        else Text("la relève à pied", "reading on foot")
    )
    cost, less = service.difference, opposite(spared.difference)
    way = Text("de plus", "more") if cost.mean > 0.0 else Text("de moins", "less")
    shown = cost if cost.mean > 0.0 else opposite(cost)
    a, b, c = say(shown.mean, "eur"), say(less.mean, "eur"), say(abs(both.difference.mean), "eur")
    sa, sb, sure = span(shown, "eur"), span(less, "eur"), doubt(service)
    end = Text("de plus", "more") if both.difference.mean > 0.0 else Text("de moins", "less")
    return Text(
        f"Face à {against.fr}, la radio coûte au service **{a.fr}** {way.fr} par an ({sa.fr}{sure.fr}) et épargne aux "
        f"abonnés **{b.fr}** de fuites ({sb.fr}) : ensemble, {c.fr} {end.fr} ({worlds(cost.n).fr}).",
        f"Against {against.en}, radio costs the service **{a.en}** {way.en} a year ({sa.en}{sure.en}) and spares "
        f"customers **{b.en}** of leaks ({sb.en}): together, {c.en} {end.en} ({worlds(cost.n).en}).",
    )


def messages(findings: Findings) -> tuple[Block, ...]:
    """Return what lost messages cost."""
    table = tables.losses_table(findings)
    if not table.rows:
        return (
            Paragraph(
                Text(
                    "Aucune option ne joue la même chose avec une radio parfaite ou muette.",
                    "No option plays the same with a perfect or a dead radio.",
                )
            ),
        )
    return (Bullets(tuple(message_sentences(findings))), TableBlock(table))


def message_sentences(findings: Findings) -> list[Text]:
    """Return one sentence for each option and perfect or dead radio."""
    found = []
    for each, part, ideal, dead in findings.losses:
        water = "lost_m3" if part == "districts" else "customer_lost_m3"
        name = named(each.option.name)
        if ideal is not None:
            money, volume = gap(each, ideal, "total_eur"), gap(each, ideal, water)
            if money is not None and volume is not None:
                euro, cubic = say(money.difference.mean, "eur"), say(volume.difference.mean, "m3")
                se, sc = span(money.difference, "eur"), span(volume.difference, "m3")
                found.append(
                    Text(
                        f"**{name.fr}** : les messages perdus coûtent {euro.fr} par an au service "
                        f"({se.fr}{doubt(money).fr}) et {cubic.fr} m³ d'eau ({sc.fr}{doubt(volume).fr})",
                        f"**{name.en}**: lost messages cost the service {euro.en} a year "
                        f"({se.en}{doubt(money).en}) and {cubic.en} m³ of water ({sc.en}{doubt(volume).en})",
                    )
                )
        if dead is not None:
            money, volume = gap(each, dead, "total_eur"), gap(each, dead, water)
            if money is not None and volume is not None:
                worth, saved = opposite(money.difference), opposite(volume.difference)
                euro, cubic = say(worth.mean, "eur"), say(saved.mean, "m3")
                se, sc = span(worth, "eur"), span(saved, "m3")
                found.append(
                    Text(
                        f"**{name.fr}** : face aux mêmes compteurs muets, la radio vaut {euro.fr} par an "
                        f"({se.fr}{doubt(money).fr}) et {cubic.fr} m³ ({sc.fr}{doubt(volume).fr})",
                        f"**{name.en}**: against the same meters gone silent, the radio is worth {euro.en} a year "
                        f"({se.en}{doubt(money).en}) and {cubic.en} m³ ({sc.en}{doubt(volume).en})",
                    )
                )
    return found


def indicators(findings: Findings) -> tuple[Block, ...]:
    """Return the French indicators and what they hide."""
    told = service_tables.verdict(findings)
    blocks: list[Block] = []
    if told is not None:
        blocks.append(
            Callout(Text("Ce que les indices ne disent pas", "What the indices do not say"), told)
        )
    return (
        *blocks,
        Paragraph(service_tables.passing_title(findings)),
        TableBlock(service_tables.services_table(findings)),
        *(
            (TableBlock(service_tables.services_then(findings)),)
            if findings.decision.told is not findings.current
            else ()
        ),
    )


def resilience(findings: Findings, maps: Maps | None) -> tuple[Block, ...]:
    """Return how long towers last, who is dry behind a shut pipe, and where a fire finds water."""
    ground = findings.ground
    if ground is None or not ground.networks:
        return (Paragraph(Text("Aucun réseau n'a été examiné.", "No network was examined.")),)
    blocks: list[Block] = [Bullets(tuple(tower_sentences(findings)))]
    blocks.append(FigureBlock(partial(customer_figures.tower_hours, findings)))
    if maps is not None:
        blocks.append(FigureBlock(maps.towers))
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
    shortest = float(findings.hours.mean(axis=0).min())
    hours = say(coarse(shortest))
    return Text(
        "Les pompes qui remplissent les réservoirs et les passerelles radio vivent du même secteur : les compteurs de "
        "sectorisation, sur pile, parlent encore, mais personne ne les entend pendant que les réservoirs se vident. "
        f"Une passerelle secourue pendant {hours.fr} heures, ce que tient le réservoir le plus court, garde l'alerte. "
        "(Raisonnement : aucune coupure n'est jouée, et le secours des passerelles n'est pas connu.)",
        "Pumps that fill towers and radio gateways live on the same mains: district meters, on batteries, still "
        f"speak, but nobody hears them while towers empty. A gateway backed up for {hours.en} hours, what the "
        "shortest tower lasts, keeps the warning. (Reasoning: no cut is played, and the gateways' backup is not "
        "known.)",
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
        "des carrefours et bouts de conduite donnent 60 m³/h à 1 bar pendant deux heures : un réseau rural ne suffit "
        "pas à l'incendie, des réserves y suppléent. Vannes supposées à chaque branchement sauf un ; réseaux "
        "synthétiques.",
        f"Shutting a pipe at random leaves {middle.en} of its commune's people without water (median of {count} "
        f"communes); the worst, in {worst.commune}, {people.en} people. On average over communes {say(fire, 'share').en} "
        "of junctions and ends give 60 m³/h at 1 bar for two hours: a rural network is not enough for a fire, tanks "
        "make up for it. Valves assumed on every branch but one; made-up networks.",
    )


def what_if(findings: Findings) -> tuple[Block, ...]:
    """Return the sensitivities of the option the study pinned."""
    if not findings.tornado:
        return (Paragraph(Text("Aucune sensibilité n'a été jouée.", "No sensitivity was played.")),)
    blocks: list[Block] = [FigureBlock(partial(figures.sensitivities, findings))]
    if findings.decision.chosen is not findings.prechosen:
        name = named(findings.prechosen.option.name)
        blocks.append(
            Paragraph(
                Text(
                    f"Ces sensibilités sont celles de {name.fr}, désignée avant l'étude par le monde le plus attendu.",
                    f"These sensitivities are those of {name.en}, pointed to before the study by the most expected "
                    "world.",
                )
            )
        )
    return tuple(blocks)


def _no_meter() -> Paragraph:
    return Paragraph(
        Text(
            "Aucune option du scénario ne pose de compteur de sectorisation à côté du scénario 0.",
            "No option of the scenario fits district meters beside scenario 0.",
        )
    )
