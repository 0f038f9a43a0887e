"""OpenStreetMap extracts: what a truck may use, which way, how fast, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from twin.errors import DataError
from twin.lang import Lang
from twin.roads.graph import RoadGraph
from twin.roads.osm import read_osm
from twin.roads.plane import WGS84, moved
from twin.roads.truck import KMH, Truck

LON, LAT, STEP = 1.70, 46.80, 0.001
"""Near Châteauroux; one step east is about 76 m."""

Way = tuple[list[int], dict[str, str]]


def extract(path: Path, ways: list[Way], nodes: dict[int, dict[str, str]] | None = None) -> Path:
    """Write an extract whose node n lies n steps east; `nodes` gives some of them tags."""
    tagged = nodes or {}
    refs = sorted({ref for line, _ in ways for ref in line if ref < 1_000})
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    for ref in refs:
        lines.append(f'<node id="{ref}" version="1" lon="{LON + STEP * ref}" lat="{LAT}">')
        lines += [f'<tag k="{k}" v="{v}"/>' for k, v in tagged.get(ref, {}).items()]
        lines.append("</node>")
    for number, (line, tags) in enumerate(ways, 1):
        lines.append(f'<way id="{number}" version="1">')
        lines += [f'<nd ref="{ref}"/>' for ref in line]
        lines += [f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()]
        lines.append("</way>")
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return path


def arcs(graph: RoadGraph) -> set[tuple[int, int]]:
    """Return the arcs as pairs of steps east."""
    lon, _ = moved(graph.x_m, graph.y_m, graph.crs, WGS84)
    step = np.round((lon - LON) / STEP).astype(int)
    return set(zip(step[graph.tail].tolist(), step[graph.head].tolist(), strict=True))


@pytest.fixture(autouse=True)
def _osmium() -> None:
    pytest.importorskip("osmium")


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({}, True, True),
        ({"oneway": "yes"}, True, False),
        ({"oneway": "-1"}, False, True),
        ({"oneway": "no"}, True, True),
        ({"junction": "roundabout"}, True, False),
        ({"junction": "roundabout", "oneway": "no"}, True, True),
        ({"highway": "motorway"}, True, False),
        ({"highway": "motorway", "oneway": "no"}, True, True),
    ],
)
def test_directions(tmp_path: Path, tags: dict[str, str], forward: bool, backward: bool) -> None:
    """One-way streets, those tagged backwards, and roundabouts are driven the right way only."""
    file = extract(tmp_path / "a.osm", [([1, 2], {"highway": "tertiary"} | tags)])
    found = arcs(read_osm(file))
    assert found == {pair for pair, is_open in (((1, 2), forward), ((2, 1), backward)) if is_open}


@pytest.mark.parametrize(
    ("tags", "is_open"),
    [
        ({"highway": "footway"}, False),
        ({"highway": "track"}, False),
        ({"highway": "construction"}, False),
        ({"highway": "service"}, True),
        ({"highway": "service", "service": "driveway"}, False),
        ({"highway": "service", "area": "yes"}, False),
        ({"highway": "residential", "access": "private"}, False),
        ({"highway": "residential", "access": "no"}, False),
        ({"highway": "residential", "access": "no", "hgv": "destination"}, True),
        ({"highway": "residential", "hgv": "no"}, False),
        ({"highway": "residential", "motor_vehicle": "private"}, False),
        ({"highway": "residential", "access": "permissive"}, True),
        ({"highway": "residential", "maxweight": "3.5"}, False),
        ({"highway": "residential", "maxweight": "44 t"}, True),
        ({"highway": "residential", "oneway": "reversible"}, False),
    ],
)
def test_access(tmp_path: Path, tags: dict[str, str], is_open: bool) -> None:
    """Ways closed to a truck are left out; the most particular access tag decides."""
    road: Way = ([1, 2], {"highway": "primary"})
    found = arcs(read_osm(extract(tmp_path / "a.osm", [road, ([2, 3], tags)])))
    assert ((2, 3) in found) is is_open


@pytest.mark.parametrize(
    ("tags", "limit_kmh"),
    [
        ({"maxspeed": "50"}, 50.0),
        ({"maxspeed": "30 mph"}, 48.28032),
        ({"maxspeed": "FR:urban"}, 50.0),
        ({"maxspeed": "70;50"}, 70.0),
        ({"maxspeed": "signals"}, 70.0),
        ({"maxspeed": "0"}, 70.0),
        ({"maxspeed": "90", "maxspeed:hgv": "60"}, 60.0),
        ({}, 70.0),
        ({"maxspeed": "130"}, 80.0 / 0.75),
    ],
)
def test_speeds(tmp_path: Path, tags: dict[str, str], limit_kmh: float) -> None:
    """Speed is the limit, else that of the class, times the truck's factor, at most its top."""
    graph = read_osm(extract(tmp_path / "a.osm", [([1, 2], {"highway": "tertiary"} | tags)]))
    expected = 0.75 * limit_kmh * KMH
    assert graph.length_m / graph.time_s == pytest.approx(np.full(2, expected), rel=1e-6)


