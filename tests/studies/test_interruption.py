"""A study that is stopped, or that breaks, keeps what it finished and publishes nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from small_territory import SmallTerritory, write_small_territory

from models.lora.model import GatewayModel
from twin.study.conduct import Request, Run, conduct
from twin.study.ledger import FAILED, Ledger
from twin.study.plan import Task
from twin.study.progress import SilentProgress
from twin.study.store import Store
from twin.world import World

REPLICATIONS = 30
ENOUGH = 4
"""Parts after which the study is interrupted, of 60 and the tornado's."""


def study(territory: SmallTerritory, results: Path) -> Run:
    """Play the study inline, taking up what is there."""
    request = Request(workers=0, results=results)
    return conduct(territory.scenario, request, SilentProgress(), lambda _what, _share: None)


def bits(store: Store) -> dict[str, bytes]:
    """Return the table column by column, values bit for bit."""
    table = store.table()
    return {
        name: column.tobytes() if name == "value" else "\n".join(map(str, column)).encode()
        for name, column in table.items()
    }


def parts_of(results: Path) -> list[Path]:
    """Return the parts written so far."""
    return sorted(results.glob("gateways/*/parts/r*.parquet"))


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory, root: Path) -> SmallTerritory:
    """Return the small territory with replications enough to be stopped among them."""
    folder = tmp_path_factory.mktemp("stopped") / "territory"
    written = write_small_territory(folder, root / "scenarios/indre/assumptions.csv")
    written.replace("gateways.toml", "\nreplications = 3", f"\nreplications = {REPLICATIONS}")
    return written


@pytest.fixture(scope="module")
def whole(territory: SmallTerritory) -> Run:
    """Return the study played without interruption."""
    return study(territory, territory.folder.parent / "whole")


@pytest.mark.parametrize("workers", [0, 2])
def test_an_interrupted_study_is_taken_up(
    territory: SmallTerritory, whole: Run, root: Path, tmp_path: Path, workers: int
) -> None:
    """Ctrl-C keeps the finished parts whole; the same command plays the rest, to the same bits."""
    results = tmp_path / "results"
    words = [sys.executable, "run.py", "study", str(territory.scenario)]
    words += ["--workers", str(workers), "--results", str(results)]
    process = subprocess.Popen(
        words,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs yet
    )
    deadline = time.monotonic() + 60.0
    while len(parts_of(results)) < ENOUGH and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in out + err
    assert "relancer la même commande" in err
    kept = {path: path.stat().st_mtime_ns for path in parts_of(results)}
    assert ENOUGH <= len(kept) < len(whole.store.paths())
    assert not list(results.glob("gateways/*/report.html"))
    assert not [path for path in results.rglob("*.tmp*") if path.is_file()]
    again = study(territory, results)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert bits(again.store) == bits(whole.store)
    assert (again.folder / "report.html").read_bytes() == (
        whole.folder / "report.html"
    ).read_bytes()


def test_a_replication_that_breaks_stops_the_answer(
    small_territory: SmallTerritory,
    run_py: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """A replication that raises is named, on the page too; others are kept, no mean is told."""
    played = GatewayModel.play

    def broken(self: GatewayModel, world: World) -> None:
        if world.task.option == "masts-only" and world.task.replication == 1:
            raise ZeroDivisionError("the sky fell")
        played(self, world)

    words = ["study", small_territory.scenario, "--workers", 0, "--results", tmp_path / "r"]
    with monkeypatch.context() as patched:
        patched.setattr(GatewayModel, "play", broken)
        outcome = run_py(*words)
    assert outcome.code == 1  # type: ignore[attr-defined]
    told = outcome.err  # type: ignore[attr-defined]
    assert "masts-only #1" in told
    assert "the sky fell" in told
    assert "1 réplication(s) en échec" in told
    (page,) = (tmp_path / "r").glob("gateways/*/report.html")
    said = page.read_text(encoding="utf-8")
    assert "Étude incomplète" in said
    assert "the sky fell" in said
    assert "--option masts-only --replication 1" in said
    assert not list((tmp_path / "r").glob("gateways/*/summary.json"))
    assert (page.parent / "tables" / "echecs.csv").is_file()
    (line,) = [each for each in Ledger(page.parent / "parts").lines() if each.status == FAILED]
    assert line.task == Task("masts-only", 1)
    assert "ZeroDivisionError" in line.traceback
    kept = parts_of(tmp_path / "r")
    assert run_py(*words).code == 0  # type: ignore[attr-defined]
    assert len(parts_of(tmp_path / "r")) == len(kept) + 1
    (folder,) = (tmp_path / "r" / "gateways").iterdir()
    table = Store(folder / "parts").table()
    assert np.unique(table["replication"]).tolist() == [0, 1, 2]
    assert "Étude incomplète" not in page.read_text(encoding="utf-8")
    assert not (folder / "tables" / "echecs.csv").exists()
