"""`run.py calibrate`: a campaign in, parameters out, in both languages and in JSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from models.lora.calibrate_command import calibrate
from twin.errors import InputError


def campaign(folder: Path, places: int = 300) -> list[str]:
    """Write a campaign: -102 dBm at 1 km, exponent 3.1, pit 12 dB, sigma hypot(7, 3)."""
    rng = np.random.default_rng(1)
    lines = [
        "x_m;y_m;gateway;spreading_factor;frames_sent;frames_heard;rssi_dbm;snr_db;use_case;place"
    ]
    for place in range(places):
        x, y = rng.uniform(590_000, 625_000), rng.uniform(6_630_000, 6_660_000)
        case = "pit" if rng.random() < 0.3 else "outdoor"
        for gateway, gx, gy in (("G0", 600_000, 6_640_000), ("G1", 615_000, 6_650_000)):
            median = -102.0 - 31.0 * np.log10(np.hypot(x - gx, y - gy) / 1000.0)
            median += rng.normal(0.0, 7.0) - 12.0 * (case == "pit")
            levels = median + rng.normal(0.0, 3.0, 4)
            start = f"{x:.1f};{y:.1f};{gateway};12"
            for level in levels[levels >= -141.0]:
                rssi = 10.0 * np.log10(10.0 ** (level / 10.0) + 10.0**-11.7)
                lines.append(f"{start};1;1;{rssi:.2f};{level + 117.0:.2f};{case};p{place}")
            if (levels < -141.0).any():
                lines.append(f"{start};{(levels < -141.0).sum()};0;;;{case};p{place}")
    (folder / "frames.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "gateways.csv").write_text(
        "id,x_m,y_m,height_m\nG0,600000,6640000,30\nG1,615000,6650000,40\n", encoding="utf-8"
    )
    return [str(folder / "frames.csv"), "--gateways", str(folder / "gateways.csv")]


def run(arguments: list[str]) -> str:
    """Run the command and return what it prints."""
    app = typer.Typer()
    app.command()(calibrate)
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_json_holds_the_recovered_parameters(tmp_path: Path) -> None:
    """From RSSI and SNR in a CSV, misses counted, the truth is within four standard errors."""
    content = json.loads(run([*campaign(tmp_path), "--model", "log-distance", "--json"]))
    assert content["likelihood"] == "censored"
    assert content["standard_errors"] == "by-place"
    assert content["frames_heard"] + content["frames_missed"] == 300 * 2 * 4
    found = {p["key"]: p for p in content["parameters"]}
    truth = {
        "level_1km_dbm": -102.0,
        "exponent": 3.1,
        "use_case_pit_db": 12.0,
        "sigma_db": np.hypot(7.0, 3.0),
    }
    for key, value in truth.items():
        assert abs(found[key]["estimate"] - value) < 4.0 * found[key]["standard_error"], key
    assert content["ignoring_misses"]["slope"] < 2.5
    keys = [row["key"] for row in content["table"]]
    assert keys == ["before", "after", "leave_one_place_out", "leave_one_gateway_out"]


@pytest.mark.parametrize("model", ["okumura-hata", "free-space"])
def test_models_without_terrain_need_none(tmp_path: Path, model: str) -> None:
    """Okumura-Hata and free space are calibrated with offset and slope."""
    content = json.loads(run([*campaign(tmp_path, 120), "--model", model, "--json"]))
    assert [p["key"] for p in content["parameters"]][:2] == ["offset_db", "slope"]


def test_people_read_french_first_and_english_on_demand(tmp_path: Path) -> None:
    """The text is French with a decimal comma by default, English with a point on demand."""
    arguments = [*campaign(tmp_path, 120), "--model", "log-distance"]
    french, english = run(arguments), run([*arguments, "--lang", "en"])
    assert "exposant de la distance" in french
    assert "90\u00a0%" in french
    assert "path-loss exponent" in english
    assert "90%" in english
    assert "Ignoring the missed frames" in english


def test_receptions_alone_fall_back_with_a_notice(tmp_path: Path) -> None:
    """Without misses the truncated likelihood is used and said so."""
    arguments = campaign(tmp_path, 200)
    kept = [
        x for x in Path(arguments[0]).read_text(encoding="utf-8").splitlines() if ";;;" not in x
    ]
    Path(arguments[0]).write_text("\n".join(kept), encoding="utf-8")
    content = json.loads(run([*arguments, "--model", "log-distance", "--json", "--lang", "en"]))
    assert content["likelihood"] == "truncated"
    assert content["table"][0]["predicted_share"] is None
    assert any("truncated likelihood" in notice for notice in content["notices"])


def test_a_server_log_is_a_campaign_too(tmp_path: Path) -> None:
    """A ChirpStack log and a table of positions calibrate, gaps counted as misses."""
    campaign(tmp_path, 1)
    rng = np.random.default_rng(5)
    events, devices = [], ["device,x_m,y_m"]
    for number in range(60):
        x, y = 600_000.0 + rng.uniform(500, 20_000), 6_640_000.0
        devices.append(f"d{number},{x:.1f},{y}")
        median = -102.0 - 31.0 * np.log10((x - 600_000.0) / 1000.0) + rng.normal(0.0, 6.0)
        for counter in range(12):
            level = median + rng.normal(0.0, 2.0)
            if level < -141.0:
                continue
            rssi = 10.0 * np.log10(10.0 ** (level / 10.0) + 10.0**-11.7)
            rx = [{"gatewayId": "G0", "rssi": rssi, "snr": level + 117.0}]
            tx = {"modulation": {"lora": {"spreadingFactor": 12}}}
            events.append(
                {
                    "deviceInfo": {"devEui": f"d{number}"},
                    "fCnt": counter,
                    "rxInfo": rx,
                    "txInfo": tx,
                }
            )
    (tmp_path / "log.ndjson").write_text("\n".join(map(json.dumps, events)), encoding="utf-8")
    (tmp_path / "devices.csv").write_text("\n".join(devices), encoding="utf-8")
    content = json.loads(
        run(
            [str(tmp_path / "log.ndjson"), "--gateways", str(tmp_path / "gateways.csv"),
             "--devices", str(tmp_path / "devices.csv"), "--model", "log-distance", "--json"]
        )
    )  # fmt: skip
    assert content["frames_heard"] == len(events)
    exponent = next(p for p in content["parameters"] if p["key"] == "exponent")
    assert 2.0 < exponent["estimate"] < 4.5


def test_bad_input_is_one_error_with_remedies(tmp_path: Path) -> None:
    """An unknown model, chip or file raises InputError, never a traceback of another kind."""
    arguments = campaign(tmp_path, 30)
    for extra in (["--model", "fairy"], ["--model", "log-distance", "--chip", "SX9"]):
        with pytest.raises(InputError):
            run([*arguments, *extra])
    with pytest.raises(InputError):
        run([str(tmp_path / "absent.csv"), *arguments[1:], "--model", "log-distance"])
