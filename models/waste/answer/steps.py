"""The steps from today's calendar to full knowledge, each compared with the step before it."""

from __future__ import annotations

from dataclasses import dataclass

from models.waste.answer.cells import BOUNDS, INFORMATION, information
from models.waste.answer.findings import Findings
from models.waste.answer.judged import Judged
from twin.lang import Text
from twin.report.phrases import percents


@dataclass(frozen=True)
class Step:
    """What changes from `other` to `one`, in words, and what it is compared with."""

    what: Text
    against: Text
    one: Judged
    other: Judged


def steps_of(findings: Findings) -> list[Step]:
    """Return planning, then information, then sensors; steps no option plays are left out."""
    current, planned = findings.current, findings.planned
    zero = Text("calendrier actuel", "today's calendar")
    found = []
    if findings.calendar is not None:
        found.append(
            Step(
                Text("un meilleur calendrier, sans rien savoir de plus",
                     "a better calendar, knowing nothing more"),
                zero, findings.calendar, current,
            )
        )  # fmt: skip
    if planned is not None:
        found.append(
            Step(
                Text("planifier chaque matin, sans rien savoir de plus",
                     "planning every morning, knowing nothing more"),
                zero, planned, current,
            )
        )  # fmt: skip
    bare = findings.family[0] if findings.family else None
    if bare is not None and planned is not None and bare is not planned:
        found.append(
            Step(
                Text(
                    f"savoir en plus : {INFORMATION[information(bare.settings)].fr}",
                    f"knowing besides: {INFORMATION[information(bare.settings)].en}",
                ),
                Text("planifié chaque matin", "planned every morning"),
                bare,
                planned,
            )
        )
    alike = Text("même chose sans sonde", "the same without sensors")
    for each in findings.fitted:
        share = percents(each.settings.sensors.share)
        twin = findings.twin(each)
        if twin is not None:
            what = Text(f"sondes sur {share.fr} des points", f"sensors on {share.en} of points")
            found.append(Step(what, alike, each, twin))
    start = bare or planned or current
    return found + [
        Step(INFORMATION[information(each.settings)], alike, each, start)
        for each in bounds_of(findings, start)
    ]


def bounds_of(findings: Findings, start: Judged) -> list[Judged]:
    """Return the options that know more than any sensor tells and decide as `start` does."""
    return [
        each
        for each in findings.options.values()
        if information(each.settings) in BOUNDS and each.settings.policy == start.settings.policy
    ]
