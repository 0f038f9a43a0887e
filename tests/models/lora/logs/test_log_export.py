"""Exported uplinks: the fields servers document, and nothing lost on the way back."""

from __future__ import annotations

import base64
import json
import re
import tempfile
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from made_logs import LOGS, START, frame, log_of

from models.lora.calibration.uplinks import Uplink, read_uplinks, received_time
from models.lora.logs import chirpstack, things_stack
from models.lora.logs.columns import Labels
from models.lora.logs.export import Style, write_uplinks
from models.lora.logs.frames import FrameLog
from models.lora.logs.identities import device_address, eui64, identifier
from models.lora.region import DATA_RATES
from twin.errors import InputError

CHIRPSTACK_DOCUMENTED: dict[str, Any] = {
    "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
    "time": "2022-07-18T09:34:15.775023242+00:00",
    "deviceInfo": {
        "tenantId": "52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
        "tenantName": "ChirpStack",
        "applicationId": "17c82e96-be03-4f38-aef3-f83d48582d97",
        "applicationName": "Test application",
        "deviceProfileId": "14855bf7-d10d-4aee-b618-ebfcb64dc7ad",
        "deviceProfileName": "Test device-profile",
        "deviceName": "Test device",
        "devEui": "0101010101010101",
        "deviceClassEnabled": "CLASS_A",
        "tags": {"key": "value"},
    },
    "devAddr": "00189440",
    "adr": True,
    "dr": 1,
    "fCnt": 4,
    "fPort": 1,
    "confirmed": False,
    "data": "qg==",
    "object": {"volume_m3": 1.5},
    "rxInfo": [
        {
            "gatewayId": "0016c001f153a14c",
            "uplinkId": 4217106255,
            "gwTime": "2022-07-18T09:34:15.383634+00:00",
            "nsTime": "2022-07-18T09:34:15.775023242+00:00",
            "rssi": -36,
            "snr": 10.5,
            "channel": 1,
            "location": {},
            "crcStatus": "CRC_OK",
        }
    ],
    "txInfo": {
        "frequency": 868_300_000,
        "modulation": {"lora": {"bandwidth": 125_000, "spreadingFactor": 11, "codeRate": "CR_4_5"}},
    },
    "regionConfigId": "eu868",
}
"""An `up` event by hand from ChirpStack's `integration.proto` and `gw.proto`."""

THINGS_STACK_DOCUMENTED: dict[str, Any] = {
    "end_device_ids": {
        "device_id": "dev1",
        "application_ids": {"application_id": "app1"},
        "dev_eui": "0004A30B001C0530",
        "dev_addr": "00BCB929",
    },
    "correlation_ids": ["gs:uplink:01E0WZGSZWT07NE5TS2APTV1Z9"],
    "received_at": "2020-02-12T15:15:46.014773143Z",
    "uplink_message": {
        "session_key_id": "AXA50tHUGUucuzS/bCGMNw==",
        "f_port": 1,
        "f_cnt": 1,
        "frm_payload": "gkHe",
        "decoded_payload": {"volume_m3": 1.5},
        "rx_metadata": [
            {
                "gateway_ids": {"gateway_id": "gtw1", "eui": "9C5C8E00001A05C4"},
                "time": "2020-02-12T15:15:45.787Z",
                "timestamp": 2463457000,
                "rssi": -35,
                "channel_rssi": -35,
                "snr": 5.2,
                "channel_index": 2,
                "received_at": "2020-02-12T15:15:45.787Z",
            }
        ],
        "settings": {
            "data_rate": {
                "lora": {"bandwidth": 125_000, "spreading_factor": 7, "coding_rate": "4/5"}
            },
            "frequency": "868300000",
            "timestamp": 2463457000,
            "time": "2020-02-12T15:15:45.787Z",
        },
        "received_at": "2020-02-12T15:15:45.789585559Z",
        "confirmed": True,
        "consumed_airtime": "0.056576s",
    },
    "simulated": True,
}
"""An uplink by hand from The Things Stack's page of data formats."""


def shape(value: Any) -> Any:
    """Return names and types of a JSON value, tags and decoded values apart; ints are numbers."""
    if isinstance(value, dict):
        return {key: key == "tags" or shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])]
    return float if type(value) is int else type(value)


def test_chirpstack_fields_are_the_documented_ones() -> None:
    """A ChirpStack event has the documented fields, of the documented types, in their order."""
    log = log_of([frame()])
    made = chirpstack.uplink(log, 0, values=lambda row: {"volume_m3": 1.5 + row})
    assert shape(made) == shape(CHIRPSTACK_DOCUMENTED)
    assert list(made) == list(CHIRPSTACK_DOCUMENTED)
    assert list(made["deviceInfo"]) == list(CHIRPSTACK_DOCUMENTED["deviceInfo"])
    assert made["object"] == {"volume_m3": 1.5}
    assert made["txInfo"]["modulation"]["lora"]["spreadingFactor"] == 9
    assert made["dr"] == 3
    assert [type(rx["rssi"]) for rx in made["rxInfo"]] == [int, int]  # int32 in gw.proto
    assert uuid.UUID(made["deduplicationId"]).version == 5


