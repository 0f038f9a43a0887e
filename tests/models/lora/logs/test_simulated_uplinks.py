"""Frames of the compiled engine as a network server would log them, and back again."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lora.calibration.observations import signal_power_dbm
from models.lora.cell import Cell, network
from models.lora.cell_play import play
from models.lora.logs.export import write_uplinks
from models.lora.logs.replay import read_traffic
from models.lora.logs.replay_report import summary
from models.lora.logs.simulated import (
    MOST_SNR_DB,
    START,
    UplinksFile,
    numbered,
    reported,
    simulated,
    watched,
)
from models.lora.network import fates
from models.lora.network.draws import ALARM, JOIN, PERIODIC
from models.lora.network.fates import DELIVERED
from models.lora.network.window import WindowEngine, empty_log
from twin.cli.app import run
from twin.errors import InputError
from twin.lang import Lang

ASKED = Cell(
    80, gateways=3, interval_s=600.0, days=0.5, radius_m=900.0, fading_db=3.0, payload_bytes=17
)


def test_strong_and_weak_signals_are_reported_as_receivers_do() -> None:
    """At the noise RSSI is 3 dB above and SNR 0; far above, RSSI is the level and SNR the cap."""
    rssi_dbm, snr_db = reported(np.array([-117.0, -60.0, -137.0]), np.full(3, -117.0))
    assert rssi_dbm == pytest.approx([-117.0 + 10 * math.log10(2), -60.0, -117.0], abs=0.05)
    assert snr_db.tolist() == [0.0, MOST_SNR_DB, -20.0]


@given(st.floats(-145.0, -102.0), st.floats(-120.0, -117.0))
def test_the_level_comes_back_from_what_is_reported(level_dbm: float, noise_dbm: float) -> None:
    """RSSI corrected by SNR is the level again wherever the SNR is not capped, else within 0.2."""
    rssi_dbm, snr_db = reported(np.array([level_dbm]), np.array([noise_dbm]))
    room = 1e-9 if snr_db[0] < MOST_SNR_DB else 0.2
    assert signal_power_dbm(rssi_dbm, snr_db)[0] == pytest.approx(level_dbm, abs=room)


def frames_of(**columns: Any) -> fates.FrameLog:
    """Return a frame log of some rows, all delivered to one gateway at SF9 unless said."""
    rows = len(columns["number"])
    log = empty_log(rows)
    log.gateways[:] = 1
    log.airtime_s[:] = 0.2
    log.data_rate[:] = 3
    log.fate[:] = DELIVERED
    log.first[:] = True
    log.start_s[:] = 10.0 * np.arange(rows)
    for name, values in columns.items():
        getattr(log, name)[:] = values
    return log


def test_only_first_deliveries_of_readings_are_published() -> None:
    """Joins, alarms, copies, lost and unsent frames leave no uplink; counters are readings'."""
    net = network(Cell(3, gateways=2))
    frames = frames_of(
        number=[4, 4, 5, 0, 0, 6, 7],
        device=[2, 2, 1, 0, 0, 1, 1],
        kind=[PERIODIC, PERIODIC, PERIODIC, JOIN, ALARM, PERIODIC, PERIODIC],
        first=[True, False, True, True, True, False, False],
        fate=[DELIVERED] * 5 + [fates.COLLISION, fates.NOT_SENT],
        gateways=[2, 1, 1, 1, 1, 0, 0],
        channel=[0, 1, 3, 0, 0, 0, -1],
    )
    heard = fates.HeardLog(
        np.array([1, 0, 0, 1, 0, 0], dtype=np.int32),
        np.array([-110.0, -115.0, -99.0, -90.0, -98.0, -97.0]),
    )
    log = simulated(frames, heard, net, numbered(net, [17]))
    assert log.f_cnt.tolist() == [4, 5]
    assert log.device.tolist() == [2, 1]
    assert log.indptr.tolist() == [0, 2, 3]
    assert log.gateway.tolist() == [1, 0, 1]
    assert log.frequency_hz.tolist() == [868_100_000, 867_100_000]
    assert log.end_s == pytest.approx([0.2, 20.2])
    assert set(log.payload_bytes.tolist()) == {17}
    assert log.snr_db == pytest.approx([7.03, 2.03, MOST_SNR_DB], abs=0.01)


def test_heard_must_belong_to_the_frames() -> None:
    """Frames without their hearings are refused rather than written with those of others."""
    net = network(Cell(3))
    nobody = fates.HeardLog(np.zeros(0, dtype=np.int32), np.zeros(0))
    with pytest.raises(ValueError, match="heard=True"):
        simulated(frames_of(number=[1]), nobody, net, numbered(net, [17]))


