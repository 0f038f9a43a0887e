"""Instances and solutions of CVRPLIB, and the command that reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twin.errors import DataError
from twin.routing.cvrplib import read_instance, read_solution

EUCLID = """NAME : four
COMMENT : "a square, 10 by 10"
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 7
NODE_COORD_SECTION
1 0 0
2 0 10
3 10 10
4 10 0
DEMAND_SECTION
1 0
2 3
3 4
4 5
DEPOT_SECTION
1
-1
EOF
"""
HEAD = "NAME : m\nTYPE : ACVRP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EXPLICIT\nCAPACITY : 9\n"
TAIL = "DEMAND_SECTION\n1 0\n2 3\n3 4\nDEPOT_SECTION\n 1\n -1\nEOF\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a .vrp file."""

    def to_file(text: str) -> Path:
        path = tmp_path / "case.vrp"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


def test_euclidean_distances_are_the_nearest_whole(write: Callable[[str], Path]) -> None:
    """The diagonal of a square of 10 is 14, not 14.14."""
    problem = read_instance(write(EUCLID)).problem
    assert problem.distance_m[0].tolist() == [0.0, 10.0, 14.0, 10.0]
    assert problem.stops.demand.tolist() == [3.0, 4.0, 5.0]
    assert problem.vehicles[0].capacity == 7.0


def test_explicit_matrices(write: Callable[[str], Path]) -> None:
    """A full matrix is read by rows; a lower one is symmetric."""
    full = "EDGE_WEIGHT_FORMAT : FULL_MATRIX\nEDGE_WEIGHT_SECTION\n0 1 2\n3 0 4\n5 6 0\n"
    lower = "EDGE_WEIGHT_FORMAT : LOWER_ROW\nEDGE_WEIGHT_SECTION\n1\n2 3\n"
    table = read_instance(write(HEAD + full + TAIL)).problem.distance_m
    assert table.tolist() == [[0, 1, 2], [3, 0, 4], [5, 6, 0]]
    table = read_instance(write(HEAD + lower + TAIL)).problem.distance_m
    assert table.tolist() == [[0, 1, 2], [1, 0, 3], [2, 3, 0]]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("TYPE : CVRP", "TYPE : VRPTW", "TYPE"),
        ("EUC_2D", "GEO", "EDGE_WEIGHT_TYPE"),
        ("CAPACITY : 7", "DISTANCE : 7", "DISTANCE"),
        ("CAPACITY : 7", "", "CAPACITY"),
        ("CAPACITY : 7", "CAPACITY : many", "CAPACITY"),
        ("DIMENSION : 4", "DIMENSION : 5", "NODE_COORD_SECTION"),
        ("2 0 10", "2 0 ten", "NODE_COORD_SECTION"),
        ("3 10 10", "7 10 10", "NODE_COORD_SECTION"),
        ("1\n-1", "2\n-1", "DEPOT_SECTION"),
        ("DEMAND_SECTION\n1 0", "DEMAND_SECTION\n1 9", "DEMAND_SECTION, node 1"),
        ("NAME : four", "12 13", "12 13"),
    ],
)
def test_what_is_not_known_is_refused(
    write: Callable[[str], Path], old: str, new: str, key: str
) -> None:
    """A file of another kind is refused by file and key, never guessed at."""
    path = write(EUCLID.replace(old, new))
    with pytest.raises(DataError) as refused:
        read_instance(path)
    fault = refused.value.faults[0]
    assert (fault.file, fault.key) == (str(path), key)


def test_solutions(tmp_path: Path) -> None:
    """A solution gives its routes and its cost; a file without a route is refused."""
    path = tmp_path / "case.sol"
    path.write_text("Route #1: 1 2\nRoute #2: 3\nCost 44\n", encoding="utf-8")
    assert read_solution(path) == (((1, 2), (3,)), 44.0)
    for text in ("nothing\n", "Route #1: 1 x\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError):
            read_solution(path)


def test_the_command(write: Callable[[str], Path], run_py: Callable[..., Any]) -> None:
    """`run.py route` prints the cost and routes of an instance, for a person or a program."""
    path = write(EUCLID)
    done = run_py("route", path, "--iterations", 200, "--seed", 4, "--json")
    assert done.code == 0
    found = json.loads(done.out)
    assert found["cost"] == 10 + 10 + 14 + 20
    assert sorted(map(sorted, found["routes"])) == [[1, 2], [3]]
    assert (found["instance"], found["seed"], found["iterations"]) == ("four", 4, 200)
    assert found["cpu_s"] >= 0.0
    told = run_py("route", path, "--iterations", 200)
    assert "Route #1:" in told.out
    assert "Cost 54" in told.out
    timed = json.loads(run_py("route", path, "--seconds", 0.01, "--json").out)
    assert timed["cost"] == 54


def test_the_command_on_bad_input(tmp_path: Path, run_py: Callable[..., Any]) -> None:
    """A missing file is one clear line and exit code 2."""
    done = run_py("route", tmp_path / "none.vrp")
    assert done.code == 2
    assert len(done.complaints) == 1
