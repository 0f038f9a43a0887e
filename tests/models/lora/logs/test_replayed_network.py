"""A log played again: the network behind it, both engines, and what a gateway is worth."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from models.lora.airtime import time_on_air_s
from models.lora.calibration.uplinks import Reception, Uplink, read_uplinks
from models.lora.cell import Cell
from models.lora.cell_play import play as play_cell
from models.lora.logs.heard_links import static_level_dbm
from models.lora.logs.receptions import Receptions, receptions_of
from models.lora.logs.replay import ReplayedTraffic, traffic_of
from models.lora.logs.replayed_network import (
    UNKNOWN_PAYLOAD_BYTES,
    replayed,
    without,
)
from models.lora.logs.replayed_play import comparison, play
from models.lora.sensitivity import sensitivity_dbm
from twin.cli.app import run
from twin.errors import DataError, InputError

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
CELL = Cell(
    120, gateways=4, interval_s=900.0, days=0.5, radius_m=900.0, fading_db=3.0, shadowing_db=4.0
)


def heard(counter: int, after_s: float, *levels: tuple[str, float], **changes: Any) -> Uplink:
    """Return an uplink of SF9 and 10 bytes, with the RSSI of each gateway at an SNR of 10 dB."""
    made: dict[str, Any] = {
        "device": "meter-1",
        "counter": counter,
        "spreading_factor": 9,
        "frequency_mhz": 868.1,
        "receptions": tuple(Reception(name, level, 10.0) for name, level in levels),
        "position_deg": None,
        "received_at": (NOON + timedelta(seconds=after_s)).isoformat(),
        "payload_bytes": 10,
        "place": f"l. {counter}",
    }
    return Uplink(**(made | changes))


def both(uplinks: list[Uplink]) -> tuple[ReplayedTraffic, Receptions]:
    """Return the traffic and receptions of uplinks."""
    return traffic_of(uplinks), receptions_of(uplinks)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the log of a cell of four gateways."""
    path = tmp_path_factory.mktemp("logs") / "x.ndjson"
    play_cell(CELL, uplinks=path, style="things-stack")
    return path


def test_orders_are_the_frames_sent() -> None:
    """Frames stand at their send times, lost ones evenly between, each with its own airtime."""
    uplinks = [
        heard(1, 0.0, ("a", -90.0)),
        heard(4, 300.0, ("a", -90.0), payload_bytes=20),
        heard(5, 400.0, ("a", -90.0), spreading_factor=7),
        heard(500, 9_000.0, ("a", -90.0)),  # an outage: nothing is put in
        heard(
            1,
            50.0,
            ("b", -80.0),
            device="meter-2",
            payload_bytes=-1,
            received_at="2027-03-01T12:00:50Z",
        ),
    ]
    traffic, receptions = both(uplinks)
    made = replayed(traffic, receptions)
    own = made.orders.who == 0
    at_s, row = made.orders.at_s[own], made.row[own]
    sent_s = traffic.sent_s[traffic.rows(0)]
    step_s = (sent_s[1] - sent_s[0]) / 3.0
    assert at_s == pytest.approx(
        [sent_s[0], sent_s[0] + step_s, sent_s[0] + 2 * step_s, *sent_s[1:]]
    )
    assert row.tolist() == [0, -1, -1, 1, 2, 3]
    assert made.orders.number[own].tolist() == list(range(6))
    assert np.diff(made.orders.at_s).min() >= 0.0
    assert made.orders.airtime_s[own][[0, 3]] == pytest.approx(
        np.stack([time_on_air_s(n + 13, 12 - np.arange(6)) for n in (10, 20)])
    )
    assert made.network.devices.data_rate.tolist() == [3, 3]
    assert np.isinf(made.network.devices.period_s).all()
    assert made.network.channels.frequency_hz.tolist() == [868_100_000]
    told = " ".join(notice.en for notice in made.notices)
    assert "2 frames that nobody heard" in told
    assert "1 frames played at their device's usual factor" in told
    assert "1 frame sizes assumed" in told


