"""The stage: made once, read back the same, shared by options that differ in what they buy only."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from models.lora import stage as stage_module
from models.lora.settings import Settings
from models.lora.stage import Stage, load_stage
from twin.scenario import Scenario, load_scenario
from twin.workspace import Workspace

STUDY = """
[study]
question = "?"
question_en = "?"
seed = 1
replications = 3
start = 2027-01-04
[models]
lora = "models.lora"
[territory]
name = "Essai"
communes = "communes.csv"
terrain_resolution_m = 200.0
[assumptions]
table = "assumptions.csv"
[lora.sites]
masts = "masts.csv"
municipal = "municipal.csv"
[lora.radio]
max_range_km = 8.0
[[option]]
id = "two"
name = "Deux"
name_en = "Two"
[[option]]
id = "pits"
name = "Regards"
name_en = "Pits"
lora.meters.pit_share = 1.0
lora.meters.indoor_share = 0.0
lora.sites.kinds = ["mast"]
lora.target.redundancy = 1
[[option]]
id = "far"
name = "Loin"
name_en = "Far"
lora.radio.max_range_km = 4.0
"""
COMMUNES = """insee,name,population,epci,epci_name,area_km2,zmin_m,zmax_m,x_m,y_m
36001,A,900,1,E,25,100,180,600000,6630000
36002,B,300,1,E,25,110,190,605000,6630000
36003,C,90,2,F,25,105,170,600000,6635000
36004,D,60,2,F,25,120,200,605000,6635000
"""
HEIGHTS = "height_low_m,height_mode_m,height_high_m"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Return a territory of four communes, three masts and one church."""
    place = tmp_path_factory.mktemp("territory")
    table = (root / "scenarios" / "indre" / "assumptions.csv").read_text(encoding="utf-8")
    for name, text in {
        "study.toml": STUDY,
        "communes.csv": COMMUNES,
        "assumptions.csv": table,
        "masts.csv": f"id,name,x_m,y_m,{HEIGHTS}\nM1,,600400,6630300,25,35,50\n"
        "M2,Grand mât,604500,6634800,30,40,60\nM3,,602500,6632500,25,35,50\n",
        "municipal.csv": f"id,x_m,y_m,insee,{HEIGHTS}\nC1,600000,6630000,36001,15,22,35\n",
    }.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def scenario(folder: Path) -> Scenario:
    """Return the territory's scenario."""
    return load_scenario(folder / "study.toml")


def settings_of(scenario: Scenario, option: str) -> Settings:
    """Return the settings of one option."""
    settings = scenario.option(option).settings["lora"]
    assert isinstance(settings, Settings)
    return settings


def quiet(_task: str, _share: float) -> None:
    """Say nothing."""


def same_bits(one: Stage, other: Stage) -> bool:
    """Tell whether two stages are the same bit for bit, types included."""
    parts = [(one.meters, other.meters), (one.sites, other.sites), (one.links, other.links)]
    return one.communes == other.communes and all(
        np.asarray(a).dtype == np.asarray(b).dtype and np.array_equal(a, b)
        for mine, theirs in parts
        for a, b in (
            (getattr(mine, field.name), getattr(theirs, field.name)) for field in fields(mine)
        )
    )


def test_made_once_then_read_back(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second call computes nothing and gives the same bits; so does a fresh workspace."""
    settings = settings_of(scenario, "two")
    workspace = Workspace(tmp_path / "run", tmp_path / "cache")
    said: list[float] = []
    made = load_stage(scenario, settings, workspace, lambda _task, share: said.append(share))
    assert (said[0], said[-1]) == (0.0, 1.0)
    assert len(made.meters) == 500 + 167 + 50 + 33
    assert made.sites.ids == ("M1", "M2", "M3", "C1")
    assert made.sites.names == ("", "Grand mât", "", "")
    assert made.sites.commune.tolist() == [0, 3, made.sites.commune[2], 0]
    assert len(made.links.site) > 1_000
    elsewhere = Workspace(tmp_path / "other run", tmp_path / "other cache")
    assert same_bits(made, load_stage(scenario, settings, elsewhere, quiet))
    monkeypatch.setattr(stage_module, "_prepare", lambda *_: pytest.fail("computed again"))
    assert same_bits(made, load_stage(scenario, settings, workspace, quiet))


def test_options_share_a_stage_when_the_world_is_the_same(
    scenario: Scenario, tmp_path: Path
) -> None:
    """Pits, kinds of sites and targets are levers on one stage; another range is another stage."""
    workspace = Workspace(tmp_path / "run", tmp_path / "cache")
    stages = {
        name: load_stage(scenario, settings_of(scenario, name), workspace, quiet)
        for name in ("two", "pits", "far")
    }
    assert len(list((tmp_path / "run").glob("stage-*.npz"))) == 2
    assert same_bits(stages["two"], stages["pits"])
    assert len(stages["far"].links.site) < len(stages["two"].links.site)


def test_own_meters_survive_the_keeping(scenario: Scenario, tmp_path: Path) -> None:
    """The planner's meters come back as theirs, with the placements their file says and omits."""
    points = tmp_path / "meters.csv"
    rows = [f"60{i % 5}000,663{i % 4}000,{'pit' if i % 2 else ''}" for i in range(20)]
    points.write_text("\n".join(["x_m,y_m,placement", *rows]) + "\n", encoding="utf-8")
    settings = settings_of(scenario, "two")
    own = settings.model_copy(
        update={"meters": settings.meters.model_copy(update={"points": points})}
    )
    workspace = Workspace(tmp_path / "run", tmp_path / "cache")
    kept = load_stage(scenario, own, workspace, quiet).meters
    assert len(kept) == 20
    assert kept.own
    assert kept.given is not None
    assert kept.given.tolist() == [255, 2] * 10


def test_a_quick_stage_is_another_one(scenario: Scenario, tmp_path: Path) -> None:
    """A quick study looks at a tenth of the meters and never reads a full stage back."""
    workspace = Workspace(tmp_path / "run", tmp_path / "cache")
    settings = settings_of(scenario, "two")
    whole = load_stage(scenario, settings, workspace, quiet)
    quick = load_stage(replace(scenario, quick=True), settings, workspace, quiet)
    assert len(quick.meters) == 50 + 17 + 5 + 3
    assert len(whole.meters) == 750
