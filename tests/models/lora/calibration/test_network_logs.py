"""Network servers' logs: formats read alike, missed frames counted from gaps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.lora.calibration.frames import Gateways, lambert93
from models.lora.calibration.network_logs import Device, frames_from_uplinks, read_devices
from models.lora.calibration.uplinks import Reception, Uplink, read_uplinks
from twin.errors import DataError

X, Y = (float(v[0]) for v in lambert93(np.array([1.7]), np.array([46.8])))
GATEWAYS = Gateways(
    ("ge-1", "ge-2", "ge-3"), np.array([X, X, X]), np.array([Y, Y, Y]), np.array([30.0, 25.0, 20.0])
)
BENCH = {"meter-1": Device(X + 2_000.0, Y, 0.2, "pit")}


def things_stack(counter: int, *, wrapped: bool = False) -> dict[str, Any]:
    """Return an uplink as The Things Stack v3 writes it."""
    message: dict[str, Any] = {
        "f_port": 1,
        "decoded_payload": {"gps_1": {"latitude": 46.81, "longitude": 1.72, "altitude": 150}},
        "rx_metadata": [
            {"gateway_ids": {"gateway_id": "ge-1", "eui": "0" * 16}, "rssi": -97, "snr": 6.5},
            {"gateway_ids": {"gateway_id": "ge-2"}, "rssi": -118},
            {"gateway_ids": {"gateway_id": "packetbroker"}, "packet_broker": {}},
        ],
        "settings": {
            "data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 9}},
            "frequency": "868300000",
        },
    }
    if counter:
        message["f_cnt"] = counter  # protobuf JSON leaves zero out
    item = {"end_device_ids": {"device_id": "meter-1"}, "uplink_message": message}
    return {"result": item} if wrapped else item


def chirpstack_v4(counter: int) -> dict[str, Any]:
    """Return the same uplink as ChirpStack v4 writes it."""
    return {
        "deduplicationId": "x",
        "time": f"2025-03-01T10:00:{counter % 60:02d}+00:00",
        "deviceInfo": {"deviceName": "m", "devEui": "meter-1"},
        "fCnt": counter,
        "dr": 3,
        "object": {"gpsLocation": {"1": {"latitude": 46.81, "longitude": 1.72}}},
        "rxInfo": [
            {"gatewayId": "ge-1", "rssi": -97, "snr": 6.5},
            {"gatewayId": "ge-2", "rssi": -118},
        ],
        "txInfo": {
            "frequency": 868300000,
            "modulation": {"lora": {"bandwidth": 125000, "spreadingFactor": 9}},
        },
    }


def chirpstack_v3(counter: int) -> dict[str, Any]:
    """Return the same uplink as ChirpStack v3 writes it."""
    return {
        "applicationID": "1",
        "devEUI": "meter-1",
        "fCnt": counter,
        "object": {"lat": 46.81, "lon": 1.72},
        "rxInfo": [
            {"gatewayID": "ge-1", "rssi": -97, "loRaSNR": 6.5},
            {"gatewayID": "ge-2", "rssi": -118, "loRaSNR": 0},
        ],
        "txInfo": {"frequency": 868300000, "dr": 3},
    }


def write(folder: Path, items: list[Any], *, lines: bool) -> Path:
    """Write a log as an array or as one object a line."""
    path = folder / "log.json"
    text = "\n".join(json.dumps(i) for i in items) if lines else json.dumps(items)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize("make", [things_stack, chirpstack_v4, chirpstack_v3])
def test_every_server_tells_the_same_uplink(tmp_path: Path, make: Any, lines: bool) -> None:
    """TTS v3, ChirpStack v4 and v3, as an array or line by line, give the same uplink."""
    uplinks, others = read_uplinks(write(tmp_path, [make(7), {"join_accept": {}}], lines=lines))
    assert others == 1
    (uplink,) = uplinks
    assert uplink.device == "meter-1"
    assert uplink.counter == 7
    assert uplink.spreading_factor == 9
    assert uplink.frequency_mhz == pytest.approx(868.3)
    assert uplink.receptions == (Reception("ge-1", -97.0, 6.5), Reception("ge-2", -118.0, 0.0))
    assert uplink.position_deg == (1.72, 46.81)


def test_storage_export_and_counter_zero_are_read(tmp_path: Path) -> None:
    """The storage API's `result` wrapper is opened and an absent counter is zero."""
    uplinks, _ = read_uplinks(write(tmp_path, [things_stack(0, wrapped=True)], lines=True))
    assert uplinks[0].counter == 0


