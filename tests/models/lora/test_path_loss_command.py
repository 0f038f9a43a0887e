"""The single-shot calculators `path-loss` and `link`: numbers, figure, and bad input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from models.lora.diffraction import delta_bullington_db
from models.lora.link_command import link
from models.lora.path_loss_command import path_loss
from models.lora.profile_file import read_profile
from models.lora.profiles import path_losses_db
from twin.errors import DataError, InputError
from twin.lang import Lang, same
from twin.terrain.grid import Terrain

KM = np.arange(0.0, 20.01, 0.25)
VERTICAL = False
HEIGHTS = 150.0 + 20.0 * np.sin(KM) + KM


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    """Return an application with the two calculators."""
    made = typer.Typer()
    made.command("path-loss")(path_loss)
    made.command("link")(link)
    return made


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a file and return its path."""
    path.write_text(text, encoding=encoding)
    return path


def csv_profile(folder: Path) -> Path:
    """Write the test's profile in the international dialect."""
    rows = [f"{d:g},{h:.6f}" for d, h in zip(KM, HEIGHTS, strict=True)]
    return write(folder / "p.csv", "\n".join(["Distance (km),DEM Height (m AMSL)", *rows]) + "\n")


ARGUMENTS = ["--tx-height-m", "30", "--rx-height-m", "1.5", "--frequency-mhz", "868"]


def test_path_loss_json(app: typer.Typer, tmp_path: Path) -> None:
    """--json prints every term, equal to the kernel's, and their total."""
    file = csv_profile(tmp_path)
    result = CliRunner().invoke(app, ["path-loss", "--profile", str(file), *ARGUMENTS, "--json"])
    assert result.exit_code == 0, result.output
    got = json.loads(result.output)
    expected = delta_bullington_db(
        KM * 1000.0, np.round(HEIGHTS, 6), 30.0, 1.5, 868.0, VERTICAL, 8.5e6
    )
    keys = (
        "delta_bullington_db",
        "bullington_actual_db",
        "bullington_smooth_db",
        "spherical_earth_db",
    )
    assert [got[key] for key in keys] == pytest.approx(expected, abs=1e-9)
    assert got["total_db"] == pytest.approx(got["free_space_db"] + got["delta_bullington_db"])
    assert got["distance_km"] == pytest.approx(20.0)


def test_path_loss_speaks_french_by_default(app: typer.Typer, tmp_path: Path) -> None:
    """French is printed by default, with decimal commas; English with --lang en."""
    file = csv_profile(tmp_path)
    command = ["path-loss", "--profile", str(file), *ARGUMENTS]
    french = CliRunner().invoke(app, command).output
    assert "Terre sphérique" in french
    assert "20,000\u00a0km" in french
    english = CliRunner().invoke(app, [*command, "--lang", "en"]).output
    assert "spherical Earth" in english
    assert "20.000\u00a0km" in english


def test_french_dialect_reads_the_same(tmp_path: Path) -> None:
    """Semicolons, decimal commas and a byte order mark read as the international file does."""
    rows = [f"{d:g};{h:.6f}".replace(".", ",") for d, h in zip(KM, HEIGHTS, strict=True)]
    text = "\n".join(["distance (km);altitude (m)", *rows])
    french = read_profile(write(tmp_path / "f.csv", text, "utf-8-sig"))
    for one, other in zip(french, read_profile(csv_profile(tmp_path)), strict=True):
        np.testing.assert_array_equal(one, other)


HEAD = "distance (km),height (m)\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (HEAD, "at least one row"),
        (HEAD + "0,100\n1,110\n", "at least 3 samples"),
        (HEAD + "0,100\n1,abc\n2,120\n", "l. 3, height (m)"),
        (HEAD + "0,100\n1,110\n1,120\n", "l. 4, distance (km)"),
        (HEAD + "0.5,100\n1,110\n2,120\n", "0 km"),
        (HEAD + "0,100\n1,-32768\n2,120\n", "-500 to 9,000"),
        (HEAD + "0,100\n1\n2,120\n", "2 cells"),
        (HEAD + "0,100\n5000,110\n10000,120\n", "2,000 at most"),
        ("distance (km)\theight (m)\n0\t1\n1\t2\n2\t3\n", "separator"),
        ("distance (m),height (m)\n0,1\n1,2\n2,3\n", "distances in km"),
        ("0,100\n1,110\n2,120\n3,120\n", "header line"),
        ("distance\n0\n1\n2\n", "two columns"),
    ],
)
def test_bad_profiles_are_named(tmp_path: Path, text: str, words: str) -> None:
    """Each kind of bad profile is refused with the file, the row and what was expected."""
    file = write(tmp_path / "bad.csv", text)
    with pytest.raises(DataError) as caught:
        read_profile(file)
    message = caught.value.say(Lang.EN)
    assert "bad.csv" in message
    assert words in message
    assert caught.value.say(Lang.FR) != message


