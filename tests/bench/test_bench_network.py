"""Uplinks a CPU second, compiled engine beside one SimPy process a device; a department's day."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.lora.cell import Cell, network
from models.lora.cell_play import play, warm_up
from models.lora.network.fates import FrameLog
from models.lora.network.reference.engine import ReferenceEngine
from models.lora.network.window import WindowEngine
from tests.bench.department import CLASS_A, DEVICES, UPLINK
from tests.bench.record import Bar, record

pytestmark = pytest.mark.bench

CELL = Cell(devices=1_000, gateways=1, interval_s=1_000.0, payload_bytes=20)
"""The papers' cell: 20 B, 1,000 s on average, factors as the disc of 500 m asks for."""

LONG_DAYS, SHORT_DAYS = 40.0, 1.0
WINDOW_BAR, SIMPY_BAR = 1.0e6, 15_000.0
DAY_H = 24
CPU_BARS_S = {UPLINK: 15.0, CLASS_A: 45.0}
PEAK_BAR_MIB = 1_024.0


def expected_packets(days: float) -> tuple[float, float]:
    """Return the mean number of readings of the cell and its standard deviation (Poisson)."""
    mean = CELL.devices * days * 86_400.0 / CELL.interval_s
    return mean, math.sqrt(mean)


def logs_of_both(days: float) -> tuple[FrameLog, FrameLog]:
    """Return every frame of the cell from both engines, ordered by device and start."""
    net = network(CELL)
    net = net._replace(fleets=net.fleets._replace(watched=np.ones(1, dtype=np.bool_)))
    logs = []
    for frames in (
        WindowEngine(net).run(days * 86_400.0).frames,
        ReferenceEngine(net).run(days * 86_400.0)[0],
    ):
        order = np.lexsort((frames.start_s, frames.device))
        logs.append(FrameLog(*(column[order] for column in frames)))
    return logs[0], logs[1]


def test_a_cell_is_played(benchmark: BenchmarkFixture) -> None:
    """1,000 devices: over 1.0 M uplinks a CPU second, over 15,000 in plain SimPy, same fates."""
    warm_up()
    warm_up("simpy")
    asked = Cell(**{**vars(CELL), "days": LONG_DAYS})
    rounds = [benchmark.pedantic(play, (asked,), rounds=1)]
    rounds += [play(asked) for _ in range(2)]
    found = min(rounds, key=lambda result: result.cpu_s)
    mean, deviation = expected_packets(LONG_DAYS)
    assert found.messages == pytest.approx(mean, abs=5.0 * deviation)
    # A device short of airtime keeps silent: 0.13 % of the readings of this cell.
    assert 0.998 * found.messages < found.packets <= found.messages
    assert all(result.causes == found.causes for result in rounds)

    window, simpy = logs_of_both(SHORT_DAYS)
    mean, deviation = expected_packets(SHORT_DAYS)
    assert len(window.fate) == pytest.approx(mean, abs=5.0 * deviation)
    for name, ours, theirs in zip(FrameLog._fields, window, simpy, strict=True):
        assert np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f"), name

    short = Cell(**{**vars(CELL), "days": SHORT_DAYS})
    reference = play(short, "simpy")
    assert reference.causes == play(short).causes
    faded = play(Cell(**{**vars(asked), "fading_db": 3.0}))
    record(
        benchmark,
        work=found.packets,
        unit="uplinks",
        spent_s=found.cpu_s,
        reference=("one SimPy process a device", reference.packets_per_cpu_s),
        bars=(
            Bar("uplinks per CPU s", found.packets_per_cpu_s, at_least=WINDOW_BAR),
            Bar("SimPy's", reference.packets_per_cpu_s, at_least=SIMPY_BAR),
        ),
        peers="cell",
        notes={
            "delivery rate": found.delivery_rate,
            "frames of equal fate in both engines": len(window.fate),
            "uplinks per CPU s with fading": faded.packets_per_cpu_s,
        },
    )


def department_in_a_process(root: Path, kind: str, hours: int) -> dict[str, Any]:
    """Return what `tests.bench.department` says of itself, from a process of its own."""
    words = [sys.executable, "-m", "tests.bench.department", kind, str(hours)]
    done = subprocess.run(words, cwd=root, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("kind", [UPLINK, CLASS_A])
def test_a_department_day(benchmark: BenchmarkFixture, root: Path, kind: str) -> None:
    """2.4 M uplinks of a day take 15 CPU s, 45 with the whole class A MAC, within 1 GiB.

    The MAC: ADR everywhere, every tenth device confirmed, slow shadowing; `tests.bench.department`
    states the mix.
    """
    start = time.perf_counter()
    found: dict[str, Any] = benchmark.pedantic(
        department_in_a_process, (root, kind, DAY_H), rounds=1
    )
    waited_s = time.perf_counter() - start
    assert found["messages"] == DEVICES * DAY_H
    assert found["packets"] + found["not_sent"] >= DEVICES * DAY_H
    assert sum(found["causes"].values()) + found["on_air"] == found["packets"] + found["not_sent"]
    if kind == UPLINK:
        assert (found["packets"], found["downlink_s"]) == (DEVICES * DAY_H, 0.0)
        assert found["frame_delivery_rate"] == pytest.approx(0.94, abs=0.01)
    else:
        # Every tenth reading asks for an acknowledgement of 0.04 s to 1.2 s.
        assert found["downlink_s"] > 0.1 * DEVICES * DAY_H * 0.04
        assert found["packets"] > 1.05 * DEVICES * DAY_H
    record(
        benchmark,
        work=found["packets"],
        unit="uplinks",
        spent_s=found["engine_cpu_s"],
        bars=(
            Bar("CPU s", found["engine_cpu_s"], at_most=CPU_BARS_S[kind]),
            Bar("peak MiB", found["peak_mib"], at_most=PEAK_BAR_MIB),
        ),
        peers=f"department {kind}",
        notes={
            "events": found["events"],
            "receptions above the sensitivity": found["receptions"],
            "CPU s for the tables": found["tables_cpu_s"],
            "share of frames delivered": found["frame_delivery_rate"],
            "airtime of downlinks, s": found["downlink_s"],
            "wall s, interpreter included": waited_s,
        },
    )