def test_links_are_those_heard() -> None:
    """A pair heard gets its median signal power; a pair never heard has no link."""
    levels = [-90.0, -91.0, -98.0]
    uplinks = [heard(n, 100.0 * n, ("b", level)) for n, level in enumerate(levels, 1)]
    uplinks.append(heard(9, 40.0, ("a", -80.0), ("b", -99.0), device="meter-2"))
    made = replayed(*both(uplinks))
    links = made.network.links
    assert links.indptr.tolist() == [0, 1, 3]
    assert links.gateway.tolist() == [1, 0, 1]
    noise_db = 10.0 - 10.0 * np.log10(1.0 + 10.0)  # SNR 10 dB
    assert links.level_dbm == pytest.approx(np.array([-91.0, -80.0, -99.0]) + noise_db)


def test_the_level_of_a_thin_link_gives_its_heard_share_back() -> None:
    """Normal levels cut at the sensitivity return within 0.3 dB, whatever the share heard."""
    generator = np.random.default_rng(4)
    frames, spread_db, least_dbm = 20_000, 3.0, -132.5
    for true_dbm in (-120.0, -130.0, -132.5, -135.0, -137.0):
        levels = true_dbm + spread_db * generator.standard_normal(frames)
        got = levels[levels >= least_dbm]
        found = static_level_dbm(
            np.array([np.median(got)]),
            np.array([len(got)]),
            np.array([frames]),
            spread_db,
            np.array([least_dbm]),
        )[0]
        assert found == pytest.approx(true_dbm, abs=0.3)


def test_losses_that_are_not_of_level_hardly_move_it() -> None:
    """A strong link that loses half its frames to collisions stays within a spread, and strong."""
    found = static_level_dbm(
        np.array([-90.0]), np.array([50]), np.array([100]), 3.0, np.array([-132.5])
    )[0]
    assert found == pytest.approx(-90.0 + 3.0 * norm.ppf(0.25), abs=1e-9)


def test_a_gateway_that_hears_below_the_chip_is_believed() -> None:
    """A link always heard at a level under the chip's sensitivity is lifted over it."""
    floor = float(sensitivity_dbm("SX1303", [9])[0])
    uplinks = [heard(n, 600.0 * n, ("a", floor - 4.0 + 2.0 * (n % 2))) for n in range(40)]
    made = replayed(*both(uplinks))
    assert made.network.links.level_dbm[0] > floor + 1.5 * made.spread_db
    assert play(made).delivery_rate > 0.9


def test_a_simulated_log_is_lost_as_it_was(log: Path) -> None:
    """Played again, a log the engine wrote is delivered within two points of its own rate."""
    uplinks = read_uplinks(log)[0]
    traffic, receptions = both(uplinks)
    made = replayed(traffic, receptions)
    assert made.spread_db == pytest.approx(CELL.fading_db, abs=0.4)
    found = comparison(traffic, receptions, made, "window", ["gateway-1"])
    rate = found["log_delivery_rate"]
    assert rate == pytest.approx(len(traffic) / traffic.estimated_sent.sum())
    assert found["delivery_rate"] == pytest.approx(rate, abs=0.02)
    rows = found["gateways"]
    assert isinstance(rows, list)
    for row in rows:
        assert row["decoded"] == pytest.approx(row["log_heard"], rel=0.06)
    lost = found["without"]
    assert isinstance(lost, dict)
    assert lost["log_delivery_rate"] < rate
    assert lost["delivery_rate"] == pytest.approx(lost["log_delivery_rate"], abs=0.02)


@pytest.mark.parametrize("interference", ["goursaud", "croce"])
def test_both_engines_agree_on_a_log(log: Path, interference: str) -> None:
    """Each frame of the log has the same fate on both engines, and without a gateway too."""
    uplinks = [each for each in read_uplinks(log)[0] if each.device < "device-6"]
    made = replayed(*both(uplinks), interference)
    for network in (made.network, without(made.network, np.array([0, 2]))):
        fast, slow = play(made, "window", network), play(made, "simpy", network)
        assert len(fast.fate) == len(made.row)
        assert fast.fate.tolist() == slow.fate.tolist()
        assert fast.best.tolist() == slow.best.tolist()
        assert (fast.late, slow.decoded) == (slow.late, None)
    assert fast.best[[0, 2]].tolist() == [0, 0]


