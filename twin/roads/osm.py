"""Roads from an OpenStreetMap extract (.osm.pbf or .osm), as a truck may use them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from twin.cells import read_bytes, shorten
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.roads.graph import RoadGraph
from twin.roads.plane import WGS84, ground_m, moved, plane_for
from twin.roads.truck import Truck, Way, blocks, directions

PACKAGE = "osmium==4.3.2"


@dataclass
class _Network:
    """Nodes and arcs gathered way after way."""

    lon_deg: list[float] = field(default_factory=list)
    lat_deg: list[float] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    speed_mps: list[float] = field(default_factory=list)
    number: dict[int, int] = field(default_factory=dict)

    def place(self, lon_deg: float, lat_deg: float) -> int:
        """Add a node and return its number."""
        self.lon_deg.append(lon_deg)
        self.lat_deg.append(lat_deg)
        return len(self.lon_deg) - 1

    def stretch(self, a: int, b: int, speed_mps: float, way: Way) -> None:
        """Add the arcs of one straight piece of road."""
        for open_way, tail, head in ((Way.FORWARD, a, b), (Way.BACKWARD, b, a)):
            if way & open_way:
                self.tail.append(tail)
                self.head.append(head)
                self.speed_mps.append(speed_mps)


def read_osm(path: Path | str, truck: Truck | None = None) -> RoadGraph:
    """Return the roads of an extract that a truck may use, every bend a node.

    Lengths are geodesic. Roads end at barriers that no truck passes and where the extract cuts
    them. Turn restrictions are not read.

    Parameters
    ----------
    path
        An extract, for instance from Geofabrik; roads © OpenStreetMap contributors (ODbL).
    truck
        How it drives; :class:`twin.roads.truck.Truck` by default.

    Raises
    ------
    DataError
        The package osmium is not installed; the file is absent, damaged or without usable road.
    """
    path = Path(path)
    osmium = _osmium(path.name)
    if not path.is_file() or not path.stat().st_size:
        read_bytes(path, path.name)  # says what is wrong; a country's extract is never read whole
    try:
        network = _gather(osmium, path, truck or Truck())
    except (RuntimeError, ValueError) as error:
        raise DataError(
            Fault(
                file=path.name,
                value=shorten(str(error)),
                expected=Text("un extrait OpenStreetMap lisible", "a readable OpenStreetMap file"),
                remedy=Text("téléchargez l'extrait de nouveau", "download the extract again"),
            )
        ) from error
    if not network.tail:
        raise no_road(path.name)
    lon, lat = np.array(network.lon_deg), np.array(network.lat_deg)
    tail, head = np.array(network.tail), np.array(network.head)
    length_m = ground_m(lon[tail], lat[tail], lon[head], lat[head])
    plane = plane_for(lon, lat)
    x_m, y_m = moved(lon, lat, WGS84, plane)
    time_s = length_m / np.array(network.speed_mps)
    return RoadGraph.of(x_m, y_m, tail, head, length_m, time_s, "osm", plane)


def no_road(file: str) -> DataError:
    """Return what to raise for a file without any road a truck may use."""
    return DataError(
        Fault(
            file=file,
            expected=Text(
                "au moins une route ouverte aux camions", "at least one road open to trucks"
            ),
            remedy=Text(
                "prenez un extrait qui contient les objets « highway » du territoire",
                "take an extract that holds the territory's 'highway' objects",
            ),
        )
    )


def _osmium(file: str) -> Any:
    """Return the optional package."""
    try:
        import osmium
    except ImportError as error:
        raise DataError(
            Fault(
                file=file,
                value="import osmium",
                expected=Text(
                    "le paquet facultatif osmium, qui lit les fichiers OpenStreetMap",
                    "the optional package osmium, which reads OpenStreetMap files",
                ),
                remedy=Text(
                    f".venv/bin/python -m pip install {PACKAGE}, ou donnez un .graphml",
                    f".venv/bin/python -m pip install {PACKAGE}, or give a .graphml",
                ),
            )
        ) from error
    return osmium


def _gather(osmium: Any, path: Path, truck: Truck) -> _Network:
    """Read nodes that block, then ways."""
    network = _Network()
    blocked: set[int] = set()
    wanted = osmium.filter.KeyFilter("highway", "barrier")
    things = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
    for thing in things.with_locations().with_filter(wanted):
        if thing.is_node():
            if blocks(dict(thing.tags)):
                blocked.add(thing.id)
            continue
        tags = dict(thing.tags)
        way = directions(tags)
        speed_mps = truck.speed_mps(tags)
        if way and speed_mps > 0.0 and truck.may_use(tags):
            for a, b in _pieces(thing.nodes, network, blocked):
                network.stretch(a, b, speed_mps, way)
    return network


def _pieces(refs: Any, network: _Network, blocked: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the straight pieces of a way, broken at blocked nodes and at nodes cut away."""
    before: int | None = None
    for ref in refs:
        if not ref.location.valid():
            before = None
            continue
        if ref.ref in blocked:
            # Each side of the barrier gets an end of its own: the road is there, not the passage.
            place = network.place(ref.lon, ref.lat)
            after: int | None = network.place(ref.lon, ref.lat)
        else:
            place = network.number.get(ref.ref, -1)
            if place < 0:
                place = network.number[ref.ref] = network.place(ref.lon, ref.lat)
            after = place
        if before is not None and before != place:
            yield before, place
        before = after
