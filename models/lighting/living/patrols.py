"""Night patrols: every commune again and again, looking for dark lamps."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from models.lighting.crews.crews import Roads
from models.lighting.inventory.inventory import Inventory
from twin.device_keys import U8
from twin.units import DAY_S, HOUR_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PASSES_S = 21.5 * HOUR_S
"""When a patrol passes: before the hour at which villages switch off."""
LAMPS_AN_HOUR = 400.0
"""Seen from a car that drives by [U]."""
METRES_A_LAMP = 40.0
COMMUNES_A_NIGHT = 6.0
"""Whose way out and home they share [U]."""


class Effort(NamedTuple):
    """Nights out; kilometres and hours by commune, shape (communes,)."""

    nights: float
    km: Floats
    hours: Floats


class Patrols:
    """Patrols of all communes, each at a phase of its own.

    `every_days` 0: none.

    Attributes
    ----------
    every_s : float
    first_s : float64, shape (communes,)
    """

    def __init__(self, commune_keys: U8, every_days: int) -> None:
        self.every_s = every_days * DAY_S
        phase = np.floor(dice.units(commune_keys, "first patrol") * max(every_days, 1))
        self.first_s = phase * DAY_S + PASSES_S

    def next_s(self, commune: Ints, after_s: Floats) -> Floats:
        """Return the next patrol of each commune from a moment on; infinite without patrols."""
        if not self.every_s:
            return np.full(len(commune), np.inf)
        first_s = self.first_s[commune]
        rounds = np.ceil(np.maximum(after_s - first_s, 0.0) / self.every_s)
        return np.asarray(first_s + rounds * self.every_s)

    def effort(self, inventory: Inventory, roads: Roads, owner: Ints, days: int) -> Effort:
        """Return what all patrols of a horizon take."""
        if not self.every_s:
            return Effort(0.0, np.zeros(len(owner)), np.zeros(len(owner)))
        lamps = np.bincount(inventory.lamp_commune, minlength=len(owner))
        last_s = days * DAY_S
        rounds = np.maximum(np.ceil((last_s - self.first_s) / self.every_s), 0.0)
        rows = np.arange(len(owner))
        out_s = 2.0 * roads.time_s[owner, rows] / COMMUNES_A_NIGHT
        out_km = 2.0 * roads.distance_m[owner, rows] / 1e3 / COMMUNES_A_NIGHT
        hours = lamps / LAMPS_AN_HOUR + out_s / HOUR_S
        km = METRES_A_LAMP * lamps / 1e3 + out_km
        nights = float(rounds.sum()) / COMMUNES_A_NIGHT
        return Effort(nights, rounds * km, rounds * hours)
