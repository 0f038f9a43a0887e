"""The usual nights of a commune, as schedules."""

from __future__ import annotations

from models.lighting.schedules.clock_times import clock_s
from models.lighting.schedules.schedule import CIVIL_SUN_DEG, Edge, Schedule, Season, Step

ALL_WEEK = (0, 1, 2, 3, 4, 5, 6)
WHOLE_YEAR = ((1, 1), (12, 31))


def all_night(threshold_deg: float = CIVIL_SUN_DEG) -> Schedule:
    """Return full light from dusk to dawn."""
    return _yearly("all-night", threshold_deg, (Step("dusk", "dawn", 1.0),))


def part_night(off_from: str, off_to: str, threshold_deg: float = CIVIL_SUN_DEG) -> Schedule:
    """Return light switched off between two times of the local clock ("23:00", "05:00")."""
    quiet = Step(clock_s(off_from), clock_s(off_to), 0.0)
    return _around("part-night", threshold_deg, quiet)


def dimmed(
    off_from: str, off_to: str, level: float, threshold_deg: float = CIVIL_SUN_DEG
) -> Schedule:
    """Return light lowered to a level between two times of the local clock."""
    return _around("dimmed", threshold_deg, Step(clock_s(off_from), clock_s(off_to), level))


def detection(
    off_from: str,
    off_to: str,
    level: float,
    detected_share: float,
    threshold_deg: float = CIVIL_SUN_DEG,
) -> Schedule:
    """Return light lowered to a level that a presence raises to full, a share of the time."""
    quiet = Step(clock_s(off_from), clock_s(off_to), level, 1.0, detected_share)
    return _around("detection", threshold_deg, quiet)


def _around(name: str, threshold_deg: float, quiet: Step) -> Schedule:
    begin: Edge = quiet.begin
    end: Edge = quiet.end
    return _yearly(name, threshold_deg, (Step("dusk", begin, 1.0), quiet, Step(end, "dawn", 1.0)))


def _yearly(name: str, threshold_deg: float, steps: tuple[Step, ...]) -> Schedule:
    return Schedule(name, threshold_deg, (Season(*WHOLE_YEAR, ALL_WEEK, steps),))
