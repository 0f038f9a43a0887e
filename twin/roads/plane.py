"""The metric plane roads are drawn in: Lambert-93 where it reaches, a UTM zone elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.layers import LAMBERT_93

Floats = NDArray[np.float64]

WGS84 = "EPSG:4326"
LAMBERT_93_DEG = (-9.86, 41.15, 10.38, 51.56)
"""Area of use of EPSG:2154: west, south, east, north, degrees [V] (EPSG register)."""

UTM_NORTH, UTM_SOUTH = 32_600, 32_700
ZONE_DEG = 6.0


def plane_for(lon_deg: Floats, lat_deg: Floats) -> str:
    """Return the plane for places in WGS84: "EPSG:2154", or the UTM zone of their middle."""
    lon = (float(np.min(lon_deg)) + float(np.max(lon_deg))) / 2.0
    lat = (float(np.min(lat_deg)) + float(np.max(lat_deg))) / 2.0
    west, south, east, north = LAMBERT_93_DEG
    if west <= lon <= east and south <= lat <= north:
        return LAMBERT_93
    zone = int((lon + 180.0) // ZONE_DEG) % 60 + 1
    return f"EPSG:{(UTM_NORTH if lat >= 0.0 else UTM_SOUTH) + zone}"


def moved(x: Floats, y: Floats, source: str, target: str) -> tuple[Floats, Floats]:
    """Return positions of one system in another; x is east or longitude, y north or latitude."""
    if source.upper() == target.upper():
        return x, y
    from pyproj import Transformer

    east, north = Transformer.from_crs(source, target, always_xy=True).transform(x, y)
    return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)


def ground_m(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Return geodesic lengths on the WGS84 ellipsoid, m: no projection stretches them."""
    from pyproj import Geod

    return np.asarray(Geod(ellps="WGS84").inv(lon_a, lat_a, lon_b, lat_b)[2], dtype=np.float64)
