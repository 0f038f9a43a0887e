"""A disk that is full, read-only or limited: one clear message, earlier results intact."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from toy_work import MakeToy

from twin.cli.refused import refused
from twin.errors import StoreError
from twin.lang import Lang
from twin.study.executors import InlineExecutor
from twin.study.plan import StudyPlan
from twin.study.replicate import run_study
from twin.study.store import Store

PLAN = StudyPlan(("a", "bb"), 20)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Yield a disk of `size` of its own, or skip where none may be mounted."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.name != "posix" or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("a disk of its own may not be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def again(folder: Path, options: str) -> None:
    """Mount the disk again with other options."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def test_a_full_disk_keeps_what_it_holds(tmp_path: Path) -> None:
    """The study stops at the first part that does not fit, and goes on once there is room."""
    whole = Store(tmp_path / "whole", "abc")
    run_study(PLAN, whole, InlineExecutor(), MakeToy())
    with small_disk(tmp_path / "disk", "60k") as disk:
        store = Store(disk / "parts", "abc")
        with pytest.raises(StoreError) as caught:
            run_study(PLAN, store, InlineExecutor(), MakeToy())
        for lang, words in ((Lang.FR, "Faire de la place"), (Lang.EN, "Make room")):
            assert words in caught.value.say(lang)
        kept = len(store.paths())
        assert 0 < kept < len(PLAN)
        assert not store.damaged()
        assert len(store.finished()) == kept
        again(disk, "size=10m")
        result = run_study(PLAN, store, InlineExecutor(), MakeToy())
        assert result.resumed == kept
        assert store.table()["value"].tobytes() == whole.table()["value"].tobytes()


def test_a_read_only_disk_is_told_and_read(tmp_path: Path) -> None:
    """Results on a read-only disk can be read; playing more is refused with a sentence."""
    with small_disk(tmp_path / "disk", "10m") as disk:
        store = Store(disk / "parts", "abc")
        run_study(StudyPlan(("a", "bb"), 3), store, InlineExecutor(), MakeToy())
        again(disk, "ro")
        assert len(store.finished()) == 6
        with pytest.raises(StoreError, match="make the folder writable"):
            run_study(PLAN, store, InlineExecutor(), MakeToy())
        assert len(store.finished()) == 6
        again(disk, "rw")


def test_the_command_line_tells_a_read_only_folder(
    tmp_path: Path, small_territory: Any, run_py: Callable[..., Any]
) -> None:
    """`run.py study --results` on a read-only disk: one sentence, exit code 1, no traceback."""
    with small_disk(tmp_path / "disk", "10m") as disk:
        again(disk, "ro")
        told = run_py("study", small_territory.scenario, "--workers", 0, "--results", disk / "r")
        assert told.code == 1
        assert "lecture seule" in told.err
        assert "--results" in told.err
        again(disk, "rw")


LIMITED = """
import resource, sys
from pathlib import Path
from toy_work import MakeToy
from twin.errors import StoreError
from twin.study.executors import InlineExecutor
from twin.study.plan import StudyPlan
from twin.study.replicate import run_study
from twin.study.store import Store
store = Store(Path(sys.argv[1]), "abc")
run_study(StudyPlan(("a",), 2), store, InlineExecutor(), MakeToy())
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
try:
    run_study(StudyPlan(("a",), 9), store, InlineExecutor(), MakeToy())
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX")
def test_a_limit_on_files_is_told_as_a_full_disk_is(tmp_path: Path, root: Path) -> None:
    """Where no file may grow past some bytes the part is refused by name, earlier ones readable."""
    path = os.pathsep.join(map(str, (root, Path(__file__).parent)))
    told = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "parts")],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "a #2 could not be written" in told.stdout
    assert "Traceback" not in told.stderr
    store = Store(tmp_path / "parts")
    assert len(store.finished()) == 2
    assert not store.damaged()


def test_only_the_disk_s_own_errors_are_told_so() -> None:
    """A missing file is a bug to be seen, not a disk that refuses."""
    assert refused(FileNotFoundError(2, "no such file", "x")) is None
    told = refused(OSError(28, "No space left on device", "results/x"))
    assert told is not None
    assert "results/x" in told.say()
