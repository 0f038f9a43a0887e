"""The table of benchmarks tells the work, the rate, the reference, the peers and the bars."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.bench.peers import PEERS
from tests.bench.record import Bar, cpu_s, record
from tests.bench.table import figure, table

ROOT = Path(__file__).resolve().parents[2]
PATHS: dict[str, Any] = {
    "name": "test_bench_delta_bullington_paths",
    "extra_info": {
        "work": 60_000,
        "unit": "paths",
        "cpu_s": 0.3,
        "rate_per_cpu_s": 200_000.0,
        "reference": "plain numpy",
        "reference_rate_per_cpu_s": 4_000.0,
        "peers": "paths",
        "bars": [
            {"what": "paths per CPU s", "measured": 2e5, "at_least": 1.7e5, "met": True},
            {"what": "p95 dB", "measured": 1.6, "at_most": 1.5, "met": False},
        ],
        "notes": {"sites": 47, "stopped by": "gap"},
    },
}
SITING: dict[str, Any] = {
    "name": "test_siting",
    "extra_info": {
        "work": 81_470,
        "unit": "entries",
        "cpu_s": 3.25,
        "rate_per_cpu_s": 25_067.7,
        "peers": "siting 241 124 1",
        "bars": [],
        "notes": {},
    },
}
ALONE: dict[str, Any] = {
    "name": "test_alone",
    "extra_info": {"work": 5, "unit": "rows", "cpu_s": 1.0, "rate_per_cpu_s": 5.0, "peers": ""},
}
SILENT: dict[str, Any] = {"name": "test_silent", "extra_info": {}}
RUN = {"benchmarks": [PATHS, SITING, ALONE, SILENT]}


def cells(text: str, start: str) -> list[list[str]]:
    """Return the cells of the table lines that begin with `start`."""
    lines = [line for line in text.splitlines() if line.startswith(f"| {start} |")]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def test_one_line_for_each_benchmark() -> None:
    """A line holds the work, the rate, the reference and its ratio, each bar and whether met."""
    assert cells(table(RUN), "delta bullington paths")[0] == [
        "delta bullington paths",
        "60,000 paths",
        "200,000",
        "plain numpy: 4,000",
        "50 x",
        "paths per CPU s >= 170,000: 200,000<br>p95 dB <= 1.5: 1.6",
        "yes<br>**no**",
    ]
    assert "* delta bullington paths: sites 47; stopped by gap" in table(RUN)


def test_peers_stand_beside_with_status_and_source() -> None:
    """Each peer of a benchmark has a line: here, there, the ratio, the status and the section."""
    beside = cells(table(RUN), "delta bullington paths")[1:]
    assert len(beside) == len(PEERS["paths"])
    (covlib,) = (line for line in beside if line[2] == "crc-covlib, P.1812-7")
    assert [covlib[1], covlib[3], covlib[4], covlib[6]] == [
        "200,000 /s",
        "27,000 /s",
        "7.41 x",
        "[D] section 1",
    ]
    highs, cp_sat = cells(table(RUN), "siting")[1:]
    assert highs[1:5] == ["3.25 CPU s", "HiGHS 1.15 alone, one thread", "6.5 CPU s", "2 x"]
    assert cp_sat[3:6] == ["", "", "bound near trivial after 60 s wall"]
    assert "measured elsewhere, on a 2-core machine" in table(RUN)


def test_what_is_missing_is_said() -> None:
    """Benchmarks without a peer, or without a record, are named."""
    assert "No figure published by a peer is known for: alone." in table(RUN)
    assert "Without a record of work: test_silent." in table(RUN)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (47, "47"),
        (81_470, "81,500"),
        (4.123e6, "4,120,000"),
        (0.0512, "0.0512"),
        (9.999, "10"),
        (1.5, "1.5"),
        (1.5e-13, "1.5e-13"),
        (float("inf"), "inf"),
    ],
)
def test_three_digits(value: float, text: str) -> None:
    """Numbers are told to three significant digits."""
    assert figure(value) == text


def test_a_record_is_kept_before_its_bars_are_asserted() -> None:
    """A missed bar fails the benchmark and still reaches the table; a NaN keeps no promise."""
    benchmark: Any = SimpleNamespace(extra_info={})
    bars = (Bar("CPU s", 2.0, at_most=1.0), Bar("rate", 5.0, at_least=5.0))
    with pytest.raises(AssertionError, match="CPU s"):
        record(benchmark, work=10, unit="things", spent_s=2.0, bars=bars)
    kept = json.loads(json.dumps(benchmark.extra_info, allow_nan=False))
    assert kept["rate_per_cpu_s"] == 5.0
    assert kept["bars"] == [
        {"what": "CPU s", "measured": 2.0, "at_most": 1.0, "met": False},
        {"what": "rate", "measured": 5.0, "at_least": 5.0, "met": True},
    ]
    assert not Bar("gap", float("nan"), at_most=1.0).met
    assert 0.0 <= cpu_s(lambda: None) < 1.0


def test_the_command_writes_and_prints(tmp_path: Path) -> None:
    """`python -m tests.bench.table IN OUT` writes the file, prints it, and refuses other input."""
    source, target = tmp_path / "bench.json", tmp_path / "new" / "bench.md"
    words = [sys.executable, "-m", "tests.bench.table", str(source), str(target)]

    def call() -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    refused = call()
    assert refused.returncode == 2
    assert "not a pytest-benchmark file" in refused.stderr
    assert "Traceback" not in refused.stderr
    source.write_text(json.dumps(RUN), encoding="utf-8")
    done = call()
    assert done.returncode == 0, done.stderr
    assert target.read_text(encoding="utf-8") == done.stdout == table(RUN)
