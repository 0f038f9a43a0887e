"""Executors: one contract, failures told, deaths noticed."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from dask_cluster import DaskCluster, dask_cluster
from toy_work import MakeToy, bad_input, cannot_start

from twin.errors import InputError, RunError, ScenarioError
from twin.ports import Executor
from twin.recorder import Part
from twin.study.executors import InlineExecutor, ProcessExecutor, played
from twin.study.executors.cluster import ClusterExecutor
from twin.study.executors.contract import ONE_THREAD
from twin.study.plan import Failure, StudyPlan, Task

TASKS = StudyPlan(("a", "bb"), 3).tasks()


def outcomes(executor: Executor, toy: MakeToy) -> dict[Task, Part | Failure]:
    """Return every outcome by task."""
    return {each.task: each.outcome for each in played(executor, toy, TASKS)}


def test_parts_are_the_same_bits_anywhere() -> None:
    """Inline, one process and two processes give bitwise equal parts for every task."""
    reference = outcomes(InlineExecutor(), MakeToy())
    assert list(reference) == list(TASKS)
    for workers in (1, 2):
        found = outcomes(ProcessExecutor(workers), MakeToy())
        assert found.keys() == reference.keys()
        for task, part in reference.items():
            other = found[task]
            assert isinstance(part, Part)
            assert isinstance(other, Part)
            assert part.value.tobytes() == other.value.tobytes()
            np.testing.assert_array_equal(part.zone, other.zone)


@pytest.mark.parametrize("executor", [InlineExecutor(), ProcessExecutor(1)])
def test_a_replication_that_raises_is_a_failure_with_its_traceback(
    executor: Executor,
) -> None:
    """The fault of one replication is told with its traceback, and the others are played."""
    found = outcomes(executor, MakeToy(raises=(1,)))
    failed = {task for task, outcome in found.items() if isinstance(outcome, Failure)}
    assert failed == {Task("a", 1), Task("bb", 1)}
    failure = found[Task("a", 1)]
    assert isinstance(failure, Failure)
    assert failure.error == "ZeroDivisionError: replication 1 divides by zero"
    assert "toy_work.py" in failure.traceback


def test_a_task_that_kills_its_worker_twice_is_a_failure_not_a_hang() -> None:
    """The death is reported against the task the worker held; every other task is played."""
    found = outcomes(ProcessExecutor(2), MakeToy(kills=(1,)))
    failed = {task for task, outcome in found.items() if isinstance(outcome, Failure)}
    assert failed == {Task("a", 1), Task("bb", 1)}
    assert len(found) == len(TASKS)
    failure = found[Task("a", 1)]
    assert isinstance(failure, Failure)
    assert "exit code 9" in failure.error


def test_a_worker_that_dies_once_loses_nothing(tmp_path: Path) -> None:
    """The task a dead worker held is played again on a new worker."""
    found = outcomes(ProcessExecutor(1), MakeToy(kills=(1,), kill_once=tmp_path / "died"))
    assert (tmp_path / "died").exists()
    assert all(isinstance(outcome, Part) for outcome in found.values())
    assert len(found) == len(TASKS)


def test_work_that_cannot_start_is_one_error_not_many_failures() -> None:
    """A worker that cannot make its work stops the study with the reason."""
    with pytest.raises(RunError, match="no terrain here"):
        list(played(ProcessExecutor(2), cannot_start, TASKS))
    with pytest.raises(ScenarioError, match="a terrain"):
        list(played(ProcessExecutor(1), bad_input, TASKS))
    with pytest.raises(LookupError):
        list(played(InlineExecutor(), cannot_start, TASKS))


def test_workers_compute_on_one_thread() -> None:
    """Each worker is born with one thread per numerical library."""
    toy = MakeToy(environment=tuple(ONE_THREAD))
    (found,) = played(ProcessExecutor(1), toy, [Task("a", 0)])
    part = found.outcome
    assert isinstance(part, Part)
    assert [part.get("share", f"environment {n}") for n in range(len(ONE_THREAD))] == [1.0] * 4


def test_closing_early_stops_the_workers() -> None:
    """Leaving after the first part does not wait for the replications still running."""
    runs = played(ProcessExecutor(2), MakeToy(seconds=0.0), TASKS)
    next(runs)
    runs.close()  # type: ignore[attr-defined]
    began = time.perf_counter()
    slow = played(ProcessExecutor(1), MakeToy(seconds=0.2), TASKS)
    next(slow)
    slow.close()  # type: ignore[attr-defined]
    assert time.perf_counter() - began < 5.0


def test_nothing_to_do_starts_nothing() -> None:
    """An empty list of tasks never makes the work."""
    assert list(played(InlineExecutor(), cannot_start, [])) == []
    assert list(played(ProcessExecutor(1), cannot_start, [])) == []


def test_no_worker_is_refused() -> None:
    """Fewer than one worker cannot play."""
    with pytest.raises(ValueError, match="workers"):
        ProcessExecutor(0)


def test_a_recipe_crosses_a_process_boundary() -> None:
    """A partial of a function on a path is the usual recipe, and it pickles."""
    copy = pickle.loads(pickle.dumps(partial(MakeToy, 3)))  # noqa: S301 - our own bytes
    assert copy().seed == 3


def test_a_crew_plays_round_after_round_on_the_same_workers() -> None:
    """Two rounds on one crew make the work once a worker, and say who played what, how long."""
    with ProcessExecutor(1).crew(MakeToy(seconds=0.05)) as crew:
        first = list(crew.play(TASKS[:2]))
        again = list(crew.play(TASKS[2:4]))
    assert {each.worker for each in (*first, *again)} == {"process 1"}
    assert all(each.attempts == 1 and each.duration_s >= 0.05 for each in (*first, *again))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Yield a scheduler and two workers that can import the toy."""
    pytest.importorskip("distributed", reason="Dask is optional: make cluster")
    folder = tmp_path_factory.mktemp("dask")
    with dask_cluster(folder, 2, Path(__file__).parent) as running:
        yield running


