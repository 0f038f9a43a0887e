"""How long towers last without power; the title states the finding."""

from __future__ import annotations

import itertools

import numpy as np

from models.water.answer.findings import Findings
from models.water.answer.words import say, within
from twin.decide.intervals import mean_interval
from twin.lang import Lang, Text
from twin.report import figures as draw
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.study.comparison import bar

PEOPLE = Column("people", Text("Habitants", "Inhabitants"), Kind.NUMBER, decimals=0)
CLASSES_H = (12.0, 24.0, 36.0, 48.0)
"""Hours a tower lasts: bounds of the classes shown."""


def tower_hours(findings: Findings, lang: Lang) -> Svg:
    """Count the inhabitants by how long their tower lasts without power."""
    assert findings.ground is not None  # noqa: S101 - asked for with a ground
    people = np.array([each.people for each in findings.ground.networks])
    hours = findings.hours
    edges = (0.0, *CLASSES_H, np.inf)
    rows = []
    for low, high in itertools.pairwise(edges):
        inside = (hours >= low) & (hours < high)
        told = within(mean_interval(inside @ people), 0.0)
        rows.append(bar(_class(low, high), told, strong=high <= CLASSES_H[1]))
    short = mean_interval((hours < CLASSES_H[1]) @ people).mean
    middle = say(float(np.median(hours)))
    some, everyone = say(short, "m3"), say(float(people.sum()), "m3")
    title = Text(
        f"Sans électricité, la moitié des réservoirs tiennent {middle.fr} heures ; {some.fr} habitants sur "
        f"{everyone.fr} n'ont plus d'eau avant 24",
        f"Without power half of the towers last {middle.en} hours; {some.en} of {everyone.en} people run out "
        "before 24",
    )
    return draw.option_bars("heures-sans-electricite", title, rows, PEOPLE, lang)


def _class(low: float, high: float) -> Text:
    if low == 0.0:
        return Text(f"moins de {high:.0f} h", f"under {high:.0f} h")
    if np.isinf(high):
        return Text(f"{low:.0f} h et plus", f"{low:.0f} h and more")
    return Text(f"de {low:.0f} à {high:.0f} h", f"{low:.0f} to {high:.0f} h")
