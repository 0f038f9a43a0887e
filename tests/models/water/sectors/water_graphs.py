"""Small networks made by hand or drawn, for whatever needs only a graph with lengths."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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

NO_INTS = np.zeros(0, dtype=np.int32)
NO_FLOATS = np.zeros(0)


def network_of(
    edges: Sequence[tuple[int, int]],
    *,
    fixed: Sequence[int] = (0,),
    length_m: Sequence[float] | None = None,
    kinds: Sequence[int] | None = None,
    closed: Sequence[int] = (),
    diameter_m: Sequence[float] | None = None,
) -> Network:
    """Return a network of these links; nodes are called N0, N1 ..., links L0, L1 ..."""
    n, m = 1 + max(max(edge) for edge in edges), len(edges)
    kind = np.zeros(n, dtype=np.int8)
    kind[list(fixed)] = NodeKind.RESERVOIR
    opened = np.ones(m, dtype=np.bool_)
    opened[list(closed)] = False
    none = np.full(m, -1, dtype=np.int32)
    nodes = Nodes(
        tuple(f"N{i}" for i in range(n)),
        kind,
        np.zeros(n),
        np.full(n, np.nan),
        np.full(n, np.nan),
        np.zeros(n),
        np.full(n, -1, dtype=np.int32),
    )
    links = Links(
        tuple(f"L{i}" for i in range(m)),
        np.array([LinkKind.PIPE] * m if kinds is None else kinds, dtype=np.int8),
        np.array([a for a, _ in edges], dtype=np.int32),
        np.array([b for _, b in edges], dtype=np.int32),
        np.full(m, 1000.0) if length_m is None else np.array(length_m, dtype=float),
        np.full(m, 0.1) if diameter_m is None else np.array(diameter_m, dtype=float),
        np.full(m, 130.0),
        np.zeros(m),
        opened,
        np.full(m, np.nan),
        none,
        np.zeros(m),
        np.zeros(m),
    )
    tanks = Tanks(NO_INTS, *[NO_FLOATS] * 5, NO_INTS, np.zeros(0, dtype=np.bool_))
    pumps = Pumps(NO_INTS, np.zeros(0, dtype=np.int8), *[NO_FLOATS] * 4, NO_INTS, NO_INTS)
    return Network("", nodes, Demands(NO_INTS, NO_FLOATS, NO_INTS), links, tanks, pumps)


def drawn(
    rng: np.random.Generator, nodes: int, *, extra: int = 0, sources: int = 1
) -> tuple[Network, np.ndarray]:
    """Return a random connected network, a tree with `extra` loops, and homes by node."""
    edges = [(int(rng.integers(i)), i) for i in range(1, nodes)]
    while extra:
        a, b = (int(x) for x in rng.integers(0, nodes, 2))
        if a != b:
            edges.append((a, b))
            extra -= 1
    fixed = [0, *rng.choice(np.arange(1, nodes), size=sources - 1, replace=False).tolist()]
    lengths = rng.uniform(100.0, 3000.0, len(edges)).tolist()
    homes = rng.integers(0, 40, nodes).astype(float)
    homes[fixed] = 0.0
    return network_of(edges, fixed=fixed, length_m=lengths), homes


def line(count: int) -> Network:
    """Return a reservoir and `count` junctions one behind the other, a kilometre apart."""
    return network_of([(i, i + 1) for i in range(count)])
