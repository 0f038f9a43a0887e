"""What stands in the streets: lamps fed by cabinets, along streets of a lighting class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.lighting.lamp_types import LampType
from twin.lang import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

FED_BY_CABINET = -1


@dataclass(frozen=True, eq=False)
class Streets:
    """Stretches of street lit alike, one entry each.

    Attributes
    ----------
    ids : tuple of str
    commune : int32, shape (streets,)
        Index into the inventory's communes.
    lighting_class : tuple of str
        Required by EN 13201-2: M1 to M6, C0 to C5, P1 to P6.
    road_width_m, footway_width_m : float64, shape (streets,)
        Carriageway, and footways of both sides together.
    spacing_m : float64, shape (streets,)
        Between lamps.
    people : float64, shape (streets,)
        Inhabitants who live along it: whom its darkness touches.
    """

    ids: tuple[str, ...]
    commune: Ints
    lighting_class: tuple[str, ...]
    road_width_m: Floats
    footway_width_m: Floats
    spacing_m: Floats
    people: Floats


@dataclass(frozen=True, eq=False)
class Cabinets:
    """Cabinets (armoires): the delivery point, its meter, its clock; one entry each.

    `commune` indexes the inventory's communes; `subscribed_kva` is the contract's power.
    """

    ids: tuple[str, ...]
    x_m: Floats
    y_m: Floats
    commune: Ints
    subscribed_kva: Floats

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Lamps:
    """Lanterns, one entry each, cabinet after cabinet.

    Attributes
    ----------
    ids : tuple of str
    x_m, y_m, height_m : float64, shape (lamps,)
        Lambert-93, and height above ground.
    cabinet, street, type : int32, shape (lamps,)
        Indices into the inventory's cabinets, streets and types. Cabinets never decrease.
    fed_by : int32, shape (lamps,)
        The lamp before it on its feeder; FED_BY_CABINET for the first of each feeder.
    installed : int32, shape (lamps,)
        Year.
    """

    ids: tuple[str, ...]
    x_m: Floats
    y_m: Floats
    height_m: Floats
    cabinet: Ints
    street: Ints
    type: Ints
    fed_by: Ints
    installed: Ints

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Inventory:
    """The lighting of a territory.

    `communes` are INSEE codes in the order of the communes' table; `source` says where it comes
    from, `synthetic` whether it was drawn.
    """

    communes: tuple[str, ...]
    types: tuple[LampType, ...]
    streets: Streets
    cabinets: Cabinets
    lamps: Lamps
    source: Text
    synthetic: bool

    @cached_property
    def system_w(self) -> Floats:
        """Return each lamp's power at full light, gear included."""
        return np.array([each.system_w for each in self.types])[self.lamps.type]

    @cached_property
    def fixed_share(self) -> Floats:
        """Return the share of its full power that each type draws at any level, shape (types,)."""
        return np.array([each.fixed_share for each in self.types])

    @cached_property
    def is_led(self) -> NDArray[np.bool_]:
        """Return whether each type is LED, shape (types,)."""
        return np.array([each.technology == "led" for each in self.types])

    @cached_property
    def lamp_commune(self) -> Ints:
        """Return each lamp's commune."""
        return self.cabinets.commune[self.lamps.cabinet]

    @cached_property
    def lamps_of_cabinet(self) -> Ints:
        """Return how many lamps each cabinet feeds."""
        counts = np.bincount(self.lamps.cabinet, minlength=len(self.cabinets))
        return counts.astype(np.int32)
