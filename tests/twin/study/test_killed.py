"""`kill -9` of a parent, a worker, a Dask scheduler: nothing finished is lost or repeated."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import psutil
import pytest
from dask_cluster import ROOT, DaskCluster, dask_cluster
from toy_work import MakeToy

from twin.errors import InputError
from twin.ports import Executor
from twin.study.duck import Table
from twin.study.executors import InlineExecutor, ProcessExecutor
from twin.study.executors.cluster import ClusterExecutor
from twin.study.plan import StudyPlan
from twin.study.replicate import run_study
from twin.study.store import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX signal")

PLAN = StudyPlan(("a", "bb"), 20)
WORKERS = 2
TASK_S = 0.04
HERE = Path(__file__).parent

STUDY = """
import sys
from pathlib import Path
from toy_work import MakeToy
from twin.errors import TwinError
from twin.study.executors import ProcessExecutor
from twin.study.executors.cluster import ClusterExecutor
from twin.study.occupancy import occupied
from twin.study.plan import StudyPlan
from twin.study.replicate import run_study
from twin.study.store import Store

if __name__ == "__main__":
    folder, begun, cluster = sys.argv[1:]
    executor = ClusterExecutor(scheduler_file=Path(cluster)) if cluster else ProcessExecutor(2)
    toy = MakeToy(seconds=0.04, begun=Path(begun))
    with occupied(Path(folder)):
        try:
            run_study(StudyPlan(("a", "bb"), 20), Store(Path(folder), "abc"), executor, toy)
        except TwinError as error:
            sys.exit(error.say())"""


class Victim:
    """A study of the toy in a process of its own."""

    def __init__(self, folder: Path, cluster: DaskCluster | None = None) -> None:
        self.folder, self.begun = folder / "parts", folder / "begun"
        self.cluster = cluster
        script = folder / "study.py"
        if not script.exists():  # another study of this folder may be reading it
            script.write_text(STUDY, encoding="utf-8")
        path = os.pathsep.join(map(str, (ROOT, HERE)))
        file = "" if cluster is None else str(cluster.file)
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(self.folder), str(self.begun), file],
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "random"},
            stderr=subprocess.PIPE,
        )

    def parts(self) -> int:
        """Return how many parts are written."""
        return len(list(self.folder.glob("r*.parquet")))

    def wait_for_parts(self, count: int) -> None:
        """Wait until so many parts are there."""
        deadline = time.monotonic() + 60.0
        while self.parts() < count and self.process.poll() is None:
            assert time.monotonic() < deadline, "the study never came so far"
            time.sleep(0.002)

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and what was said."""
        _, said = self.process.communicate(timeout=90.0)
        return self.process.returncode, said.decode()

    def repeated(self) -> int:
        """Return how many times a task was begun that had been begun already."""
        begun = Counter(self.begun.read_text(encoding="utf-8").splitlines())
        return sum(count - 1 for count in begun.values())

    def resume(self, executor: Executor) -> Table:
        """Take the study up and return its table."""
        store = Store(self.folder, "abc")
        kept = {path: path.read_bytes() for path in store.paths()}
        result = run_study(PLAN, store, executor, MakeToy(begun=self.begun))
        assert len(result.finished) == len(PLAN)
        assert result.resumed == len(kept)
        assert all(path.read_bytes() == held for path, held in kept.items())
        return store.table()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """Return the table of a study that nothing disturbed."""
    store = Store(tmp_path_factory.mktemp("whole"), "abc")
    run_study(PLAN, store, InlineExecutor(), MakeToy())
    return store.table()


def assert_same_bits(one: Table, other: Table) -> None:
    """Two tables are bitwise equal."""
    assert one["value"].tobytes() == other["value"].tobytes()
    assert all(one[name].tolist() == other[name].tolist() for name in one if name != "value")


def instants(count: int) -> list[object]:
    """Return random instants: after how many parts, and how much of a task later."""
    dice = np.random.default_rng(20261126)
    after, later = dice.integers(0, len(PLAN) - 4, count), dice.uniform(0.0, TASK_S, count)
    every_day = 1
    return [
        pytest.param(int(a), float(s), marks=() if i < every_day else pytest.mark.slow)
        for i, (a, s) in enumerate(zip(after, later, strict=True))
    ]


def wait_for(victim: Victim, after: int, later_s: float) -> None:
    """Wait for the instant to kill at."""
    victim.wait_for_parts(after)
    time.sleep(later_s)


