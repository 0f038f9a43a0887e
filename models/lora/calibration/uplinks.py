"""Uplinks as LoRaWAN network servers publish them, in JSON.

Read: The Things Network / The Things Stack v3 (webhook, MQTT, storage and event export), ChirpStack
v3 and v4 (`up` events). One JSON array, one object, or one object per line (ndjson). Objects that
are not uplinks (joins, acknowledgements, locations) are counted and passed over. Protobuf JSON
leaves out fields equal to zero: a missing counter is 0 and a missing SNR is 0 dB.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin.cells import decode, raise_all, read_bytes, shorten
from twin.errors import Fault
from twin.lang import Text

EU868_FASTEST_DR = 5
"""Data rates 0 to 5 of EU868 are SF12 to SF7 at 125 kHz."""
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
    or the server tells it; `received_at` is the server's ISO 8601 time, empty where absent.
    """

    device: str
    counter: int
    spreading_factor: int
    frequency_mhz: float
    receptions: tuple[Reception, ...]
    position_deg: tuple[float, float] | None
    received_at: str


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
            uplink = _uplink(item)
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
    for number, line in enumerate(text.splitlines(), start=1):
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


def _uplink(item: Json) -> Uplink | None:
    """Return the uplink an object holds, or None where it is something else."""
    for wrapper in ("result", "data"):  # storage API, event stream
        inner = item.get(wrapper)
        if isinstance(inner, dict) and "end_device_ids" in inner:
            item = inner
    if "uplink_message" in item:
        return _things_stack(item)
    if "rxInfo" in item and ("txInfo" in item or "fCnt" in item):
        return _chirpstack(item)
    return None


def _things_stack(item: Json) -> Uplink | None:
    message: Json = item["uplink_message"]
    identity: Json = item["end_device_ids"]
    settings: Json = message.get("settings", {})
    lora: Json = settings.get("data_rate", {}).get("lora", {})
    receptions = tuple(
        Reception(
            gateway=str(rx["gateway_ids"].get("gateway_id") or rx["gateway_ids"]["eui"]),
            rssi_dbm=float(rx["rssi"]),
            snr_db=float(rx.get("snr", 0.0)),
        )
        for rx in message["rx_metadata"]
        if "rssi" in rx  # Packet Broker may withhold the level of a foreign gateway
    )
    if not receptions:
        return None
    return Uplink(
        device=str(identity.get("device_id") or identity["dev_eui"]),
        counter=int(message.get("f_cnt", 0)),
        spreading_factor=int(lora.get("spreading_factor", 0)),
        frequency_mhz=float(settings.get("frequency", 0.0)) / 1e6,
        receptions=receptions,
        position_deg=_position(message.get("decoded_payload"))
        or _position(message.get("locations")),
        received_at=str(message.get("received_at") or item.get("received_at", "")),
    )


def _chirpstack(item: Json) -> Uplink | None:
    info: Json = item.get("deviceInfo", {})
    sent: Json = item.get("txInfo", {})
    receptions = tuple(
        Reception(
            gateway=str(rx.get("gatewayId") or rx["gatewayID"]),
            rssi_dbm=float(rx["rssi"]),
            snr_db=float(rx.get("snr", rx.get("loRaSNR", 0.0))),
        )
        for rx in item["rxInfo"]
    )
    if not receptions:
        return None
    return Uplink(
        device=str(info.get("devEui") or item.get("devEUI") or item["devEui"]),
        counter=int(item.get("fCnt", 0)),
        spreading_factor=_chirpstack_factor(item, sent),
        frequency_mhz=float(sent.get("frequency", 0.0)) / 1e6,
        receptions=receptions,
        position_deg=_position(item.get("object")),
        received_at=str(item.get("time") or item["rxInfo"][0].get("time") or ""),
    )


def _chirpstack_factor(item: Json, sent: Json) -> int:
    """Return the spreading factor: v4 states it, v3 states it or the EU868 data rate."""
    lora: Json = sent.get("modulation", {}).get("lora", {}) or sent.get("loRaModulationInfo", {})
    if lora:
        return int(lora["spreadingFactor"])
    rate = int(sent["dr"] if "dr" in sent else item.get("dr", 0))
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
