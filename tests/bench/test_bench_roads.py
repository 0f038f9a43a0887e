"""Road matrices: how much faster than NetworkX, and how far from it."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tests.bench.record import Bar, cpu_s, record
from twin.roads.graph import RoadGraph
from twin.roads.matrix import Between, TravelSettings, between, measure
from twin.roads.osm import read_osm
from twin.roads.prune import prune
from twin.roads.synthetic import synthetic_roads
from twin.territory.communes import read_communes

POINTS = 300
CHECKED = 20


@pytest.mark.bench
def test_bench_road_matrix(benchmark: BenchmarkFixture, shared_data: Path) -> None:
    """300 x 300 on real one-way roads: all of it NetworkX's within 1e-9, 100 times as fast.

    Reading is on neither side; weaving, pruning and elimination are on ours.
    """
    pytest.importorskip("osmium")
    graph = read_osm(shared_data / "osm" / "liechtenstein.osm.pbf").connected()
    nodes = np.random.default_rng(0).choice(graph.nodes, POINTS, replace=False)

    def ours() -> Between:
        return between(graph, nodes)

    found = ours()
    benchmark(ours)
    spent_s = cpu_s(ours, 15)

    roads = graph.to_networkx()
    times: dict[int, NDArray[np.float64]] = {}

    def networkx(sources: NDArray[np.int64]) -> None:
        for source in sources.tolist():
            far = nx.single_source_dijkstra_path_length(roads, source, weight="time_s")
            times[source] = np.array([far[node] for node in nodes.tolist()])

    networkx_s = cpu_s(lambda: networkx(nodes[:CHECKED]), 1) * POINTS / CHECKED
    networkx(nodes[CHECKED:])
    whole = np.array([times[node] for node in nodes.tolist()])
    assert whole.shape == (POINTS, POINTS)
    error_s = float(np.abs(found.time_s - whole).max())

    pruned = prune(graph, nodes)
    matrix = csr_array(
        (pruned.graph.time_s, (pruned.graph.tail, pruned.graph.head)),
        shape=(pruned.graph.nodes, pruned.graph.nodes),
    )
    rows = np.searchsorted(pruned.node, nodes)
    record(
        benchmark,
        work=POINTS * POINTS,
        unit="ways",
        spent_s=spent_s,
        reference=(f"NetworkX, whole graph, {CHECKED} sources", POINTS * POINTS / networkx_s),
        bars=(
            Bar("largest difference from NetworkX, s", error_s, at_most=1e-9),
            Bar("times as fast as NetworkX", networkx_s / spent_s, at_least=100.0),
        ),
        peers="road matrix",
        notes={
            "nodes": float(graph.nodes),
            "one-way pairs, share": _one_way(graph),
            "nodes left by pruning": float(found.pruned_nodes),
            "pruning alone, CPU ms": 1e3 * cpu_s(lambda: prune(graph, nodes), 15),
            "SciPy Dijkstra on the pruned graph, CPU ms": 1e3
            * cpu_s(lambda: dijkstra(matrix, indices=rows), 3),
        },
    )


@pytest.mark.bench
def test_bench_department_roads(benchmark: BenchmarkFixture, root: Path) -> None:
    """1,800 points on made-up roads of the Indre: put on roads and measured in a second of CPU."""
    communes = read_communes(root / "scenarios" / "indre" / "communes.csv")
    roads = synthetic_roads(communes, 36)
    dice = np.random.default_rng(0)
    where = dice.integers(0, len(communes), 1_800)
    x_m = np.array([commune.x_m for commune in communes])[where] + dice.normal(0.0, 800.0, 1_800)
    y_m = np.array([commune.y_m for commune in communes])[where] + dice.normal(0.0, 800.0, 1_800)
    settings = TravelSettings(limit_m=5_000.0)

    def ours() -> int:
        found = measure(roads.graph, x_m, y_m, settings)
        assert np.isfinite(found.travel.time_s).all()
        return found.pruned_nodes

    left = ours()
    benchmark(ours)
    spent_s = cpu_s(ours, 5)
    record(
        benchmark,
        work=1_800 * 1_800,
        unit="ways",
        spent_s=spent_s,
        bars=(
            Bar("CPU s", spent_s, at_most=1.0),
            Bar("mean detour between communes", roads.detour, at_most=1.301, at_least=1.299),
        ),
        notes={
            "nodes": float(roads.graph.nodes),
            "arcs": float(roads.graph.arcs),
            "nodes left by pruning, points included": float(left),
            "making the roads, CPU s": cpu_s(lambda: synthetic_roads(communes, 36), 3),
        },
    )


def _one_way(graph: RoadGraph) -> float:
    """Return the share of joined pairs of nodes that are driven one way only."""
    there = set(zip(graph.tail.tolist(), graph.head.tolist(), strict=True))
    pairs = {(min(a, b), max(a, b)) for a, b in there}
    return sum((b, a) not in there or (a, b) not in there for a, b in pairs) / len(pairs)
