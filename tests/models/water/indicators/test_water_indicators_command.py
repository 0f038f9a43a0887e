"""The calculator `water-indicators`: figures, both languages, both dialects, and bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from models.water.indicators.read_services import COLUMNS, FRENCH, read_services
from models.water.indicators_command import water_indicators
from twin.errors import DataError, InputError

ENGLISH = "service,year,produced_m3,metered_m3,mains_km"
Write = Callable[[str], Path]


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    """Return an application with the calculator and a second command, so that names are asked."""
    made = typer.Typer()
    made.command("water-indicators")(water_indicators)
    made.command("nothing")(lambda: None)
    return made


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a CSV file."""

    def call(text: str) -> Path:
        path = tmp_path / "services.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return call


def run(app: typer.Typer, *words: object) -> str:
    """Return what the command prints."""
    arguments = ["water-indicators", *(str(word) for word in words)]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_example(app: typer.Typer, root: Path) -> None:
    """The example has the Indre's estimate (75 %, 1.47, 4.42, 65.9 %) and a yield above 100 %."""
    example = root / "docs" / "guide" / "examples" / "water_indicators.csv"
    first, *others = json.loads(run(app, example, "--json"))["rows"]
    assert first["yield_share"] == pytest.approx(0.75)
    assert round(first["ilp_m3_km_day"], 2) == 1.47
    assert round(first["ilc_m3_km_day"], 2) == 4.42
    assert round(first["threshold_share"], 3) == 0.659
    assert first["passes"]
    assert first["grade"] == "fair"
    assert [row["passes"] for row in others] == [True, False, True, True]
    assert others[2]["in_zre"]
    assert others[2]["own_threshold_share"] == pytest.approx(
        0.7 + 0.002 * others[2]["ilc_m3_km_day"]
    )
    assert "supérieur à 100 %" in others[3]["notices"][0]


def test_both_languages(app: typer.Typer, root: Path) -> None:
    """A table and a sentence a service, French by default, English when asked."""
    example = root / "docs" / "guide" / "examples" / "water_indicators.csv"
    french = run(app, example)
    assert "Commune du plateau 2025\u00a0: sous le seuil" in french
    assert "très mauvais" in french
    assert "m³/km/j" in french
    english = run(app, example, "--lang", "en")
    assert "Commune du plateau 2025: fails; yield of 56.8%, below 85%" in english
    assert "m³/km/d" in english


def test_english_columns_give_the_same(app: typer.Typer, write: Write) -> None:
    """English names with commas and French names with semicolons give the same rows."""
    english = write(f"{ENGLISH}\nA,2024,1000.5,800,2\n")
    first = json.loads(run(app, english, "--json"))
    french = write(
        "service;annee;volume_produit_m3;volume_comptabilise_m3;lineaire_hors_branchements_km\n"
        "A;2024;1000,5;800;2\n"
    )
    assert json.loads(run(app, french, "--json")) == first
    row = first["rows"][0]
    assert row["ilp_m3_km_day"] == pytest.approx(200.5 / 730)
    assert row["ili"] is None
    assert row["ilp_ceiling_m3_km_day"] is None


def test_every_column_has_a_french_name() -> None:
    """Each column can be given in French, and no French name stands for nothing."""
    assert set(FRENCH.values()) == set(COLUMNS)


def test_the_table(app: typer.Typer, root: Path, tmp_path: Path) -> None:
    """`--table` writes the indicators, reasons included, for a spreadsheet."""
    example = root / "docs" / "guide" / "examples" / "water_indicators.csv"
    written = tmp_path / "out.csv"
    run(app, example, "--table", written)
    text = written.read_text(encoding="utf-8-sig")
    assert text.startswith("service;année;rendement (%);seuil (%);atteint")
    assert "sous 85" in text
    with pytest.raises(InputError, match=r"\.csv"):
        run(app, example, "--table", tmp_path / "out.xlsx")


def test_every_bad_row_is_named(write: Write) -> None:
    """A negative volume, no length, a repeated year and an empty cell: each with its line."""
    path = write(f"{ENGLISH}\nA,2024,1000,-1,2\nB,2024,1000,800,0\nC,2024,,800,2\n")
    with pytest.raises(DataError) as caught:
        read_services(path)
    keys = {fault.key for fault in caught.value.faults}
    assert keys == {"l. 2, col. metered_m3", "l. 3, col. mains_km", "l. 4, col. produced_m3"}
    path = write(f"{ENGLISH},exported_m3\nA,2024,1000,1,2,0\nA,2024,1000,1,2,1000\n")
    with pytest.raises(DataError) as caught:
        read_services(path)
    keys = [fault.key for fault in caught.value.faults]
    assert keys == ["l. 3, col. service", "l. 3, col. produced_m3"]


def test_a_column_in_both_languages_is_refused(write: Write) -> None:
    """`year` and `annee` together are a fault: which one to believe is not ours to choose."""
    path = write(f"{ENGLISH},annee\nA,2024,1000,800,2,2023\n")
    with pytest.raises(DataError, match="single column"):
        read_services(path)


def test_a_yield_just_below_is_told_apart(app: typer.Typer, write: Write) -> None:
    """84.9999 % fails on a dense network, and its sentence shows why."""
    path = write(f"{ENGLISH}\nA,2024,1000000,849999,10\n")
    row = json.loads(run(app, path, "--json", "--lang", "en"))["rows"][0]
    assert not row["passes"]
    assert row["own_threshold_share"] > 0.85
    assert row["reason"] == "yield of 84.9999%, below 85%"
