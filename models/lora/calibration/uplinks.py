"""Uplinks as LoRaWAN network servers publish them, in JSON.

Read: The Things Network / The Things Stack v3 (webhook, MQTT, storage and event export), ChirpStack
v3 and v4 (`up` events). One JSON array, one object, or one object per line (ndjson). Objects that
are not uplinks (joins, acknowledgements, locations) are counted and passed over. Protobuf JSON
leaves out fields equal to zero: a missing counter is 0 and a missing SNR is 0 dB. A field that is
missing or unreadable otherwise is told by its name, with the line or the number of its object.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from twin.cells import decode, raise_all, read_bytes, shorten
from twin.errors import Fault
from twin.lang import Text

EU868_FASTEST_DR = 5
"""Data rates 0 to 5 of EU868 are SF12 to SF7 at 125 kHz."""
UNKNOWN_SIZE = -1
_PAIRS = (("latitude", "longitude"), ("lat", "lon"), ("lat", "lng"), ("Latitude", "Longitude"))

Json = dict[str, Any]


@dataclass(frozen=True)
class Reception:
    """One gateway's reception of an uplink."""

    gateway: str
    rssi_dbm: float
    snr_db: float


@dataclass(frozen=True)
class Uplink:
    """One uplink heard by at least one gateway.

    `spreading_factor` is 0 for what is not LoRa; `position_deg` is (lon, lat) where the payload
    or the server tells it; `received_at` is the server's ISO 8601 time, empty where absent;
    `payload_bytes` is the size of the application payload, -1 where the log does not carry it.
    `counter_told` is false where the counter is 0 for want of a field; `place` says where in the
    file the object stands.
    """

    device: str
    counter: int
    spreading_factor: int
    frequency_mhz: float
    receptions: tuple[Reception, ...]
    position_deg: tuple[float, float] | None
    received_at: str
    payload_bytes: int = UNKNOWN_SIZE
    bandwidth_hz: int = 125_000
    counter_told: bool = field(default=True, compare=False)
    place: str = field(default="", compare=False)


class FieldError(ValueError):
    """A field of an uplink is missing, or holds what it should not: its name and what was met."""

    def __init__(self, name: str, met: object = None) -> None:
        super().__init__(name, met)
        self.name = name
        self.met = met


def read_uplinks(path: Path | str) -> tuple[list[Uplink], int]:
    """Return the uplinks of a file in its order, and how many other objects it holds.

    Raises
    ------
    DataError
        If the file is unreadable, is not JSON, holds no uplink, or an uplink lacks what it needs.

    """
    file = str(path)
    text = decode(read_bytes(Path(path), file), file)
    uplinks: list[Uplink] = []
    faults: list[Fault] = []
    others = 0
    for place, item in _objects(text, file, faults):
        try:
            uplink = _uplink(item, place)
        except FieldError as error:
            faults.append(field_fault(file, place, error))
            continue
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            faults.append(_malformed(file, place, error))
            continue
        if uplink is None:
            others += 1
        else:
            uplinks.append(uplink)
    if not uplinks and not faults:
        expected = Text(
            "des trames montantes TTS v3 ou ChirpStack v3/v4",
            "uplinks of TTS v3 or ChirpStack v3/v4",
        )
        remedy = Text("exportez les événements « up »", "export the 'up' events")
        faults.append(Fault(expected, remedy, file=file, value=f"{others} objets"))
    raise_all(faults)
    return uplinks, others


