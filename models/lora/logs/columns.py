"""A block of frames as columns of ready-made JSON fragments, which each server's form assembles.

Exports are bound by string work: what depends on the device, gateway or channel alone is written
once, and what varies is formatted by column.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC

import numpy as np
from numpy.typing import NDArray

from models.lora.logs.frames import FrameLog
from models.lora.logs.identities import payload
from models.lora.region import USUAL_CHANNELS
from twin.errors import Fault, InputError
from twin.lang import Text

Values = Callable[[int], Mapping[str, object]]
"""The decoded values of a row of the log, shown as `object` or `decoded_payload`."""

CHANNEL_NUMBERS = {channel.frequency_hz: n for n, channel in enumerate(USUAL_CHANNELS)}
"""Index of a channel at the gateway: its rank in the usual plan [U]; others are left out."""

MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Labels:
    """What a server knows of the devices beside the radio.

    `port` and `adr` (the device lets the server choose its rate) are those of every frame.
    `rssi_decimals` is None for what the server itself publishes: whole dBm for ChirpStack, whose
    RSSI is an int32 [V], tenths for The Things Stack, whose RSSI is a float [V].
    """

    tenant: str = "Territory twin"
    application: str = "rehearsal"
    profile: str = "EU868 class A"
    port: int = 1
    adr: bool = True
    rssi_decimals: int | None = None


@dataclass(frozen=True)
class Columns:
    """Fragments of a block of frames, one a frame, and of their receptions, one a reception.

    `at` is the frame's last instant, when gateways stamp it: RFC 3339 in UTC to the microsecond,
    without the zone. `data` is the payload in base64. `values` is JSON, empty without a callback.
    `bounds` holds the block's receptions: those of frame i are `bounds[i]:bounds[i + 1]`.
    `stamp_us` is `at` in microseconds since 1970.
    """

    device: list[int]
    f_cnt: list[int]
    at: list[str]
    stamp_us: NDArray[np.int64]
    airtime_s: NDArray[np.float64]
    data_rate: list[int]
    frequency_hz: list[int]
    confirmed: list[bool]
    data: list[str]
    values: list[str]
    bounds: list[int]
    gateway: list[int]
    rssi: list[str]
    snr: list[str]


def columns(
    log: FrameLog, rows: NDArray[np.int64], rssi_decimals: int, values: Values | None
) -> Columns:
    """Return the fragments of the frames `rows` of a log, in that order.

    Raises
    ------
    InputError
        If `values` returns what JSON cannot hold.
    """
    counts = log.indptr[rows + 1] - log.indptr[rows]
    bounds = np.concatenate(([0], np.cumsum(counts)))
    heard = np.repeat(log.indptr[rows] - bounds[:-1], counts) + np.arange(bounds[-1])
    stamp_us = _start_us(log) + np.round(log.end_s[rows] * MICROSECONDS).astype(np.int64)
    device, f_cnt = log.device[rows].tolist(), log.f_cnt[rows].tolist()
    sizes = log.payload_bytes[rows].tolist()
    return Columns(
        device=device,
        f_cnt=f_cnt,
        at=np.datetime_as_string(stamp_us.astype("datetime64[us]"), unit="us").tolist(),
        stamp_us=stamp_us,
        airtime_s=log.end_s[rows] - log.start_s[rows],
        data_rate=log.data_rate[rows].tolist(),
        frequency_hz=log.frequency_hz[rows].tolist(),
        confirmed=log.confirmed[rows].tolist(),
        data=[
            b64encode(payload(log.device_ids[number], counter, size)).decode()
            for number, counter, size in zip(device, f_cnt, sizes, strict=True)
        ],
        values=[] if values is None else [_json(values, row) for row in rows.tolist()],
        bounds=bounds.tolist(),
        gateway=log.gateway[heard].tolist(),
        rssi=_decimals(log.rssi_dbm[heard], rssi_decimals),
        snr=_decimals(log.snr_db[heard], 1),
    )


def _start_us(log: FrameLog) -> int:
    """Return t = 0 in whole microseconds since 1970, which a float could not hold."""
    naive = log.start.astimezone(UTC).replace(tzinfo=None)
    return int(np.datetime64(naive, "us").astype(np.int64))


def _decimals(values: NDArray[np.float32], decimals: int) -> list[str]:
    """Return numbers with at most `decimals` places, without a needless `.0` or a minus zero."""
    scale = 10**decimals
    steps = np.rint(values.astype(np.float64) * scale).astype(np.int64)
    found, inverse = np.unique(steps, return_inverse=True)
    words = [f"{step / scale:g}" for step in found.tolist()]
    return [words[number] for number in inverse.tolist()]


def _json(values: Values, row: int) -> str:
    try:
        return json.dumps(dict(values(row)), separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(
            Fault(
                Text("un dictionnaire que JSON sait écrire", "a mapping that JSON can hold"),
                Text(
                    "rendez des nombres finis, des textes, des listes ou des dictionnaires",
                    "return finite numbers, texts, lists or mappings",
                ),
                key=f"values({row})",
                value=str(error),
            )
        ) from error
