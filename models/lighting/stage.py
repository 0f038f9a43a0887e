"""What every replication shares: lamps, hours of light, roads, depots."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from models.lighting.catalogue import merged, read_catalogue
from models.lighting.class_hours import LevelHours, level_hours
from models.lighting.crews.crews import Roads
from models.lighting.hours import HoursTable, Places, hours_table
from models.lighting.inventory.draw import draw_inventory
from models.lighting.inventory.inventory import Inventory
from models.lighting.inventory.read_lamps import read_lamps
from models.lighting.inventory.settings import InventorySettings
from models.lighting.living.given import Ground
from models.lighting.night import schedules_of
from models.lighting.settings import CrewsSection, NightSection, Settings
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.layers import to_degrees
from twin.ports import Say
from twin.scenario import Scenario
from twin.scenario.schema import TerritorySection
from twin.territory.communes import Commune, read_communes
from twin.territory.limits import territory_areas
from twin.workspace import Workspace

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROAD_LIMIT_M = 20_000.0
"""Made-up roads pass near commune centres: whatever the way to them, it is driven."""


@dataclass(frozen=True, eq=False)
class LightingStage:
    """The fixed part of an option's world.

    `tables` are hours of light, one a schedule of the option, `levels` the same by level of light;
    `today` and `today_levels` those of today's hours.
    """

    communes: tuple[Commune, ...]
    ground: Ground
    tables: tuple[HoursTable, ...]
    levels: tuple[LevelHours, ...]
    today: tuple[HoursTable, ...]
    today_levels: tuple[LevelHours, ...]

    @property
    def inventory(self) -> Inventory:
        """Return the lamps."""
        return self.ground.inventory


def load_stage(
    scenario: Scenario, settings: Settings, workspace: Workspace, say: Say
) -> LightingStage:
    """Return the stage; what options share is made once a process."""
    what = Text("éclairage public", "public lighting")
    say(what, 0.0)
    territory, year = scenario.territory, scenario.study.start.year
    communes = communes_of(territory)
    ground = _ground(territory, settings.inventory, settings.crews, workspace.cache)
    quiet_h, now = settings.service.quiet_h, settings.today
    stage = LightingStage(
        communes, ground,
        tables_of(territory, settings.night, year),
        _levels(territory, settings.night, year, quiet_h),
        tables_of(territory, now, year), _levels(territory, now, year, quiet_h),
    )  # fmt: skip
    say(what, 1.0)
    return stage


@lru_cache(maxsize=2)
def communes_of(territory: TerritorySection) -> tuple[Commune, ...]:
    """Return the communes of a territory."""
    return tuple(read_communes(territory.communes, territory.merged_communes))


@lru_cache(maxsize=2)  # a pure function of frozen inputs, asked for by every option in turn
def inventory_of(territory: TerritorySection, section: InventorySettings) -> Inventory:
    """Return the lamps: a planner's, or made up."""
    communes = communes_of(territory)
    areas = territory_areas(territory, communes)
    types = read_catalogue()
    if section.catalogue is not None:
        types = merged(read_catalogue(section.catalogue), types)
    if section.table is not None:
        return read_lamps(section.table, communes, areas, types, section.columns, section.layer)
    return draw_inventory(communes, areas, types, section)


@lru_cache(maxsize=2)
def _ground(
    territory: TerritorySection, section: InventorySettings, crews: CrewsSection, cache: Path
) -> Ground:
    communes = communes_of(territory)
    inventory = inventory_of(territory, section)
    roads = _roads(communes, crews, cache)
    lamps = np.bincount(inventory.lamp_commune, minlength=len(communes)).astype(np.float64)
    places = depot_communes(communes, crews, roads.time_s, lamps)
    rows = np.concatenate([np.arange(len(communes)), places])
    own = Roads(roads.time_s[np.ix_(rows, rows)], roads.distance_m[np.ix_(rows, rows)])
    first = len(communes)
    owner = first + np.argmin(own.time_s[:first, first:], axis=1)
    depots = tuple(range(first, len(rows))) * crews.crews
    return Ground(
        inventory, own, depots, owner, dice.words_of(inventory.lamps.ids),
        dice.words_of(inventory.cabinets.ids), dice.words_of(inventory.communes),
    )  # fmt: skip


def depot_codes(communes: tuple[Commune, ...], crews: CrewsSection) -> Ints:
    """Return the rows of the communes that a planner names for depots.

    Raises
    ------
    InputError
        With every code that is no commune of the territory.
    """
    row_of = {each.insee: row for row, each in enumerate(communes)}
    faults = [
        Fault(
            key="lighting.crews.depots",
            value=code,
            expected=Text("une commune du territoire", "a commune of the territory"),
            remedy=Text("corriger le code INSEE", "mend the INSEE code"),
        )
        for code in crews.depots
        if code not in row_of
    ]
    if faults:
        raise InputError(*faults)
    return np.array([row_of[code] for code in crews.depots], dtype=np.int64)


def depot_communes(
    communes: tuple[Commune, ...], crews: CrewsSection, time_s: Floats, lamps: Floats
) -> Ints:
    """Return the communes in which crews have their depot: named, or chosen one by one.

    Each one chosen shortens the way to all lamps most (the greedy rule of the p-median).
    """
    if crews.depots:
        return depot_codes(communes, crews)
    chosen: list[int] = []
    nearest = np.full(len(communes), np.inf)
    for _ in range(min(crews.depot_count, len(communes))):
        totals = (np.minimum(time_s, nearest[:, None]) * lamps[:, None]).sum(axis=0)
        chosen.append(int(np.argmin(totals)))
        nearest = np.minimum(nearest, time_s[:, chosen[-1]])
    return np.array(chosen)


def _roads(communes: tuple[Commune, ...], crews: CrewsSection, cache: Path) -> Roads:
    """Return the way between communes, from the planner's roads or made-up ones."""
    from twin.roads.cache import cached_travel
    from twin.roads.matrix import Rows, TravelSettings

    if crews.roads is not None:
        from twin.roads.read import read_roads

        graph = read_roads(crews.roads)
    else:
        from twin.roads.synthetic import synthetic_roads

        graph = synthetic_roads(communes, 36).graph
    x_m = np.array([each.x_m for each in communes])
    y_m = np.array([each.y_m for each in communes])
    rows = Rows(file="communes", places=[each.insee for each in communes])
    limit = TravelSettings(limit_m=ROAD_LIMIT_M, access_kmh=40.0, access_detour=1.3)
    travel = cached_travel(cache, graph, x_m, y_m, limit, rows)
    return Roads(travel.time_s, travel.distance_m)


@lru_cache(maxsize=8)
def tables_of(
    territory: TerritorySection, night: NightSection, year: int
) -> tuple[HoursTable, ...]:
    """Return the hours of every schedule in force."""
    communes = communes_of(territory)
    lon_deg, lat_deg = to_degrees(
        np.array([each.x_m for each in communes]), np.array([each.y_m for each in communes])
    )
    places = Places(
        lat_deg, lon_deg,
        np.array([0.5 * (each.zmin_m + each.zmax_m) for each in communes]),
    )  # fmt: skip
    return tuple(hours_table(schedule, places, year) for schedule in schedules_of(night))


@lru_cache(maxsize=8)
def _levels(
    territory: TerritorySection, night: NightSection, year: int, quiet_h: tuple[float, float]
) -> tuple[LevelHours, ...]:
    """Return the same hours by level of light."""
    tables = tables_of(territory, night, year)
    return tuple(
        level_hours(table, schedule, quiet_h)
        for table, schedule in zip(tables, schedules_of(night), strict=True)
    )
