"""An option as it is handed on: its lamps, what stands on them, who keeps which hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lighting.inventory.inventory import Inventory
from models.lighting.lamp_types import LampType
from models.lighting.night import nights_of
from models.lighting.renewal import plan_renewal
from models.lighting.schedules.schedule import Schedule
from models.lighting.settings import Settings
from twin.layers import to_degrees
from twin.scenario import Scenario
from twin.study.drawn import expected, expected_streams

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outfit:
    """An option once its renewal is finished, in the most expected world.

    Attributes
    ----------
    inventory : Inventory
    kinds : tuple of LampType
        Each lamp's lantern.
    speaking_nodes : bool
        Whether each lamp has one.
    schedules : tuple of Schedule
        In force.
    chosen : int64, shape (communes,)
        Which each commune keeps.
    lamp_deg, cabinet_deg : pair of float64
        Longitudes and latitudes, degrees.
    """

    inventory: Inventory
    kinds: tuple[LampType, ...]
    speaking_nodes: bool
    schedules: tuple[Schedule, ...]
    chosen: NDArray[np.int64]
    lamp_deg: tuple[Floats, Floats]
    cabinet_deg: tuple[Floats, Floats]

    def schedule_of(self, commune: int) -> Schedule:
        """Return the schedule a commune keeps."""
        return self.schedules[int(self.chosen[commune])]


def outfit_of(scenario: Scenario, settings: Settings, inventory: Inventory) -> Outfit:
    """Return what an option hands on."""
    nights = nights_of(
        settings.night, inventory.communes, expected(scenario)("lighting_off_share"),
        expected_streams(scenario),
    )  # fmt: skip
    kind = inventory.lamps.type
    if settings.renewal.led:
        kind = plan_renewal(inventory, settings.renewal).into
    lamps, cabinets = inventory.lamps, inventory.cabinets
    return Outfit(
        inventory,
        tuple(inventory.types[number] for number in kind.tolist()),
        settings.control == "node",
        nights.schedules,
        nights.chosen,
        _rounded(lamps.x_m, lamps.y_m),
        _rounded(cabinets.x_m, cabinets.y_m),
    )


def _rounded(x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes to a centimetre."""
    lon_deg, lat_deg = to_degrees(x_m, y_m)
    return np.round(lon_deg, 7), np.round(lat_deg, 7)
