"""A schedule: the levels of a night, from dusk to dawn, by season."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Edge = float | Literal["dusk", "dawn"]
"""Where a step begins or ends: seconds of the local clock after midnight, or an event of the sun.

A night runs from noon to noon: 82,800 (23:00) comes before 18,000 (05:00).
"""

CIVIL_SUN_DEG = -0.8333
"""The sun's upper limb on the horizon with standard refraction: sunrise and sunset."""


@dataclass(frozen=True)
class Step:
    """A stretch of the night at one level.

    `level` is the share of full light in [0, 1], 0 for off. With `detected_share` above 0 a
    presence raises it to `detected_level` during that share of the time.
    """

    begin: Edge
    end: Edge
    level: float
    detected_level: float = 1.0
    detected_share: float = 0.0

    @property
    def mean_level(self) -> float:
        """Return the level on average over time."""
        return self.level + self.detected_share * (self.detected_level - self.level)


@dataclass(frozen=True)
class Season:
    """The steps of nights that begin from `first` to `last`, (month, day), both included.

    `first` may come after `last`: the season then holds the turn of the year. `weekdays` are those
    of the evening, 0 for Monday. Steps follow one another without a gap, from dusk to dawn.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    weekdays: tuple[int, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Schedule:
    """What lamps do all year: the first season that holds a night says its steps.

    `threshold_deg` is the sun's geometric altitude at which lamps are switched on and off.
    """

    id: str
    threshold_deg: float
    seasons: tuple[Season, ...]
