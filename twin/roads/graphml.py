"""Roads from a GraphML file: this project's own attributes, or those OSMnx writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.cells import raise_all, read_bytes, shorten
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.roads.graph import NODE_KEYS, RoadGraph
from twin.roads.osm import no_road
from twin.roads.plane import WGS84, moved, plane_for
from twin.roads.truck import KMH, Truck

if TYPE_CHECKING:
    import networkx as nx

Floats = NDArray[np.float64]


def read_graphml(path: Path | str, truck: Truck | None = None) -> RoadGraph:
    """Return the roads of a GraphML file.

    Two conventions are read. *This project's*: nodes carry `x_m`, `y_m`, edges `length_m`,
    `time_s` (what NetworkX writes of :meth:`RoadGraph.to_networkx`). *OSMnx's*: nodes carry `x`,
    `y`, the graph `crs`, edges `length` (m) and perhaps `highway`, `maxspeed`, `access`,
    `geometry`, `travel_time` (s, of a car), all as text, lists written `['a', 'b']`. The time
    comes from `maxspeed` or `highway` as for an extract (:mod:`twin.roads.truck`), from
    `travel_time` divided by the truck's factor where both are absent. Roads closed to trucks are
    left out; a `geometry` becomes nodes at its bends, the length shared among its pieces. Edges
    of a directed graph are driven one way, those of an undirected one both.

    Raises
    ------
    DataError
        Once, with every fault: absent or damaged file, nodes without place, edges without length,
        without any speed; no road a truck may use.
    """
    path = Path(path)
    read_bytes(path, path.name)
    graph = _parsed(path)
    first: Mapping[str, Any] = next((data for _, data in graph.nodes(data=True)), {})
    if all(key in first for key in NODE_KEYS):
        try:
            return RoadGraph.from_networkx(graph)
        except DataError as error:
            faults = (
                Fault(fault.expected, fault.remedy, path.name, fault.key, fault.value)
                for fault in error.faults
            )
            raise DataError(*faults) from error
    return _from_osmnx(graph, path.name, truck or Truck())


def _parsed(path: Path) -> nx.Graph:
    import networkx as nx

    try:
        return nx.read_graphml(path)
    # NetworkX lets whatever its XML reader meets come through.
    except Exception as error:
        raise DataError(
            Fault(
                file=path.name,
                value=shorten(str(error)),
                expected=Text("un GraphML lisible", "a readable GraphML file"),
                remedy=Text(
                    "exportez le graphe de nouveau (networkx.write_graphml, osmnx.save_graphml)",
                    "export the graph again (networkx.write_graphml, osmnx.save_graphml)",
                ),
            )
        ) from error


def _from_osmnx(graph: nx.Graph, file: str, truck: Truck) -> RoadGraph:
    """Return the roads of a graph with OSMnx's attributes."""
    faults: list[Fault] = []
    names = list(graph.nodes)
    x = _column(graph, "x", file, faults)
    y = _column(graph, "y", file, faults)
    raise_all(faults)
    if not len(x):
        raise no_road(file)
    crs = str(graph.graph.get("crs", WGS84)).upper()
    number = {name: i for i, name in enumerate(names)}
    places = [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    lines: list[tuple[list[int], float, float]] = []
    for tail, head, data in graph.edges(data=True):
        tags = {key: _first(value) for key, value in data.items()}
        if "highway" in tags and not truck.may_use(tags):
            continue
        length_m, time_s = _weights(tags, file, f"{tail} -> {head}", truck, faults)
        ends = (number[tail], number[head])
        inner = list(_bends(str(data.get("geometry", "")), places[ends[0]], places[ends[1]]))
        line = [ends[0], *range(len(places), len(places) + len(inner)), ends[1]]
        places.extend(inner)
        lines.append((line, length_m, time_s))
        if not graph.is_directed():
            lines.append((line[::-1], length_m, time_s))
    raise_all(faults)
    if not lines:
        raise no_road(file)
    here = np.array(places)
    crs = str(graph.graph.get("crs", WGS84)).upper()
    degrees = _in_degrees(crs, file)
    plane = plane_for(here[:, 0], here[:, 1]) if degrees else crs
    x_m, y_m = moved(here[:, 0], here[:, 1], crs, plane)
    arcs = [
        (a, b, share * length_m, share * time_s)
        for line, length_m, time_s in lines
        for a, b, share in zip(line[:-1], line[1:], _shares(x_m, y_m, line), strict=True)
    ]
    tails, heads, length, time = zip(*arcs, strict=True)
    return RoadGraph.of(x_m, y_m, tails, heads, length, time, "graphml", plane)


def _in_degrees(crs: str, file: str) -> bool:
    """Return whether a coordinate system is in degrees; raise where it is none on the Earth."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        known = CRS.from_user_input(crs)
    except CRSError:
        known = None
    if known is None or not (known.is_geographic or known.is_projected):
        raise DataError(
            Fault(
                file=file,
                key="crs",
                value=shorten(crs),
                expected=Text("un système de coordonnées connu", "a known coordinate system"),
                remedy=Text("exportez en EPSG:4326", "export in EPSG:4326"),
            )
        )
    return bool(known.is_geographic)


def _column(graph: nx.Graph, key: str, file: str, faults: list[Fault]) -> Floats:
    """Return one coordinate of every node, with a fault for the nodes without."""
    found = np.array([_float(data.get(key)) for _, data in graph.nodes(data=True)])
    lost = [name for name, value in zip(graph.nodes, found, strict=True) if not np.isfinite(value)]
    if lost:
        faults.append(
            Fault(
                file=file,
                key=f"node {lost[0]} (n = {len(lost)}/{len(found)}), {key}",
                value=shorten(str(graph.nodes[lost[0]].get(key, "∅"))),
                expected=Text("une coordonnée", "a coordinate"),
                remedy=Text(
                    "donnez à chaque nœud x et y (OSMnx), ou x_m et y_m",
                    "give every node x and y (OSMnx), or x_m and y_m",
                ),
            )
        )
    return found


def _weights(
    tags: Mapping[str, str], file: str, where: str, truck: Truck, faults: list[Fault]
) -> tuple[float, float]:
    """Return length and time of one edge, adding a fault where one cannot be known."""
    length_m = _float(tags.get("length"))
    speed_mps = truck.speed_mps(tags)
    if not length_m >= 0.0:
        faults.append(
            Fault(
                file=file,
                key=f"edge {where}, length",
                value=shorten(tags.get("length", "∅")),
                expected=Text("une longueur en mètres", "a length in metres"),
                remedy=Text(
                    "ajoutez les longueurs (osmnx.distance.add_edge_lengths)",
                    "add the lengths (osmnx.distance.add_edge_lengths)",
                ),
            )
        )
        return 0.0, 0.0
    if speed_mps > 0.0:
        return length_m, length_m / speed_mps
    time_s = _float(tags.get("travel_time")) / truck.factor
    if not time_s >= 0.0:
        faults.append(
            Fault(
                file=file,
                key=f"edge {where}, highway",
                value="∅",
                expected=Text(
                    "une vitesse : highway, maxspeed ou travel_time",
                    "a speed: highway, maxspeed or travel_time",
                ),
                remedy=Text(
                    "exportez le graphe avec l'un de ces attributs",
                    "export the graph with one of these attributes",
                ),
            )
        )
        return 0.0, 0.0
    return length_m, max(time_s, length_m / (truck.top_kmh * KMH))


def _first(value: Any) -> str:
    """Return an attribute as text, the first of a list that OSMnx wrote as text."""
    text = str(value).strip()
    if text.startswith("[") and text.endswith("]"):
        try:
            values = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text
        return str(values[0]) if values else ""
    return text


def _float(value: Any) -> float:
    """Return a number, NaN where there is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _bends(
    wkt: str, start: tuple[float, float], stop: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Yield the places between the ends of a LINESTRING, from `start` to `stop`."""
    if not wkt.upper().startswith("LINESTRING"):
        return
    import shapely

    line = shapely.from_wkt(wkt, on_invalid="ignore")
    if line is None or line.is_empty:
        return
    points = [(float(x), float(y)) for x, y in shapely.get_coordinates(line)]
    # An undirected export may hold the line of the other direction.
    if _squared(points[0], start) > _squared(points[0], stop):
        points.reverse()
    yield from points[1:-1]


def _squared(a: tuple[float, float], b: tuple[float, float]) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _shares(x_m: Floats, y_m: Floats, line: list[int]) -> list[float]:
    """Return the share of its length that each piece of a line has."""
    if len(line) == 2:  # noqa: PLR2004 - two ends, one piece
        return [1.0]
    steps = np.hypot(np.diff(x_m[line]), np.diff(y_m[line]))
    total = float(steps.sum())
    return [1.0 / len(steps)] * len(steps) if total == 0.0 else list(steps / total)
