"""Hours of light of a year by schedule and commune, for any altitude of the sun at switching."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.lighting.schedules.local_clock import hours_of_clock, local_clock
from models.lighting.schedules.nights import nights_profile
from models.lighting.schedules.schedule import Schedule
from models.lighting.sun.passages import crossings

Floats = NDArray[np.float64]

THRESHOLDS_DEG = (-6.0, -3.3, -0.8333)
"""Altitudes computed; between them hours are taken on a line (within 1 h of a year's 4,100 [D])."""
HALF_HOUR = 0.5
SLOTS_A_DAY = 48


@dataclass(frozen=True, eq=False)
class Places:
    """Where communes are on the globe: degrees and metres, shape (communes,)."""

    lat_deg: Floats
    lon_deg: Floats
    height_m: Floats


@dataclass(frozen=True, eq=False)
class HoursTable:
    """Hours of light of each day of a year.

    Attributes
    ----------
    on_h : float32, shape (thresholds, communes, days)
        Hours with light, whatever its level.
    level_h : float32, the same shape
        The same weighted by level: hours of full light.
    on_share, level, night_share : float32, shape (communes, slots)
        By half-hour, at the middle threshold: with light, its level, from dusk to dawn.
    hour : float64, shape (slots,)
        Of the local clock, at the beginning of each half-hour.
    """

    on_h: NDArray[np.float32]
    level_h: NDArray[np.float32]
    on_share: NDArray[np.float32]
    level: NDArray[np.float32]
    night_share: NDArray[np.float32]
    hour: Floats

    def at(self, threshold_deg: float) -> tuple[Floats, Floats]:
        """Return hours and hours of full light by commune and day at an altitude."""
        low = 0 if threshold_deg < THRESHOLDS_DEG[1] else 1
        first, last = THRESHOLDS_DEG[low], THRESHOLDS_DEG[low + 1]
        share = np.clip((threshold_deg - first) / (last - first), 0.0, 1.0)

        def between(table: NDArray[np.float32]) -> Floats:
            return np.asarray((1.0 - share) * table[low] + share * table[low + 1], dtype=np.float64)

        return between(self.on_h), between(self.level_h)


def hours_table(schedule: Schedule, places: Places, year: int) -> HoursTable:
    """Return the hours of one schedule in every commune of a year."""
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    first_day = (first - date(1970, 1, 1)).days
    profiles = []
    for threshold_deg in THRESHOLDS_DEG:
        found = crossings(
            places.lat_deg, places.lon_deg, places.height_m, first_day - 3, days + 7, threshold_deg
        )
        own = replace(schedule, threshold_deg=threshold_deg)
        profiles.append(nights_profile(own, found, year))
    clock = local_clock(first, date(year, 12, 31))
    begin_s, slots = profiles[1].begin_s, profiles[1].on_share.shape[1]
    return HoursTable(
        np.stack([_daily(each.on_share) for each in profiles]),
        np.stack([_daily(each.mean_level) for each in profiles]),
        profiles[1].on_share,
        profiles[1].mean_level,
        profiles[1].night_share,
        hours_of_clock(begin_s, slots, clock),
    )


def _daily(share: NDArray[np.float32]) -> NDArray[np.float32]:
    by_day = share.reshape(share.shape[0], -1, SLOTS_A_DAY)
    return np.asarray(HALF_HOUR * by_day.sum(axis=2), dtype=np.float32)
