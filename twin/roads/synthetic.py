"""A road network made up from communes, for a territory whose roads nobody has given.

Hamlets are strewn around the communes, and all places joined into a Gabriel graph: two places are
joined where no third lies within the disc that has them at its ends of diameter (Gabriel & Sokal
1969). It is planar and connected, and road networks resemble it (Watanabe 2010 [U]). Between
communes that are Gabriel neighbours among communes alone, the shortest way is promoted to
departmental road; likewise between towns, to main road. Bends are one factor on all lengths, set
so that road distance over crow distance between communes has the stated mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text
from twin.roads.graph import RoadGraph
from twin.roads.matrix import between
from twin.roads.truck import KMH
from twin.streams import Streams
from twin.territory.communes import Commune

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CALIBRATED_M = 2_000.0
"""Pairs of communes nearer than this do not count in the mean ratio."""

HALVINGS = 24
"""Of the interval of a factor, where roads are straightened."""


@dataclass(frozen=True)
class RoadStyle:
    """How made-up roads look. Every figure is an assumption [U].

    Attributes
    ----------
    detour : float
        Mean of road distance over crow distance between communes, on fastest ways. Country means
        published by Ballou, Rahardja & Sakai (2002, 10.1016/S0965-8564(01)00044-1) lie between
        about 1.2 and 2 [U]; 1.30 is a usual figure for rural France [U].
    spread : float
        How much bends differ: the logarithm of a road's own factor is `spread` times the absolute
        value of a normal die.
    hamlet_every_km2 : float
        Ground per hamlet, as :class:`twin.territory.scatter.Settlement` has it.
    reach_m : float
        Hamlets lie within this of the nearest commune's point.
    town : int
        Inhabitants from which a commune is joined by main roads.
    main_kmh, departmental_kmh, local_kmh : float
        A collection truck's mean speed by class.
    """

    detour: float = 1.30
    spread: float = 0.10
    hamlet_every_km2: float = 2.5
    reach_m: float = 5_000.0
    town: int = 2_000
    main_kmh: float = 65.0
    departmental_kmh: float = 60.0
    local_kmh: float = 40.0


class SyntheticRoads(NamedTuple):
    """The roads, the node of each commune (shape (communes,)), and the mean detour reached.

    The detour reached is the style's, or that of straight roads where this is more.
    """

    graph: RoadGraph
    commune: Integers
    detour: float


def synthetic_roads(
    communes: Sequence[Commune], seed: int, style: RoadStyle | None = None
) -> SyntheticRoads:
    """Return made-up roads between communes: the same for the same communes, seed and style.

    Parameters
    ----------
    communes
        Places and inhabitants; two at least.
    seed
        Of the dice. Each commune has its own, named by its code.
    style
        :class:`RoadStyle` by default.

    Raises
    ------
    InputError
        Fewer than two communes; a style out of bounds.
    """
    style = style or RoadStyle()
    _check(communes, style)
    places = np.array([(commune.x_m, commune.y_m) for commune in communes])
    nodes, die = _places(communes, places, seed, style)
    edges = gabriel(nodes)
    crow_m = np.hypot(*(nodes[edges[:, 0]] - nodes[edges[:, 1]]).T)
    # The bends of a road follow from the dice of its two ends: another commune moves no other.
    bends = np.abs(die[edges[:, 0]] + die[edges[:, 1]]) / np.sqrt(2.0)
    bent_m = crow_m * np.exp(style.spread * bends)
    speed_kmh = np.full(len(edges), style.local_kmh)
    everyone = np.arange(len(communes))
    towns = everyone[[commune.population >= style.town for commune in communes]]
    for members, kmh in ((everyone, style.departmental_kmh), (towns, style.main_kmh)):
        promoted = _promoted(nodes, edges, bent_m, members)
        speed_kmh[promoted] = np.maximum(speed_kmh[promoted], kmh)
    graph = _calibrated(nodes, edges, bent_m / crow_m, speed_kmh, everyone, style.detour)
    return SyntheticRoads(graph, everyone, mean_detour(graph, everyone))


def _calibrated(
    nodes: Floats, edges: Integers, bend: Floats, speed_kmh: Floats, members: Integers, mean: float
) -> RoadGraph:
    """Return the roads whose bends, times one factor, give the mean detour between `members`.

    No road is shorter than the crow flies. Where even straight roads make a longer detour, they
    are straight.
    """
    crow_m = np.hypot(*(nodes[edges[:, 0]] - nodes[edges[:, 1]]).T)

    def bent(factor: float) -> RoadGraph:
        return _graph(nodes, edges, crow_m * np.maximum(factor * bend, 1.0), speed_kmh)

    factor = mean / mean_detour(bent(1.0), members)
    if factor >= 1.0:
        # No road is straightened: all lengths and times grow alike, so no way changes.
        return bent(factor)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if mean_detour(bent(middle), members) < mean else (low, middle)
    return bent(high)


def mean_detour(graph: RoadGraph, nodes: Integers) -> float:
    """Return the mean of road over crow distance between nodes, on fastest ways.

    Pairs nearer than :data:`CALIBRATED_M` are left out, unless all are.
    """
    x_m, y_m = graph.x_m[nodes], graph.y_m[nodes]
    crow_m = np.hypot(x_m[:, None] - x_m[None, :], y_m[:, None] - y_m[None, :])
    counted = crow_m >= CALIBRATED_M
    if not counted.any():
        counted = crow_m > 0.0
    road_m = between(graph, nodes).length_m
    return float((road_m[counted] / crow_m[counted]).mean())


def gabriel(places: Floats) -> Integers:
    """Return the edges of the Gabriel graph of places of shape (n, 2): pairs, shape (edges, 2).

    Computed from the Delaunay triangulation, of which it is a part; from all pairs where that does
    not exist (few places, or all on a line).
    """
    from scipy.spatial import Delaunay, KDTree, QhullError

    try:
        corners = Delaunay(places).simplices
        pairs = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
        pairs = np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int64)
    except (QhullError, ValueError):
        pairs = np.column_stack(np.triu_indices(len(places), 1)).astype(np.int64)
    a, b = places[pairs[:, 0]], places[pairs[:, 1]]
    half_m = np.hypot(*(a - b).T) / 2.0
    nearest_m, _ = KDTree(places).query((a + b) / 2.0)
    return np.asarray(pairs[nearest_m >= half_m * (1.0 - 1e-9)])


def _places(
    communes: Sequence[Commune], places: Floats, seed: int, style: RoadStyle
) -> tuple[Floats, Floats]:
    """Return communes then hamlets, shape (nodes, 2), and a normal die for each, shape (nodes,).

    A hamlet belongs to the commune whose dice made it, and is dropped where another is nearer.
    """
    from scipy.spatial import KDTree

    tree = KDTree(places)
    streams = Streams(seed, 0)
    mean = np.pi * style.reach_m**2 / (style.hamlet_every_km2 * 1e6)
    spots, dice = [places], [np.empty(len(communes))]
    for index, commune in enumerate(communes):
        draw = streams.generator("roads", "hamlets", commune.insee)
        count = draw.poisson(mean)
        away = style.reach_m * np.sqrt(draw.random(count))
        angle = 2.0 * np.pi * draw.random(count)
        die = draw.standard_normal(count + 1)
        dice[0][index] = die[count]
        if count:
            around = np.column_stack([np.cos(angle), np.sin(angle)])
            made = places[index] + away[:, None] * around
            own = tree.query(made)[1] == index
            spots.append(made[own])
            dice.append(die[:count][own])
    return np.vstack(spots), np.concatenate(dice)


def _promoted(nodes: Floats, edges: Integers, bent_m: Floats, members: Integers) -> Integers:
    """Return the edges on shortest ways between Gabriel neighbours among `members`."""
    if len(members) < 2:  # noqa: PLR2004 - a way has two ends
        return np.empty(0, dtype=np.int64)
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    count = len(nodes)
    lengths = csr_array((bent_m, (edges[:, 0], edges[:, 1])), shape=(count, count))
    _, before = dijkstra(lengths, directed=False, indices=members, return_predecessors=True)
    number = {(int(a), int(b)): i for i, (a, b) in enumerate(edges)}
    promoted: set[int] = set()
    for start, stop in gabriel(nodes[members]):
        at = int(members[stop])
        while at != members[start]:
            previous = int(before[start, at])
            promoted.add(number[min(at, previous), max(at, previous)])
            at = previous
    return np.array(sorted(promoted), dtype=np.int64)


def _graph(nodes: Floats, edges: Integers, length_m: Floats, speed_kmh: Floats) -> RoadGraph:
    """Return two arcs per edge."""
    time_s = length_m / (speed_kmh * KMH)
    return RoadGraph.of(
        nodes[:, 0],
        nodes[:, 1],
        np.concatenate([edges[:, 0], edges[:, 1]]),
        np.concatenate([edges[:, 1], edges[:, 0]]),
        np.concatenate([length_m, length_m]),
        np.concatenate([time_s, time_s]),
        "synthetic",
    )


def _check(communes: Sequence[Commune], style: RoadStyle) -> None:
    wrong = [
        (name, value, low)
        for name, value, low in (
            ("communes", float(len(communes)), 2.0),
            ("detour", style.detour, 1.0),
            ("spread", style.spread, 0.0),
            ("hamlet_every_km2", style.hamlet_every_km2, 0.01),
            ("reach_m", style.reach_m, 1.0),
            ("main_kmh", style.main_kmh, 1.0),
            ("departmental_kmh", style.departmental_kmh, 1.0),
            ("local_kmh", style.local_kmh, 1.0),
        )
        if not (np.isfinite(value) and value >= low)
    ]
    if wrong:
        raise InputError(
            *(
                Fault(
                    key=name,
                    value=f"{value:g}",
                    expected=Text(f"au moins {low:g}", f"at least {low:g}"),
                    remedy=Text("corrigez cette valeur", "mend this value"),
                )
                for name, value, low in wrong
            )
        )
