"""The nights of an option: which schedules are in force, and which commune keeps which."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from models.lighting.schedules.presets import all_night, detection, dimmed, part_night
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
    """Return the schedules of an option; `today` has two, all night and switched off."""
    match section.kind:
        case "today":
            return (all_night(), part_night(*TODAY_OFF))
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
    """Return what each commune does; today each one's own dice say whether it switches off."""
    schedules = schedules_of(section)
    chosen = np.zeros(len(communes), dtype=np.int64)
    if section.kind == "today":
        keys = dice.keys_of(streams, "commune", dice.words_of(communes))
        chosen = (dice.units(keys, "switches off") < off_share).astype(np.int64)
    return Nights(schedules, chosen)
