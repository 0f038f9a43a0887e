"""The sections of the report."""

from __future__ import annotations

from functools import partial

from models.lora.answer.words import numbers, percents
from models.lora.load.answer import curves, figures, tables
from models.lora.load.answer.findings import Findings
from models.lora.load.answer.maps import Maps
from models.lora.load.answer.words import share, shortfalls
from models.lora.load.outcomes import CAUSES
from twin.lang import Text
from twin.report.blocks import (
    Block,
    Bullets,
    Callout,
    FigureBlock,
    Paragraph,
    TableBlock,
)

NOT_MODELLED: tuple[Text, ...] = (
    Text(
        "les pannes de passerelles, de courant sur les mâts et de liaison 4G : une passerelle en panne "
        "reporte ses objets sur les voisines",
        "outages of gateways, of mains on masts and of 4G backhaul: a gateway that fails hands its "
        "devices to its neighbours",
    ),
    Text(
        "les messages qui répètent les relevés d'avant : un compteur qui envoie aussi ceux de la veille "
        "rattrape une perte",
        "messages that repeat earlier readings: a meter that also sends yesterday's makes up for a loss",
    ),
    Text(
        "les relevés tous à la même heure : ils sont étalés sur toute la période ; un départ à minuit "
        "pile pour tous remplirait le réseau",
        "readings all at the same hour: they are spread over the whole period; a start at midnight for "
        "everybody would fill the network",
    ),
    Text(
        "les mises à jour à distance et la commande des luminaires",
        "remote updates and commands to lamps",
    ),
    Text(
        "les saisons : la journée simulée vaut pour toute l'année, seule la température des piles varie",
        "seasons: the day simulated stands for the year, only the batteries' temperature varies",
    ),
    Text(
        "le vieillissement des antennes et de l'étanchéité ; la passivation des piles n'est comptée que "
        "dans leur part utilisable",
        "the ageing of antennas and seals; passivation of batteries only within their usable share",
    ),
    Text(
        "les passerelles hors du département et les réseaux d'opérateurs",
        "gateways outside the department and operators' networks",
    ),
)


def readings(findings: Findings) -> tuple[Block, ...]:
    """Return what each option reads."""
    best = findings.best
    return (
        *missed(findings),
        FigureBlock(partial(figures.collection_by_option, findings)),
        Paragraph(
            Text(
                "**Relevé à J+1** : au moins un des relevés de la journée est arrivé. Un compteur qui "
                "parle plus souvent a plus de chances d'être relevé dans la journée, même si chaque "
                "message a la même chance d'arriver.",
                "**Read at D+1**: at least one of the day's readings arrived. A meter that talks more "
                "often is more likely to be read in the day, even if each message is as likely to arrive.",
            )
        ),
        FigureBlock(partial(figures.delivery_by_option, findings)),
        FigureBlock(partial(figures.losses_by_cause, findings)),
        Callout(
            Text("Pourquoi des signaux trop faibles ?", "Why signals that are too weak?"),
            Text(
                "Le serveur règle chaque objet d'après son **meilleur** signal récent, moins une marge "
                f"de {numbers(best.load.adr_margin_db).fr} dB dans l'option retenue (10 dB par défaut chez "
                "ChirpStack). Un objet dont le signal varie se retrouve réglé trop vite ou trop bas. Une "
                "marge plus grande se règle sur le serveur, sans rien acheter ; elle use un peu plus les "
                "piles.",
                "The server sets each device by its **best** recent signal less a margin of "
                f"{numbers(best.load.adr_margin_db).en} dB in the option retained (10 dB is ChirpStack's "
                "default). A device whose signal varies ends up too fast or too low. A larger margin is a "
                "server setting that costs nothing; it wears batteries a little more.",
            ),
        ),
        FigureBlock(partial(figures.collection_by_fleet, findings)),
        TableBlock(tables.verdict_table(findings)),
        TableBlock(tables.fleets_table(findings)),
        TableBlock(tables.losses_table(findings), folded=True),
    )


def missed(findings: Findings) -> tuple[Block, ...]:
    """Return what the options that were not retained miss, in words."""
    others = [
        (judged, shortfalls(judged))
        for judged in findings.options.values()
        if judged is not findings.best and judged.option.answers
    ]
    items = tuple(
        Text(f"« {judged.option.name.fr} » : {why.fr}", f"'{judged.option.name.en}': {why.en}")
        for judged, why in others
        if why.fr
    )
    if not items:
        return ()
    return (
        Paragraph(
            Text(
                "**Ce qui manque aux autres options**, en moyenne des mondes simulés :",
                "**What the other options miss**, mean of the simulated worlds:",
            )
        ),
        Bullets(items),
    )


def where(findings: Findings, maps: Maps) -> tuple[Block, ...]:
    """Return the map and the EPCI."""
    return (
        FigureBlock(maps.communes),
        FigureBlock(partial(figures.collection_by_epci, findings)),
        TableBlock(tables.epci_table(findings)),
        TableBlock(tables.commune_table(findings), folded=True),
    )


def batteries(findings: Findings) -> tuple[Block, ...]:
    """Return the lives and the wave of replacements."""
    if findings.best.get("battery_p05") is None and not findings.best.get("replaced"):
        return (
            Paragraph(
                Text(
                    "Aucun objet sur pile dans l'option retenue.",
                    "No battery in the option retained.",
                )
            ),
        )
    blocks: list[Block] = []
    if findings.best.get("battery_p05") is not None:
        blocks.append(FigureBlock(partial(figures.battery_by_option, findings)))
    blocks += [
        FigureBlock(partial(figures.battery_by_fleet, findings)),
        FigureBlock(partial(curves.replacement_wave, findings)),
        TableBlock(tables.wave_table(findings), folded=True),
    ]
    return tuple(blocks)


