"""What an option buys and over which radio, read from its settings: never from its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from models.water.answer.judged import Judged
from models.water.settings import HazardsSection, Settings
from twin.lang import Text

READINGS: dict[str, Text] = {
    "manual": Text("à pied", "on foot"),
    "drive-by": Text("depuis une voiture", "from a car"),
    "daily": Text("radio, un index par jour", "radio, an index a day"),
    "hourly": Text("radio, index horaires", "radio, hourly indices"),
}
RADIO = ("daily", "hourly")
Part = Literal["districts", "customers"]
"""Whose meters: the districts' or the customers'."""
PARTS: tuple[Part, ...] = ("districts", "customers")


def current_of(options: Mapping[str, Judged]) -> Judged:
    """Return scenario 0: no district meter, customers read on foot; else the first option."""
    found = [
        each
        for each in options.values()
        if each.meters == 0 and each.settings.customers.reading == "manual"
    ]
    return (found or list(options.values()))[0]


def meters_family(options: Mapping[str, Judged], current: Judged) -> list[Judged]:
    """Return scenario 0 and the options that differ from it by the number of meters, by number."""
    own = _with(current.settings, "districts", meters=0)
    found = {current.meters: current}
    for each in options.values():
        if _with(each.settings, "districts", meters=0) == own:
            found.setdefault(each.meters, each)
    return [found[count] for count in sorted(found)]


def readings_family(options: Mapping[str, Judged], current: Judged) -> dict[str, Judged]:
    """Return the options that differ from scenario 0 by how customers are read, by reading."""
    usual = current.settings.customers
    plain = {"reading": usual.reading, "readings_per_year": usual.readings_per_year}
    found: dict[str, Judged] = {}
    for each in (current, *options.values()):
        if _with(each.settings, "customers", **plain) == current.settings:
            found.setdefault(each.settings.customers.reading, each)
    return {name: found[name] for name in READINGS if name in found}


def over(judged: Judged, part: Part, link: str, options: Mapping[str, Judged]) -> Judged | None:
    """Return the option alike whose meters speak over another link, None where none is played."""
    if getattr(judged.settings, part).link == link or not speaks(judged, part):
        return None
    wanted = _with(judged.settings, part, link=link)
    return next((each for each in options.values() if each.settings == wanted), None)


def unstruck(judged: Judged, options: Mapping[str, Judged]) -> Judged | None:
    """Return the option alike without power cuts and droughts; None where it has none, or no twin."""
    hazards = HazardsSection()
    if judged.settings.hazards == hazards:
        return None
    wanted = judged.settings.model_copy(update={"hazards": hazards})
    return next((each for each in options.values() if each.settings == wanted), None)


def speaks(judged: Judged, part: Part) -> bool:
    """Whether the option has meters of that kind that send frames."""
    if part == "districts":
        return judged.meters > 0
    return judged.settings.customers.reading in RADIO


def _with(settings: Settings, part: Part, **values: object) -> Settings:
    section = getattr(settings, part).model_copy(update=values)
    return settings.model_copy(update={part: section})
