"""A plan, its sizes and its supply put together as a network."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import (
    NONE,
    Control,
    ControlKind,
    Demands,
    LinkKind,
    Links,
    Network,
    NodeKind,
    Nodes,
    Options,
    PumpLaw,
    Pumps,
    Tanks,
)
from models.water.rural.draw import PATTERNS, SECONDS_A_DAY, Draw
from models.water.rural.layout import Layout
from models.water.rural.mains import ROUGHNESS_NEW
from models.water.rural.reducing import Reducer
from models.water.rural.sizing import Sized
from models.water.rural.supply import AT_FIRST, STARTS, STOPS, Supply
from models.water.zone import Material, Zone
from twin.territory.communes import Commune

OPTIONS = Options(duration_s=86_400)
OFF_CENTRE = 0.1
"""A valve stands so far from the lower end of its pipe, over the pipe's length."""


@dataclass
class _Nodes:
    ids: list[str] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    elevation_m: list[float] = field(default_factory=list)
    x_m: list[float] = field(default_factory=list)
    y_m: list[float] = field(default_factory=list)

    def add(self, name: str, kind: NodeKind, elevation_m: float, x_m: float, y_m: float) -> int:
        self.ids.append(name)
        self.kind.append(int(kind))
        self.elevation_m.append(elevation_m)
        self.x_m.append(x_m)
        self.y_m.append(y_m)
        return len(self.ids) - 1


@dataclass
class _Links:
    ids: list[str] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    length_m: list[float] = field(default_factory=list)
    diameter_m: list[float] = field(default_factory=list)
    roughness: list[float] = field(default_factory=list)
    setting: list[float] = field(default_factory=list)
    open: list[bool] = field(default_factory=list)
    material: list[int] = field(default_factory=list)
    year: list[int] = field(default_factory=list)

    def add(
        self,
        name: str,
        kind: LinkKind,
        ends: tuple[int, int],
        size: tuple[float, float, float],
        made: tuple[int, int] = (0, 0),
        setting: float = np.nan,
        *,
        is_open: bool = True,
    ) -> int:
        """Add a link; `size` is length, diameter, roughness, `made` material and year."""
        self.ids.append(name)
        self.kind.append(int(kind))
        self.start.append(ends[0])
        self.end.append(ends[1])
        self.length_m.append(size[0])
        self.diameter_m.append(size[1])
        self.roughness.append(size[2])
        self.setting.append(setting)
        self.open.append(is_open)
        self.material.append(made[0])
        self.year.append(made[1])
        return len(self.ids) - 1


def assemble(
    commune: Commune,
    service: str,
    layout: Layout,
    draw: Draw,
    sized: Sized,
    supply: Supply,
    valves: list[Reducer],
) -> Zone:
    """Return the zone.

    Nodes: junctions (those of the plan first, in its order), then the source R1 and the tank T1.
    Links: pipes, then the pump PU1 where there is a borehole, then the valves V1, V2, ... as EPANET
    orders them. The tank has two pipes: "outlet", through which passes all that is drawn, and
    "rising", that fills it; bought water is let in and shut out by "rising" itself.
    """
    nodes, links = _Nodes(), _Links()
    for i in range(len(layout.x_m)):
        nodes.add(
            f"J{i + 1}",
            NodeKind.JUNCTION,
            float(layout.ground_m[i]),
            float(layout.x_m[i]),
            float(layout.y_m[i]),
        )
    _tree_pipes(nodes, links, layout, sized, valves)
    tank, filled_by = _ends(nodes, links, layout, sized, supply)
    inlets = [(nodes.ids.index(f"V{k + 1}a"), nodes.ids.index(f"V{k + 1}b"))
              for k in range(len(valves))]  # fmt: skip
    for k, (valve, (upper, lower)) in enumerate(zip(valves, inlets, strict=True)):
        wide = float(sized.diameter_m[valve.node])
        held = valve.head_m - float(layout.ground_m[valve.node])
        links.add(f"V{k + 1}", LinkKind.PRV, (upper, lower), (0.0, wide, 0.0), setting=held)
    network = Network(
        title=f"{commune.name} ({commune.insee}), made-up network",
        nodes=_frozen_nodes(nodes),
        demands=_demands(draw),
        links=_frozen_links(links),
        tanks=_tanks(tank, supply),
        pumps=_pumps(filled_by, supply),
        patterns=PATTERNS,
        controls=tuple(
            Control(kind, filled_by, opens=opens, node=tank, level_m=share * supply.depth_m)
            for kind, opens, share in (
                (ControlKind.LEVEL_BELOW, True, STARTS),
                (ControlKind.LEVEL_ABOVE, False, STOPS),
            )
        ),
        options=OPTIONS,
    )
    extra = len(nodes.ids) - len(layout.x_m)
    people, homes, farm, industry = (
        np.concatenate([each, np.zeros(extra)])
        for each in (draw.people, draw.homes, draw.farm_m3_per_day, draw.industry_m3_per_day)
    )
    return Zone(
        id=commune.insee,
        name=commune.name,
        service=service,
        network=network,
        people=people,
        homes=homes,
        farm_m3_per_day=farm,
        industry_m3_per_day=industry,
        material=np.array(links.material, dtype=np.int8),
        laid_year=np.array(links.year, dtype=np.int16),
        connections=np.concatenate([draw.connections, np.zeros(extra, dtype=np.int32)]),
    )


