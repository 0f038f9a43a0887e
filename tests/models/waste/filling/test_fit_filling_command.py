"""`run.py fit-filling`: weighings and levels in, rates out, and clear messages."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from models.waste.filling.fit.fit import fit_readings
from models.waste.filling.fit.levels import mis_ranging, noise
from models.waste.filling.fit.readings import read_readings
from models.waste.fit_filling_command import fit_filling
from twin.errors import InputError

RATES = np.array([4.0, 7.0, 10.0, 14.0, 6.0, 9.0])
"""Per cent a day."""


def run(*arguments: str) -> str:
    """Run the command and return what it prints."""
    app = typer.Typer()
    app.command()(fit_filling)
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def levels(path: Path, *, sigma: float = 0.0, wrong: int = 0, told: bool = False) -> Path:
    """Write a year of daily levels in the French dialect, emptied every ten days."""
    rng = np.random.default_rng(4)
    lines = ["point;date;heure;remplissage_pct" + (";vide" if told else "")]
    for number, rate in enumerate(RATES):
        level = 0.0
        odd = rng.choice(np.arange(5, 360), wrong, replace=False)
        for day in range(365):
            level = min(100.0, level + rate * rng.gamma(0.65**-2, 0.65**2))
            seen = float(np.clip(level + sigma * rng.normal(), 0.0, 100.0))
            seen = rng.uniform(0.0, 100.0) if day in odd else seen
            date = dt.date(2027, 1, 1) + dt.timedelta(days=day)
            empties = (day + number) % 10 == 0
            cell = f"{seen:.1f}".replace(".", ",")
            end = f";{'oui' if empties else 'non'}" if told else ""
            lines.append(f"P{number};{date:%d/%m/%Y};22:00;{cell}{end}")
            level = 0.0 if empties else level
    path.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    return path


def weighings(path: Path) -> Path:
    """Write two years of weekly weighings of 400 kg containers, two streams, ISO dates."""
    rng = np.random.default_rng(9)
    lines = ["point,date,collected_kg,stream"]
    for number, rate in enumerate(10.0 * RATES):
        for week in range(104):
            came = sum(rate * rng.gamma(0.65**-2, 0.65**2) for _ in range(7))
            date = dt.date(2026, 1, 5) + dt.timedelta(days=7 * week)
            lines.append(f"P{number},{date},{min(came, 600.0):.1f},glass")
            lines.append(f"P{number},{date}T07:00,{came / 5.0:.2f},paper")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("told", [False, True])
def test_levels_give_back_the_rates(tmp_path: Path, told: bool) -> None:
    """Noise of 1 point and 1 % of readings anywhere: every rate within 12 %, total 4 %."""
    path = levels(tmp_path / "levels.csv", sigma=1.0, wrong=4, told=told)
    (found,) = fit_readings(read_readings(path))
    rates = np.exp(found.rates.log_rate)
    assert rates == pytest.approx(RATES, rel=0.12)
    assert rates.sum() == pytest.approx(RATES.sum(), rel=0.04)
    assert found.rates.cv == pytest.approx(0.68, abs=0.08)
    assert 3 <= found.pieces.counts["outliers_left_out"] <= 24
    assert found.pieces.counts["emptyings"] == pytest.approx(219, abs=20)
    assert found.naive_per_day.sum() < 0.975 * rates.sum()


def test_weighings_at_full_say_at_least(tmp_path: Path) -> None:
    """With the capacity the total is right within 3 %; counting full ones as they are it is low;
    streams are told apart and only the first is ever full."""  # noqa: D205, D209 - one sentence
    out = run(
        str(weighings(tmp_path / "w.csv")), "--capacity-l", "3000", "--density-kg-m3", "200",
        "--json", "--per-point", str(tmp_path / "rates.csv"), "--lang", "en",
    )  # fmt: skip
    content = json.loads(out)
    glass, paper = content["streams"]
    assert (glass["stream"], paper["stream"]) == ("glass", "paper")
    assert glass["rate_per_day"]["total_pooled"] == pytest.approx(10.0 * RATES.sum(), rel=0.03)
    assert glass["rate_per_day"]["total_ignoring_full"] < 0.97 * glass["rate_per_day"]["total"]
    assert glass["pieces"]["at_least"] > 100
    assert paper["pieces"]["at_least"] == 0
    assert paper["rate_per_day"]["total"] == pytest.approx(2.0 * RATES.sum(), rel=0.03)
    assert paper["law"] == "gamma"
    assert paper["daily_cv"] == pytest.approx(0.65, abs=0.06)
    assert paper["weekday"] is None
    assert paper["litres_per_unit"] == pytest.approx(5.0)
    rows = (tmp_path / "rates.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("point,stream,unit,pieces,full,rate_per_day,low_90_per_day")
    assert len(rows) == 1 + 2 * len(RATES)


def test_people_read_french_first(tmp_path: Path) -> None:
    """The text is French with decimal commas, and says what cannot be separated."""
    path = weighings(tmp_path / "w.csv")
    french = run(str(path))
    assert "Flux\u00a0: glass" in french
    assert "kg/jour" in french
    assert "Non séparables" in french
    assert "Sans capacité" in french
    assert "Not separable" in run(str(path), "--lang", "en")


def test_noise_is_read_in_small_falls() -> None:
    """A level that rises by 1 a day with errors of 3 shows 3 within a fifth; without, 0."""
    rng = np.random.default_rng(2)
    point, rise = np.zeros(300, np.int64), 0.3 * np.arange(300.0)
    told = np.zeros(300, np.bool_)
    assert noise(point, rise + rng.normal(0.0, 3.0, 300), told) == pytest.approx(3.0, rel=0.2)
    assert noise(point, rise, told) == 0.0


def test_a_reading_that_stands_off_both_neighbours_is_left_out() -> None:
    """A spike up or down is mis-ranging; an emptying, a rise and a told emptying are not."""
    level = np.array([10.0, 14.0, 90.0, 20.0, 25.0, 2.0, 30.0, 34.0, 60.0, 64.0, 3.0, 8.0, 12.0])
    point = np.zeros(len(level), np.int64)
    told = np.zeros(len(level), np.bool_)
    assert np.flatnonzero(mis_ranging(point, level, told)).tolist() == [2]
    down = np.array([40.0, 45.0, 3.0, 50.0, 55.0, 60.0])
    assert np.flatnonzero(mis_ranging(np.zeros(6, np.int64), down, told[:6])).tolist() == [2]


BAD = {
    "negative fill": ("point,date,fill_percent\na,2027-01-01,-4\n", ("l. 2", "-4", "fill_percent")),
    "fill far over 100": ("point,date,fill_percent\na,2027-01-01,180\n", ("l. 2", "180")),
    "unknown column": (
        "point,date,fill_percent,colour\na,2027-01-01,4,red\n",
        ("col. colour", "ôtez cette colonne"),
    ),
    "misspelled column": ("point,date,fil_percent\na,2027-01-01,4\n", ("fill_percent",)),
    "two measures": (
        "point,date,fill_percent,collected_kg\na,2027-01-01,4,4\n",
        ("fill_percent, collected_kg",),
    ),
    "unreadable date": (
        "point,date,fill_percent\na,2027-01-01,4\na,31/02/2027,5\n",
        ("l. 3", "31/02/2027", "jour d'abord"),
    ),
    "American date": ("point,date,fill_percent\na,12/31/2027,4\n", ("l. 2", "12/31/2027")),
    "one observation": (
        "point,date,fill_percent\nPAV-7,2027-01-01,4\n",
        ("l. 2", "PAV-7", "trois"),
    ),
    "always full": (
        "point,date,collected_kg,capacity_l\n"
        + "".join(f"a,2027-0{month}-01,900,1000\n" for month in range(1, 8)),
        ("full 6", "ajoutez des relevés"),
    ),
    "litres without capacity": (
        "point,date,level_l\na,2027-01-01,400\n",
        ("l. 2", "--capacity-l"),
    ),
    "litres over capacity": (
        "point,date,level_l,capacity_l\na,2027-01-01,4000,3000\n",
        ("l. 2", "4000 L / 3000 L"),
    ),
    "not a number": ("point,date,fill_percent\na,2027-01-01,half\n", ("l. 2", "half")),
    "no row": ("point,date,fill_percent\n", ("au moins une ligne",)),
}


@pytest.mark.parametrize("case", list(BAD))
def test_bad_input_is_named_with_its_remedy(tmp_path: Path, case: str) -> None:
    """Each fault names the file, the row or column, what was met, and what to do."""
    content, words = BAD[case]
    path = tmp_path / "readings.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run(str(path), "--density-kg-m3", "200")
    said = caught.value.say()
    assert "readings.csv" in said
    for word in words:
        assert word in said, said
    assert all(fault.remedy.fr and fault.remedy.en for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (("--capacity-l", "0"), "--capacity-l"),
        (("--density-kg-m3", "-3"), "--density-kg-m3"),
        (("--per-point", "out.xlsx"), "--per-point"),
    ],
)
def test_options_out_of_bounds_are_refused(
    tmp_path: Path, arguments: tuple[str, str], key: str
) -> None:
    """A capacity of nothing, a negative density, another suffix: named before anything is read."""
    with pytest.raises(InputError, match=key):
        run(str(tmp_path / "absent.csv"), *arguments)
