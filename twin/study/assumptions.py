"""How every report tells the assumptions: each with its range and status, and how many are unsure.

As a table for programs they are in :func:`twin.study.answer.assumptions_table`.
"""

from __future__ import annotations

from collections.abc import Mapping

from twin.decide.priors import Prior, Status
from twin.lang import Lang, Text, same
from twin.report.blocks import Assumption, Assumptions, Callout
from twin.report.typography import number

NO_MEASUREMENT = Text("aucune mesure", "no measurement")
_UNIT_WORDS = {
    "HT": "excl. VAT",
    "unité": "unit",
    "compteur": "meter",
    "relève": "reading",
    "an": "year",
    "mois": "month",
    "jour": "day",
}
_ALONE = {"an": "years", "mois": "months", "jour": "days"}
"""Units that count: alone after a number, English has them in the plural."""


def assumption_list(priors: Mapping[str, Prior]) -> Assumptions:
    """Return every assumption with its range, status and source, by name."""
    return Assumptions(
        tuple(
            Assumption(
                prior.label,
                Text(range_text(prior, Lang.FR), range_text(prior, Lang.EN)),
                prior.status.value,
                same(prior.source),
            )
            for _, prior in sorted(priors.items())
        )
    )


def unverified(priors: Mapping[str, Prior], then: Text, on: Text = NO_MEASUREMENT) -> Callout:
    """Return how many assumptions rest `on` nothing; `then` says what to do about it."""
    unsure = sum(prior.status is Status.UNVERIFIED for prior in priors.values())
    return Callout(
        Text("Hypothèses non vérifiées", "Unverified assumptions"),
        Text(
            f"{unsure} hypothèses sur {len(priors)} ne reposent sur {on.fr}. {then.fr}",
            f"{unsure} of {len(priors)} assumptions rest on {on.en}. {then.en}",
        ),
    )


def range_text(prior: Prior, lang: Lang) -> str:
    """Return `de 10 à 30 dB (usuel 20)`."""
    largest = max(abs(prior.low), abs(prior.high))
    digits = 2 if largest < 2 else (1 if largest < 20 else 0)  # noqa: PLR2004 - small figures keep more
    low, mode, high = (number(each, digits, lang) for each in (prior.low, prior.mode, prior.high))
    unit = unit_text(prior.unit).say(lang)
    tail = f" {unit}" if unit else ""
    first, joint, usual = ("de", "à", "usuel") if lang is Lang.FR else ("from", "to", "mode")
    return f"{first} {low} {joint} {high}{tail} ({usual} {mode})"


def unit_text(unit: str) -> Text:
    """Return a unit of the assumptions table in both languages; `1` is no unit.

    >>> unit_text("€ HT/compteur/an").en
    '€ excl. VAT/meter/year'
    """
    if unit == "1":
        return Text("", "")
    if unit in _ALONE:
        return Text(unit, _ALONE[unit])
    parts = [
        " ".join(_UNIT_WORDS.get(word, word) for word in part.split(" "))
        for part in unit.split("/")
    ]
    return Text(unit, "/".join(parts))
