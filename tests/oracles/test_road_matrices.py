"""Road matrices against figures worked out by hand and against NetworkX on the whole graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from twin.roads.graph import GRAIN, RoadGraph
from twin.roads.matrix import TravelSettings, between, measure, shortest, travel
from twin.roads.osm import read_osm
from twin.roads.prune import Weight, prune

FAST, SLOW = 20.0, 5.0


def ring() -> RoadGraph:
    """Return a one-way ring 0 -> 1 -> 2 -> 3 -> 0 of 100 m sides, and a slow two-way chord 0-2."""
    arcs = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (2, 0)]
    length = [100.0, 100.0, 100.0, 100.0, 150.0, 150.0]
    speed = [FAST, FAST, FAST, FAST, SLOW, SLOW]
    return RoadGraph.of(
        [0.0, 100.0, 100.0, 0.0],
        [0.0, 0.0, 100.0, 100.0],
        [a for a, _ in arcs],
        [b for _, b in arcs],
        length,
        np.array(length) / np.array(speed),
        "graphml",
    )


def by_networkx(
    graph: RoadGraph, sources: Sequence[int], targets: Sequence[int], weight: Weight
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return length and time of best ways, ties to the other figure, by exact integers.

    Whole grains of the weight count 2^64 each and those of the other figure one: Python's integers
    never overflow, so that NetworkX compares the pair.
    """
    roads = graph.to_networkx()
    first, second = ("time_s", "length_m") if weight == "time" else ("length_m", "time_s")
    for _, _, data in roads.edges(data=True):
        data["both"] = (int(data[first] / GRAIN) << 64) + int(data[second] / GRAIN)
    cost = np.full((len(sources), len(targets)), np.inf)
    load = cost.copy()
    for row, source in enumerate(sources):
        found = nx.single_source_dijkstra_path_length(roads, source, weight="both")
        for column, target in enumerate(targets):
            if target in found:
                cost[row, column] = (found[target] >> 64) * GRAIN
                load[row, column] = (found[target] & (2**64 - 1)) * GRAIN
    return (load, cost) if weight == "time" else (cost, load)


def test_fastest_ways_of_a_one_way_ring() -> None:
    """Going with a one-way ring is short, going against it takes the whole round or the chord."""
    found = between(ring(), np.arange(4))
    assert found.time_s.tolist() == [
        [0.0, 5.0, 10.0, 15.0],
        [15.0, 0.0, 5.0, 10.0],
        [10.0, 15.0, 0.0, 5.0],
        [5.0, 10.0, 15.0, 0.0],
    ]
    assert found.length_m.tolist() == (found.time_s * FAST).tolist()


def test_shortest_ways_of_a_one_way_ring() -> None:
    """By length the slow chord wins, and its time is told."""
    found = between(ring(), np.arange(4), "length")
    assert found.length_m[0].tolist() == [0.0, 100.0, 150.0, 250.0]
    assert found.time_s[0].tolist() == [0.0, 5.0, 30.0, 35.0]
    assert found.length_m[1].tolist() == [250.0, 0.0, 100.0, 200.0]


def test_a_tie_in_time_goes_to_the_shorter_way() -> None:
    """Of two ways of 20 s each, the one of 100 m is told, not the one of 300 m."""
    graph = RoadGraph.of(
        [0, 50, 50, 100], [0, 50, -50, 0], [0, 1, 0, 2], [1, 3, 2, 3],
        [150.0, 150.0, 50.0, 50.0], [10.0, 10.0, 10.0, 10.0], "graphml",
    )  # fmt: skip
    found = between(graph, np.array([0, 3]))
    assert (found.time_s[0, 1], found.length_m[0, 1]) == (20.0, 100.0)
    assert found.time_s[1, 0] == np.inf


def test_parallel_arcs_are_the_best_of_each_weight() -> None:
    """Of two parallel streets, the fast long one serves time and the short slow one length."""
    graph = RoadGraph.of(
        [0, 100], [0, 0], [0, 0, 1], [1, 1, 0], [200, 100, 100], [10, 30, 30], "graphml"
    )
    assert between(graph, np.array([0, 1])).length_m[0, 1] == 200.0
    assert between(graph, np.array([0, 1]), "length").time_s[0, 1] == 30.0


def test_a_point_beside_a_one_way_street_drives_on_round_it() -> None:
    """Points at a quarter and at three quarters of a one-way side are 50 m and 350 m apart."""
    settings = TravelSettings(limit_m=50.0, access_kmh=36.0)
    found = travel(ring(), [25.0, 75.0], [-20.0, -30.0], settings)
    assert found.snapped_m.tolist() == [20.0, 30.0]
    access_m, access_s = 50.0, 5.0
    assert found.distance_m.tolist() == [[0.0, 50.0 + access_m], [350.0 + access_m, 0.0]]
    assert found.time_s.tolist() == [[0.0, 2.5 + access_s], [17.5 + access_s, 0.0]]


