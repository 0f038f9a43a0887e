"""The calculator `cell`: both engines alike, figures that add up, and bad input."""

from __future__ import annotations

import inspect
import json
from dataclasses import fields, replace

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from models.lora.cell import LORASIM_1M_DB, Cell, device_places_m, gateway_places_m, network
from models.lora.cell_command import cell
from models.lora.cell_play import CellResult, energy_j, play
from models.lora.energy.charge import empty_window_s, frame_charge_uah
from models.lora.energy.published_currents import SX1272
from models.lora.log_distance import LORASIM
from twin.cli.app import run
from twin.errors import InputError
from twin.signals import Fate

KEYS = {
    "engine",
    "packets",
    "received",
    "delivery_rate",
    "messages",
    "messages_delivered",
    "message_delivery_rate",
    "causes",
    "spreading_factors",
    "energy_total_j",
    "energy_per_device_j",
    "cpu_s",
    "uplinks_per_cpu_s",
    "events",
    "cell",
}
SMALL = ["--devices", "50", "--days", "0.1"]


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    """Return an application with the calculator and a second command, so that names are asked."""
    made = typer.Typer()
    made.command("cell")(cell)
    made.command("nothing")(lambda: None)
    return made


def report_of(app: typer.Typer, *words: str) -> dict[str, object]:
    """Return what --json prints."""
    result = CliRunner().invoke(app, ["cell", *words, "--json"])
    assert result.exit_code == 0, result.output
    report: dict[str, object] = json.loads(result.output)
    return report


def dice_of(result: CellResult) -> tuple[object, ...]:
    """Return what both engines must agree on to the last frame."""
    return (
        result.packets,
        result.received,
        dict(result.causes),
        dict(result.spreading_factors),
        result.messages,
        result.messages_delivered,
    )


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"sf": "fixed:12", "channels": 1, "interference": "aloha", "demodulators": 2},
        {
            "gateways": 3,
            "adr": True,
            "radius_m": 1_000.0,
            "fading_db": 3.0,
            "shadowing_db": 4.0,
        },
        {
            "confirmed": True,
            "gateways": 2,
            "interference": "croce",
            "capture": "peak",
            "grace_symbols": 5.0,
        },
    ],
)
def test_both_engines_agree(settings: dict[str, object]) -> None:
    """On one seed both engines give the same frames, causes, factors and energy, in flight too."""
    asked = Cell(devices=150, interval_s=300.0, days=0.03, **settings)  # type: ignore[arg-type]
    fast, slow = play(asked), play(asked, "simpy")
    assert dice_of(fast) == dice_of(slow)
    assert fast.energy_j == pytest.approx(slow.energy_j, rel=1e-12)
    assert fast.messages == pytest.approx(150 * 0.03 * 86_400 / 300.0, rel=0.1)


def test_frames_are_counted_once() -> None:
    """Causes sum to the frames sent and the messages never sent; factors to the frames ended."""
    found = play(Cell(300, interval_s=30.0, days=0.05, sf="fixed:10"))
    unsent, in_flight = found.causes[Fate.DUTY_CYCLE], found.causes[Fate.IN_FLIGHT]
    assert unsent > 0
    assert sum(found.causes.values()) == found.packets + unsent
    assert sum(found.spreading_factors.values()) == found.packets - in_flight
    assert found.spreading_factors[10] == found.packets - in_flight
    assert found.delivery_rate == found.received / (found.packets - in_flight)


def test_energy_is_that_of_the_exchanges() -> None:
    """Ten SF9 frames of 33 bytes cost ten closed-form exchanges and the sleep of the span."""
    frame_s = 0.246784
    window_s = empty_window_s([9, 12])
    listening_s = np.array([10.0 * window_s.sum()])
    tx_s = np.zeros((1, 8))
    tx_s[0, 0] = 10.0 * frame_s
    (found,) = energy_j(SX1272, np.array([10]), tx_s, listening_s, 3_600.0)
    exchange = frame_charge_uah(SX1272, frame_s, 14.0, window_s[0], window_s[1])
    charge_uah = 10.0 * float(exchange) + SX1272.asleep_ua
    assert found == pytest.approx(charge_uah * 3.6e-3 * SX1272.supply_v)


