"""The key figures under the headline."""

from __future__ import annotations

from models.waste.answer.findings import Findings
from models.waste.answer.judged import FULL_DAYS, Judged
from models.waste.answer.words import days, within
from twin.lang import Text
from twin.report.blocks import Card
from twin.report.phrases import (
    between,
    between_eur,
    doubt,
    euros,
    numbers,
    opposite,
    percents,
    worlds,
)
from twin.study.judged import gap


def cards(findings: Findings) -> tuple[Card, ...]:
    """Return the key figures: calendar, planning, sensors, price, kilometres, full points."""
    found = [
        _saving_card(
            findings,
            findings.calendar,
            findings.current,
            Text("Un meilleur calendrier, seul", "A better calendar alone"),
        ),
        _saving_card(
            findings,
            findings.planned,
            findings.current,
            Text("Planifier chaque matin, sans sonde", "Planning every morning, no sensor"),
        ),
    ]
    best = findings.best_fitted
    if best is not None:
        share = percents(best.settings.sensors.share)
        found += [
            _saving_card(
                findings,
                best,
                findings.twin(best),
                Text(
                    f"Ce qu'ajoutent les sondes ({share.fr}), payées",
                    f"What sensors add ({share.en}), paid",
                ),
            ),
            _price_card(findings, best),
        ]
    chosen = findings.decision.chosen or findings.current
    found += [_km_card(findings, chosen), _full_card(findings, chosen)]
    return tuple(card for card in found if card is not None)


def _saving_card(
    findings: Findings, one: Judged | None, other: Judged | None, label: Text
) -> Card | None:
    told = gap(one, other, "total_eur") if one is not None and other is not None else None
    if told is None:
        return None
    saved = opposite(told.difference)
    amount, span, n = euros(saved.mean, signed=True), between_eur(saved), worlds(findings.n)
    open_question = doubt(told.settled)
    return Card(
        label,
        Text(f"{amount.fr}/an", f"{amount.en}/year"),
        Text(
            f"économie, IC à 95 % : {span.fr} ; {n.fr}{open_question.fr}",
            f"saving, 95% CI: {span.en}; {n.en}{open_question.en}",
        ),
    )


def _price_card(findings: Findings, best: Judged) -> Card | None:
    price, market = findings.break_even(best), findings.sensor_price
    if price is None:
        return None
    told = price.mean
    span = between_eur(told)
    usual = euros(market.mode) if market is not None else None
    tail_fr = f" ; prix usuel {usual.fr}" if usual else ""
    tail_en = f"; usual price {usual.en}" if usual else ""
    value = Text("aucun", "none") if told.mean <= 0.0 else euros(told.mean)
    pays = (
        Text(
            "même gratuite, elle ne paie pas en moyenne ; ",
            "even free it does not pay on average; ",
        )
        if told.mean <= 0.0
        else Text("", "")
    )
    return Card(
        Text("Prix jusqu'où une sonde paie", "Price up to which a sensor pays"),
        value,
        Text(
            f"{pays.fr}IC à 95 % : {span.fr} ; {worlds(told.n).fr}{tail_fr}",
            f"{pays.en}95% CI: {span.en}; {worlds(told.n).en}{tail_en}",
        ),
    )


def _km_card(findings: Findings, chosen: Judged) -> Card | None:
    told, zero = chosen.get("km"), findings.current.mean("km")
    if told is None or zero is None:
        return None
    floor = numbers(findings.current.mean("bound_km") or 0.0)
    own, before = numbers(told.mean), numbers(zero)
    return Card(
        Text("Kilomètres par an, option retenue", "Kilometres a year, option to take"),
        Text(f"{own.fr} km", f"{own.en} km"),
        Text(
            f"IC à 95 % : {between(told).fr} ; aujourd'hui {before.fr} ; plancher du tonnage {floor.fr}",
            f"95% CI: {between(told).en}; today {before.en}; tonnage floor {floor.en}",
        ),
    )


def _full_card(findings: Findings, chosen: Judged) -> Card | None:
    told, zero = chosen.get(FULL_DAYS), findings.current.mean(FULL_DAYS)
    if told is None or zero is None:
        return None
    told = within(told, 0.0)
    own, before = days(told.mean), numbers(zero, 1)
    return Card(
        Text(
            "Un point est plein, par an, option retenue", "A point is full, a year, option to take"
        ),
        own,
        Text(
            f"IC à 95 % : {between(told, 1).fr} ; aujourd'hui {before.fr}",
            f"95% CI: {between(told, 1).en}; today {before.en}",
        ),
    )