@pytest.mark.parametrize(("after", "later_s"), instants(20))
def test_a_killed_parent_loses_only_what_was_in_flight(
    whole: Table, tmp_path: Path, after: int, later_s: float
) -> None:
    """Killed at a random instant and resumed: same bits, at most one task a worker repeated."""
    victim = Victim(tmp_path)
    wait_for(victim, after, later_s)
    children = psutil.Process(victim.process.pid).children(recursive=True)
    victim.process.kill()
    assert victim.end()[0] == -signal.SIGKILL
    psutil.wait_procs(children, timeout=10.0)  # workers leave when their pipe ends
    assert not [child for child in children if child.is_running()]
    assert_same_bits(victim.resume(ProcessExecutor(WORKERS)), whole)
    assert victim.repeated() <= WORKERS


@pytest.mark.parametrize(("after", "later_s"), instants(20))
def test_a_killed_worker_is_replaced_and_its_task_played_again(
    whole: Table, tmp_path: Path, after: int, later_s: float
) -> None:
    """One worker killed at a random instant: the study ends well, one task at most repeated."""
    victim = Victim(tmp_path)
    wait_for(victim, max(1, after), later_s)
    workers = [
        child
        for child in psutil.Process(victim.process.pid).children()
        if "spawn_main" in " ".join(child.cmdline())
    ]
    workers[after % len(workers)].kill()
    assert victim.end() == (0, "")
    store = Store(victim.folder, "abc")
    assert_same_bits(store.table(), whole)
    assert victim.repeated() <= 1
    assert sum(line.attempts - 1 for line in store.ledger.lines()) >= victim.repeated()


@pytest.fixture(scope="module")
def cluster_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for clusters, where Dask is there."""
    pytest.importorskip("distributed", reason="Dask is optional: make cluster")
    return tmp_path_factory.mktemp("dask")


@pytest.mark.parametrize(("after", "later_s"), instants(20))
def test_a_killed_scheduler_loses_only_what_was_in_flight(
    whole: Table, tmp_path: Path, after: int, later_s: float, cluster_folder: Path
) -> None:
    """The study says so and stops; on a new cluster it ends, to the same bits."""
    with dask_cluster(cluster_folder, WORKERS, HERE) as cluster:
        victim = Victim(tmp_path, cluster)
        wait_for(victim, after, later_s)
        assert cluster.scheduler is not None
        cluster.scheduler.kill()
        code, said = victim.end()
    assert code == 1, said
    assert "Dask" in said
    assert "Traceback" not in said
    kept = victim.parts()
    with dask_cluster(cluster_folder, WORKERS, HERE) as cluster:
        table = victim.resume(ClusterExecutor(scheduler_file=cluster.file))
    assert_same_bits(table, whole)
    assert kept >= after
    # Two tasks were in hand for each thread; those begun may be begun again.
    assert victim.repeated() <= 2 * WORKERS


@pytest.mark.parametrize(("after", "later_s"), instants(20))
def test_a_killed_worker_of_a_cluster_costs_what_it_held(
    whole: Table, tmp_path: Path, after: int, later_s: float, cluster_folder: Path
) -> None:
    """A worker process killed under its nanny: the study ends well, to the same bits."""
    with dask_cluster(cluster_folder, WORKERS, HERE) as cluster:
        victim = Victim(tmp_path, cluster)
        wait_for(victim, max(1, after), later_s)
        nanny = psutil.Process(cluster.workers[after % WORKERS].pid)
        for child in nanny.children():
            if "spawn_main" in " ".join(child.cmdline()):
                child.kill()
        assert victim.end() == (0, "")
    assert_same_bits(Store(victim.folder, "abc").table(), whole)
    assert victim.repeated() <= 2 * WORKERS


def test_two_studies_in_one_folder_do_not_harm_each_other(whole: Table, tmp_path: Path) -> None:
    """Two processes play the same study into one folder at once: every part whole, same bits."""
    one, two = Victim(tmp_path), Victim(tmp_path)
    assert one.end() == (0, "")
    assert two.end() == (0, "")
    store = Store(one.folder, "abc")
    assert not store.damaged()
    assert_same_bits(store.table(), whole)


def test_scratch_of_the_dead_is_swept_and_of_the_living_is_not(tmp_path: Path) -> None:
    """A study alone in its folder clears scratch left by a killed one; beside another it waits."""
    from twin.study.occupancy import occupied

    scratch = tmp_path / ".r000000-x.parquet.abc"
    scratch.mkdir()
    with occupied(tmp_path):
        assert not scratch.exists()
        scratch.mkdir()
        with occupied(tmp_path):
            assert scratch.exists()


def test_what_is_played_is_forgotten_only_where_nobody_is_at_work(tmp_path: Path) -> None:
    """Beginning anew empties a folder of results, unless another study is at work in it."""
    from twin.study.occupancy import occupied

    part = tmp_path / "parts" / "r000000-x.parquet"
    part.parent.mkdir()
    part.touch()
    with (
        occupied(tmp_path),
        pytest.raises(InputError, match=r"--anew"),
        occupied(tmp_path, anew=True),
    ):
        pass
    assert part.exists()
    with occupied(tmp_path, anew=True):
        assert not part.parent.exists()
