"""`run.py matrix`: kilometres and minutes for a person and for a program."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from twin.roads.graph import RoadGraph

X, Y = 600_000.0, 6_640_000.0


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    """Return a GraphML of a one-way triangle of 1 km, 1 km and 2 km at 36 km/h."""
    length = [1_000.0, 1_000.0, 2_000.0]
    graph = RoadGraph.of(
        [X, X + 800.0, X + 1_600.0], [Y, Y + 600.0, Y], [0, 1, 2], [1, 2, 0], length,
        [each / 10.0 for each in length], "graphml",
    )  # fmt: skip
    nx.write_graphml(graph.to_networkx(), tmp_path / "roads.graphml")
    return tmp_path / "roads.graphml"


def points(folder: Path, rows: list[str], head: str = "id;x_m;y_m") -> Path:
    """Write a CSV of points."""
    path = folder / "points.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


ENDS = [f"A;{X:.0f};{Y:.0f}", f"B;{X + 1600:.0f};{Y:.0f}"]


def test_a_program_gets_both_matrices(
    run_py: Callable[..., Any], roads: Path, tmp_path: Path
) -> None:
    """JSON holds ids, km, minutes, how far points lie off, nodes, nodes left, CPU time."""
    done = run_py("matrix", roads, "--points", points(tmp_path, ENDS), "--json")
    assert done.code == 0
    report = json.loads(done.out)
    assert report["ids"] == ["A", "B"]
    assert report["km"] == [[0.0, 2.0], [2.0, 0.0]]
    assert report["minutes"] == [[0.0, 3.333], [3.333, 0.0]]
    assert report["snapped_m"] == [0.0, 0.0]
    assert (report["nodes"], report["pruned_nodes"], report["weight"]) == (3, 2, "time")
    assert report["cpu_s"] > 0.0


def test_points_in_degrees(run_py: Callable[..., Any], roads: Path, tmp_path: Path) -> None:
    """Points may be in WGS84, columns in any order, without id."""
    import numpy as np

    from twin.roads.plane import moved

    lon, lat = moved(np.array([X, X + 1_600.0]), np.array([Y, Y]), "EPSG:2154", "EPSG:4326")
    rows = [f"{b:.8f},{a:.8f}" for a, b in zip(lon, lat, strict=True)]
    file = points(tmp_path, rows, "lat,lon")
    report = json.loads(run_py("matrix", roads, "--points", file, "--json").out)
    assert report["ids"] == ["1", "2"]
    assert report["km"][0][1] == pytest.approx(2.0, abs=0.002)


def test_a_person_reads_a_table(run_py: Callable[..., Any], roads: Path, tmp_path: Path) -> None:
    """Few points are printed one by one, in French by default."""
    done = run_py("matrix", roads, "--points", points(tmp_path, ENDS))
    assert "kilomètres" in done.out
    assert "2,0" in done.out
    assert "3,3" in done.out


def test_many_points_are_summed_up(run_py: Callable[..., Any], roads: Path, tmp_path: Path) -> None:
    """More points than a screen holds are told by median and maximum."""
    rows = [f"P{i};{X + 10 * i:.0f};{Y:.0f}" for i in range(20)]
    done = run_py("matrix", roads, "--points", points(tmp_path, rows), "--lang", "en")
    assert done.code == 0
    assert "median" in done.out
    assert "P19" not in done.out.replace("farthest off a road: P19", "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--limit-m", "1"], "l. 3"),
        (["--weight", "money"], "time, length"),
        (["--limit-m", "-1"], "limit_m"),
    ],
)
def test_mistakes_end_with_code_2(
    run_py: Callable[..., Any], roads: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    """A point off the road and options out of bounds give one message and exit code 2."""
    file = points(tmp_path, [ENDS[0], f"B;{X + 1600:.0f};{Y - 40:.0f}"])
    done = run_py("matrix", roads, "--points", file, *options)
    assert done.code == 2
    assert len(done.complaints) == 1
    assert message in done.err


def test_missing_and_wrong_files_end_with_code_2(
    run_py: Callable[..., Any], tmp_path: Path
) -> None:
    """Roads that are not there or of another kind are named."""
    file = points(tmp_path, ENDS)
    for name in ("none.graphml", "none.osm.pbf", "roads.shp"):
        done = run_py("matrix", tmp_path / name, "--points", file)
        assert done.code == 2
        assert name in done.err


def test_connected_drops_what_leads_nowhere(run_py: Callable[..., Any], tmp_path: Path) -> None:
    """A point on a lane nobody comes back from is refused; --connected puts it elsewhere."""
    graph = RoadGraph.of(
        [X, X + 1_600.0, X], [Y, Y, Y + 100.0], [0, 1, 0], [1, 0, 2], [1_600.0, 1_600.0, 100.0],
        [100.0, 100.0, 9.0], "graphml",
    )  # fmt: skip
    nx.write_graphml(graph.to_networkx(), tmp_path / "roads.graphml")
    file = points(tmp_path, [*ENDS, f"C;{X:.0f};{Y + 90:.0f}"])
    words = ("matrix", tmp_path / "roads.graphml", "--points", file, "--json")
    refused = run_py(*words)
    assert (refused.code, len(refused.complaints)) == (2, 1)
    assert "--connected" in refused.err
    assert json.loads(run_py(*words, "--connected").out)["snapped_m"] == [0.0, 0.0, 90.0]
