"""Logs of received frames for tests: any that a network server could hold."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
from hypothesis import strategies as st

from models.lora.airtime import fsk_time_on_air_s, phy_payload_bytes, time_on_air_s
from models.lora.logs.frames import FrameLog
from models.lora.region import DATA_RATES, USUAL_CHANNELS

START = datetime(2026, 3, 1, 6, 30, tzinfo=timezone(timedelta(hours=1)))
CHANNELS_HZ = [channel.frequency_hz for channel in USUAL_CHANNELS]
LORA = [rate.index for rate in DATA_RATES if rate.modulation == "LoRa"]


def airtime_s(data_rate: int, size: int) -> float:
    """Return the time on air of an application payload at a data rate."""
    rate, physical = DATA_RATES[data_rate], phy_payload_bytes(size)
    if rate.modulation == "FSK":
        return float(fsk_time_on_air_s(physical))
    return float(time_on_air_s(physical, rate.spreading_factor, rate.bandwidth_hz))


def frame(**changes: Any) -> dict[str, Any]:
    """Return one frame: device 0, counter 7, SF9, three bytes, heard by gateways 0 and 1."""
    made: dict[str, Any] = {
        "device": 0,
        "f_cnt": 7,
        "start_s": 60.0,
        "data_rate": 3,
        "frequency_hz": 868_300_000,
        "payload_bytes": 3,
        "confirmed": False,
        "heard": [(0, -97.3, 6.5), (1, -118.0, -4.25)],
    }
    return made | changes


def log_of(
    frames: list[dict[str, Any]],
    device_ids: tuple[str, ...] = ("meter-1", "Bac n° 2"),
    gateway_ids: tuple[str, ...] = ("ge-1", "Clocher d'Ardentes", "0016c001f153a14c"),
) -> FrameLog:
    """Return a log of frames given as :func:`frame` gives them; ends follow from the airtime."""

    def column(key: str, kind: type) -> Any:
        return np.array([made[key] for made in frames], dtype=kind)

    heard = [reception for made in frames for reception in made["heard"]]
    starts = column("start_s", np.float64)
    lasts = [airtime_s(made["data_rate"], made["payload_bytes"]) for made in frames]
    return FrameLog(
        device=column("device", np.int32),
        f_cnt=column("f_cnt", np.int64),
        start_s=starts,
        end_s=starts + np.array(lasts, dtype=np.float64),
        data_rate=column("data_rate", np.int8),
        frequency_hz=column("frequency_hz", np.int64),
        payload_bytes=column("payload_bytes", np.int32),
        confirmed=column("confirmed", np.bool_),
        indptr=np.cumsum([0, *(len(made["heard"]) for made in frames)]).astype(np.int64),
        gateway=np.array([r[0] for r in heard], dtype=np.int32),
        rssi_dbm=np.array([r[1] for r in heard], dtype=np.float32),
        snr_db=np.array([r[2] for r in heard], dtype=np.float32),
        device_ids=device_ids,
        gateway_ids=gateway_ids,
        start=START,
    )


RECEPTIONS = st.dictionaries(
    st.integers(0, 2),
    st.tuples(st.floats(-140.0, -20.0, width=32), st.floats(-25.0, 15.0, width=32)),
    min_size=1,
).map(lambda made: [(gateway, *levels) for gateway, levels in made.items()])

FRAMES = st.builds(
    frame,
    device=st.integers(0, 1),
    f_cnt=st.integers(0, 2**32 - 1),
    start_s=st.floats(0.0, 1e8),
    data_rate=st.integers(0, 7),
    frequency_hz=st.sampled_from([*CHANNELS_HZ, 868_850_000]),
    payload_bytes=st.integers(0, 242),
    confirmed=st.booleans(),
    heard=RECEPTIONS,
)

LOGS = st.lists(FRAMES, min_size=1, max_size=6).map(log_of)
