"""Measured frames and the gateways that listened, as a planner's CSV files give them.

Frames: position (`lon`, `lat` in degrees WGS84 or `x_m`, `y_m` in Lambert-93), `gateway`, and per
row either one frame or several sent from one place with one spreading factor::

    lon;lat;gateway;spreading_factor;frames_sent;frames_heard;rssi_dbm;snr_db;use_case;height_m
    1,6910;46,8103;chateau-eau;12;20;14;-121,5;-9,2;pit;0,2
    1,7544;46,8310;chateau-eau;12;20;0;;;pit;0,2

`rssi_dbm` and `snr_db` are those of the heard frames (the mean where several were). Without counts
a row is one frame, heard where it has an RSSI; `heard` (yes/no) may say so instead. `place` names
a position; without it, rows within the same 25 m square share a place, hence their shadowing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.cells import raise_all
from twin.errors import Fault
from twin.lang import Text
from twin.tables import Column, Kind, Table, read_table

Array = NDArray[np.float64]

PLACE_M = 25.0
DEVICE_HEIGHT_M = 1.0
FARTHEST_M = 300_000.0
"""A device heard from farther than this has its longitude and latitude swapped."""

POSITION_COLUMNS = {
    "lon": Column(minimum=-180.0, maximum=180.0, default=math.nan),
    "lat": Column(minimum=-90.0, maximum=90.0, default=math.nan),
    "x_m": Column(minimum=-2e6, maximum=3e6, default=math.nan),
    "y_m": Column(minimum=4e6, maximum=9e6, default=math.nan),
}
FRAME_COLUMNS = {
    **POSITION_COLUMNS,
    "gateway": Column(Kind.TEXT),
    "rssi_dbm": Column(minimum=-180.0, maximum=10.0, default=math.nan),
    "snr_db": Column(minimum=-40.0, maximum=60.0, default=math.nan),
    "spreading_factor": Column(Kind.INTEGER, minimum=7, maximum=12, default=0),
    "frames_sent": Column(minimum=1.0, maximum=1e9, default=math.nan),
    "frames_heard": Column(minimum=0.0, maximum=1e9, default=math.nan),
    "heard": Column(Kind.TEXT, choices=("1", "0", "oui", "non", "yes", "no"), default=""),
    "height_m": Column(minimum=0.0, maximum=500.0, default=DEVICE_HEIGHT_M),
    "use_case": Column(Kind.TEXT, default=""),
    "place": Column(Kind.TEXT, default=""),
}
GATEWAY_COLUMNS = {
    "id": Column(Kind.TEXT, unique=True),
    **POSITION_COLUMNS,
    "height_m": Column(minimum=0.1, maximum=500.0),
}


@dataclass(frozen=True)
class Gateways:
    """Gateways: names and, as arrays (gateways,), Lambert-93 positions and heights above ground."""

    ids: tuple[str, ...]
    x_m: Array
    y_m: Array
    height_m: Array


@dataclass(frozen=True)
class Frames:
    """Measured frames, one row per (place, gateway, spreading factor, level); arrays (rows,).

    `gateway` indexes the :class:`Gateways` they were read with, `place` numbers positions,
    `spreading_factor` is 0 where unknown, `rssi_dbm` and `snr_db` NaN where nothing was heard or
    the figure is unknown; `heard` and `missed` count frames.
    """

    place: NDArray[np.int64]
    gateway: NDArray[np.int64]
    x_m: Array
    y_m: Array
    height_m: Array
    rssi_dbm: Array
    snr_db: Array
    spreading_factor: NDArray[np.int64]
    heard: Array
    missed: Array
    use_case: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.place.size)


def read_gateways(path: Path | str) -> Gateways:
    """Read the gateways' table: `id`, position, `height_m` above ground.

    Raises
    ------
    DataError
        With every fault of the file.

    """
    table = read_table(path, GATEWAY_COLUMNS, allow_extra=True)
    faults: list[Fault] = []
    x_m, y_m = positions_m(table, faults)
    raise_all(faults)
    return Gateways(tuple(table.texts("id")), x_m, y_m, table.numbers("height_m"))


def read_frames(path: Path | str, gateways: Gateways) -> Frames:
    """Read measured frames; see the module for the columns.

    Raises
    ------
    DataError
        With every fault of the file: cells, unknown gateways, positions missing or too far, more
        frames heard than sent, a level without a frame or a frame without a level.

    """
    table = read_table(path, FRAME_COLUMNS, allow_extra=True)
    faults: list[Fault] = []
    x_m, y_m = positions_m(table, faults)
    heard, missed = _counts(table, faults)
    gateway = _gateway_numbers(table, gateways, faults)
    raise_all(faults)
    _check_distances(table, gateways, gateway, x_m, y_m, faults)
    raise_all(faults)
    return Frames(
        place=place_numbers(x_m, y_m, table.texts("place")),
        gateway=gateway,
        x_m=x_m,
        y_m=y_m,
        height_m=table.numbers("height_m"),
        rssi_dbm=table.numbers("rssi_dbm"),
        snr_db=table.numbers("snr_db"),
        spreading_factor=table.integers("spreading_factor"),
        heard=heard,
        missed=missed,
        use_case=tuple(table.texts("use_case")),
    )


def lambert93(lon_deg: Array, lat_deg: Array) -> tuple[Array, Array]:
    """Return Lambert-93 (EPSG:2154) metres of WGS84 degrees; NaN stays NaN."""
    from pyproj import Transformer

    east, north = Transformer.from_crs(4326, 2154, always_xy=True).transform(lon_deg, lat_deg)
    known = np.isfinite(lon_deg) & np.isfinite(lat_deg)
    return np.where(known, east, np.nan), np.where(known, north, np.nan)


def positions_m(table: Table, faults: list[Fault]) -> tuple[Array, Array]:
    """Return Lambert-93 positions of a table that has `lon`, `lat` or `x_m`, `y_m` on each row."""
    x_m, y_m = table.numbers("x_m"), table.numbers("y_m")
    lon, lat = table.numbers("lon"), table.numbers("lat")
    projected = np.isfinite(x_m) & np.isfinite(y_m)
    if not projected.all():
        east, north = lambert93(lon, lat)
        x_m, y_m = np.where(projected, x_m, east), np.where(projected, y_m, north)
    expected = Text("une position : lon et lat, ou x_m et y_m", "a position: lon, lat or x_m, y_m")
    remedy = Text("ajoutez la position de cette ligne", "add the position of this row")
    faults.extend(
        table.fault(int(row), "lon", "", expected, remedy)
        for row in np.flatnonzero(~(np.isfinite(x_m) & np.isfinite(y_m)))
    )
    return x_m, y_m


def place_numbers(x_m: Array, y_m: Array, names: Sequence[str]) -> NDArray[np.int64]:
    """Return the number of each row's place: by name where it has one, else by 25 m square."""
    squares = zip(np.floor(x_m / PLACE_M), np.floor(y_m / PLACE_M), strict=True)
    keys = [name or square for name, square in zip(names, squares, strict=True)]
    order = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([order[key] for key in keys], dtype=np.int64)