@pytest.mark.parametrize("style", ["chirpstack", "things-stack"])
def test_a_cell_comes_back_from_its_log(tmp_path: Path, style: str) -> None:
    """Devices, frames and SF mix return; the loss share too, but for frames after the last."""
    path = tmp_path / "x.ndjson"
    result = play(ASKED, uplinks=path, style=style)
    back = summary(read_traffic(path, start=START), Lang.EN)
    assert back["frames"] == result.messages_delivered
    assert back["devices"] == ASKED.devices
    assert back["median_payload_bytes"] == ASKED.payload_bytes
    factors = back["spreading_factors"]
    assert isinstance(factors, dict)
    for factor, sent in result.spreading_factors.items():
        # What arrived of each factor is at most what was sent.
        assert factors.get(f"SF{factor}", 0) <= sent
    estimated = back["estimated_sent"]
    assert isinstance(estimated, int)
    unseen = result.messages - estimated
    # At both ends of a device's log about one lost frame in 1 / delivery rate stays unseen.
    assert 0 <= unseen <= 6 * ASKED.devices * (1.0 / result.delivery_rate - 1.0)
    assert back["delivery_rate"] == pytest.approx(
        result.messages_delivered / result.messages, abs=0.02
    )
    assert read_traffic(path).sent_s.max() <= ASKED.span_s


def test_what_counters_can_tell_is_exact(tmp_path: Path) -> None:
    """Per device, frames sent by the counters are the readings from the first to the last heard."""
    net = watched(network(ASKED))
    window = WindowEngine(net, heard=True).run(ASKED.span_s)
    log = simulated(window.frames, window.heard, net, numbered(net, [17]))
    path = tmp_path / "x.ndjson"
    write_uplinks(log, path, "things-stack")
    traffic = read_traffic(path)
    expected = {
        f"device-{d + 1}": int(np.ptp(log.f_cnt[log.device == d])) + 1
        for d in set(log.device.tolist())
    }
    assert dict(zip(traffic.devices, traffic.estimated_sent.tolist(), strict=True)) == expected
    factors = np.unique(12 - log.data_rate, return_counts=True)
    assert np.unique(traffic.spreading_factor, return_counts=True)[1].tolist() == (
        factors[1].tolist()
    )


def test_windows_change_nothing(tmp_path: Path) -> None:
    """Written in five windows or in one, the file is the same to the byte, and has every line."""
    net = watched(network(ASKED))
    files = []
    for pieces in (1, 5):
        path = tmp_path / f"{pieces}.ndjson"
        engine = WindowEngine(net, heard=True)
        with UplinksFile(path, "chirpstack", net, numbered(net, [17])) as file:
            for n in range(pieces):
                file.take(engine.run(ASKED.span_s * (n + 1) / pieces))
        files.append(path.read_bytes())
        assert file.written == files[-1].count(b"\n")
    assert files[0] == files[1]
    ends = [json.loads(line)["time"] for line in files[0].splitlines()]
    assert ends == sorted(ends)


def test_copies_are_published_once(tmp_path: Path) -> None:
    """Of a confirmed reading sent several times one uplink is published, marked confirmed."""
    asked = replace(ASKED, confirmed=True, days=0.2)
    path = tmp_path / "x.ndjson"
    result = play(asked, uplinks=path)
    assert result.packets > result.messages
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(rows) == result.messages_delivered
    assert len({(row["devAddr"], row["fCnt"]) for row in rows}) == len(rows)
    assert all(row["confirmed"] for row in rows)


def test_writing_changes_no_fate(tmp_path: Path) -> None:
    """A cell whose uplinks are written gives the figures of one whose are not."""
    kept, plain = play(ASKED, uplinks=tmp_path / "x"), play(ASKED)
    assert (kept.packets, kept.received, dict(kept.causes)) == (
        plain.packets,
        plain.received,
        dict(plain.causes),
    )
    assert kept.energy_total_j == plain.energy_total_j


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    """What fails half-way leaves the file that was there, and nothing beside it."""
    path = tmp_path / "x.ndjson"
    path.write_text("old", "utf-8")
    net = watched(network(ASKED))
    engine = WindowEngine(net, heard=True)

    def broken() -> None:
        with UplinksFile(path, "chirpstack", net, numbered(net, [17])) as file:
            file.take(engine.run(3_600.0))
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        broken()
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_bad_options_are_told_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown style and an engine that cannot write exit with 2, one line each, no file."""
    path = tmp_path / "x.ndjson"
    words = ["--uplinks", str(path), "--style", "loriot", "--engine", "simpy"]
    assert run(["cell", *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 2
    assert "chirpstack, things-stack" in error
    assert "--uplinks" in error
    assert not path.exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """Uplinks asked for in the place of a folder are refused before anything is played."""
    with pytest.raises(InputError) as caught:
        play(Cell(3), uplinks=tmp_path)
    assert [fault.key for fault in caught.value.faults] == ["--uplinks"]


def test_a_cell_and_its_replay_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`cell --uplinks` then `replay` agree on the number of frames."""
    path = tmp_path / "deep" / "x.ndjson"
    small = ["--devices", "30", "--days", "0.1", "--json"]
    assert run(["cell", *small, "--uplinks", str(path), "--style", "things-stack"]) == 0
    played = json.loads(capsys.readouterr().out)
    assert run(["replay", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["frames"] == played["messages_delivered"]
