"""The lighting question: its models meet the laws, and a small study is played to its page."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

import pyogrio
import pytest

from models.lighting.model import LightingModel, build
from tests.conftest import ROOT, Outcome
from twin.recorder import Part
from twin.scenario import Scenario, load_scenario
from twin.streams import Streams
from twin.study.plan import Task
from twin.workspace import Workspace
from twin.world import play

SCENARIO = ROOT / "scenarios" / "indre" / "lighting.toml"


@lru_cache(maxsize=1)
def scenario() -> Scenario:
    """Return the question, quick: two years."""
    return replace(load_scenario(SCENARIO), quick=True)


@lru_cache(maxsize=1)
def workspace() -> Workspace:
    """Return a folder that all tests share."""
    folder = Path(mkdtemp())
    return Workspace(folder / "prepared", folder / "cache")


@lru_cache(maxsize=16)
def played(option: str, replication: int = 0) -> Part:
    """Return one world of an option, without its trial."""
    model: LightingModel = build(scenario(), scenario().option(option))
    from models.lighting.stage import load_stage

    model._stage = load_stage(scenario(), model.settings, workspace(), lambda *_: None)
    return play(scenario(), [model], Task(option, replication), workspace())


def test_switching_off_saves_the_hours_off() -> None:
    """Off from 23 to 5 everywhere saves energy in proportion to the hours, and darkens people."""
    today, off = played("today"), played("off")
    assert off.get("kwh") < 0.75 * today.get("kwh")
    assert off.get("dark_people_h") > today.get("dark_people_h")
    assert off.get("unlit_h") == pytest.approx(2_190.0, abs=250.0)
    assert off.get("outside_h") >= off.get("unlit_h")
    assert off.get("overlit_kwh") < 0.7 * today.get("overlit_kwh")
    assert off.get("overlit_kwh") < off.get("kwh")


def test_dimming_keeps_people_in_the_light() -> None:
    """Communes renewed burn less and stay lit; the others keep today's hours till then."""
    today, dim = played("today"), played("led-dim")
    assert dim.get("kwh") < today.get("kwh")
    assert dim.get("lit_share") > today.get("lit_share")
    assert dim.get("unlit_h") < today.get("unlit_h")


def test_a_dead_radio_is_worth_its_price_and_no_more() -> None:
    """Nodes over a dead radio know what calls and patrols know; over a perfect one the next day."""
    ideal, dead = played("led-node-ideal"), played("led-node-none")
    by_hand = played("led-dim")
    # Clocks that are set by hand are visited too: crews come by at other times.
    assert dead.get("known_days") == pytest.approx(by_hand.get("known_days"), rel=0.01)
    assert dead.get("false_alarms") == 0.0
    assert dead.get("calls") == pytest.approx(by_hand.get("calls"), rel=0.02)
    assert dead.get("by_hand") == by_hand.get("by_hand")
    assert ideal.get("known_days") < 1.6
    assert ideal.get("lost_commands") == 0.0
    assert dead.get("lost_commands") == dead.get("commands")


def test_the_network_is_between_dead_and_perfect() -> None:
    """Clocks over the planned network tell nearly as soon as over a perfect one."""
    own, ideal = played("led-clock"), played("led-clock-ideal")
    dead = played("led-clock-none")
    assert ideal.get("known_days") <= own.get("known_days") < 0.7 * dead.get("known_days")
    assert 0.9 < own.get("heard") < 1.0
    assert ideal.get("heard") == 1.0


def test_the_bill_adds_up() -> None:
    """The yearly cost is its lines; energy is kWh times the world's price."""
    part = played("led-clock")
    lines = ("energy_eur", "fixed_eur", "crew_eur", "parts_eur", "devices_eur", "lanterns_eur")
    assert part.get("total_eur") == pytest.approx(sum(part.get(each) for each in lines))
    price = scenario().assumptions["lighting_energy_eur_kwh"]
    drawn = price.quantile(Streams(36, 0).uniform("assumptions", "lighting_energy_eur_kwh"))
    assert part.get("energy_eur") == pytest.approx(part.get("kwh") * drawn)


def small(folder: Path) -> Path:
    """Write a question of three options, without a LoRaWAN network."""
    text = SCENARIO.read_text(encoding="utf-8")
    head = (
        text[: text.index("[links.own]")]
        + text[text.index("[lighting]") : text.index("[[option]]")]
    )
    blocks = text.split("[[option]]")[1:]
    wanted = ("today", "off", "led-dim", "led-clock-ideal")
    kept = [block for block in blocks if any(f'id = "{name}"' in block for name in wanted)]
    head = head.replace('"indre.toml"', f'"{SCENARIO.parent / "indre.toml"}"')
    head = head.replace('"lighting_assumptions.csv"',
                        f'"{SCENARIO.parent / "lighting_assumptions.csv"}"')  # fmt: skip
    file = folder / "lighting.toml"
    file.write_text(head + "".join(f"[[option]]{block}" for block in kept), encoding="utf-8")
    return file


def test_a_study_is_played_to_its_page(
    run_py: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quick study of four options ends in a page, a summary, a map and tables that agree."""
    file = small(tmp_path)
    monkeypatch.chdir(tmp_path)
    told = run_py("study", file, "--quick")
    assert told.code == 0, told.err
    report = next(tmp_path.rglob("report.html"))
    page = report.read_text(encoding="utf-8")
    summary = json.loads((report.parent / "summary.json").read_text(encoding="utf-8"))
    assert summary["recommended"] in ("off", "led-dim", "today")
    assert summary["current"] == "today"
    assert "Le juste éclairage" in page
    assert "Inventaire inventé" in page
    assert "Traceback" not in page
    assert "au-delà de ce que la classe" in page
    communes = read_csv(report.parent / "tables" / "communes.csv")
    assert len(communes) == 241
    total = sum(float(row["Coût par an, retenue (€)"].replace(",", ".")) for row in communes)
    chosen = summary["options"][summary["recommended"]]["kpis"]["total_eur"]["mean"][""]["mean"]
    assert total == pytest.approx(chosen, rel=1e-4)
    curve = read_csv(report.parent / "tables" / "courbe_de_charge.csv")
    assert len(curve) == 17_520
    today = next(name for name in curve[0] if name.startswith("Scénario 0"))
    assert max(float(row[today].replace(",", ".")) for row in curve) > 3_000.0
    layer = pyogrio.read_info(report.parent / "maps" / "eclairage.gpkg", layer="communes")
    assert layer["features"] == 241


def read_csv(file: Path) -> list[dict[str, str]]:
    """Return the rows of a table as a spreadsheet in French sees them, columns by their names."""
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))
