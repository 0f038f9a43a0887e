"""Uplinks as ChirpStack v4 publishes them: the `up` event in JSON.

Field names and types: `integration.proto` and `gw.proto` of ChirpStack v4, JSON mapping of Protocol
Buffers [V]. The event's own fields are written even when zero, those of `rxInfo` and `txInfo` are
left out when zero, as ChirpStack does [V]. RSSI is a whole number of dBm (int32) [V].

Not simulated, and so left out or equal: the delay between gateway and server (`time`, `gwTime` and
`nsTime` are the frame's last instant), gateway positions, `context`, `timeSinceGpsEpoch`. Every
event says that it is synthetic in `deviceInfo.tags`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lora.logs.columns import CHANNEL_NUMBERS, Columns, Labels, Values, columns
from models.lora.logs.frames import FrameLog
from models.lora.logs.identities import device_address, eui64, uuid_of
from models.lora.region import DATA_RATES

RSSI_DECIMALS = 0
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
    gateways = [f'{{"gatewayId":"{eui64("gateway", name)}","uplinkId":' for name in log.gateway_ids]
    tails = {key: _tail(*key) for key in set(zip(block.data_rate, block.frequency_hz, strict=True))}
    channels = {hz: _channel(hz) for hz in set(block.frequency_hz)}
    for i, (number, rate, hz) in enumerate(
        zip(block.device, block.data_rate, block.frequency_hz, strict=True)
    ):
        frame = uuid_of("uplink", f"{log.device_ids[number]}:{block.f_cnt[i]}:{block.at[i]}")
        received = _receptions(block, i, gateways, channels[hz], int(frame[:8], 16))
        shown = f'"object":{block.values[i]},' if block.values else ""
        yield (
            f'{{"deduplicationId":"{frame}","time":"{block.at[i]}+00:00",{heads[number]}'
            f'"dr":{rate},"fCnt":{block.f_cnt[i]},"fPort":{labels.port},'
            f'"confirmed":{"true" if block.confirmed[i] else "false"},"data":"{block.data[i]}",'
            f'{shown}"rxInfo":[{received}],{tails[rate, hz]}'
        )


def uplink(
    log: FrameLog, row: int, labels: Labels = LABELS, values: Values | None = None
) -> dict[str, Any]:
    """Return one frame of a log as a JSON object."""
    made: dict[str, Any] = json.loads(next(lines(log, np.array([row]), labels, values)))
    return made


def _receptions(block: Columns, i: int, gateways: list[str], channel: str, uplink_id: int) -> str:
    """Return the content of `rxInfo`; uplink ids of a frame follow one another."""
    at = block.at[i]
    return ",".join(
        f'{gateways[block.gateway[r]]}{(uplink_id + n) & 0xFFFF_FFFF},"gwTime":"{at}+00:00",'
        f'"nsTime":"{at}+00:00"{_told("rssi", block.rssi[r])}{_told("snr", block.snr[r])}{channel}'
        ',"location":{},"crcStatus":"CRC_OK"}'
        for n, r in enumerate(range(block.bounds[i], block.bounds[i + 1]))
    )


def _told(key: str, value: str) -> str:
    return "" if value == "0" else f',"{key}":{value}'


def _channel(frequency_hz: int) -> str:
    number = CHANNEL_NUMBERS.get(frequency_hz, 0)
    return f',"channel":{number}' if number else ""


def _head(name: str, labels: Labels) -> str:
    """Return what depends on the device alone, from `deviceInfo` to `adr`."""
    info = {
        "tenantId": uuid_of("tenant", labels.tenant),
        "tenantName": labels.tenant,
        "applicationId": uuid_of("application", labels.application),
        "applicationName": labels.application,
        "deviceProfileId": uuid_of("profile", labels.profile),
        "deviceProfileName": labels.profile,
        "deviceName": name,
        "devEui": eui64("device", name),
        "deviceClassEnabled": "CLASS_A",
        "tags": {"synthetic": "true"},
    }
    head = {"deviceInfo": info, "devAddr": device_address(name), "adr": labels.adr}
    return json.dumps(head, separators=(",", ":"))[1:-1] + ","


def _tail(data_rate: int, frequency_hz: int) -> str:
    """Return what depends on the channel and rate alone: `txInfo` to the closing brace."""
    rate = DATA_RATES[data_rate]
    if rate.modulation == "LoRa":
        modulation: dict[str, Any] = {
            "lora": {
                "bandwidth": rate.bandwidth_hz,
                "spreadingFactor": rate.spreading_factor,
                "codeRate": "CR_4_5",
            }
        }
    else:
        modulation = {"fsk": {"datarate": rate.bit_rate}}
    tail = {
        "txInfo": {"frequency": frequency_hz, "modulation": modulation},
        "regionConfigId": "eu868",
    }
    return json.dumps(tail, separators=(",", ":"))[1:]