def test_a_device_of_one_gateway_is_silenced_without_it() -> None:
    """Without the only gateway that hears a device, its frames are lost and it is named."""
    uplinks = [heard(n, 600.0 * n, ("a", -90.0)) for n in range(1, 5)]
    uplinks += [
        heard(n, 650.0 * n, ("a", -90.0), ("b", -95.0), device="meter-2") for n in range(1, 4)
    ]
    traffic, receptions = both(uplinks)
    found = comparison(traffic, receptions, replayed(traffic, receptions), "window", ["a", "a"])
    assert found["delivery_rate"] == found["log_delivery_rate"] == 1.0
    assert found["without"] == {
        "gateways": ["a"],
        "delivery_rate": 3 / 7,
        "log_delivery_rate": 3 / 7,
        "lost_frames": 4,
        "log_lost_frames": 4,
        "silenced_devices": ["meter-1"],
    }


def test_what_is_not_lora_is_left_out() -> None:
    """FSK frames are not played and are told; a log of nothing else is refused."""
    fsk = [heard(n, 60.0 * n, ("a", -90.0), spreading_factor=0) for n in (1, 5)]
    with pytest.raises(DataError, match="LoRa"):
        replayed(*both(fsk))
    made = replayed(*both([*fsk, heard(1, 30.0, ("a", -90.0), device="other")]))
    assert made.orders.who.tolist() == [1]
    assert any("2 frames that are not LoRa" in notice.en for notice in made.notices)


def test_a_log_without_sizes_or_channels_is_played_on_the_usual_ones() -> None:
    """Unknown frequencies give the eight usual channels, unknown payloads the assumed size."""
    uplinks = [heard(1, 0.0, ("a", -90.0), payload_bytes=-1, frequency_mhz=0.0)]
    made = replayed(*both(uplinks))
    assert len(made.network.channels.frequency_hz) == 8
    expected = time_on_air_s(UNKNOWN_PAYLOAD_BYTES + 13, 9)
    assert made.orders.airtime_s[0, 3] == pytest.approx(float(expected))


def test_bad_options_are_told_together(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unknown gateway, engine and matrix exit with 2, one line each, with the names that exist."""
    words = ["--without", "belfry", "--engine", "ns3", "--interference", "magic"]
    assert run(["replay", str(log), *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 3
    for name in ("belfry", "gateway-1, gateway-2", "window, simpy", "goursaud, croce"):
        assert name in error


def test_an_unknown_gateway_is_refused_in_python_too() -> None:
    """`comparison` names the gateway that the log does not have."""
    traffic, receptions = both([heard(1, 0.0, ("a", -90.0))])
    with pytest.raises(InputError, match="belfry"):
        comparison(traffic, receptions, replayed(traffic, receptions), "window", ["belfry"])


def test_a_log_without_levels_is_refused(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log whose receptions carry no RSSI exits with 2 and names the field."""
    row = json.loads(log.read_text("utf-8").splitlines()[0])
    for reception in row["uplink_message"]["rx_metadata"]:
        reception.pop("rssi")
    path = tmp_path / "x.ndjson"
    path.write_text(json.dumps(row), "utf-8")
    assert run(["replay", str(path), "--engine", "window"]) == 2
    assert "rssi" in capsys.readouterr().err


def test_the_command_tells_the_comparison(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--json adds `played` only where asked for; the report says it in both languages."""
    assert run(["replay", str(log), "--json"]) == 0
    assert "played" not in json.loads(capsys.readouterr().out)
    assert run(["replay", str(log), "--without", "gateway-2", "--json"]) == 0
    played = json.loads(capsys.readouterr().out)["played"]
    assert (played["engine"], played["interference"]) == ("window", "goursaud")
    assert played["without"]["gateways"] == ["gateway-2"]
    assert sum(played["causes"].values()) == played["frames_sent"]
    assert run(["replay", str(log), "--engine", "window"]) == 0
    assert "taux de réception, simulé" in capsys.readouterr().out
    assert run(["replay", str(log), "--interference", "croce", "--lang", "en"]) == 0
    assert "delivery rate, simulated" in capsys.readouterr().out
