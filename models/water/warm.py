"""What `run.py warm` compiles of water: two weeks of one small EPCI, by every sort of reading."""

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


def compile_year() -> None:
    """Live two weeks of a miniature, in a folder that is thrown away."""
    from models.water.model import build
    from twin.recorder import Recorder
    from twin.scenario import load_scenario
    from twin.streams import Streams
    from twin.study.plan import Task
    from twin.workspace import Workspace
    from twin.world import World

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_miniature(folder)
        scenario = load_scenario(folder / "warm.toml")
        workspace = Workspace(folder / "prepared", folder / "cache")
        for option in OPTIONS:
            model = build(scenario, scenario.option(option))
            model.prepare(workspace, _mute)
            task = Task(option, 0)
            streams = Streams(scenario.study.seed, 0)
            model.play(World(scenario, task, streams, Recorder(), workspace))


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


JOBS = (compile_year,)
"""What may be compiled side by side."""