def test_more_devices_move_no_draw() -> None:
    """The first devices of a larger cell stand, fade and toss as those of a smaller one."""
    small = Cell(20, gateways=3, shadowing_db=5.0, radius_m=800.0)
    few, many = network(small), network(replace(small, devices=50))
    assert np.array_equal(device_places_m(small), device_places_m(replace(small, devices=50))[:20])
    assert few.devices.key.tolist() == many.devices.key[:20].tolist()
    assert few.gateways.key.tolist() == many.gateways.key.tolist()
    rows = len(few.links.gateway)
    assert few.links.level_dbm.tolist() == many.links.level_dbm[:rows].tolist()
    other = network(replace(small, seed=2))
    assert not set(few.devices.key.tolist()) & set(other.devices.key.tolist())


def test_places_fill_the_disc() -> None:
    """Devices are uniform in area; one gateway is central, several share the disc evenly."""
    asked = Cell(20_000, gateways=400, radius_m=1_000.0)
    for places_m in (device_places_m(asked), gateway_places_m(asked)):
        area = (np.hypot(*places_m.T) / 1_000.0) ** 2
        assert area.max() <= 1.0
        assert np.mean(area) == pytest.approx(0.5, abs=0.01)
        assert places_m.mean(axis=0) == pytest.approx([0.0, 0.0], abs=20.0)
    assert gateway_places_m(Cell(1)).tolist() == [[0.0, 0.0]]


def test_default_line_is_lorasims() -> None:
    """127.41 dB at 40 m, exponent 2.08, are 94.09 dB at 1 m; levels are 14 dBm minus the loss."""
    assert pytest.approx(94.087, abs=5e-4) == LORASIM_1M_DB
    asked = Cell(200)
    net = network(asked)
    far_m = np.maximum(np.hypot(*device_places_m(asked).T), 1.0)
    assert net.links.level_dbm == pytest.approx(14.0 - LORASIM.loss_db(far_m))


def test_optimal_is_the_fastest_heard() -> None:
    """Each device's level beats the sensitivity of its factor and misses the next faster one's."""
    net = network(Cell(500, radius_m=800.0))
    factor = 5 - net.devices.data_rate
    sensitivity = net.gateways.sensitivity_dbm[0]
    level_dbm = net.links.level_dbm
    assert np.all(level_dbm >= sensitivity[factor])
    slow = factor > 0
    assert np.all(level_dbm[slow] < sensitivity[factor[slow] - 1])
    assert set(factor.tolist()) == set(range(6))


def test_json_keys(app: typer.Typer) -> None:
    """--json gives the documented keys, the settings among them, and counts that add up."""
    got = report_of(app, *SMALL, "--sf", "fixed:8", "--seed", "3")
    assert set(got) == KEYS
    causes, factors = got["causes"], got["spreading_factors"]
    assert isinstance(causes, dict)
    assert isinstance(factors, dict)
    assert set(causes) == {fate.value for fate in Fate} - {"unexplained"}
    assert set(factors) == {"7", "8", "9", "10", "11", "12"}
    assert causes["delivered"] == got["received"]
    assert sum(factors.values()) + causes["in_flight"] == got["packets"]
    assert got["energy_per_device_j"] == pytest.approx(got["energy_total_j"] / 50)
    settings = got["cell"]
    assert isinstance(settings, dict)
    assert set(settings) == {field.name for field in fields(Cell)}
    assert (settings["seed"], settings["sf"]) == (3, "fixed:8")
    slow = report_of(app, *SMALL, "--sf", "fixed:8", "--seed", "3", "--engine", "simpy")
    for key in KEYS - {"engine", "cpu_s", "uplinks_per_cpu_s", "events", "energy_total_j"}:
        assert slow[key] == pytest.approx(got[key]), key
    assert (got["events"] is None, slow["events"]) == (False, None)


def test_nothing_sent_has_no_rate(app: typer.Typer) -> None:
    """A cell in which nobody speaks has null rates, not an error."""
    got = report_of(app, "--devices", "1", "--interval-s", "1e9", "--days", "0.01")
    assert (got["packets"], got["delivery_rate"], got["message_delivery_rate"]) == (0, None, None)
    assert CliRunner().invoke(app, ["cell", "--interval-s", "1e9", "--days", "0.01"]).exit_code == 0


