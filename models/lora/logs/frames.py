"""What a network server would log: one row a received frame, with every gateway that heard it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from models.lora.region import DATA_RATES
from twin.errors import Fault, InputError
from twin.lang import Text, same

LARGEST_COUNTER = 2**32 - 1
"""Servers keep 32 bits of a frame counter [V]."""

LARGEST_PAYLOAD_BYTES = 242
"""Application bytes of the largest EU868 frame, RP002 [V]."""


@dataclass(frozen=True)
class FrameLog:
    """Received frames as parallel arrays, receptions in compressed rows.

    Parameters
    ----------
    device, f_cnt, start_s, end_s, data_rate, frequency_hz, payload_bytes, confirmed
        Shape (frames,): row of `device_ids`; frame counter; first and last instant on the air,
        seconds of scenario time; EU868 data rate 0 to 7; channel; application bytes; whether the
        device asks for an acknowledgement.
    indptr
        Shape (frames + 1,): the receptions of frame i are `indptr[i]:indptr[i + 1]`, at least one.
    gateway, rssi_dbm, snr_db
        Shape (receptions,): row of `gateway_ids`, RSSI and SNR of the frame there.
    device_ids, gateway_ids
        Names, without repetition.
    start
        The instant of t = 0, with its zone.

    Raises
    ------
    InputError
        With every array of the wrong length or holding values out of range.
    """

    device: NDArray[np.int32]
    f_cnt: NDArray[np.int64]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    data_rate: NDArray[np.int8]
    frequency_hz: NDArray[np.int64]
    payload_bytes: NDArray[np.int32]
    confirmed: NDArray[np.bool_]
    indptr: NDArray[np.int64]
    gateway: NDArray[np.int32]
    rssi_dbm: NDArray[np.float32]
    snr_db: NDArray[np.float32]
    device_ids: Sequence[str]
    gateway_ids: Sequence[str]
    start: datetime

    def __post_init__(self) -> None:
        faults = _wrong_lengths(self)
        if not faults:  # ranges of arrays that do not fit together mean nothing
            faults = _out_of_range(self)
        faults += _wrong_names(self)
        if faults:
            raise InputError(*faults)

    def __len__(self) -> int:
        return len(self.f_cnt)


def _wrong_lengths(log: FrameLog) -> list[Fault]:
    """Return a fault for each array whose shape is not the one its rows ask for."""
    frames, receptions = len(log.f_cnt), len(log.gateway)
    wanted = {
        **dict.fromkeys(("device", "f_cnt", "start_s", "end_s", "data_rate"), frames),
        **dict.fromkeys(("frequency_hz", "payload_bytes", "confirmed"), frames),
        "indptr": frames + 1,
        **dict.fromkeys(("gateway", "rssi_dbm", "snr_db"), receptions),
    }
    remedy = Text("donnez une valeur par ligne", "give one value per row")
    return [
        Fault(same(f"({size},)"), remedy, key=key, value=str(np.shape(getattr(log, key))))
        for key, size in wanted.items()
        if np.shape(getattr(log, key)) != (size,)
    ]


def _out_of_range(log: FrameLog) -> list[Fault]:
    """Return a fault for each array with a value that no network server could log."""
    faults: list[Fault] = []
    ranges: dict[str, tuple[float, float]] = {
        "device": (0, len(log.device_ids) - 1),
        "gateway": (0, len(log.gateway_ids) - 1),
        "f_cnt": (0, LARGEST_COUNTER),
        "data_rate": (0, len(DATA_RATES) - 1),
        "frequency_hz": (1, 2**32 - 1),
        "payload_bytes": (0, LARGEST_PAYLOAD_BYTES),
        "start_s": (-np.finfo(np.float64).max, np.finfo(np.float64).max),
        "rssi_dbm": (-300.0, -1.0),  # servers leave out an RSSI of 0 dBm
        "snr_db": (-100.0, 100.0),
    }
    for key, (low, high) in ranges.items():
        values = np.asarray(getattr(log, key))
        bad = ~((values >= low) & (values <= high))  # NaN is bad too
        if bad.any():
            faults.append(_range_fault(key, values[bad][0], f"{low:g} … {high:g}"))
    ends = ~((log.end_s >= log.start_s) & np.isfinite(log.end_s))
    if ends.any():
        faults.append(_range_fault("end_s", log.end_s[ends][0], "≥ start_s"))
    if log.indptr[0] != 0 or log.indptr[-1] != len(log.gateway) or (np.diff(log.indptr) < 1).any():
        faults.append(
            Fault(
                Text(
                    "0, puis des bornes strictement croissantes jusqu'au nombre de réceptions",
                    "0, then strictly increasing bounds up to the number of receptions",
                ),
                Text(
                    "ôtez les trames que personne n'a reçues", "leave out frames that nobody heard"
                ),
                key="indptr",
            )
        )
    return faults


def _range_fault(key: str, value: object, expected: str) -> Fault:
    remedy = Text("corrigez cette valeur", "correct this value")
    return Fault(same(expected), remedy, key=key, value=str(value))


def _wrong_names(log: FrameLog) -> list[Fault]:
    """Return a fault for repeated names and for a start without its zone."""
    faults = [
        Fault(
            Text("des noms sans répétition", "names without repetition"),
            Text("renommez les homonymes", "rename those that share a name"),
            key=key,
        )
        for key, names in (("device_ids", log.device_ids), ("gateway_ids", log.gateway_ids))
        if len(set(names)) != len(names)
    ]
    if log.start.tzinfo is None:
        faults.append(
            Fault(
                Text("une date avec son fuseau", "an instant with its zone"),
                Text("ajoutez tzinfo=UTC", "add tzinfo=UTC"),
                key="start",
                value=str(log.start),
            )
        )
    return faults
