"""Ten years of a department's lighting compiled, and the whole comparison from an empty folder."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.lighting.living.by_events import live_by_events
from tests.bench.record import Bar, cpu_s, record
from tests.models.lighting.living.department_case import lived

pytestmark = pytest.mark.bench

YEARS, OPTIONS, WORLDS = 10, 14, 10


def test_ten_years_of_a_department(benchmark: BenchmarkFixture) -> None:
    """Ten years with their crews take half a CPU second compiled, and count what SimPy counts."""
    lived("clock", years=1)
    fast = benchmark.pedantic(lived, ("clock",), {"years": YEARS}, rounds=1)
    spent_s = cpu_s(lambda: lived("clock", years=YEARS), rounds=3)
    begun_s = time.process_time()
    slow = lived("clock", years=YEARS, play=live_by_events)
    slow_s = time.process_time() - begun_s
    assert fast.repaired == slow.repaired
    assert fast.stops == slow.stops
    assert fast.dark_h.sum() == pytest.approx(slow.dark_h.sum(), rel=1e-9)
    record(
        benchmark,
        work=int(fast.repaired),
        unit="repairs",
        spent_s=spent_s,
        bars=(Bar("CPU s", spent_s, at_most=1.0), Bar("times SimPy", slow_s / spent_s, at_least=4)),
        reference=("SimPy, crews and desk on its clock", slow.repaired / slow_s),
    )


def test_the_comparison_of_a_department(
    benchmark: BenchmarkFixture, root: Path, tmp_path: Path
) -> None:
    """Fourteen options, ten worlds, ten years, 241 communes with intervals: within a minute."""
    words = [sys.executable, "run.py", "study", "scenarios/indre/lighting.toml"]
    words += ["--results", str(tmp_path), "--workers", "2"]
    # The kernels are compiled at installation; the data caches start empty.
    subprocess.run([sys.executable, "run.py", "warm"], cwd=root, check=True, capture_output=True)
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    benchmark.pedantic(
        subprocess.run, (words,), {"cwd": root, "check": True, "capture_output": True}, rounds=1
    )
    waited_s, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    (summary,) = tmp_path.glob("lighting/*/summary.json")
    answer = json.loads(summary.read_text(encoding="utf-8"))
    assert answer["replications"] == WORLDS
    assert len(answer["options"]) == OPTIONS
    parts = len(list(summary.parent.glob("parts/*.parquet")))
    assert parts >= OPTIONS * WORLDS
    assert summary.with_name("report.html").stat().st_size > 100_000
    record(
        benchmark,
        work=parts * YEARS,
        unit="department-years",
        spent_s=spent_s,
        bars=(Bar("wall s, report included", waited_s, at_most=60.0),),
    )
