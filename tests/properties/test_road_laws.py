"""Laws of road graphs, on random directed ones with one-way, parallel and dead-end streets."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from twin.roads.graph import GRAIN, RoadGraph
from twin.roads.matrix import TravelSettings, between, travel
from twin.roads.prune import Weight, prune
from twin.roads.snap import cut, nearest_roads

LAW = settings(max_examples=60, deadline=None)
WEIGHTS: list[Weight] = ["time", "length"]


@st.composite
def graphs(draw: st.DrawFn) -> RoadGraph:
    """Draw up to 40 nodes and 100 arcs: loops, parallels, islands, free streets, many ties."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    nodes, streets = draw(st.integers(2, 40)), draw(st.integers(1, 60))
    tail, head = dice.integers(0, nodes, streets), dice.integers(0, nodes, streets)
    back = dice.random(streets) < draw(st.sampled_from([0.0, 0.5, 0.9, 1.0]))
    # Few different figures make ties; now and then a street that takes no time.
    length, time = dice.integers(0, 6, (2, streets)) * draw(st.sampled_from([1.0, 0.1, 37.123]))
    return RoadGraph.of(
        *dice.integers(0, 20, (2, nodes)) * 50.0,
        np.concatenate([tail, head[back]]),
        np.concatenate([head, tail[back]]),
        np.concatenate([length, length[back]]),
        np.concatenate([time, time[back] * 2.0]),
        "graphml",
    )


def truth(graph: RoadGraph, weight: Weight) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return length and time of all best ways by NetworkX, pairs compared as exact integers."""
    roads = graph.to_networkx()
    first, second = ("time_s", "length_m") if weight == "time" else ("length_m", "time_s")
    for _, _, data in roads.edges(data=True):
        data["both"] = (int(data[first] / GRAIN) << 64) + int(data[second] / GRAIN)
    cost = np.full((graph.nodes, graph.nodes), np.inf)
    load = cost.copy()
    for source, found in nx.all_pairs_dijkstra_path_length(roads, weight="both"):
        for target, both in found.items():
            cost[source, target] = (both >> 64) * GRAIN
            load[source, target] = (both & (2**64 - 1)) * GRAIN
    return (load, cost) if weight == "time" else (cost, load)


@LAW
@given(graph=graphs(), weight=st.sampled_from(WEIGHTS), seed=st.integers(0, 1000))
def test_matrices_equal_networkx(graph: RoadGraph, weight: Weight, seed: int) -> None:
    """Length and time between any points equal NetworkX's on the whole graph, to the last bit."""
    dice = np.random.default_rng(seed)
    points = dice.integers(0, graph.nodes, dice.integers(1, 12))
    found = between(graph, points, weight)
    length_m, time_s = truth(graph, weight)
    assert np.array_equal(found.length_m, length_m[np.ix_(points, points)])
    assert np.array_equal(found.time_s, time_s[np.ix_(points, points)])


@LAW
@given(graph=graphs(), weight=st.sampled_from(WEIGHTS), seed=st.integers(0, 1000))
def test_pruning_changes_no_way(graph: RoadGraph, weight: Weight, seed: int) -> None:
    """Both figures between all nodes kept stay exact; terminals stay; no bend is left."""
    dice = np.random.default_rng(seed)
    terminals = dice.choice(graph.nodes, dice.integers(0, graph.nodes), replace=False)
    small = prune(graph, terminals, weight)
    assert np.isin(terminals, small.node).all()
    before, after = truth(graph, weight), None
    if small.graph.arcs:
        after = truth(small.graph, weight)
        assert np.array_equal(after[0], before[0][np.ix_(small.node, small.node)])
        assert np.array_equal(after[1], before[1][np.ix_(small.node, small.node)])
    neighbours = [set[int]() for _ in small.node]
    for tail, head in zip(small.graph.tail.tolist(), small.graph.head.tolist(), strict=True):
        neighbours[tail].add(head)
        neighbours[head].add(tail)
    bends = [i for i, others in enumerate(neighbours) if len(others) <= 2]
    assert np.isin(small.node[bends], terminals).all()


@LAW
@given(graph=graphs())
def test_networkx_and_back(graph: RoadGraph) -> None:
    """A graph that went to NetworkX and came back is the same, array for array."""
    assert RoadGraph.from_networkx(graph.to_networkx()).digest == graph.digest


@LAW
@given(graph=graphs(), seed=st.integers(0, 1000))
def test_cutting_roads_changes_no_way(graph: RoadGraph, seed: int) -> None:
    """Roads cut at points keep both figures of every way between the nodes there were."""
    if (graph.tail == graph.head).all():
        return
    dice = np.random.default_rng(seed)
    x_m, y_m = dice.uniform(-100.0, 1_100.0, (2, 15))
    pieces, node = cut(graph, nearest_roads(graph, x_m, y_m))
    assert len(node) == 15
    everyone = np.arange(graph.nodes)
    before, after = between(graph, everyone), between(pieces, everyone)
    assert np.array_equal(after.time_s, before.time_s)
    assert np.array_equal(after.length_m, before.length_m)


@LAW
@given(graph=graphs(), seed=st.integers(0, 1000))
def test_the_nearest_road_is_the_nearest(graph: RoadGraph, seed: int) -> None:
    """No arc lies nearer to a point than the segment it was put on."""
    if (graph.tail == graph.head).all():
        return
    dice = np.random.default_rng(seed)
    x_m, y_m = dice.uniform(-500.0, 1_500.0, (2, 20))
    feet = nearest_roads(graph, x_m, y_m)
    ax, ay = graph.x_m[graph.tail], graph.y_m[graph.tail]
    dx, dy = graph.x_m[graph.head] - ax, graph.y_m[graph.head] - ay
    px, py = x_m[:, None] - ax, y_m[:, None] - ay
    along = np.clip(
        (px * dx + py * dy) / np.where(dx * dx + dy * dy > 0, dx * dx + dy * dy, 1), 0, 1
    )
    apart = np.hypot(px - along * dx, py - along * dy)[:, graph.tail != graph.head]
    assert feet.off_m == pytest.approx(apart.min(axis=1), abs=1e-9)


@LAW
@given(graph=graphs())
def test_connected_roads_are_all_joined(graph: RoadGraph) -> None:
    """In the largest connected part, every node is reached from every other."""
    joined = graph.connected()
    if joined.arcs:
        assert np.isfinite(between(joined, np.arange(joined.nodes)).time_s).all()


@LAW
@given(graph=graphs(), seed=st.integers(0, 1000))
def test_travel_obeys_the_triangle_inequality(graph: RoadGraph, seed: int) -> None:
    """No detour by a third point is faster than the fastest way."""
    joined = graph.connected()
    if joined.nodes < 3 or not (joined.tail != joined.head).any():
        return
    dice = np.random.default_rng(seed)
    x_m, y_m = dice.uniform(0.0, 1_000.0, (2, 8))
    found = travel(joined, x_m, y_m, TravelSettings(limit_m=1e4))
    by_third = (found.time_s[:, :, None] + found.time_s[None, :, :]).min(axis=1)
    assert (found.time_s <= by_third + 1e-9).all()
    assert (np.diag(found.time_s) == 0.0).all()
