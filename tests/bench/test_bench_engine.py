"""What the study engine costs: two cores kept busy, ten million rows written and asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from dask_cluster import ROOT, dask_cluster
from pytest_benchmark.fixture import BenchmarkFixture

from tests.bench.burning import TASK_S, make_burning
from tests.bench.record import Bar, record
from twin.ports import Executor
from twin.recorder import Part
from twin.study.executors import InlineExecutor, Played, ProcessExecutor, played
from twin.study.executors.cluster import ClusterExecutor
from twin.study.plan import StudyPlan, Task
from twin.study.replicate import run_study
from twin.study.shelf import ask as ask_all
from twin.study.store import Store

pytestmark = pytest.mark.bench

TASKS, CORES = 40, 2
REPLICATIONS, KPIS, ZONES = 20, 200, 2_500
ROWS = REPLICATIONS * KPIS * ZONES


def wall_s(executor: Executor) -> float:
    """Return how long all tasks take, the workers' start included."""
    began = time.perf_counter()
    found = [
        each.outcome for each in played(executor, make_burning, StudyPlan(("a",), TASKS).tasks())
    ]
    assert sorted(float(part.value[0]) for part in found if isinstance(part, Part)) == [
        float(number) for number in range(TASKS)
    ]
    return time.perf_counter() - began


def test_two_cores_are_kept_busy(benchmark: BenchmarkFixture) -> None:
    """Forty tasks of a second of CPU on two processes, their start included: 0.9 of two cores."""
    _busy(benchmark, ProcessExecutor(CORES), "processes")


def test_two_workers_of_a_cluster_are_kept_busy(
    benchmark: BenchmarkFixture, tmp_path: Path
) -> None:
    """The same on a Dask cluster of two workers that is already there."""
    pytest.importorskip("distributed", reason="Dask is optional: make cluster")
    with dask_cluster(tmp_path, CORES, ROOT / "tests") as cluster:
        executor = ClusterExecutor(scheduler_file=cluster.file)
        wall_s(executor)  # a cluster stands before a study: its workers have imported
        _busy(benchmark, executor, "dask")


def _busy(benchmark: BenchmarkFixture, executor: Executor, where: str) -> None:
    spent_s = benchmark.pedantic(wall_s, (executor,), rounds=1)  # type: ignore[no-untyped-call]
    efficiency = TASKS * TASK_S / (CORES * spent_s)
    record(
        benchmark,
        work=TASKS,
        unit=f"tasks of 1 s, {where}",
        spent_s=spent_s,
        bars=(Bar("parallel efficiency", efficiency, at_least=0.9),),
    )


@dataclass(frozen=True)
class MakeRows:
    """Makes parts of 500,000 rows."""

    def __call__(self) -> Callable[[Task], Part]:
        """Return the work."""
        kpi = np.repeat(np.array([f"kpi_{n}" for n in range(KPIS)], dtype=object), ZONES)
        zone = np.tile(np.array([f"z{n:04d}" for n in range(ZONES)], dtype=object), KPIS)

        def rows(task: Task) -> Part:
            value = np.random.default_rng(task.replication).normal(size=KPIS * ZONES)
            return Part(kpi, zone, value)

        return rows


def test_ten_million_rows(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Twenty parts of 500,000 rows: written in 3 s, asked in 0.3 s, 12 bytes a row."""
    parts = [(task, MakeRows()()(task)) for task in StudyPlan(("a",), REPLICATIONS)]
    store = Store(tmp_path / "study" / "run" / "parts", "rows")

    def write() -> float:
        began = time.perf_counter()
        for task, part in parts:
            store.keep(Played(task, part))
        return time.perf_counter() - began

    written_s = min(write() for _ in range(3))
    size = sum(path.stat().st_size for path in store.paths()) / ROWS
    by_kpi = "SELECT kpi, quantile_cont(value, 0.95) AS q FROM results GROUP BY kpi"

    def ask() -> float:
        began = time.perf_counter()
        assert len(ask_all(tmp_path, by_kpi)[1]) == KPIS
        return time.perf_counter() - began

    asked_s = benchmark.pedantic(ask, rounds=3)  # type: ignore[no-untyped-call]
    asked_s = min(asked_s, ask(), ask())
    assert store.query("SELECT count(*) AS n FROM parts")["n"].tolist() == [ROWS]
    record(
        benchmark,
        work=ROWS,
        unit="rows",
        spent_s=written_s,
        bars=(
            Bar("write s", written_s, 3.0),
            Bar("grouped percentile s", asked_s, 0.3),
            Bar("bytes a row", size, 12.0),
        ),
    )


def test_many_small_parts_are_read_back(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """4,000 tasks of a few rows: resuming finds them all and plays none, in under 2 s."""
    plan = StudyPlan(("a", "b"), 2_000)
    store = Store(tmp_path, "small")
    run_study(plan, store, InlineExecutor(), make_nothing)

    def resume() -> int:
        return run_study(plan, store, InlineExecutor(), make_nothing).resumed

    began = time.perf_counter()
    assert benchmark.pedantic(resume, rounds=1) == len(plan)  # type: ignore[no-untyped-call]
    spent_s = time.perf_counter() - began
    record(
        benchmark,
        work=len(plan),
        unit="parts found",
        spent_s=spent_s,
        bars=(Bar("wall s", spent_s, 2.0),),
    )


def make_nothing() -> Callable[[Task], Part]:
    """Return work that does next to nothing."""
    part = Part(np.array(["k"]), np.array([""]), np.array([1.0]))
    return lambda _task: part
