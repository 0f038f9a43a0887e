"""Frames and gateways as CSV: what is read, what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.lora.calibration.frames import Frames, read_frames, read_gateways
from twin.errors import DataError

GATEWAYS = "id;lon;lat;height_m\nchateau-eau;1,6910;46,8103;32\neglise;1,7000;46,8400;18\n"
HEAD = "lon;lat;gateway;spreading_factor;frames_sent;frames_heard;rssi_dbm;snr_db;use_case;height_m"


def read(folder: Path, *rows: str, head: str = HEAD, gateways: str = GATEWAYS) -> Frames:
    """Return the frames of rows written to a CSV."""
    (folder / "gateways.csv").write_text(gateways, encoding="utf-8")
    (folder / "frames.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return read_frames(folder / "frames.csv", read_gateways(folder / "gateways.csv"))


def faults(folder: Path, *rows: str, head: str = HEAD, gateways: str = GATEWAYS) -> str:
    """Return `key=value` of every fault of rows that must be refused."""
    with pytest.raises(DataError) as caught:
        read(folder, *rows, head=head, gateways=gateways)
    return "\n".join(f"{f.key}={f.value}" for f in caught.value.faults)


def test_counts_levels_and_places_are_read(tmp_path: Path) -> None:
    """Heard and missed frames are counted; rows within 25 m share a place; heights default."""
    frames = read(
        tmp_path,
        "1,7200;46,8200;chateau-eau;12;20;14;-121,5;-9,2;pit;0,2",
        "1,7200;46,8200;eglise;12;20;0;;;pit;0,2",
        "1,7544;46,8310;chateau-eau;;;;-101;4;;",
        "1,7544;46,8310;eglise;;;;;;;",
    )
    assert frames.heard.tolist() == [14.0, 0.0, 1.0, 0.0]
    assert frames.missed.tolist() == [6.0, 20.0, 0.0, 1.0]
    assert frames.place.tolist() == [0, 0, 1, 1]
    assert frames.gateway.tolist() == [0, 1, 0, 1]
    assert frames.spreading_factor.tolist() == [12, 12, 0, 0]
    assert frames.height_m.tolist() == [0.2, 0.2, 1.0, 1.0]
    assert frames.use_case == ("pit", "pit", "", "")
    assert np.isnan(frames.rssi_dbm[[1, 3]]).all()


def test_both_systems_of_coordinates_agree(tmp_path: Path) -> None:
    """Lambert-93 metres and degrees of the same point give the same position within 10 m."""
    rows = ("1,7200;46,8200;chateau-eau;12;1;1;-100;2;;",)
    degrees = read(tmp_path, *rows)
    metres = read(
        tmp_path,
        f"{degrees.x_m[0]:.1f},{degrees.y_m[0]:.1f},chateau-eau,-100",
        head="x_m,y_m,gateway,rssi_dbm",
    )
    assert degrees.x_m[0] == pytest.approx(602_300.0, abs=2_000.0)
    assert degrees.y_m[0] == pytest.approx(6_636_000.0, abs=3_000.0)
    assert metres.x_m[0] == pytest.approx(degrees.x_m[0], abs=0.1)


def test_a_flag_may_stand_for_counts_and_a_name_for_a_place(tmp_path: Path) -> None:
    """`heard` yes/no counts one frame; `place` groups rows that stand apart."""
    frames = read(
        tmp_path,
        "1.72,46.82,eglise,yes,-100,banc",
        "1.73,46.82,eglise,no,,banc",
        head="lon,lat,gateway,heard,rssi_dbm,place",
    )
    assert frames.heard.tolist() == [1.0, 0.0]
    assert frames.missed.tolist() == [0.0, 1.0]
    assert frames.place.tolist() == [0, 0]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """Unknown gateway, too many heard, level without frame, frame without level: all in one."""
    text = faults(
        tmp_path,
        "1,72;46,82;clocher;12;1;1;-100;2;;",
        "1,72;46,82;eglise;12;5;7;-100;2;;",
        "1,72;46,82;eglise;12;5;0;-100;2;;",
        "1,72;46,82;eglise;12;5;3;;2;;",
        ";;eglise;12;5;0;;;;",
    )
    for expected in ("gateway=clocher", "frames_heard=7", "rssi_dbm=-100", "rssi_dbm=nan", "lon="):
        assert expected in text


def test_cells_out_of_range_and_swapped_coordinates_are_refused(tmp_path: Path) -> None:
    """A spreading factor of 13, an RSSI of +100 dBm and swapped coordinates are faults."""
    assert "spreading_factor=13" in faults(tmp_path, "1,72;46,82;eglise;13;1;1;-100;2;;")
    assert "rssi_dbm=100" in faults(tmp_path, "1,72;46,82;eglise;12;1;1;100;2;;")
    assert "km" in faults(tmp_path, "46,82;1,72;eglise;12;1;1;-100;2;;")


def test_gateways_need_ids_heights_and_positions(tmp_path: Path) -> None:
    """Duplicate ids, a height of zero and a missing position are refused."""
    text = faults(
        tmp_path,
        "1,72;46,82;a;12;1;1;-100;2;;",
        gateways="id;lon;lat;height_m\na;1,7;46,8;30\na;1,7;46,8;0\n",
    )
    assert "col. id=a" in text
    assert "height_m=0" in text
    assert "lon" in faults(tmp_path, gateways="id;lon;lat;height_m\na;;;30\n")


def test_empty_file_is_refused(tmp_path: Path) -> None:
    """A header without rows, like an empty file, is one clear fault."""
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataError):
        read_gateways(tmp_path / "empty.csv")
