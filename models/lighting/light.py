"""What the schedules of an option mean in a year: hours, people in the light, light too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.lighting.abroad import abroad_share
from models.lighting.hours import HALF_HOUR, HoursTable

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Light:
    """By commune, shape (communes,), a year.

    Attributes
    ----------
    daily_h : float64, shape (communes, days)
        Hours with light of each day.
    on_h, level_h, night_h : float64
        Hours with light, of full light, from dusk to dawn.
    people_h, lit_people_h : float64
        Hours of people abroad by night, a resident, and those in the light.
    """

    daily_h: Floats
    on_h: Floats
    level_h: Floats
    night_h: Floats
    people_h: Floats
    lit_people_h: Floats


def mixed(before: Light, after: Light, share: Floats) -> Light:
    """Return the mean over years of which a share, by commune, come after a change."""

    def mean(name: str) -> Floats:
        one, other = getattr(before, name), getattr(after, name)
        weight = share if one.ndim == 1 else share[:, None]
        return np.asarray((1.0 - weight) * one + weight * other)

    return Light(**{name: mean(name) for name in Light.__dataclass_fields__})


def light_of(
    tables: Sequence[HoursTable],
    chosen: NDArray[np.int64],
    threshold_deg: float,
) -> Light:
    """Return what communes do, each by its own schedule."""
    parts = [_light(table, threshold_deg) for table in tables]

    def picked(name: str) -> Floats:
        stack = np.stack([getattr(part, name) for part in parts])
        return np.asarray(stack[chosen, np.arange(len(chosen))])

    return Light(**{name: picked(name) for name in Light.__dataclass_fields__})


def _light(table: HoursTable, threshold_deg: float) -> Light:
    daily_h, level_h = table.at(threshold_deg)
    return Light(
        daily_h=daily_h,
        on_h=daily_h.sum(axis=1),
        level_h=level_h.sum(axis=1),
        **_whatever_threshold(table),
    )


@lru_cache(maxsize=32)  # asked for by every world
def _whatever_threshold(table: HoursTable) -> dict[str, Floats]:
    """Return what follows from half-hours, which are those of the middle threshold."""
    weight = HALF_HOUR * abroad_share(table.hour)
    return {
        "night_h": HALF_HOUR * table.night_share.sum(axis=1, dtype=np.float64),
        "people_h": table.night_share @ weight,
        "lit_people_h": table.on_share @ weight,
    }
