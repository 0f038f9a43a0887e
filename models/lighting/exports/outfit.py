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
    speaking_nodes, speaking_clocks : bool
        What is remote-controlled.
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
    speaking_clocks: bool
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
        settings.control == "remote-clock",
        nights.schedules,
        nights.chosen,
        degrees(lamps.x_m, lamps.y_m),
        degrees(cabinets.x_m, cabinets.y_m),
    )


def degrees(x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes of Lambert-93 places, rounded to a centimetre."""
    from pyproj import Transformer

    lon, lat = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True).transform(x_m, y_m)
    return np.round(lon, 7), np.round(lat, 7)
