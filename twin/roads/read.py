"""Roads from whichever file a planner has."""

from __future__ import annotations

from pathlib import Path

from twin.errors import DataError, Fault
from twin.lang import Text
from twin.roads.graph import RoadGraph
from twin.roads.truck import Truck

OSM_SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2")
GRAPHML_SUFFIXES = (".graphml",)


def read_roads(path: Path | str, truck: Truck | None = None) -> RoadGraph:
    """Return the roads of an OpenStreetMap extract or of a GraphML file, by its suffix.

    Raises
    ------
    DataError
        Another suffix; then as :func:`twin.roads.osm.read_osm` and
        :func:`twin.roads.graphml.read_graphml`.
    """
    path = Path(path)
    name = path.name.lower()
    if name.endswith(OSM_SUFFIXES):
        from twin.roads.osm import read_osm

        return read_osm(path, truck)
    if name.endswith(GRAPHML_SUFFIXES):
        from twin.roads.graphml import read_graphml

        return read_graphml(path, truck)
    raise DataError(
        Fault(
            file=path.name,
            value=path.suffix,
            expected=Text(
                "un fichier de routes .osm.pbf, .osm ou .graphml",
                "a file of roads, .osm.pbf, .osm or .graphml",
            ),
            remedy=Text(
                "prenez un extrait OpenStreetMap (download.geofabrik.de) ou un export d'OSMnx",
                "take an OpenStreetMap extract (download.geofabrik.de) or an export of OSMnx",
            ),
        )
    )
