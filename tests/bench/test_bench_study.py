"""How fast parts are written, read and grouped, and what a task costs to hand over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.bench.record import Bar, cpu_s, record
from twin.clock import Calendar, Clock
from twin.lang import same
from twin.recorder import Kpi, Part, Recorder
from twin.study.executors import InlineExecutor, ProcessExecutor, played
from twin.study.plan import StudyPlan, Task
from twin.study.replicate import run_study
from twin.study.store import Store

pytestmark = pytest.mark.bench

COMMUNES = tuple(f"36{number:03d}" for number in range(241))
KPIS = tuple(Kpi(f"kpi_{number}", same("kpi"), "1") for number in range(10))


def department_part(task: Task) -> Part:
    """Record ten KPIs in 241 communes: what a replication of the Indre leaves."""
    recorder = Recorder(KPIS)
    for number, kpi in enumerate(KPIS):
        recorder.by_zone(kpi.name, COMMUNES, np.arange(241) + number + task.replication)
    return recorder.part()


def make_work() -> Callable[[Task], Part]:
    """Return the work, importable by a worker."""
    return department_part


def make_nothing() -> Callable[[Task], Part]:
    """Return work that does next to nothing, to weigh the hand-over."""
    part = Part(np.array(["k"]), np.array([""]), np.array([1.0]))
    return lambda _task: part


def test_a_department_part_is_recorded_in_a_millisecond(benchmark: BenchmarkFixture) -> None:
    """2,410 rows are checked, sorted and sealed in under 5 ms of CPU."""
    part = benchmark(department_part, Task("a", 0))
    assert len(part) == 2410
    spent_s = cpu_s(lambda: department_part(Task("a", 0)))
    record(
        benchmark,
        work=2410,
        unit="rows recorded",
        spent_s=spent_s,
        bars=(Bar("CPU s", spent_s, 5e-3),),
    )


def test_a_department_part_is_written_in_a_few_milliseconds(
    benchmark: BenchmarkFixture, tmp_path: Path
) -> None:
    """2,410 rows go to a whole Parquet file in under 10 ms of CPU, on one connection."""
    store = Store(tmp_path, "abc")
    task = Task("a", 0)
    part = department_part(task)
    benchmark(store.write, task, part)
    spent_s = cpu_s(lambda: store.write(task, part))
    assert store.table()["value"].tolist() == part.value.tolist()
    record(
        benchmark,
        work=2410,
        unit="rows written",
        spent_s=spent_s,
        bars=(Bar("CPU s", spent_s, 10e-3),),
    )


def test_three_hundred_parts_are_read_sorted(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """300 parts, 723,000 rows, come back sorted; grouping them takes under 1 s of CPU."""
    store = Store(tmp_path, "abc")
    plan = StudyPlan(("a", "b", "c"), 100)
    run_study(plan, store, InlineExecutor(), make_work)
    table = benchmark(store.table)
    assert len(table["value"]) == 300 * 2410
    sql = "SELECT option, kpi, zone, quantile_cont(value, 0.95) AS q FROM parts GROUP BY ALL"
    assert len(store.query(sql)["q"]) == 3 * 2410
    assert store.finished() == set(plan)
    spent_s = cpu_s(lambda: store.query(sql), 3)
    record(
        benchmark,
        work=300 * 2410,
        unit="rows of 300 parts grouped",
        spent_s=spent_s,
        bars=(Bar("CPU s", spent_s, 1.0),),
    )


def test_a_task_is_handed_over_in_under_a_millisecond(benchmark: BenchmarkFixture) -> None:
    """500 empty tasks, the worker's start included, cost the parent under 0.5 s of CPU."""
    tasks = StudyPlan(("a",), 500).tasks()

    def hand_over() -> int:
        return sum(1 for _ in played(ProcessExecutor(1), make_nothing, tasks))

    assert benchmark.pedantic(hand_over, rounds=3) == 500  # type: ignore[no-untyped-call]
    spent_s = cpu_s(hand_over, 2)
    record(
        benchmark,
        work=500,
        unit="tasks handed over (parent)",
        spent_s=spent_s,
        bars=(Bar("CPU s", spent_s, 0.5),),
    )


def test_the_clock_costs_little_over_simpy(benchmark: BenchmarkFixture) -> None:
    """100 processes x 1,000 timeouts: over 100,000 events are processed a second of CPU."""
    from datetime import datetime

    import simpy

    def run() -> int:
        clock = Clock(Calendar(datetime(2025, 1, 1)))  # noqa: DTZ001 - local by contract
        count = 0

        def beat():  # type: ignore[no-untyped-def]  # noqa: ANN202
            nonlocal count
            while True:
                yield clock.timeout(1.0)
                count += 1

        for _ in range(100):
            clock.process(beat())
        clock.run(1000.5)
        return count

    def bare() -> None:
        environment = simpy.Environment()

        def beat():  # type: ignore[no-untyped-def]  # noqa: ANN202
            while True:
                yield environment.timeout(1.0)

        for _ in range(100):
            environment.process(beat())
        environment.run(1000.5)

    assert benchmark(run) == 100_000
    spent_s = cpu_s(run, 3)
    record(
        benchmark,
        work=100_000,
        unit="events",
        spent_s=spent_s,
        reference=("simpy alone, no calendar", 100_000 / cpu_s(bare, 3)),
        bars=(Bar("CPU s", spent_s, 1.0),),
    )
