"""The answer in a sentence, the reasons for it, its key figures."""

from __future__ import annotations

from models.lighting.answer import tables
from models.lighting.answer.findings import COST, DARK, Findings
from twin.lang import Text
from twin.report.blocks import (
    Card,
)
from twin.report.phrases import (
    between,
    between_eur,
    doubt,
    euros,
    listed,
    named,
    numbers,
    opposite,
    percents,
)
from twin.study.judged import gap


def headline(findings: Findings) -> Text:
    """Return the option to take, what it saves, and who is then in the dark."""
    chosen, saving = findings.chosen, findings.saving
    name = named(chosen.option.name)
    if chosen is findings.current or saving is None:
        return Text(
            f"**Ne rien changer** coûte le moins, {euros(chosen.mean(COST) or 0.0).fr} par an",
            f"**Changing nothing** costs least, {euros(chosen.mean(COST) or 0.0).en} a year",
        )
    less = opposite(saving.difference)
    amount, ends, open_question = euros(less.mean), between_eur(less), doubt(saving.settled)
    energy = gap(chosen, findings.current, "kwh")
    dark = gap(chosen, findings.current, DARK)
    fr = [
        f"{name.fr} coûte le moins : **{amount.fr}** de moins par an qu'aujourd'hui ({ends.fr}{open_question.fr})"
    ]
    en = [
        f"{name.en} costs least: **{amount.en}** less a year than today ({ends.en}{open_question.en})"
    ]
    whole = findings.current.mean("kwh")
    if energy is not None and whole:
        share = percents(energy.difference.mean / whole, signed=True)
        fr.append(f"énergie **{share.fr}**")
        en.append(f"energy **{share.en}**")
    if dark is not None:
        more = percents(
            dark.difference.mean / max(findings.current.mean(DARK) or 1.0, 1.0), signed=True
        )
        fr.append(f"heures de passants dans le noir **{more.fr}**{doubt(dark.settled).fr}")
        en.append(f"hours of people in the dark **{more.en}**{doubt(dark.settled).en}")
    return Text(" ; ".join(fr), "; ".join(en))


def reasons(findings: Findings) -> Text:
    """Return how the option was chosen, what is not told apart, and what the front holds."""
    fr = [
        "L'option retenue est la moins chère de celles qui répondent, scénario 0 compris : énergie, part fixe, équipes, pièces, horloges ou contrôleurs, lanternes. L'obscurité n'a pas de prix ici : elle se lit à côté."
    ]
    en = [
        "The option to take is the cheapest of those that answer, scenario 0 included: energy, fixed part, crews, parts, clocks or nodes, lanterns. Darkness has no price here: read it beside."
    ]
    if findings.tied:
        names = listed([named(each.option.name) for each in findings.tied])
        fr.append(f"À coût non départagé : {names.fr}.")
        en.append(f"Cost not told apart from: {names.en}.")
    if len(findings.front) > 1:
        names = listed([named(each.option.name) for each in findings.front])
        fr.append(
            f"Aucune option ne fait mieux à la fois en coût et en obscurité que : {names.fr}."
        )
        en.append(f"No option is better both in cost and in darkness than: {names.en}.")
    return Text(" ".join(fr), " ".join(en))


def cards(findings: Findings) -> tuple[Card, ...]:
    """Return the key figures of the chosen option."""
    found = []
    for kpi, places in (("kwh", 0), ("co2_t", 0), ("outside_h", 0), ("known_days", 1)):
        raw, before = findings.chosen.get(kpi), findings.current.get(kpi)
        if raw is None or before is None:
            continue
        told, today = tables.coarse(raw), tables.coarse(before).mean
        value, ends, now = numbers(told.mean, places), between(told, places), numbers(today, places)
        found.append(
            Card(
                tables.LABELS[kpi],
                value,
                Text(f"IC à 95 % : {ends.fr} ; aujourd'hui {now.fr}",
                     f"95% CI: {ends.en}; today {now.en}"),
            )
        )  # fmt: skip
    invested = findings.chosen.get("invested_eur")
    if invested is not None and invested.mean > 0.0:
        found.append(
            Card(tables.LABELS["invested_eur"], euros(invested.mean), between_eur(invested))
        )
    return tuple(found)
