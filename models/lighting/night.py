"""The nights of an option: which schedules are in force, and which commune keeps which."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from models.lighting.schedules.presets import all_night, detection, dimmed, part_night
from models.lighting.schedules.read_hours import read_hours
from models.lighting.schedules.read_schedule import read_schedule
from models.lighting.schedules.schedule import Schedule
from models.lighting.settings import NightSection
from twin.streams import Streams

TODAY_OFF = ("23:00", "05:00")
"""Hours of the communes that switch off today [U]."""


class Nights(NamedTuple):
    """Schedules in force and, by commune, which one: shape (communes,)."""

    schedules: tuple[Schedule, ...]
    chosen: NDArray[np.int64]


def schedules_of(section: NightSection) -> tuple[Schedule, ...]:
    """Return the schedules of an option; `today`, where it is drawn, has two."""
    match section.kind:
        case "today":
            drawn = (all_night(), part_night(*TODAY_OFF))
            return drawn if section.hours is None else read_hours(section.hours).schedules
        case "all-night":
            return (all_night(),)
        case "part-night":
            return (part_night(section.off_from, section.off_to),)
        case "dimmed":
            return (dimmed(section.off_from, section.off_to, section.level),)
        case "detection":
            return (
                detection(section.off_from, section.off_to, section.level, section.detected_share),
            )
        case "file":
            assert section.file is not None  # noqa: S101 - the section refuses it otherwise
            return (read_schedule(section.file),)


def nights_of(
    section: NightSection, communes: tuple[str, ...], off_share: float, streams: Streams
) -> Nights:
    """Return what each commune does; today by its row, or its own dice say whether it is off.

    Raises
    ------
    DataError
        The table of today's hours lacks a commune.
    """
    schedules = schedules_of(section)
    chosen = np.zeros(len(communes), dtype=np.int64)
    if section.kind == "today" and section.hours is not None:
        chosen = np.array(read_hours(section.hours).chosen(communes), dtype=np.int64)
    elif section.kind == "today":
        keys = dice.keys_of(streams, "commune", dice.words_of(communes))
        chosen = (dice.units(keys, "switches off") < off_share).astype(np.int64)
    return Nights(schedules, chosen)
