"""What `run.py warm` compiles of waste: two weeks of one small EPCI, by every policy."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from twin.lang import Text

INDRE = Path(__file__).resolve().parents[2] / "scenarios" / "indre"
EPCI = "243600236"
"""Pays d'Issoudun: nine communes, a town, a depot."""

SCENARIO = """extends = {base}

[territory]
communes = "communes.csv"

[waste]
depots = "depots.csv"

[waste.service]
days = 14
settling_days = 0

[waste.sensors]
link = "ideal"
"""
DEPOTS = """id,role,stream,trucks,x_m,y_m
g,both,glass,2,623940,6650301
p,both,packaging,2,623940,6650301
j,both,paper,1,623940,6650301
"""
OPTIONS = ("calendar", "predictive-sensors", "sensors-100", "threshold-driver")


def compile_year() -> None:
    """Live two weeks of a miniature, in a folder that is thrown away."""
    from models.waste.model import build
    from twin.recorder import Recorder
    from twin.scenario import load_scenario
    from twin.streams import Streams
    from twin.study.plan import Task
    from twin.workspace import Workspace
    from twin.world import World

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_miniature(folder)
        scenario = load_scenario(folder / "warm.toml", quick=True)
        workspace = Workspace(folder / "prepared", folder / "cache")
        for option in OPTIONS:
            model = build(scenario, scenario.option(option))
            model.prepare(workspace, _mute)
            streams = Streams(scenario.study.seed, 0)
            model.play(World(scenario, Task(option, 0), streams, Recorder(model.kpis), workspace))


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
    (folder / "depots.csv").write_text(DEPOTS, encoding="utf-8")
    base = f"'{INDRE / 'waste.toml'}'"
    (folder / "warm.toml").write_text(SCENARIO.format(base=base), encoding="utf-8")


JOBS = (compile_year,)
"""What may be compiled side by side."""
