"""How long the planner waits for the main job, from an empty folder of results."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.bench.record import Bar, record

pytestmark = pytest.mark.bench

REPLICATIONS = {"full": 60, "quick": 8}


@pytest.mark.parametrize(("kind", "bar_s"), [("quick", 60.0), ("full", 300.0)])
def test_the_main_job_is_short(
    benchmark: BenchmarkFixture, root: Path, tmp_path: Path, kind: str, bar_s: float
) -> None:
    """The Indre study ends within its bar on two processes, with every replication played."""
    words = [sys.executable, "run.py", "study", "scenarios/indre/gateways.toml"]
    words += ["--results", str(tmp_path), "--workers", "2"]
    words += ["--quick"] if kind == "quick" else []
    # The kernels are compiled at installation (`run.py warm`); the data caches start empty.
    subprocess.run([sys.executable, "run.py", "warm"], cwd=root, check=True, capture_output=True)
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    benchmark.pedantic(
        subprocess.run, (words,), {"cwd": root, "check": True, "capture_output": True}, rounds=1
    )
    waited_s, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    (summary,) = tmp_path.glob("gateways/*/summary.json")
    answer = json.loads(summary.read_text(encoding="utf-8"))
    assert answer["replications"] == REPLICATIONS[kind]
    assert len(answer["options"]) == 6
    parts = len(list(summary.parent.glob("parts/*.parquet")))
    assert parts >= 6 * REPLICATIONS[kind]
    assert summary.with_name("report.html").stat().st_size > 200_000
    record(
        benchmark,
        work=parts,
        unit="replications",
        spent_s=spent_s,
        bars=(Bar("wall s, report included", waited_s, at_most=bar_s),),
        notes={"gateways": len(answer["options"][answer["recommended"]]["plan"]["sites"])},
    )
