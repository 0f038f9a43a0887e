"""Traffic rebuilt from a network server's log: who sent what and when, and what was lost.

A log holds what some gateway heard. The frames really sent are estimated from the counters, by the
rules of :mod:`models.lora.calibration.network_logs`: repetitions of a frame are joined, a fall of
the counter is a new session (the device joined again), a gap is as many lost frames unless it is
longer than `LONGEST_GAP`, which is taken for an outage and not counted. The estimate is a lower
bound: frames lost before the first or after the last one heard in a session leave no trace.

A frame is sent one time on air before the server receives it; the network's delay, of the order of
0.1 s [U], is not taken off. Where the log states no payload the time of reception stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.lora.airtime import MAC_OVERHEAD_BYTES, time_on_air_s
from models.lora.calibration.network_logs import LONGEST_GAP, frames_of_device, missing_between
from models.lora.calibration.uplinks import (
    FieldError,
    Uplink,
    field_fault,
    read_uplinks,
    received_time,
)
from models.lora.logs.frames import LARGEST_PAYLOAD_BYTES
from twin.cells import raise_all
from twin.errors import Fault, InputError
from twin.lang import Text

TIME_FIELD = "time, received_at"
"""ChirpStack's and The Things Stack's names of the time of reception."""

COUNTER_FIELD = "fCnt, f_cnt"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ReplayedTraffic:
    """Frames heard, grouped by device and in order of time, and what is known of each device.

    Attributes
    ----------
    devices
        Names, sorted: the EUI for ChirpStack, the device id for The Things Stack.
    start
        The instant of t = 0, in UTC.
    indptr
        Shape (devices + 1,): the frames of device d are `indptr[d]:indptr[d + 1]`.
    sent_s, spreading_factor, bandwidth_hz, frequency_hz, counter, payload_bytes, gateways
        Shape (frames,): start of the transmission, seconds after `start`; 0 where not LoRa; channel
        bandwidth and frequency (0 unknown); frame counter; application bytes (-1 unknown); how many
        gateways heard it.
    estimated_sent, sessions, outages, period_s
        Shape (devices,): frames sent, the lost ones included; runs of the counter; gaps too long to
        be counted; median time per step of the counter, NaN where fewer than two frames tell.
    notices
        What a reader should know.
    """

    devices: tuple[str, ...]
    start: datetime
    indptr: NDArray[np.int64]
    sent_s: NDArray[np.float64]
    spreading_factor: NDArray[np.int8]
    bandwidth_hz: NDArray[np.int32]
    frequency_hz: NDArray[np.int64]
    counter: NDArray[np.int64]
    payload_bytes: NDArray[np.int32]
    gateways: NDArray[np.int32]
    estimated_sent: NDArray[np.int64]
    sessions: NDArray[np.int64]
    outages: NDArray[np.int64]
    period_s: NDArray[np.float64]
    notices: tuple[Text, ...]

    def __len__(self) -> int:
        return len(self.counter)

    def rows(self, device: int) -> slice:
        """Return where the frames of a device stand in the arrays."""
        return slice(int(self.indptr[device]), int(self.indptr[device + 1]))

    @property
    def loss_share(self) -> NDArray[np.float64]:
        """Share of each device's frames that no gateway heard, shape (devices,)."""
        return 1.0 - np.diff(self.indptr) / self.estimated_sent


def read_traffic(path: Path | str, start: datetime | None = None) -> ReplayedTraffic:
    """Return the traffic of a JSON log of ChirpStack (v3, v4) or The Things Stack (v3).

    Parameters
    ----------
    path
        An array, an object, or one object a line.
    start
        The instant of t = 0, with its zone; the first transmission by default.

    Raises
    ------
    DataError
        With each object that lacks its device, its gateways, their levels, its time or its zone,
        or where no object of the log carries a counter.
    InputError
        If `start` has no zone.
    """
    uplinks, others = read_uplinks(path)
    traffic_notices = []
    if others:
        traffic_notices.append(
            Text(
                "{n} objets qui ne sont pas des trames montantes reçues, laissés de côté",
                "{n} objects that are not uplinks with a reception, passed over",
            ).format(n=others)
        )
    return traffic_of(uplinks, start, file=str(path), notices=traffic_notices)


