"""A log at fault: the message names the file, the line, the field and the remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_logs import frame, log_of

from models.lora.calibration.uplinks import read_uplinks
from models.lora.logs import chirpstack, things_stack
from models.lora.logs.replay import read_traffic
from twin.errors import DataError
from twin.lang import Lang

MAKERS = {"chirpstack": chirpstack.uplink, "things-stack": things_stack.uplink}


def at(item: Any, *way: Any) -> Any:
    """Return what stands inside nested objects and lists."""
    for step in way:
        item = item[step]
    return item


CASES: list[tuple[str, tuple[Any, ...], str]] = [
    ("chirpstack", ("deviceInfo", "devEui"), "deviceInfo.devEui"),
    ("chirpstack", ("deviceInfo",), "deviceInfo.devEui"),
    ("chirpstack", ("rxInfo", 1, "gatewayId"), "rxInfo[1].gatewayId"),
    ("chirpstack", ("rxInfo", 1, "rssi"), "rxInfo[1].rssi"),
    ("chirpstack", ("time",), "time, received_at"),
    (
        "chirpstack",
        ("txInfo", "modulation", "lora", "spreadingFactor"),
        "txInfo.modulation.lora.spreadingFactor",
    ),
    ("things-stack", ("end_device_ids",), "end_device_ids.device_id"),
    (
        "things-stack",
        ("uplink_message", "rx_metadata", 0, "rssi"),
        "uplink_message.rx_metadata[0].rssi",
    ),
    (
        "things-stack",
        ("uplink_message", "rx_metadata", 0, "gateway_ids"),
        "uplink_message.rx_metadata[0].gateway_ids.gateway_id",
    ),
]


@pytest.mark.parametrize(("style", "way", "name"), CASES)
def test_a_missing_field_is_named(
    tmp_path: Path, style: str, way: tuple[Any, ...], name: str
) -> None:
    """Without its device, gateway, level, rate or time an object is told by line and field."""
    good, bad = (MAKERS[style](log_of([frame()]), 0) for _ in range(2))
    del at(bad, *way[:-1])[way[-1]]
    path = tmp_path / "uplinks.ndjson"
    path.write_text(f"{json.dumps(good)}\n\n{json.dumps(bad)}\n", "utf-8")
    with pytest.raises(DataError) as caught:
        read_traffic(path)
    (fault,) = caught.value.faults
    assert (fault.file, fault.key, fault.value) == (str(path), "l. 3", "absent")
    assert f"« {name} »" in fault.expected.fr
    assert f"'{name}'" in fault.expected.en


def test_the_message_in_both_languages(tmp_path: Path) -> None:
    """The whole sentence, in French and in English."""
    item = chirpstack.uplink(log_of([frame()]), 0)
    del item["rxInfo"][0]["rssi"]
    path = tmp_path / "u.json"
    path.write_text(json.dumps([item]), "utf-8")
    with pytest.raises(DataError) as caught:
        read_traffic(path)
    assert caught.value.say(Lang.FR) == (
        f"{path} : n. 1 ; trouvé « absent » ; attendu : un champ « rxInfo[0].rssi » lisible ; "
        "remède : exportez l'événement entier, identifiants, compteur, heure et réceptions compris"
    )
    assert caught.value.say(Lang.EN) == (
        f"{path} : n. 1; found 'absent'; expected: a readable field 'rxInfo[0].rssi'; "
        "remedy: export the whole event, identifiers, counter, time and receptions included"
    )


@pytest.mark.parametrize(
    ("way", "value", "name"),
    [
        (("fCnt",), "many", "fCnt"),
        (("rxInfo", 0, "rssi"), None, "rxInfo[0].rssi"),
        (("rxInfo", 0, "snr"), float("nan"), "rxInfo[0].snr"),
        (("rxInfo", 0), "gateway", "rxInfo[0]"),
        (("rxInfo",), "gateway", "rxInfo"),
        (("txInfo",), [1], "txInfo"),
        (("time",), "yesterday", "time, received_at"),
    ],
)
def test_an_unreadable_field_is_named_with_its_value(
    tmp_path: Path, way: tuple[Any, ...], value: Any, name: str
) -> None:
    """A field that holds what it should not is told with what was met."""
    item = chirpstack.uplink(log_of([frame()]), 0)
    at(item, *way[:-1])[way[-1]] = value
    path = tmp_path / "u.json"
    path.write_text(json.dumps(item), "utf-8")
    with pytest.raises(DataError) as caught:
        read_traffic(path)
    assert f"'{name}'" in caught.value.faults[0].expected.en
    assert caught.value.faults[0].value == ("absent" if value is None else str(value))


def test_a_level_withheld_by_packet_broker_is_no_fault(tmp_path: Path) -> None:
    """A foreign gateway without level is passed over; the others' receptions stand."""
    item = things_stack.uplink(log_of([frame()]), 0)
    del item["uplink_message"]["rx_metadata"][1]["rssi"]
    item["uplink_message"]["rx_metadata"][1]["packet_broker"] = {}
    path = tmp_path / "u.json"
    path.write_text(json.dumps(item), "utf-8")
    (uplink,), _ = read_uplinks(path)
    assert [reception.gateway for reception in uplink.receptions] == ["ge-1"]


@pytest.mark.parametrize("data", [None, "***", 12])
def test_a_blanked_payload_is_of_unknown_size(tmp_path: Path, data: object) -> None:
    """A payload taken out of the log for privacy leaves a readable uplink without its size."""
    item = chirpstack.uplink(log_of([frame()]), 0) | {"data": data}
    path = tmp_path / "u.json"
    path.write_text(json.dumps(item), "utf-8")
    (uplink,), _ = read_uplinks(path)
    assert uplink.payload_bytes == -1


def test_lines_end_at_line_feeds_only(tmp_path: Path) -> None:
    """A line separator inside a name does not cut the object, and CRLF ends are read."""
    item = things_stack.uplink(log_of([frame()]), 0)
    item["uplink_message"]["decoded_payload"] = {"note": "a\u2028b"}
    text = json.dumps(item, ensure_ascii=False)
    path = tmp_path / "u.ndjson"
    path.write_bytes(f"{text}\r\n{text}\r\n".encode())
    uplinks, _ = read_uplinks(path)
    assert len(uplinks) == 2
