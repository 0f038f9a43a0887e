"""Uplinks as The Things Stack v3 publishes them: webhook, MQTT and event JSON.

Field names: The Things Stack's documentation of its data formats and its v3 API [V]. Fields that
are empty, zero or false are left out [V]; RSSI is a float [V]; `consumed_airtime` is a Protocol
Buffers duration [V]; the frequency is a 64-bit number and so a string [V].

Not simulated: the delay between gateway and server (every time is the frame's last instant), join
EUIs, gateway positions, uplink tokens. Every message carries `"simulated": true`, the server's own
mark [V].
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lora.logs.columns import CHANNEL_NUMBERS, Columns, Labels, Values, columns
from models.lora.logs.frames import FrameLog
from models.lora.logs.identities import (
    device_address,
    eui64,
    identifier,
    session_key_id,
    ulid_of,
)
from models.lora.region import DATA_RATES

RSSI_DECIMALS = 1
LABELS = Labels()


def lines(
    log: FrameLog,
    rows: NDArray[np.int64],
    labels: Labels = LABELS,
    values: Values | None = None,
) -> Iterator[str]:
    """Yield the JSON text of the frames `rows`, one object each, without line ends."""
    decimals = RSSI_DECIMALS if labels.rssi_decimals is None else labels.rssi_decimals
    block = columns(log, rows, decimals, values)
    heads = {number: _head(log.device_ids[number], labels) for number in set(block.device)}
    keys = {number: session_key_id(log.device_ids[number]) for number in heads}
    gateways = [_gateway(name) for name in log.gateway_ids]
    settings = {
        key: _settings(*key) for key in set(zip(block.data_rate, block.frequency_hz, strict=True))
    }
    channels = {hz: _channel(hz) for hz in set(block.frequency_hz)}
    clocks = (block.stamp_us & 0xFFFF_FFFF).tolist()  # concentrators count on 32 bits
    airtimes = [f"{seconds:.6f}s" for seconds in block.airtime_s.tolist()]
    port = f'"f_port":{labels.port},' if labels.port else ""
    for i, (number, rate, hz) in enumerate(
        zip(block.device, block.data_rate, block.frequency_hz, strict=True)
    ):
        at, counter = block.at[i], block.f_cnt[i]
        frame = ulid_of("uplink", f"{log.device_ids[number]}:{counter}:{at}")
        told = f'"f_cnt":{counter},' if counter else ""
        data = f'"frm_payload":"{block.data[i]}",' if block.data[i] else ""
        shown = f'"decoded_payload":{block.values[i]},' if block.values else ""
        confirmed = '"confirmed":true,' if block.confirmed[i] else ""
        yield (
            f'{{{heads[number]}"correlation_ids":["gs:uplink:{frame}"],"received_at":"{at}Z",'
            f'"uplink_message":{{"session_key_id":"{keys[number]}",{port}{told}{data}{shown}'
            f'"rx_metadata":[{_receptions(block, i, gateways, channels[hz], clocks[i])}],'
            f'{settings[rate, hz]}"timestamp":{clocks[i]},"time":"{at}Z"}},'
            f'"received_at":"{at}Z",{confirmed}"consumed_airtime":"{airtimes[i]}"}},'
            '"simulated":true}'
        )


def uplink(
    log: FrameLog, row: int, labels: Labels = LABELS, values: Values | None = None
) -> dict[str, Any]:
    """Return one frame of a log as a JSON object."""
    made: dict[str, Any] = json.loads(next(lines(log, np.array([row]), labels, values)))
    return made


def _receptions(block: Columns, i: int, gateways: list[str], channel: str, clock: int) -> str:
    """Return the content of `rx_metadata`; all gateways count the same microseconds."""
    at = block.at[i]
    return ",".join(
        f'{gateways[block.gateway[r]]}"time":"{at}Z","timestamp":{clock}'
        f"{_told('rssi', block.rssi[r])}{_told('channel_rssi', block.rssi[r])}"
        f'{_told("snr", block.snr[r])}{channel},"received_at":"{at}Z"}}'
        for r in range(block.bounds[i], block.bounds[i + 1])
    )


def _told(key: str, value: str) -> str:
    return "" if value == "0" else f',"{key}":{value}'


def _channel(frequency_hz: int) -> str:
    number = CHANNEL_NUMBERS.get(frequency_hz, 0)
    return f',"channel_index":{number}' if number else ""


def _gateway(name: str) -> str:
    ids = {"gateway_id": identifier("gateway", name), "eui": eui64("gateway", name).upper()}
    return f'{{"gateway_ids":{json.dumps(ids, separators=(",", ":"))},'


def _head(name: str, labels: Labels) -> str:
    """Return the device's identifiers, a comma last."""
    ids = {
        "device_id": identifier("device", name),
        "application_ids": {"application_id": identifier("application", labels.application)},
        "dev_eui": eui64("device", name).upper(),
        "dev_addr": device_address(name).upper(),
    }
    return f'"end_device_ids":{json.dumps(ids, separators=(",", ":"))},'


def _settings(data_rate: int, frequency_hz: int) -> str:
    """Return `settings` up to its clock, still open."""
    rate = DATA_RATES[data_rate]
    if rate.modulation == "LoRa":
        shown: dict[str, Any] = {
            "lora": {
                "bandwidth": rate.bandwidth_hz,
                "spreading_factor": rate.spreading_factor,
                "coding_rate": "4/5",
            }
        }
    else:
        shown = {"fsk": {"bit_rate": rate.bit_rate}}
    settings = {"data_rate": shown, "frequency": str(frequency_hz)}
    return f'"settings":{json.dumps(settings, separators=(",", ":"))[:-1]},'
