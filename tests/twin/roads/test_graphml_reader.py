"""GraphML files: this project's attributes, OSMnx's, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from twin.errors import DataError
from twin.roads.graph import RoadGraph
from twin.roads.graphml import read_graphml
from twin.roads.read import read_roads
from twin.roads.truck import KMH

LON, LAT = 1.70, 46.80


def osmnx_like(**edge: Any) -> nx.MultiDiGraph:
    """Return two nodes and one edge as OSMnx writes them: everything is text."""
    graph = nx.MultiDiGraph(crs="epsg:4326", simplified="True")
    graph.add_node("101", x=str(LON), y=str(LAT), street_count="1")
    graph.add_node("102", x=str(LON + 0.002), y=str(LAT), street_count="1")
    given = {"osmid": "7", "oneway": "True", "length": "152.6", "highway": "tertiary"} | edge
    graph.add_edge("101", "102", **{key: v for key, v in given.items() if v is not None})
    return graph


def written(graph: nx.Graph, path: Path) -> Path:
    """Write a graph and return its path."""
    nx.write_graphml(graph, path)
    return path


def test_own_graph_comes_back(tmp_path: Path) -> None:
    """A graph written through NetworkX to GraphML comes back array for array."""
    dice = np.random.default_rng(3)
    ends = dice.integers(0, 9, (2, 30))
    graph = RoadGraph.of(*dice.random((2, 9)) * 1e3, *ends, *dice.random((2, 30)), "synthetic")
    back = read_roads(written(graph.to_networkx(), tmp_path / "a.graphml"))
    assert np.array_equal(back.x_m, graph.x_m)
    assert (back.source, back.crs, back.arcs) == ("synthetic", "EPSG:2154", 30)
    order = np.lexsort((back.length_m, back.head, back.tail))
    expected = np.lexsort((graph.length_m, graph.head, graph.tail))
    for name in ("tail", "head", "length_m", "time_s"):
        assert np.array_equal(getattr(back, name)[order], getattr(graph, name)[expected])


def test_osmnx_text_attributes(tmp_path: Path) -> None:
    """Lengths as text, one way only, the limit's speed times the truck's factor."""
    graph = read_graphml(written(osmnx_like(maxspeed="50"), tmp_path / "a.graphml"))
    assert (graph.arcs, graph.source, graph.crs) == (1, "graphml", "EPSG:2154")
    assert graph.length_m[0] == pytest.approx(152.6, abs=1e-6)
    assert graph.length_m[0] / graph.time_s[0] == pytest.approx(0.75 * 50.0 * KMH, rel=1e-6)


@pytest.mark.parametrize(
    ("edge", "kmh"),
    [
        ({"maxspeed": "['30', '50']"}, 22.5),
        ({"highway": "['residential', 'tertiary']"}, 22.5),
        ({}, 52.5),
        ({"highway": None, "travel_time": "10.0"}, 152.6 / (10.0 / 0.75) * 3.6),
    ],
)
def test_osmnx_speeds(tmp_path: Path, edge: dict[str, Any], kmh: float) -> None:
    """Lists count by their first entry; a car's time serves where nothing else is known."""
    graph = read_graphml(written(osmnx_like(**edge), tmp_path / "a.graphml"))
    assert graph.length_m[0] / graph.time_s[0] / KMH == pytest.approx(kmh, rel=1e-6)


def test_osmnx_geometry_becomes_bends(tmp_path: Path) -> None:
    """A line of three pieces becomes three arcs that sum to the edge; points snap on the bend."""
    line = f"LINESTRING ({LON} {LAT}, {LON} {LAT + 0.001}, {LON + 0.002} {LAT + 0.001}, "
    line += f"{LON + 0.002} {LAT})"
    graph = read_graphml(written(osmnx_like(geometry=line, length="375"), tmp_path / "a.graphml"))
    assert (graph.nodes, graph.arcs) == (4, 3)
    assert graph.length_m.sum() == pytest.approx(375.0, abs=1e-5)
    assert graph.length_m[0] == pytest.approx(graph.length_m[2], rel=1e-3)
    assert np.diff(graph.y_m[graph.head[:2]])[0] == pytest.approx(0.0, abs=10.0)


