"""The report's page: what a council reads in a minute and an auditor in an hour."""

from __future__ import annotations

from collections.abc import Sequence

from models.lora.answer.words import millions, numbers, percents
from models.lora.load.answer import sections
from models.lora.load.answer.curves import MOST, findings_devices, hours, hours_until
from models.lora.load.answer.findings import Findings, Judged
from models.lora.load.answer.maps import Maps
from models.lora.load.answer.words import share, shortfalls, years
from twin.lang import Lang, Text
from twin.report.blocks import Answer, Callout, Card, FileLink, Files
from twin.report.document import Document, Section
from twin.report.typography import number
from twin.study.answer import colophon
from twin.study.assumptions import assumption_list, unverified


def document(findings: Findings, maps: Maps, files: Sequence[FileLink]) -> Document:
    """Return the whole report."""
    study = findings.scenario.study
    devices = sum(findings_devices(findings).values())
    gateways = len(findings.stage.sites)
    parts = [
        Section(
            "releve",
            Text("Les relevés arrivent-ils ?", "Do readings arrive?"),
            sections.readings(findings),
        ),
        Section("ou", Text("Où", "Where"), sections.where(findings, maps)),
        Section(
            "piles",
            Text("Les piles tiennent-elles ?", "Do batteries last?"),
            sections.batteries(findings),
        ),
        Section(
            "charge",
            Text("Le réseau est-il plein ?", "Is the network full?"),
            sections.load(findings),
        ),
        Section("horizon", Text("Dans dix ans", "In ten years"), sections.horizon(findings)),
    ]
    if findings.storms:
        parts.append(
            Section(
                "coupure",
                Text("Après une coupure de courant", "After a mains cut"),
                sections.storm(findings),
            )
        )
    parts += [
        Section(
            "et-si",
            Text("Et si les hypothèses sont fausses ?", "What if the assumptions are wrong?"),
            sections.what_if(findings),
        ),
        Section(
            "confiance", Text("Jusqu'où s'y fier", "How far to trust it"), sections.trust(findings)
        ),
        Section(
            "hypotheses",
            Text("Les hypothèses", "The assumptions"),
            (assumption_list(findings.scenario.assumptions),),
        ),
        Section("fichiers", Text("Les fichiers", "The files"), (Files(tuple(files)),)),
    ]
    return Document(
        title=Text(study.question, study.question_en),
        subtitle=Text(
            f"{findings.scenario.territory.name} · {number(devices, 0, Lang.FR)} objets · {gateways} passerelles prévues",
            f"{findings.scenario.territory.name} · {number(devices, 0, Lang.EN)} devices · {gateways} planned gateways",
        ),
        answer=answer(findings),
        notices=notices(findings),
        sections=tuple(parts),
        colophon=colophon(findings.run),
    )


def headline(findings: Findings) -> Text:
    """Return the answer in one sentence."""
    best = findings.best
    targets = best.load.targets
    chance = percents(best.value("holds_all"))
    read = share(best.value("collection"))
    battery = best.get("battery_p05")
    lives = years(battery.mean) if battery else None
    name = best.option.name
    tail_fr = f", et 95 % de leurs piles dépassent {lives.fr}" if lives else ""
    tail_en = f", and 95 % of their batteries exceed {lives.en}" if lives else ""
    if best.standing is not None and best.standing.everything:
        how = sure(best.value("holds_all"))
        return Text(
            f"{how.fr}, avec l'option **« {name.fr} »** : **{read.fr}** des compteurs relevés à J+1 "
            f"(cible {percents(targets.collection).fr}){tail_fr} ; toutes les cibles sont tenues dans "
            f"{chance.fr} des mondes simulés",
            f"{how.en}, with the option **'{name.en}'**: **{read.en}** of the meters read at D+1 "
            f"(target {percents(targets.collection).en}){tail_en}; every target is held in "
            f"{chance.en} of the simulated worlds",
        )
    missed = shortfalls(best)
    why_fr = f" ; ce qui manque : {missed.fr}" if missed.fr else ""
    why_en = f"; what is missed: {missed.en}" if missed.en else ""
    return Text(
        f"Non, aucune option ne tient toutes les cibles. La plus proche, **« {name.fr} »**, relève "
        f"**{read.fr}** des compteurs à J+1 (cible {percents(targets.collection).fr}){tail_fr}{why_fr}",
        f"No option holds every target. The closest, **'{name.en}'**, reads **{read.en}** of the "
        f"meters at D+1 (target {percents(targets.collection).en}){tail_en}{why_en}",
    )


def sure(chance: float) -> Text:
    """Return how a chance is said in a word."""
    if chance >= 0.9:  # noqa: PLR2004 - nine worlds in ten
        return Text("Oui", "Yes")
    if chance >= 0.5:  # noqa: PLR2004 - more worlds than not
        return Text("Oui, probablement", "Yes, probably")
    return Text("De justesse", "Only just")


