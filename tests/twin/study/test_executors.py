"""Executors: one contract, failures told, deaths noticed."""

from __future__ import annotations

import pickle
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from toy_work import MakeToy, bad_input, cannot_start

from twin.errors import RunError, ScenarioError
from twin.recorder import Part
from twin.study.executors import ONE_THREAD, InlineExecutor, ProcessExecutor
from twin.study.plan import Failure, StudyPlan, Task

TASKS = StudyPlan(("a", "bb"), 3).tasks()


def played(executor: InlineExecutor | ProcessExecutor, toy: MakeToy) -> dict[Task, Part | Failure]:
    """Return every outcome by task."""
    return dict(executor.run(toy, TASKS))


def test_parts_are_the_same_bits_anywhere() -> None:
    """Inline, one process and two processes give bitwise equal parts for every task."""
    reference = played(InlineExecutor(), MakeToy())
    assert list(reference) == list(TASKS)
    for workers in (1, 2):
        found = played(ProcessExecutor(workers), MakeToy())
        assert found.keys() == reference.keys()
        for task, part in reference.items():
            other = found[task]
            assert isinstance(part, Part)
            assert isinstance(other, Part)
            assert part.value.tobytes() == other.value.tobytes()
            np.testing.assert_array_equal(part.zone, other.zone)


@pytest.mark.parametrize("executor", [InlineExecutor(), ProcessExecutor(1)])
def test_a_replication_that_raises_is_a_failure_with_its_traceback(
    executor: InlineExecutor | ProcessExecutor,
) -> None:
    """The fault of one replication is told with its traceback, and the others are played."""
    found = played(executor, MakeToy(raises=(1,)))
    failed = {task for task, outcome in found.items() if isinstance(outcome, Failure)}
    assert failed == {Task("a", 1), Task("bb", 1)}
    failure = found[Task("a", 1)]
    assert isinstance(failure, Failure)
    assert failure.error == "ZeroDivisionError: replication 1 divides by zero"
    assert "toy_work.py" in failure.traceback


def test_a_task_that_kills_its_worker_twice_is_a_failure_not_a_hang() -> None:
    """The death is reported against the task the worker held; every other task is played."""
    found = played(ProcessExecutor(2), MakeToy(kills=(1,)))
    failed = {task for task, outcome in found.items() if isinstance(outcome, Failure)}
    assert failed == {Task("a", 1), Task("bb", 1)}
    assert len(found) == len(TASKS)
    failure = found[Task("a", 1)]
    assert isinstance(failure, Failure)
    assert "exit code 9" in failure.error


def test_a_worker_that_dies_once_loses_nothing(tmp_path: Path) -> None:
    """The task a dead worker held is played again on a new worker."""
    found = played(ProcessExecutor(1), MakeToy(kills=(1,), kill_once=tmp_path / "died"))
    assert (tmp_path / "died").exists()
    assert all(isinstance(outcome, Part) for outcome in found.values())
    assert len(found) == len(TASKS)


def test_work_that_cannot_start_is_one_error_not_many_failures() -> None:
    """A worker that cannot make its work stops the study with the reason."""
    with pytest.raises(RunError, match="no terrain here"):
        list(ProcessExecutor(2).run(cannot_start, TASKS))
    with pytest.raises(ScenarioError, match="a terrain"):
        list(ProcessExecutor(1).run(bad_input, TASKS))
    with pytest.raises(LookupError):
        list(InlineExecutor().run(cannot_start, TASKS))


def test_workers_compute_on_one_thread() -> None:
    """Each worker is born with one thread per numerical library."""
    toy = MakeToy(environment=tuple(ONE_THREAD))
    ((_, part),) = ProcessExecutor(1).run(toy, [Task("a", 0)])
    assert isinstance(part, Part)
    assert [part.get("share", f"environment {n}") for n in range(len(ONE_THREAD))] == [1.0] * 4


def test_closing_early_stops_the_workers() -> None:
    """Leaving after the first part does not wait for the replications still running."""
    runs = ProcessExecutor(2).run(MakeToy(seconds=0.0), TASKS)
    next(runs)
    runs.close()  # type: ignore[attr-defined]
    began = time.perf_counter()
    slow = ProcessExecutor(1).run(MakeToy(seconds=0.2), TASKS)
    next(slow)
    slow.close()  # type: ignore[attr-defined]
    assert time.perf_counter() - began < 5.0


def test_nothing_to_do_starts_nothing() -> None:
    """An empty list of tasks never makes the work."""
    assert list(InlineExecutor().run(cannot_start, [])) == []
    assert list(ProcessExecutor(1).run(cannot_start, [])) == []


def test_no_worker_is_refused() -> None:
    """Fewer than one worker cannot play."""
    with pytest.raises(ValueError, match="workers"):
        ProcessExecutor(0)


def test_a_recipe_crosses_a_process_boundary() -> None:
    """A partial of a function on a path is the usual recipe, and it pickles."""
    copy = pickle.loads(pickle.dumps(partial(MakeToy, 3)))  # noqa: S301 - our own bytes
    assert copy().seed == 3