def test_broken_lines_are_named(tmp_path: Path) -> None:
    """Malformed JSON, an uplink without gateway ids and a bare number are told with their lines."""
    broken = things_stack(3)
    broken["uplink_message"]["rx_metadata"] = [{"rssi": -100}]
    path = tmp_path / "log.ndjson"
    path.write_text(f"{json.dumps(broken)}\n{{oops\n12\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_uplinks(path)
    assert [fault.key for fault in caught.value.faults] == ["l. 1", "l. 2", "l. 3"]


@pytest.mark.parametrize("text", ["", "[]", '{"join_accept": {}}'])
def test_a_file_without_uplinks_is_refused(tmp_path: Path, text: str) -> None:
    """An empty file or one with other events only is a fault, not an empty calibration."""
    path = tmp_path / "log.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        read_uplinks(path)


def heard(counter: int, *gateways: str, at: tuple[float, float] | None = None) -> Uplink:
    """Return an uplink of meter-1 heard by `gateways`."""
    levels = tuple(Reception(g, -110.0, -3.0) for g in gateways)
    return Uplink("meter-1", counter, 10, 868.1, levels, at, "")


def totals(uplinks: list[Uplink], devices: dict[str, Device] | None = None) -> dict[str, Any]:
    """Return frames heard and missed per gateway, and the notices."""
    logged = frames_from_uplinks(uplinks, GATEWAYS, devices)
    frames = logged.frames
    result: dict[str, Any] = {"notices": " | ".join(n.en for n in logged.notices)}
    for number, name in enumerate(GATEWAYS.ids):
        rows = frames.gateway == number
        result[name] = (frames.heard[rows].sum(), frames.missed[rows].sum())
    return result


def test_gaps_and_deaf_gateways_are_misses() -> None:
    """Counters 1, 2, 5: two frames missed by all; a frame heard by one only is missed by the other.

    The silent third gateway is left out, with a notice.
    """
    seen = totals([heard(1, "ge-1", "ge-2"), heard(2, "ge-1"), heard(5, "ge-2")], BENCH)
    assert seen["ge-1"] == (2.0, 3.0)
    assert seen["ge-2"] == (2.0, 3.0)
    assert seen["ge-3"] == (0.0, 0.0)
    assert "2 frames missed by every gateway" in seen["notices"]
    assert "ge-3" in seen["notices"]


def test_sent_equals_heard_plus_missed_for_each_gateway() -> None:
    """Each active gateway accounts for every frame known to have been sent."""
    rng = np.random.default_rng(0)
    uplinks = [
        heard(i, *g)
        for i in range(200)
        if (g := [n for n in ("ge-1", "ge-2") if rng.random() < 0.5])
    ]
    first, last = uplinks[0].counter, uplinks[-1].counter
    seen = totals(uplinks, BENCH)
    for name in ("ge-1", "ge-2"):
        assert sum(seen[name]) == last - first + 1


def test_restarts_outages_and_repetitions_are_not_misses() -> None:
    """A counter that falls, a gap of 400 frames and a repeated frame add no miss."""
    seen = totals([heard(9, "ge-1"), heard(1, "ge-1"), heard(2, "ge-1"), heard(2, "ge-1"),
                   heard(402, "ge-1")], BENCH)  # fmt: skip
    assert seen["ge-1"] == (4.0, 0.0)
    assert "1 gaps of more than 50" in seen["notices"]


def test_misses_on_the_move_are_left_out() -> None:
    """A gap between two fixes 1 km apart has no place; between equal fixes it has."""
    moving = [heard(1, "ge-1", at=(1.70, 46.80)), heard(4, "ge-1", at=(1.713, 46.80))]
    seen = totals(moving)
    assert seen["ge-1"] == (2.0, 0.0)
    assert "2 frames missed on the move" in seen["notices"]
    still = [heard(1, "ge-1", at=(1.70, 46.80)), heard(4, "ge-1", at=(1.70, 46.80))]
    assert totals(still)["ge-1"] == (2.0, 2.0)


def test_nothing_usable_is_refused() -> None:
    """No position, or only unknown gateways, is an error that says which."""
    with pytest.raises(DataError):
        frames_from_uplinks([heard(1, "ge-1")], GATEWAYS)
    with pytest.raises(DataError) as caught:
        frames_from_uplinks([heard(1, "elsewhere")], GATEWAYS, BENCH)
    assert "elsewhere" in caught.value.faults[0].value


def test_devices_table(tmp_path: Path) -> None:
    """Listed positions carry height and use case."""
    path = tmp_path / "devices.csv"
    path.write_text(
        "device,lon,lat,height_m,use_case\nmeter-1,1.7,46.8,0.2,pit\n", encoding="utf-8"
    )
    device = read_devices(path)["meter-1"]
    assert (device.x_m, device.y_m) == pytest.approx((X, Y))
    assert (device.height_m, device.use_case) == (0.2, "pit")
