"""Frames, the missed ones included, from what a network server logged.

A network server logs only what some gateway heard, yet the misses can be counted:

* an uplink heard by one gateway and not by another is a miss of the second;
* a gap in a device's frame counter is as many frames that every gateway missed.

Only gateways that heard something in the log take part (one that heard nothing may have been off).
A fall of the counter is a new session; a gap longer than `LONGEST_GAP` is taken for an outage or a
silent device and is not counted. A missed frame is placed where the device stands: at its listed
position, or where the fixes before and after the gap are less than 50 m apart; it carries the
spreading factor of the frame before the gap. What cannot be placed is left out and told.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.lora.calibration.frames import (
    DEVICE_HEIGHT_M,
    POSITION_COLUMNS,
    Frames,
    Gateways,
    lambert93,
    place_numbers,
    positions_m,
)
from models.lora.calibration.uplinks import Uplink, received_time
from twin.cells import raise_all
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.tables import Column, Kind, read_table

LONGEST_GAP = 50
STILL_M = 50.0


@dataclass(frozen=True)
class Device:
    """Where a device stands: Lambert-93 position, height above ground, use case."""

    x_m: float
    y_m: float
    height_m: float = DEVICE_HEIGHT_M
    use_case: str = ""


@dataclass(frozen=True)
class LoggedFrames:
    """Frames rebuilt from a log, and what a reader should know about them."""

    frames: Frames
    notices: tuple[Text, ...]


def read_devices(path: Path | str) -> dict[str, Device]:
    """Read the devices' table: `device`, position, `height_m` and `use_case` optional.

    Raises
    ------
    DataError
        With every fault of the file.

    """
    columns = {
        "device": Column(Kind.TEXT, unique=True),
        **POSITION_COLUMNS,
        "height_m": Column(minimum=0.0, maximum=500.0, default=DEVICE_HEIGHT_M),
        "use_case": Column(Kind.TEXT, default=""),
    }
    table = read_table(path, columns, allow_extra=True)
    faults: list[Fault] = []
    x_m, y_m = positions_m(table, faults)
    raise_all(faults)
    rows = zip(
        table.texts("device"), x_m, y_m, table.numbers("height_m"), table.texts("use_case"),
        strict=True,
    )  # fmt: skip
    return {name: Device(float(x), float(y), float(h), case) for name, x, y, h, case in rows}


@dataclass(frozen=True)
class _Sent:
    """One frame known to have been sent; `receptions` is empty for a gap."""

    at: Device
    spreading_factor: int
    receptions: Mapping[str, tuple[float, float]]


def frames_from_uplinks(
    uplinks: Iterable[Uplink], gateways: Gateways, devices: Mapping[str, Device] | None = None
) -> LoggedFrames:
    """Return the frames, heard and missed, that a list of uplinks implies.

    Parameters
    ----------
    uplinks
        In the order of the log; those of one device are put in the order of `received_at` where
        every one carries it.
    gateways
        The gateways whose receptions count; others are told and left out.
    devices
        Listed positions, which win over those of the payloads.

    Raises
    ------
    DataError
        If no uplink has both a known gateway and a position.

    """
    listed = devices or {}
    sessions: dict[str, list[Uplink]] = defaultdict(list)
    for uplink in uplinks:
        sessions[uplink.device].append(uplink)
    told: dict[str, int] = defaultdict(int)
    sent: list[_Sent] = []
    for name, logged in sorted(sessions.items()):
        sent.extend(_device_frames(logged, listed.get(name), told))
    known = set(gateways.ids)
    active = {g for frame in sent for g in frame.receptions} & known
    strangers = {g for frame in sent for g in frame.receptions} - known
    if not active:
        raise DataError(_nothing_usable(told, strangers))
    frames = _tabulate(sent, [i for i, g in enumerate(gateways.ids) if g in active], gateways)
    return LoggedFrames(frames, tuple(_notices(told, strangers, known - active)))


def _device_frames(
    logged: list[Uplink], listed: Device | None, told: dict[str, int]
) -> list[_Sent]:
    """Return the frames of one device, gaps filled."""
    frames: list[_Sent] = []
    before: tuple[int, Device | None, int] | None = None
    for uplink in frames_of_device(logged):
        here = listed or _fix(uplink)
        missing = 0 if before is None else missing_between(before[0], uplink.counter)
        if before is not None and missing:
            there = before[1]
            if missing > LONGEST_GAP:
                told["outage"] += 1
            elif here is None or there is None or _apart_m(here, there) > STILL_M:
                told["moved"] += missing
            else:
                told["gap"] += missing
                frames.extend([_Sent(there, before[2], {})] * missing)
        if here is None:
            told["unplaced"] += 1
        else:
            levels = {r.gateway: (r.rssi_dbm, r.snr_db) for r in uplink.receptions}
            frames.append(_Sent(here, uplink.spreading_factor, levels))
        before = (uplink.counter, here, uplink.spreading_factor)
    return frames


def frames_of_device(logged: Sequence[Uplink]) -> list[Uplink]:
    """Return the frames of one device in order of arrival, repetitions joined.

    The order is that of `received_at` where every uplink has a time with its zone, else the log's.
    """
    times = [time for uplink in logged if (time := received_time(uplink)) and time.tzinfo]
    if len(times) == len(logged):
        by_time = sorted(range(len(logged)), key=lambda number: times[number])
        logged = [logged[number] for number in by_time]
    elif all(uplink.received_at for uplink in logged):
        logged = sorted(logged, key=lambda uplink: uplink.received_at)
    return _merged(logged)


def missing_between(before: int, after: int) -> int:
    """Return how many frames a counter skipped from one frame to the next; 0 in a new session."""
    return max(after - before - 1, 0)


def _merged(logged: Sequence[Uplink]) -> list[Uplink]:
    """Join repetitions of one frame (same counter in a row): their receptions are its own."""
    result: list[Uplink] = []
    for uplink in logged:
        if result and result[-1].counter == uplink.counter:
            last = result[-1]
            have = {r.gateway for r in last.receptions}
            extra = tuple(r for r in uplink.receptions if r.gateway not in have)
            result[-1] = replace(
                last,
                receptions=last.receptions + extra,
                position_deg=last.position_deg or uplink.position_deg,
            )
        else:
            result.append(uplink)
    return result


def _fix(uplink: Uplink) -> Device | None:
    if uplink.position_deg is None:
        return None
    east, north = lambert93(np.array([uplink.position_deg[0]]), np.array([uplink.position_deg[1]]))
    return Device(float(east[0]), float(north[0]))


def _apart_m(a: Device, b: Device) -> float:
    return math.hypot(a.x_m - b.x_m, a.y_m - b.y_m)


def _tabulate(sent: list[_Sent], active: list[int], gateways: Gateways) -> Frames:
    """Return one row per heard frame and gateway, and one per group of alike misses."""
    rows: list[tuple[Device, int, int, float, float, float, float]] = []
    misses: dict[tuple[Device, int, int], int] = defaultdict(int)
    for frame in sent:
        for number in active:
            level = frame.receptions.get(gateways.ids[number])
            if level is None:
                misses[frame.at, number, frame.spreading_factor] += 1
            else:
                rows.append((frame.at, number, frame.spreading_factor, *level, 1.0, 0.0))
    for (device, number, factor), count in misses.items():
        rows.append((device, number, factor, math.nan, math.nan, 0.0, float(count)))
    x_m = np.array([row[0].x_m for row in rows])
    y_m = np.array([row[0].y_m for row in rows])
    return Frames(
        place=place_numbers(x_m, y_m, [""] * len(rows)),
        gateway=np.array([row[1] for row in rows], dtype=np.int64),
        x_m=x_m,
        y_m=y_m,
        height_m=np.array([row[0].height_m for row in rows]),
        rssi_dbm=np.array([row[3] for row in rows]),
        snr_db=np.array([row[4] for row in rows]),
        spreading_factor=np.array([row[2] for row in rows], dtype=np.int64),
        heard=np.array([row[5] for row in rows]),
        missed=np.array([row[6] for row in rows]),
        use_case=tuple(row[0].use_case for row in rows),
    )


def _nothing_usable(told: Mapping[str, int], strangers: set[str]) -> Fault:
    met = ", ".join(sorted(strangers)[:8])
    return Fault(
        Text(
            "des trames reçues par une passerelle de la table et dont la position est connue",
            "frames heard by a gateway of the table and whose position is known",
        ),
        Text(
            "complétez la table des passerelles, ou donnez les positions des appareils (--devices)",
            "complete the gateways' table, or give the devices' positions (--devices)",
        ),
        key="uplinks",
        value=met or f"{told['unplaced']} trames sans position",
    )


def _notices(told: Mapping[str, int], strangers: set[str], silent: set[str]) -> Iterable[Text]:
    if told["gap"]:
        yield Text(
            "{n} trames perdues par toutes les passerelles, déduites des compteurs",
            "{n} frames missed by every gateway, deduced from the counters",
        ).format(n=told["gap"])
    if told["outage"]:
        yield Text(
            "{n} trous de plus de {gap} trames tenus pour des coupures et non comptés",
            "{n} gaps of more than {gap} frames taken for outages and not counted",
        ).format(n=told["outage"], gap=LONGEST_GAP)
    if told["moved"]:
        yield Text(
            "{n} trames perdues en mouvement ou sans position, non comptées",
            "{n} frames missed on the move or without a position, not counted",
        ).format(n=told["moved"])
    if told["unplaced"]:
        yield Text(
            "{n} trames sans position, laissées de côté", "{n} frames without a position, left out"
        ).format(n=told["unplaced"])
    if strangers:
        yield Text(
            "passerelles absentes de la table, laissées de côté : {names}",
            "gateways absent from the table, left out: {names}",
        ).format(names=", ".join(sorted(strangers)))
    if silent:
        yield Text(
            "passerelles qui n'ont rien reçu, peut-être éteintes, laissées de côté : {names}",
            "gateways that heard nothing, perhaps off, left out: {names}",
        ).format(names=", ".join(sorted(silent)))