def _counts(table: Table, faults: list[Fault]) -> tuple[Array, Array]:
    """Return frames heard and missed per row, from counts, a flag or the mere RSSI."""
    rssi, flags = table.numbers("rssi_dbm"), table.texts("heard")
    sent = np.where(np.isnan(table.numbers("frames_sent")), 1.0, table.numbers("frames_sent"))
    said = np.array([{"": math.nan}.get(f, float(f in {"1", "oui", "yes"})) for f in flags])
    heard = table.numbers("frames_heard")
    heard = np.where(np.isnan(heard), said * sent, heard)
    heard = np.where(np.isnan(heard), np.where(np.isnan(rssi), 0.0, sent), heard)
    checks = (
        (
            heard > sent,
            "frames_heard",
            Text("au plus autant de trames reçues que d'envoyées", "no more heard than sent"),
            Text("corrigez frames_sent ou frames_heard", "correct frames_sent or frames_heard"),
        ),
        (
            (heard > 0.0) & np.isnan(rssi),
            "rssi_dbm",
            Text("le RSSI des trames reçues", "the RSSI of the frames heard"),
            Text("ajoutez-le ou mettez frames_heard à 0", "add it or set frames_heard to 0"),
        ),
        (
            (heard == 0.0) & ~np.isnan(rssi),
            "rssi_dbm",
            Text("aucun RSSI : rien n'a été reçu", "no RSSI: nothing was heard"),
            Text("videz la cellule ou corrigez frames_heard", "empty it or correct frames_heard"),
        ),
    )
    for wrong, name, expected, remedy in checks:
        for row in np.flatnonzero(wrong):
            value = f"{heard[row]:g}" if name == "frames_heard" else f"{rssi[row]:g}"
            faults.append(table.fault(int(row), name, value, expected, remedy))
    return heard, sent - heard


def _gateway_numbers(table: Table, gateways: Gateways, faults: list[Fault]) -> NDArray[np.int64]:
    order = {name: number for number, name in enumerate(gateways.ids)}
    names = table.texts("gateway")
    known = ", ".join(gateways.ids[:8]) + (", …" if len(gateways.ids) > 8 else "")  # noqa: PLR2004
    expected = Text(f"une passerelle connue ({known})", f"a known gateway ({known})")
    remedy = Text("ajoutez-la à la table des passerelles", "add it to the gateways' table")
    faults.extend(
        table.fault(row, "gateway", name, expected, remedy)
        for row, name in enumerate(names)
        if name not in order
    )
    return np.array([order.get(name, 0) for name in names], dtype=np.int64)


def _check_distances(
    table: Table,
    gateways: Gateways,
    gateway: NDArray[np.int64],
    x_m: Array,
    y_m: Array,
    faults: list[Fault],
) -> None:
    distance = np.hypot(x_m - gateways.x_m[gateway], y_m - gateways.y_m[gateway])
    expected = Text("moins de 300 km jusqu'à la passerelle", "less than 300 km to the gateway")
    remedy = Text("lon et lat sont-elles inversées ?", "are lon and lat swapped?")
    faults.extend(
        table.fault(int(row), "lon", f"{distance[row] / 1000.0:.0f} km", expected, remedy)
        for row in np.flatnonzero(~(distance < FARTHEST_M))
    )
