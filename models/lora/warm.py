"""What `run.py warm` compiles of the radio: the network's engine, and the gateway study's kernels.

The engine alone takes a core about a minute, so the two are jobs of their own.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from pathlib import Path

INDRE = Path(__file__).resolve().parents[2] / "scenarios" / "indre"
EPCI = "243600236"
"""Pays d'Issoudun: nine communes, a town, masts."""

SCENARIO = """extends = {base}

[study]
replications = 3
quick_replications = 3

[territory]
communes = "communes.csv"

[lora.sites]
masts = "masts.csv"
municipal = "municipal.csv"
"""


def compile_network() -> None:
    """Compile the network's engine and its surrogate, on a cell of two devices."""
    from models.lora.cell import Cell, network
    from models.lora.load.settle import settle
    from models.lora.network.surrogate import SurrogateEngine
    from models.lora.network.window import WindowEngine

    little = network(Cell(2, days=0.01))
    settle(*little[:4], little.radio, little.rules, 1)
    WindowEngine(little).run(1.0)
    SurrogateEngine(little).run(1.0)


def compile_coverage() -> None:
    """Play a miniature of the gateway study in a folder that is thrown away."""
    from twin.study.conduct import Request, conduct
    from twin.study.progress import make_progress

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_miniature(folder)
        request = Request(quick=True, workers=0, results=folder / "results")
        conduct(
            folder / "warm.toml", request, make_progress(silent=True), lambda _what, _share: None
        )


def _write_miniature(folder: Path) -> None:
    """Write the scenario of one EPCI from the Indre's own tables."""
    communes = _rows(INDRE / "communes.csv")
    kept = {row["insee"] for row in communes if row["epci"] == EPCI}
    for source, target in (
        ("communes.csv", "communes.csv"),
        ("masts.csv", "masts.csv"),
        ("municipal_sites.csv", "municipal.csv"),
    ):
        rows = [row for row in _rows(INDRE / source) if row["insee"] in kept]
        with (folder / target).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    base = f"'{INDRE / 'gateways.toml'}'"
    (folder / "warm.toml").write_text(SCENARIO.format(base=base), encoding="utf-8")


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(_without_comments(path.read_text(encoding="utf-8").splitlines())))


def _without_comments(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if not line.startswith("#")]


JOBS = (compile_network, compile_coverage)
"""What may be compiled side by side."""
