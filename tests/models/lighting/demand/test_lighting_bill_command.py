"""`run.py lighting-bill` on the examples of the guide, and on tables that are wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Outcome

EXAMPLES = ROOT / "docs" / "guide" / "examples"


def test_a_program_reads_every_cabinet(run_py: Callable[..., Outcome]) -> None:
    """Cabinets add up to the bill; a full-light year of a sodium cabinet is watts times hours."""
    words = ("--cable-share", "0", "--clock-w", "0", "--json")
    told = json.loads(run_py("lighting-bill", EXAMPLES / "lighting_bill.csv", *words).out)
    assert [each["id"] for each in told["cabinets"]] == ["A1-mairie", "A2-eglise", "A3-hameau"]
    assert abs(told["cabinets"][0]["kwh"] - 18 * 115.0 * told["on_h"] / 1e3) < 0.01
    assert abs(sum(each["kwh"] for each in told["cabinets"]) - told["kwh"]) < 0.01
    assert abs(told["energy_eur"] - 0.18 * told["kwh"]) < 0.01
    assert told["cabinets"][2]["kva"] == 1.5  # 7 x 138 W, not said in the file


def test_a_person_reads_french(run_py: Callable[..., Outcome]) -> None:
    """The schedule of the guide turns the village dark on 153 nights: 918 h off."""
    words = ("--schedule", EXAMPLES / "night.toml")
    told = run_py("lighting-bill", EXAMPLES / "lighting_bill.csv", *words).out
    assert "éteint 918,00 h de nuit" in told
    assert "soir - 23:00 100\u00a0%" in told


def test_all_faults_at_once(run_py: Callable[..., Outcome], tmp_path: Path) -> None:
    """A negative power, an unknown type and two powers of one cabinet are named by row."""
    file = tmp_path / "points.csv"
    file.write_text(
        "cabinet,count,type,lamp_w,gear_w,kva\na,3,,-5,0,3\nb,2,hps-100,,,1\n", encoding="utf-8"
    )
    told = run_py("lighting-bill", file)
    assert told.code == 2
    assert "l. 2" in told.err
    assert "-5" in told.err
    file.write_text(
        "cabinet,count,type,lamp_w,gear_w,kva\na,3,,50,0,3\na,2,sodium,,,1\nb,1,,,,\n",
        encoding="utf-8",
    )
    told = run_py("lighting-bill", file)
    assert told.code == 2
    for words in ("l. 3", "sodium", "l. 4", "kva"):
        assert words in told.err


def test_a_street_may_keep_hours_of_its_own(run_py: Callable[..., Outcome], tmp_path: Path) -> None:
    """Two streets of a cabinet, one off at night: each burns its own hours, and they add up."""
    off = tmp_path / "off.toml"
    steps = [("dusk", "23:00", 1.0), ("23:00", "05:00", 0.0), ("05:00", "dawn", 1.0)]
    rows = "".join(f'  {{ from = "{a}", to = "{b}", level = {x} }},\n' for a, b, x in steps)
    off.write_text(f'id = "off"\n[[seasons]]\nsteps = [\n{rows}]\n', encoding="utf-8")
    file = tmp_path / "streets.csv"
    head, alone = "cabinet,count,type,schedule\n", ("A,10,hps-100,\n", "A,30,hps-100,off.toml\n")
    words = ("--cable-share", "0", "--clock-w", "0", "--json")
    told = []
    for text in (*alone, "".join(alone)):
        file.write_text(head + text, encoding="utf-8")
        told.append(json.loads(run_py("lighting-bill", file, *words).out))
    lit, dark, both = told
    assert lit["on_h"] - dark["on_h"] == pytest.approx(2_190.0, abs=0.01)
    assert both["kwh"] == pytest.approx(lit["kwh"] + dark["kwh"], abs=0.01)
    assert both["on_h"] == pytest.approx((lit["on_h"] + 3.0 * dark["on_h"]) / 4.0, abs=0.001)
    file.write_text(head + "A,1,hps-100,none.toml\n", encoding="utf-8")
    missing = run_py("lighting-bill", file)
    assert missing.code == 2
    assert "none.toml" in missing.err
