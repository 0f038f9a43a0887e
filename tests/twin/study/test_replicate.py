"""Running, resuming and interrupting a study."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from toy_work import MakeToy

from twin.errors import Fault
from twin.lang import Lang
from twin.study.duck import Table
from twin.study.executors import InlineExecutor, ProcessExecutor
from twin.study.plan import StudyPlan, Task, tornado_tasks
from twin.study.progress import PlainProgress
from twin.study.replicate import run_rounds, run_study
from twin.study.store import Store

PLAN = StudyPlan(("a", "bb"), 3, tornado_tasks("a", ["price"], 2))

STUDY = """
import sys
from pathlib import Path
from toy_work import MakeToy
from twin.study.executors import ProcessExecutor
from twin.study.plan import StudyPlan
from twin.study.replicate import run_study
from twin.study.store import Store

if __name__ == "__main__":
    try:
        run_study(
            StudyPlan(("a", "bb"), 40),
            Store(Path(sys.argv[1]), "abc"),
            ProcessExecutor(2),
            MakeToy(seconds=0.05),
        )
    except KeyboardInterrupt:
        sys.exit(130)
"""


def same_bits(one: Table, other: Table) -> bool:
    """Tell whether two tables are bitwise equal."""
    return list(one) == list(other) and all(
        one[name].tolist() == other[name].tolist()
        if one[name].dtype == object
        else one[name].tobytes() == other[name].tobytes()
        for name in one
    )


def test_a_study_gives_the_same_bits_anywhere(tmp_path: Path) -> None:
    """Inline and on 1, 2 and 4 processes, the sorted tables are bitwise equal."""
    inline = Store(tmp_path / "inline", "abc")
    result = run_study(PLAN, inline, InlineExecutor(), MakeToy())
    assert result.finished == PLAN.tasks()
    assert result.failures == ()
    assert result.resumed == 0
    for workers in (1, 2, 4):
        store = Store(tmp_path / str(workers), "abc")
        run_study(PLAN, store, ProcessExecutor(workers), MakeToy())
        assert same_bits(store.table(), inline.table())


def test_a_resumed_study_plays_only_what_is_missing(tmp_path: Path) -> None:
    """Parts already there are not played again, and the table equals an uninterrupted one."""
    whole = Store(tmp_path / "whole", "abc")
    run_study(PLAN, whole, InlineExecutor(), MakeToy())
    half = Store(tmp_path / "half", "abc")
    run_study(StudyPlan(("a", "bb"), 1), half, InlineExecutor(), MakeToy())
    kept = half.path(Task("a", 0)).stat().st_mtime_ns
    result = run_study(PLAN, half, InlineExecutor(), MakeToy())
    assert result.resumed == 2
    assert half.path(Task("a", 0)).stat().st_mtime_ns == kept
    assert same_bits(half.table(), whole.table())
    assert run_study(PLAN, half, InlineExecutor(), MakeToy()).resumed == len(PLAN)


def test_failures_are_told_and_played_again_next_time(tmp_path: Path) -> None:
    """A failed replication is reported in the plan's order, kept out of the store, then retried."""
    store = Store(tmp_path, "abc")
    result = run_study(PLAN, store, ProcessExecutor(2), MakeToy(raises=(2,)))
    assert [failure.task for failure in result.failures] == [Task("a", 2), Task("bb", 2)]
    assert store.finished() == set(result.finished)
    mended = run_study(PLAN, store, InlineExecutor(), MakeToy())
    assert mended.finished == PLAN.tasks()
    assert mended.resumed == len(PLAN) - 2


@pytest.mark.parametrize("spoil", ["truncated", "one bit", "empty"])
def test_a_damaged_part_is_named_set_aside_and_played_again(tmp_path: Path, spoil: str) -> None:
    """Truncated, emptied or changed by one bit, a part is told by name and replaced, no other."""
    store = Store(tmp_path, "abc")
    run_study(PLAN, store, InlineExecutor(), MakeToy())
    whole = store.table()
    broken = store.path(Task("bb", 1))
    held = bytearray(broken.read_bytes())
    held[len(held) // 3] ^= 4
    broken.write_bytes({"truncated": held[:50], "one bit": held, "empty": b""}[spoil])
    told: list[Fault] = []
    rounds = iter([PLAN.tasks()])
    result = run_rounds(
        (tasks for tasks in rounds), store, InlineExecutor(), MakeToy(), None, told.append
    )
    assert [fault.file for fault in told] == [str(broken)]
    assert result.resumed == len(PLAN) - 1
    assert (tmp_path / "damaged" / broken.name).is_file()
    assert same_bits(store.table(), whole)
    assert run_study(PLAN, store, InlineExecutor(), MakeToy()).resumed == len(PLAN)


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
def test_ctrl_c_leaves_readable_parts_and_a_resumed_run_equals_a_whole_one(
    tmp_path: Path, root: Path
) -> None:
    """A study on processes that gets Ctrl-C stops at once, quietly; its parts are whole."""
    script = tmp_path / "interrupted.py"
    script.write_text(STUDY, encoding="utf-8")
    folder = tmp_path / "parts"
    path = os.pathsep.join([str(root), str(Path(__file__).parent)])
    study = subprocess.Popen(
        [sys.executable, str(script), str(folder)],
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs yet
    )
    deadline = time.monotonic() + 60.0
    while len(list(folder.glob("r*.parquet"))) < 5:
        assert time.monotonic() < deadline, "the study never started"
        assert study.poll() is None, study.communicate()[1]
        time.sleep(0.02)
    # As a terminal does: to the whole group, workers included.
    os.killpg(study.pid, signal.SIGINT)
    _, said = study.communicate(timeout=20.0)
    assert study.returncode == 130, said.decode()[-1500:]
    assert said == b""
    store = Store(folder, "abc")
    finished = store.finished()
    plan = StudyPlan(("a", "bb"), 40)
    assert 5 <= len(finished) < len(plan)
    assert sorted(p.name for p in folder.iterdir() if p.suffix != ".parquet") == [
        "runs.jsonl",
        "scenario.sha256",
    ]
    run_study(plan, store, ProcessExecutor(2), MakeToy())
    whole = Store(tmp_path / "whole", "abc")
    run_study(plan, whole, InlineExecutor(), MakeToy())
    assert same_bits(store.table(), whole.table())


def test_progress_counts_what_an_earlier_run_did(tmp_path: Path) -> None:
    """Plain progress begins at what was there and ends at the total, failures told."""
    store = Store(tmp_path, "abc")
    run_study(StudyPlan(("a", "bb"), 1), store, InlineExecutor(), MakeToy())
    stream = StringIO()
    toy = MakeToy(raises=(2,))
    run_study(PLAN, store, InlineExecutor(), toy, PlainProgress(Lang.FR, stream))
    assert stream.getvalue().splitlines() == [
        "2/10 réplications",
        "10/10 réplications, 2 en échec",
    ]