def test_option_defaults_are_the_cells() -> None:
    """What the command assumes is what `Cell` assumes, option by option."""
    asked = inspect.signature(cell).parameters
    for field in fields(Cell):
        if field.name in asked and field.name not in {"devices", "path_loss_1m_db"}:
            assert asked[field.name].default == field.default, field.name


def test_speaks_french_by_default(app: typer.Typer) -> None:
    """Causes and figures are told in French, in English with --lang en."""
    words = ["cell", *SMALL, "--devices", "400", "--interval-s", "30"]
    french = CliRunner().invoke(app, words).output
    assert "brouillée par une autre" in french
    assert "énergie par objet" in french
    english = CliRunner().invoke(app, [*words, "--lang", "en"]).output
    assert "not sent (duty cycle)" in english
    assert "frames a CPU second" in english


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"devices": 0}, "--devices"),
        ({"gateways": 0}, "--gateways"),
        ({"channels": 9}, "--channels"),
        ({"demodulators": 0}, "--demodulators"),
        ({"seed": -1}, "--seed"),
        ({"days": 0.0}, "--days"),
        ({"radius_m": float("nan")}, "--radius-m"),
        ({"path_loss_exponent": -2.0}, "--path-loss-exponent"),
        ({"shadowing_db": -1.0}, "--shadowing-db"),
        ({"fading_db": float("inf")}, "--fading-db"),
        ({"interference": "magic"}, "--interference"),
        ({"capture": "sum"}, "--capture"),
        ({"sf": "fixed:6"}, "--sf"),
        ({"sf": "12"}, "--sf"),
        ({"payload_bytes": -1}, "--payload-bytes"),
        ({"payload_bytes": 243}, "--payload-bytes"),
        ({"sf": "fixed:12", "payload_bytes": 52}, "--payload-bytes"),
        ({"interval_s": 3.0}, "--interval-s"),
        ({"interval_s": float("nan")}, "--interval-s"),
        ({"interval_s": 150.0, "sf": "fixed:12", "channels": 3}, "--interval-s"),
        ({"chip": "SX9999"}, "chip"),
        ({"grace_symbols": -1.0}, "grace_symbols"),
    ],
)
def test_bad_cells_are_refused(settings: dict[str, object], key: str) -> None:
    """Each setting out of range is refused by the name of its option, and nothing else is."""
    with pytest.raises(InputError) as caught:
        network(replace(Cell(10), **settings))  # type: ignore[arg-type]
    assert [fault.key for fault in caught.value.faults] == [key]
    assert all(fault.remedy.fr and fault.remedy.en for fault in caught.value.faults)


def test_limits_are_those_of_the_factor() -> None:
    """51 bytes pass at SF12, one more is sent to SF9; 100 s pass on two sub-bands, not on one."""
    network(Cell(1, sf="fixed:12", payload_bytes=51))
    with pytest.raises(InputError, match="fixed:9"):
        network(Cell(1, sf="fixed:12", payload_bytes=52))
    network(Cell(1, sf="fixed:12", interval_s=100.0))
    with pytest.raises(InputError, match=r"181\.0 s"):
        network(Cell(1, sf="fixed:12", interval_s=100.0, channels=1))


def test_an_unknown_engine_is_refused() -> None:
    """An engine that is neither of the two is named with those that are."""
    with pytest.raises(InputError, match="window, simpy"):
        play(Cell(1), "ns3")


def test_bad_input_exits_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    """Registered in the application: every bad option at once, one line each, exit code 2."""
    words = ["--sf", "fixed:12", "--payload-bytes", "60", "--interference", "x", "--engine", "y"]
    assert run(["cell", *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 3
    for name in ("--payload-bytes", "fixed:9", "--interference", "--engine"):
        assert name in error


def test_replay_is_registered(capsys: pytest.CaptureFixture[str]) -> None:
    """`run.py --help` lists both commands."""
    assert run(["--help"]) == 0
    listed = capsys.readouterr().out
    assert "cell " in listed
    assert "replay " in listed