def load(findings: Findings) -> tuple[Block, ...]:
    """Return the airtime of gateways and the data rates."""
    return (
        FigureBlock(partial(figures.duty_by_option, findings)),
        Paragraph(
            Text(
                "Une passerelle n'a le droit d'émettre que 1 % du temps (10 % dans une bande). Elle émet "
                "les accusés de réception et les réglages ; pendant qu'elle émet, elle n'entend rien. Le "
                "simulateur ne dépasse jamais la loi : près de 100 %, des réponses sont refusées.",
                "A gateway may only send 1 % of the time (10 % in one band). It sends acknowledgements and "
                "settings; while it sends it hears nothing. The simulator never breaks the law: near "
                "100 %, answers are refused.",
            )
        ),
        FigureBlock(partial(figures.factors_by_option, findings)),
        TableBlock(tables.gateways_table(findings), folded=True),
    )


def horizon(findings: Findings) -> tuple[Block, ...]:
    """Return what growth does."""
    return (
        FigureBlock(partial(curves.growth, findings)),
        FigureBlock(partial(figures.years_by_epci, findings)),
        Paragraph(
            Text(
                "Deux journées sont simulées : la première année et la dernière, avec les parcs qu'elles "
                "auront. Entre les deux, la part manquée est supposée varier d'un même facteur chaque année.",
                "Two days are simulated: the first year and the last, with the fleets they will have. "
                "Between them the share missed is taken to change by the same factor each year.",
            )
        ),
    )


def storm(findings: Findings) -> tuple[Block, ...]:
    """Return the mains cut."""
    worst = max(findings.storms, key=lambda each: each.value("join_requests"))
    usual = share(1.0 - sum(worst.value("loss", cause) for cause in CAUSES))
    requests = numbers(worst.value("join_requests"))
    section = worst.load.storm
    return (
        FigureBlock(partial(curves.storm_return, findings)),
        Paragraph(
            Text(
                f"Une coupure d'{numbers(section.cut_s / 3600.0).fr} h autour de la plus grande ville : "
                f"{numbers(section.devices).fr} luminaires perdent leur session et demandent tous à "
                f"revenir, {requests.fr} fois chacun en moyenne. Chaque retour prend du temps d'émission à "
                "une passerelle, que la loi limite : c'est ce qui fait durer le retour. Pendant ce temps, "
                f"{share(worst.value('storm_delivery')).fr} des messages des autres objets arrivent "
                f"(tous objets, un jour ordinaire : {usual.fr}).",
                f"A cut of {numbers(section.cut_s / 3600.0).en} h around the largest town: "
                f"{numbers(section.devices).en} lamps lose their session and all ask to come back, "
                f"{requests.en} times each on average. Each return takes airtime from a gateway, which the "
                "law limits: that is why it lasts. Meanwhile "
                f"{share(worst.value('storm_delivery')).en} of the other devices' messages arrive "
                f"(all devices, an ordinary day: {usual.en}).",
            )
        ),
    )


def what_if(findings: Findings) -> tuple[Block, ...]:
    """Return the tornados."""
    return tuple(
        FigureBlock(partial(figures.sensitivities, findings, kpi)) for kpi in findings.tornados
    )


def trust(findings: Findings) -> tuple[Block, ...]:
    """Return what the numbers rest on and what is left out."""
    best = findings.best
    return (
        Paragraph(
            Text(
                "**Le moteur.** Chaque trame de chaque objet est jouée : canal, rapport cyclique, niveau à "
                "chaque passerelle, interférences de toutes les autres, démodulateurs, réponses du "
                "serveur. Le même réseau, écrit deux fois (un moteur rapide, un moteur lisible), donne le "
                "même sort à chaque trame.",
                "**The engine.** Each frame of each device is played: channel, duty cycle, level at each "
                "gateway, interference of all others, demodulators, the server's answers. The same network, "
                "written twice (a fast engine, a readable one), gives every frame the same fate.",
            )
        ),
        Paragraph(
            Text(
                f"**Les mondes.** {findings.n} mondes tirés au sort : pertes, masques, bruit, courants, "
                "croissance. Toutes les options rencontrent les mêmes. L'erreur d'ensemble de la "
                "propagation n'est connue qu'après une campagne de mesure.",
                f"**The worlds.** {findings.n} worlds drawn: losses, shadowing, noise, currents, growth. All "
                "options meet the same ones. The overall error of propagation is known only after a "
                "measurement campaign.",
            )
        ),
        Paragraph(
            Text(
                "**Le point de départ.** Avant la journée observée, chaque objet a déjà échangé "
                f"{best.load.settling_frames} messages avec le serveur, sans collision, pour arriver au "
                "réglage d'un réseau qui vit depuis des semaines.",
                "**The starting point.** Before the day watched, each device has exchanged "
                f"{best.load.settling_frames} messages with the server, without collisions, to reach the "
                "settings of a network weeks old.",
            )
        ),
        Paragraph(
            Text(
                f"**Piles.** Courants du SX1272 (émission sourcée, reste non vérifié) ; {percents(0.95).fr} "
                "des piles dépassent la durée annoncée. Une durée de 20 ans veut dire « au moins » : la "
                "cellule, et non la radio, décide.",
                "**Batteries.** Currents of the SX1272 (sending sourced, the rest unverified); "
                f"{percents(0.95).en} of batteries exceed the life told. A life of 20 years means 'at least': "
                "the cell decides, not the radio.",
            )
        ),
        TableBlock(tables.outcome_table(findings), folded=True),
        Paragraph(Text("**Ce qui n'est pas modélisé :**", "**What is not modelled:**")),
        Bullets(NOT_MODELLED),
    )