def test_things_stack_fields_are_the_documented_ones() -> None:
    """A Things Stack message has the documented fields, of the documented types."""
    log = log_of([frame(confirmed=True)])
    made = things_stack.uplink(log, 0, values=lambda row: {"volume_m3": 1.5 + row})
    assert shape(made) == shape(THINGS_STACK_DOCUMENTED)
    message = made["uplink_message"]
    assert message["settings"]["data_rate"]["lora"]["spreading_factor"] == 9
    assert message["settings"]["frequency"] == "868300000"
    assert message["rx_metadata"][0]["rssi"] == -97.3
    assert re.fullmatch(r"gs:uplink:[0-7][0-9A-HJKMNP-TV-Z]{25}", made["correlation_ids"][0])
    assert len(base64.b64decode(message["session_key_id"])) == 16


def test_airtime_is_written_as_the_documentation_writes_it() -> None:
    """Twenty bytes on the air at SF7 consume the 0.056576s of The Things Stack's example."""
    log = log_of([frame(data_rate=5, payload_bytes=7)])
    assert things_stack.uplink(log, 0)["uplink_message"]["consumed_airtime"] == "0.056576s"


def test_zeros_are_left_out_where_the_server_leaves_them_out() -> None:
    """Zero counter, empty payload, false flags: kept by ChirpStack's event, not by the others."""
    log = log_of(
        [frame(f_cnt=0, payload_bytes=0, frequency_hz=868_100_000, heard=[(0, -90.0, 0.0)])]
    )
    one, two = chirpstack.uplink(log, 0), things_stack.uplink(log, 0)
    assert (one["fCnt"], one["confirmed"], one["data"]) == (0, False, "")
    assert not {"channel", "snr"} & set(one["rxInfo"][0])
    message = two["uplink_message"]
    assert not {"f_cnt", "confirmed", "frm_payload"} & set(message)
    assert not {"channel_index", "snr"} & set(message["rx_metadata"][0])


def test_identities_are_synthetic_stable_and_told_so() -> None:
    """EUIs are locally administered and hashes of names; a name that is a EUI is kept."""
    octet = int(eui64("device", "meter-1")[:2], 16)
    assert octet & 0x03 == 0x02
    assert eui64("device", "meter-1") == "ae20b19c869ecebf"
    assert eui64("device", "meter-1") != eui64("gateway", "meter-1")
    assert eui64("gateway", "0016C001F153A14C") == "0016c001f153a14c"
    assert int(device_address("meter-1"), 16) < 1 << 25  # NetID 000000
    assert identifier("device", "meter-1") == "meter-1"
    assert re.fullmatch(r"eui-[0-9a-f]{16}", identifier("device", "Bac n° 2"))
    log = log_of([frame()])
    assert chirpstack.uplink(log, 0)["deviceInfo"]["tags"] == {"synthetic": "true"}
    assert things_stack.uplink(log, 0)["simulated"] is True


def expected(log: FrameLog, row: int, style: Style) -> dict[str, Any]:
    """Return what the reader should find of a row."""
    device = log.device_ids[log.device[row]]
    stack = style == "things-stack"
    kind = identifier if stack else eui64
    heard = range(log.indptr[row], log.indptr[row + 1])
    return {
        "device": kind("device", device),
        "counter": log.f_cnt[row],
        "spreading_factor": DATA_RATES[log.data_rate[row]].spreading_factor,
        "frequency_hz": log.frequency_hz[row],
        "gateways": [kind("gateway", log.gateway_ids[log.gateway[r]]) for r in heard],
        # The Things Stack leaves an empty payload out.
        "payload_bytes": int(log.payload_bytes[row]) or (-1 if stack else 0),
    }


def found(uplink: Uplink) -> dict[str, Any]:
    """Return the same of an uplink read."""
    return {
        "device": uplink.device,
        "counter": uplink.counter,
        "spreading_factor": uplink.spreading_factor,
        "frequency_hz": round(uplink.frequency_mhz * 1e6),
        "gateways": [reception.gateway for reception in uplink.receptions],
        "payload_bytes": uplink.payload_bytes,
    }


