"""The key figures under the headline."""

from __future__ import annotations

import numpy as np

from models.water.answer.findings import Findings
from models.water.answer.judged import Judged
from models.water.answer.words import Style, ci, level, say, within
from twin.decide.intervals import Interval, mean_interval
from twin.lang import Text
from twin.report.blocks import Card
from twin.report.phrases import doubt, opposite
from twin.study.judged import Gap, gap

DAY_H = 24.0


def cards(findings: Findings) -> tuple[Card, ...]:
    """Return the key figures: saving, water, seen, life of a leak, customers' radio, towers."""
    decision = findings.decision
    told = decision.told
    name = told.option.name
    found = [
        _less(
            Text(f"Économie : {name.fr}", f"Saving: {name.en}"), decision.saving, "eur",
            Text("/an", "/year"),
        ),
        _less(Text("Eau sauvée", "Water saved"), decision.water, "m3",
              Text(" m³/an", " m³/year")),
        _seen(findings, told),
        _life(findings, told),
        _radio(findings),
        _towers(findings),
    ]  # fmt: skip
    return tuple(card for card in found if card is not None)


def _less(label: Text, told: Gap | None, style: Style, unit: Text) -> Card | None:
    if told is None:
        return None
    saved = opposite(told.difference)
    amount = say(saved.mean, style)
    ends, open_question = ci(saved, style), doubt(told.settled)
    return Card(
        label,
        Text(amount.fr + unit.fr, amount.en + unit.en),
        Text(ends.fr + open_question.fr, ends.en + open_question.en),
    )


def _seen(findings: Findings, told: Judged) -> Card | None:
    share, smallest = told.get("seen_share"), told.get("smallest_m3h")
    if share is None or not told.meters:
        return None
    flow = say(findings.current.settings.leak_m3h, "number", 1)
    ends = ci(within(share, 0.0, 1.0), "share")
    least = level(smallest, "number", 1)
    tail = (
        Text("", "")
        if least is None
        else Text(
            f" ; les secteurs qui voient, voient dès {least.fr} m³/h",
            f"; districts that see do from {least.en} m³/h",
        )
    )
    return Card(
        Text(
            f"Conduites où {flow.fr} m³/h se voient en 3 jours",
            f"Mains where {flow.en} m³/h show within 3 days",
        ),
        say(share.mean, "share"),
        Text(ends.fr + tail.fr, ends.en + tail.en),
    )


def _life(findings: Findings, told: Judged) -> Card | None:
    own, zero = told.get("run_days"), findings.current.mean("run_days")
    if own is None or zero is None:
        return None
    days, before, ends = say(own.mean), say(zero), ci(own)
    return Card(
        Text("Durée de vie d'une fuite cachée", "Life of a hidden leak"),
        Text(f"{days.fr} jours", f"{days.en} days"),
        Text(f"{ends.fr} ; aujourd'hui {before.fr}", f"{ends.en}; today {before.en}"),
    )


def _radio(findings: Findings) -> Card | None:
    """Return what reading by radio brings over reading from a car, the service's cost alone."""
    radio, car = findings.readings.get("daily"), findings.readings.get("drive-by")
    against = car or findings.current
    told = gap(radio, against, "total_eur") if radio is not None else None
    if radio is None or told is None:
        return None
    saved = opposite(told.difference)
    amount, ends, open_question = (
        say(saved.mean, "eur", signed=True),
        ci(saved, "eur"),
        doubt(told.settled),
    )
    spared = gap(radio, against, "paid_eur")
    tail = (
        Text("", "")
        if spared is None
        else Text(
            f" ; et {say(-spared.difference.mean, 'eur').fr} de moins payés par les abonnés pour leurs fuites",
            f"; and {say(-spared.difference.mean, 'eur').en} less paid by customers for their leaks",
        )
    )
    what = (
        Text("Télérelève des abonnés plutôt que voiture", "Customers by radio rather than by car")
        if car is not None
        else Text(
            "Télérelève des abonnés plutôt qu'à pied", "Customers by radio rather than on foot"
        )
    )
    return Card(
        what,
        Text(f"{amount.fr}/an", f"{amount.en}/year"),
        Text(
            f"pour le service ; {ends.fr}{open_question.fr}{tail.fr}",
            f"for the service; {ends.en}{open_question.en}{tail.en}",
        ),
    )


def people_dry(findings: Findings, hours: float) -> tuple[Interval, Interval]:
    """Return the inhabitants and the communes whose tower is empty within so many hours."""
    assert findings.ground is not None  # noqa: S101 - asked for with a ground
    people = np.array([each.people for each in findings.ground.networks])
    short = findings.hours < hours
    return mean_interval(short @ people), mean_interval(short.sum(axis=1).astype(np.float64))


def _towers(findings: Findings) -> Card | None:
    if findings.ground is None or not findings.ground.networks:
        return None
    people, communes = people_dry(findings, DAY_H)
    count, ends = say(communes.mean), ci(within(people, 0.0), "m3")
    amount = say(people.mean, "m3")
    return Card(
        Text(
            "Habitants sans eau après 24 h sans électricité",
            "People without water 24 h into a power cut",
        ),
        amount,
        Text(
            f"dans {count.fr} communes ; {ends.fr}",
            f"in {count.en} communes; {ends.en}",
        ),
    )
