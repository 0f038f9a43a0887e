"""The wave of battery replacements: how many, which year, in which zone.

A dead battery is replaced at once by a new one, which wears in turn. Lives are known, so nothing is
estimated: deaths are counted (no censoring, no Kaplan-Meier).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lora.energy.ranges import require
from twin.errors import Fault, InputError
from twin.lang import Text

SHORTEST_YEARS = 0.01
"""A life under four days is a fault of the input, not a battery."""


@dataclass(frozen=True)
class ReplacementWave:
    """Replacements over a horizon.

    Attributes
    ----------
    replaced : int64, shape (years, zones)
        Batteries replaced in each year of each zone; year 0 is the first.
    devices : int64, shape (zones,)
        Devices of each zone.
    first_alive_share : float64, shape (years + 1,)
        Share of devices whose first battery still works at the start of each year, and at the end.
    """

    replaced: NDArray[np.int64]
    devices: NDArray[np.int64]
    first_alive_share: NDArray[np.float64]

    @property
    def per_year(self) -> NDArray[np.int64]:
        """Batteries replaced in each year, all zones."""
        return np.asarray(self.replaced.sum(axis=1), dtype=np.int64)

    @property
    def fitted(self) -> int:
        """Batteries fitted in all: one a device, and the replacements."""
        return int(self.devices.sum() + self.replaced.sum())


def replacement_wave(
    life_years: ArrayLike,
    zones: NDArray[np.int64],
    horizon_years: int = 20,
    *,
    zone_count: int | None = None,
    installed_years: ArrayLike = 0.0,
) -> ReplacementWave:
    """Return the replacements of each year and zone.

    Parameters
    ----------
    life_years : shape (devices,) or (devices, batteries)
        Life of each device's battery; with two dimensions, of its successive batteries, the last
        column standing for all later ones.
    zones : shape (devices,)
        Zone (commune, round) of each device, 0 to zone_count - 1.
    horizon_years
        Whole years counted, at least 1. A death at the very end belongs to the next horizon.
    zone_count
        Number of zones; by default the largest one met plus 1.
    installed_years : scalar or shape (devices,)
        When each device is installed; before, its battery does not wear.

    Raises
    ------
    InputError
        Life under `SHORTEST_YEARS`, horizon under 1, zone out of range, unequal lengths.
    """
    lives = np.asarray(life_years, dtype=np.float64)
    lives = lives[:, None] if lives.ndim == 1 else lives
    places = np.asarray(zones, dtype=np.int64)
    count = int(places.max(initial=-1)) + 1 if zone_count is None else zone_count
    require("life_years", lives, SHORTEST_YEARS)
    require("horizon_years", horizon_years, 1)
    require("installed_years", installed_years, 0.0)
    require("zones", places, 0, count - 1)
    if places.shape != lives.shape[:1]:
        raise InputError(
            Fault(
                key="zones",
                value=str(places.size),
                expected=Text(f"{lives.shape[0]} zones", f"{lives.shape[0]} zones"),
                remedy=Text("une zone par appareil", "one zone for each device"),
            )
        )
    ends = np.asarray(installed_years, dtype=np.float64) + lives[:, 0]
    starts = np.arange(horizon_years + 1)
    sorted_ends = np.sort(ends)
    alive = sorted_ends.size - np.searchsorted(sorted_ends, starts, side="right")
    replaced = np.zeros((horizon_years, count), dtype=np.int64)
    device = np.flatnonzero(ends < horizon_years)
    ends = ends[device]
    battery = 0
    while device.size:
        cell = np.floor(ends).astype(np.int64) * count + places[device]
        replaced += np.bincount(cell, minlength=replaced.size).reshape(replaced.shape)
        battery = min(battery + 1, lives.shape[1] - 1)
        ends = ends + lives[device, battery]
        again = ends < horizon_years
        device, ends = device[again], ends[again]
    return ReplacementWave(
        replaced=replaced,
        devices=np.bincount(places, minlength=count).astype(np.int64),
        first_alive_share=alive / max(sorted_ends.size, 1),
    )
