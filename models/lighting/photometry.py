"""What light a lamp leaves on its street: maintained mean illuminance by the lumen method.

    E = flux x utilisation x maintenance / (spacing x width)

`utilisation` is the share of the lantern's flux that falls on road and footways; `maintenance` what
is left of a new lantern's light: its own ageing and its dirt. A tender asks for a photometric study
of each street; this is the order of magnitude that a choice of hours and lanterns needs.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.lighting.en13201.classes import lowered, required_lx
from models.lighting.inventory.inventory import Inventory
from models.lighting.lamp_types import LampType, Technology

Floats = NDArray[np.float64]

UTILISATION: dict[Technology, float] = {"hps": 0.385, "led": 0.53, "halide": 0.385, "mercury": 0.35}
"""Share of the lantern's flux that reaches road and footways.

Sodium and LED: such that the worked example of sheet A5 (sodium 115 W: 9 lx on 180 m2 and 5 lx on
90 m2; LED 36 W: 7.6 and 5.1 lx) comes out of the catalogue's fluxes at mid-life [D]; halide as
sodium, mercury less [U].
"""
DIRT_KEPT = 0.88
"""Share of the light that dirt lets out: 12 % lost in the DOE's follow-up in Minneapolis [V]."""
BURNT_KH_YEAR = 4.1
"""Hours burnt in a usual year, thousands [V]."""
LEAST_KEPT = 0.5
"""Of a new lantern's flux: older ones are replaced."""
HALF_LIFE = 0.5
"""Age of a discharge lamp on average, share of its life: it is replaced when it fails."""


def kept_flux(kind: LampType, age_years: float | Floats) -> Floats:
    """Return the share of the first light that is left: ageing at this age, and dirt.

    Discharge lamps are replaced as they fail: they are always half-way through their life.
    """
    kh: float | Floats = HALF_LIFE * kind.life_h / 1e3
    if kind.technology == "led":
        kh = BURNT_KH_YEAR * np.maximum(age_years, 0.0)
    return np.asarray(DIRT_KEPT * np.maximum(1.0 - kind.flux_loss_per_kh * kh, LEAST_KEPT))


def maintained_lx(inventory: Inventory, kind: NDArray[np.int32], age_years: Floats) -> Floats:
    """Return the mean illuminance of each lamp's street at full light, lx, shape (lamps,).

    `kind` are the lamps' types, `age_years` the age of their lanterns.
    """
    types = inventory.types
    flux = np.zeros(len(kind))
    for number in np.unique(kind).tolist():
        own = kind == number
        new_lm = types[number].flux_lm * UTILISATION[types[number].technology]
        flux[own] = new_lm * kept_flux(types[number], age_years[own])
    return np.asarray(flux / street_area_m2(inventory))


def street_area_m2(inventory: Inventory) -> Floats:
    """Return the road and footways each lamp lights, shape (lamps,)."""
    streets = inventory.streets
    area = streets.spacing_m * (streets.road_width_m + streets.footway_width_m)
    return np.asarray(area[inventory.lamps.street])


@lru_cache(maxsize=8)  # asked for by every world
def asked_lx(classes: tuple[str, ...], steps: int = 0) -> Floats:
    """Return what each class asks for, so many classes lower, lx."""
    asked = {name: required_lx(lowered(name, steps)) for name in set(classes)}
    return np.array([asked[name] for name in classes])
