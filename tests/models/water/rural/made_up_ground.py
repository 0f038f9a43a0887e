"""Four communes on a made-up ridge and valley, and what EPANET says of their networks."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.water.epanet.codes import NodeValue
from models.water.epanet.project import Project
from models.water.network.network import NodeKind
from models.water.network.write import write_network
from models.water.rural.settings import RuralSettings
from models.water.rural.zones import build_zones
from models.water.zone import Zone
from twin.lang import same
from twin.terrain.grid import Terrain
from twin.territory.communes import Commune
from twin.territory.territory import Territory, build_territory

Floats = NDArray[np.float64]


def commune(index: int, population: int) -> Commune:
    """Return one of four neighbours, 5 km apart."""
    row, column = divmod(index, 2)
    return Commune(
        f"3690{index}", f"Village {index}", population, "200000001", "Communauté", 24.0, 100.0,
        330.0, 600_000.0 + 5_000.0 * column, 6_640_000.0 + 5_000.0 * row,
    )  # fmt: skip


PEOPLE = (60, 380, 1_100, 6_000)


@cache
def four_communes() -> Territory:
    """Return communes from 60 to 6,000 inhabitants."""
    return build_territory([commune(i, people) for i, people in enumerate(PEOPLE)])


@cache
def hills() -> Terrain:
    """Return ground that rises from 120 m in the west to 320 m, cut by a valley 90 m deep."""
    step = 100.0
    x = np.arange(592_000.0, 613_000.0, step)
    y = np.arange(6_652_000.0, 6_632_000.0, -step)
    east, north = np.meshgrid(x, y)
    slope = 120.0 + 200.0 * (east - x[0]) / (x[-1] - x[0])
    valley = 90.0 * np.exp(-(((east - 604_500.0) / 900.0) ** 2))
    waves = 12.0 * np.sin(east / 700.0) * np.cos(north / 900.0)
    heights = (slope - valley + waves).astype(np.float32)
    return Terrain(heights, float(x[0]), float(y[0]), step, same("made-up hills"), synthetic=True)


@cache
def zones(seed: int = 7) -> tuple[Zone, ...]:
    """Return the four zones."""
    return build_zones(four_communes(), hills(), RuralSettings(), seed)


@dataclass(frozen=True, eq=False)
class Run:
    """What EPANET found: warnings' codes, pressures (moments, nodes), levels of the tank."""

    warnings: frozenset[int]
    pressure_m: Floats
    level_m: Floats


def run_epanet(zone: Zone, folder: Path, *, hours: int, demand: float) -> Run:
    """Return EPANET's solution of a zone over some hours, all demands multiplied."""
    options = replace(zone.network.options, duration_s=hours * 3_600, demand_multiplier=demand)
    path = write_network(replace(zone.network, options=options), folder / f"{zone.id}.inp")
    now, step = ctypes.c_long(), ctypes.c_long(1)
    warnings, found = set(), []
    with Project(path) as project:
        project.open_solver()
        project.call("initH", 10)
        while step.value > 0:
            warnings.add(project.call("runH", ctypes.byref(now)))
            found.append(project.node_values(NodeValue.PRESSURE))
            warnings.add(project.call("nextH", ctypes.byref(step)))
        project.call("closeH")
    pressure = np.array(found)
    tank = int(np.flatnonzero(zone.network.nodes.kind == NodeKind.TANK)[0])
    return Run(frozenset(warnings - {0}), pressure, pressure[:, tank])


def check_run(zone: Zone, run: Run) -> None:
    """Fail unless the run is one a planner would believe."""
    served = zone.homes > 0.0
    junction = zone.network.nodes.kind == NodeKind.JUNCTION
    assert not run.warnings, zone.name
    assert run.pressure_m[:, served].min() > 10.0, zone.name
    assert run.pressure_m[:, served].max() < 100.0, zone.name
    assert run.pressure_m[:, junction].min() > 2.0, zone.name
    depth = zone.network.tanks.maximum_m[0]
    assert run.level_m.min() > 0.3 * depth, zone.name
    assert run.level_m.max() < 0.99 * depth, zone.name
