"""An inventory in this project's own columns, CSV or GeoJSON: read back, it is the same."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import IO, Any

from models.lighting.exports.outfit import Outfit
from models.lighting.inventory.inventory import FED_BY_CABINET
from models.lighting.inventory.lamp_columns import own_name
from models.lighting.lamp_types import LampType

NAMES = (
    "id", "insee", "cabinet", "type", "lamp_w", "gear_w", "technology", "height_m", "fed_by",
    "street", "lighting_class", "road_width_m", "footway_width_m", "spacing_m", "installed", "kva",
)  # fmt: skip


def rows(outfit: Outfit) -> Iterator[dict[str, Any]]:
    """Return a lamp after the other."""
    inventory = outfit.inventory
    lamps, cabinets, streets = inventory.lamps, inventory.cabinets, inventory.streets
    for row, name in enumerate(lamps.ids):
        cabinet, street, before = (
            int(each[row]) for each in (lamps.cabinet, lamps.street, lamps.fed_by)
        )
        values = (
            name, inventory.communes[cabinets.commune[cabinet]], cabinets.ids[cabinet],
            *_lantern(outfit.kinds[row]), float(lamps.height_m[row]),
            "" if before == FED_BY_CABINET else lamps.ids[before], streets.ids[street],
            streets.lighting_class[street], float(streets.road_width_m[street]),
            float(streets.footway_width_m[street]), round(float(streets.spacing_m[street]), 3),
            int(lamps.installed[row]), float(cabinets.subscribed_kva[cabinet]),
        )  # fmt: skip
        yield dict(zip(NAMES, values, strict=True))


def _lantern(kind: LampType) -> tuple[Any, ...]:
    """Return a lantern by its name in a catalogue, or by its powers where it has none."""
    if kind.id == own_name(kind.technology, kind.lamp_w, kind.gear_w):
        return "", kind.lamp_w, kind.gear_w, kind.technology
    return kind.id, None, None, kind.technology


def write_csv(outfit: Outfit, handle: IO[str]) -> None:
    """Write places in Lambert-93 and everything else, a row a lamp."""
    lamps = outfit.inventory.lamps
    writer = csv.DictWriter(handle, ("id", "x_m", "y_m", *NAMES[1:]), lineterminator="\n")
    writer.writeheader()
    for row, values in enumerate(rows(outfit)):
        place = {"x_m": f"{lamps.x_m[row]:.2f}", "y_m": f"{lamps.y_m[row]:.2f}"}
        writer.writerow(values | place)


def write_geojson(outfit: Outfit, handle: IO[str]) -> None:
    """Write a point a lamp, WGS84."""
    lon, lat = outfit.lamp_deg
    handle.write('{"type": "FeatureCollection", "features": [\n')
    for row, values in enumerate(rows(outfit)):
        point = {"type": "Point", "coordinates": [float(lon[row]), float(lat[row])]}
        feature = {"type": "Feature", "geometry": point, "properties": values}
        handle.write((",\n" if row else "") + json.dumps(feature, ensure_ascii=False))
    handle.write("\n]}\n")
