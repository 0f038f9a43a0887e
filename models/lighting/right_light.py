"""The right light in a world: how long streets are outside their class, what is burnt beyond it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting.class_hours import InClass, LevelHours, in_class, off_h
from models.lighting.inventory.inventory import Inventory
from models.lighting.light import Light
from models.lighting.living.place import Laws
from models.lighting.photometry import asked_lx, maintained_lx
from models.lighting.renewal import Renewal
from twin.units import YEAR_S

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class YearOfNights:
    """What communes do in a year: light by commune, hours by level, and whose schedule is whose."""

    light: Light
    levels: tuple[LevelHours, ...]
    chosen: NDArray[np.int64]


class Span(NamedTuple):
    """The years lived."""

    start_year: int
    years: float


class RightLight(NamedTuple):
    """By commune, a mean year, a point: hours of night, without light, outside the class.

    `beyond_kwh` is the energy of all points beyond it.
    """

    night_h: Floats
    unlit_h: Floats
    outside_h: Floats
    beyond_kwh: Floats


def right_light(
    inventory: Inventory,
    nights: tuple[YearOfNights, YearOfNights],
    renewal: Renewal,
    laws: Laws,
    span: Span,
    quiet_classes: int,
    light_factor: float,
) -> RightLight:
    """Return what the years lived are outside and beyond the class, failures aside.

    `nights` are those before and after a commune's renewal; lanterns age as the years go.
    """
    bought = np.minimum(renewal.when_s / YEAR_S, span.years)[inventory.lamp_commune]
    share = 1.0 - bought / span.years
    had = np.maximum(span.start_year - inventory.lamps.installed, 0).astype(np.float64)
    led = laws.led[inventory.lamps.type]
    new_age = np.where(led, had + (bought + span.years) / 2.0, (span.years - bought) / 2.0)
    own_w = laws.w[inventory.lamps.type]
    new_w = laws.renewed_w(inventory.lamps.type, renewal.into)
    outside, beyond_wh, unlit = np.zeros((3, len(had)))
    commune = inventory.lamp_commune
    for night, weight, kind, w, age in (
        (nights[0], 1.0 - share, inventory.lamps.type, own_w, had + bought / 2.0),
        (nights[1], share, renewal.into, new_w, new_age),
    ):
        if not weight.any():
            continue
        told = _told(inventory, night, kind, light_factor * maintained_lx(inventory, kind, age),
                     quiet_classes)  # fmt: skip
        fixed = inventory.fixed_share[kind]
        outside += weight * told.outside_h
        unlit += weight * off_h(night.levels, night.chosen)[commune]
        beyond_wh += weight * w * (fixed * told.beyond_on_h + (1.0 - fixed) * told.beyond_level_h)
    lamps = np.maximum(np.bincount(commune, minlength=len(inventory.communes)), 1)

    def summed(values: Floats) -> Floats:
        return np.asarray(np.bincount(commune, values, len(lamps)), dtype=np.float64)

    return RightLight(
        nights[0].light.night_h, summed(unlit) / lamps, summed(outside) / lamps,
        summed(beyond_wh / 1e3),
    )  # fmt: skip


def _told(
    inventory: Inventory, night: YearOfNights, kind: NDArray[np.int32], lx: Floats, steps: int
) -> InClass:
    classes, street = inventory.streets.lighting_class, inventory.lamps.street
    asked = (asked_lx(classes)[street], asked_lx(classes, steps)[street])
    dims = np.array([each.dimmable for each in inventory.types])[kind]
    commune = inventory.lamp_commune.astype(np.int64)
    return in_class(night.levels, night.chosen, commune, lx, asked, dims)