def traffic_of(
    uplinks: Sequence[Uplink],
    start: datetime | None = None,
    *,
    file: str = "",
    notices: Sequence[Text] = (),
) -> ReplayedTraffic:
    """Return the traffic of uplinks already read; see :func:`read_traffic`."""
    if start is not None and start.tzinfo is None:
        raise InputError(
            Fault(
                Text("un instant avec son fuseau", "an instant with its zone"),
                Text("ajoutez +00:00 ou Z", "add +00:00 or Z"),
                key="start",
                value=start.isoformat(),
            )
        )
    _check(uplinks, file)
    by_device: dict[str, list[Uplink]] = defaultdict(list)
    for uplink in uplinks:
        by_device[uplink.device].append(uplink)
    devices = tuple(sorted(by_device))
    frames = [frames_of_device(by_device[name]) for name in devices]
    flat = [frame for one in frames for frame in one]
    indptr = np.concatenate(([0], np.cumsum([len(one) for one in frames]))).astype(np.int64)
    factor = np.array([frame.spreading_factor for frame in flat], dtype=np.int8)
    bandwidth_hz = np.array([frame.bandwidth_hz for frame in flat], dtype=np.int32)
    payload_bytes = np.array([frame.payload_bytes for frame in flat], dtype=np.int32)
    sent_us = _received_us(flat) - _airtime_us(payload_bytes, factor, bandwidth_hz)
    zero_us = int(sent_us.min()) if start is None else (start - _EPOCH) // timedelta(microseconds=1)
    sent_s = (sent_us - zero_us) / 1e6
    counter = np.array([frame.counter for frame in flat], dtype=np.int64)
    known = [_sessions(sent_s[low:high], counter[low:high]) for low, high in pairwise(indptr)]
    outages = np.array([one[2] for one in known], dtype=np.int64)
    sessions = np.array([one[1] for one in known], dtype=np.int64)
    return ReplayedTraffic(
        devices=devices,
        start=_EPOCH + timedelta(microseconds=int(zero_us)),
        indptr=indptr,
        sent_s=sent_s,
        spreading_factor=factor,
        bandwidth_hz=bandwidth_hz,
        frequency_hz=np.rint(np.array([f.frequency_mhz for f in flat]) * 1e6).astype(np.int64),
        counter=counter,
        payload_bytes=payload_bytes,
        gateways=np.array([len(frame.receptions) for frame in flat], dtype=np.int32),
        estimated_sent=np.array([one[0] for one in known], dtype=np.int64),
        sessions=sessions,
        outages=outages,
        period_s=np.array([one[3] for one in known], dtype=np.float64),
        notices=(*notices, *_notices(by_device, sessions, outages, payload_bytes)),
    )


def _check(uplinks: Sequence[Uplink], file: str) -> None:
    """Raise a DataError for uplinks without a time and its zone, or a log without counters."""
    faults = []
    for uplink in uplinks:
        time = received_time(uplink)
        if time is None or time.tzinfo is None:
            met = uplink.received_at or None
            faults.append(field_fault(file, uplink.place, FieldError(TIME_FIELD, met)))
    # One zero counter is left out of protobuf JSON; all of them cannot be zero.
    if len(uplinks) > 1 and not any(uplink.counter_told for uplink in uplinks):
        faults.append(field_fault(file, uplinks[0].place, FieldError(COUNTER_FIELD)))
    raise_all(faults)


def _received_us(frames: Sequence[Uplink]) -> NDArray[np.int64]:
    """Return the times of reception, whole microseconds since 1970."""
    step = timedelta(microseconds=1)
    times = (received_time(frame) for frame in frames)
    return np.array([((time or _EPOCH) - _EPOCH) // step for time in times], dtype=np.int64)


def _airtime_us(
    payload_bytes: NDArray[np.int32], factor: NDArray[np.int8], bandwidth_hz: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return the time on air of frames, microseconds; 0 where size or rate is unknown."""
    known = (payload_bytes >= 0) & (payload_bytes <= LARGEST_PAYLOAD_BYTES)
    known &= (factor >= 7) & (factor <= 12) & (bandwidth_hz > 0)  # noqa: PLR2004 - LoRa's rates
    result = np.zeros(len(factor), dtype=np.int64)
    size = payload_bytes[known].astype(np.int64) + MAC_OVERHEAD_BYTES
    airtime_s = time_on_air_s(size, factor[known], bandwidth_hz[known])
    result[known] = np.rint(airtime_s * 1e6).astype(np.int64)
    return result


def _sessions(
    sent_s: NDArray[np.float64], counter: NDArray[np.int64]
) -> tuple[int, int, int, float]:
    """Return frames sent, sessions, outages and period of one device."""
    lost = [missing_between(a, b) for a, b in pairwise(counter.tolist())]
    counted = sum(n for n in lost if n <= LONGEST_GAP)
    steps, waits_s = np.diff(counter), np.diff(sent_s)
    forward = steps > 0
    period_s = float(np.median(waits_s[forward] / steps[forward])) if forward.any() else np.nan
    return (
        len(counter) + counted,
        1 + int((steps < 0).sum()),
        sum(n > LONGEST_GAP for n in lost),
        period_s,
    )


def _notices(
    by_device: dict[str, list[Uplink]],
    sessions: NDArray[np.int64],
    outages: NDArray[np.int64],
    payload_bytes: NDArray[np.int32],
) -> list[Text]:
    notices = []
    if (sessions > 1).any():
        notices.append(
            Text(
                "{n} retours du compteur tenus pour de nouvelles sessions",
                "{n} falls of the counter taken for new sessions",
            ).format(n=int((sessions - 1).sum()))
        )
    if outages.any():
        notices.append(
            Text(
                "{n} trous de plus de {gap} trames tenus pour des coupures et non comptés",
                "{n} gaps of more than {gap} frames taken for outages and not counted",
            ).format(n=int(outages.sum()), gap=LONGEST_GAP)
        )
    mute = sum(
        len(logged) > 2 and not any(uplink.counter_told for uplink in logged)  # noqa: PLR2004
        for logged in by_device.values()
    )
    if mute:
        notices.append(
            Text(
                "{n} appareils sans aucun compteur : leurs trames sont tenues pour une seule",
                "{n} devices without any counter: their frames are taken for one",
            ).format(n=mute)
        )
    unsized = int((payload_bytes < 0).sum())
    if unsized:
        notices.append(
            Text(
                "{n} trames sans charge utile dans le journal : taille inconnue",
                "{n} frames without a payload in the log: size unknown",
            ).format(n=unsized)
        )
    return notices