def _tree_pipes(
    nodes: _Nodes, links: _Links, layout: Layout, sized: Sized, valves: list[Reducer]
) -> None:
    """Add the pipes of the tree and of the loops, and the two ends of each valve."""
    reduced = {valve.node: k for k, valve in enumerate(valves)}

    def pipe(row: int, start: int, end: int, length_m: float) -> None:
        size = (length_m, float(sized.diameter_m[row]), float(sized.roughness[row]))
        made = (int(sized.material[row]), int(sized.laid_year[row]))
        links.add(f"P{len(links.ids) + 1}", LinkKind.PIPE, (start, end), size, made)

    for i in sized.order.tolist():
        above, length = int(layout.parent[i]), float(layout.way_m[i])
        if above < 0:
            continue
        if i not in reduced:
            pipe(i, above, i, length)
            continue
        at = (float(layout.ground_m[i]), float(layout.x_m[i]), float(layout.y_m[i]))
        upper = nodes.add(f"V{reduced[i] + 1}a", NodeKind.JUNCTION, *at)
        lower = nodes.add(f"V{reduced[i] + 1}b", NodeKind.JUNCTION, *at)
        pipe(i, above, upper, (1.0 - OFF_CENTRE) * length)
        pipe(i, lower, i, OFF_CENTRE * length)
    for k, (a, b) in enumerate(layout.loops.tolist()):
        pipe(len(layout.x_m) + k, a, b, float(layout.loop_m[k]))


def _ends(
    nodes: _Nodes, links: _Links, layout: Layout, sized: Sized, supply: Supply
) -> tuple[int, int]:
    """Add tank, source and what joins them; return the tank and the link that fills it."""
    iron = int(Material.DUCTILE_IRON)
    year = int(np.median(sized.laid_year))
    tower, source = layout.tower, layout.source
    if supply.borehole:
        lifted = nodes.add("PU1b", NodeKind.JUNCTION, source.ground_m, source.x_m, source.y_m)
    well = nodes.add("R1", NodeKind.RESERVOIR, supply.source_m, source.x_m, source.y_m)
    tank = nodes.add("T1", NodeKind.TANK, supply.bottom_m, tower.x_m, tower.y_m)
    c = float(ROUGHNESS_NEW[iron]) - 5.0
    links.add(
        "outlet",
        LinkKind.PIPE,
        (tank, layout.root),
        (supply.outlet_m, supply.outlet_diameter_m, c),
        (iron, year),
    )
    start = lifted if supply.borehole else well
    rising = links.add(
        "rising",
        LinkKind.PIPE,
        (start, tank),
        (layout.rising_m, supply.rising_diameter_m, c),
        (iron, year),
        is_open=supply.borehole,
    )
    if not supply.borehole:
        return tank, rising
    size = (0.0, 0.0, 0.0)
    return tank, links.add("PU1", LinkKind.PUMP, (well, lifted), size, setting=1.0, is_open=False)


def _frozen_nodes(nodes: _Nodes) -> Nodes:
    count = len(nodes.ids)
    return Nodes(
        tuple(nodes.ids),
        np.array(nodes.kind, dtype=np.int8),
        np.array(nodes.elevation_m),
        np.array(nodes.x_m),
        np.array(nodes.y_m),
        np.zeros(count),
        np.full(count, NONE, dtype=np.int32),
    )


def _frozen_links(links: _Links) -> Links:
    count = len(links.ids)
    return Links(
        tuple(links.ids),
        np.array(links.kind, dtype=np.int8),
        np.array(links.start, dtype=np.int32),
        np.array(links.end, dtype=np.int32),
        np.array(links.length_m),
        np.array(links.diameter_m),
        np.array(links.roughness),
        np.zeros(count),
        np.array(links.open, dtype=np.bool_),
        np.array(links.setting),
        np.full(count, NONE, dtype=np.int32),
        np.zeros(count),
        np.zeros(count),
    )


def _demands(draw: Draw) -> Demands:
    rows, base, pattern = [], [], []
    kinds = (draw.home_m3_per_day, draw.farm_m3_per_day, draw.industry_m3_per_day)
    for index, volume in enumerate(kinds):
        node = np.flatnonzero(volume > 0.0)
        rows.append(node)
        base.append(volume[node] / SECONDS_A_DAY)
        pattern.append(np.full(len(node), index))
    node = np.concatenate(rows)
    order = np.argsort(node, kind="stable")
    whole: NDArray[np.float64] = np.concatenate(base)[order]
    return Demands(
        node[order].astype(np.int32), whole, np.concatenate(pattern)[order].astype(np.int32)
    )


def _tanks(tank: int, supply: Supply) -> Tanks:
    return Tanks(
        np.array([tank], dtype=np.int32),
        np.array([AT_FIRST * supply.depth_m]),
        np.zeros(1),
        np.array([supply.depth_m]),
        np.array([supply.diameter_m]),
        np.zeros(1),
        np.full(1, NONE, dtype=np.int32),
        np.zeros(1, dtype=np.bool_),
    )


def _pumps(link: int, supply: Supply) -> Pumps:
    """Return the pump on a one-point curve: 4/3 of its lift at no flow, none at twice its flow."""
    count = int(supply.borehole)
    return Pumps(
        np.full(count, link, dtype=np.int32),
        np.full(count, PumpLaw.POWER_FUNCTION, dtype=np.int8),
        np.full(count, supply.lift_m * 4.0 / 3.0),
        np.full(count, supply.lift_m / 3.0 / supply.filling_m3s**2),
        np.full(count, 2.0),
        np.zeros(count),
        np.full(count, NONE, dtype=np.int32),
        np.full(count, NONE, dtype=np.int32),
    )
