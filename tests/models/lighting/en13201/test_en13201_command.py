"""`run.py en13201`: the guide's example, both languages, and tables that are wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from models.lighting.en13201.classes import CLASSES, lowered, required_lx
from tests.conftest import ROOT, Outcome
from twin.errors import InputError

EXAMPLE = ROOT / "docs" / "guide" / "examples" / "en13201.csv"


def test_the_guide_s_example(run_py: Callable[..., Outcome]) -> None:
    """The worked example through the command: four cases, their digits, their reductions."""
    told = json.loads(run_py("en13201", EXAMPLE, "--json").out)["cases"]
    assert [f"{each['d_e_kwh_m2']:.4f}" for each in told] == [
        "1.8284",
        "0.5724",
        "0.4304",
        "0.2836",
    ]
    assert [f"{each['d_p_mw_lx_m2']:.3f}" for each in told] == ["55.556", *["19.704"] * 3]
    assert told[0]["reduction_share"] == 0.0
    assert 0.50 < told[3]["reduction_share"] < 0.51


def test_a_person_reads_french(run_py: Callable[..., Outcome]) -> None:
    """Decimal commas, and the trap of both indicators said."""
    told = run_py("en13201", EXAMPLE).out
    assert "D_P 55,556 mW/(lx·m²), D_E 1,8284 kWh/m²" in told
    assert "D_P ignore la durée" in told


def test_all_faults_at_once(run_py: Callable[..., Outcome], tmp_path: Path) -> None:
    """A negative power and quiet hours beyond the hours are named by row."""
    file = tmp_path / "cases.csv"
    header = "name,power_w,spacing_m,road_width_m,road_lx,hours,quiet_hours,footway_width_m"
    file.write_text(f"{header}\na,36,30,6,7,4000,5000,2\n", encoding="utf-8")
    told = run_py("en13201", file)
    assert told.code == 2
    assert "quiet_hours" in told.err
    assert "footway_lx" in told.err
    file.write_text(f"{header}\na,-36,30,0,7,4000,10,0\n", encoding="utf-8")
    told = run_py("en13201", file)
    assert told.code == 2
    assert "-36" in told.err
    assert "road_width_m" in told.err


def test_classes_are_in_order() -> None:
    """Each class asks for less than the one before it in its family; one step lower is the next."""
    assert len(CLASSES) == 18
    for name in CLASSES:
        below = lowered(name, 1)
        assert below == name or required_lx(below) < required_lx(name)
    assert lowered("P3", 2) == "P5"
    assert lowered("M6", 3) == "M6"
    with pytest.raises(InputError):
        required_lx("Q1")
