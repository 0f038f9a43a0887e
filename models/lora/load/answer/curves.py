"""The figures of the answer along time: replacements by year, growth, the return after a cut."""

from __future__ import annotations

import numpy as np

from models.lora.answer.words import numbers, percents
from models.lora.load.answer.findings import Findings, Judged, fleet_label
from models.lora.load.batteries import WAVE_YEARS
from models.lora.load.verdict import LEAST_LOSS
from twin.lang import Lang, Text
from twin.report.lines import Limit, Line, line_chart
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.report.yearly import yearly_bars

MOST = 0.95
"""Share of the lamps whose return is told in words."""
ALL_BACK = 0.9995
"""Share from which the curve has nothing more to show."""


def replacement_wave(findings: Findings, lang: Lang) -> Svg:
    """Show how many batteries are replaced each year, by fleet, in the recommended option."""
    best = findings.best
    years = range(1, WAVE_YEARS + 1)
    parts = [
        Line(
            fleet_label(name, fleet),
            tuple(best.value("replaced_in", f"{name}/y{year:02d}") for year in years),
        )
        for name, fleet in best.fleets.items()
        if best.get("replaced_in", f"{name}/y01") is not None
    ]
    total = np.array([part.values for part in parts]).sum(axis=0)
    most = int(total.argmax()) + 1
    peak, within = numbers(float(total.max())), numbers(best.value("replaced"))
    horizon = best.load.horizon_years
    first = {
        0: Text("Aucune pile à remplacer", "No battery to replace"),
        1: Text("Une pile à remplacer", "One battery to replace"),
    }.get(
        round(best.value("replaced")),
        Text(f"{within.fr} piles à remplacer", f"{within.en} batteries to replace"),
    )
    title = Text(
        f"{first.fr} en {horizon} ans, puis jusqu'à {peak.fr} la {most}e année",
        f"{first.en} in {horizon} years, then up to {peak.en} in year {most}",
    )
    measure = Column(
        "replaced",
        Text("Piles à remplacer dans l'année", "Batteries to replace in the year"),
        Kind.NUMBER,
        decimals=0,
    )
    return yearly_bars(
        "vague-de-remplacement", title, list(years), parts,
        Column("year", Text("Année après la pose", "Year after installation"), Kind.INTEGER),
        measure, lang,
        after=Limit(horizon, Text(f"{horizon} ans", f"{horizon} years")),
    )  # fmt: skip


def growth(findings: Findings, lang: Lang) -> Svg:
    """Show how the share of meters not read at D+1 moves as the fleets grow."""
    horizon = findings.best.load.horizon_years
    x = [float(year) for year in range(horizon + 1)]
    lines = []
    for judged in findings.options.values():
        ends = judged.get("collection"), judged.get("collection_later")
        if ends[0] is None or ends[1] is None:
            continue
        first, last = (np.log(max(1.0 - end.mean, LEAST_LOSS)) for end in ends if end is not None)
        lines.append(
            Line(
                judged.option.name,
                tuple(float(np.exp(first + (last - first) * year / horizon)) for year in x),
            )
        )
    best = findings.best
    target = best.load.targets.collection
    change = best.value("collection_later") - best.value("collection")
    more = best.value("devices_later") / sum(findings_devices(findings).values()) - 1.0
    said = numbers(abs(100.0 * change), 1)
    if abs(change) < 5e-4:  # noqa: PLR2004 - rounds to nothing
        moves = Text("ne bouge pas", "does not move")
    elif change < 0.0:
        moves = Text(f"baisse de {said.fr} point", f"falls by {said.en} point")
    else:
        moves = Text(f"gagne {said.fr} point", f"gains {said.en} point")
    title = Text(
        f"En {horizon} ans, {percents(more).fr} d'objets en plus : la relève à J+1 des compteurs {moves.fr} dans l'option retenue",
        f"In {horizon} years, {percents(more).en} more devices: reading at D+1 {moves.en} in the option retained",
    )
    return line_chart(
        "croissance", title, x, lines,
        Column("year", Text("Années après la mise en service", "Years after start"), Kind.NUMBER, decimals=0),
        Column("unread", Text("Compteurs non relevés à J+1", "Meters not read at D+1"), Kind.SHARE, decimals=1),
        lang,
        level=Limit(1.0 - target, Text(f"limite : {percents(1.0 - target).fr}", f"limit: {percents(1.0 - target).en}")),
        from_zero=True,
    )  # fmt: skip


def findings_devices(findings: Findings) -> dict[str, int]:
    """Return how many devices each fleet of the recommended option has in the first year."""
    return {fleet.name: int((fleet.points.born <= 1.0).sum()) for fleet in findings.stage.fleets}


def storm_return(findings: Findings, lang: Lang) -> Svg:
    """Show how fast the lamps come back after a mains cut."""
    storms = findings.storms
    minutes = sorted(int(zone[1:]) for zone in storms[0].outcome["back"] if zone.startswith("m"))
    back = [
        minute
        for minute in minutes
        if all(each.value("back", f"m{minute:03d}") >= ALL_BACK for each in storms)
    ]
    if back:
        minutes = [minute for minute in minutes if minute <= back[0] + 60]
    x = [0.0, *(minute / 60.0 for minute in minutes)]
    lines = [
        Line(
            each.option.name,
            (0.0, *(each.value("back", f"m{minute:03d}") for minute in minutes)),
        )
        for each in storms
    ]
    lamps = numbers(storms[0].load.storm.devices)
    until = [hours_until(each, MOST) for each in storms]
    slow = [each for each in until if each is not None]
    if len(slow) == len(until):
        told = hours(max(slow))
        when = Text(f"95 % sont revenus en {told.fr}", f"95 % are back in {told.en}")
    else:
        told = hours(x[-1])
        when = Text(
            f"moins de 95 % sont revenus en {told.fr}", f"fewer than 95 % are back in {told.en}"
        )
    title = Text(
        f"Après une coupure de courant sur {lamps.fr} luminaires, {when.fr}",
        f"After a mains cut over {lamps.en} lamps, {when.en}",
    )
    return line_chart(
        "retour-apres-coupure", title, x, lines,
        Column("hours", Text("Heures après le retour du courant", "Hours after the mains are back"), Kind.NUMBER, "h", 1),
        Column("back", Text("Luminaires de nouveau joignables", "Lamps reachable again"), Kind.SHARE, decimals=0),
        lang,
        top=1.04,
    )  # fmt: skip


def hours_until(judged: Judged, share: float) -> float | None:
    """Return the hours until so large a share of the lamps is back, mean of the worlds."""
    back = judged.outcome["back"]
    for zone in sorted(back):
        if back[zone].mean >= share:
            return int(zone[1:]) / 60.0
    return None


def hours(value: float) -> Text:
    """Return a duration in hours, in words."""
    told = numbers(value, 1)
    return Text(f"{told.fr} h", f"{told.en} h")
