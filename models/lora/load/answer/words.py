"""Turns of phrase of the load answer."""

from __future__ import annotations

from models.lora.answer.words import numbers, percents
from models.lora.load.answer.findings import Judged, fleet_label
from twin.lang import Text
from twin.report.tables import Column, Kind

COLLECTION = Column("collection", Text("Relevés à J+1", "Read at D+1"), Kind.SHARE, decimals=1)
YEARS = Column("years", Text("Durée de vie", "Life"), Kind.NUMBER, "ans", 1)
DUTY = Column(
    "duty", Text("Temps d'émission légal utilisé", "Legal airtime used"), Kind.SHARE, decimals=0
)
TARGET = Text("cible", "target")
LONGEST_YEARS = 19.95
"""Lives from here on stand at the longest credited to the cells: "at least"."""


def years(value: float) -> Text:
    """Return a battery life, "20 ans et plus" where the cells decide."""
    if value >= LONGEST_YEARS:
        return Text("20 ans et plus", "20 years and more")
    told = numbers(value, 1)
    return Text(f"{told.fr} ans", f"{told.en} years")


def share(value: float) -> Text:
    """Return a share with one decimal, as results are compared."""
    return percents(value, 1)


def failing_fleets(judged: Judged, kpi: str, target: float) -> list[str]:
    """Return the fleets whose mean outcome is under the target."""
    return [
        name
        for name in judged.fleets
        if (told := judged.get(kpi, name)) is not None and told.mean < target
    ]


def shortfalls(judged: Judged) -> Text:
    """Return what an option misses, in words; empty where it misses nothing on average."""
    targets = judged.load.targets
    parts: list[Text] = []
    for name in failing_fleets(judged, "collection", targets.collection):
        what = fleet_label(name, judged.fleets[name])
        value = share(judged.value("collection", name))
        parts.append(
            Text(
                f"{value.fr} des {what.fr} relevés à J+1",
                f"{value.en} of the {what.en} read at D+1",
            )
        )
    for name in failing_fleets(judged, "battery_reach", targets.battery_share):
        what = fleet_label(name, judged.fleets[name])
        value = share(judged.value("battery_reach", name))
        span = numbers(targets.battery_years)
        parts.append(
            Text(
                f"{value.fr} des piles des {what.fr} tiennent {span.fr} ans",
                f"{value.en} of the batteries of {what.en} last {span.en} years",
            )
        )
    duty = judged.value("duty_most")
    if duty >= targets.duty:
        parts.append(
            Text(
                f"une passerelle émet {percents(duty).fr} du temps permis en heure de pointe",
                f"a gateway sends {percents(duty).en} of the time allowed in its busiest hour",
            )
        )
    return Text(
        _listed([part.fr for part in parts], " et "), _listed([part.en for part in parts], " and ")
    )


def _listed(parts: list[str], last: str) -> str:
    if len(parts) < 2:  # noqa: PLR2004 - a list has two
        return "".join(parts)
    return ", ".join(parts[:-1]) + last + parts[-1]
