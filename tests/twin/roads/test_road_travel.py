"""Road graphs and travel refuse what cannot be computed, and say where."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest

from twin.errors import DataError, InputError
from twin.roads.graph import GRAIN, RoadGraph
from twin.roads.matrix import Rows, TravelSettings, between, measure, travel
from twin.roads.plane import moved, plane_for


def street(**changes: Any) -> RoadGraph:
    """Return a two-way street of 1 km, and beside it a one-way lane of 100 m that leaves it."""
    arrays: dict[str, Any] = {
        "x_m": [0.0, 1_000.0, 1_000.0],
        "y_m": [0.0, 0.0, 100.0],
        "tail": [0, 1, 1],
        "head": [1, 0, 2],
        "length_m": [1_000.0, 1_000.0, 100.0],
        "time_s": [60.0, 60.0, 10.0],
        "source": "graphml",
    }
    return RoadGraph.of(**(arrays | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tail": [], "head": [], "length_m": [], "time_s": []}, "open to trucks"),
        ({"tail": [0, 1, 3]}, "a node of the graph"),
        ({"head": [1, 0, -1]}, "a node of the graph"),
        ({"length_m": [1.0, 1.0, -1.0]}, "at least zero"),
        ({"time_s": [1.0, 1.0, np.nan]}, "at least zero"),
        ({"x_m": [0.0, np.inf, 1.0]}, "number of metres"),
        ({"x_m": [0.0, 1.0]}, "equal length"),
        ({"time_s": [1.0, 1.0]}, "equal length"),
    ],
)
def test_graphs_at_fault(changes: dict[str, Any], message: str) -> None:
    """Arrays that make no road graph are refused with a message that names them."""
    with pytest.raises(DataError, match=message):
        street(**changes)


def test_figures_are_whole_grains() -> None:
    """Lengths and times are rounded to a millionth so that sums are exact in any order."""
    graph = street(length_m=[0.1, 0.2, 0.3])
    assert (graph.length_m / GRAIN == np.round(graph.length_m / GRAIN)).all()
    assert graph.length_m == pytest.approx([0.1, 0.2, 0.3], abs=GRAIN / 2)
    a, b, c = graph.length_m
    assert (a + b) + c == a + (b + c)


def test_digests_tell_graphs_apart() -> None:
    """Equal graphs have equal digests, a single second more gives another."""
    assert street().digest == street().digest
    assert street().digest != street(time_s=[60.0, 60.0, 11.0]).digest


def test_networkx_graphs_without_keys_are_read() -> None:
    """A plain directed graph with the right attributes is a road graph."""
    given = nx.DiGraph()
    given.add_node("a", x_m=0.0, y_m=0.0)
    given.add_node("b", x_m=5.0, y_m=0.0)
    given.add_edge("a", "b", length_m=5.0, time_s=1.0)
    graph = RoadGraph.from_networkx(given)
    assert (graph.tail.tolist(), graph.head.tolist(), graph.source) == ([0], [1], "networkx")


def test_a_point_off_the_road_is_refused_with_its_row() -> None:
    """Rows too far from any road are all named, with how far they lie and what to do."""
    rows = Rows("bins.csv", ["l. 2", "l. 3", "l. 4"])
    with pytest.raises(DataError) as caught:
        travel(street(), [0.0, 500.0, 0.0], [700.0, 20.0, -501.0], rows=rows)
    first, second = caught.value.faults
    assert (first.file, first.key, first.value) == ("bins.csv", "l. 2", "700 m")
    assert (second.key, second.value) == ("l. 4", "501 m")
    assert "limit_m" in first.remedy.en


def test_a_point_nobody_comes_back_from_is_refused_with_its_row() -> None:
    """A point on a lane that leads nowhere is named; the remedy is the connected part."""
    with pytest.raises(DataError) as caught:
        travel(street(), [0.0, 500.0, 1_010.0], [0.0, 0.0, 50.0])
    (fault,) = caught.value.faults
    assert fault.key == "n. 3"
    assert "--connected" in fault.remedy.en
    found = travel(street().connected(), [0.0, 500.0, 1_010.0], [0.0, 0.0, 50.0])
    assert np.isfinite(found.time_s).all()


def test_points_that_are_no_numbers_are_refused() -> None:
    """A row without place is named before any search."""
    with pytest.raises(DataError, match=r"n\. 2"):
        travel(street(), [0.0, np.nan], [0.0, 0.0])


@pytest.mark.parametrize(("x_m", "y_m"), [([], []), ([1.0], [1.0, 2.0]), ([[1.0]], [[1.0]])])
def test_points_of_no_shape_are_refused(x_m: Any, y_m: Any) -> None:
    """No point at all, or more x than y, is refused."""
    with pytest.raises(DataError, match="as many x_m as y_m"):
        travel(street(), x_m, y_m)


@pytest.mark.parametrize(
    "settings",
    [
        {"limit_m": -1.0},
        {"limit_m": float("nan")},
        {"access_kmh": 0.0},
        {"access_detour": 0.5},
        {"weight": "money"},
        {"onto": "roof"},
    ],
)
def test_settings_out_of_bounds_are_refused(settings: dict[str, Any]) -> None:
    """Each setting out of bounds is named."""
    with pytest.raises(InputError, match=next(iter(settings))):
        travel(street(), [0.0], [0.0], TravelSettings(**settings))


def test_one_point_is_its_own_matrix() -> None:
    """A single point is at no distance of itself, whatever it takes to get there."""
    found = measure(street(), [500.0], [30.0])
    assert found.travel.distance_m.tolist() == [[0.0]]
    assert found.travel.snapped_m.tolist() == [30.0]
    assert len(found.travel) == 1


def test_points_at_one_place_share_a_node() -> None:
    """Twice the same point: the way between them is there and back to the road, no more."""
    settings = TravelSettings(access_kmh=36.0, access_detour=2.0)
    found = travel(street(), [500.0, 500.0], [30.0, 30.0], settings)
    assert found.distance_m.tolist() == [[0.0, 120.0], [120.0, 0.0]]
    assert found.time_s.tolist() == [[0.0, 12.0], [12.0, 0.0]]


def test_a_hub_of_many_streets() -> None:
    """A star of 2,000 dead ends, all asked for, is computed: each way is out and in."""
    count = 2_000
    spokes = np.arange(1, count + 1)
    hub = np.zeros(count, dtype=np.int64)
    graph = RoadGraph.of(
        np.arange(count + 1.0), np.zeros(count + 1), np.concatenate([hub, spokes]),
        np.concatenate([spokes, hub]), np.full(2 * count, 3.0), np.full(2 * count, 1.0), "graphml",
    )  # fmt: skip
    found = between(graph, np.array([5, 900, 2_000]))
    assert found.length_m.tolist() == [[0.0, 6.0, 6.0], [6.0, 0.0, 6.0], [6.0, 6.0, 0.0]]
    # What is left is what was asked for: the hub itself had only three neighbours and stays.
    assert found.pruned_nodes == 4


@pytest.mark.parametrize(
    ("lon", "lat", "plane"),
    [(1.7, 46.8, "EPSG:2154"), (20.0, 50.0, "EPSG:32634"), (-70.0, -33.0, "EPSG:32719")],
)
def test_planes(lon: float, lat: float, plane: str) -> None:
    """France is drawn in Lambert-93, other places in the UTM zone of their middle."""
    here, there = np.array([lon]), np.array([lat])
    assert plane_for(here, there) == plane
    x_m, y_m = moved(here, there, "EPSG:4326", plane)
    back = moved(x_m, y_m, plane, "EPSG:4326")
    assert (back[0][0], back[1][0]) == pytest.approx((lon, lat), abs=1e-9)
