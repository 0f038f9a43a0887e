"""What stands where in an option: lamps that change as a programme replaces them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.lighting.figures import Figures
from models.lighting.inventory.inventory import Inventory
from models.lighting.living.faults import Fault, Faults
from models.lighting.renewal import Renewal
from twin.device_keys import U8
from twin.units import DAY_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LED_YEAR_H = 4_100.0
"""Hours burnt in the year that a rate of failures of LED lanterns speaks of [V]."""


def life_shapes(inventory: Inventory) -> Floats:
    """Return the shape of the law of each type's life: an LED lantern does not age."""
    own = np.array([each.life_shape for each in inventory.types])
    return np.where(inventory.is_led, 1.0, own)


class Laws:
    """By type of lantern: power, life in hours burnt and its shape, in one world."""

    def __init__(self, inventory: Inventory, figures: Figures, bought: Ints) -> None:
        types = inventory.types
        self.led = inventory.is_led
        self.w = np.array([each.system_w for each in types])
        is_new = np.zeros(len(types), dtype=np.bool_)
        is_new[bought] = True
        self.new_w = np.where(is_new & self.led, self.w * figures.led_w_factor, self.w)
        led_h = LED_YEAR_H / figures.led_failures_year
        discharge_h = np.array([each.life_h for each in types]) * figures.life_factor
        self.life_h = np.where(self.led, led_h, discharge_h)
        self.shape = life_shapes(inventory)

    def renewed_w(self, kind: NDArray[np.int32], into: NDArray[np.int32]) -> Floats:
        """Return lamps' powers once renewed from `kind` into `into`; what was LED keeps its own."""
        return np.where(self.led[kind], self.w[kind], self.new_w[into])


class Place:
    """The lamps and cabinets of an option.

    Attributes
    ----------
    commune, cabinet : int64, shape (lamps,)
    lamp_keys, cabinet_keys : uint64
        What names their dice.
    is_led, w : shape (lamps,)
        As they stand now.
    """

    def __init__(
        self,
        inventory: Inventory,
        laws: Laws,
        renewal: Renewal,
        behind: tuple[Ints, Floats],
        burn_h_year: Floats,
        keys: tuple[U8, U8],
        days: int,
    ) -> None:
        self.lamp_keys, self.cabinet_keys = keys
        self.commune = inventory.lamp_commune.astype(np.int64)
        self.cabinet = inventory.lamps.cabinet.astype(np.int64)
        self.cabinet_commune = inventory.cabinets.commune.astype(np.int64)
        self._laws, self._into = laws, renewal.into
        self._type = inventory.lamps.type.astype(np.int64)
        self._burn_h = burn_h_year[self.commune]
        self.is_led = laws.led[self._type]
        self.w = laws.w[self._type]
        self._behind, self._behind_w = behind
        self._lamps_of = np.bincount(self.cabinet, minlength=len(inventory.cabinets))
        self.cabinet_w = np.bincount(self.cabinet, self.w, len(inventory.cabinets))
        self._turns: list[list[int]] = [[] for _ in range(days)]
        for commune in np.flatnonzero(renewal.when_s < days * DAY_S).tolist():
            self._turns[int(renewal.when_s[commune] // DAY_S)].append(commune)
        self._of_commune = np.argsort(self.commune, kind="stable")
        self._starts = np.searchsorted(
            self.commune[self._of_commune], np.arange(len(inventory.communes) + 1)
        )

    def lives_of(self, lamps: Ints) -> tuple[Floats, Floats, Floats]:
        """Return scale and shape of the life of some lamps, h, and the hours they burn a year."""
        kind = self._type[lamps]
        return self._laws.life_h[kind], self._laws.shape[kind], self._burn_h[lamps]

    def renewed_on(self, day: int) -> list[int]:
        """Return the communes whose lanterns are replaced that day."""
        return self._turns[day]

    def to_renew(self, commune: int) -> Ints:
        """Return the lamps of a commune that are not LED yet."""
        lamps = self._of_commune[self._starts[commune] : self._starts[commune + 1]]
        return np.asarray(lamps[~self.is_led[lamps]])

    def renew(self, lamps: Ints) -> None:
        """Put LED lanterns in the place of these lamps."""
        kind = self._into[lamps].astype(np.int64)
        self._type[lamps] = kind
        self.is_led[lamps] = self._laws.led[kind]
        new_w = self._laws.new_w[kind]
        np.add.at(self.cabinet_w, self.cabinet[lamps], new_w - self.w[lamps])
        self.w[lamps] = new_w

    def cabinet_of(self, faults: Faults, fault: int) -> int:
        """Return the cabinet that a fault touches."""
        asset = int(faults.asset[fault])
        return int(self.cabinet[asset]) if _of_lamp(faults, fault) else asset

    def commune_of(self, faults: Faults, fault: int) -> int:
        """Return where a fault is."""
        return int(self.cabinet_commune[self.cabinet_of(faults, fault)])

    def behind(self, faults: Faults, fault: int) -> tuple[float, float]:
        """Return how many lamps a fault touches, and their power, W."""
        cabinet = self.cabinet_of(faults, fault)
        if not _of_lamp(faults, fault):
            return float(self._lamps_of[cabinet]), float(self.cabinet_w[cabinet])
        lamps = float(self._behind[faults.asset[fault]])
        return lamps, lamps * float(self.cabinet_w[cabinet]) / float(self._lamps_of[cabinet])


def _of_lamp(faults: Faults, fault: int) -> bool:
    return int(faults.what[fault]) in (Fault.CABLE, Fault.NODE)