def test_an_undirected_graph_is_driven_both_ways(tmp_path: Path) -> None:
    """Edges of an undirected graph are two-way streets."""
    graph = read_graphml(written(nx.Graph(osmnx_like()), tmp_path / "a.graphml"))
    assert (graph.arcs, sorted(graph.tail.tolist())) == (2, [0, 1])


def test_projected_graphs_keep_their_plane(tmp_path: Path) -> None:
    """A graph in UTM metres stays in UTM."""
    given = osmnx_like()
    given.graph["crs"] = "EPSG:32631"
    for shift, node in enumerate(given.nodes):
        given.nodes[node].update(x=str(400_000.0 + shift), y="5180000.0")
    graph = read_graphml(written(given, tmp_path / "a.graphml"))
    assert (graph.crs, graph.x_m.tolist()) == ("EPSG:32631", [400_000.0, 400_001.0])


@pytest.mark.parametrize(
    ("edge", "message"),
    [
        ({"length": None}, "add_edge_lengths"),
        ({"length": "far"}, "a length in metres"),
        ({"length": "-3"}, "a length in metres"),
        ({"highway": None}, "travel_time"),
        ({"highway": "footway"}, "open to trucks"),
        ({"access": "private"}, "open to trucks"),
    ],
)
def test_edges_at_fault(tmp_path: Path, edge: dict[str, Any], message: str) -> None:
    """Edges without length or speed are named with the remedy; closed ones are no roads."""
    with pytest.raises(DataError, match=message):
        read_graphml(written(osmnx_like(**edge), tmp_path / "a.graphml"))


def test_all_edges_without_length_are_told_at_once(tmp_path: Path) -> None:
    """Twenty faults are spelled out, the others counted."""
    given = osmnx_like(length=None)
    for _ in range(29):
        given.add_edge("102", "101", highway="tertiary")
    with pytest.raises(DataError) as caught:
        read_graphml(written(given, tmp_path / "a.graphml"))
    assert len(caught.value.faults) == 21


def test_nodes_without_place_are_refused(tmp_path: Path) -> None:
    """A node without x is named."""
    given = osmnx_like()
    del given.nodes["102"]["x"]
    with pytest.raises(DataError, match="node 102"):
        read_graphml(written(given, tmp_path / "a.graphml"))


def test_own_edges_without_time_are_refused(tmp_path: Path) -> None:
    """Own attributes, one of them lost: the file, edge and key are named."""
    given = nx.MultiDiGraph()
    given.add_node(0, x_m=0.0, y_m=0.0)
    given.add_node(1, x_m=9.0, y_m=0.0)
    given.add_edge(0, 1, length_m=9.0)
    with pytest.raises(DataError, match=r"a\.graphml.*0 -> 1, time_s"):
        read_graphml(written(given, tmp_path / "a.graphml"))


def test_unknown_coordinates_are_refused(tmp_path: Path) -> None:
    """A system nobody knows is named."""
    given = osmnx_like()
    given.graph["crs"] = "moon"
    with pytest.raises(DataError, match="coordinate system"):
        read_graphml(written(given, tmp_path / "a.graphml"))


@pytest.mark.parametrize("content", ["", "<graphml", "{}", "<graphml/>"])
def test_damaged_files_are_refused(tmp_path: Path, content: str) -> None:
    """Damaged and empty files give a message."""
    path = tmp_path / "a.graphml"
    path.write_text(content)
    with pytest.raises(DataError):
        read_graphml(path)


def test_an_empty_graph_is_refused(tmp_path: Path) -> None:
    """A graph without node is no road."""
    with pytest.raises(DataError, match="open to trucks"):
        read_graphml(written(nx.MultiDiGraph(), tmp_path / "a.graphml"))


@pytest.mark.parametrize("name", ["a.shp", "a.pbf.zip", "roads"])
def test_other_suffixes_are_refused(tmp_path: Path, name: str) -> None:
    """Files that are neither extract nor GraphML are refused before they are opened."""
    with pytest.raises(DataError, match=r"\.osm\.pbf"):
        read_roads(tmp_path / name)
