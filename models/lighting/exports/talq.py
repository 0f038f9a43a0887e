"""TALQ 2.6: devices, groups, calendars and control programs of an option.

Names and wrapped attributes are those of the TALQ data model [V: openapi of versions 2.2 to 2.6]:
a lamp with a node is a device with a LampActuatorFunction, a cabinet one with an
ElectricalMeterFunction, a commune's hours are a calendar of control programs from noon to noon.
Addresses are UUIDs made from names: the same each time.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from models.lighting.exports.outfit import Outfit
from models.lighting.schedules.clock_times import NOON_S, clock_text
from models.lighting.schedules.local_clock import PARIS
from models.lighting.schedules.schedule import Schedule, Season

Json = dict[str, Any]

VERSION = "2.6.2"
LAMP_CLASS, CABINET_CLASS = "LampNode", "CabinetController"
_NAMES = uuid.uuid5(uuid.NAMESPACE_DNS, "lighting.territory-twin")


def document(outfit: Outfit, owner: str) -> Json:
    """Return everything; `owner` names the central management software (CMS)."""
    cms = _address("cms", owner)
    return {
        "talq-api-version": VERSION,
        "clientAddress": cms,
        "deviceClasses": _classes(),
        "devices": list(_devices(outfit)),
        "groups": list(_groups(outfit, cms)),
        "calendars": [_calendar(each, cms) for each in outfit.schedules],
        "controlPrograms": [
            _program(schedule, row, season, cms)
            for schedule in outfit.schedules
            for row, season in enumerate(schedule.seasons)
        ],
    }


def _classes() -> list[Json]:
    functions = {
        LAMP_CLASS: (("basic", "BasicFunction"), ("lamp", "LampActuatorFunction")),
        CABINET_CLASS: (("basic", "BasicFunction"), ("meter", "ElectricalMeterFunction")),
    }
    return [
        {
            "name": name,
            "functions": [{"functionId": key, "type": kind} for key, kind in those],
        }
        for name, those in functions.items()
    ]


def _devices(outfit: Outfit) -> Iterator[Json]:
    """Return cabinets, and lamps where each has a node."""
    inventory = outfit.inventory
    for row, name in enumerate(inventory.cabinets.ids):
        place = (float(outfit.cabinet_deg[0][row]), float(outfit.cabinet_deg[1][row]))
        yield {
            "address": _address("cabinet", name),
            "name": name,
            "class": CABINET_CLASS,
            "functions": [
                _basic(name, place, "cabinet"),
                {"id": "meter", "type": "ElectricalMeterFunction"},
            ],
        }
    if not outfit.speaking_nodes:
        return
    for row, name in enumerate(inventory.lamps.ids):
        place = (float(outfit.lamp_deg[0][row]), float(outfit.lamp_deg[1][row]))
        schedule = outfit.schedule_of(int(inventory.lamp_commune[row]))
        yield {
            "address": _address("lamp", name),
            "name": name,
            "class": LAMP_CLASS,
            "functions": [
                _basic(name, place, outfit.kinds[row].id),
                {
                    "id": "lamp",
                    "type": "LampActuatorFunction",
                    "defaultLightState": _attribute(
                        "AttributeLevelState", {"name": "LevelState", "value": 100}
                    ),
                    "calendarID": _attribute("AttributeString", _address("calendar", schedule.id)),
                },
            ],
        }


def _basic(name: str, place: tuple[float, float], hardware: str) -> Json:
    return {
        "id": "basic",
        "type": "BasicFunction",
        "assetId": _attribute("AttributeString", name),
        "hwType": _attribute("AttributeString", hardware),
        "swVersion": _attribute("AttributeString", ""),
        "location": _attribute(
            "AttributeLocation", {"latitude": place[1], "longitude": place[0]}
        ),
        "timeZone": _attribute("AttributeString", PARIS),
    }  # fmt: skip


def _groups(outfit: Outfit, cms: str) -> Iterator[Json]:
    """Return a group a cabinet: its lamps where they have nodes, else the cabinet itself."""
    inventory = outfit.inventory
    members: list[list[str]] = [[] for _ in inventory.cabinets.ids]
    if outfit.speaking_nodes:
        for name, row in zip(inventory.lamps.ids, inventory.lamps.cabinet.tolist(), strict=True):
            members[row].append(_address("lamp", name))
    for row, name in enumerate(inventory.cabinets.ids):
        those = members[row] or [_address("cabinet", name)]
        yield {
            "address": _address("group", name),
            "ownerCMS": cms,
            "members": [{"resource": "devices", "address": each} for each in those],
        }


def _calendar(schedule: Schedule, cms: str) -> Json:
    """Return a schedule's calendar: the first season that holds a night says its program."""
    rules = []
    for row, season in enumerate(schedule.seasons):
        rule: Json = {"program": _address("program", f"{schedule.id}/{row}")}
        (month, day), (last_month, last_day) = season.first, season.last
        rule |= {
            "startDate": f"--{month:02d}-{day:02d}",
            "endDate": f"--{last_month:02d}-{last_day:02d}",
        }
        if len(season.weekdays) < 7:  # noqa: PLR2004 - days of a week
            days = [{"start": day + 1} for day in season.weekdays]
            rule["condition"] = {"type": "ccDay", "days": days}
        rules.append(rule)
    return {"id": _address("calendar", schedule.id), "ownerCMS": cms, "rules": rules}


def _program(schedule: Schedule, row: int, season: Season, cms: str) -> Json:
    """Return a season's program: active from sunset to sunrise, levels at fixed times between.

    The level that holds from dusk stands at noon. What presence adds needs sensors and is not told.
    """
    at = {NOON_S: season.steps[0].level}
    for step in season.steps:
        if not isinstance(step.begin, str):
            at[float(step.begin)] = step.level
    return {
        "type": "ControlProgramOne",
        "id": _address("program", f"{schedule.id}/{row}"),
        "ownerCMS": cms,
        "activePeriods": [
            {"type": "AstroClockActivePeriod", "sunriseOffset": 0, "sunsetOffset": 0}
        ],
        "fixedTimeControls": [
            {
                "startTime": _time(begin_s),
                "command": {"state": {"name": "LevelState", "value": round(100.0 * level)}},
            }
            for begin_s, level in sorted(at.items())
        ],
    }


def _time(seconds: float) -> str:
    text = clock_text(seconds)
    return text if text.count(":") > 1 else f"{text}:00"


def _attribute(kind: str, value: object) -> Json:
    return {"type": kind, "value": value}


def _address(kind: str, name: str) -> str:
    return str(uuid.uuid5(_NAMES, f"{kind}/{name}"))