@pytest.mark.parametrize("style", ["chirpstack", "things-stack"])
@given(log=LOGS)
def test_nothing_is_lost_on_the_way_back(style: Style, log: FrameLog) -> None:
    """Written then read: same devices, counters, rates, channels, receptions, levels, times."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.ndjson"
        assert write_uplinks(log, path, style, labels=Labels(rssi_decimals=1)) == len(log)
        uplinks, others = read_uplinks(path)
    assert others == 0
    order = np.argsort(log.end_s, kind="stable").tolist()
    for row, uplink in zip(order, uplinks, strict=True):
        assert found(uplink) == expected(log, row, style)
        heard = slice(log.indptr[row], log.indptr[row + 1])
        levels = [(r.rssi_dbm, r.snr_db) for r in uplink.receptions]
        told = np.stack([log.rssi_dbm[heard], log.snr_db[heard]], axis=1)
        np.testing.assert_allclose(levels, told, rtol=0.0, atol=0.051)
        time = received_time(uplink)
        assert time is not None
        late = time - START - timedelta(seconds=float(log.end_s[row]))
        assert abs(late) <= timedelta(microseconds=1)


def test_whole_dbm_by_default_for_chirpstack(tmp_path: Path) -> None:
    """ChirpStack publishes whole dBm, half a dB away at most; The Things Stack tenths."""
    log = log_of([frame()])
    levels: dict[str, list[float]] = {}
    for style in ("chirpstack", "things-stack"):
        write_uplinks(log, tmp_path / "log.ndjson", style)
        (uplink,), _ = read_uplinks(tmp_path / "log.ndjson")
        levels[style] = [reception.rssi_dbm for reception in uplink.receptions]
    assert levels == {"chirpstack": [-97.0, -118.0], "things-stack": [-97.3, -118.0]}


def test_lines_are_ascii_and_the_payload_has_its_size(tmp_path: Path) -> None:
    """One object a line, in order of arrival, whatever the names; data holds payload_bytes."""
    frames = [frame(device=1, start_s=500.0, payload_bytes=40), frame(start_s=20.0)]
    path = tmp_path / "deep" / "log.ndjson"
    write_uplinks(log_of(frames), path, "chirpstack")
    objects = [json.loads(line) for line in path.read_text("ascii").splitlines()]
    assert [o["deviceInfo"]["deviceName"] for o in objects] == ["meter-1", "Bac n° 2"]
    assert [len(base64.b64decode(o["data"])) for o in objects] == [3, 40]
    assert objects[0]["time"].startswith("2026-03-01T05:30:20.")


def test_exports_repeat_to_the_byte(tmp_path: Path) -> None:
    """The same log gives the same bytes, which blocks do not change."""
    log = log_of([frame(f_cnt=n, start_s=float(n)) for n in range(20)])
    for style, module in (("chirpstack", chirpstack), ("things-stack", things_stack)):
        write_uplinks(log, tmp_path / "a", style)  # type: ignore[arg-type]
        alone = [line for n in range(20) for line in module.lines(log, np.array([n]))]
        together = (tmp_path / "a").read_text("ascii").splitlines()
        again = list(module.lines(log, np.arange(20)))
        assert together == again
        assert alone == together


def test_a_failing_encoder_leaves_the_old_file(tmp_path: Path) -> None:
    """Values that JSON cannot hold are refused, named by row, and the file is as it was."""
    path = tmp_path / "log.ndjson"
    path.write_text("old", "ascii")
    with pytest.raises(InputError) as caught:
        write_uplinks(log_of([frame()]), path, values=lambda _: {"level": float("nan")})
    assert caught.value.faults[0].key == "values(0)"
    assert path.read_text("ascii") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["log.ndjson"]


def test_an_unknown_server_and_port_are_refused(tmp_path: Path) -> None:
    """Another style than the two, or a port of the protocol's own, is an error that says so."""
    with pytest.raises(InputError) as caught:
        write_uplinks(
            log_of([frame()]),
            tmp_path / "x",
            "actility",  # type: ignore[arg-type]
            labels=Labels(port=0),
        )
    assert [fault.key for fault in caught.value.faults] == ["style", "labels.port"]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"device": 2}, "device"),
        ({"f_cnt": -1}, "f_cnt"),
        ({"heard": []}, "indptr"),
        ({"heard": [(0, float("nan"), 0.0)]}, "rssi_dbm"),
        ({"heard": [(3, -90.0, 0.0)]}, "gateway"),
        ({"start_s": float("inf")}, "start_s"),
        ({"payload_bytes": -1}, "payload_bytes"),
    ],
)
def test_impossible_frames_are_refused(changes: dict[str, Any], key: str) -> None:
    """A frame no server could log, or that nobody heard, is refused by the array at fault."""
    with pytest.raises(InputError) as caught:
        log_of([frame(), frame(**changes)])
    assert key in [fault.key for fault in caught.value.faults]


def test_arrays_that_do_not_fit_are_refused() -> None:
    """An array of another length, a repeated name and a start without zone are told together."""
    log = log_of([frame()])
    fields = {**vars(log), "snr_db": log.snr_db[:1], "device_ids": ("a", "a")}
    with pytest.raises(InputError) as caught:
        FrameLog(**{**fields, "start": START.replace(tzinfo=None)})
    assert [fault.key for fault in caught.value.faults] == ["snr_db", "device_ids", "start"]
