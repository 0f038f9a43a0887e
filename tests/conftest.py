"""Fixtures shared by the whole suite."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from small_territory import SmallTerritory, write_small_territory

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """What one command line gave."""

    code: int
    out: str
    err: str

    @property
    def complaints(self) -> list[str]:
        """The messages about faults: one line each."""
        return [line for line in self.err.splitlines() if "remède : " in line or "remedy: " in line]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real cross-check data that may stand beside the project, or skip."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the cross-check data (../shared/data) is not beside this checkout")
    return folder


@pytest.fixture
def small_territory(tmp_path: Path) -> SmallTerritory:
    """Return four communes, three masts and four municipal points, as a planner would write them.

    `small_territory.scenario` is the file to name; `replace` and `write` spoil the others.
    """
    assumptions = ROOT / "scenarios" / "indre" / "assumptions.csv"
    return write_small_territory(tmp_path / "territory", assumptions)


@pytest.fixture
def run_py(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Return a function that runs one `run.py` command line in this process.

    Help pages are written once, at import: ask a subprocess for those in English.
    """
    from twin.cli.app import run

    def call(*words: object) -> Outcome:
        arguments = [str(word) for word in words]
        monkeypatch.setattr(sys, "argv", ["run.py", *arguments])
        capsys.readouterr()
        code = run(arguments)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def ctrl_c_is_heard() -> Iterator[None]:
    """Make Ctrl-C raise KeyboardInterrupt here, wherever the suite was started from."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
