"""What OpenStreetMap's tags say to a truck: may it use this road, which way, and how fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from types import MappingProxyType

KMH = 1.0 / 3.6
"""Metres per second in a kilometre per hour."""

CLASS_KMH: Mapping[str, float] = MappingProxyType({
    "motorway": 110.0, "motorway_link": 50.0, "trunk": 90.0, "trunk_link": 50.0,
    "primary": 80.0, "primary_link": 50.0, "secondary": 80.0, "secondary_link": 50.0,
    "tertiary": 70.0, "tertiary_link": 50.0, "unclassified": 50.0, "residential": 30.0,
    "living_street": 20.0, "service": 20.0, "road": 40.0,
})  # fmt: skip
"""Speed where no `maxspeed` is given, before the truck's factor [U]. Classes not listed (tracks,
paths, footways, roads being built) are closed to trucks."""

WORD_KMH: Mapping[str, float] = MappingProxyType(
    {"urban": 50.0, "rural": 80.0, "trunk": 110.0, "motorway": 130.0, "walk": 5.0, "none": 130.0,
     "living_street": 20.0, "zone30": 30.0, "zone20": 20.0}
)  # fmt: skip
"""French meaning of words in `maxspeed` (`FR:urban`) [U]: code de la route, R413-2 and R413-3."""

MPH_KMH = 1.609344
CLOSED = ("no", "private", "forestry", "agricultural", "emergency", "military", "bus", "permit")
CLOSED_SERVICE = ("driveway", "emergency_access", "drive-through")
KEYS = ("hgv", "goods", "motor_vehicle", "vehicle", "access")
"""Access tags from the most particular to the most general: the first present one decides."""

BARRIERS = ("bollard", "block", "cycle_barrier", "jersey_barrier", "log", "debris", "chain")
"""Barriers no truck passes, unless an access tag says otherwise [U]."""


class Way(IntFlag):
    """Directions open to a truck."""

    NONE = 0
    FORWARD = 1
    BACKWARD = 2
    BOTH = 3


@dataclass(frozen=True)
class Truck:
    """How a collection truck drives. Every figure is an assumption [U].

    Attributes
    ----------
    factor : float
        Speed kept over a road as a share of its limit: bends, crossings, hills.
    top_kmh : float
        Never faster than this.
    mass_t : float
        A road with a lower `maxweight` is closed to it.
    class_kmh : Mapping
        Speed by highway class where no limit is given; classes not in it are closed.
    """

    factor: float = 0.75
    top_kmh: float = 80.0
    mass_t: float = 19.0
    class_kmh: Mapping[str, float] = field(default_factory=lambda: dict(CLASS_KMH))

    def may_use(self, tags: Mapping[str, str]) -> bool:
        """Return whether the truck may use a road of these tags."""
        if tags.get("highway", "") not in self.class_kmh or tags.get("area") == "yes":
            return False
        if tags.get("service") in CLOSED_SERVICE or _closed(tags):
            return False
        most_t = parse_tonnes(tags.get("maxweight", ""))
        return most_t is None or most_t >= self.mass_t

    def speed_mps(self, tags: Mapping[str, str]) -> float:
        """Return the truck's speed on a road of these tags, m/s."""
        limit = parse_kmh(tags.get("maxspeed:hgv", "")) or parse_kmh(tags.get("maxspeed", ""))
        limit = limit or self.class_kmh.get(tags.get("highway", ""), 0.0)
        return min(limit * self.factor, self.top_kmh) * KMH


def _closed(tags: Mapping[str, str]) -> bool:
    """Return whether the most particular access tag closes the way."""
    value = next((tags[key] for key in KEYS if key in tags), "")
    return value in CLOSED


def blocks(tags: Mapping[str, str]) -> bool:
    """Return whether a node of these tags keeps trucks from driving through."""
    if "barrier" not in tags:
        return False
    if any(key in tags for key in KEYS):
        return _closed(tags)
    return tags["barrier"] in BARRIERS


def directions(tags: Mapping[str, str]) -> Way:
    """Return the directions open on a road of these tags.

    `oneway` decides: yes, -1 (against the order of its nodes), no. Without it, roundabouts and
    motorways are one-way. Lanes that change direction with the hour (`reversible`) are closed.
    """
    oneway = tags.get("oneway", "")
    if oneway in ("yes", "true", "1"):
        return Way.FORWARD
    if oneway in ("-1", "reverse"):
        return Way.BACKWARD
    if oneway == "reversible":
        return Way.NONE
    implied = tags.get("junction") in ("roundabout", "circular")
    implied = implied or tags.get("highway") == "motorway"
    return Way.FORWARD if implied and oneway not in ("no", "false", "0") else Way.BOTH


def parse_kmh(text: str) -> float | None:
    """Return a `maxspeed` in km/h; None where it gives no speed ("signals", nonsense)."""
    word = text.partition(";")[0].strip().lower()
    factor = MPH_KMH if word.endswith("mph") else 1.0
    number = _number(word.removesuffix("mph").removesuffix("km/h"))
    if number is not None:
        return number * factor or None
    return WORD_KMH.get(word.rpartition(":")[2])


def parse_tonnes(text: str) -> float | None:
    """Return a `maxweight` in tonnes; None where it gives none."""
    return _number(text.strip().lower().removesuffix("t"))


def _number(text: str) -> float | None:
    try:
        value = float(text.strip())
    except ValueError:
        return None
    return value if 0.0 <= value < float("inf") else None
