"""The sections of the report, in the order in which a council asks."""

from __future__ import annotations

import math
from functools import partial

from models.water.answer import customer_figures, figures, place_tables, service_tables, tables
from models.water.answer.findings import Findings
from models.water.answer.headline import lost_today
from models.water.answer.judged import WITH_CUSTOMERS
from models.water.answer.maps import Maps
from models.water.answer.ranking import alike, worth_buying
from models.water.answer.water_price import water_price
from models.water.answer.words import say, span
from twin.lang import Text
from twin.report.blocks import Block, Bullets, Callout, FigureBlock, Heading, Paragraph, TableBlock
from twin.report.phrases import doubt, opposite, worlds
from twin.study import comparison
from twin.study.judged import gap

LISTED = ("rank", "commune", "where", "km", "homes", "yearly_eur", "taken")


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
        *_price_words(findings),
        FigureBlock(partial(figures.seen_by_meters, findings), _leak_words(findings)),
        *_hidden_lives(findings),
        FigureBlock(partial(figures.searches_by_meters, findings)),
        TableBlock(tables.meters_table(findings)),
        FigureBlock(partial(figures.cost_by_line, findings)),
    ]
    return tuple(blocks)


def _hidden_lives(findings: Findings) -> tuple[Block, ...]:
    """Return how long hidden leaks run; nothing where a small territory saw none begin."""
    if sum(each.get("run_days") is not None for each in findings.family) < 2:  # noqa: PLR2004 - two ends
        return ()
    return (FigureBlock(partial(figures.days_by_meters, findings)),)


def _price_words(findings: Findings) -> tuple[Block, ...]:
    """Return from what price of water on each number of meters pays."""
    lines = []
    for each in findings.family:
        told = water_price(each, findings.current) if each.meters else None
        if told is None:
            continue
        price, low, high = (say(value, "number", 2) for value in (told.mean, told.low, told.high))
        meters = say(each.meters)
        if math.isfinite(told.high):
            ends = Text(
                f"IC à 95 % : {low.fr} à {high.fr}, n = {told.n}",
                f"95% CI: {low.en} to {high.en}, n = {told.n}",
            )
        else:
            ends = Text(f"non établi, n = {told.n}", f"not established, n = {told.n}")
        lines.append(
            Text(
                f"{meters.fr} compteurs : {price.fr} €/m³ ({ends.fr})",
                f"{meters.en} meters: €{price.en} per m³ ({ends.en})",
            )
        )
    if not lines:
        return ()
    drawn = say(findings.scenario.assumptions["water_marginal_eur_m3"].mean(), "number", 2)
    lead = Text(
        "À partir de quel coût de l'eau les compteurs paient : celui d'un mètre cube perdu, supposé de "
        f"{drawn.fr} € en moyenne, à partir duquel l'eau sauvée couvre compteurs, recherches et réparations.",
        "From what cost of water on meters pay: that of a cubic metre lost, assumed €"
        f"{drawn.en} on average, from which the water saved covers meters, searches and repairs.",
    )
    return (Paragraph(lead), Bullets(tuple(lines)))


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
    same, price = alike(findings.ground.meters), say(findings.ground.meter_eur, "eur")
    note = Text(
        f"Économie attendue par le calcul, non par les mondes : eau et recherches, face à des fuites que seules une "
        f"recherche systématique ou la surface révèlent ; un compteur coûte {price.fr} par an. Les {same} premiers "
        "se valent à 5 % près : entre eux, suivre les travaux prévus. Réseaux synthétiques : la commune compte, pas "
        "la rue.",
        f"Expected saving, computed and not played: water and searches, against leaks that only a survey or the "
        f"surface reveals; a meter costs {price.en} a year. The first {same} are worth the same within 5%: among "
        "them, follow the works planned. Made-up networks: the commune matters, not the street.",
    )
    first = place_tables.meters_list(findings, place_tables.FIRST)
    blocks.append(TableBlock(place_tables.brief(first, LISTED, note)))
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
        Heading(Text("Toutes les options, face au scénario 0", "All options, against scenario 0")),
        TableBlock(tables.options_table(findings)),
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
    sa, sb = span(shown, "eur"), span(less, "eur")
    sure, sure_of, sure_all = doubt(service.settled), doubt(spared.settled), doubt(both.settled)
    end = Text("de plus", "more") if both.difference.mean > 0.0 else Text("de moins", "less")
    return Text(
        f"Face à {against.fr}, la radio coûte au service **{a.fr}** {way.fr} par an ({sa.fr}{sure.fr}) et épargne aux "
        f"abonnés **{b.fr}** de fuites ({sb.fr}{sure_of.fr}) : ensemble, {c.fr} {end.fr} ({worlds(cost.n).fr}{sure_all.fr}).",
        f"Against {against.en}, radio costs the service **{a.en}** {way.en} a year ({sa.en}{sure.en}) and spares "
        f"customers **{b.en}** of leaks ({sb.en}{sure_of.en}): together, {c.en} {end.en} ({worlds(cost.n).en}{sure_all.en}).",
    )


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
            (TableBlock(service_tables.services_then(findings), folded=True),)
            if findings.decision.told is not findings.current
            else ()
        ),
    )


def what_if(findings: Findings) -> tuple[Block, ...]:
    """Return the sensitivities of the option the study pinned."""
    return comparison.what_if(findings, findings.decision.chosen, figures.COST)


def _no_meter() -> Paragraph:
    return Paragraph(
        Text(
            "Aucune option du scénario ne pose de compteur de sectorisation à côté du scénario 0.",
            "No option of the scenario fits district meters beside scenario 0.",
        )
    )