def test_lengths_are_geodesic_and_places_in_lambert_93(tmp_path: Path) -> None:
    """A thousandth of a degree at 46.8 N is 76.3 m long, and France is in Lambert-93."""
    graph = read_osm(extract(tmp_path / "a.osm", [([0, 1], {"highway": "primary"})]))
    assert graph.crs == "EPSG:2154"
    assert graph.source == "osm"
    # One degree of longitude at latitude B: (pi/180) a cos B / sqrt(1 - e2 sin2 B).
    phi = np.radians(LAT)
    degree = np.radians(1.0) * 6378137.0 * np.cos(phi)
    degree /= np.sqrt(1.0 - 0.00669437999014 * np.sin(phi) ** 2)
    assert graph.length_m == pytest.approx(np.full(2, degree * STEP), rel=1e-6)
    assert graph.x_m[0] == pytest.approx(600_600.0, abs=1_000.0)


@pytest.mark.parametrize(
    ("barrier", "passes"),
    [
        ({"barrier": "bollard"}, False),
        ({"barrier": "gate"}, True),
        ({"barrier": "gate", "access": "private"}, False),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, True),
    ],
)
def test_barriers(tmp_path: Path, barrier: dict[str, str], passes: bool) -> None:
    """A bollard cuts a street in two that both lead up to it."""
    street: Way = ([1, 2, 3], {"highway": "residential"})
    graph = read_osm(extract(tmp_path / "a.osm", [street], {2: barrier}))
    assert graph.arcs == 4
    assert (len(set(graph.strong_components().tolist())) == 1) is passes


def test_an_extract_cuts_roads(tmp_path: Path) -> None:
    """Nodes the extract does not hold break the way there, and only there."""
    graph = read_osm(extract(tmp_path / "a.osm", [([1, 2, 5_000, 4, 5], {"highway": "primary"})]))
    assert arcs(graph) == {(1, 2), (2, 1), (4, 5), (5, 4)}


def test_another_truck(tmp_path: Path) -> None:
    """A light slow van may use what the truck may not, at its own speed."""
    road: Way = ([1, 2], {"highway": "residential", "maxweight": "7.5"})
    van = Truck(factor=1.0, top_kmh=25.0, mass_t=3.5)
    graph = read_osm(extract(tmp_path / "a.osm", [road]), van)
    assert graph.length_m / graph.time_s == pytest.approx(np.full(2, 25.0 * KMH), rel=1e-6)


@pytest.mark.parametrize("content", [b"not xml", b"<osm", b""])
def test_a_damaged_extract_is_refused(tmp_path: Path, content: bytes) -> None:
    """Damaged and empty files give one message that names the file and the remedy."""
    path = tmp_path / "a.osm"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_osm(path)
    assert "a.osm" in caught.value.say(Lang.FR)
    assert "remède" in caught.value.say(Lang.FR)


def test_a_damaged_pbf_is_refused(tmp_path: Path) -> None:
    """A .pbf that is none gives a message, not a traceback."""
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(b"\x00\x00\x00\x0d\x0a\x09OSMHeader" * 3)
    with pytest.raises(DataError, match="OpenStreetMap"):
        read_osm(path)


def test_a_missing_extract_is_refused(tmp_path: Path) -> None:
    """A path where nothing is gives a message that says so."""
    with pytest.raises(DataError, match="absent"):
        read_osm(tmp_path / "a.osm")


def test_an_extract_without_road_is_refused(tmp_path: Path) -> None:
    """Footpaths alone are no roads."""
    with pytest.raises(DataError, match="open to trucks"):
        read_osm(extract(tmp_path / "a.osm", [([1, 2], {"highway": "footway"})]))


def test_without_osmium_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the optional package is missing, the message says how to install it."""
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(DataError, match="pip install osmium"):
        read_osm(extract(tmp_path / "a.osm", [([1, 2], {"highway": "primary"})]))
