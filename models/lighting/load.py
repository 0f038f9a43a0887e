"""What an option's lamps draw half-hour by half-hour in the most expected world, renewal finished.

Lamps at the level of the moment, nodes from dusk to dawn, losses in cables, cabinets' clocks; no
failure. The sum of a year is the energy of a year in which nothing fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from models.lighting.demand.curves import Load, Losses, load_curves_w
from models.lighting.figures import nominal_dice
from models.lighting.hours import HALF_HOUR
from models.lighting.inventory.inventory import Inventory
from models.lighting.living.place import Laws
from models.lighting.night import nights_of
from models.lighting.renewal import plan_renewal
from models.lighting.schedules.local_clock import PARIS
from models.lighting.schedules.nights import Profile
from models.lighting.settings import Settings
from models.lighting.stage import inventory_of, tables_of
from twin.scenario import Scenario

Floats = NDArray[np.float64]
NODE_W = 1.0
"""Drawn by a node from dusk to dawn [U]."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """An option's lamps and their year: `load` by cabinet, its profile a row a commune."""

    inventory: Inventory
    load: Load
    losses: Losses

    def cabinets_w(self, rows: slice = slice(None)) -> NDArray[np.float32]:
        """Return what some cabinets draw at every half-hour, W, shape (cabinets, half-hours)."""
        load = self.load
        part = Load(load.profile, load.on_w[rows], load.level_w[rows], load.fed_w[rows])
        return load_curves_w(self.inventory.cabinets.commune[rows], [part], self.losses)

    def communes_w(self) -> Floats:
        """Return what communes draw at every half-hour, W, shape (communes, half-hours)."""
        profile, load, gain = self.load.profile, self.load, 1.0 + self.losses.cable_share
        on_w, level_w, fed_w = (
            self._by_commune(each)[:, None] for each in (load.on_w, load.level_w, load.fed_w)
        )
        drawn = on_w * profile.on_share + level_w * profile.mean_level
        drawn = gain * (drawn + fed_w * profile.night_share)
        return np.asarray(drawn + self._clocks_w[:, None])

    def department_w(self) -> Floats:
        """Return what all draw together at every half-hour, W, shape (half-hours,)."""
        profile, load, gain = self.load.profile, self.load, 1.0 + self.losses.cable_share
        drawn = self._by_commune(load.on_w) @ profile.on_share
        drawn = drawn + self._by_commune(load.level_w) @ profile.mean_level
        drawn = drawn + self._by_commune(load.fed_w) @ profile.night_share
        return np.asarray(gain * drawn + self._clocks_w.sum())

    @property
    def _clocks_w(self) -> Floats:
        return self.losses.clock_w * self._by_commune(np.ones(len(self.inventory.cabinets)))

    def _by_commune(self, values: Floats) -> Floats:
        commune = self.inventory.cabinets.commune
        found = np.bincount(commune, values, len(self.inventory.communes))
        return np.asarray(found, dtype=np.float64)


def drawing(scenario: Scenario, settings: Settings) -> Drawing:
    """Return an option's drawing in the most expected world."""
    drawn, territory = nominal_dice(scenario), scenario.territory
    inventory = inventory_of(territory, settings.inventory)
    year = scenario.study.start.year
    chosen = nights_of(
        settings.night, inventory.communes, drawn.figures.off_share, drawn.streams
    ).chosen
    tables, rows = tables_of(territory, settings.night, year), np.arange(len(chosen))

    def picked(name: str) -> NDArray[np.float32]:
        return np.stack([getattr(table, name) for table in tables])[chosen, rows]

    on, level, night = picked("on_share"), picked("level"), picked("night_share")
    begin_s = datetime(year, 1, 1, tzinfo=ZoneInfo(PARIS)).timestamp()
    hours = (HALF_HOUR * each.sum(axis=1, dtype=np.float64) for each in (on, level, night))
    renewal = plan_renewal(inventory, settings.renewal)
    laws = Laws(inventory, drawn.figures, np.unique(renewal.into))
    kind, w = inventory.lamps.type, laws.w[inventory.lamps.type]
    if settings.renewal.led:
        kind, w = renewal.into, laws.renewed_w(kind, renewal.into)
    nodes = np.full(len(w), NODE_W if settings.control == "node" else 0.0)
    fixed_w = inventory.fixed_share[kind] * w

    def by_cabinet(values: Floats) -> Floats:
        found = np.bincount(inventory.lamps.cabinet, values, len(inventory.cabinets))
        return np.asarray(found, dtype=np.float64)

    return Drawing(
        inventory,
        Load(
            Profile(begin_s, on, level, night, *hours),
            by_cabinet(fixed_w), by_cabinet(w - fixed_w), by_cabinet(nodes),
        ),
        Losses(),
    )  # fmt: skip