def answer(findings: Findings) -> Answer:
    """Return the headline and its key figures."""
    best = findings.best
    read = best.outcome["collection"][""]
    lost = best.value("loss", "out-of-reach")
    duty = best.outcome["duty_most"][""]
    cards = [
        Card(
            Text("Compteurs relevés à J+1", "Meters read at D+1"),
            share(read.mean),
            Text(
                f"9 mondes sur 10 : {share(read.low).fr} à {share(read.high).fr}",
                f"9 worlds in 10: {share(read.low).en} to {share(read.high).en}",
            ),
        ),
        *_battery_cards(best),
        Card(
            Text("Passerelle la plus chargée", "Busiest gateway"),
            percents(duty.mean),
            Text(
                "de son temps d'émission légal, en heure de pointe",
                "of its legal airtime, in the busiest hour",
            ),
        ),
        Card(
            Text("Objets hors de portée", "Devices out of reach"),
            numbers(_unheard(best)),
            Text(
                "signal moyen trop faible pour toutes les passerelles ; ils comptent dans les parts",
                "mean signal too weak for every gateway; they count in every share",
            ),
        ),
        *_storm_cards(findings),
    ]
    causes_fr = f"Les messages perdus le sont d'abord parce que le signal est trop faible ({share(lost).fr} des messages) et non parce que le réseau est plein ({share(best.value('loss', 'collision')).fr} de collisions)."
    causes_en = f"Messages are lost first because the signal is too weak ({share(lost).en} of messages), not because the network is full ({share(best.value('loss', 'collision')).en} of collisions)."
    if lost < best.value("loss", "collision"):
        causes_fr = f"Les messages perdus le sont d'abord par collision ({share(best.value('loss', 'collision')).fr} des messages) : le réseau se remplit."
        causes_en = f"Messages are lost first by collision ({share(best.value('loss', 'collision')).en} of messages): the network fills up."
    return Answer(
        headline=headline(findings),
        cards=tuple(cards),
        detail=Text(
            f"{causes_fr} L'option retenue est celle dont les relevés sont les plus fréquents parmi celles qui tiennent toutes les cibles dans le monde le plus attendu ; à défaut, celle qui en tient le plus.",
            f"{causes_en} The option retained has the most frequent readings among those that hold every target in the most expected world; failing that, the one that holds the most.",
        ),
    )


def _unheard(judged: Judged) -> float:
    return judged.value("unheard", "")


def _battery_cards(best: Judged) -> list[Card]:
    battery = best.get("battery_p05")
    if battery is None:
        return []
    reach = best.value("battery_reach")
    span = numbers(best.load.targets.battery_years)
    return [
        Card(
            Text("95 % des piles de compteur dépassent", "95 % of meter batteries exceed"),
            years(battery.mean),
            Text(
                f"{share(reach).fr} tiennent {span.fr} ans",
                f"{share(reach).en} last {span.en} years",
            ),
        ),
        Card(
            Text(
                f"Piles à remplacer en {best.load.horizon_years} ans",
                f"Batteries to replace in {best.load.horizon_years} years",
            ),
            numbers(best.value("replaced")),
            Text(
                f"tous usages ; {millions(best.value('replaced_eur')).fr} HT",
                f"all uses; {millions(best.value('replaced_eur')).en} excl. VAT",
            ),
        ),
    ]


def _storm_cards(findings: Findings) -> list[Card]:
    if not findings.storms:
        return []
    each = findings.storms[0]
    until = hours_until(each, MOST)
    lamps = numbers(each.load.storm.devices)
    value = hours(until if until is not None else len(each.outcome["back"]) / 6.0)
    more_fr, more_en = ("", "") if until is not None else ("plus de ", "over ")
    return [
        Card(
            Text("Retour après une coupure de courant", "Return after a mains cut"),
            Text(f"{more_fr}{value.fr}", f"{more_en}{value.en}"),
            Text(
                f"pour 95 % de {lamps.fr} luminaires, dans les options qui en ont",
                f"for 95 % of {lamps.en} lamps, in the options that have them",
            ),
        )
    ]


def notices(findings: Findings) -> tuple[Callout, ...]:
    """Return what must be known before the numbers are used."""
    boxes = []
    if not findings.scenario.territory.terrain:
        boxes.append(
            Callout(
                Text("Relief synthétique", "Synthetic relief"),
                Text(
                    "Le sol de cette étude est inventé entre l'altitude la plus basse et la plus haute "
                    "de chaque commune : bon pour un ordre de grandeur, pas pour juger une commune.",
                    "The ground of this study is made up between each commune's lowest and highest "
                    "point: fit for an order of magnitude, not for judging one commune.",
                ),
                "warning",
            )
        )
    boxes.append(
        unverified(
            findings.scenario.assumptions,
            Text(
                "Le nombre des objets, leurs piles et leurs rythmes sont des intentions du scénario, à "
                "remplacer par les vôtres.",
                "The numbers of devices, their batteries and periods are the scenario's intentions, to "
                "be replaced by yours.",
            ),
        )
    )
    if findings.run.quick:
        boxes.append(
            Callout(
                Text("Étude rapide", "Quick study"),
                Text(
                    f"{findings.n} réplications, et 3 ou 6 heures observées au lieu de 24 dans les options les "
                    "plus bavardes : leur part de compteurs relevés à J+1 est sous-estimée.",
                    f"{findings.n} replications, and 3 or 6 hours watched instead of 24 in the options that talk "
                    "most: their share of meters read at D+1 is underestimated.",
                ),
                "warning",
            )
        )
    return tuple(boxes)
