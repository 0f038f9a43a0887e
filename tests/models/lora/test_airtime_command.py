"""The calculator `airtime`: figures, both languages, and bad input."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from models.lora.airtime import time_on_air_s
from models.lora.airtime_command import airtime
from models.lora.airtime_report import Frame, airtime_report
from models.lora.region import DATA_RATES
from twin.cli.app import run
from twin.errors import InputError

BEACON = ["--implicit-header", "--no-crc", "--preamble", "10"]


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    """Return an application with the calculator and a second command, so that names are asked."""
    made = typer.Typer()
    made.command("airtime")(airtime)
    made.command("nothing")(lambda: None)
    return made


def report_of(app: typer.Typer, *words: str) -> dict[str, object]:
    """Return what --json prints."""
    result = CliRunner().invoke(app, ["airtime", *words, "--json"])
    assert result.exit_code == 0, result.output
    report: dict[str, object] = json.loads(result.output)
    return report


def test_json_by_hand(app: typer.Typer) -> None:
    """7 application bytes at SF7 are 20 on the air: 56.576 ms, 55.25 symbols, 636.3 an hour."""
    got = report_of(app, "--payload-bytes", "7", "--sf", "7")
    assert got["phy_bytes"] == 20
    assert got["data_rate"] == 5
    assert got["time_on_air_ms"] == 56.576
    assert got["symbols"] == 55.25
    assert got["symbol_ms"] == pytest.approx(1.024)
    assert got["bit_rate_bps"] == 5468.75
    assert got["uplinks_per_hour_at_1_percent"] == pytest.approx(636.312, abs=1e-3)
    assert got["uplinks_per_hour_at_0_1_percent"] == pytest.approx(63.6312, abs=1e-3)
    assert got["uplinks_per_hour_at_10_percent"] == pytest.approx(6363.12, abs=1e-2)
    assert got["least_interval_at_1_percent_s"] == pytest.approx(5.6576)
    assert got["least_interval_any_hour_at_1_percent_s"] == pytest.approx(5.666416, abs=1e-6)
    assert got["largest_phy_bytes"] == 255
    assert got["payload_is_legal"] is True
    assert got["low_data_rate"] is False


@pytest.mark.parametrize(
    ("words", "milliseconds"),
    [
        (["--payload-bytes", "10", "--sf", "7", "--phy"], 41.216),
        (["--payload-bytes", "10", "--sf", "7", "--phy", "--bandwidth-hz", "250000"], 20.608),
        (["--payload-bytes", "10", "--sf", "7", "--phy", "--coding-rate", "4"], 53.504),
        (["--payload-bytes", "13", "--sf", "12", "--phy", "--low-data-rate", "off"], 1155.072),
        (
            ["--payload-bytes", "17", "--sf", "9", "--phy", *BEACON],
            152.576,
        ),
        (["--payload-bytes", "7", "--fsk"], 4.96),
    ],
)
def test_every_option_counts(app: typer.Typer, words: list[str], milliseconds: float) -> None:
    """Published vectors, the class-B beacon and an FSK frame come out of the command exactly."""
    assert report_of(app, *words)["time_on_air_ms"] == milliseconds


def test_limits_are_those_of_the_data_rate() -> None:
    """At each data rate the largest payload passes and one byte more is refused, limit named."""
    for row in DATA_RATES:
        fsk = row.modulation == "FSK"
        most = row.application_bytes
        factor = None if fsk else row.spreading_factor
        settings = {"spreading_factor": factor, "bandwidth_hz": row.bandwidth_hz or 125_000}
        report = airtime_report(Frame(most, **settings, fsk=fsk))
        assert (report["payload_is_legal"], report["data_rate"]) == (True, row.index)
        assert report["largest_phy_bytes"] == most + 13
        with pytest.raises(InputError) as caught:
            airtime_report(Frame(most + 1, **settings, fsk=fsk))
        (fault,) = caught.value.faults
        assert fault.key == "--payload-bytes"
        assert str(most) in fault.expected.fr
        assert str(most) in fault.expected.en


def test_whole_frames_are_computed_up_to_255_bytes() -> None:
    """With --phy a frame too long for its data rate is timed and called unlawful; 256 refused."""
    report = airtime_report(Frame(255, 12, phy=True))
    assert report["payload_is_legal"] is False
    assert report["time_on_air_ms"] == pytest.approx(float(time_on_air_s(255, 12)) * 1000)
    assert airtime_report(Frame(64, 12, phy=True))["payload_is_legal"] is True
    with pytest.raises(InputError, match="255"):
        airtime_report(Frame(256, 12, phy=True))


def test_settings_without_data_rate() -> None:
    """SF5, or 500 kHz, has no EU868 data rate: neither legal nor not, up to 242 bytes."""
    for frame in (Frame(242, 5), Frame(242, 7, 500_000)):
        report = airtime_report(frame)
        assert (report["data_rate"], report["payload_is_legal"]) == (None, None)
    with pytest.raises(InputError, match="242"):
        airtime_report(Frame(243, 5))


def test_a_frame_longer_than_the_budget_has_no_interval(app: typer.Typer) -> None:
    """A preamble of 36 minutes never goes out at 1 %: null in JSON, a word on the screen."""
    words = ["--payload-bytes", "7", "--sf", "12", "--preamble", "65535"]
    assert report_of(app, *words)["least_interval_any_hour_at_1_percent_s"] is None
    assert "jamais" in CliRunner().invoke(app, ["airtime", *words]).output


def test_speaks_french_by_default(app: typer.Typer) -> None:
    """French with a decimal comma by default, English with --lang en; the verdict in both."""
    words = ["airtime", "--payload-bytes", "20", "--sf", "12"]
    french = CliRunner().invoke(app, words).output
    assert "1\u202f810,432\u00a0ms" in french
    assert "charge admise au débit DR0" in french
    english = CliRunner().invoke(app, [*words, "--lang", "en"]).output
    assert "1,810.432\u00a0ms" in english
    assert "payload allowed at DR0" in english
    phy = ["airtime", "--payload-bytes", "70", "--sf", "12", "--phy"]
    assert "NON admise" in CliRunner().invoke(app, phy).output
    odd = ["airtime", "--payload-bytes", "20", "--sf", "5"]
    assert "aucun débit EU868" in CliRunner().invoke(app, odd).output


def test_every_fault_at_once() -> None:
    """Every option out of range is named in one error."""
    with pytest.raises(InputError) as caught:
        airtime_report(Frame(-1, 13, 125, 5, 0))
    assert [fault.key for fault in caught.value.faults] == [
        "--payload-bytes",
        "--sf",
        "--bandwidth-hz",
        "--coding-rate",
        "--preamble",
    ]
    with pytest.raises(InputError, match="--sf"):
        airtime_report(Frame(20))


def test_fsk_takes_no_lora_option() -> None:
    """A LoRa option beside --fsk is refused rather than dropped."""
    with pytest.raises(InputError) as caught:
        airtime_report(
            Frame(
                20,
                7,
                250_000,
                2,
                10,
                crc=False,
                implicit_header=True,
                low_data_rate=True,
                fsk=True,
            )
        )
    assert len(caught.value.faults) == 7


def test_bad_input_exits_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    """Registered in the application: 60 bytes at SF12 end in one line, exit code 2."""
    assert run(["airtime", "--payload-bytes", "60", "--sf", "12"]) == 2
    error = capsys.readouterr().err
    assert "au plus 51 octets" in error
    assert "SF9" in error
    assert error.count("\n") == 1
