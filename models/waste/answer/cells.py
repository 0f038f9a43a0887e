"""What an option knows and who decides in it, read from its settings: never from its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.waste.answer.judged import Judged
from models.waste.rules import CALENDARS
from models.waste.settings import SensorsSection, Settings
from twin.lang import Text

INFORMATION: dict[str, Text] = {
    "none": Text("rien de plus", "nothing more"),
    "driver": Text("le mot des chauffeurs", "drivers' word"),
    "counts": Text("apports comptés", "counted deposits"),
    "sensors": Text("sondes, réseau prévu", "sensors, planned network"),
    "sensors-ideal": Text("sondes, liaison parfaite", "sensors, perfect link"),
    "levels": Text("niveaux connus (borne)", "levels known (bound)"),
    "foresight": Text("avenir connu (borne)", "future known (bound)"),
}
BOUNDS = ("levels", "foresight")

POLICIES: dict[str, Text] = {
    "current": Text("calendrier actuel", "today's calendar"),
    "calendar": Text("calendrier optimisé", "optimised calendar"),
    "number": Text("nombre fixe de points par jour", "fixed number of points a day"),
    "threshold": Text("seuil de remplissage", "fill threshold"),
    "predictive": Text("règle prédictive", "predictive rule"),
    "prize": Text("tournées au mérite", "rounds by worth"),
    "overflow": Text("prix du débordement", "prize of overflow"),
}


RARE_POLICIES = ("number", "overflow")
"""Told only where an option plays them."""


def information(settings: Settings) -> str:
    """Return what the planner is told beyond the file, a key of INFORMATION."""
    knowledge = settings.service.knowledge
    if knowledge in BOUNDS:
        return knowledge
    if has_sensors(settings):
        return "sensors-ideal" if settings.sensors.link == "ideal" else "sensors"
    return knowledge


def has_sensors(settings: Settings) -> bool:
    """Whether the option fits any point."""
    return settings.sensors.share > 0.0


def current_of(options: Mapping[str, Judged]) -> Judged:
    """Return scenario 0: today's calendar without a sensor; else the first option."""
    found = [
        each
        for each in options.values()
        if each.settings.policy.kind == "current" and not has_sensors(each.settings)
    ]
    return (found or list(options.values()))[0]


def twin_of(judged: Judged, options: Mapping[str, Judged]) -> Judged | None:
    """Return the option that differs by its sensors alone and has none; None where none is played."""
    if not has_sensors(judged.settings):
        return None
    bare = _without_sensors(judged.settings)
    for each in options.values():
        if not has_sensors(each.settings) and _without_sensors(each.settings) == bare:
            return each
    return None


def ideal_of(judged: Judged, options: Mapping[str, Judged]) -> Judged | None:
    """Return the option with the same sensors over an ideal link, None where none is played."""
    sensors = judged.settings.sensors
    if not has_sensors(judged.settings) or sensors.link == "ideal":
        return None
    wanted = judged.settings.model_copy(
        update={"sensors": sensors.model_copy(update={"link": "ideal"})}
    )
    return next((each for each in options.values() if each.settings == wanted), None)


def family_of(judged: Judged, options: Mapping[str, Judged]) -> list[Judged]:
    """Return the options alike but for the share fitted, by share, the one without sensors first."""
    own = _without_share(judged.settings)
    bare = _without_sensors(judged.settings)
    found = [
        each
        for each in options.values()
        if (_without_share(each.settings) == own if has_sensors(each.settings) else False)
        or (not has_sensors(each.settings) and _without_sensors(each.settings) == bare)
    ]
    by_share: dict[float, Judged] = {}
    for each in found:
        by_share.setdefault(each.settings.sensors.share, each)
    return [by_share[share] for share in sorted(by_share)]


def fitted_options(options: Mapping[str, Judged]) -> list[Judged]:
    """Return the options with sensors whose no-sensor twin is played too."""
    return [each for each in options.values() if twin_of(each, options) is not None]


def main_family(options: Mapping[str, Judged]) -> list[Judged]:
    """Return the family with most shares tried; answering options first. Empty without sensors."""
    best: list[Judged] = []
    for each in fitted_options(options):
        family = family_of(each, options)
        if (len(family), any(one.option.answers for one in family)) > (
            len(best),
            any(one.option.answers for one in best),
        ):
            best = family
    return best


def calendar_of(options: Mapping[str, Judged]) -> Judged | None:
    """Return the optimised calendar without any news; None where none is played."""
    return _plain(options, lambda kind: kind == "calendar")


def planned_of(options: Mapping[str, Judged]) -> Judged | None:
    """Return the cheapest option that plans every morning without sensors nor drivers' word."""
    return _plain(options, lambda kind: kind not in CALENDARS)


def _plain(options: Mapping[str, Judged], asked: Callable[[str], bool]) -> Judged | None:
    found = [
        each
        for each in options.values()
        if information(each.settings) == "none" and asked(each.settings.policy.kind)
    ]
    return min(found, key=lambda each: each.mean("total_eur") or 0.0) if found else None


def _without_sensors(settings: Settings) -> Settings:
    return settings.model_copy(update={"sensors": SensorsSection()})


def _without_share(settings: Settings) -> Settings:
    sensors = settings.sensors.model_copy(update={"share": 0.0})
    return settings.model_copy(update={"sensors": sensors})
