"""NGSI-LD entities under the names of the smart data models for street lighting (CC-BY 4.0).

`Streetlight` a lamp, `StreetlightModel` a kind of lantern, `StreetlightControlCabinet` and
`StreetlightGroup` a cabinet and what it switches [V: schemas of smart-data-models].
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.lighting.exports.outfit import Outfit
from models.lighting.lamp_types import LampType

Entity = dict[str, Any]

CONTEXT = (
    "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld",
    "https://raw.githubusercontent.com/smart-data-models/dataModel.Streetlighting/master/context.jsonld",
)
TECHNOLOGIES = {"led": "LED", "hps": "HPS"}
"""Those the model's list has; it knows neither mercury nor halide."""


def entities(outfit: Outfit) -> Iterator[Entity]:
    """Return every entity: models, then cabinets and groups, then lamps."""
    for kind in {each.id: each for each in outfit.kinds}.values():
        yield _model(kind)
    inventory = outfit.inventory
    cabinets, lamps = inventory.cabinets, inventory.lamps
    for row, name in enumerate(cabinets.ids):
        place = (float(outfit.cabinet_deg[0][row]), float(outfit.cabinet_deg[1][row]))
        yield _cabinet(outfit, row, name, place)
        yield _group(outfit, row, name, place)
    classes = inventory.streets.lighting_class
    for row, name in enumerate(lamps.ids):
        cabinet = cabinets.ids[lamps.cabinet[row]]
        street = int(lamps.street[row])
        found = _entity("Streetlight", name, (float(outfit.lamp_deg[0][row]),
                                              float(outfit.lamp_deg[1][row])))  # fmt: skip
        found |= {
            "refStreetlightModel": _link("StreetlightModel", outfit.kinds[row].id),
            "refStreetlightGroup": _link("StreetlightGroup", cabinet),
            "refStreetlightControlCabinet": _link("StreetlightControlCabinet", cabinet),
            "controllingMethod": _value("individual" if outfit.speaking_nodes else "group"),
            "lanternHeight": _value(float(lamps.height_m[row]), "MTR"),
            "powerRating": _value(round(outfit.kinds[row].system_w, 1), "WTT"),
            "locationCategory": _value("road" if classes[street][0] in "MC" else "sidewalk"),
            "dateServiceStarted": _value(
                {"@type": "DateTime", "@value": f"{int(lamps.installed[row])}-01-01T00:00:00Z"}
            ),
            "status": _value("ok"),
        }
        yield found


def _model(kind: LampType) -> Entity:
    found: Entity = {
        "id": _urn("StreetlightModel", kind.id),
        "type": "StreetlightModel",
        "name": _value(kind.id),
        "powerConsumption": _value(round(kind.system_w, 1), "WTT"),
        "maxPowerConsumption": _value(round(kind.system_w, 1), "WTT"),
        "luminousFlux": _value(kind.flux_lm, "LUM"),
        "workingLife": _value(kind.life_h, "HUR"),
    }
    if kind.technology in TECHNOLOGIES:
        found["lampTechnology"] = _value(TECHNOLOGIES[kind.technology])
    return found


def _cabinet(outfit: Outfit, row: int, name: str, place: tuple[float, float]) -> Entity:
    features = ["astronomicalClock"] + ["individualControl"] * outfit.speaking_nodes
    kva = float(outfit.inventory.cabinets.subscribed_kva[row])
    return _entity("StreetlightControlCabinet", name, place) | {
        "refStreetlightGroup": _link("StreetlightGroup", name),
        "workingMode": _value("automatic"),
        "features": _value(features),
        "maximumPowerAvailable": _value(kva, "KVA"),
    }


def _group(outfit: Outfit, row: int, name: str, place: tuple[float, float]) -> Entity:
    commune = outfit.inventory.communes[outfit.inventory.cabinets.commune[row]]
    return _entity("StreetlightGroup", name, place) | {
        "areaServed": _value(commune),
        "refStreetlightCabinetController": _link("StreetlightControlCabinet", name),
    }


def _entity(kind: str, name: str, place: tuple[float, float]) -> Entity:
    point = {"type": "Point", "coordinates": list(place)}
    return {
        "id": _urn(kind, name),
        "type": kind,
        "location": {"type": "GeoProperty", "value": point},
    }


def _value(value: object, unit: str = "") -> Entity:
    found: Entity = {"type": "Property", "value": value}
    return found | {"unitCode": unit} if unit else found


def _link(kind: str, name: str) -> Entity:
    return {"type": "Relationship", "object": _urn(kind, name)}


def _urn(kind: str, name: str) -> str:
    return f"urn:ngsi-ld:{kind}:{name}"