def _objects(text: str, file: str, faults: list[Fault]) -> Iterator[tuple[str, Json]]:
    """Yield (place, object) from an array, one object or one object per line."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        whole = None
    if whole is not None:
        items = whole if isinstance(whole, list) else [whole]
        for number, item in enumerate(items, start=1):
            if isinstance(item, dict):
                yield f"n. {number}", item
            else:
                faults.append(_malformed(file, f"n. {number}", TypeError(type(item).__name__)))
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            faults.append(_malformed(file, f"l. {number}", error))
            continue
        if isinstance(item, dict):
            yield f"l. {number}", item
        else:
            faults.append(_malformed(file, f"l. {number}", TypeError(type(item).__name__)))


def _malformed(file: str, place: str, error: Exception) -> Fault:
    return Fault(
        Text(
            "un objet JSON de trame montante complet (passerelle, rssi, facteur d'étalement)",
            "a complete JSON uplink object (gateway, rssi, spreading factor)",
        ),
        Text("exportez de nouveau ces événements", "export these events again"),
        file=file,
        key=place,
        value=shorten(f"{type(error).__name__}: {error}"),
    )


def field_fault(file: str, place: str, error: FieldError) -> Fault:
    """Return the fault of a field that is missing or unreadable, at an object of a file."""
    return Fault(
        Text("un champ « {name} » lisible", "a readable field '{name}'").format(name=error.name),
        Text(
            "exportez l'événement entier, identifiants, compteur, heure et réceptions compris",
            "export the whole event, identifiers, counter, time and receptions included",
        ),
        file=file,
        key=place,
        value="absent" if error.met is None else shorten(str(error.met)),
    )


def received_time(uplink: Uplink) -> datetime | None:
    """Return when the server received an uplink, None where its text is no ISO 8601 time."""
    try:
        return datetime.fromisoformat(uplink.received_at)
    except ValueError:
        return None


def _told(item: Json, prefix: str, *names: str) -> Any:
    """Return the first of several fields that is there and not empty."""
    for name in names:
        if item.get(name) not in (None, ""):
            return item[name]
    raise FieldError(prefix + names[0])


def _number(item: Json, prefix: str, *names: str, default: float | None = None) -> float:
    """Return the first of several numbers, or a default where none is there."""
    if default is not None and not any(name in item for name in names):
        return default
    value = _told(item, prefix, *names)
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise FieldError(prefix + names[0], value) from None
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        raise FieldError(prefix + names[0], value)
    return number


def _members(item: Json, prefix: str, name: str) -> Json:
    """Return the object of a field; an absent one is empty."""
    value = item.get(name)
    if value is not None and not isinstance(value, dict):
        raise FieldError(prefix + name, value)
    return value or {}


def _list(item: Json, prefix: str, name: str) -> list[tuple[str, Json]]:
    """Return the objects of a list, each with its name; an absent list is empty."""
    values = item.get(name) or []
    if not isinstance(values, list):
        raise FieldError(prefix + name, values)
    for number, value in enumerate(values):
        if not isinstance(value, dict):
            raise FieldError(f"{prefix}{name}[{number}]", value)
    return [(f"{prefix}{name}[{number}].", value) for number, value in enumerate(values)]


def _payload_bytes(item: Json, name: str) -> int:
    """Return the size of a base64 payload; unknown where it is left out or blanked."""
    try:
        return len(base64.b64decode(item[name], validate=True))
    except (KeyError, TypeError, ValueError):
        return UNKNOWN_SIZE  # no other field depends on it


def _uplink(item: Json, place: str) -> Uplink | None:
    """Return the uplink an object holds, or None where it is something else."""
    for wrapper in ("result", "data"):  # storage API, event stream
        inner = item.get(wrapper)
        if isinstance(inner, dict) and ("end_device_ids" in inner or "uplink_message" in inner):
            item = inner
    if "uplink_message" in item:
        return _things_stack(item, place)
    if "rxInfo" in item and ("txInfo" in item or "fCnt" in item):
        return _chirpstack(item, place)
    return None


def _things_stack(item: Json, place: str) -> Uplink | None:
    message = _members(item, "", "uplink_message")
    here = "uplink_message."
    identity = _members(item, "", "end_device_ids")
    settings = _members(message, here, "settings")
    rate = _members(settings, f"{here}settings.", "data_rate")
    lora = _members(rate, f"{here}settings.data_rate.", "lora")
    receptions = []
    for prefix, rx in _list(message, here, "rx_metadata"):
        ids = _members(rx, prefix, "gateway_ids")
        gateway = str(_told(ids, f"{prefix}gateway_ids.", "gateway_id", "eui"))
        if "rssi" not in rx and ("packet_broker" in rx or gateway == "packetbroker"):
            continue  # Packet Broker may withhold the level of a foreign gateway
        level = _number(rx, prefix, "rssi")
        receptions.append(Reception(gateway, level, _number(rx, prefix, "snr", default=0.0)))
    if not receptions:
        return None
    return Uplink(
        device=str(_told(identity, "end_device_ids.", "device_id", "dev_eui")),
        counter=int(_number(message, here, "f_cnt", default=0.0)),
        spreading_factor=int(
            _number(lora, f"{here}settings.data_rate.lora.", "spreading_factor", default=0.0)
        ),
        frequency_mhz=_number(settings, f"{here}settings.", "frequency", default=0.0) / 1e6,
        receptions=tuple(receptions),
        position_deg=_position(message.get("decoded_payload"))
        or _position(message.get("locations")),
        received_at=str(message.get("received_at") or item.get("received_at", "")),
        payload_bytes=_payload_bytes(message, "frm_payload"),
        bandwidth_hz=_bandwidth_hz(lora, f"{here}settings.data_rate.lora."),
        counter_told="f_cnt" in message,
        place=place,
    )


def _chirpstack(item: Json, place: str) -> Uplink | None:
    info = _members(item, "", "deviceInfo")
    sent = _members(item, "", "txInfo")
    received = _list(item, "", "rxInfo")
    receptions = tuple(
        Reception(
            gateway=str(_told(rx, prefix, "gatewayId", "gatewayID")),
            rssi_dbm=_number(rx, prefix, "rssi"),
            snr_db=_number(rx, prefix, "snr", "loRaSNR", default=0.0),
        )
        for prefix, rx in received
    )
    if not receptions:
        return None
    lora = _members(_members(sent, "txInfo.", "modulation"), "txInfo.modulation.", "lora")
    device = info.get("devEui") or item.get("devEUI") or item.get("devEui")
    if not device:
        raise FieldError("deviceInfo.devEui")
    return Uplink(
        device=str(device),
        counter=int(_number(item, "", "fCnt", default=0.0)),
        spreading_factor=_chirpstack_factor(item, sent, lora),
        frequency_mhz=_number(sent, "txInfo.", "frequency", default=0.0) / 1e6,
        receptions=receptions,
        position_deg=_position(item.get("object")),
        received_at=str(item.get("time") or received[0][1].get("time") or ""),
        payload_bytes=_payload_bytes(item, "data"),
        bandwidth_hz=_bandwidth_hz(lora, "txInfo.modulation.lora."),
        counter_told="fCnt" in item,
        place=place,
    )


def _bandwidth_hz(lora: Json, prefix: str) -> int:
    return int(_number(lora, prefix, "bandwidth", default=125_000.0))


def _chirpstack_factor(item: Json, sent: Json, lora: Json) -> int:
    """Return the spreading factor: v4 states it, v3 states it or the EU868 data rate."""
    if lora:
        return int(_number(lora, "txInfo.modulation.lora.", "spreadingFactor"))
    legacy = _members(sent, "txInfo.", "loRaModulationInfo")
    if legacy:
        return int(_number(legacy, "txInfo.loRaModulationInfo.", "spreadingFactor"))
    rate = int(
        _number(sent, "txInfo.", "dr") if "dr" in sent else _number(item, "", "dr", default=0.0)
    )
    return 12 - rate if rate <= EU868_FASTEST_DR else 0


def _position(value: object) -> tuple[float, float] | None:
    """Return the first (lon, lat) found in nested objects; (0, 0) is a receiver without a fix."""
    if not isinstance(value, dict):
        return None
    for lat, lon in _PAIRS:
        if isinstance(value.get(lat), int | float) and isinstance(value.get(lon), int | float):
            found = (float(value[lon]), float(value[lat]))
            return None if found == (0.0, 0.0) else found
    return next((p for inner in value.values() if (p := _position(inner)) is not None), None)