def test_all_faults_at_once(tmp_path: Path) -> None:
    """A file with three faults reports the three of them."""
    file = write(tmp_path / "bad.csv", HEAD + "0,x\n2,110\n1,120\n1.5,99999\n")
    with pytest.raises(DataError) as caught:
        read_profile(file)
    assert len(caught.value.faults) == 3


def test_missing_file_and_wrong_encoding(tmp_path: Path) -> None:
    """An absent file and one that is not UTF-8 are each one clear message."""
    with pytest.raises(DataError, match="absent"):
        read_profile(tmp_path / "nowhere.csv")
    rows = "distance (km);altitude relevée (m)\n0;1\n1;2\n2;3\n"
    with pytest.raises(DataError, match="UTF-8"):
        read_profile(write(tmp_path / "l.csv", rows, "cp1252"))


def test_bad_options_are_all_named(app: typer.Typer, tmp_path: Path) -> None:
    """Negative antennas and a frequency in hertz are reported together."""
    result = CliRunner().invoke(
        app,
        ["path-loss", "--profile", str(csv_profile(tmp_path)), "--tx-height-m", "-3",
         "--rx-height-m", "-1", "--frequency-mhz", "868000000"],
    )  # fmt: skip
    assert isinstance(result.exception, InputError)
    keys = [fault.key for fault in result.exception.faults]
    assert keys == ["--tx-height-m", "--rx-height-m", "--frequency-mhz"]


@pytest.fixture
def hills(monkeypatch: pytest.MonkeyPatch) -> Terrain:
    """Stand a small rough terrain around Châteauroux in place of the synthetic Indre."""
    rng = np.random.default_rng(5)
    heights = (150.0 + 3.0 * rng.standard_normal((300, 300))).astype(np.float32)
    terrain = Terrain(heights, 590_000.0, 6_645_000.0, 100.0, same("hills"), synthetic=True)
    monkeypatch.setattr("models.lora.default_terrain.default_terrain", lambda: terrain)
    return terrain


ENDS = ["--from", "1.69,46.81,30", "--to", "1.75,46.78,1"]


def test_link_json_and_figure(app: typer.Typer, hills: Terrain, tmp_path: Path) -> None:
    """The loss is the batch kernel's; each use case has margins and lines; a figure is drawn."""
    figure = tmp_path / "profile.svg"
    result = CliRunner().invoke(app, ["link", *ENDS, "--json", "--figure", str(figure)])
    assert result.exit_code == 0, result.output
    got = json.loads(result.output)
    a, b = got["from"], got["to"]
    loss = path_losses_db(hills, a["x_m"], a["y_m"], 30.0, b["x_m"], b["y_m"], 1.0)[0]
    assert got["total_db"] == pytest.approx(loss, abs=1e-9)
    assert got["synthetic"] is True
    assert [case["use_case"] for case in got["use_cases"]] == [
        "meter-pit", "meter-indoor", "meter-outdoor", "bin", "cabinet", "lamp"
    ]  # fmt: skip
    for case in got["use_cases"]:
        for way in ("uplink", "downlink"):
            part = case[way]
            assert sum(line["value"] for line in part["lines"]) == pytest.approx(
                part["max_path_loss_db"]
            )
            assert part["margin_db"] == pytest.approx(part["max_path_loss_db"] - loss)
        assert case["margin_db"] == pytest.approx(case[case["weaker"]]["margin_db"])
    svg = figure.read_text(encoding="utf-8")
    assert "<svg" in svg
    assert "Fresnel" in svg
    assert "passerelle" in svg


def test_link_prints_line_by_line(app: typer.Typer, hills: Terrain) -> None:
    """Without --json the budget is printed line by line, each line with its status, in French."""
    output = CliRunner().invoke(app, ["link", *ENDS]).output
    for words in ("hills", "compteur en regard", "sensibilité SX1303", "non vérifié", "+2,15"):
        assert words in output
    english = CliRunner().invoke(app, ["link", *ENDS, "--lang", "en"]).output
    assert "meter in a pit" in english


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (["--from", "46.81,1.69,30", "--to", "1.75,46.78,1"], ["--from"]),
        (["--from", "1.69,46.81,-30", "--to", "a,b,c"], ["--from", "--to"]),
        (["--from", "1.69,46.81", "--to", "1.75,46.78,1"], ["--from"]),
        (
            [*ENDS, "--figure", "profile.png", "--frequency-mhz", "1"],
            ["--frequency-mhz", "--figure"],
        ),
        (["--from", "1.69,46.81,30", "--to", "1.69,46.81,1"], ["--to"]),
        (["--from", "1.69,46.81,30", "--to", "5.0,45.0,1"], ["--to"]),
    ],
)
def test_bad_links_are_named(
    app: typer.Typer, hills: Terrain, arguments: list[str], keys: list[str]
) -> None:
    """Swapped or missing numbers, one place twice, a point off the terrain: each is named."""
    result = CliRunner().invoke(app, ["link", *arguments])
    assert isinstance(result.exception, InputError)
    assert [fault.key for fault in result.exception.faults] == keys
