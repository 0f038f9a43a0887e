"""What `run.py warm` compiles of water: two weeks of one small EPCI, and a day of one pipe."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from twin.lang import Text

INDRE = Path(__file__).resolve().parents[2] / "scenarios" / "indre"
EPCI = "243600236"
"""Pays d'Issoudun: nine communes, a town."""

SCENARIO = """extends = {base}

[territory]
communes = "communes.csv"

[water.service]
days = 14
settling_days = 0

[water.districts]
link = "ideal"

[water.customers]
link = "ideal"
"""
OPTIONS = ("today", "both", "hourly")

VILLAGE = """[JUNCTIONS]
a 100 1 p
[RESERVOIRS]
r 90
[TANKS]
t 130 3 0 4 5 0
[PIPES]
m t a 500 100 130 0 Open
[PUMPS]
u r t HEAD c
[CURVES]
c 5 50
[PATTERNS]
p 0.5 1.5
[CONTROLS]
LINK u OPEN IF NODE t BELOW 2
LINK u CLOSED IF NODE t ABOVE 3.5
[OPTIONS]
UNITS CMH
HEADLOSS H-W
[TIMES]
DURATION 24:00
[END]
"""


def compile_all() -> None:
    """Compile the year, then the calculators: one after the other, for both need the solver."""
    with tempfile.TemporaryDirectory() as name:
        compile_year(Path(name))
        compile_periods(Path(name))


def compile_year(folder: Path) -> None:
    """Live two weeks of a miniature in a folder."""
    from models.water.model import build
    from twin.recorder import Recorder
    from twin.scenario import load_scenario
    from twin.streams import Streams
    from twin.study.plan import Task
    from twin.workspace import Workspace
    from twin.world import World

    _write_miniature(folder)
    scenario = load_scenario(folder / "warm.toml")
    workspace = Workspace(folder / "prepared", folder / "cache")
    for option in OPTIONS:
        model = build(scenario, scenario.option(option))
        model.prepare(workspace, _mute)
        streams = Streams(scenario.study.seed, 0)
        model.play(World(scenario, Task(option, 0), streams, Recorder(model.kpis), workspace))


def compile_periods(folder: Path) -> None:
    """Play a day of one pipe under a pumped tower: what `hydraulics --engine batched` needs."""
    from models.water.batched.steps import run_steps
    from models.water.network.read import read_network

    file = folder / "village.inp"
    file.write_text(VILLAGE, encoding="utf-8")
    run_steps(read_network(file))


def _mute(_what: Text | str, _share: float) -> None:
    return


def _write_miniature(folder: Path) -> None:
    """Write the scenario of one EPCI from the Indre's own communes."""
    lines = (INDRE / "communes.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    kept = [row for row in rows if row["epci"] == EPCI]
    with (folder / "communes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    base = f"'{INDRE / 'water.toml'}'"
    (folder / "warm.toml").write_text(SCENARIO.format(base=base), encoding="utf-8")


JOBS = (compile_all,)
"""What may be compiled side by side."""
