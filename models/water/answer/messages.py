"""What lost messages cost: the network planned beside a perfect and a dead radio."""

from __future__ import annotations

from models.water.answer import tables
from models.water.answer.cells import Part
from models.water.answer.findings import Findings
from models.water.answer.judged import Judged
from models.water.answer.words import say, span
from models.water.customers.practice import Practice
from twin.lang import Text
from twin.report.blocks import Block, Bullets, Paragraph, TableBlock
from twin.report.phrases import doubt, named, opposite
from twin.study.judged import gap
from twin.units import DAY_S

DAYS_A_YEAR = 365.0
WATER: dict[Part, str] = {"districts": "lost_m3", "customers": "customer_lost_m3"}
READ: dict[Part, str] = {"districts": "read_share", "customers": "customer_read"}


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
        told = [
            _lost(each, part, ideal) if ideal is not None else None,
            _worth(each, part, dead) if dead is not None else None,
        ]
        found += [sentence for sentence in told if sentence is not None]
    return found


def lost_frames(judged: Judged, part: Part) -> float | None:
    """Return how many frames an option's meters of one kind lose in a year."""
    share = judged.mean(READ[part])
    if share is None:
        return None
    if part == "districts":
        count: float | None = judged.mean("meters")
        period_s = judged.settings.districts.period_s
    else:
        count = judged.mean("customer_meters")
        period_s = Practice().period_s(judged.settings.customers.reading)
    if count is None:
        return None
    return count * DAYS_A_YEAR * DAY_S / period_s * (1.0 - share)


def _lost(judged: Judged, part: Part, ideal: Judged) -> Text | None:
    """Return what lost messages cost the service, each and all."""
    money, volume = gap(judged, ideal, "total_eur"), gap(judged, ideal, WATER[part])
    if money is None or volume is None:
        return None
    name, cost, water = named(judged.option.name), money.difference, volume.difference
    euro = say(cost.mean, "eur", signed=not money.settled)
    cubic = say(water.mean, "m3", signed=True)
    ends, wide = span(cost, "eur"), span(water, "m3")
    frames = lost_frames(judged, part)
    each = Text("", "")
    if frames and money.settled and cost.mean > 0.0:
        price = 100.0 * cost.mean / frames
        cents, count = say(price, "number", 1), say(frames, "m3")
        plural = "s" if round(price, 1) >= 2.0 else ""  # noqa: PLR2004 - French counts two as many
        each = Text(
            f", soit {cents.fr} centime{plural} pour chacun des {count.fr} messages perdus",
            f", {cents.en} cents for each of {count.en} lost messages",
        )
    verdict = (
        Text("les messages perdus coûtent", "lost messages cost")
        if money.settled and cost.mean > 0.0
        else Text(
            "ce que coûtent les messages perdus n'est pas établi :",
            "what lost messages cost is not established:",
        )
    )
    return Text(
        f"**{name.fr}** : {verdict.fr} {euro.fr} par an pour le service ({ends.fr}){each.fr} ; {cubic.fr} m³ d'eau "
        f"perdue ({wide.fr}{doubt(volume.settled).fr})",
        f"**{name.en}**: {verdict.en} {euro.en} a year to the service ({ends.en}){each.en}; {cubic.en} m³ of water lost "
        f"({wide.en}{doubt(volume.settled).en})",
    )


def _worth(judged: Judged, part: Part, dead: Judged) -> Text | None:
    """Return what the radio is worth against the same meters gone silent."""
    money, volume = gap(judged, dead, "total_eur"), gap(judged, dead, WATER[part])
    if money is None or volume is None:
        return None
    name = named(judged.option.name)
    worth, saved = opposite(money.difference), opposite(volume.difference)
    euro, cubic = say(worth.mean, "eur"), say(saved.mean, "m3")
    ends, wide = span(worth, "eur"), span(saved, "m3")
    return Text(
        f"**{name.fr}** : face aux mêmes compteurs muets, la radio vaut {euro.fr} par an "
        f"({ends.fr}{doubt(money.settled).fr}) et {cubic.fr} m³ ({wide.fr}{doubt(volume.settled).fr})",
        f"**{name.en}**: against the same meters gone silent, the radio is worth {euro.en} a year "
        f"({ends.en}{doubt(money.settled).en}) and {cubic.en} m³ ({wide.en}{doubt(volume.settled).en})",
    )
