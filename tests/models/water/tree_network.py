"""A made-up rural network: nearly a tree, one tower, small pipes."""

from __future__ import annotations

import numpy as np

from models.water.network.network import (
    NONE,
    Demands,
    LinkKind,
    Links,
    Network,
    NodeKind,
    Nodes,
    Options,
    Pumps,
    Tanks,
)


def tree_network(nodes: int = 100, loops: int = 2, seed: int = 0, **options: object) -> Network:
    """Return a network of some junctions under one tower of 12 m in diameter.

    Each node hangs on an earlier one close to it; `loops` more pipes close rings. Demands of 0 to
    40 l/h a node.
    """
    dice = np.random.default_rng(seed)
    parent = np.array([int(dice.integers(max(0, k - 8), k)) for k in range(1, nodes)])
    extra = [np.sort(dice.choice(nodes, 2, replace=False)) for _ in range(loops)]
    start = np.concatenate([[nodes], parent, [pair[0] for pair in extra]]).astype(np.int32)
    end = np.concatenate([[0], np.arange(1, nodes), [pair[1] for pair in extra]]).astype(np.int32)
    links = len(start)
    diameter = dice.choice([0.06, 0.08, 0.1, 0.125], links)
    diameter[0] = 0.15
    kind = np.full(nodes + 1, NodeKind.JUNCTION, dtype=np.int8)
    kind[nodes] = NodeKind.TANK
    elevation = dice.uniform(100.0, 140.0, nodes + 1)
    elevation[nodes] = 175.0
    demand = np.where(dice.random(nodes) < 0.8, dice.uniform(0.0, 40.0, nodes), 0.0) / 3.6e6
    empty = np.empty(0)
    none = np.empty(0, dtype=np.int32)
    return Network(
        title="a tree",
        nodes=Nodes(
            ids=(*(f"N{k}" for k in range(nodes)), "tower"),
            kind=kind,
            elevation_m=elevation,
            x_m=np.full(nodes + 1, np.nan),
            y_m=np.full(nodes + 1, np.nan),
            emitter=np.zeros(nodes + 1),
            head_pattern=np.full(nodes + 1, NONE, dtype=np.int32),
        ),
        demands=Demands(
            np.arange(nodes, dtype=np.int32), demand, np.full(nodes, NONE, dtype=np.int32)
        ),
        links=Links(
            ids=tuple(f"P{k}" for k in range(links)),
            kind=np.full(links, LinkKind.PIPE, dtype=np.int8),
            start=start,
            end=end,
            length_m=dice.uniform(50.0, 600.0, links),
            diameter_m=diameter,
            roughness=dice.uniform(90.0, 140.0, links),
            minor=np.zeros(links),
            open=np.ones(links, dtype=np.bool_),
            setting=np.full(links, np.nan),
            curve=np.full(links, NONE, dtype=np.int32),
            leak_area_m2_per_m=np.zeros(links),
            leak_expansion_m2_per_m2=np.zeros(links),
        ),
        tanks=Tanks(
            node=np.array([nodes], dtype=np.int32),
            initial_m=np.array([3.0]),
            minimum_m=np.array([0.0]),
            maximum_m=np.array([4.5]),
            diameter_m=np.array([12.0]),
            minimum_m3=np.array([0.0]),
            volume_curve=np.array([NONE], dtype=np.int32),
            can_overflow=np.array([False]),
        ),
        pumps=Pumps(none, none.astype(np.int8), empty, empty, empty, empty, none, none),
        options=Options(**options),
    )