def test_points_go_to_the_nearest_node_when_asked() -> None:
    """Onto nodes, a point 25 m along a street starts at the node 25 m away."""
    found = travel(ring(), [25.0, 100.0], [0.0, 100.0], TravelSettings(onto="node"))
    assert found.snapped_m.tolist() == [25.0, 0.0]
    assert found.distance_m[0, 1] == 225.0


def test_shortest_is_travel_by_length() -> None:
    """`shortest` tells the chord's length and time."""
    found = shortest(ring(), [0.0, 100.0], [0.0, 100.0])
    assert (found.distance_m[0, 1], found.time_s[0, 1]) == (150.0, 30.0)


def test_dead_ends_and_bends_vanish() -> None:
    """A street with bends and a dead end keeps its two terminals and nothing else."""
    # 0 - 1 - 2 - 3 with a dead end 2 - 4 - 5, two-way, and a one-way way back 3 -> 6 -> 0.
    streets = [(0, 1), (1, 2), (2, 3), (2, 4), (4, 5)]
    arcs = streets + [(b, a) for a, b in streets] + [(3, 6), (6, 0)]
    graph = RoadGraph.of(
        np.arange(7), np.zeros(7), [a for a, _ in arcs], [b for _, b in arcs],
        np.full(12, 10.0), np.full(12, 1.0), "graphml",
    )  # fmt: skip
    found = prune(graph, np.array([0, 3]))
    assert found.node.tolist() == [0, 3]
    arcs_left = zip(found.graph.tail, found.graph.head, found.graph.time_s, strict=True)
    assert sorted(arcs_left) == [(0, 1, 3.0), (1, 0, 2.0)]
    assert found.graph.length_m.tolist() == (found.graph.time_s * 10.0).tolist()


@pytest.fixture(scope="module")
def liechtenstein() -> RoadGraph:
    """Return the real roads of a small country, or skip."""
    path = Path(__file__).parents[2].parent / "shared" / "data" / "osm" / "liechtenstein.osm.pbf"
    if not path.is_file():
        pytest.skip("the cross-check data (../shared/data) is not beside this checkout")
    pytest.importorskip("osmium")
    return read_osm(path).connected()


@pytest.mark.parametrize("weight", ["time", "length"])
def test_real_roads_equal_networkx(liechtenstein: RoadGraph, weight: Weight) -> None:
    """On real one-way roads, 300 points: both figures equal NetworkX's on the unpruned graph."""
    nodes = np.random.default_rng(4).choice(liechtenstein.nodes, 300, replace=False)
    found = between(liechtenstein, nodes, weight)
    some = [0, 99, 199, 299]
    length_m, time_s = by_networkx(liechtenstein, nodes[some].tolist(), nodes.tolist(), weight)
    assert np.array_equal(found.length_m[some], length_m)
    assert np.array_equal(found.time_s[some], time_s)
    assert not np.array_equal(found.time_s, found.time_s.T)
    assert found.pruned_nodes < 0.15 * liechtenstein.nodes


def test_real_roads_equal_scipy(liechtenstein: RoadGraph) -> None:
    """On real roads, all 300 x 300 times equal SciPy's Dijkstra on the unpruned graph."""
    nodes = np.random.default_rng(5).choice(liechtenstein.nodes, 300, replace=False)
    # SciPy would add parallel arcs up: the least of each is kept first.
    order = np.lexsort((liechtenstein.time_s, liechtenstein.head, liechtenstein.tail))
    ends = np.column_stack([liechtenstein.tail, liechtenstein.head])[order]
    first = np.concatenate([[True], (np.diff(ends, axis=0) != 0).any(axis=1)])
    arcs = order[first]
    matrix = csr_array(
        (liechtenstein.time_s[arcs], (liechtenstein.tail[arcs], liechtenstein.head[arcs])),
        shape=(liechtenstein.nodes, liechtenstein.nodes),
    )
    whole = dijkstra(matrix, indices=nodes)[:, nodes]
    assert np.abs(between(liechtenstein, nodes).time_s - whole).max() <= 1e-9


def test_real_points_beside_real_roads(liechtenstein: RoadGraph) -> None:
    """Points strewn beside real roads: cutting the roads there changes no way between nodes."""
    dice = np.random.default_rng(6)
    nodes = dice.choice(liechtenstein.nodes, 100, replace=False)
    x_m = liechtenstein.x_m[nodes] + dice.normal(0.0, 20.0, 100)
    y_m = liechtenstein.y_m[nodes] + dice.normal(0.0, 20.0, 100)
    x_m[:50], y_m[:50] = liechtenstein.x_m[nodes[:50]], liechtenstein.y_m[nodes[:50]]
    found = measure(liechtenstein, x_m, y_m)
    assert found.travel.source == "osm"
    assert found.travel.snapped_m[:50].max() == 0.0
    alone = between(liechtenstein, nodes[:50])
    assert np.array_equal(found.travel.distance_m[:50, :50], alone.length_m)
    assert np.array_equal(found.travel.time_s[:50, :50], alone.time_s)
