"""What the department draws half-hour by half-hour, option by option, in the most expected world."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting.answer.findings import Findings
from models.lighting.answer.judged import Judged
from models.lighting.load import drawing
from twin.lang import Lang, Text
from twin.report.lines import Limit, Line, line_chart
from twin.report.phrases import named, numbers
from twin.report.svg import Svg
from twin.report.tables import Column, Kind, Table

Floats = NDArray[np.float64]

EVENING, MORNING = 32, 20
"""Half-hours shown: from 16:00 to 10:00 the next day."""
SLOTS = 48
TICKS = (17, 20, 23, 26, 29, 32)
"""Hours marked, counted on past midnight."""


class Curve(NamedTuple):
    """An option's year: `kw` of shape (half-hours,) from local midnight of 1 January."""

    judged: Judged
    kw: Floats


def curves(findings: Findings) -> list[Curve]:
    """Return the curves of scenario 0 and of every option asked, renewal finished."""
    return [
        Curve(each, drawing(findings.scenario, each.settings).department_w() / 1e3)
        for each in findings.asked
    ]


def curves_table(findings: Findings, found: list[Curve]) -> Table:
    """Return every half-hour of the year, a column an option."""
    start = findings.scenario.study.start.year
    names = [each.judged.id.replace("-", "_") for each in found]
    columns = (
        Column("slot", Text("Demi-heure de l'année", "Half-hour of the year"), Kind.INTEGER),
        *(
            Column(f"kw_{name}", each.judged.option.name, Kind.NUMBER, "kW", 1)
            for name, each in zip(names, found, strict=True)
        ),
    )
    stacked = np.stack([each.kw for each in found], axis=1)
    rows = tuple((slot, *values) for slot, values in enumerate(np.round(stacked, 1).tolist()))
    return Table(
        "courbe_de_charge",
        Text(f"Puissance appelée par demi-heure, {start}", f"Power drawn by half-hour, {start}"),
        columns,
        rows,
        note=Text(
            "Monde le plus attendu, renouvellement achevé. La demi-heure 0 commence à minuit, heure locale, le 1er janvier ; elles se comptent au temps écoulé.",
            "Most expected world, renewal finished. Half-hour 0 begins at local midnight of 1 January; they count elapsed time.",
        ),
    )


def night_figure(findings: Findings, found: list[Curve], lang: Lang) -> Svg:
    """Show a winter night of scenario 0 and of the option to take."""
    year = findings.scenario.study.start.year
    first = (date(year, 12, 15) - date(year, 1, 1)).days * SLOTS + EVENING
    hours = [(EVENING + slot) / 2.0 for slot in range(SLOTS - EVENING + MORNING)]
    now, then = (
        next(each.kw[first : first + len(hours)] / 1e3 for each in found if each.judged is judged)
        for judged in (findings.current, findings.chosen)
    )
    name = named(findings.chosen.option.name)
    most, less = numbers(float(now.max()), 1), numbers(float(then.max()), 1)
    title = Text(
        f"Une nuit d'hiver, {name.fr} appelle au plus {less.fr} MW, contre {most.fr} aujourd'hui",
        f"On a winter's night {name.en} draws {less.en} MW at most, against {most.en} today",
    )
    lines = [Line(findings.current.option.name, tuple(now.tolist()))]
    if findings.chosen is not findings.current:
        lines.append(Line(findings.chosen.option.name, tuple(then.tolist())))
    clock = Column(
        "h", Text("Heure locale, du 15 au 16 décembre", "Local hour, 15 to 16 December"),
        Kind.NUMBER, decimals=1,
    )  # fmt: skip
    drawn = Column("mw", Text("Puissance appelée", "Power drawn"), Kind.NUMBER, "MW", 2)
    return line_chart(
        "nuit-d-hiver", title, hours, lines, clock, drawn, lang,
        ticks=[Limit(float(at), _clock(at % 24)) for at in TICKS], from_zero=True, stepped=True,
    )  # fmt: skip


def _clock(hour: int) -> Text:
    return Text(f"{hour} h", f"{hour}:00")
