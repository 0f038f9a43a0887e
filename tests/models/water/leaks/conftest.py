"""Small zones for the tests of leaks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from models.water.network.network import (
    Demands,
    LinkKind,
    Links,
    Network,
    NodeKind,
    Nodes,
    Pumps,
    Tanks,
)
from models.water.zone import Material, Zone

MakeZone = Callable[..., Zone]

RURAL_MIX = {
    Material.PVC: 0.55,
    Material.CAST_IRON: 0.20,
    Material.DUCTILE_IRON: 0.10,
    Material.HDPE: 0.08,
    Material.ASBESTOS_CEMENT: 0.04,
    Material.STEEL: 0.03,
}


def chain(
    name: str = "36001",
    pipes: int = 100,
    pipe_m: float = 330.0,
    connections: int = 5,
    materials: dict[Material, float] | None = None,
) -> Zone:
    """Return a chain of junctions under a tank: `pipes` pipes, `connections` at each junction."""
    nodes, none = pipes + 1, np.zeros(0)
    kind = np.full(nodes, NodeKind.JUNCTION, dtype=np.int8)
    kind[0] = NodeKind.TANK
    zero, nowhere = np.zeros(pipes), np.zeros(0, dtype=np.int32)
    mix = RURAL_MIX if materials is None else materials
    counts = np.round(np.cumsum(list(mix.values())) * pipes).astype(int)
    of_pipe = np.repeat([int(each) for each in mix], np.diff(counts, prepend=0))
    served = np.full(nodes, connections, dtype=np.int32)
    served[0] = 0
    network = Network(
        title=name,
        nodes=Nodes(
            ids=tuple(f"n{row}" for row in range(nodes)),
            kind=kind,
            elevation_m=np.zeros(nodes),
            x_m=np.arange(nodes) * pipe_m,
            y_m=np.zeros(nodes),
            emitter=np.zeros(nodes),
            head_pattern=np.full(nodes, -1, dtype=np.int32),
        ),
        demands=Demands(node=nowhere, base_m3s=none, pattern=nowhere),
        links=Links(
            ids=tuple(f"p{row}" for row in range(pipes)),
            kind=np.full(pipes, LinkKind.PIPE, dtype=np.int8),
            start=np.arange(pipes, dtype=np.int32),
            end=np.arange(1, nodes, dtype=np.int32),
            length_m=np.full(pipes, pipe_m),
            diameter_m=np.full(pipes, 0.1),
            roughness=np.full(pipes, 130.0),
            minor=zero,
            open=np.ones(pipes, dtype=np.bool_),
            setting=np.full(pipes, np.nan),
            curve=np.full(pipes, -1, dtype=np.int32),
            leak_area_m2_per_m=zero,
            leak_expansion_m2_per_m2=zero,
        ),
        tanks=Tanks(
            node=np.array([0], dtype=np.int32),
            initial_m=np.array([3.0]),
            minimum_m=np.array([0.0]),
            maximum_m=np.array([5.0]),
            diameter_m=np.array([8.0]),
            minimum_m3=np.array([0.0]),
            volume_curve=np.array([-1], dtype=np.int32),
            can_overflow=np.zeros(1, dtype=np.bool_),
        ),
        pumps=Pumps(
            link=nowhere,
            law=np.zeros(0, dtype=np.int8),
            h0_m=none,
            r=none,
            n=none,
            power_w=none,
            curve=nowhere,
            speed_pattern=nowhere,
        ),
    )
    return Zone(
        id=name,
        name=f"commune {name}",
        service="syndicat",
        network=network,
        people=served * 2.0,
        homes=served * 1.0,
        farm_m3_per_day=np.zeros(nodes),
        industry_m3_per_day=np.zeros(nodes),
        material=of_pipe.astype(np.int8),
        laid_year=np.full(pipes, 1986, dtype=np.int16),
        connections=served,
    )


@pytest.fixture(scope="session")
def make_zone() -> MakeZone:
    """Return a maker of chains of pipes under a tank; see :func:`chain`."""
    return chain
