"""`run.py replay`: the figures of a log for a person, in two languages, and for a program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from made_logs import frame, log_of
from typer.testing import CliRunner

from models.lora.logs.export import write_uplinks
from models.lora.logs.replay_report import duration
from models.lora.replay_command import replay
from twin.errors import DataError
from twin.lang import Lang


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    """Return an application with the command."""
    made = typer.Typer()
    made.command("replay")(replay)
    made.command("other")(lambda: None)
    return made


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return an hourly meter that lost one frame in five, and a device heard once."""
    counters = [1, 2, 3, 5]
    frames = [frame(f_cnt=n, start_s=3_600.0 * n, data_rate=n % 2) for n in counters]
    frames.append(frame(device=1, start_s=4_000.0, data_rate=7))
    path = tmp_path / "log.ndjson"
    write_uplinks(log_of(frames), path, "things-stack")
    return path


def test_json_holds_the_figures(app: typer.Typer, log: Path) -> None:
    """--json prints devices, frames, losses, spreading factors and periods."""
    result = CliRunner().invoke(app, ["replay", str(log), "--json"])
    assert result.exit_code == 0, result.output
    got = json.loads(result.output)
    assert (got["devices"], got["frames"], got["estimated_sent"]) == (2, 5, 6)
    assert got["delivery_rate"] == pytest.approx(5 / 6)
    assert got["spreading_factors"] == {"SF11": 3, "SF12": 1, "other": 1}
    assert got["span_s"] == pytest.approx(4 * 3_600.0)
    assert got["median_payload_bytes"] == 3.0
    hourly, unknown = got["periods"]
    assert (hourly["nominal_s"], hourly["devices"], hourly["frames"]) == (3_600, 1, 4)
    assert hourly["delivery_rate"] == pytest.approx(4 / 5)
    assert (unknown["nominal_s"], unknown["median_s"], unknown["devices"]) == (None, None, 1)


def test_both_languages(app: typer.Typer, log: Path) -> None:
    """The report speaks French by default and English on demand, with their typography."""
    french = CliRunner().invoke(app, ["replay", str(log)]).output
    english = CliRunner().invoke(app, ["replay", str(log), "--lang", "en"]).output
    assert "trames émises, estimées    6" in french
    assert "83,3\u00a0%" in french
    assert "période inconnue\u00a0: appareils 1" in french
    assert "frames sent, estimated     6" in english
    assert "83.3%" in english
    assert "about 60\u00a0min (median 60\u00a0min): devices 1, frames heard 4" in english


def test_a_bad_log_is_an_input_error(app: typer.Typer, tmp_path: Path) -> None:
    """A log without uplinks raises the error the application turns into exit code 2."""
    path = tmp_path / "log.json"
    path.write_text('{"join_accept": {}}', "utf-8")
    result = CliRunner().invoke(app, ["replay", str(path)])
    assert isinstance(result.exception, DataError)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0\u00a0s"), (90.0, "90\u00a0s"), (9_000.0, "2.5\u00a0h"), (86_400.0, "24\u00a0h")],
)
def test_durations_keep_two_units_at_least(seconds: float, text: str) -> None:
    """A duration is told in the largest unit it holds twice."""
    assert duration(seconds, Lang.EN) == text