def test_a_cluster_gives_the_same_bits(cluster: DaskCluster) -> None:
    """A real scheduler and two real workers give the parts that this process gives."""
    reference = outcomes(InlineExecutor(), MakeToy())
    found = outcomes(ClusterExecutor(scheduler_file=cluster.file), MakeToy())
    assert found.keys() == reference.keys()
    for task, part in reference.items():
        other = found[task]
        assert isinstance(part, Part)
        assert isinstance(other, Part)
        assert part.value.tobytes() == other.value.tobytes()
        assert part.zone.tolist() == other.zone.tolist()


def test_a_cluster_tells_failures_deaths_and_bad_input(
    cluster: DaskCluster, tmp_path: Path
) -> None:
    """What raises is a failure with its traceback; a dead worker's task is played again."""
    executor = ClusterExecutor(scheduler_file=cluster.file)
    found = outcomes(executor, MakeToy(raises=(1,)))
    failure = found[Task("bb", 1)]
    assert isinstance(failure, Failure)
    assert "toy_work.py" in failure.traceback
    once = outcomes(executor, MakeToy(kills=(1,), kill_once=tmp_path / "died"))
    assert (tmp_path / "died").exists()
    assert len(once) == len(TASKS)
    assert all(isinstance(outcome, Part) for outcome in once.values())
    with pytest.raises(ScenarioError, match="a terrain"):
        list(played(executor, bad_input, TASKS))
    with pytest.raises(RunError, match="no terrain here"):
        list(played(executor, cannot_start, TASKS))


def test_no_scheduler_is_bad_input(tmp_path: Path) -> None:
    """A missing file and an address nobody answers at name the option and what to do."""
    pytest.importorskip("distributed", reason="Dask is optional: make cluster")
    missing = ClusterExecutor(scheduler_file=tmp_path / "none.json")
    with pytest.raises(InputError, match=r"--scheduler-file.*none\.json"):
        list(played(missing, MakeToy(), TASKS))
    with pytest.raises(InputError, match=r"--cluster.*nonsense"):
        list(played(ClusterExecutor("nonsense://here"), MakeToy(), TASKS))
    assert list(played(missing, MakeToy(), [])) == []
